"""Addresses of this room, below `/w/<workspace>/`."""

from django.urls import URLPattern, path

from planner.dialogue import views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("new/", views.receive, name="receive"),
    path("improvements/", views.improvements, name="improvements"),
    path("improvements/<int:item>/", views.verify, name="verify"),
    path("<int:signal>/", views.detail, name="signal"),
    path("<int:signal>/sort/", views.sort, name="sort"),
    path("<int:signal>/answer/", views.answer, name="answer"),
    path("<int:signal>/merge/", views.merge, name="merge"),
    path("<int:signal>/start/<slug:slug>/", views.start, name="start"),
    path("<int:signal>/post/", views.lead_to, name="lead_to"),
    path("<int:signal>/close/", views.close, name="close"),
    path("<int:signal>/reopen/", views.reopen, name="reopen"),
]

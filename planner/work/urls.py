"""Addresses of this room, below `/w/<workspace>/`."""

from django.urls import URLPattern, path

from planner.work import views

urlpatterns: list[URLPattern] = [
    path("<int:item>/complete/", views.complete, name="complete"),
    path("<int:item>/tick/", views.tick, name="tick"),
    path("<int:item>/reopen/", views.reopen, name="reopen"),
    path("<int:item>/reassign/", views.reassign, name="reassign"),
    path("<int:item>/pin/", views.pin, name="pin"),
    path("<int:item>/drop/", views.drop, name="drop"),
]

"""Addresses of this room, below `/w/<workspace>/`."""

from django.urls import URLPattern, path

from planner.calendar import views

urlpatterns: list[URLPattern] = [
    path("", views.month, name="month"),
    path("<int:year>/<int:month>/<int:day>/", views.day, name="day"),
]

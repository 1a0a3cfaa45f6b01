"""Addresses of this room, below `/w/<workspace>/`."""

from django.urls import URLPattern, path

from planner.calendar.views import months

urlpatterns: list[URLPattern] = [
    path("", months.month, name="month"),
    path("<int:year>/<int:month>/<int:day>/", months.day, name="day"),
]

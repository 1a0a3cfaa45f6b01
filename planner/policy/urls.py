"""Addresses of this room: `urlpatterns` below `/w/<workspace>/policy/`."""

from django.urls import URLPattern, path

from planner.policy import views

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("charter/", views.charter, name="charter"),
    path("rules/<slug:rule>/", views.rule, name="rule"),
    path("words/<slug:language>/<str:name>/", views.words, name="words"),
]

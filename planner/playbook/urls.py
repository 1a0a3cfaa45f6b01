"""Addresses of this room: `urlpatterns` below `/w/<workspace>/`, `open_patterns` outside any workspace."""

from django.urls import URLPattern, path

from planner.playbook import start_views, views

open_patterns: list[URLPattern] = [path("start/", start_views.start, name="start")]
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.template, name="template"),
]

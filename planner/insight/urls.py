"""Addresses of this room: `urlpatterns` below `/w/<workspace>/`, `open_patterns` outside any workspace."""

from django.urls import URLPattern, path

from planner.insight import views

open_patterns: list[URLPattern] = [path("", views.home, name="home")]
urlpatterns: list[URLPattern] = [path("", views.desk, name="desk")]

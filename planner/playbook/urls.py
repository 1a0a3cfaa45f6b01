"""Addresses of this room: `urlpatterns` below `/w/<workspace>/`, `open_patterns` outside any workspace."""

from django.urls import URLPattern, path

from planner.playbook import views

open_patterns: list[URLPattern] = []
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.template, name="template"),
]

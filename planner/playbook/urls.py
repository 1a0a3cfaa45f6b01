"""Addresses of this room: `urlpatterns` below `/w/<workspace>/`, `open_patterns` outside any workspace."""

from django.urls import URLPattern, path

from planner.playbook import views

open_patterns: list[URLPattern] = []
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("advice/", views.advice, name="advice"),
    path("advice/<slug:slug>/", views.advice_item, name="advice_item"),
    path("checklist/<slug:slug>/", views.checklist, name="checklist"),
    path("workflow/<slug:slug>/", views.workflow, name="workflow"),
    path("<slug:kind>/<slug:slug>.md", views.export, name="export"),
    path("<slug:slug>/", views.template, name="template"),
]

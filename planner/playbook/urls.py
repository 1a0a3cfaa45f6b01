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
    path("own/", views.own, name="own"),
    path("own/export/", views.export_own, name="export_own"),
    path("own/import/", views.import_own, name="import_own"),
    path("kind/<slug:kind>/", views.listing, name="listing"),
    path("item/<slug:kind>/<slug:slug>/", views.item, name="item"),
    path("item/<slug:kind>/<slug:slug>/change/", views.edit, name="edit"),
    path("item/<slug:kind>/<slug:slug>/copy/", views.copy, name="copy"),
    path("item/<slug:kind>/<slug:slug>/retire/", views.retire, name="retire"),
    path("item/<slug:kind>/<slug:slug>/take-back/", views.take_back, name="take_back"),
    path("item/<slug:kind>/<slug:slug>/versions/", views.versions, name="versions"),
    path("item/<slug:kind>/<slug:slug>/update/", views.update, name="update"),
    path("<slug:kind>/<slug:slug>.md", views.export, name="export"),
    path("<slug:slug>/", views.template, name="template"),
]

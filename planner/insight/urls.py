"""Addresses of this room: `urlpatterns` below `/w/<workspace>/`, `open_patterns` outside any workspace."""

from django.urls import URLPattern

open_patterns: list[URLPattern] = []
urlpatterns: list[URLPattern] = []

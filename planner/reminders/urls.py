"""Addresses of this room: `urlpatterns` below `/w/<workspace>/inbox/`, `open_patterns` outside any workspace."""

from django.urls import URLPattern, path

from planner.reminders import views

open_patterns: list[URLPattern] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
urlpatterns: list[URLPattern] = [
    path("", views.inbox, name="inbox"),
    path("seen/", views.seen, name="seen"),
    path("<int:notice>/done/", views.done, name="done"),
    path("<int:notice>/snooze/", views.snooze, name="snooze"),
    path("<int:notice>/back/", views.back, name="back"),
    path("delivery/", views.delivery, name="delivery"),
    path("delivery/doubts/<int:delivery>/", views.settle, name="settle"),
    path("delivery/retry/<int:reminder>/", views.retry, name="retry"),
    path("delivery/pause/", views.pause, name="pause"),
    path("delivery/resume/", views.resume, name="resume"),
]

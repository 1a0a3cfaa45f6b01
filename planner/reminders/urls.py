"""Addresses of this room: `urlpatterns` below `/w/<workspace>/inbox/`, `open_patterns` outside any workspace."""

from django.urls import URLPattern, path

from planner.reminders.views import delivery, inbox, letters, log, machines, outlets, preferences

open_patterns: list[URLPattern] = [
    path("healthz", machines.healthz, name="healthz"),
    path("readyz", machines.readyz, name="readyz"),
    path("reminders/<str:token>/", letters.put_away, name="put_away"),
    path("reminders/stop/<str:token>/", letters.stop_emails, name="stop_emails"),
]
urlpatterns: list[URLPattern] = [
    path("", inbox.inbox, name="inbox"),
    path("seen/", inbox.seen, name="seen"),
    path("<int:notice>/done/", inbox.done, name="done"),
    path("<int:notice>/snooze/", inbox.snooze, name="snooze"),
    path("<int:notice>/back/", inbox.back, name="back"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("delivery/", delivery.delivery, name="delivery"),
    path("delivery/doubts/<int:delivery>/", delivery.settle, name="settle"),
    path("delivery/retry/<int:reminder>/", delivery.retry, name="retry"),
    path("delivery/log/", log.log, name="log"),
    path("delivery/log/deliveries.csv", log.export, name="log_export"),
    path("delivery/test/", delivery.send_test, name="send_test"),
    path("delivery/outlets/", outlets.outlets, name="outlets"),
    path("delivery/outlets/<int:outlet>/test/", outlets.test, name="outlet_test"),
    path("delivery/outlets/<int:outlet>/switch/", outlets.switch, name="outlet_switch"),
    path("delivery/outlets/<int:outlet>/remove/", outlets.remove, name="outlet_remove"),
    path("delivery/outlets/errands/<int:errand>/", outlets.retry, name="errand_retry"),
    path("delivery/pause/", delivery.pause, name="pause"),
    path("delivery/resume/", delivery.resume, name="resume"),
]

"""Addresses of this room: `urlpatterns` below `/w/<workspace>/`, `open_patterns` outside any workspace.

`settings_patterns` stand among the settings of workspaces: they change what the posts are dated by.
"""

from django.urls import URLPattern, path

from planner.insight.views import desk, policy, settings, start

open_patterns: list[URLPattern] = [
    path("", desk.home, name="home"),
    path("start/", start.start, name="start"),
    path("start/sample/", start.look_at_sample, name="look_at_sample"),
]
urlpatterns: list[URLPattern] = [
    path("", desk.desk, name="desk"),
    path("policy/charter/read/", policy.say_read, name="say_read"),
    path("policy/rules/<slug:rule>/try/", policy.try_figures, name="try_figures"),
    path("policy/words/<slug:language>/<str:name>/try/", policy.try_words, name="try_words"),
]
settings_patterns: list[URLPattern] = [
    path("holidays/", settings.holidays, name="holidays"),
    path("holidays/close/", settings.close_day, name="close_day"),
    path("holidays/open/", settings.open_day, name="open_day"),
    path("holidays/<int:change>/restore/", settings.restore_day, name="restore_day"),
    path("working-time/", settings.working_time, name="working_time"),
    path("zone/", settings.zone, name="zone"),
    path("people/<int:member>/remove/", settings.remove, name="remove"),
]

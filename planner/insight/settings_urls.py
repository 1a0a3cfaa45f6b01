"""The first page, and the settings that reach the posts, which stand below `/w/<workspace>/settings/`."""

from django.urls import URLPattern, path

from planner.insight import settings_views, start_views

open_patterns: list[URLPattern] = [
    path("start/", start_views.start, name="start"),
    path("start/sample/", start_views.look_at_sample, name="look_at_sample"),
]
urlpatterns: list[URLPattern] = [
    path("holidays/", settings_views.holidays, name="holidays"),
    path("holidays/close/", settings_views.close_day, name="close_day"),
    path("holidays/open/", settings_views.open_day, name="open_day"),
    path("holidays/<int:change>/restore/", settings_views.restore_day, name="restore_day"),
    path("working-time/", settings_views.working_time, name="working_time"),
    path("zone/", settings_views.zone, name="zone"),
    path("people/<int:member>/remove/", settings_views.remove, name="remove"),
]

"""Settings that reach the posts, at their place below `/w/<workspace>/settings/` (namespace `workspaces`)."""

from django.urls import URLPattern, path

from planner.insight import settings_views

urlpatterns: list[URLPattern] = [
    path("holidays/", settings_views.holidays, name="holidays"),
    path("holidays/close/", settings_views.close_day, name="close_day"),
    path("holidays/open/", settings_views.open_day, name="open_day"),
    path("holidays/<int:change>/restore/", settings_views.restore_day, name="restore_day"),
    path("working-time/", settings_views.working_time, name="working_time"),
    path("zone/", settings_views.zone, name="zone"),
    path("people/<int:member>/remove/", settings_views.remove, name="remove"),
]

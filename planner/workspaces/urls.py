"""Addresses of this room: `urlpatterns` below `/w/<workspace>/settings/`, `open_patterns` outside any workspace."""

from django.urls import URLPattern, path

from planner.workspaces.views import doors, people, places

open_patterns: list[URLPattern] = [
    path("start/<str:token>/", doors.one_time_link, name="first_account"),
    path("invitation/<str:token>/", doors.invitation, name="invitation"),
]
urlpatterns: list[URLPattern] = [
    path("", places.settings, name="settings"),
    path("me/", people.me, name="me"),
    path("rights/", people.rights, name="rights"),
    path("people/", people.people, name="people"),
    path("people/<int:member>/", people.person, name="person"),
    path("people/<int:member>/level/", people.change_level, name="change_level"),
    path("people/<int:member>/job/", people.describe, name="describe"),
    path("people/<int:member>/roles/", people.assign_role, name="assign_role"),
    path("people/<int:member>/absences/", people.add_absence, name="add_absence"),
    path("roles/<int:assignment>/second/", people.set_second, name="set_second"),
    path("roles/<int:assignment>/first/", people.put_first, name="put_first"),
    path("roles/<int:assignment>/remove/", people.remove_role, name="remove_role"),
    path("absences/<int:absence>/remove/", people.remove_absence, name="remove_absence"),
    path("invitations/<int:invitation>/revoke/", people.revoke, name="revoke"),
    path("channels/", places.channels, name="channels"),
    path("channels/<slug:slug>/", places.channel, name="channel"),
    path("channels/<slug:slug>/limits/", places.channel_limits, name="channel_limits"),
    path("channels/<slug:slug>/stage/", places.channel_stage, name="channel_stage"),
    path("channels/<slug:slug>/use/", places.use_channel, name="use_channel"),
    path("blackouts/", places.blackouts, name="blackouts"),
    path("blackouts/<int:blackout>/remove/", places.remove_blackout, name="remove_blackout"),
    path("audiences/", places.audiences, name="audiences"),
    path("audiences/<int:audience>/use/", places.use_audience, name="use_audience"),
]

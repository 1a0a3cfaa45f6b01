"""Composition only: the rooms' addresses. All that belongs to a workspace lives under `w/<workspace>/`."""

from django.urls import include, path

from planner.calendar import urls as calendar
from planner.crisis import urls as crisis
from planner.dialogue import urls as dialogue
from planner.insight import urls as insight
from planner.playbook import urls as playbook
from planner.policy import urls as policy
from planner.posts import urls as posts
from planner.reminders import urls as reminders
from planner.work import urls as work
from planner.workspaces import urls as workspaces

urlpatterns = [
    *insight.open_patterns,
    *workspaces.open_patterns,
    *playbook.open_patterns,
    *reminders.open_patterns,
    *calendar.open_patterns,
    *posts.open_patterns,
    path(
        "w/<slug:workspace>/",
        include(
            [
                path("", include((insight.urlpatterns, "insight"))),
                path("calendar/", include((calendar.urlpatterns, "calendar"))),
                path("crisis/", include((crisis.urlpatterns, "crisis"))),
                path("posts/", include((posts.urlpatterns, "posts"))),
                path("dialogue/", include((dialogue.urlpatterns, "dialogue"))),
                path("work/", include((work.urlpatterns, "work"))),
                path("policy/", include((policy.urlpatterns, "policy"))),
                path("playbook/", include((playbook.urlpatterns, "playbook"))),
                path("inbox/", include((reminders.urlpatterns, "reminders"))),
                path("settings/", include(([*workspaces.urlpatterns, *insight.settings_patterns], "workspaces"))),
            ]
        ),
    ),
]

"""Composition only: each room's admin registers itself on `planner.site.site`."""

from planner.calendar import admin as calendar
from planner.posts import admin as posts
from planner.reminders import admin as reminders
from planner.work import admin as work
from planner.workspaces import admin as workspaces

__all__ = ["calendar", "posts", "reminders", "work", "workspaces"]

"""Composition only: each room's admin registers itself on `planner.site.site`."""

from planner.posts import admin as posts
from planner.reminders import admin as reminders
from planner.work import admin as work
from planner.workspaces import admin as workspaces

__all__ = ["posts", "reminders", "work", "workspaces"]

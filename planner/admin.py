"""Composition only: each room's admin registers itself on `planner.site.site`."""

from planner.workspaces import admin as workspaces

__all__ = ["workspaces"]

"""Composition only: each room's admin registers itself on `planner.site.site`."""

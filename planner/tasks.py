"""Composition only: the rooms' Celery tasks."""

from planner.reminders.tasks import drain, tick

__all__ = ["drain", "tick"]

"""Composition only: the rooms' Celery tasks."""

from planner.reminders.tasks import drain, forget_old, tick

__all__ = ["drain", "forget_old", "tick"]

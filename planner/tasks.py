"""Composition only: the rooms' Celery tasks."""

from planner.calendar.tasks import ask_to_review, fill_ahead, forget_sheets, tell_silences
from planner.crisis.tasks import ask_for_contacts, ask_for_drill, carry_on
from planner.dialogue.tasks import forget_contacts
from planner.insight.tasks import ask_to_read, send_sheets
from planner.posts.tasks import escalate_due, recheck, recheck_ahead
from planner.reminders.tasks import carry, drain, forget_old, tick

__all__ = [
    "ask_for_contacts",
    "ask_for_drill",
    "ask_to_read",
    "ask_to_review",
    "carry",
    "carry_on",
    "drain",
    "escalate_due",
    "fill_ahead",
    "forget_contacts",
    "forget_old",
    "forget_sheets",
    "recheck",
    "recheck_ahead",
    "send_sheets",
    "tell_silences",
    "tick",
]

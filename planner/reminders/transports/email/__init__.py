"""Mail to one person."""

from planner.reminders.transports.email.checks import can_be_written_to
from planner.reminders.transports.email.sending import EmailTransport
from planner.reminders.transports.email.wording import message_id, render, trial_id

__all__ = ["EmailTransport", "can_be_written_to", "message_id", "render", "trial_id"]

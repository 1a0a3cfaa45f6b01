"""A signed request to a program of the organisation, for each message."""

from planner.reminders.transports.webhook.checks import check
from planner.reminders.transports.webhook.sending import WebhookTransport, signature

__all__ = ["WebhookTransport", "check", "signature"]

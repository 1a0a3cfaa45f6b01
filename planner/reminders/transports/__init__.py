"""Ways to reach people outside the product. Each sends one message, or says in which way it could not.

To a person: mail, or nothing at all (`null`). To an outlet of a workspace: chat rooms and webhooks. One folder each,
with the same files: `checks` (which addresses are taken), `wording` (what is said), `sending`. To add an outlet, copy
a folder and name it in `CARRIERS` and `CHECKS`. The inbox is no transport: its line is born where a row is claimed.
"""

from collections.abc import Callable, Mapping

from django.conf import settings

from planner.reminders.transports import chat, webhook
from planner.reminders.transports.email import EmailTransport
from planner.reminders.transports.interface import (
    Carrier,
    Message,
    Parcel,
    Transport,
    TransportError,
    Uncertain,
    Unreachable,
)
from planner.reminders.transports.null import NullTransport

__all__ = [
    "CARRIERS", "CHECKS", "Carrier", "Message", "Parcel", "Transport", "TransportError", "Uncertain", "Unreachable",
    "configured", "is_mail_set_up",
]  # fmt: skip

CARRIERS: Mapping[str, Callable[[], Carrier]] = {"chat": chat.ChatTransport, "webhook": webhook.WebhookTransport}
CHECKS: Mapping[str, Callable[[str], None]] = {"chat": chat.check, "webhook": webhook.check}
"""Raises `Invalid`, in words, for an address that is not taken."""


def is_mail_set_up() -> bool:
    """Without `EMAIL_URL` no mail is ever made, and the pages say so."""
    return bool(settings.EMAIL_URL)


def configured() -> Transport | None:
    """The transport of this installation; none means that the desk is the only way."""
    if settings.REMINDER_TRANSPORT == "null":
        return NullTransport()
    return EmailTransport() if is_mail_set_up() else None

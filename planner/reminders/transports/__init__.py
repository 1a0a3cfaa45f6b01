"""Ways to reach a person outside the product. A transport sends one message, or says in which way it could not.

To add one, copy `email.py`: implement `interface.Transport`, and name it in `configured`.
"""

from django.conf import settings

from planner.reminders.transports.email import EmailTransport
from planner.reminders.transports.interface import Message, Transport, TransportError, Uncertain, Unreachable
from planner.reminders.transports.null import NullTransport

__all__ = ["Message", "Transport", "TransportError", "Uncertain", "Unreachable", "configured", "is_mail_set_up"]


def is_mail_set_up() -> bool:
    """Without `EMAIL_URL` no mail is ever made, and the pages say so."""
    return bool(settings.EMAIL_URL)


def configured() -> Transport | None:
    """The transport of this installation; none means that the desk is the only way."""
    if settings.REMINDER_TRANSPORT == "null":
        return NullTransport()
    return EmailTransport() if is_mail_set_up() else None

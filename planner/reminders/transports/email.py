"""Mail, one connection for a whole drain. Knows whether a message left, did not leave, or may have left."""

import smtplib
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from planner.reminders import rules
from planner.reminders.transports import links
from planner.reminders.transports.interface import Message, TransportError, Uncertain, Unreachable

_DJANGO_SMTP = "django.core.mail.backends.smtp.EmailBackend"


def message_id(reminder_id: int, recipient_id: int) -> str:
    """The same for every try, so that a mail server or a reader may recognise a second one."""
    return f"<reminder-{reminder_id}-{recipient_id}@{_host(settings.PLANNER_URL)}>"


def trial_id(recipient_id: int, now: datetime) -> str:
    """Of a test to oneself, which is about no reminder."""
    return f"<test-{recipient_id}-{now.timestamp():.0f}@{_host(settings.PLANNER_URL)}>"


@lru_cache(maxsize=8)
def _host(address: str) -> str:
    return urlsplit(address).hostname or "localhost"


class _Watched:
    """Notes that the last byte of a message was handed over and the server has not answered yet."""

    in_doubt = False
    _in_data = False
    _handed = 0

    def data(self, msg: Any) -> Any:
        self._in_data, self._handed, self.in_doubt = True, 0, False
        try:
            answer = super().data(msg)  # type: ignore[misc]
        finally:
            self._in_data = False
        self.in_doubt = False
        return answer

    def send(self, s: Any) -> None:
        super().send(s)  # type: ignore[misc]
        if self._in_data:  # first the command, then the message with its end mark
            self._handed += 1
            self.in_doubt = self._handed == 2


class _WatchedSMTP(_Watched, smtplib.SMTP):
    pass


class _WatchedSMTPS(_Watched, smtplib.SMTP_SSL):
    pass


class _WatchedBackend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _WatchedSMTPS if self.use_ssl else _WatchedSMTP

    @property
    def is_in_doubt(self) -> bool:
        return bool(getattr(self.connection, "in_doubt", False))

    def drop(self) -> None:
        """Forget a connection that is of no more use, without a word to the server."""
        if self.connection is not None:
            smtplib.SMTP.close(self.connection)
            self.connection = None


class EmailTransport:
    """Text and HTML, in the recipient's language, with one link."""

    channel = "email"

    def __init__(self) -> None:
        is_plain_smtp = settings.EMAIL_BACKEND == _DJANGO_SMTP
        self._backend: BaseEmailBackend = _WatchedBackend() if is_plain_smtp else get_connection()

    def send(self, message: Message) -> None:
        """Raises `TransportError` when it certainly did not leave, `Uncertain` when nobody knows."""
        mail = render(message)
        if isinstance(self._backend, _WatchedBackend):
            self._send_watched(self._backend, mail)
        else:
            self._send_blind(mail)

    def close(self) -> None:
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            return  # the messages have left; a server that hangs up first changes nothing

    def _send_watched(self, backend: _WatchedBackend, mail: EmailMultiAlternatives) -> None:
        is_old = backend.connection is not None
        try:
            self._try(backend, mail)
        except Unreachable:
            if not is_old:
                raise
            self._try(backend, mail)  # a server hangs up on a silent connection: that is no failure

    def _try(self, backend: _WatchedBackend, mail: EmailMultiAlternatives) -> None:
        try:
            backend.open()
        except (OSError, smtplib.SMTPException) as error:
            backend.drop()
            raise Unreachable(_answer(error)) from error
        try:
            backend.send_messages([mail])
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
                raise _refusal(error) from error
            was_in_doubt = backend.is_in_doubt
            backend.drop()
            raise (Uncertain(_answer(error)) if was_in_doubt else Unreachable(_answer(error))) from error

    def _send_blind(self, mail: EmailMultiAlternatives) -> None:
        """A backend of another kind does not say how far it came: an error may mean that the message left."""
        try:
            self._backend.send_messages([mail])
        except Exception as error:
            raise Uncertain(_answer(error)) from error


def _refusal(error: smtplib.SMTPException) -> TransportError:
    """A 5xx about this message or this address is for ever; about us (sign-in, sender) somebody will mend it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return TransportError(f"{code} {_text(answer)}", permanent=code >= 500)
    if isinstance(error, smtplib.SMTPDataError):
        return TransportError(_answer(error), permanent=error.smtp_code >= 500)
    return TransportError(_answer(error))


def _answer(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


# ---- what the mail says


def render(message: Message) -> EmailMultiAlternatives:
    """The mail in the recipient's language, its hours in the recipient's zone."""
    user, workspace = message.recipient.user, message.recipient.workspace
    zone = user.time_zone or workspace.time_zone
    with translation.override(user.language), timezone.override(ZoneInfo(zone)):
        card, others = message.card[user.language], message.card.get("also", [])
        context: dict[str, Any] = {
            "card": card,
            "also": [(other[user.language], settings.PLANNER_URL + other[user.language]["link"]) for other in others],
            "workspace": workspace,
            "person": user,
            "link": settings.PLANNER_URL + card["link"],
            "site": settings.PLANNER_URL,
            "inbox": f"{settings.PLANNER_URL}/w/{workspace.slug}/inbox/",
            "why": rules.sentence(message.card["because"], user.language, zone),
            "page_language": user.language,
        }
        context |= _own_links(message, is_digest="groups" in card)
        mail = EmailMultiAlternatives(
            subject=_subject(card["what"], len(others)),
            body=render_to_string("planner/reminders/email/reminder.txt", context),
            to=[f'"{_quoted(str(user))}" <{user.email}>'],
            headers={
                "Message-ID": message.message_id,
                "Auto-Submitted": "auto-generated",
                **_ways_out(context["stop"]),
            },
        )
        mail.attach_alternative(render_to_string("planner/reminders/email/reminder.html", context), "text/html")
    return mail


def _subject(what: str, others: int) -> str:
    line = " ".join(what.split())
    if not others:
        return line
    return ngettext("%(what)s, and one more", "%(what)s, and %(number)s more", others) % {
        "what": line,
        "number": others,
    }


def _own_links(message: Message, *, is_digest: bool) -> dict[str, str]:
    """The small links of this one mail, signed for its reader. A crisis has no way out; a test has no reminder.

    What a digest gathers is put away line by line, in the inbox.
    """
    reminder, member = message.reminder_id, message.recipient.pk
    return {
        "put_away": links.put_away(reminder, member) if reminder is not None and not is_digest else "",
        "stop": links.stop_emails(member, message.kind) if message.kind in rules.CHOSEN_KINDS else "",
    }


def _ways_out(stop: str) -> dict[str, str]:
    """Mail programs show their own button for these."""
    if not stop:
        return {}
    return {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _quoted(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable() and letter not in '"\\')

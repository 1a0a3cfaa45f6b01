"""What a mail says, in its reader's language and hours, with its small signed links; and what it is called."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from planner.reminders import rules
from planner.reminders.transports import links
from planner.reminders.transports.interface import Message

_UNSAID = dict.fromkeys(("phones", "lines", "groups", "asks_for_word"))
"""What most cards do not say: a template that asks for a key that is missing takes as long as for ten others."""


def message_id(reminder_id: int, recipient_id: int) -> str:
    """The same for every try, so that a mail server or a reader may recognise a second one."""
    return f"<reminder-{reminder_id}-{recipient_id}@{_host(settings.PLANNER_URL)}>"


def trial_id(recipient_id: int, now: datetime) -> str:
    """Of a test to oneself, which is about no reminder."""
    return f"<test-{recipient_id}-{now.timestamp():.0f}@{_host(settings.PLANNER_URL)}>"


@lru_cache(maxsize=8)
def _host(address: str) -> str:
    return urlsplit(address).hostname or "localhost"


def render(message: Message) -> EmailMultiAlternatives:
    """The mail in the recipient's language, its hours in the recipient's zone."""
    user, workspace = message.recipient.user, message.recipient.workspace
    zone = user.time_zone or workspace.time_zone
    with translation.override(user.language), timezone.override(ZoneInfo(zone)):
        card, others = message.card[user.language], message.card.get("also", [])
        context: dict[str, Any] = {
            "card": {**_UNSAID, **card},
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

"""Signed links of the mails: they open without signing in, say for whom and for what they were made, and grow old.

A link only shows a page; what it offers is done by the button there, because mail servers follow links by themselves.
"""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from planner.base.errors import NotFound, PlannerError

GOOD_FOR = timedelta(days=60)
_PUT_AWAY, _STOP, _TOKEN = "reminders.put-away", "reminders.stop-emails", "TOKEN"


class TooOld(PlannerError):
    """The link was ours, and has had its time."""

    status = 410


def put_away(reminder_id: int, member_id: int) -> str:
    """The whole address of the page where this person puts this reminder away."""
    return _address("put_away", signing.dumps([reminder_id, member_id], salt=_PUT_AWAY))


def stop_emails(member_id: int, kind: str) -> str:
    """The whole address of the page where this person stops e-mails of one kind."""
    return _address("stop_emails", signing.dumps([member_id, kind], salt=_STOP))


def _address(name: str, token: str) -> str:
    return f"{settings.PLANNER_URL}{_path(name).replace(_TOKEN, token)}"


@lru_cache(maxsize=8)
def _path(name: str) -> str:
    """Asked for once rather than for each mail."""
    return reverse(name, kwargs={"token": _TOKEN})


def read_put_away(token: str) -> tuple[int, int]:
    """The reminder and the person for whom the link was made. Raises `NotFound` or `TooOld`, in words."""
    reminder_id, member_id = _read(token, _PUT_AWAY)
    return reminder_id, member_id


def read_stop_emails(token: str) -> tuple[int, str]:
    """The person and the kind of e-mail for which the link was made."""
    member_id, kind = _read(token, _STOP)
    return member_id, kind


def _read(token: str, salt: str) -> tuple[Any, Any]:
    try:
        first, second = signing.loads(token, salt=salt, max_age=GOOD_FOR)
    except signing.SignatureExpired as error:
        raise TooOld(_("This link is more than 60 days old.")) from error
    except signing.BadSignature as error:
        raise NotFound(_("This address is not one of our links: perhaps a piece of it is missing.")) from error
    return first, second

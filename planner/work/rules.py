"""States of a work item, the figures an answer closes with, and who may close what. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, Words
from planner.base.worktime import WorkingCalendar
from planner.playbook.rules import LaidItem, parse_offset


class WorkState(TextChoices):
    OPEN = "open", _("to do")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


COUNTS = ("received", "answered", "private", "unanswered", "complaints")
"""The figures with which an answer item closes; `unanswered` above zero asks for a reason."""

COUNT_LABELS = {
    "received": _("messages received"),
    "answered": _("answered in public"),
    "private": _("taken in private"),
    "unanswered": _("left without an answer"),
    "complaints": _("complaints among them"),
}

ANSWERING = "e-ans"
"""The reminder profile of what answers the public."""

DECIDED_ON_THE_POST: dict[str, Words] = {
    "approve": _("This is done by approving the post, not by ticking it off: open the post and decide there."),
    "legal": _("This is done by signing the exact text, not by ticking it off: open the post and sign there."),
    "publish": _(
        "This is done by recording the publication, with its address and real time: open the post and record it there."
    ),
    "answer-signal": _("This is done by writing down what was answered: open the message and write it there."),
}
"""Work that a decision on its subject closes, and no hand."""


def follows_publication(offset: str) -> bool:
    """Is the work counted from the real publication (`H+24`, `D+30`)?"""
    return parse_offset(offset).follows_publication


FOLLOWERS_ENDANGERED_AFTER = 2
"""Working days of lateness after which work of an ordinary profile endangers what follows it (E-STD of the brief)."""
ORDINARY = "e-std"


def endangers_followers(profile: str, due_at: datetime, now: datetime, calendar: WorkingCalendar) -> bool:
    """Is this open work so late that the dates of what follows it cannot be trusted?"""
    due, today = calendar.local(due_at).date(), calendar.local(now).date()
    return (
        profile == ORDINARY and due < today and calendar.working_days_between(due, today) >= FOLLOWERS_ENDANGERED_AFTER
    )


def read_counts(counts: Mapping[str, Any] | None, reason: str) -> dict[str, int]:
    """The five figures as whole numbers. Raises `Invalid` with the field's name when one cannot be right."""
    figures = {name: _figure(name, (counts or {}).get(name)) for name in COUNTS}
    if figures["answered"] + figures["private"] + figures["unanswered"] > figures["received"]:
        raise Invalid(
            _("More messages are settled than were received: check the figures, or raise the number received."),
            field="received",
        )
    if figures["complaints"] > figures["received"]:
        raise Invalid(_("There are more complaints than messages received: check the figures."), field="complaints")
    if figures["unanswered"] and not reason.strip():
        raise Invalid(_("Say in a sentence why some messages stay without an answer."), field="note")
    return figures


def _figure(name: str, value: Any) -> int:
    try:
        figure = int(str(value).strip())
    except ValueError:
        figure = -1
    if figure < 0:
        raise Invalid(_("Give a whole number, zero or more: %(figure)s.") % {"figure": COUNT_LABELS[name]}, field=name)
    return figure


def due_after_relay(
    laid: LaidItem, *, due_at: datetime | None, was_projection: bool, was_late_start: bool
) -> tuple[datetime | None, bool]:
    """The due date of an open item after its post was laid out again, and whether it is a late start.

    A layout says "due now" of all that is past. What was owed already stays owed since then: otherwise each change
    of the post would give late work a new date, and hide that it is late.
    """
    if laid.late_start and due_at is not None and not was_projection and laid.due_at and due_at <= laid.due_at:
        return due_at, was_late_start
    return laid.due_at, laid.late_start

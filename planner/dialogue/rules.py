"""What a signal may be, how it is sorted, and where it goes from there. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from planner.base.errors import Words
from planner.base.worktime import WorkingCalendar


class Kind(TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    QUESTION = "question", _("Question")


class Origin(TextChoices):
    """Where it reached us."""

    PHONE = "phone", _("By telephone")
    DESK = "desk", _("At the desk")
    COMMENT = "comment", _("In a comment")
    MAIL = "mail", _("By letter or e-mail")
    OTHER = "other", pgettext_lazy("origin", "Elsewhere")


class State(TextChoices):
    NEW = "new", pgettext_lazy("signal", "To sort")
    SORTED = "sorted", pgettext_lazy("signal", "Sorted, nobody yet")
    ASSIGNED = "assigned", pgettext_lazy("signal", "Somebody answers")
    LATER = "later", pgettext_lazy("signal", "Answer later")
    PRIVATE = "private", pgettext_lazy("signal", "In private")
    ANSWERED = "answered", pgettext_lazy("signal", "Answered")
    DECLINED = "declined", pgettext_lazy("signal", "Not answered, with a reason")
    CLOSED = "closed", pgettext_lazy("signal", "Closed")


class Decision(TextChoices):
    """How a signal is sorted: the first line that fits wins, in this order."""

    EMERGENCY = "emergency", _("Somebody is in danger: call for help at once, then the person on duty")
    PRIVATE = "private", _("It is about one person’s case or data: answer in private")
    MODERATE = "moderate", _("Hate, threats, somebody’s private data, spam: the moderation rules, no answer")
    CANNOT = "cannot", _("A court case, a safety secret, somebody else’s privacy: say that we cannot, and why")
    LATER = "later", _("The facts are not confirmed: answer later, on a day that we give now")
    ANSWER = "answer", _("Otherwise: answer")


WAITING = (State.NEW, State.SORTED, State.ASSIGNED, State.LATER, State.PRIVATE)
"""Somebody still waits for us."""

CRISIS_FROM = 2
"""From this level of alert on, answers are dated around the clock."""

NEEDS_REASON = (Decision.MODERATE, Decision.CANNOT)

ANSWER_KEY = "answer-signal"
"""The key of the work that a signal asks for; writing down the answer closes it (`work.rules.DECIDED_ON_THE_POST`)."""

VERIFY_KEY = "verify"
"""The key of the work that looks whether an improvement exists everywhere, in W-REACT."""

TEMPLATES: dict[str, tuple[str, ...]] = {
    Kind.COMPLAINT: ("complaint-to-improvement", "explain-a-no", "customer-question"),
    Kind.QUESTION: ("customer-question", "explain-a-no", "complaint-to-improvement"),
}
"""The templates that a signal starts, the likeliest first."""

PREFILLED: dict[str, dict[str, str]] = {
    "customer-question": {"question_verbatim": "text", "asked_where": "origin", "times_asked": "count"},
    "complaint-to-improvement": {"complaint_summary": "text", "received_on": "received_at"},
    "explain-a-no": {"request": "text"},
}
"""Question of the template -> what the signal knows of it."""


def state_after(decision: str, *, has_owner: bool) -> State:
    """Where sorting leads."""
    by_decision = {
        Decision.PRIVATE: State.PRIVATE,
        Decision.MODERATE: State.DECLINED,
        Decision.CANNOT: State.DECLINED,
        Decision.LATER: State.LATER,
    }
    return by_decision.get(Decision(decision), State.ASSIGNED if has_owner else State.SORTED)


def due_for(
    decision: str, *, received_at: datetime, promised: datetime | None, calendar: WorkingCalendar, now: datetime,
    around_the_clock: bool = False,
) -> datetime | None:  # fmt: skip
    """When the answer is due: at once in an emergency, four hours in private, four working hours otherwise.

    House defaults. An answer put off has the hour that was promised; what is not answered has none. An hour that has
    passed already is due now. In a crisis four hours are four hours, at night too (`around_the_clock`).
    """
    if decision in NEEDS_REASON:
        return None
    if decision == Decision.EMERGENCY:
        return now
    if decision == Decision.LATER:
        return promised
    if around_the_clock:
        return max(now, received_at + timedelta(hours=4))
    if decision == Decision.PRIVATE:
        return max(now, calendar.settle(received_at + timedelta(hours=4)))
    return max(now, calendar.add_working_hours(received_at, 4))


def missing_in(
    *, decision: str, reason: str, has_owner: bool, promised: datetime | None, now: datetime
) -> tuple[str, Words] | None:
    """The field that the sorting still misses, and why; None when it may be kept."""
    if decision not in Decision.values:
        return "decision", _("Choose the first line that fits.")
    if decision in NEEDS_REASON and not reason.strip():
        return "reason", _("Say why in a sentence: it is kept, and it is what one may tell the person.")
    if decision == Decision.LATER and promised is None:
        return "on", _("Give the day and the hour of the answer: a promise without a date is none.")
    if decision == Decision.LATER and promised is not None and promised <= now:
        return "on", _("Choose an hour to come: this one has passed.")
    if decision in (Decision.EMERGENCY, Decision.PRIVATE, Decision.LATER) and not has_owner:
        return "owner", _("Name the person who does it: without a name, nobody will.")
    return None


def first_answers(slug: str, template: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, list[str]]:
    """What the form of a template shows of a signal before anybody answers: fields by name, as if typed.

    Only what the question can hold: a choice that it offers, a text cut to its length.
    """
    typed = {"title": [shortened(known["text"], 80)]}
    for question in template.get("fields", ()):
        value = known.get(PREFILLED.get(slug, {}).get(question["key"], ""), "")
        offered = [choice["value"] for choice in question.get("choices") or ()]
        if value and (not offered or value in offered):
            most = question.get("max")
            typed[f"field-{question['key']}"] = [shortened(value, most) if most and len(value) > most else value]
    return typed


def shortened(text: str, most: int) -> str:
    """The text on one line, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + "…"

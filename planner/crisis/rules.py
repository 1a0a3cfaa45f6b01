"""Levels, promised hours, who may declare, what must be true before the all-clear. Pure: the playbook is passed in."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Words
from planner.base.language import in_both
from planner.base.worktime import WorkingCalendar
from planner.dialogue.rules import NEEDS_REASON, Decision, State
from planner.workspaces.rules import EditorialRole, RoleBook

Payload = Mapping[str, Any]

HIGHEST = 4
HOLDS_ALL = ("all-but-notices", "all-but-safety")
SAFETY_ALONE = "all-but-safety"
"""What goes on at this level is said to protect lives, one notice at a time."""

NOTICE = "service-notice"
"""The template of what may go on, named with a reason."""

STATEMENTS = {"holding": "crisis-holding", "update": "crisis-update", "closing": "crisis-update"}
"""The template of each kind of statement."""

CONFIRMATIONS = 2

QUEUE = "queue"
"""The work of finishing the queue, and its line among those ticked at the end."""


ONLY_ADDED = _("The log is only ever added to: write a correction as a new line.")


class StatementKind(TextChoices):
    HOLDING = "holding", _("First words")
    UPDATE = "update", _("Update")
    CLOSING = "closing", _("Closing words")


class FactKind(TextChoices):
    KNOWN = "known", _("Known")
    UNKNOWN = "unknown", _("Not known")
    TO_CHECK = "check", _("To check")


class LineKind(TextChoices):
    """`act` is written by the product when somebody acts; the others are written by hand."""

    ACT = "act", _("act")
    DECISION = "decision", _("decision")
    CORRECTION = "correction", _("correction")


class CheckKind(TextChoices):
    """Lists that are ticked by hand, each line with who, when and a note."""

    OUTSIDE = "outside", _("What Marronnier cannot stop")
    PLACE = "place", _("Hours, listings, profiles")
    CONDITION = "condition", _("Before the all-clear")
    CLOSING = "closing", _("After the all-clear")
    DRILL = "drill", _("The drill")


@dataclass(frozen=True)
class Conduct:
    """What the playbook says of a crisis: one page for each slug."""

    pages: Mapping[str, Payload]

    def level(self, number: int) -> Payload:
        return self.pages[f"level-{number}"]

    def points(self, page: str, name: str) -> Sequence[Payload]:
        return list(self.pages.get(page, {}).get(name, ()))

    def number(self, page: str, name: str, default: int) -> int:
        return int(self.pages.get(page, {}).get(name, default))

    @property
    def is_loaded(self) -> bool:
        return all(f"level-{number}" in self.pages for number in range(1, HIGHEST + 1))


DRILL = _("DRILL")


def marked_as_drill(title: str, language: str) -> str:
    """The name of a drill says so, and with it all that names it: pages, mails, notices, lists, exports."""
    return title if says_drill(title) else f"{in_both(DRILL)[language]} · {title}"[:150]


def says_drill(title: str) -> bool:
    return any(mark in title for mark in in_both(DRILL).values())


# ---- who


def may_declare(level: Payload, book: RoleBook[Any], member_id: int) -> bool:
    """Anyone may declare a low level; a high one asks for its roles. With nobody in them, for a manager."""
    roles = level.get("declared_by") or ()
    if not roles:
        return True
    if any(book.holds(member_id, role) for role in roles):
        return True
    return member_id in book.managers and not any(book.holders(role) for role in roles)


def leads(book: RoleBook[Any], member_id: int, lead_id: int | None) -> bool:
    """Whoever leads, the crisis lead and their deputy, and the director: they change the level and close."""
    roles = (EditorialRole.CRISIS_LEAD, EditorialRole.CRISIS_DEPUTY, EditorialRole.APPROVER)
    if member_id == lead_id or any(book.holds(member_id, role) for role in roles):
        return True
    return member_id in book.managers and not any(book.holders(role) for role in roles)


SPEAKING = (
    EditorialRole.CRISIS_LEAD, EditorialRole.CRISIS_DEPUTY, EditorialRole.APPROVER, EditorialRole.SPOKESPERSON,
)  # fmt: skip
"""From level 3 on, one of the two who confirm a statement holds one of these."""


CELL = (
    EditorialRole.CRISIS_LEAD, EditorialRole.CRISIS_DEPUTY, EditorialRole.SPOKESPERSON, EditorialRole.LEGAL,
    EditorialRole.EDITOR, EditorialRole.COMMUNITY, EditorialRole.LOG_KEEPER, EditorialRole.APPROVER,
)  # fmt: skip
"""The roles of the cell, the lead first."""


# ---- when


def first_words_at(level: Payload, declared_at: datetime) -> datetime | None:
    """When the holding statement is due; levels without one have no such hour."""
    minutes = level.get("statement_minutes")
    return declared_at + timedelta(minutes=minutes) if minutes else None


def next_promise(
    level: Payload, after: datetime, *, declared_at: datetime, calendar: WorkingCalendar
) -> datetime | None:
    """The next hour at which this level speaks, strictly after an instant; None for a level that promises nothing.

    A rhythm is `every_minutes` around the clock or between two hours of the wall, the first `for_hours` of the crisis
    or always; or certain hours (`at`) of each day, or of working days alone.
    """
    for rhythm in level.get("rhythm") or ():
        if rhythm.get("for_hours") and after - declared_at >= timedelta(hours=rhythm["for_hours"]):
            continue
        if rhythm.get("every_minutes"):
            return _within(rhythm, after + timedelta(minutes=rhythm["every_minutes"]), calendar)
        if rhythm.get("at"):
            return _at_hours(rhythm, after, calendar)
    return None


def speaks_inside(level: Payload) -> bool:
    """Does this level promise its hours to colleagues alone?"""
    return any(rhythm.get("internal") for rhythm in level.get("rhythm") or ())


def _wall(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


def _within(rhythm: Payload, due: datetime, calendar: WorkingCalendar) -> datetime:
    """Silent at night: what falls outside the hours comes when they begin again."""
    if not rhythm.get("since"):
        return due.astimezone(UTC)
    since, until, here = _wall(rhythm["since"]), _wall(rhythm["until"]), calendar.local(due)
    if here.time() < since:
        return calendar.at(here.date(), since)
    if here.time() > until:
        return calendar.at(here.date() + timedelta(days=1), since)
    return due.astimezone(UTC)


def _at_hours(rhythm: Payload, after: datetime, calendar: WorkingCalendar) -> datetime:
    day = calendar.local(after).date()
    while True:
        if not rhythm.get("working_days") or calendar.is_working_day(day):
            for moment in sorted(map(_wall, rhythm["at"])):
                if calendar.at(day, moment) > after:
                    return calendar.at(day, moment)
        day += timedelta(days=1)


def missed(
    level: Payload, promise: datetime, now: datetime, *, declared_at: datetime, calendar: WorkingCalendar
) -> int:
    """How many promised hours have passed in silence since the last promise."""
    count, due = 0, promise
    while due is not None and due < now and count < 100:
        count += 1
        following = next_promise(level, due, declared_at=declared_at, calendar=calendar)
        if following is None:
            break
        due = following
    return count


CONTACTS_DAYS = 5
"""Working days for looking through the cell."""


def contacts_key(now: datetime) -> str:
    """One key for each quarter."""
    return f"contacts-{now.year}-{(now.month - 1) // 3 + 1}"


def quarter_began(now: datetime) -> date:
    return date(now.year, (now.month - 1) // 3 * 3 + 1, 1)


DRILL_DAYS = 40
"""Working days for holding the drill of a half-year."""


def drill_key(now: datetime) -> str:
    """One key for each half-year."""
    return f"drill-{now.year}-{1 if now.month <= 6 else 2}"


def half_year_began(now: datetime) -> date:
    return date(now.year, 1 if now.month <= 6 else 7, 1)


# ---- the questions that come in


class Outcome(TextChoices):
    """What became of a question."""

    ANSWERED = "answered", _("Answered")
    LATER = "later", _("Answered later, at a promised hour")
    PRIVATE = "private", _("Taken private")
    DECLINED = "declined", _("Not answered, with a reason")
    WAITING = "waiting", _("Waiting")


@dataclass(frozen=True)
class Asked:
    """One question, as far as counting needs it."""

    id: int
    joined_to: int | None
    state: str
    decision: str
    theme: str = ""
    is_critical: bool = False

    @property
    def outcome(self) -> Outcome:
        if self.decision == Decision.PRIVATE:
            return Outcome.PRIVATE
        if self.decision in NEEDS_REASON:
            return Outcome.DECLINED
        if self.state in (State.ANSWERED, State.CLOSED):
            return Outcome.ANSWERED
        return Outcome.LATER if self.state == State.LATER else Outcome.WAITING


@dataclass(frozen=True)
class Tally:
    """Questions by outcome, and whether what stings has its place among the answers."""

    received: int
    joined: int
    outcomes: Mapping[Outcome, int]
    critical_asked: int
    """Per cent of the questions."""
    critical_answered: int | None
    """Per cent of the answers; None as long as there are none."""
    is_one_sided: bool
    forgotten: tuple[str, ...]
    """Themes that weigh and have no answer yet."""


def tally(questions: Iterable[Asked], *, tolerance: int, weighs: int) -> Tally:
    """Count them. One that was joined to another counts with it: the same theme, the same outcome.

    `tolerance` is in points, `weighs` in per cent of the questions.
    """
    known = {one.id: one for one in questions}
    heads = [(one, known.get(one.joined_to or one.id, one)) for one in known.values()]
    outcomes = Counter(head.outcome for _one, head in heads)
    answered = [head for _one, head in heads if head.outcome == Outcome.ANSWERED]
    asked_share = _share(sum(head.is_critical for _one, head in heads), len(heads))
    answered_share = _share(sum(head.is_critical for head in answered), len(answered))
    themes = Counter(head.theme for _one, head in heads if head.theme)
    done = {head.theme for head in answered}
    return Tally(
        received=len(heads),
        joined=sum(one.joined_to is not None for one, _head in heads),
        outcomes=outcomes,
        critical_asked=round(asked_share),
        critical_answered=round(answered_share) if answered else None,
        is_one_sided=bool(answered) and answered_share < asked_share - tolerance,
        forgotten=tuple(
            theme for theme, many in themes.most_common() if theme not in done and _share(many, len(heads)) >= weighs
        ),
    )


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


# ---- how it ends


def step_refusal(before: int, after: int) -> Words:
    """Why the level may not change so; empty when it may. Up at once, down one step at a time, to 0 by `clear`."""
    if after == before:
        return _("It is at this level already.")
    if not 1 <= after <= HIGHEST:
        return _("Choose a level from 1 to 4. The end is declared by the all-clear.")
    if after < before - 1:
        return _("The level falls one step at a time, each with its reason.")
    return ""


def quiet_hours(peak: int, conduct: Conduct) -> int:
    """Hours without a new fact before the all-clear."""
    return int(conduct.level(peak).get("quiet_hours") or 0) if peak else 0


def scope_key(scope: Mapping[str, Any]) -> str:
    """The same scope has the same key: one open crisis for each."""
    return json.dumps(scope, sort_keys=True)[:250]

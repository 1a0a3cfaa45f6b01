"""The tasks of a template and the date grammar: pure, no database, no clock.

`chain()` puts a workflow and a template together, `parse_offset()` reads an offset such as `D-3` or `H+24`, and
`lay_out()` turns tasks into dated items. The grammar, with due times local to the working calendar:

- `D-n`  n working days before the planned day, due 17:00; `D0` the planned moment itself;
- `D+n`  n calendar days after the real publication, moved to the next working day, due 17:00;
- `H+n`  n elapsed hours after the real publication, moved to 09:30 of the next working day when they end outside
  working hours, except for an answerer on duty.

`S`, `R`, `C`, `E` and date fields (`close+5wd`) are read by `parse_offset` and refused by `lay_out` until their
workflows come: each adds its own line to `_DATED_BY`.

At the end: what acts on a piece of advice, and searching without accents.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from planner.base.errors import Invalid
from planner.base.worktime import DUE_TIME, WorkingCalendar

Text = Mapping[str, str]
"""A text in both languages: `{"fr": ..., "en": ...}`."""

CHANNEL_LIMITS = (
    "body_hard",
    "body_advised",
    "body_advised_words_min",
    "body_advised_words_max",
    "title_hard",
    "title_advised",
    "alt_max",
    "hashtags_advised",
)
"""The limits that a channel may have; a missing one is not enforced."""


class BadOffset(Invalid, ValueError):
    """The offset is not in the date grammar, or not laid out yet."""


class BadChain(Invalid, ValueError):
    """A template adds, changes or removes a task in a way that its workflow does not allow."""


class BadCondition(Invalid, ValueError):
    """The condition is neither a fact (`has_claims`) nor a comparison (`route=interview`)."""


# ---- offsets


@dataclass(frozen=True)
class Offset:
    """Where a due date lies: `amount` units from the `anchor`.

    `unit` is `d` (calendar days, and working days before D or S), `wd`, `h`, `wh` or `min`.
    """

    anchor: str
    amount: int
    unit: str

    @property
    def rough_days(self) -> float:
        """Only good for putting tasks in order before they have dates."""
        return self.amount / {"d": 1, "wd": 1, "h": 24, "wh": 8, "min": 1440}[self.unit]


_GRAMMAR: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?P<anchor>D)(?P<amount>0)"), "d"),
    (re.compile(r"(?P<anchor>D)(?P<amount>[+-][1-9]\d{0,3})"), "d"),
    (re.compile(r"(?P<anchor>H)(?P<amount>\+\d{1,4})"), "h"),
    (re.compile(r"(?P<anchor>S)(?P<amount>-[1-9]\d{0,3})"), "d"),
    (re.compile(r"(?P<anchor>S)(?P<amount>0)"), "h"),
    (re.compile(r"(?P<anchor>S)(?P<amount>\+\d{1,4})(?P<unit>h|wd|d)"), ""),
    (re.compile(r"(?P<anchor>[RE])(?P<amount>\+\d{1,4})(?P<unit>wh|wd)"), ""),
    (re.compile(r"(?P<anchor>C)(?P<amount>\+\d{1,4})(?P<unit>min|h)"), ""),
    (re.compile(r"(?P<anchor>[a-z][a-z_]*)(?P<amount>\+\d{1,4})(?P<unit>wd)"), ""),
    (re.compile(r"(?P<anchor>[a-z][a-z_]*)(?P<amount>)"), "wd"),
)


def parse_offset(text: str) -> Offset:
    """Read one offset of the date grammar. Raises `BadOffset`, a ValueError that names it."""
    for pattern, unit in _GRAMMAR:
        found = pattern.fullmatch(text)
        if found:
            parts = found.groupdict()
            return Offset(parts["anchor"], int(parts["amount"] or 0), parts.get("unit") or unit)
    raise BadOffset(
        _("“%(offset)s” is not an offset of the date grammar, such as D-3, D0, D+30 or H+24.") % {"offset": text}
    )


def can_be_laid(offset: Offset) -> bool:
    """Does `lay_out` know how to date this anchor?"""
    return offset.anchor in _DATED_BY


# ---- tasks


@dataclass(frozen=True)
class Task:
    """One task of a workflow or template. The first of `roles` owns it; `minutes` is the effort asked.

    `blocking` names the status that cannot be reached before it is done (`scheduled`, `published` or nothing);
    `counts` says that it closes only with the figures of an answer; `reminder` is the slug of a reminder profile.
    """

    key: str
    title: Text
    roles: tuple[str, ...]
    offset: str
    why: Text = field(default_factory=dict)
    verb: Text = field(default_factory=dict)
    condition: str = ""
    blocking: str = ""
    minutes: int = 0
    reminder: str = ""
    counts: bool = False
    checklist: tuple[Text, ...] = ()

    @property
    def role(self) -> str:
        """The role that owns the task."""
        return self.roles[0]


def task_from(payload: Mapping[str, Any]) -> Task:
    """The task that a validated `[[tasks]]` table describes."""
    values = {name: payload[name] for name in Task.__dataclass_fields__ if payload.get(name) is not None}
    return Task(**{**values, "roles": tuple(payload["roles"]), "checklist": tuple(payload.get("checklist") or ())})


def chain(workflow: Mapping[str, Any], template: Mapping[str, Any]) -> tuple[Task, ...]:
    """The workflow's tasks with the template's own: removed, overridden (only the keys given), added.

    In the order of their offsets. Raises `BadChain` for a key that is unknown, or added twice.
    """
    tasks = {task["key"]: dict(task) for task in workflow["tasks"]}
    for key in template.get("tasks_remove", ()):
        _must_know(key, tasks)
        del tasks[key]
    for change in template.get("tasks_override", ()):
        _must_know(change["key"], tasks)
        tasks[change["key"]].update({name: value for name, value in change.items() if value is not None})
    for task in template.get("tasks_add", ()):
        if task["key"] in tasks:
            raise BadChain(_("The task “%(key)s” exists already: override it instead.") % {"key": task["key"]})
        tasks[task["key"]] = dict(task)
    return tuple(sorted(map(task_from, tasks.values()), key=_nominal_order))


def _must_know(key: str, tasks: Mapping[str, object]) -> None:
    if key not in tasks:
        raise BadChain(_("The workflow has no task “%(key)s”.") % {"key": key})


def _nominal_order(task: Task) -> float:
    return parse_offset(task.offset).rough_days


# ---- conditions

_CONDITION = re.compile(r"(?P<fact>[a-z][a-z0-9_]*)(=(?P<value>[a-z0-9][a-z0-9_-]*))?")


def parse_condition(condition: str) -> tuple[str, str | None]:
    """The fact that a condition asks for, and the value it must have, if any. Raises `BadCondition`."""
    found = _CONDITION.fullmatch(condition)
    if not found:
        raise BadCondition(
            _("“%(condition)s” is not a condition, such as has_claims or route=interview.") % {"condition": condition}
        )
    return found["fact"], found["value"]


def applies(condition: str, facts: Mapping[str, object]) -> bool:
    """Is the task wanted for a post with these facts? A fact is a flag or a field of the template; unknown is no.

    Of a field with several choices, one being the value asked for is enough.
    """
    if not condition:
        return True
    name, value = parse_condition(condition)
    fact = facts.get(name)
    if value is None:
        return bool(fact)
    if isinstance(fact, list | tuple | set | frozenset):
        return value in fact
    return fact == value


# ---- laying out


@dataclass(frozen=True)
class LaidItem:
    """A task with its due date.

    `is_projection`: counted from publication, which has not happened; it will be dated again then.
    `late_start`: its date had already passed, so it is due now. `shifted_from`: the instant that the grammar gave
    before it was moved, to working time or to now.
    """

    task: Task
    due_at: datetime | None
    is_projection: bool = False
    late_start: bool = False
    shifted_from: datetime | None = None


@dataclass(frozen=True)
class Layout:
    """The dated items in the order of their dates, and how far the schedule is compressed.

    `review_days_lost` is the largest lateness, in working days, among the items that block scheduling or publication
    and should already be done: the working days after the day such an item was due, up to and including the first day
    on which it can still be done (today, or the next working day once today is over), and never less than one.
    It is 0 when none of them is late, without a planned date, and once the post is published.
    """

    items: tuple[LaidItem, ...]
    review_days_lost: int = 0


@dataclass(frozen=True)
class _Frame:
    """What an anchor needs to know."""

    calendar: WorkingCalendar
    planned_at: datetime | None
    published_at: datetime | None
    on_duty: bool

    @property
    def release(self) -> datetime | None:
        """What counts as the publication: the real one, until then the planned one."""
        return self.published_at or self.planned_at


ANSWERING_ROLES = frozenset({"answerer", "deputy"})

Dates = tuple[datetime, datetime] | None
"""What the grammar gives, and the same moved to working time; None while the anchor has no date."""


def _from_planned_day(task: Task, offset: Offset, frame: _Frame) -> Dates:
    if frame.planned_at is None:
        return None
    if offset.amount == 0:
        return frame.planned_at, frame.planned_at
    planned_day = frame.calendar.local(frame.planned_at).date()
    due = frame.calendar.at(frame.calendar.shift(planned_day, offset.amount), DUE_TIME)
    return due, due


def _days_after_publication(task: Task, offset: Offset, frame: _Frame) -> Dates:
    if frame.release is None:
        return None
    day = frame.calendar.local(frame.release).date() + timedelta(days=offset.amount)
    return frame.calendar.at(day, DUE_TIME), frame.calendar.at(frame.calendar.next_working_day(day), DUE_TIME)


def _around_planned_date(task: Task, offset: Offset, frame: _Frame) -> Dates:
    dated = _days_after_publication if offset.amount > 0 else _from_planned_day
    return dated(task, offset, frame)


def _hours_after_publication(task: Task, offset: Offset, frame: _Frame) -> Dates:
    if frame.release is None:
        return None
    elapsed = frame.release + timedelta(hours=offset.amount)
    stays = frame.on_duty and task.role in ANSWERING_ROLES
    return elapsed, elapsed if stays else frame.calendar.settle(elapsed)


_DATED_BY: dict[str, Callable[[Task, Offset, _Frame], Dates]] = {
    "D": _around_planned_date,
    "H": _hours_after_publication,
}


def lay_out(
    tasks: Sequence[Task],
    *,
    planned_at: datetime | None,
    published_at: datetime | None,
    calendar: WorkingCalendar,
    now: datetime,
    facts: Mapping[str, object],
    on_duty: bool = False,
) -> Layout:
    """Date the tasks whose condition holds. `on_duty`: the named answerer is, so answers do not move to office hours.

    Instants come back in UTC. Without a planned date and a publication nothing has a date. An item whose date has
    passed is due `now`; projections are never late, since nothing can be owed before publication.
    Raises `BadOffset` for an anchor that is not laid out yet.
    """
    frame = _Frame(calendar, planned_at and _utc(planned_at), published_at and _utc(published_at), on_duty)
    wanted = [task for task in tasks if applies(task.condition, facts)]
    dated = sorted(((task, *_date(task, frame)) for task in wanted), key=_by_date)
    reviews = [due for task, _raw, due, after in dated if task.blocking and due and not after and not published_at]
    return Layout(
        items=tuple(_item(task, raw, due, after, frame, _utc(now)) for task, raw, due, after in dated),
        review_days_lost=max((_days_lost(due, now, calendar) for due in reviews if due < now), default=0),
    )


Dated = tuple[Task, datetime | None, datetime | None, bool]
"""The task, what the grammar gives, its due date, and whether it comes after publication."""


def _date(task: Task, frame: _Frame) -> tuple[datetime | None, datetime | None, bool]:
    offset = parse_offset(task.offset)
    if not can_be_laid(offset):
        raise BadOffset(
            _("The task “%(key)s” is counted from an anchor that is not laid out yet: %(offset)s.")
            % {"key": task.key, "offset": task.offset}
        )
    raw, due = _DATED_BY[offset.anchor](task, offset, frame) or (None, None)
    return raw, due, offset.anchor == "H" or offset.amount > 0


def _by_date(dated: Dated) -> float:
    return dated[2].timestamp() if dated[2] else float("-inf")


def _item(
    task: Task, raw: datetime | None, due: datetime | None, after: bool, frame: _Frame, now: datetime
) -> LaidItem:
    projection = after and due is not None and frame.published_at is None
    late = due is not None and due < now and not projection
    due = now if late else due
    return LaidItem(task, due, projection, late, shifted_from=raw if raw != due else None)


def _days_lost(due: datetime, now: datetime, calendar: WorkingCalendar) -> int:
    return max(1, calendar.working_days_between(calendar.local(due).date(), calendar.day_for_work(now)))


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


# ---- advice


class AdviceKind(TextChoices):
    """What sort of thing a piece of advice is."""

    CASE = "case", pgettext_lazy("advice", "Case")
    CHECKLIST = "checklist", pgettext_lazy("advice", "Points to check")
    FIGURE = "figure", pgettext_lazy("advice", "Figure")
    LADDER = "ladder", pgettext_lazy("advice", "Step by step")
    METHOD = "method", gettext_lazy("Method")
    PRINCIPLE = "principle", gettext_lazy("Principle")
    QUESTION = "question", gettext_lazy("Question")


def embodies(kind: str, slug: str, payload: Mapping[str, Any], advice: Mapping[str, Any]) -> bool:
    """Does the item act on the piece of advice? Either of the two may say so."""
    named = {"kind": kind, "slug": slug} in advice.get("embodied_by", ())
    return named or advice["id"] in payload.get("advice", ())


# ---- searching

_ONE_LETTER = str.maketrans({"œ": "oe", "æ": "ae", "’": "'"})


def fold(text: str) -> str:
    """The text as people type it in a hurry: without accents, capitals and ligatures, with a straight apostrophe."""
    spread = unicodedata.normalize("NFKD", text.casefold().translate(_ONE_LETTER))
    return "".join(sign for sign in spread if not unicodedata.combining(sign))


def speaks_of(query: str, texts: Iterable[str]) -> bool:
    """Is every word of the query somewhere in the texts, be it as a part of a word? An empty query is everywhere."""
    folded = fold("\n".join(texts))
    return all(word in folded for word in fold(query).split())

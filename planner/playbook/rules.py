"""The tasks of a template and the date grammar: pure, no database, no clock.

`chain()` puts a workflow and a template together, `parse_offset()` reads an offset such as `D-3` or `H+24`, and
`lay_out()` turns tasks into dated items. The grammar, with due times local to the working calendar:

- `D-n`  n WORKING days before the planned day, due 17:00; `D0` the planned moment itself;
- `D+n`  n CALENDAR days after the real publication, moved to the next working day, due 17:00;
- `H+n`  n elapsed hours after the real publication;
- `S-n`, `S0`, `S+nh`, `S+nwd`, `S+nd`  the start of an event: working days before it, its moment, elapsed hours,
  working days, calendar days after it; `E0`, `E+nh`, `E+nwh`, `E+nwd`, `E+nd`  its end, in the same way;
- `R+nwh`, `R+nwd`  working hours and working days after a signal was received;
- `C+nmin`, `C+nh`  minutes and hours after a crisis was declared, around the clock, at the pace of its level;
- `closes_on`, `closes_on+5wd`, `closes_on-3wd`  a date or a moment that the template asks for, by the key of its field.

Days fall due at 17:00 of a working day. `H` and `wh` that end outside working hours move to 09:30 of the next working
day; for an answerer on duty every hour is a working hour. The moment of an event, hours counted from it and a crisis
never move. A task may come back: `repeat` is an RRULE with a count, and each occurrence is a task of its own.

At the end: the days of a season, what acts on a piece of advice, and searching without accents.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from dateutil.easter import easter
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from planner.base.errors import Invalid
from planner.base.language import pick
from planner.base.repeats import BadRepeat, parse_repeat
from planner.base.worktime import DUE_TIME, WorkingCalendar

Text = Mapping[str, str]
"""A text in both languages: `{"fr": ..., "en": ...}`."""


class BadOffset(Invalid, ValueError):
    """The offset is not in the date grammar."""


class BadChain(Invalid, ValueError):
    """A template adds, changes or removes a task in a way that its workflow does not allow."""


class BadCondition(Invalid, ValueError):
    """The condition is neither a fact (`has_claims`, `!urgent`) nor a comparison (`route=interview`)."""


# ---- offsets


@dataclass(frozen=True)
class Offset:
    """Where a due date lies: `amount` units from the `anchor`.

    `unit` is `d` (calendar days, and working days before D or S), `wd`, `h`, `wh` or `min`. The anchor is one of
    `ANCHORS`, or the key of a field.
    """

    anchor: str
    amount: int
    unit: str

    @property
    def rough_days(self) -> float:
        """Only good for putting tasks in order before they have dates."""
        return self.amount / {"d": 1, "wd": 1, "h": 24, "wh": 8, "min": 1440}[self.unit]

    @property
    def is_from_field(self) -> bool:
        return self.anchor not in ANCHORS

    @property
    def follows_publication(self) -> bool:
        """Is it counted from the real publication (`H+24`, `D+30`)?"""
        return self.anchor == "H" or (self.anchor == "D" and self.amount > 0)


ANCHORS = ("D", "H", "S", "E", "R", "C")

FIELD_ANCHORS = ("S", "E", "R")
"""The anchors to which a template may give one of its date fields: `anchors = { S = "starts_at" }`."""

_GRAMMAR: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?P<anchor>D)(?P<amount>0)"), "d"),
    (re.compile(r"(?P<anchor>D)(?P<amount>[+-][1-9]\d{0,3})"), "d"),
    (re.compile(r"(?P<anchor>H)(?P<amount>\+\d{1,4})"), "h"),
    (re.compile(r"(?P<anchor>S)(?P<amount>-[1-9]\d{0,3})"), "d"),
    (re.compile(r"(?P<anchor>[SE])(?P<amount>0)"), "h"),
    (re.compile(r"(?P<anchor>S)(?P<amount>\+\d{1,4})(?P<unit>h|wd|d)"), ""),
    (re.compile(r"(?P<anchor>E)(?P<amount>\+\d{1,4})(?P<unit>h|wh|wd|d)"), ""),
    (re.compile(r"(?P<anchor>R)(?P<amount>\+\d{1,4})(?P<unit>wh|wd)"), ""),
    (re.compile(r"(?P<anchor>C)(?P<amount>\+\d{1,4})(?P<unit>min|h)"), ""),
    (re.compile(r"(?P<anchor>[a-z][a-z0-9_]*)(?P<amount>[+-][1-9]\d{0,3})(?P<unit>wd)"), ""),
    (re.compile(r"(?P<anchor>[a-z][a-z0-9_]*)(?P<amount>)"), "wd"),
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


_REPEATS_AT_MOST = 60


def parse_task_repeat(text: str) -> int:
    """How often a task with this `repeat` comes. Raises `BadRepeat` for a rule without a count, or with a large one."""
    count = parse_repeat(text).count
    if count is None or count > _REPEATS_AT_MOST:
        raise BadRepeat(
            _("“%(rule)s” needs a COUNT of %(most)s at most: a task does not come back for ever.")
            % {"rule": text, "most": _REPEATS_AT_MOST}
        )
    return count


# ---- tasks


@dataclass(frozen=True)
class Task:
    """One task of a workflow or template. The first of `roles` owns it; `minutes` is the effort asked.

    `blocking` names the status that cannot be reached before it is done (`scheduled`, `published` or nothing);
    `counts` says that it closes only with the figures of an answer; `reminder` is the slug of a reminder profile.
    `repeat` is an RRULE with a count, counted from the offset; `occurrence` says which of them this task is, from 1.
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
    repeat: str = ""
    occurrence: int = 1

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

    In the order of their offsets; a task that repeats is there once for each occurrence (`update`, `update-2`...).
    Raises `BadChain` for a key that is unknown, or added twice.
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
    usual = usual_day(workflow, template)
    ordered = sorted(map(task_from, tasks.values()), key=lambda task: _nominal_order(parse_offset(task.offset), usual))
    return tuple(occurrence for task in ordered for occurrence in _occurrences_of(task))


def _must_know(key: str, tasks: Mapping[str, object]) -> None:
    if key not in tasks:
        raise BadChain(_("The workflow has no task “%(key)s”.") % {"key": key})


def usual_day(workflow: Mapping[str, Any], template: Mapping[str, Any]) -> Offset | None:
    """Where the publication usually lies (`R+9wd`, `S-5`), when it follows from something else than a choice."""
    text = template.get("planned") or workflow.get("planned")
    return parse_offset(text) if text else None


_LONG = 10_000.0


def _nominal_order(offset: Offset, usual: Offset | None) -> float:
    """What a signal starts comes first, and what an end or a field starts last, unless the usual day ties them."""
    if offset.anchor in ("D", "H"):
        return offset.rough_days
    if usual is not None and offset.anchor == usual.anchor:
        return offset.rough_days - usual.rough_days
    return offset.rough_days + {"R": -_LONG, "C": 0, "S": 0, "E": _LONG}.get(offset.anchor, 2 * _LONG)


def _occurrences_of(task: Task) -> list[Task]:
    if not task.repeat:
        return [task]
    later = range(2, parse_task_repeat(task.repeat) + 1)
    return [task, *(replace(task, key=f"{task.key}-{number}", occurrence=number) for number in later)]


# ---- conditions

_FACT = r"(?P<fact>[a-z][a-z0-9_]*)"
_CONDITION = (
    re.compile(rf"(?P<no>!?){_FACT}"),
    re.compile(rf"{_FACT}(?P<no>!?)=(?P<value>[a-z0-9][a-z0-9_-]*)"),
)


class Condition(NamedTuple):
    """The fact asked for, the value it must have, if any, and whether it is the contrary that is meant."""

    fact: str
    value: str | None = None
    is_negated: bool = False


def parse_condition(condition: str) -> Condition:
    """Read `has_claims`, `!urgent`, `route=interview` or `route!=interview`. Raises `BadCondition`."""
    found = next(filter(None, (form.fullmatch(condition) for form in _CONDITION)), None)
    if found is None:
        raise BadCondition(
            _("“%(condition)s” is not a condition, such as has_claims or route=interview.") % {"condition": condition}
        )
    parts = found.groupdict()
    return Condition(parts["fact"], parts.get("value"), bool(parts["no"]))


def applies(condition: str, facts: Mapping[str, object]) -> bool:
    """Is the task wanted for a post with these facts? A fact is a flag or a field of the template; unknown is no.

    Of a field with several choices, one being the value asked for is enough.
    """
    if not condition:
        return True
    name, value, is_negated = parse_condition(condition)
    fact = facts.get(name)
    if value is None:
        return bool(fact) is not is_negated
    several = isinstance(fact, list | tuple | set | frozenset)
    return (value in fact if several else fact == value) is not is_negated  # type: ignore[operator]


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


Anchor = datetime | date
"""An instant, or a day when no hour is known."""


@dataclass(frozen=True)
class _Frame:
    """What an anchor needs to know."""

    calendar: WorkingCalendar
    planned_at: datetime | None
    published_at: datetime | None
    anchors: Mapping[str, Anchor]
    pace: float
    on_duty: bool

    def anchor(self, offset: Offset) -> Anchor | None:
        """What the offset is counted from; until the real publication, the planned one stands for it."""
        if offset.anchor not in ("D", "H"):
            return self.anchors.get(offset.anchor)
        return (offset.follows_publication and self.published_at) or self.planned_at

    def day(self, anchor: Anchor) -> date:
        return self.calendar.local(anchor).date() if isinstance(anchor, datetime) else anchor

    def instant(self, anchor: Anchor) -> datetime:
        """Of a day without an hour, the opening."""
        return _utc(anchor) if isinstance(anchor, datetime) else self.calendar.at(anchor, self.calendar.starts)

    def is_on_duty(self, task: Task) -> bool:
        return self.on_duty and task.role in ANSWERING_ROLES


ANSWERING_ROLES = frozenset({"answerer", "deputy"})


def _is_moment(offset: Offset, anchor: Anchor) -> bool:
    """Is the moment of the anchor itself meant, with its hour? `D0`, `S0`, `E0`, the key of a field alone."""
    names_it = offset.is_from_field or offset.anchor == "D" or (offset.anchor in ("S", "E") and offset.unit == "h")
    return offset.amount == 0 and names_it and isinstance(anchor, datetime)


def _counts_working_days(offset: Offset) -> bool:
    return offset.unit == "wd" or (offset.unit == "d" and offset.amount < 0)


def _raw(task: Task, offset: Offset, frame: _Frame) -> datetime | None:
    """What the grammar gives, before anything is moved to working time; None while the anchor has no date."""
    anchor = frame.anchor(offset)
    if anchor is None:
        return None
    if _is_moment(offset, anchor):
        return frame.instant(anchor)
    if offset.unit in ("d", "wd"):
        day = frame.day(anchor)
        counted = _counts_working_days(offset)
        day = frame.calendar.shift(day, offset.amount) if counted else day + timedelta(days=offset.amount)
        return frame.calendar.at(day, DUE_TIME)
    if offset.unit == "wh" and not frame.is_on_duty(task):
        return frame.calendar.add_working_hours(frame.instant(anchor), offset.amount)
    step = timedelta(minutes=offset.amount) if offset.unit == "min" else timedelta(hours=offset.amount)
    return frame.instant(anchor) + (step * frame.pace if offset.anchor == "C" else step)


def _settled(raw: datetime, task: Task, offset: Offset, frame: _Frame) -> datetime:
    """Moved to working time, where this offset moves at all."""
    anchor = frame.anchor(offset)
    if anchor is None or offset.anchor == "C" or _is_moment(offset, anchor):
        return raw
    if offset.unit in ("d", "wd"):
        return frame.calendar.at(frame.calendar.next_working_day(frame.calendar.local(raw).date()), DUE_TIME)
    if frame.is_on_duty(task) or (offset.anchor in ("S", "E") and offset.unit == "h"):
        return raw
    return frame.calendar.settle(raw)


def lay_out(
    tasks: Sequence[Task],
    *,
    planned_at: datetime | None,
    published_at: datetime | None,
    calendar: WorkingCalendar,
    now: datetime,
    facts: Mapping[str, object],
    anchors: Mapping[str, Anchor] | None = None,
    pace: float = 1,
    on_duty: bool = False,
) -> Layout:
    """Date the tasks whose condition holds. `on_duty`: the named answerer is, so answers do not move to office hours.

    `anchors` holds what else is counted from: `S`, `E`, `R`, `C` and the date fields by their keys. `pace` multiplies
    the delays of a crisis: 0.5 makes them half as long. Instants come back in UTC. What is counted from a date that is
    not known has no date. An item whose date has passed is due `now`; projections are never late, since nothing can be
    owed before publication.
    """
    frame = _Frame(
        calendar, planned_at and _utc(planned_at), published_at and _utc(published_at), anchors or {}, pace, on_duty
    )
    wanted = [task for task in tasks if applies(task.condition, facts)]
    dated = sorted(((task, *_date(task, frame)) for task in wanted), key=_by_date)
    reviews = [due for task, _raw, due, after in dated if task.blocking and due and not after and not published_at]
    return Layout(
        items=tuple(_item(task, raw, due, after, frame, _utc(now)) for task, raw, due, after in dated),
        review_days_lost=max((_days_lost(due, now, calendar) for due in reviews if due < now), default=0),
    )


def day_of(offset: Offset, anchors: Mapping[str, Anchor], calendar: WorkingCalendar) -> date | None:
    """The day on which an offset of these anchors falls, such as the usual day of publication."""
    frame = _Frame(calendar, None, None, anchors, 1, on_duty=False)
    task = Task(key="", title={}, roles=("",), offset="")
    raw = _raw(task, offset, frame)
    return frame.day(_settled(raw, task, offset, frame)) if raw else None


Dated = tuple[Task, datetime | None, datetime | None, bool]
"""The task, what the grammar gives, its due date, and whether it comes after publication."""


def _date(task: Task, frame: _Frame) -> tuple[datetime | None, datetime | None, bool]:
    offset = parse_offset(task.offset)
    raw = _raw(task, offset, frame)
    if raw is not None and task.repeat:
        times = parse_repeat(task.repeat).occurrences(raw, frame.calendar)
        raw = next(islice(times, task.occurrence - 1, None), None)
    due = _settled(raw, task, offset, frame) if raw else None
    return raw, due, offset.follows_publication


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


# ---- seasons

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class BadSeason(Invalid, ValueError):
    """What stands under `when` does not give a day in every year."""


def span_in(year: int, month: int, when: Mapping[str, Any]) -> tuple[date, date]:
    """The first and the last day of what comes back each year.

    `{}` the whole month; `{day}` a fixed day; `{weekday, nth}` the nth of its kind, -1 the last; `{weekday, before}`
    the last of its kind before that day; `{easter}` so many days after Easter Sunday. With `days`, that many from there
    on. Raises `BadSeason`, a ValueError.
    """
    rule = {name: value for name, value in when.items() if name != "days"}
    try:
        first = _FIRST_DAY[frozenset(rule)](year, month, rule) if when else date(year, month, 1)
    except (KeyError, ValueError) as fault:
        raise BadSeason(
            _("“%(rule)s” is not a day of each year, such as month = 4 and day = 22.")
            % {"rule": ", ".join(f"{name} = {value}" for name, value in {"month": month, **when}.items())}
        ) from fault
    if not when:
        return first, _last_of(first)
    return first, first + timedelta(days=when.get("days", 1) - 1)


def _last_of(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _nth_weekday(year: int, month: int, rule: Mapping[str, Any]) -> date:
    if rule["nth"] == -1:
        return _last_weekday(_last_of(date(year, month, 1)), rule["weekday"])
    if not 1 <= rule["nth"] <= 4:
        raise ValueError(rule["nth"])
    return _last_weekday(date(year, month, 7 * rule["nth"]), rule["weekday"])


def _last_weekday(day: date, weekday: str) -> date:
    """The last of these weekdays up to this day."""
    return day - timedelta(days=(day.weekday() - WEEKDAYS.index(weekday)) % 7)


_FIRST_DAY: Mapping[frozenset[str], Callable[[int, int, Mapping[str, Any]], date]] = {
    frozenset({"day"}): lambda year, month, rule: date(year, month, rule["day"]),
    frozenset({"weekday", "nth"}): _nth_weekday,
    frozenset({"weekday", "before"}): lambda year, month, rule: _last_weekday(
        date(year, month, rule["before"]) - timedelta(days=1), rule["weekday"]
    ),
    frozenset({"easter"}): lambda year, month, rule: easter(year) + timedelta(days=rule["easter"]),
}


SOBER_DAY = gettext_lazy("%(name)s: nothing sells and nothing jokes on that day.")

_REGIONS = {"FR": "france", "CH": "suisse-romande", "BE": "belgique-francophone"}


def region_of(country: str, region: str) -> str:
    """The list of seasonal topics that a place reads beside the shared one; nothing for places without one."""
    return "quebec" if (country, region) == ("CA", "QC") else _REGIONS.get(country, "")


@dataclass(frozen=True)
class Season:
    """A seasonal topic in one year. `begins_on` is when its work should begin."""

    slug: str
    payload: Mapping[str, Any]
    first: date
    last: date
    begins_on: date
    is_whole_month: bool

    @property
    def is_sober(self) -> bool:
        return bool(self.payload["sober"])

    @property
    def caution(self) -> str:
        """What to mind on a sober day."""
        return str(SOBER_DAY) % {"name": pick(self.payload["title"])}


def season(slug: str, payload: Mapping[str, Any], year: int) -> Season:
    """When the topic comes that year, and when to begin."""
    when = payload.get("when") or {}
    first, last = span_in(year, payload["month"], when)
    return Season(slug, payload, first, last, first - timedelta(weeks=payload["lead_weeks"]), not when)


def topics_near(
    payloads: Iterable[tuple[str, Mapping[str, Any]]], region: str, first: date, last: date
) -> list[Season]:
    """The topics of a region that touch these days, both included."""
    days = (first - timedelta(days=31) + timedelta(days=n) for n in range((last - first).days + 32))
    months = {(on.year, on.month) for on in days}
    near = [(slug, one) for slug, one in payloads if any(month == one["month"] for _year, month in months)]
    found = [one for year in sorted({year for year, _month in months}) for one in seasons(near, region, year)]
    return [one for one in found if one.first <= last and one.last >= first]


def seasons(payloads: Iterable[tuple[str, Mapping[str, Any]]], region: str, year: int) -> list[Season]:
    """The topics of a region in one year, shared ones included, in the order of their days."""
    found = [season(slug, one, year) for slug, one in payloads if {"shared", region} & set(one["regions"])]
    return sorted(found, key=lambda one: (one.first.month, not one.is_whole_month, one.first, one.slug))


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


_CALLED = {"charter": "policy"}
"""Kinds that the register calls by another word."""


def embodies(kind: str, slug: str, payload: Mapping[str, Any], advice: Mapping[str, Any]) -> bool:
    """Does the item act on the piece of advice? Either of the two may say so."""
    named = {"kind": _CALLED.get(kind, kind), "slug": slug} in advice.get("embodied_by", ())
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

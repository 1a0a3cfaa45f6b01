"""The grid of days and what stands in them. Pure: dates and a zone in, days out."""

import zoneinfo
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import IntFlag, StrEnum
from functools import lru_cache
from itertools import combinations, pairwise
from math import ceil
from typing import Any

from planner.base.repeats import parse_repeat
from planner.base.worktime import WorkingCalendar
from planner.playbook.rules import Season, fold

SHOWN_PER_HOUR = 2
"""Entries that an hour of the week holds."""

LISTED_PER_DAY = 12
"""Entries of a day in the list."""

DAYS_LISTED = 14

SHOWN_PER_DAY = 4
"""Entries that a cell holds before "+n more", which opens the day."""

WEEKS_SHOWN = 6
"""A month is always drawn with six weeks: nothing jumps from one month to the next, and no entry is out of sight."""

FIRST_MONTH, LAST_MONTH = date(2000, 1, 1), date(2100, 1, 1)


# ---- what stands


@dataclass(frozen=True)
class Mark:
    """A channel in two letters."""

    mark: str
    owned: bool
    title: Mapping[str, str]
    pk: int = 0


class Missing(IntFlag):
    """What an entry lacks before it can go out in good order."""

    TITLE = 1
    ANSWERER = 2
    DEPUTY = 4
    LATE_WORK = 8


ENDED = ("published", "retired", "cancelled")


def missing(
    status: str, *, title: str | None, answerer: int | None, deputy: int | None, is_late: bool, published: bool
) -> Missing:
    """What is missing of a post that is still to come out; nothing is missing of what is out."""
    if published or status in ENDED:
        return Missing(0)
    found = Missing(0)
    for is_missing, what in (
        (not title, Missing.TITLE),
        (answerer is None, Missing.ANSWERER),
        (deputy is None, Missing.DEPUTY),
        (is_late, Missing.LATE_WORK),
    ):
        found |= what if is_missing else Missing(0)
    return found


@dataclass(frozen=True)
class Entry:
    """A post at an hour, on one channel or several. `state` is that of the post, or `published`, or `late`."""

    post_id: int
    at: datetime
    title: str
    state: str
    marks: tuple[Mark, ...]
    version: int = 1
    owner: str = ""
    missing: Missing = Missing(0)
    tags: tuple[str, ...] = ()


def state_shown(status: str, *, published: bool, at: datetime, now: datetime, held: bool = False) -> str:
    """What an entry says: out there, held, late, or the state of its post."""
    if published or held:
        return "published" if published else "held"
    return "late" if at < now and status not in ENDED else status


@dataclass(frozen=True)
class Due:
    """Open work that falls due on a day: how many items, how many of them the reader's, how many late."""

    count: int = 0
    mine: int = 0
    late: int = 0

    @classmethod
    def of(cls, parts: "Iterable[Due]") -> "Due":
        """Several taken together."""
        parts = list(parts)
        return cls(*(sum(getattr(one, name) for one in parts) for name in ("count", "mine", "late")))


@dataclass(frozen=True)
class Stretch:
    """What covers days, both included: an absence, days without publication."""

    kind: str
    pk: int
    name: str
    more: str
    first: date
    last: date


@dataclass(frozen=True)
class Kept:
    """A saved view as a tab shows it."""

    pk: int
    name: str
    page: str
    query: str
    is_shared: bool


# ---- what deserves a look


class Look(StrEnum):
    """Why a day, a channel or the whole window deserves a look."""

    CROWDED = "crowded"
    NEAR = "near"
    REPEATED = "repeated"
    SAME_SUBJECT = "subject"
    NOBODY = "nobody"
    SOBER = "sober"
    EMPTY_WEEK = "empty"
    SILENT = "silent"
    PROMOTION = "promotion"


@dataclass(frozen=True)
class Caution:
    """Something to look at, on a day or in the whole window. `values` fill its sentence."""

    look: Look
    on: date | None
    values: Mapping[str, Any] = field(default_factory=dict)


# ---- days


@dataclass(frozen=True)
class Day:
    on: date
    in_month: bool
    is_today: bool
    is_past: bool
    is_working: bool
    feast: str = ""
    entries: tuple[Entry, ...] = ()
    count: int = 0
    due: Due = field(default_factory=Due)
    reviews: int = 0
    stretches: tuple[Stretch, ...] = ()
    cautions: tuple[Caution, ...] = ()

    @property
    def more(self) -> int:
        """Entries that are counted and not shown."""
        return self.count - len(self.entries)

    @property
    def is_empty(self) -> bool:
        return not (self.count or self.due.count or self.reviews or self.feast)


@dataclass(frozen=True)
class Week:
    """Seven days, with the ISO number of the week that most of them belong to."""

    days: tuple[Day, ...]

    @property
    def number(self) -> int:
        return self.days[3].on.isocalendar().week


SUNDAY_FIRST = frozenset({"CA", "US"})
"""Countries whose printed calendars begin on Sunday, in English; in French the week begins on Monday everywhere."""


def first_weekday(country: str, language: str) -> int:
    """The weekday on which a row begins, 0 for Monday."""
    return 6 if language == "en" and country in SUNDAY_FIRST else 0


def week_of(day: date, starts: int = 0) -> date:
    """The first day of the row in which a day stands."""
    return day - timedelta(days=(day.weekday() - starts) % 7)


def month_of(text: str, fallback: date) -> date:
    """The first day of a month written `2026-11`; that of `fallback` when it is not one, or out of reach."""
    try:
        year, _dash, month = text.partition("-")
        first = date(int(year), int(month), 1)
    except ValueError:
        return fallback.replace(day=1)
    return min(max(first, FIRST_MONTH), LAST_MONTH)


def day_of(text: str, fallback: date) -> date:
    """A day written `2026-11-19`; `fallback` when it is not one, or out of reach."""
    try:
        return min(max(date.fromisoformat(text), FIRST_MONTH), LAST_MONTH)
    except ValueError:
        return fallback


def next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def previous_month(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def days_of_month(first: date, starts: int = 0) -> list[date]:
    """The forty-two days of six weeks that begin with the week of the first."""
    return days_from(week_of(first, starts), WEEKS_SHOWN * 7)


def instant_of(day: date, zone: str) -> datetime:
    """When a local day begins, in UTC."""
    return datetime.combine(day, time(0), tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(UTC)


def local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(zoneinfo.ZoneInfo(zone)).date()


def bounds(days: Sequence[date], zone: str) -> list[tuple[datetime, datetime]]:
    """The instants at which each of these days begins and ends; 23 or 25 hours apart when the clock changes."""
    return [(instant_of(day, zone), instant_of(day + timedelta(days=1), zone)) for day in days]


def hour_bounds(day: date, zone: str) -> list[tuple[datetime, datetime]]:
    """The twenty-four wall hours of a local day as instants: one that the clock skips is empty, one it repeats is long.

    Together they are the day, with no instant left out.
    """
    here = zoneinfo.ZoneInfo(zone)
    begins = instant_of(day, zone)
    ends = instant_of(day + timedelta(days=1), zone)
    marks = [begins]
    for hour in range(1, 24):
        wall = datetime.combine(day, time(hour), tzinfo=here).astimezone(UTC)
        marks.append(min(max(wall, marks[-1]), ends))
    return list(zip(marks, [*marks[1:], ends], strict=True))


HOURS_SHOWN = range(8, 19)
"""The hours that a week always shows; others only when something stands in them."""


@dataclass(frozen=True)
class Hour:
    """One hour of a week: for each of its days, the entries shown and how many there are."""

    hour: int
    cells: tuple[tuple[tuple[Entry, ...], int], ...]


def hours_of(entries: Sequence[Sequence[Entry]], counts: Sequence[int]) -> list[Hour]:
    """The hours of seven days, given one after the other, as rows."""
    rows = []
    for hour in range(24):
        at = [day * 24 + hour for day in range(len(entries) // 24)]
        if hour in HOURS_SHOWN or any(counts[one] for one in at):
            rows.append(Hour(hour, tuple((tuple(entries[one]), counts[one]) for one in at)))
    return rows


def cut_into_days(start: datetime, end: datetime, zone: str) -> list[tuple[datetime, datetime]]:
    """The same span in pieces, one for each local day that it touches."""
    first, pieces = local_day(start, zone), []
    while (begins := max(start, instant_of(first, zone))) < end:
        pieces.append((begins, min(end, instant_of(first + timedelta(days=1), zone))))
        first += timedelta(days=1)
    return pieces


def by_day(entries: Iterable[Entry], zone: str) -> dict[date, list[Entry]]:
    """Entries under the local day on which they appear, in the order of the hour."""
    here = zoneinfo.ZoneInfo(zone)
    days: dict[date, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda one: (one.at, one.post_id)):
        days[entry.at.astimezone(here).date()].append(entry)
    return days


def fill(
    days: Sequence[date],
    *,
    month: date | None,
    today: date,
    entries: Sequence[Sequence[Entry]],
    counts: Sequence[int],
    dues: Sequence[Due],
    feasts: Mapping[date, str],
    reviews: Sequence[int] = (),
    stretches: Sequence[Stretch] = (),
    is_working: Callable[[date], bool],
) -> list[Day]:
    """The days with all that stands in them. `month` says which of them are the month's own."""
    return [
        Day(
            on=on,
            in_month=month is None or (on.year, on.month) == (month.year, month.month),
            is_today=on == today,
            is_past=on < today,
            is_working=is_working(on),
            feast=feasts.get(on, ""),
            entries=tuple(entries[number]),
            count=counts[number],
            due=dues[number],
            reviews=reviews[number] if reviews else 0,
            stretches=tuple(one for one in stretches if one.first <= on <= one.last),
        )
        for number, on in enumerate(days)
    ]


def with_cautions(days: Iterable[Day], found: Iterable[Caution]) -> list[Day]:
    """The days, each with what deserves a look on it."""
    by_day: dict[date | None, list[Caution]] = defaultdict(list)
    for one in found:
        by_day[one.on].append(one)
    return [replace(day, cautions=tuple(by_day[day.on])) if day.on in by_day else day for day in days]


def in_weeks(days: Sequence[Day]) -> list[Week]:
    return [Week(tuple(days[start : start + 7])) for start in range(0, len(days), 7)]


# ---- what a reader wants to see


@dataclass(frozen=True)
class Filter:
    """What a reader chose, as it stands in the address; empty shows everything. People and campaigns go by id."""

    channel: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    intent: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    campaign: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    audience: str = ""
    q: str = ""
    mine: str = ""
    problems: str = ""

    @classmethod
    def read(cls, values: Mapping[str, Sequence[str]]) -> "Filter":
        """From the lists of an address; what is empty or too long is left out."""
        lists = {name: tuple(one for one in values.get(name, ()) if 0 < len(one) <= 80)[:20] for name in _LISTS}
        words = {name: values.get(name, [""])[-1].strip()[:200] for name in _WORDS}
        return cls(**lists, **words)  # type: ignore[arg-type]

    def pairs(self) -> list[tuple[str, str]]:
        """As they go into an address."""
        many = [(name, one) for name in _LISTS for one in getattr(self, name)]
        return many + [(name, getattr(self, name)) for name in _WORDS if getattr(self, name)]

    @property
    def is_empty(self) -> bool:
        return not self.pairs()


_WORDS = ("audience", "q", "mine", "problems")
_LISTS = tuple(name for name in Filter.__dataclass_fields__ if name not in _WORDS)

PAGES = ("month", "week", "agenda", "board")
"""The ways to see a calendar, each an address of that name."""

LAYERS = (
    "cautions", "slots", "meetings", "work", "review", "holidays", "seasons", "absences", "blackouts", "campaigns",
)  # fmt: skip
"""What may be shown beside the posts, each switched off by `hide=<layer>` in the address."""


def hidden(values: Sequence[str]) -> frozenset[str]:
    """The layers that an address switches off."""
    return frozenset(values) & frozenset(LAYERS)


# ---- what comes back

HORIZON = timedelta(weeks=13)
"""How far ahead the places of a cadence stand in the calendar."""

WORK_AHEAD = timedelta(weeks=3)
"""How far ahead a meeting is somebody's work: before the first reminder of any profile, and no further."""

SLOT = "slot"
"""The form of a cadence that leaves an empty, visible place."""

SUSPENDED = "suspended"
"""What stands in place of the hour of an empty place while everything is held."""

MEETING = "meeting"
"""How everything else that comes back is drawn: meetings, short lists."""

LEADERS_OWN = "e-exec"

DUTY = "answer-duty"
"""The cadence that is a rota of people, not a place in the calendar."""


def asks_for_work(form: str, profile: str) -> bool:
    """Meetings and lists are the owner's work; an empty place is not, except the quarter of an hour of a leader."""
    return form != SLOT or profile == LEADERS_OWN


_PLANNED_AHEAD = ("w-std", "w-lite")
"""Workflows of a post that somebody decides to write; the others follow something that happened."""

_FOLLOWS = ("evergreen-refresh", "event-replacement")
"""Templates that follow something too, though their work is that of any post."""

VOICES = "voices"
"""Beside the intents: a post in which somebody else speaks, with their name and their consent."""

_OTHERS = frozenset({"consent", "people", "person"})


def may_fill(template: Mapping[str, Any], place: Mapping[str, Any]) -> bool:
    """May this template fill an empty place of that cadence: those that it names, and any that waits for nothing."""
    if template["slug"] in place.get("templates", ()):
        return True
    waits = template["workflow"] not in _PLANNED_AHEAD or template["slug"] in _FOLLOWS or bool(template.get("gates"))
    return place["form"] == SLOT and place["reminder"] != LEADERS_OWN and not waits


def ways_of(template: Mapping[str, Any]) -> tuple[str, ...]:
    """What a post of this template adds to the mix: its intent, and whether others speak in it."""
    is_heard = any(one["type"] in _OTHERS for one in template.get("fields", ()))
    return (template["intent"], VOICES) if is_heard else (template["intent"],)


@dataclass(frozen=True)
class Offer:
    """A template for an empty place: what the mix lacks most of what it adds, and how often that was done."""

    slug: str
    way: str
    done: int
    is_wished: bool


OFFERED = 4


def offers(
    templates: Iterable[Mapping[str, Any]], place: Mapping[str, Any], used: Mapping[tuple[str, str], int]
) -> list[Offer]:
    """The templates for a place, what was done least first. `used`: posts of late by intent and template.

    Those that the cadence names come before others of the same need; a way to promote is never offered.
    """
    templates = list(templates)
    known = {one["slug"]: ways_of(one) for one in templates}
    by_way: dict[str, int] = defaultdict(int)
    by_slug: dict[str, int] = defaultdict(int)
    for (intent, slug), count in used.items():
        by_slug[slug] += count
        for way in {intent, *(way for way in known.get(slug, ()) if way == VOICES)}:
            by_way[way] += count
    found = []
    for one in templates:
        if one["intent"] != "promote" and may_fill(one, place):
            way = min(known[one["slug"]], key=lambda name: by_way[name])
            found.append(Offer(one["slug"], way, by_way[way], one["slug"] in place.get("templates", ())))
    found.sort(key=lambda one: (one.done, not one.is_wished, by_slug[one.slug], one.slug))
    wished = [one for one in found[OFFERED:] if one.is_wished]
    return found[:OFFERED] + wished


def days_ahead(
    rule: str,
    *,
    at: time,
    starts_on: date,
    ends_on: date | None,
    calendar: WorkingCalendar,
    now: datetime,
    until: date,
) -> list[date]:
    """The days on which a rule falls from `now` to `until`, both the rule's and the cadence's end kept.

    What comes seldom still has its next day, however far. The hour is one of the wall: it decides only whether today's
    turn has passed. Raises `BadRepeat`, a ValueError.
    """
    days: list[date] = []
    for instant in parse_repeat(rule).occurrences(calendar.at(starts_on, at), calendar):
        day = calendar.local(instant).date()
        if (ends_on and day > ends_on) or (day > until and days):
            break
        if instant > now and day not in days[-1:]:
            days.append(day)
    return days


def rota_days(days: Iterable[date], today: date, calendar: WorkingCalendar) -> list[date]:
    """The days of a rota that are known by name: the open ones up to the end of next week, known the Friday before."""
    return [day for day in days if day <= last_day_named(today) and calendar.is_working_day(day)]


# ---- seasonal topics

REVIEW_FROM = 10
"""The month from which next year's list is to be looked through, before the topics of January begin."""

REVIEW_DAYS = 5
"""Working days of November that are given for it."""


def day_to_plan(first: date, calendar: WorkingCalendar) -> date:
    """A working day on which to appear: that day, else the last one before."""
    return first if calendar.is_working_day(first) else calendar.shift(first, -1)


# ---- silence

SILENT_AFTER = 2
"""Times its cadence, without anything published, after which a channel has fallen silent (a default of this house)."""


def is_silent(pace: int, since: datetime, next_at: datetime | None, now: datetime) -> bool:
    """Has nothing appeared since then for twice the cadence, and is nothing planned within the next one?"""
    is_coming = next_at is not None and next_at <= now + timedelta(days=pace)
    return now > since + timedelta(days=SILENT_AFTER * pace) and not is_coming


def season_drawn(one: Season, name: str) -> Stretch:
    """A topic as it stands in the calendar: on its days, and on the first of them alone when they are many."""
    last = one.last if (one.last - one.first).days < SEASON_DRAWN else one.first
    return Stretch("sober" if one.is_sober else "season", one.first.year, name, one.slug, one.first, last)


SEASON_DRAWN = 4
"""Days up to which a topic stands on each of them."""


# ---- when it deserves a look


@dataclass(frozen=True)
class Limits:
    """How much is too much, as the policy of the house says (R02 and R22)."""

    a_day: int
    hours: int
    likeness: float
    days: int
    least_posts: int
    promo_percent: int


@dataclass(frozen=True)
class Traffic:
    """What a channel publishes on a day, still to come: its first hours, one more than the policy allows at most."""

    on: date
    channel: int
    hours: tuple[datetime, ...]


@dataclass(frozen=True)
class Mix:
    """The posts of the days that end on `last`, and how many of them promote."""

    last: date
    total: int = 0
    promoted: int = 0


def crowding(traffic: Iterable[Traffic], limits: Limits) -> Iterator[Caution]:
    """R22 over the window: too many on one channel in a day, or two of them too near."""
    for one in traffic:
        hours = sorted(one.hours)
        if len(hours) > limits.a_day:
            yield Caution(Look.CROWDED, one.on, {"channel": one.channel, "most": limits.a_day})
        elif any(b - a < timedelta(hours=limits.hours) for a, b in pairwise(hours)):
            yield Caution(Look.NEAR, one.on, {"channel": one.channel, "hours": limits.hours})


@lru_cache(maxsize=4096)
def _words(title: str) -> frozenset[str]:
    return frozenset(word for word in fold(title).replace("-", " ").split() if len(word) > 2)


def _alike(one: frozenset[str], other: frozenset[str], likeness: float) -> bool:
    return len(one & other) >= likeness * len(one | other)


LEAST_WORDS = 3
"""Words of three letters or more that a title needs before it is compared: two short ones are alike by chance."""


def _telling(words: frozenset[str], likeness: float) -> list[str]:
    """The longest words of a title, so many that any other title alike has one of its own among them."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return ordered[: len(words) - ceil(likeness * len(words)) + 1]


def repetition(entries: Iterable[Entry], zone: str, today: date, limits: Limits) -> Iterator[Caution]:
    """R22 over the window: a post whose title says what an earlier one says already."""
    told: dict[str, list[tuple[frozenset[str], Entry]]] = defaultdict(list)
    for entry in sorted(entries, key=lambda one: (one.at, one.post_id)):
        words = _words(entry.title)
        if len(words) < LEAST_WORDS or Missing.TITLE in entry.missing:
            continue
        telling = _telling(words, limits.likeness)
        on = local_day(entry.at, zone)
        if on >= today:
            near = (_last_alike(told[word], words, entry.post_id, limits.likeness) for word in telling)
            earlier = max(filter(None, near), key=lambda one: one.at, default=None)
            if earlier and entry.at - earlier.at <= timedelta(days=limits.days):
                yield Caution(Look.REPEATED, on, {"title": entry.title, "other": earlier.title})
        for word in telling:
            told[word].append((words, entry))


def _last_alike(
    told: Sequence[tuple[frozenset[str], Entry]], words: frozenset[str], post_id: int, likeness: float
) -> Entry | None:
    """The last of those told so far whose title is alike; the same post elsewhere repeats nothing."""
    alike = (one for others, one in reversed(told) if one.post_id != post_id and _alike(words, others, likeness))
    return next(alike, None)


def same_subject(days: Iterable[Day]) -> Iterator[Caution]:
    """Two posts of one day under one tag."""
    for day in days:
        first: dict[str, Entry] = {}
        for entry, tag in ((one, tag) for one in day.entries for tag in one.tags):
            other = first.setdefault(tag, entry)
            if other.post_id != entry.post_id:
                yield Caution(Look.SAME_SUBJECT, day.on, {"tag": tag, "title": entry.title, "other": other.title})
                break


def nobody_on_duty(
    days: Iterable[Day], on_duty: Collection[date], is_working: Callable[[date], bool]
) -> Iterator[Caution]:
    """R07 over the window: a day with posts that is not worked, or whose morrow is not, with nobody on duty."""
    for day in days:
        after = day.on + timedelta(days=1)
        closed = next((on for on in (day.on, after) if not is_working(on)), None)
        if day.count and closed and not {day.on, after} & set(on_duty):
            yield Caution(Look.NOBODY, day.on, {"day": closed})


def on_sober_days(days: Iterable[Day], topics: Iterable[Season]) -> Iterator[Caution]:
    """A day of mourning or memory on which something appears."""
    sobers = [one for one in topics if one.is_sober]
    for day in days:
        sober = next((one for one in sobers if one.first <= day.on <= one.last), None)
        if day.count and sober:
            yield Caution(Look.SOBER, day.on, {"name": sober.payload["title"]})


def empty_weeks(days: Sequence[Day], today: date) -> Iterator[Caution]:
    """A row of seven days to come, near enough to be planned, without a post and not closed to publication."""
    for week in in_weeks(days):
        first, last = week.days[0].on, week.days[-1].on
        is_near = len(week.days) == 7 and today <= last and first <= today + HORIZON
        is_closed = all(any(one.kind == "blackout" for one in day.stretches) for day in week.days)
        if is_near and not is_closed and not any(day.count for day in week.days):
            yield Caution(Look.EMPTY_WEEK, max(first, today), {"number": week.number})


def promotion(mix: Mix, limits: Limits, today: date) -> Iterator[Caution]:
    """R02 over the window: the share that promotes."""
    if mix.last < today or mix.total < limits.least_posts:
        return
    percent = 100 * mix.promoted / mix.total
    if percent > limits.promo_percent:
        values = {"n": mix.promoted, "total": mix.total, "percent": round(percent), "most": limits.promo_percent}
        yield Caution(Look.PROMOTION, None, {**values, "last": mix.last})


def silences(channels: Iterable[int], days: Sequence[Day]) -> Iterator[Caution]:
    """A channel that has fallen silent, while today is in the window."""
    if any(day.is_today for day in days):
        yield from (Caution(Look.SILENT, None, {"channel": channel}) for channel in channels)


# ---- two who share a turn

ROTA, LIST = "rota", "checklist"
"""The forms of a cadence whose days are of people: of those whose turn it is, or of everybody who adds a line."""

Together = frozenset[int]


def last_day_named(today: date) -> date:
    """Up to the end of next week: the turns of a week are known the Friday before."""
    return today + timedelta(days=13 - today.weekday())


def pair_up(
    people: Mapping[int, str], met: Mapping[Together, date], last: Mapping[int, date]
) -> tuple[int, int] | None:
    """Two people of different departments who were paired least recently; nobody with fewer than two people.

    `people` gives the department of each, in the order of seniority, which settles what is equal; unknown, it is
    another one than any. `met` is when two were last paired, `last` when each had a turn. Only where all are of one
    department are two of it taken.
    """
    every = list(combinations(people, 2))
    mixed = [(a, b) for a, b in every if not people[a] or people[a].casefold() != people[b].casefold()]

    def since(pair: tuple[int, int]) -> tuple[date, date, date]:
        turns = sorted(last.get(one, date.min) for one in pair)
        return (met.get(frozenset(pair), date.min), turns[1], turns[0])

    return min(mixed or every, key=since, default=None)

"""The grid of days and what stands in them. Pure: dates and a zone in, days out."""

import zoneinfo
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import IntFlag

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


@dataclass(frozen=True)
class Stretch:
    """What covers days, both included: an absence, days without publication."""

    kind: str
    pk: int
    name: str
    more: str
    first: date
    last: date


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
    stretches: tuple[Stretch, ...] = ()

    @property
    def more(self) -> int:
        """Entries that are counted and not shown."""
        return self.count - len(self.entries)

    @property
    def is_empty(self) -> bool:
        return not (self.count or self.due.count or self.feast)


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
            stretches=tuple(one for one in stretches if one.first <= on <= one.last),
        )
        for number, on in enumerate(days)
    ]


def in_weeks(days: Sequence[Day]) -> list[Week]:
    return [Week(tuple(days[start : start + 7])) for start in range(0, len(days), 7)]

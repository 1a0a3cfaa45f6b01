"""The grid of a month and what stands in its days. Pure: dates and a zone in, days out; weeks begin on Monday."""

import zoneinfo
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

SHOWN_PER_DAY = 4
"""Entries that a day shows before "+n more"."""

OPENED_PER_DAY = 20
"""Entries that "+n more" opens in place; beyond that, the page of the day has them all."""

FIRST_MONTH, LAST_MONTH = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True)
class Mark:
    """A channel in two letters."""

    mark: str
    owned: bool
    title: Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """A post at an hour, on one channel or several. `state` is that of the post, or `published`, or `late`."""

    post_id: int
    at: datetime
    title: str
    state: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Due:
    """Open work that falls due on a day: how many items, how many of them the reader's, how many late."""

    count: int = 0
    mine: int = 0
    late: int = 0


@dataclass(frozen=True)
class Day:
    on: date
    in_month: bool
    is_today: bool
    is_past: bool
    is_working: bool
    feast: str = ""
    entries: tuple[Entry, ...] = ()
    due: Due = field(default_factory=Due)

    @property
    def shown(self) -> tuple[Entry, ...]:
        return self.entries if len(self.entries) <= SHOWN_PER_DAY else self.entries[: SHOWN_PER_DAY - 1]

    @property
    def rest(self) -> tuple[Entry, ...]:
        return self.entries[len(self.shown) :][:OPENED_PER_DAY]

    @property
    def rest_count(self) -> int:
        return len(self.entries) - len(self.shown)

    @property
    def is_empty(self) -> bool:
        return not (self.entries or self.due.count or self.feast)


@dataclass(frozen=True)
class Week:
    """Seven days from Monday, with the ISO number of their week."""

    days: tuple[Day, ...]

    @property
    def number(self) -> int:
        return self.days[0].on.isocalendar().week


def month_of(text: str, fallback: date) -> date:
    """The first day of a month written `2026-11`; that of `fallback` when it is not one, or out of reach."""
    try:
        year, _dash, month = text.partition("-")
        first = date(int(year), int(month), 1)
    except ValueError:
        return fallback.replace(day=1)
    return min(max(first, FIRST_MONTH), LAST_MONTH)


def next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def previous_month(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def mondays(first: date) -> list[date]:
    """The Mondays of the weeks that a month touches: four to six."""
    start, end = first - timedelta(days=first.weekday()), next_month(first)
    return [start + timedelta(weeks=n) for n in range(6) if start + timedelta(weeks=n) < end]


def span(first: date) -> tuple[date, date]:
    """First day shown, and the day after the last one."""
    weeks = mondays(first)
    return weeks[0], weeks[-1] + timedelta(days=7)


def instant_of(day: date, zone: str) -> datetime:
    """When a local day begins, in UTC."""
    return datetime.combine(day, time(0), tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(UTC)


def local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(zoneinfo.ZoneInfo(zone)).date()


def by_day(entries: Iterable[Entry], zone: str) -> dict[date, list[Entry]]:
    """Entries under the local day on which they appear, in the order of the hour."""
    here = zoneinfo.ZoneInfo(zone)
    days: dict[date, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda one: (one.at, one.post_id)):
        days[entry.at.astimezone(here).date()].append(entry)
    return days


def grid(
    first: date,
    *,
    today: date,
    entries: Mapping[date, list[Entry]],
    feasts: Mapping[date, str],
    dues: Mapping[date, Due],
    is_working: Callable[[date], bool],
) -> tuple[Week, ...]:
    """The weeks of a month with all that stands in them."""

    def day(on: date) -> Day:
        return Day(
            on=on,
            in_month=(on.year, on.month) == (first.year, first.month),
            is_today=on == today,
            is_past=on < today,
            is_working=is_working(on),
            feast=feasts.get(on, ""),
            entries=tuple(entries.get(on, ())),
            due=dues.get(on, Due()),
        )

    return tuple(Week(tuple(day(monday + timedelta(days=n)) for n in range(7))) for monday in mondays(first))


def state_shown(status: str, *, published: bool, at: datetime, now: datetime, held: bool = False) -> str:
    """What an entry says: out there, held, late, or the state of its post."""
    if published or held:
        return "published" if published else "held"
    return "late" if at < now and status not in ("published", "retired", "cancelled") else status

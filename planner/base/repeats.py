"""What comes back: the recurrence rule of a calendar (RRULE), counted on the clock on the wall.

`FREQ=WEEKLY;BYDAY=MO` at ten stays at ten when the clocks change. Steps of hours are elapsed hours instead, since
"every four hours" means that much time. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from dateutil.rrule import rrule, rrulestr
from django.utils.translation import gettext as _

from planner.base.errors import Invalid
from planner.base.worktime import WorkingCalendar

HORIZON = timedelta(days=3660)
"""How far a rule is followed: ten years."""

_PART = re.compile(r"([A-Z]+)=([A-Z0-9,+-]+)")
_KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"})
_FREQUENCIES = frozenset({"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"})
_OF_HOURS = frozenset({"FREQ", "INTERVAL", "COUNT"})
"""All that a rule of hours may say: anything else would be looked for hour by hour."""


class BadRepeat(Invalid, ValueError):
    """The text is not a recurrence rule that we follow."""


@dataclass(frozen=True)
class Repeat:
    """A rule that was read: without its count and end, which are kept beside it."""

    rule: str
    count: int | None
    until: datetime | None
    """The last wall time that is still meant."""
    is_hourly: bool

    def occurrences(self, first: datetime, calendar: WorkingCalendar) -> Iterator[datetime]:
        """The instants that the rule gives from `first` on, in UTC, in order; `first` itself only if it fits the rule.

        Ends with the rule, and after ten years at the latest.
        """
        zone = UTC if self.is_hourly else calendar.tz
        start = first.astimezone(zone).replace(tzinfo=None)
        end = min(self.until or start + HORIZON, start + HORIZON)
        walls: Iterator[datetime] = iter(_read(f"{self.rule};UNTIL={end:%Y%m%dT%H%M%S}", start))
        instants = (wall.replace(tzinfo=zone, fold=0).astimezone(UTC) for wall in walls)
        return islice(instants, self.count)


def parse_repeat(text: str) -> Repeat:
    """Read a rule such as `FREQ=WEEKLY;BYDAY=MO;COUNT=4`. Raises `BadRepeat`, a ValueError that names it."""
    found = [_PART.fullmatch(part) for part in text.split(";")]
    parts = {part[1]: part[2] for part in found if part}
    fits = len(parts) == len(found) and parts.keys() <= _KNOWN and parts.get("FREQ") in _FREQUENCIES
    is_hourly = parts.get("FREQ") == "HOURLY"
    if not fits or (is_hourly and not parts.keys() <= _OF_HOURS):
        raise _not_a_rule(text)
    try:
        count = int(parts.pop("COUNT")) if "COUNT" in parts else None
        until = _end(parts.pop("UNTIL")) if "UNTIL" in parts else None
        repeat = Repeat(";".join(f"{name}={value}" for name, value in parts.items()), count, until, is_hourly)
        _read(repeat.rule, datetime(2026, 1, 1))  # noqa: DTZ001 - a wall time, only to try the rule
    except ValueError as fault:
        raise _not_a_rule(text) from fault
    if repeat.count is not None and repeat.count < 1:
        raise _not_a_rule(text)
    return repeat


def _read(rule: str, start: datetime) -> rrule:
    read = rrulestr(rule, dtstart=start)
    if not isinstance(read, rrule):
        raise ValueError(rule)
    return read


def _end(text: str) -> datetime:
    """A day alone means the whole of that day."""
    day = datetime.strptime(text[:8], "%Y%m%d")  # noqa: DTZ007 - a wall time
    if len(text) == 8:
        return day.replace(hour=23, minute=59, second=59)
    return datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a wall time


def _not_a_rule(text: str) -> BadRepeat:
    return BadRepeat(
        _("“%(rule)s” is not a repetition, such as FREQ=WEEKLY;BYDAY=MO or FREQ=DAILY;COUNT=5.") % {"rule": text}
    )

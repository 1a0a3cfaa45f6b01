"""Working time: which days and hours an organisation works, and how far apart two moments are in that time.

Everything here is pure. An *instant* is an aware datetime and is always returned in UTC, because Python compares and
subtracts two datetimes of one zone by their wall clocks, and so goes wrong by an hour twice a year. Days and wall times
are local to the calendar's zone; `local()` turns an instant into what the clock on the wall shows.
"""

import zoneinfo
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from planner.base.errors import Invalid

DUE_TIME = time(17, 0)
"""Local hour at which everything counted in days falls due."""

MORNING_TIME = time(9, 30)
"""Where work that would fall outside working hours goes, on the next working day."""

MONDAY_TO_FRIDAY = frozenset({0, 1, 2, 3, 4})

LONGEST_CLOSURE = 3660
"""Days without one working day after which we say that there is none: ten years."""


class NoWorkingTime(Invalid, ValueError):
    """The calendar cannot be used: no working day, hours upside down, or an unknown zone."""


@dataclass(frozen=True)
class WorkingCalendar:
    """An organisation's working days (0 = Monday), hours and holidays, in its own time zone.

    `holidays` may carry names (a mapping from the date); only the dates decide. Raises `NoWorkingTime`, a ValueError,
    when no working time can come out of it.
    """

    zone: str
    days: frozenset[int] = MONDAY_TO_FRIDAY
    starts: time = time(9, 0)
    ends: time = DUE_TIME
    holidays: Mapping[date, str] | Collection[date] = field(default=frozenset(), hash=False)

    def __post_init__(self) -> None:
        if not self.days or not self.days <= frozenset(range(7)):
            raise NoWorkingTime(_("The working week has no working day: choose at least one."))
        if self.starts >= self.ends:
            raise NoWorkingTime(_("The working day must end after it starts."))
        try:
            zoneinfo.ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as unknown:
            raise NoWorkingTime(_("“%(zone)s” is not a time zone.") % {"zone": self.zone}) from unknown

    @cached_property
    def tz(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.zone)

    # ---- days

    def is_working_day(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.holidays

    def next_working_day(self, day: date, inclusive: bool = True) -> date:
        """The first working day from `day` on; with `inclusive=False`, strictly after it."""
        return day if inclusive and self.is_working_day(day) else next(self._working_days(day, 1))

    def shift(self, day: date, n: int) -> date:
        """The `n`th working day after `day` (before it when negative). `day` itself when `n` is 0, working or not."""
        steps = self._working_days(day, 1 if n > 0 else -1)
        for _step in range(abs(n)):
            day = next(steps)
        return day

    def working_days_between(self, a: date, b: date) -> int:
        """How many working days one counts going from `a` to `b`: those after `a`, up to and including `b`.

        Negative when `b` comes first: those before `a`, down to and including `b`.
        """
        step = 1 if b >= a else -1
        days = (a + timedelta(days=step * n) for n in range(1, abs((b - a).days) + 1))
        return step * sum(map(self.is_working_day, days))

    def _working_days(self, day: date, step: int) -> Iterator[date]:
        closed = 0
        while closed < LONGEST_CLOSURE:
            day += timedelta(days=step)
            closed = 0 if self.is_working_day(day) else closed + 1
            if not closed:
                yield day
        raise NoWorkingTime(_("There is no working day within ten years: check the holidays."))

    # ---- instants

    def at(self, day: date, moment: time) -> datetime:
        """The instant of a local wall time. One that a clock change skips moves forward by the gap; one that comes
        twice is the first."""
        return datetime.combine(day, moment.replace(fold=0), tzinfo=self.tz).astimezone(UTC)

    def local(self, instant: datetime) -> datetime:
        """The same instant as the clock on the wall shows it."""
        return instant.astimezone(self.tz)

    def is_working_moment(self, instant: datetime) -> bool:
        """Is somebody at work then? The closing minute still counts, since work may fall due on it."""
        here = self.local(instant)
        return self.is_working_day(here.date()) and self.starts <= here.time() <= self.ends

    def day_for_work(self, instant: datetime) -> date:
        """The first day on which one can still work from this instant on: today unless it is closed or over."""
        here = self.local(instant)
        return self.next_working_day(here.date(), inclusive=here.time() < self.ends)

    def settle(self, instant: datetime) -> datetime:
        """The instant itself inside working hours, else 09:30 of the next working day.

        Before opening time on a working day, the next working day is that very day. Where 09:30 is not a working hour,
        half an hour after opening stands for it.
        """
        if self.is_working_moment(instant):
            return instant.astimezone(UTC)
        return self.at(self.day_for_work(instant), self._morning)

    def add_working_hours(self, instant: datetime, hours: float) -> datetime:
        """The instant at which that many working hours have elapsed; a full day ends on its closing time."""
        if hours < 0:
            raise ValueError(f"working hours are counted forward, not {hours}")
        left = timedelta(hours=hours)
        day = self.day_for_work(instant)
        while True:
            opens, closes = self.at(day, self.starts), self.at(day, self.ends)
            begins = max(opens, instant.astimezone(UTC))
            if begins + left <= closes:
                return begins + left
            left -= max(closes - begins, timedelta())
            day = self.next_working_day(day, inclusive=False)

    @cached_property
    def _morning(self) -> time:
        if self.starts <= MORNING_TIME <= self.ends:
            return MORNING_TIME
        opening = datetime.combine(date.min, self.starts)
        return min(opening + timedelta(minutes=30), datetime.combine(date.min, self.ends)).time()

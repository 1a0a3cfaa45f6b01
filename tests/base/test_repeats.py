"""Recurrence rules on the wall clock."""

from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.errors import PlannerError
from planner.base.repeats import BadRepeat, parse_repeat
from planner.base.worktime import WorkingCalendar

PARIS = ZoneInfo("Europe/Paris")
paris = WorkingCalendar("Europe/Paris")


def wall(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def first(count, rule, start, calendar=paris):
    return list(islice(parse_repeat(rule).occurrences(start, calendar), count))


class TestReading:
    @pytest.mark.parametrize(
        "rule",
        [
            "every week",
            "weekly",
            "FREQ=SECONDLY",
            "FREQ=MINUTELY;COUNT=5",
            "FREQ=WEEKLY;BYDAY=XX",
            "FREQ=WEEKLY;COUNT=0",
            "FREQ=WEEKLY;COUNT=soon",
            "FREQ=WEEKLY;UNTIL=20261399",
            "FREQ=WEEKLY;UNTIL=20260101T000000Z",
            "FREQ=HOURLY;BYDAY=MO",
            "FREQ=WEEKLY\nEXDATE:20260101",
            "DTSTART:20260101\nRRULE:FREQ=DAILY",
            "INTERVAL=2",
        ],
    )
    def test_anything_else_is_refused_by_name(self, rule):
        with pytest.raises(BadRepeat) as refusal:
            parse_repeat(rule)
        assert rule in str(refusal.value)
        assert isinstance(refusal.value, PlannerError)

    def test_a_count_and_an_end_are_known(self):
        assert parse_repeat("FREQ=WEEKLY;COUNT=4").count == 4
        assert parse_repeat("FREQ=WEEKLY").count is None


class TestOccurrences:
    def test_monday_at_ten_stays_at_ten_when_the_clocks_change(self):
        assert first(3, "FREQ=WEEKLY;BYDAY=MO", wall(2026, 3, 18, 10)) == [
            wall(2026, 3, 23, 10),
            wall(2026, 3, 30, 10),
            wall(2026, 4, 6, 10),
        ]

    def test_the_first_tuesday_of_the_month(self):
        assert first(2, "FREQ=MONTHLY;BYDAY=1TU", wall(2026, 1, 7, 14)) == [wall(2026, 2, 3, 14), wall(2026, 3, 3, 14)]

    def test_half_a_year(self):
        rule = "FREQ=YEARLY;BYMONTH=2,9;BYDAY=1TU"
        assert first(2, rule, wall(2026, 1, 1, 9)) == [wall(2026, 2, 3, 9), wall(2026, 9, 1, 9)]

    def test_the_last_day_is_still_meant_and_the_count_ends_it_too(self):
        daily = "FREQ=DAILY;UNTIL=20260103"
        assert first(9, daily, wall(2026, 1, 1, 17)) == [wall(2026, 1, day, 17) for day in (1, 2, 3)]
        assert len(first(9, "FREQ=DAILY;COUNT=2", wall(2026, 1, 1, 17))) == 2

    def test_a_rule_that_fits_no_day_ends_without_one(self):
        assert first(1, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", wall(2026, 1, 1)) == []

    @given(
        st.datetimes(datetime(2023, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
        st.sampled_from(["Europe/Paris", "America/St_Johns", "Pacific/Auckland", "Africa/Casablanca"]),
        st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2"]),
    )
    def test_the_hour_on_the_wall_stays_and_time_goes_forward(self, start, zone, rule):
        calendar = WorkingCalendar(zone)
        start = calendar.at(calendar.local(start).date(), time(10))
        times = first(60, rule, start, calendar)
        assert times[0] == start
        assert all(calendar.local(one).time() == time(10) for one in times)
        assert all(before < after for before, after in zip(times, times[1:], strict=False))

    @given(st.datetimes(datetime(2023, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC)), st.integers(1, 24))  # noqa: DTZ001
    def test_steps_of_hours_are_elapsed_hours(self, start, hours):
        times = first(30, f"FREQ=HOURLY;INTERVAL={hours};COUNT=30", start.replace(microsecond=0))
        steps = {after - before for before, after in zip(times, times[1:], strict=False)}
        assert steps == {timedelta(hours=hours)}

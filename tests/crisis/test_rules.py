"""Promised hours, levels and steps: pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.worktime import WorkingCalendar
from planner.crisis import rules

PARIS = ZoneInfo("Europe/Paris")
CALENDAR = WorkingCalendar("Europe/Paris")
THREE = {"rhythm": [{"every_minutes": 240, "since": "07:00", "until": "22:00"}]}
FOUR = {"rhythm": [{"every_minutes": 60, "for_hours": 6}, {"every_minutes": 120}]}
TWO = {"rhythm": [{"at": ["16:00"], "working_days": True}]}


def paris(day, hour, minute=0):
    return datetime(2026, 4, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("page", "after", "declared", "expected"),
    [
        (THREE, paris(27, 10), paris(27, 9), paris(27, 14)),
        (THREE, paris(27, 20), paris(27, 9), paris(28, 7)),
        (THREE, paris(27, 2), paris(27, 1), paris(27, 7)),
        (THREE, paris(27, 18), paris(27, 9), paris(27, 22)),
        (THREE, paris(27, 18, 1), paris(27, 9), paris(28, 7)),
        (THREE, paris(27, 19, 59), paris(27, 9), paris(28, 7)),
        (FOUR, paris(27, 10), paris(27, 9), paris(27, 11)),
        (FOUR, paris(27, 15), paris(27, 9), paris(27, 17)),
        (TWO, paris(27, 10), paris(27, 9), paris(27, 16)),
        (TWO, paris(27, 16), paris(27, 9), paris(28, 16)),
        (TWO, paris(25, 10), paris(25, 9), paris(27, 16)),  # a Saturday
    ],
)
def test_the_next_promised_hour(page, after, declared, expected):
    assert rules.next_promise(page, after, declared_at=declared, calendar=CALENDAR) == expected


def test_a_level_without_rhythm_promises_nothing():
    assert rules.next_promise({}, paris(27, 10), declared_at=paris(27, 9), calendar=CALENDAR) is None


@given(
    after=st.integers(0, 525_600).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    page=st.sampled_from([TWO, THREE, FOUR]),
    ago=st.integers(0, 600),
)
def test_a_promise_is_always_to_come_and_within_four_days(after, page, ago):
    due = rules.next_promise(page, after, declared_at=after - timedelta(minutes=ago), calendar=CALENDAR)
    assert after < due <= after + timedelta(days=4)
    here = due.astimezone(PARIS)
    assert page is FOUR or time(7) <= here.time() <= time(22)


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [(1, 4, True), (4, 3, True), (4, 2, False), (3, 3, False), (1, 0, False), (2, 5, False), (2, 1, True)],
)
def test_up_at_once_and_down_one_step_at_a_time(before, after, may):
    assert (not rules.step_refusal(before, after)) is may


def test_missed_hours_are_counted():
    promise = paris(27, 10)
    seen = [
        rules.missed(THREE, promise, promise + timedelta(hours=hours), declared_at=paris(27, 9), calendar=CALENDAR)
        for hours in (0, 1, 5, 9)
    ]
    assert seen == [0, 1, 2, 3]

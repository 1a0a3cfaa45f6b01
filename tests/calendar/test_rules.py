from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.calendar import rules
from planner.calendar.rules import Due, Entry

NOVEMBER = date(2026, 11, 1)
MONTHS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)).map(lambda on: on.replace(day=1))


def entry(number: int, at: datetime) -> Entry:
    return Entry(number, at, f"Post {number}", "draft", ())


def grid(first: date, **values):
    return rules.grid(
        first,
        **{
            "today": date(2026, 11, 19), "entries": {}, "feasts": {}, "dues": {},
            "is_working": lambda on: on.weekday() < 5, **values,
        },
    )  # fmt: skip


@given(MONTHS)
def test_a_month_is_whole_weeks_from_monday_that_hold_each_of_its_days_once(first):
    days = [day for week in grid(first) for day in week.days]
    assert len(days) % 7 == 0
    assert 28 <= len(days) <= 42
    assert days[0].on.weekday() == 0
    assert all(later.on - earlier.on == timedelta(days=1) for earlier, later in zip(days, days[1:], strict=False))
    inside = [day.on for day in days if day.in_month]
    assert inside[0] == first
    assert inside[-1] + timedelta(days=1) == rules.next_month(first)


@given(MONTHS)
def test_previous_undoes_next(first):
    assert rules.previous_month(rules.next_month(first)) == first


@given(MONTHS)
def test_the_span_read_is_the_span_shown(first):
    weeks = grid(first)
    begins, ends = rules.span(first)
    assert begins == weeks[0].days[0].on
    assert ends == weeks[-1].days[-1].on + timedelta(days=1)


def test_weeks_have_their_iso_number_even_across_new_year():
    assert [week.number for week in grid(NOVEMBER)] == [44, 45, 46, 47, 48, 49]
    assert [week.number for week in grid(date(2027, 1, 1))] == [53, 1, 2, 3, 4]


def test_today_and_the_days_gone_by_are_known():
    days = {day.on: day for week in grid(NOVEMBER) for day in week.days}
    assert days[date(2026, 11, 19)].is_today
    assert days[date(2026, 11, 18)].is_past
    assert not days[date(2026, 11, 19)].is_past


def test_an_entry_stands_on_its_local_day_not_on_that_of_utc():
    late_evening = entry(1, datetime(2026, 11, 21, 23, 30, tzinfo=UTC))
    assert list(rules.by_day([late_evening], "Europe/Paris")) == [date(2026, 11, 22)]
    assert list(rules.by_day([late_evening], "America/Toronto")) == [date(2026, 11, 21)]


@pytest.mark.parametrize("on", [date(2026, 3, 29), date(2026, 10, 25)])
def test_days_of_23_and_25_hours_begin_and_end_at_midnight(on):
    begins = rules.instant_of(on, "Europe/Paris")
    ends = rules.instant_of(on + timedelta(days=1), "Europe/Paris")
    last = entry(1, ends - timedelta(minutes=1))
    assert ends - begins != timedelta(hours=24)
    assert list(rules.by_day([entry(2, begins), last], "Europe/Paris")) == [on]


def test_four_entries_fit_and_a_fifth_opens_the_rest():
    noon = datetime(2026, 11, 19, 11, 0, tzinfo=UTC)

    def day_with(count: int):
        entries = {date(2026, 11, 19): [entry(number, noon) for number in range(count)]}
        return next(day for week in grid(NOVEMBER, entries=entries) for day in week.days if day.is_today)

    assert (len(day_with(4).shown), day_with(4).rest_count) == (4, 0)
    assert (len(day_with(5).shown), day_with(5).rest_count) == (3, 2)
    assert (len(day_with(60).rest), day_with(60).rest_count) == (20, 57)


def test_a_day_with_nothing_but_a_feast_or_work_is_not_empty():
    on = date(2026, 11, 11)
    feast = next(day for week in grid(NOVEMBER, feasts={on: "Armistice"}) for day in week.days if day.on == on)
    busy = next(day for week in grid(NOVEMBER, dues={on: Due(count=1)}) for day in week.days if day.on == on)
    assert not feast.is_empty
    assert not busy.is_empty


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026-12", date(2026, 12, 1)),
        ("2026-13", NOVEMBER),
        ("", NOVEMBER),
        ("yesterday", NOVEMBER),
        ("99999-1", NOVEMBER),
        ("1815-06", rules.FIRST_MONTH),
        ("9999-12", rules.LAST_MONTH),
    ],
)
def test_a_month_that_cannot_be_read_is_this_month(text, first):
    assert rules.month_of(text, date(2026, 11, 19)) == first


@pytest.mark.parametrize(
    ("status", "published", "hours", "shown"),
    [
        ("scheduled", False, -1, "late"),
        ("draft", False, 1, "draft"),
        ("approved", True, -1, "published"),
        ("retired", False, -1, "retired"),
    ],
)
def test_what_should_be_out_and_is_not_is_late(status, published, hours, shown):
    now = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
    assert rules.state_shown(status, published=published, at=now + timedelta(hours=hours), now=now) == shown

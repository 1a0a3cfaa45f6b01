from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.worktime import WorkingCalendar
from planner.calendar import rules
from planner.calendar.rules import Due, Entry

NOVEMBER = date(2026, 11, 1)
MONTHS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)).map(lambda on: on.replace(day=1))


def entry(number: int, at: datetime) -> Entry:
    return Entry(number, at, f"Post {number}", "draft", ())


def grid(first: date, starts: int = 0, *, entries=None, counts=None, dues=None, feasts=None, stretches=()):
    days = rules.days_of_month(first, starts)
    entries, counts, dues = entries or {}, counts or {}, dues or {}
    return rules.in_weeks(
        rules.fill(
            days, month=first, today=date(2026, 11, 19), entries=[entries.get(on, ()) for on in days],
            counts=[counts.get(on, len(entries.get(on, ()))) for on in days], dues=[dues.get(on, Due()) for on in days],
            feasts=feasts or {}, stretches=stretches, is_working=lambda on: on.weekday() < 5,
        )
    )  # fmt: skip


@given(MONTHS, st.sampled_from([0, 6]))
def test_a_month_is_six_whole_weeks_that_hold_each_of_its_days_once(first, starts):
    days = [day for week in grid(first, starts) for day in week.days]
    assert len(days) == 42
    assert days[0].on.weekday() == starts
    assert all(later.on - earlier.on == timedelta(days=1) for earlier, later in zip(days, days[1:], strict=False))
    inside = [day.on for day in days if day.in_month]
    assert inside[0] == first
    assert inside[-1] + timedelta(days=1) == rules.next_month(first)


@given(MONTHS)
def test_previous_undoes_next(first):
    assert rules.previous_month(rules.next_month(first)) == first


@given(MONTHS, st.sampled_from(["Europe/Paris", "America/Toronto", "Pacific/Chatham", "Africa/Cairo"]))
def test_the_bounds_of_days_leave_no_instant_out_and_take_none_twice(first, zone):
    bounds = rules.bounds(rules.days_of_month(first), zone)
    assert all(one[1] == other[0] for one, other in zip(bounds, bounds[1:], strict=False))
    assert all(timedelta(hours=22) < ends - begins < timedelta(hours=26) for begins, ends in bounds)
    assert rules.cut_into_days(bounds[0][0], bounds[-1][1], zone) == bounds


def test_weeks_have_their_iso_number_even_across_new_year():
    assert [week.number for week in grid(NOVEMBER)] == [44, 45, 46, 47, 48, 49]
    assert [week.number for week in grid(date(2027, 1, 1))] == [53, 1, 2, 3, 4, 5]
    assert [week.number for week in grid(date(2027, 1, 1), starts=6)] == [53, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("country", "language", "weekday"), [("CA", "en", 6), ("CA", "fr", 0), ("FR", "en", 0), ("CH", "fr", 0)]
)
def test_the_week_begins_on_monday_in_french_and_on_sunday_where_english_calendars_do(country, language, weekday):
    assert rules.first_weekday(country, language) == weekday


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


def test_what_a_cell_does_not_hold_is_counted():
    on = date(2026, 11, 19)
    four = [entry(number, datetime(2026, 11, 19, 11, 0, tzinfo=UTC)) for number in range(4)]
    today = next(
        day for week in grid(NOVEMBER, entries={on: four}, counts={on: 60}) for day in week.days if day.is_today
    )
    assert (len(today.entries), today.more) == (4, 56)


def test_what_covers_days_stands_in_each_of_them():
    away = rules.Stretch("absence", 1, "Karim", "", date(2026, 11, 17), date(2026, 11, 19))
    covered = [day.on.day for week in grid(NOVEMBER, stretches=[away]) for day in week.days if day.stretches]
    assert covered == [17, 18, 19]


@pytest.mark.parametrize(
    ("status", "values", "words"),
    [
        ("draft", {"title": "", "answerer": None, "deputy": None, "is_late": True}, 15),
        ("draft", {}, 0),
        ("published", {"answerer": None}, 0),
        ("scheduled", {"deputy": None}, rules.Missing.DEPUTY),
    ],
)
def test_an_entry_says_what_it_lacks_until_it_is_out(status, values, words):
    there = {"title": "Compost", "answerer": 1, "deputy": 2, "is_late": False, "published": False}
    assert rules.missing(status, **{**there, **values}) == words


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


NAIVE = datetime(2025, 1, 1)  # noqa: DTZ001 - Hypothesis adds the zone


class TestDaysAhead:
    """Cadences come back on the clock of the wall."""

    def ahead(self, rule, *, zone="Europe/Paris", now, at=time(10, 0), starts_on=None, ends_on=None, weeks=13):
        calendar = WorkingCalendar(zone=zone)
        today = calendar.local(now).date()
        return rules.days_ahead(
            rule, at=at, starts_on=starts_on or today, ends_on=ends_on, calendar=calendar, now=now,
            until=today + timedelta(weeks=weeks),
        )  # fmt: skip

    def test_a_turn_whose_hour_has_passed_today_is_not_made(self):
        monday = datetime(2026, 4, 27, 9, 0, tzinfo=UTC)  # 11:00 in Paris
        assert self.ahead("FREQ=WEEKLY;BYDAY=MO", now=monday)[0] == date(2026, 5, 4)
        assert self.ahead("FREQ=WEEKLY;BYDAY=MO", now=monday, at=time(14, 0))[0] == date(2026, 4, 27)

    def test_what_comes_once_a_year_still_has_its_next_day(self):
        now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
        assert self.ahead("FREQ=YEARLY;BYMONTH=11;BYDAY=2WE", now=now) == [date(2026, 11, 11)]
        assert self.ahead("FREQ=YEARLY;BYMONTH=11;BYDAY=2WE", now=now, ends_on=date(2026, 11, 10)) == []

    def test_every_other_week_is_counted_from_the_first_day(self):
        now = datetime(2026, 4, 27, 6, 0, tzinfo=UTC)
        found = self.ahead("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", now=now, starts_on=date(2026, 4, 20), weeks=4)
        assert found == [date(2026, 5, 4), date(2026, 5, 18)]

    @given(
        zone=st.sampled_from(["Europe/Paris", "America/Toronto", "Australia/Lord_Howe", "America/Santiago"]),
        now=st.datetimes(min_value=NAIVE, max_value=NAIVE.replace(year=2030), timezones=st.just(UTC)),
        hour=st.integers(0, 23),
        weekday=st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]),
        later=st.integers(0, 20),
    )
    def test_the_weekday_and_the_hour_of_the_wall_stay_across_clock_changes(self, zone, now, hour, weekday, later):
        calendar = WorkingCalendar(zone=zone)
        found = self.ahead(f"FREQ=WEEKLY;BYDAY={weekday}", zone=zone, now=now, at=time(hour, 0))
        assert 13 <= len(found) <= 14
        assert {one.strftime("%a")[:2].upper() for one in found} == {weekday}
        assert {b - a for a, b in pairwise(found)} == {timedelta(weeks=1)}
        assert all(calendar.at(day, time(hour, 0)) > now for day in found)
        again = self.ahead(
            f"FREQ=WEEKLY;BYDAY={weekday}", zone=zone, now=now + timedelta(days=later), at=time(hour, 0),
            starts_on=calendar.local(now).date(),
        )  # fmt: skip
        assert [day for day in again if day <= found[-1]] == [day for day in found if day >= again[0]]


@pytest.mark.parametrize(
    ("form", "profile", "is_work"),
    [("meeting", "e-std", True), ("slot", "e-std", False), ("slot", "e-exec", True), ("checklist", "e-std", True)],
)
def test_an_empty_place_is_no_work_except_a_leaders(form, profile, is_work):
    assert rules.asks_for_work(form, profile) is is_work


def _template(slug, intent, workflow="w-std", fields=(), **more):
    return {"slug": slug, "intent": intent, "workflow": workflow, "fields": [{"type": one} for one in fields], **more}


def test_an_empty_place_is_offered_what_was_done_least():
    templates = [
        _template("teach", "help"), _template("no", "explain"), _template("ask", "listen"),
        _template("sell", "promote"),
        _template("hero", "tell", fields=["consent"]), _template("reply", "listen", "w-react"),
        _template("live", "listen", gates=["G2"]),
    ]  # fmt: skip
    place = {"form": "slot", "reminder": "e-std", "templates": ["teach"]}
    used = {("help", "teach"): 5, ("explain", "no"): 1, ("tell", "hero"): 3, ("listen", "ask"): 2, ("promote", ""): 9}
    found = rules.offers(templates, place, used)
    assert [(one.slug, one.way, one.done) for one in found] == [
        ("no", "explain", 1), ("ask", "listen", 2), ("hero", "tell", 3), ("teach", "help", 5),
    ]  # fmt: skip
    used = {("tell", ""): 4, ("listen", "ask"): 1}
    assert [one.slug for one in rules.offers(templates, place, used)] == ["teach", "hero", "no", "ask"]
    assert rules.offers(templates, place, used)[1].way == rules.VOICES


def test_the_quarter_of_an_hour_of_a_leader_and_a_meeting_take_their_own_templates_alone():
    free, own = _template("teach", "help"), _template("habit", "listen", "w-lite", gates=["G7"])
    for form, reminder in (("slot", "e-exec"), ("meeting", "e-std")):
        place = {"form": form, "reminder": reminder, "templates": ["habit"]}
        assert (rules.may_fill(free, place), rules.may_fill(own, place)) == (False, True)

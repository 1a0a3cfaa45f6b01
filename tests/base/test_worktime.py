"""Working time: days, hours, holidays and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from planner.base.errors import PlannerError
from planner.base.holidays import COUNTRIES, UnknownPlace, public_holidays, regions
from planner.base.worktime import NoWorkingTime, WorkingCalendar

PARIS = "Europe/Paris"
ZONES = (
    PARIS,
    "America/Toronto",
    "America/St_Johns",
    "Pacific/Auckland",
    "Africa/Casablanca",
    "Europe/Zurich",
    "Australia/Lord_Howe",
)
ASCENSION = date(2026, 5, 14)
paris = WorkingCalendar(PARIS, holidays={ASCENSION: "Ascension"})

days = st.dates(date(2023, 1, 1), date(2032, 12, 31))
instants = st.datetimes(datetime(2023, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
weeks = st.frozensets(st.integers(0, 6), min_size=1)
calendars = st.builds(
    WorkingCalendar,
    zone=st.sampled_from(ZONES),
    days=weeks,
    starts=st.times(time(5), time(11)),
    ends=st.times(time(12), time(23)),
    holidays=st.frozensets(days, max_size=12),
)


def wall(year, month, day, hour=0, minute=0, zone=PARIS):
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in English, whatever the translations say."""
    with translation.override("en"):
        yield


class TestDays:
    def test_a_weekday_is_worked_a_weekend_and_a_holiday_are_not(self):
        assert paris.is_working_day(date(2026, 5, 15))
        assert not paris.is_working_day(date(2026, 5, 16))
        assert not paris.is_working_day(ASCENSION)

    def test_the_next_working_day_may_be_the_day_itself(self):
        assert paris.next_working_day(date(2026, 5, 13)) == date(2026, 5, 13)
        assert paris.next_working_day(date(2026, 5, 13), inclusive=False) == date(2026, 5, 15)
        assert paris.next_working_day(ASCENSION) == date(2026, 5, 15)

    def test_shifting_counts_working_days_only(self):
        assert paris.shift(date(2026, 5, 21), -3) == date(2026, 5, 18)
        assert paris.shift(date(2026, 5, 21), -5) == date(2026, 5, 13)
        assert paris.shift(date(2026, 5, 13), 1) == date(2026, 5, 15)

    def test_shifting_from_a_day_off_counts_the_next_working_day_as_the_first(self):
        assert paris.shift(date(2026, 5, 16), 1) == date(2026, 5, 18)
        assert paris.shift(date(2026, 5, 17), -1) == date(2026, 5, 15)
        assert paris.shift(date(2026, 5, 17), 0) == date(2026, 5, 17)

    def test_a_leap_day_is_a_day_like_another(self):
        assert paris.shift(date(2028, 2, 28), 1) == date(2028, 2, 29)
        assert paris.shift(date(2028, 3, 1), -1) == date(2028, 2, 29)

    def test_a_week_of_one_day_works(self):
        fridays = WorkingCalendar(PARIS, days=frozenset({4}))
        assert fridays.shift(date(2026, 5, 15), -2) == date(2026, 5, 1)

    @given(calendars, days, st.integers(1, 40))
    def test_shifting_forward_then_counting_gives_the_number_back(self, calendar, day, n):
        assert calendar.working_days_between(day, calendar.shift(day, n)) == n
        assert calendar.working_days_between(day, calendar.shift(day, -n)) == -n

    @given(calendars, days, st.integers(-20, 20), st.integers(0, 20))
    def test_shifting_in_two_steps_the_same_way_is_shifting_once(self, calendar, day, n, more):
        more = more if n >= 0 else -more
        assert calendar.shift(calendar.shift(day, n), more) == calendar.shift(day, n + more)

    @given(calendars, days, st.integers(1, 30))
    def test_from_a_working_day_there_and_back_is_home(self, calendar, day, n):
        day = calendar.next_working_day(day)
        assert calendar.shift(calendar.shift(day, n), -n) == day


class TestUnusableCalendars:
    @pytest.mark.parametrize("week", [frozenset(), frozenset({7}), frozenset({0, -1})])
    def test_a_week_without_a_working_day_is_refused(self, week):
        with pytest.raises(ValueError, match="working day"):
            WorkingCalendar(PARIS, days=week)

    def test_hours_upside_down_are_refused(self):
        with pytest.raises(ValueError, match="end after"):
            WorkingCalendar(PARIS, starts=time(17), ends=time(9))

    @pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../etc/passwd"])
    def test_an_unknown_zone_is_refused_by_name(self, zone):
        with pytest.raises(ValueError, match="time zone"):
            WorkingCalendar(zone)

    def test_holidays_without_end_are_said_rather_than_searched_for_ever(self):
        class EveryDay:
            def __contains__(self, day):
                return True

        never = WorkingCalendar(PARIS, holidays=EveryDay())
        for search in (
            lambda: never.next_working_day(ASCENSION),
            lambda: never.shift(ASCENSION, -2),
            lambda: never.settle(wall(2026, 5, 14, 12)),
            lambda: never.add_working_hours(wall(2026, 5, 14, 12), 1),
        ):
            with pytest.raises(NoWorkingTime, match="ten years"):
                search()

    def test_the_refusal_is_one_of_our_errors(self):
        assert issubclass(NoWorkingTime, PlannerError)
        assert issubclass(NoWorkingTime, ValueError)


class TestInstants:
    def test_a_wall_time_becomes_an_instant(self):
        assert paris.at(date(2026, 5, 18), time(17)) == datetime(2026, 5, 18, 15, tzinfo=UTC)
        assert paris.at(date(2026, 1, 18), time(17)) == datetime(2026, 1, 18, 16, tzinfo=UTC)

    def test_a_wall_time_that_does_not_exist_moves_forward_by_the_gap(self):
        assert paris.local(paris.at(date(2026, 3, 29), time(2, 30))).time() == time(3, 30)
        lord_howe = WorkingCalendar("Australia/Lord_Howe")
        assert lord_howe.local(lord_howe.at(date(2026, 10, 4), time(2, 15))).time() == time(2, 45)

    def test_a_wall_time_that_comes_twice_is_the_first(self):
        assert paris.at(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        assert paris.at(date(2026, 10, 25), time(2, 30, fold=1)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    def test_opening_and_closing_time_are_working_moments(self):
        assert paris.is_working_moment(wall(2026, 5, 15, 9))
        assert paris.is_working_moment(wall(2026, 5, 15, 17))
        assert not paris.is_working_moment(wall(2026, 5, 15, 8, 59))
        assert not paris.is_working_moment(wall(2026, 5, 15, 17, 1))
        assert not paris.is_working_moment(wall(2026, 5, 14, 11))

    def test_working_moments_are_those_of_the_calendar_not_of_the_instant(self):
        assert paris.is_working_moment(wall(2026, 5, 15, 9, zone="America/Toronto"))
        assert not paris.is_working_moment(wall(2026, 5, 15, 12, zone="America/Toronto"))

    @pytest.mark.parametrize(
        ("instant", "settled"),
        [
            (wall(2026, 5, 15, 11), wall(2026, 5, 15, 11)),
            (wall(2026, 5, 15, 17), wall(2026, 5, 15, 17)),
            (wall(2026, 5, 15, 7), wall(2026, 5, 15, 9, 30)),
            (wall(2026, 5, 15, 17, 1), wall(2026, 5, 18, 9, 30)),
            (wall(2026, 5, 13, 18), wall(2026, 5, 15, 9, 30)),
            (wall(2026, 5, 14, 11), wall(2026, 5, 15, 9, 30)),
            (wall(2026, 3, 29, 19), wall(2026, 3, 30, 9, 30)),
        ],
    )
    def test_what_falls_outside_working_hours_settles_on_the_next_working_morning(self, instant, settled):
        assert paris.settle(instant) == settled

    @pytest.mark.parametrize(
        ("instant", "day"),
        [
            (wall(2026, 5, 15, 3), date(2026, 5, 15)),
            (wall(2026, 5, 15, 16, 59), date(2026, 5, 15)),
            (wall(2026, 5, 15, 17), date(2026, 5, 18)),
            (wall(2026, 5, 14, 10), date(2026, 5, 15)),
        ],
    )
    def test_one_can_still_work_today_until_closing_time(self, instant, day):
        assert paris.day_for_work(instant) == day

    def test_where_half_past_nine_is_not_worked_half_an_hour_after_opening_stands_for_it(self):
        late_risers = WorkingCalendar(PARIS, starts=time(13), ends=time(20))
        assert late_risers.settle(wall(2026, 5, 15, 8)) == wall(2026, 5, 15, 13, 30)
        early_birds = WorkingCalendar(PARIS, starts=time(5), ends=time(5, 10))
        assert early_birds.settle(wall(2026, 5, 15, 8)) == wall(2026, 5, 18, 5, 10)

    def test_working_hours_skip_nights_weekends_and_holidays(self):
        assert paris.add_working_hours(wall(2026, 5, 15, 10), 4) == wall(2026, 5, 15, 14)
        assert paris.add_working_hours(wall(2026, 5, 15, 15), 4) == wall(2026, 5, 18, 11)
        assert paris.add_working_hours(wall(2026, 5, 13, 16), 4) == wall(2026, 5, 15, 12)
        assert paris.add_working_hours(wall(2026, 5, 16, 3), 2) == wall(2026, 5, 18, 11)

    def test_a_full_day_of_work_ends_at_closing_time(self):
        assert paris.add_working_hours(wall(2026, 5, 15, 9), 8) == wall(2026, 5, 15, 17)
        assert paris.add_working_hours(wall(2026, 5, 15, 9), 16) == wall(2026, 5, 18, 17)

    def test_working_hours_are_not_counted_backwards(self):
        with pytest.raises(ValueError, match="forward"):
            paris.add_working_hours(wall(2026, 5, 15, 9), -1)

    @given(calendars, instants)
    def test_settling_never_goes_back_and_settling_twice_changes_nothing(self, calendar, instant):
        settled = calendar.settle(instant)
        assert settled >= instant
        assert calendar.is_working_moment(settled)
        assert calendar.settle(settled) == settled

    @given(calendars, instants, st.floats(0.25, 30), st.floats(0.25, 30))
    def test_working_hours_add_up(self, calendar, instant, some, more):
        there = calendar.add_working_hours(instant, some)
        assert calendar.is_working_moment(there)
        assert there - instant >= timedelta(hours=some)
        twice = calendar.add_working_hours(there, more)
        assert abs(twice - calendar.add_working_hours(instant, some + more)) < timedelta(milliseconds=1)

    @given(st.sampled_from(ZONES), days, st.times())
    def test_a_wall_time_comes_back_unless_the_clocks_skipped_it(self, zone, day, moment):
        calendar = WorkingCalendar(zone)
        here = calendar.local(calendar.at(day, moment)).replace(tzinfo=None)
        gap = here - datetime.combine(day, moment)
        assert timedelta() <= gap <= timedelta(hours=1)
        if gap:
            zone = ZoneInfo(zone)
            before = datetime.combine(day, moment, tzinfo=zone).utcoffset()
            after = datetime.combine(day, moment, tzinfo=zone).replace(fold=1).utcoffset()
            assert gap == before - after or gap == after - before

    @given(st.sampled_from(ZONES), days)
    def test_five_in_the_afternoon_is_five_in_the_afternoon_all_year(self, zone, day):
        calendar = WorkingCalendar(zone)
        here = calendar.local(calendar.at(day, time(17)))
        assert (here.date(), here.time()) == (day, time(17))


class TestPublicHolidays:
    def test_the_names_come_in_both_languages_with_our_apostrophe(self):
        french = public_holidays("FR", "", [2026], "fr")
        english = public_holidays("FR", "", [2026], "en")
        assert french[ASCENSION] == "Ascension"
        assert english[date(2026, 1, 1)] == "New Year’s Day"
        assert french[date(2026, 1, 1)] == "Jour de l’an"
        assert french.keys() == english.keys()
        assert english[date(2026, 5, 1)] == public_holidays("CA", "QC", [2026], "en")[date(2026, 9, 7)] == "Labour Day"

    def test_a_region_has_its_own(self):
        genevan_fast = date(2026, 9, 10)
        assert genevan_fast in public_holidays("CH", "GE", [2026])
        assert genevan_fast not in public_holidays("CH", "VD", [2026])
        assert date(2026, 6, 24) in public_holidays("CA", "QC", [2026])
        assert date(2026, 6, 24) not in public_holidays("CA", "ON", [2026])

    def test_only_the_years_asked_for_come_in_order(self):
        found = public_holidays("LU", "", [2027, 2026])
        assert list(found) == sorted(found)
        assert {day.year for day in found} == {2026, 2027}

    @pytest.mark.parametrize("country", COUNTRIES)
    @pytest.mark.parametrize("language", ["fr", "en", "en-gb"])
    def test_every_country_we_serve_has_holidays(self, country, language):
        assert date(2026, 12, 25) in public_holidays(country, "", [2026], language)

    def test_every_region_of_a_country_is_accepted(self):
        assert {"GE", "VD", "JU"} <= set(regions("CH"))
        assert all(public_holidays("CH", canton, [2026]) for canton in regions("CH"))

    def test_an_unknown_place_is_refused_by_name(self):
        with pytest.raises(UnknownPlace, match="Narnia"):
            public_holidays("Narnia", "", [2026])
        with pytest.raises(ValueError, match="QC"):
            public_holidays("FR", "QC", [2026])

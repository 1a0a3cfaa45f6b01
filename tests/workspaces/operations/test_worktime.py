"""The working calendar of a workspace and what its managers change in it."""

from datetime import date, time

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused
from planner.base.worktime import NoWorkingTime
from planner.workspaces import operations as workspaces
from planner.workspaces.models import HolidayChange, Workspace

BRIDGE, ASCENSION = date(2026, 5, 15), date(2026, 5, 14)


@pytest.mark.parametrize(
    ("country", "region", "zone", "holiday", "ordinary"),
    [
        ("FR", "", "Europe/Paris", date(2026, 5, 8), date(2026, 6, 24)),
        ("CA", "QC", "America/Toronto", date(2026, 6, 24), date(2026, 5, 8)),
        ("CH", "GE", "Europe/Zurich", date(2026, 9, 10), date(2026, 5, 8)),
        ("BE", "", "Europe/Brussels", date(2026, 7, 21), date(2026, 5, 8)),
        ("LU", "", "Europe/Luxembourg", date(2026, 6, 23), date(2026, 7, 21)),
    ],
)
def test_each_place_works_on_its_own_days(db, now, country, region, zone, holiday, ordinary):
    workspace = Workspace(name="X", slug="x", time_zone=zone, country=country, region=region, created_at=now)
    workspace.save()
    calendar = workspaces.working_calendar(workspace)
    assert not calendar.is_working_day(holiday)
    assert calendar.is_working_day(ordinary)
    assert not calendar.is_working_day(date(2026, 5, 9))  # a Saturday
    assert calendar.zone == zone


def test_own_changes_count_and_can_be_taken_back(manager, workspace, now):
    def is_open(day):
        return workspaces.working_calendar(workspace).is_working_day(day)

    bridge = workspaces.change_holiday(actor=manager, day=BRIDGE, name="Pont", now=now)
    ascension = workspaces.change_holiday(actor=manager, day=ASCENSION, closed=False, now=now)
    assert (is_open(BRIDGE), is_open(ASCENSION)) == (False, True)
    for change in (bridge, ascension):
        workspaces.remove_holiday_change(actor=manager, change=change, now=now)
    assert (is_open(BRIDGE), is_open(ASCENSION)) == (True, False)


def test_a_change_touches_one_workspace_alone(manager, other_workspace, now):
    workspaces.change_holiday(actor=manager, day=BRIDGE, name="Pont", now=now)
    assert workspaces.working_calendar(other_workspace).is_working_day(BRIDGE)


def test_the_years_around_are_there_to_be_shown(workspace):
    calendar = workspaces.working_calendar(workspace, around=[date(2026, 12, 30), date(2027, 1, 4)])
    assert {day.year for day in calendar.holidays} == {2026, 2027}


def test_the_calendar_asks_one_query(workspace, django_assert_num_queries):
    with django_assert_num_queries(1):
        workspaces.working_calendar(workspace).shift(date(2026, 1, 5), 300)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"day": ASCENSION, "name": "Pont"}, Refused),
        ({"day": BRIDGE, "name": " "}, Invalid),
        ({"day": BRIDGE, "closed": False}, Refused),
    ],
)
def test_a_change_that_changes_nothing_is_refused(manager, now, values, error):
    with pytest.raises(error):
        workspaces.change_holiday(actor=manager, now=now, **values)
    assert not HolidayChange.objects.exists()


@pytest.mark.parametrize("who", ["member", "colleague", "reader"])
def test_only_managers_change_holidays_and_hours(who, request, manager, now):
    actor = request.getfixturevalue(who)
    change = workspaces.change_holiday(actor=manager, day=BRIDGE, name="Pont", now=now)
    for attempt in (
        lambda: workspaces.change_holiday(actor=actor, day=BRIDGE, name="Fête", now=now),
        lambda: workspaces.remove_holiday_change(actor=actor, change=change, now=now),
        lambda: workspaces.change_working_time(
            actor=actor, working_days=[0], day_starts=time(8), day_ends=time(12), now=now
        ),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_manager_of_elsewhere_takes_no_change_back(manager, outsider, now):
    change = workspaces.change_holiday(actor=manager, day=BRIDGE, name="Pont", now=now)
    with pytest.raises(NotFound):
        workspaces.remove_holiday_change(actor=outsider, change=change, now=now)


def test_the_working_week_can_be_changed(manager, workspace, now):
    workspaces.change_working_time(
        actor=manager, working_days=[5, 0, 0], day_starts=time(8), day_ends=time(12), now=now
    )
    workspace.refresh_from_db()
    calendar = workspaces.working_calendar(workspace)
    assert calendar.days == {0, 5}
    assert (calendar.starts, calendar.ends) == (time(8), time(12))


@pytest.mark.parametrize(("days", "starts", "ends"), [([], time(8), time(12)), ([0], time(12), time(8))])
def test_a_week_without_working_time_is_refused(manager, workspace, now, days, starts, ends):
    with pytest.raises(NoWorkingTime):
        workspaces.change_working_time(actor=manager, working_days=days, day_starts=starts, day_ends=ends, now=now)

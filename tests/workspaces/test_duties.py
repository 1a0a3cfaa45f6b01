"""The rota of answering."""

from datetime import date, timedelta

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Absence, Duty

MONDAY = date(2026, 4, 27)
WEEK = [MONDAY + timedelta(days=n) for n in range(4)]


@pytest.fixture
def filled(workspace, member, colleague, reader, manager):
    """Three people take turns; Rose, who may only read, does not."""
    workspaces.fill_rota(workspace=workspace, days=WEEK)
    return list(Duty.objects.select_related("member"))


def test_everybody_who_may_act_takes_a_turn(filled, member, colleague, manager):
    assert [one.member for one in filled] == [member, colleague, manager, member]


def test_filling_twice_changes_nothing(filled, workspace):
    assert workspaces.fill_rota(workspace=workspace, days=WEEK) == []
    assert list(Duty.objects.all()) == filled


def test_the_turn_of_somebody_who_will_be_away_goes_to_the_next(filled, workspace, member, colleague, manager):
    Absence.objects.create(membership=member, starts_on=MONDAY, ends_on=MONDAY)
    workspaces.fill_rota(workspace=workspace, days=WEEK)
    assert Duty.objects.get(day=MONDAY).member != member
    assert Duty.objects.get(day=WEEK[3]).member == member


def test_two_colleagues_swap(filled, colleague, now):
    mine, theirs = filled[1], filled[2]
    workspaces.swap(duty=mine, other=theirs, actor=colleague, today=MONDAY, now=now)
    assert Duty.objects.get(day=WEEK[2]).member == colleague
    assert workspaces.on_duty(colleague.workspace, WEEK[1]) == theirs.member_id


def test_a_third_person_does_not_swap_nor_an_outsider_nor_into_an_absence(filled, colleague, outsider, manager, now):
    given = {"duty": filled[0], "other": filled[2], "today": MONDAY, "now": now}
    with pytest.raises(NotAllowed):
        workspaces.swap(actor=colleague, **given)
    with pytest.raises(NotFound):
        workspaces.swap(actor=outsider, **given)
    Absence.objects.create(membership=manager, starts_on=MONDAY, ends_on=MONDAY)
    with pytest.raises(Invalid):
        workspaces.swap(actor=manager, **given)


def test_a_rota_that_ends_leaves_today(filled, workspace):
    workspaces.clear_rota(workspace=workspace, after=MONDAY)
    assert [one.day for one in Duty.objects.all()] == [MONDAY]

"""Absences: everybody for themselves, managers for anybody."""

from datetime import date

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Absence

MONDAY, FRIDAY = date(2026, 5, 4), date(2026, 5, 8)


@pytest.fixture
def announce(now):
    def add(actor, member, starts_on=MONDAY, ends_on=FRIDAY):
        return workspaces.add_absence(actor=actor, member=member, starts_on=starts_on, ends_on=ends_on, now=now)

    return add


@pytest.mark.parametrize("who", ["reader", "colleague", "member", "manager"])
def test_everybody_announces_and_cancels_their_own(who, request, announce, now):
    actor = request.getfixturevalue(who)
    absence = announce(actor, actor)
    workspaces.remove_absence(actor=actor, absence=absence, now=now)
    assert not Absence.objects.exists()


@pytest.mark.parametrize("who", ["reader", "colleague"])
def test_nobody_but_a_manager_speaks_for_others(who, request, announce, member, manager, now):
    actor = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        announce(actor, member)
    absence = announce(manager, member)
    with pytest.raises(NotAllowed):
        workspaces.remove_absence(actor=actor, absence=absence, now=now)


def test_a_manager_of_elsewhere_announces_nothing_here(announce, outsider, member):
    with pytest.raises(NotFound):
        announce(outsider, member)


def test_days_turned_round_are_refused(announce, member):
    with pytest.raises(Invalid):
        announce(member, member, FRIDAY, MONDAY)


@pytest.mark.parametrize("ends_on", [FRIDAY, date(2026, 5, 20)])
def test_overlapping_absences_are_refused(announce, member, ends_on):
    announce(member, member)
    with pytest.raises(Refused):
        announce(member, member, FRIDAY, ends_on)
    announce(member, member, date(2026, 5, 9), date(2026, 5, 20))

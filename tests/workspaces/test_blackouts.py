"""Days on which nothing new is planned."""

from datetime import date

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused
from planner.history.models import Entry
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Blackout

VOTE = {"name": "Élections municipales", "starts_on": date(2026, 5, 21), "ends_on": date(2026, 5, 22)}
PAGE = "/w/marbourg/settings/blackouts/"


@pytest.fixture
def vote(manager, now):
    return workspaces.add_blackout(actor=manager, now=now, **VOTE)


def test_a_manager_closes_days_and_opens_them_again(manager, vote, now):
    assert Entry.objects.filter(verb="blackout.added", data__name=VOTE["name"]).exists()
    workspaces.remove_blackout(actor=manager, blackout=vote, now=now)
    assert not Blackout.objects.exists()


def test_both_ends_are_closed_and_the_refusal_names_the_window(workspace, vote):
    for day in (21, 22):
        with pytest.raises(Refused, match="Élections municipales") as refusal:
            workspaces.refuse_blackout(workspace, date(2026, 5, day))
        assert refusal.value.link == PAGE
    workspaces.refuse_blackout(workspace, date(2026, 5, 20))
    workspaces.refuse_blackout(workspace, date(2026, 5, 23))


def test_another_workspace_is_not_closed(other_workspace, vote):
    workspaces.refuse_blackout(other_workspace, date(2026, 5, 21))


def test_only_a_manager_of_the_workspace_closes_or_opens(member, outsider, vote, now):
    with pytest.raises(NotAllowed):
        workspaces.add_blackout(actor=member, now=now, **VOTE)
    with pytest.raises(NotFound):
        workspaces.remove_blackout(actor=outsider, blackout=vote, now=now)


@pytest.mark.parametrize(("changed", "field"), [({"name": " "}, "name"), ({"ends_on": date(2026, 5, 1)}, "ends_on")])
def test_what_cannot_be_closed_is_said_beside_its_field(manager, now, changed, field):
    with pytest.raises(Invalid) as refusal:
        workspaces.add_blackout(actor=manager, now=now, **{**VOTE, **changed})
    assert refusal.value.field == field


def test_the_page_lists_closes_and_opens(browse, manager):
    client = browse(manager)
    form = {"name": "Vote", "starts_on": "2026-05-21", "ends_on": "2026-05-22"}
    assert client.post(PAGE, form).status_code == 302
    assert "Vote" in client.get(PAGE).text
    assert client.post(f"{PAGE}{Blackout.objects.get().pk}/remove/").status_code == 302
    assert not Blackout.objects.exists()

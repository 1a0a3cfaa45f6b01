"""Levels, leaving, profiles: the last manager stays, and nobody who leaves blocks the others."""

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.history.models import Entry
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Channel, Membership, RoleAssignment
from planner.workspaces.rules import Level


def change(actor, member, level, now):
    return workspaces.change_level(actor=actor, member=member, level=level, now=now)


def test_a_manager_changes_a_level_and_history_says_so(manager, colleague, now):
    change(manager, colleague, Level.PLANNER, now)
    colleague.refresh_from_db()
    assert colleague.level == Level.PLANNER
    entry = Entry.objects.about(colleague).get()
    assert entry.data == {"person": "Karim Belhadj", "before": "contributor", "after": "planner"}
    assert entry.actor == manager.user


def test_the_door_of_the_admin_follows_the_level(manager, colleague, now):
    for level, door in ((Level.PLANNER, True), (Level.READER, False), (Level.MANAGER, True)):
        change(manager, colleague, level, now)
        colleague.user.refresh_from_db()
        assert colleague.user.is_staff is door


def test_who_manages_elsewhere_keeps_the_door_when_leaving_here(manager, outsider, workspace, now):
    here = Membership.objects.create(workspace=workspace, user=outsider.user, level=Level.PLANNER, joined_at=now)
    workspaces.remove_member(actor=manager, member=here, now=now)
    outsider.user.refresh_from_db()
    assert outsider.user.is_staff


@pytest.mark.parametrize("who", ["member", "colleague", "reader"])
def test_only_managers_change_levels_and_remove(who, request, manager, now):
    actor = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        change(actor, actor, Level.MANAGER, now)
    with pytest.raises(NotAllowed):
        workspaces.remove_member(actor=actor, member=manager, now=now)


def test_a_manager_of_elsewhere_finds_nobody_here(outsider, colleague, now):
    with pytest.raises(NotFound):
        change(outsider, colleague, Level.MANAGER, now)
    with pytest.raises(NotFound):
        workspaces.remove_member(actor=outsider, member=colleague, now=now)


def test_the_last_manager_can_neither_leave_nor_step_down(manager, colleague, now):
    for attempt in (
        lambda: change(manager, manager, Level.PLANNER, now),
        lambda: workspaces.leave(actor=manager, now=now),
        lambda: workspaces.remove_member(actor=manager, member=manager, now=now),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert "Maud Gérante" in str(refusal.value)
    manager.refresh_from_db()
    assert manager.is_active
    assert manager.level == Level.MANAGER


def test_a_manager_whose_account_is_closed_does_not_count(manager, colleague, now):
    change(manager, colleague, Level.MANAGER, now)
    colleague.user.is_active = False
    colleague.user.save()
    with pytest.raises(Refused):
        workspaces.leave(actor=manager, now=now)


def test_with_a_second_manager_the_first_may_leave(manager, colleague, now):
    change(manager, colleague, Level.MANAGER, now)
    workspaces.leave(actor=manager, now=now)
    manager.refresh_from_db()
    assert manager.left_at == now
    with pytest.raises(NotAllowed):
        workspaces.invite(actor=manager, email="a@example.org", now=now)
    with pytest.raises(Refused):
        workspaces.leave(actor=colleague, now=now)


def test_leaving_twice_is_told(manager, colleague, now):
    again = Membership.objects.get(pk=colleague.pk)
    workspaces.remove_member(actor=manager, member=colleague, now=now)
    with pytest.raises(Stale):
        workspaces.remove_member(actor=manager, member=again, now=now)


def test_a_level_that_changed_meanwhile_is_not_overwritten(manager, colleague, now):
    stale = Membership.objects.get(pk=colleague.pk)
    change(manager, colleague, Level.PLANNER, now)
    with pytest.raises(Stale):
        change(manager, stale, Level.READER, now)


def test_the_second_person_takes_the_roles_of_who_leaves(manager, colleague, member, now):
    workspaces.assign_role(actor=manager, member=colleague, role="legal", second=member, now=now)
    workspaces.assign_role(actor=manager, member=colleague, role="expert", now=now)
    workspaces.assign_role(actor=manager, member=manager, role="editor", second=colleague, now=now)
    workspaces.remove_member(actor=manager, member=colleague, now=now)
    assert set(RoleAssignment.objects.values_list("role", "person", "second")) == {
        ("legal", member.pk, None),
        ("editor", manager.pk, None),
    }


def test_a_second_person_who_holds_the_role_already_does_not_hold_it_twice(manager, colleague, member, now):
    workspaces.assign_role(actor=manager, member=colleague, role="legal", second=member, now=now)
    workspaces.assign_role(actor=manager, member=member, role="legal", now=now)
    workspaces.remove_member(actor=manager, member=colleague, now=now)
    assert RoleAssignment.objects.get().person == member


def test_channels_lose_who_leaves(manager, colleague, workspace, now):
    channel = Channel.objects.create(
        workspace=workspace, slug="site", title={"fr": "Site"}, mark="Si", family="web", owner=colleague
    )
    workspaces.remove_member(actor=manager, member=colleague, now=now)
    channel.refresh_from_db()
    assert channel.owner is None


def test_a_job_is_said_by_oneself_or_a_manager(manager, colleague, reader, outsider, now):
    workspaces.describe_member(actor=colleague, member=colleague, job=" Chargé  de projet ", now=now)
    workspaces.describe_member(actor=manager, member=reader, job="Accueil", is_shared_account=True, now=now)
    colleague.refresh_from_db()
    reader.refresh_from_db()
    assert (colleague.job, reader.job, reader.is_shared_account) == ("Chargé de projet", "Accueil", True)
    with pytest.raises(NotAllowed):
        workspaces.describe_member(actor=colleague, member=reader, job="x", now=now)
    with pytest.raises(NotFound):
        workspaces.describe_member(actor=outsider, member=reader, job="x", now=now)


def test_a_person_changes_their_own_profile(reader, now):
    user = workspaces.change_profile(
        actor=reader.user, name=" Rose L. ", language="en", time_zone="America/Toronto", phone="+33 1", now=now
    )
    user.refresh_from_db()
    assert (user.name, user.language, user.time_zone, user.phone) == ("Rose L.", "en", "America/Toronto", "+33 1")


@pytest.mark.parametrize(
    ("values", "field"),
    [({"name": ""}, "name"), ({"language": "de"}, "language"), ({"time_zone": "Mars"}, "time_zone")],
)
def test_a_profile_needs_a_name_a_known_language_and_a_known_zone(reader, now, values, field):
    with pytest.raises(Invalid) as refusal:
        workspaces.change_profile(actor=reader.user, now=now, **{"name": "Rose", "language": "fr", **values})
    assert refusal.value.field == field

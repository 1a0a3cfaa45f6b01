"""Invitations: personal, once, for fourteen days."""

from datetime import timedelta

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Invitation, Membership, RoleAssignment, User
from planner.workspaces.rules import Level

SECRET = "une phrase bien longue"


@pytest.fixture
def invite(manager, now):
    def send(email="nadia@example.org", **values):
        return workspaces.invite(actor=manager, email=email, now=now, **values)

    return send


def accept(token, now, **values):
    return workspaces.accept_invitation(token=token, name="Nadia Roy", password=SECRET, now=now, **values)


def test_accepting_opens_account_membership_and_roles(invite, workspace, now):
    _invitation, token = invite(level=Level.PLANNER, roles=["legal", "editor"])
    member = accept(token, now)
    assert (member.workspace, member.level) == (workspace, Level.PLANNER)
    assert member.user.email == "nadia@example.org"
    assert member.user.check_password(SECRET)
    assert set(member.roles.values_list("role", flat=True)) == {"legal", "editor"}


def test_a_new_holder_comes_after_those_who_hold_the_role(invite, manager, now):
    first = workspaces.assign_role(actor=manager, member=manager, role="legal", now=now)
    _invitation, token = invite(roles=["legal"])
    second = accept(token, now).roles.get()
    assert first.position < second.position


@pytest.mark.parametrize(("level", "door"), [("reader", False), ("contributor", False), ("planner", True)])
def test_who_plans_may_enter_the_admin(invite, now, level, door):
    _invitation, token = invite(level=level)
    user = accept(token, now).user
    user.refresh_from_db()
    assert user.is_staff is door


def test_an_invitation_works_once(invite, now):
    _invitation, token = invite()
    accept(token, now)
    with pytest.raises(Refused):
        accept(token, now)


def test_an_invitation_lasts_fourteen_days(invite, now):
    _invitation, token = invite()
    with pytest.raises(Refused):
        accept(token, now + timedelta(days=14))
    accept(token, now + timedelta(days=13, hours=23))


def test_a_taken_back_invitation_is_dead(invite, manager, now):
    invitation, token = invite()
    workspaces.revoke_invitation(actor=manager, invitation=invitation, now=now)
    with pytest.raises(Refused):
        accept(token, now)
    with pytest.raises(Stale):
        workspaces.revoke_invitation(actor=manager, invitation=invitation, now=now)


def test_inviting_again_replaces_the_first_link(invite, now):
    _first, old = invite()
    _second, new = invite()
    assert Invitation.objects.open(now).count() == 1
    with pytest.raises(Refused):
        accept(old, now)
    accept(new, now)


def test_an_invitation_dies_with_the_membership_of_its_sender(invite, manager, colleague, now):
    _invitation, token = invite()
    workspaces.change_level(actor=manager, member=colleague, level=Level.MANAGER, now=now)
    workspaces.leave(actor=manager, now=now)
    with pytest.raises(Refused):
        accept(token, now)


def test_a_refused_password_leaves_the_invitation_open(invite, now):
    _invitation, token = invite()
    with pytest.raises(Invalid):
        workspaces.accept_invitation(token=token, name="Nadia", password="1234", now=now)
    assert User.objects.filter(email="nadia@example.org").count() == 0
    accept(token, now)


def test_somebody_with_an_account_must_sign_in_first(invite, outsider, now):
    _invitation, token = invite(email=outsider.user.email)
    with pytest.raises(Refused):
        accept(token, now)
    member = workspaces.accept_invitation(token=token, user=outsider.user, now=now)
    assert outsider.user.memberships.count() == 2
    assert member.user.email == "otto@example.org"


def test_a_member_is_not_invited_again(invite, colleague):
    with pytest.raises(Refused):
        invite(email=colleague.user.email.upper())


def test_who_comes_back_finds_their_place_again(invite, manager, colleague, now):
    workspaces.remove_member(actor=manager, member=colleague, now=now)
    _invitation, token = invite(email=colleague.user.email, level=Level.READER)
    member = workspaces.accept_invitation(token=token, user=colleague.user, now=now)
    assert member.pk == colleague.pk
    assert (member.level, member.left_at) == (Level.READER, None)


def test_accepting_twice_as_a_member_changes_no_level(invite, manager, now):
    _invitation, token = invite(level=Level.READER)
    with pytest.raises(Refused):
        workspaces.accept_invitation(token=token, user=manager.user, now=now)
    manager.refresh_from_db()
    assert manager.level == Level.MANAGER
    assert Invitation.objects.open(now).count() == 1


@pytest.mark.parametrize("who", ["member", "colleague", "reader"])
def test_only_managers_invite(who, request, now):
    with pytest.raises(NotAllowed):
        workspaces.invite(actor=request.getfixturevalue(who), email="a@example.org", now=now)


def test_a_manager_of_elsewhere_takes_nothing_back(invite, outsider, now):
    invitation, _token = invite()
    with pytest.raises(NotFound):
        workspaces.revoke_invitation(actor=outsider, invitation=invitation, now=now)


def test_unknown_levels_and_roles_are_refused(invite):
    for values in ({"level": "owner"}, {"roles": ["king"]}):
        with pytest.raises(Invalid):
            invite(**values)
    assert not Invitation.objects.exists()
    assert Membership.objects.count() == 1
    assert not RoleAssignment.objects.exists()

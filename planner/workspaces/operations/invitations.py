"""Invitations: a personal link that opens an account and a membership, with or without mail."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, Refused, Stale
from planner.history import operations as history
from planner.workspaces.models import Invitation, Membership, RoleAssignment, User
from planner.workspaces.operations.accounts import open_account
from planner.workspaces.operations.gate import lock, require, same_house
from planner.workspaces.operations.roles import append_role
from planner.workspaces.operations.staff import keep_admin_door
from planner.workspaces.operations.tokens import digest_of, new_token
from planner.workspaces.rules import Act, EditorialRole, Level

INVITATION_LASTS = timedelta(days=14)

history.register(
    {
        "invitation.made": gettext_lazy("invited somebody"),
        "invitation.revoked": gettext_lazy("took an invitation back"),
        "member.joined": gettext_lazy("joined the workspace"),
    }
)


@transaction.atomic
def invite(
    *,
    actor: Membership,
    email: str,
    name: str = "",
    level: str = Level.CONTRIBUTOR,
    roles: Sequence[str] = (),
    now: datetime,
) -> tuple[Invitation, str]:
    """An invitation and its token, shown once. An earlier open invitation of the same address is taken back."""
    require(actor, Act.MANAGE_PEOPLE)
    email = User.objects.normalize_email(email.strip()).lower()
    if level not in Level.values or not set(roles) <= set(EditorialRole.values):
        raise Invalid(_("Choose a level and roles of the list."), field="level")
    members = Membership.objects.active().filter(workspace=actor.workspace)
    if members.filter(user__email__iexact=email).exists():
        raise Refused(_("%(email)s is a member already.") % {"email": email}, field="email")
    Invitation.objects.open(now).filter(workspace=actor.workspace, email=email).update(revoked_at=now)
    token = new_token()
    invitation = Invitation.objects.create(
        workspace=actor.workspace,
        email=email,
        name=name.strip(),
        level=level,
        roles=[role for role in EditorialRole.values if role in roles],
        token_digest=digest_of(token),
        invited_by=actor,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    _record("invitation.made", actor, invitation, now)
    return invitation, token


@transaction.atomic
def revoke_invitation(*, actor: Membership, invitation: Invitation, now: datetime) -> Invitation:
    """The link stops working."""
    require(actor, Act.MANAGE_PEOPLE)
    same_house(actor, invitation)
    if not Invitation.objects.open(now).filter(pk=invitation.pk).update(revoked_at=now):
        raise Stale(_("This invitation was answered or taken back a moment ago."))
    invitation.revoked_at = now
    _record("invitation.revoked", actor, invitation, now)
    return invitation


def find_invitation(token: str, *, now: datetime) -> Invitation | None:
    """The invitation, if it is still open; looking does not use it."""
    found = Invitation.objects.open(now).filter(token_digest=digest_of(token), invited_by__left_at__isnull=True)
    return found.select_related("workspace", "invited_by__user").first()


@transaction.atomic
def accept_invitation(
    *,
    token: str,
    user: User | None = None,
    name: str = "",
    password: str = "",
    language: str = "fr",
    now: datetime,
) -> Membership:
    """Join the workspace, as `user` when signed in, else with a new account at the invited address.

    The link works once, within 14 days, and as long as whoever sent it is still a member.
    """
    invitation = find_invitation(token, now=now)
    if invitation is None or not Invitation.objects.open(now).filter(pk=invitation.pk).update(accepted_at=now):
        raise Refused(_("This invitation has been used, taken back, or is too old: ask for another one."))
    lock(invitation.workspace)
    user = user or _account_of(invitation, name=name, password=password, language=language)
    member = _join(invitation, user, now)
    for role in invitation.roles:
        if not RoleAssignment.objects.filter(person=member, role=role).exists():
            append_role(member, role)
    keep_admin_door(user)
    history.record(
        verb="member.joined",
        actor=user,
        workspace=invitation.workspace,
        subject=member,
        data={"person": str(user), "level": member.level, "roles": invitation.roles},
        now=now,
    )
    return member


def _account_of(invitation: Invitation, *, name: str, password: str, language: str) -> User:
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise Refused(_("You have an account with this address: sign in first, then open this link again."))
    try:
        with transaction.atomic():
            return open_account(
                name=name or invitation.name, email=invitation.email, password=password, language=language
            )
    except IntegrityError:
        raise Refused(_("You have an account with this address: sign in first, then open this link again.")) from None


def _join(invitation: Invitation, user: User, now: datetime) -> Membership:
    """A new membership, or the old one of somebody who comes back."""
    member = Membership.objects.filter(workspace=invitation.workspace, user=user).first()
    if member is None:
        return Membership.objects.create(
            workspace=invitation.workspace, user=user, level=invitation.level, joined_at=now
        )
    if member.is_active:
        raise Refused(_("You are a member of this workspace already."))
    member.left_at, member.level, member.joined_at = None, invitation.level, now
    member.save(update_fields=["left_at", "level", "joined_at"])
    return member


def _record(verb: str, actor: Membership, invitation: Invitation, now: datetime) -> None:
    history.record(
        verb=verb,
        actor=actor,
        workspace=actor.workspace,
        subject=invitation,
        data={"email": invitation.email, "level": invitation.level, "roles": invitation.roles},
        now=now,
    )

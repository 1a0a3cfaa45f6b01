"""Members: their level, their leaving; and a person's own profile."""

import zoneinfo
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, Refused, Stale
from planner.base.language import LANGUAGES
from planner.history import operations as history
from planner.workspaces.models import Channel, Membership, RoleAssignment, User
from planner.workspaces.operations.gate import lock, require, same_house
from planner.workspaces.operations.staff import keep_admin_door
from planner.workspaces.rules import Act, Level

history.register(
    {
        "member.level_changed": gettext_lazy("changed an access level"),
        "member.described": gettext_lazy("said what somebody does here"),
        "member.left": gettext_lazy("left the workspace"),
        "member.removed": gettext_lazy("removed a member"),
        "profile.changed": gettext_lazy("changed their profile"),
    }
)


@transaction.atomic
def change_level(*, actor: Membership, member: Membership, level: str, now: datetime) -> Membership:
    """Give a member another access level. The last manager keeps theirs."""
    require(actor, Act.MANAGE_PEOPLE)
    same_house(actor, member)
    lock(actor.workspace)
    if level not in Level.values:
        raise Invalid(_("Choose a level of the list."), field="level")
    if member.level == level:
        return member
    if level != Level.MANAGER:
        _keep_one_manager(member, _("%(person)s is the last manager: make somebody else manager first."))
    before = member.level
    found = Membership.objects.filter(pk=member.pk, level=before, left_at__isnull=True)
    if not found.update(level=level):
        raise Stale(_("Somebody else changed this member a moment ago: look again."))
    member.level = level
    keep_admin_door(member.user)
    _record("member.level_changed", actor, member, now, before=before, after=level)
    return member


@transaction.atomic
def describe_member(
    *,
    actor: Membership,
    member: Membership,
    job: str,
    department: str = "",
    is_shared_account: bool = False,
    now: datetime,
) -> Membership:
    """Say what a member does here and where, and whether several people share the account.

    Oneself, or a manager for anybody.
    """
    same_house(actor, member)
    require(actor, Act.READ if member.pk == actor.pk else Act.MANAGE_PEOPLE)
    member.job, member.department = " ".join(job.split()), " ".join(department.split())
    member.is_shared_account = is_shared_account
    member.save(update_fields=["job", "department", "is_shared_account"])
    _record("member.described", actor, member, now, job=member.job, department=member.department)
    return member


@transaction.atomic
def leave(*, actor: Membership, now: datetime) -> Membership:
    """Leave a workspace. Open work is handed over by the room that owns it."""
    require(actor, Act.READ)
    _go(actor, now)
    _record("member.left", actor, actor, now)
    return actor


@transaction.atomic
def remove_member(*, actor: Membership, member: Membership, now: datetime) -> Membership:
    """Take a member's access away. Their name stays beside what they did; the second persons take their roles."""
    require(actor, Act.MANAGE_PEOPLE)
    same_house(actor, member)
    _go(member, now)
    _record("member.removed", actor, member, now)
    return member


def _go(member: Membership, now: datetime) -> None:
    lock(member.workspace)
    _keep_one_manager(member, _("%(person)s is the last manager and cannot leave: make somebody else manager first."))
    if not Membership.objects.filter(pk=member.pk, left_at__isnull=True).update(left_at=now):
        raise Stale(_("%(person)s left a moment ago.") % {"person": member})
    member.left_at = now
    _pass_roles_on(member)
    Channel.objects.filter(owner=member).update(owner=None)
    Channel.objects.filter(deputy=member).update(deputy=None)
    keep_admin_door(member.user)


def _keep_one_manager(member: Membership, refusal: str) -> None:
    """Call it with the workspace locked."""
    managers = Membership.objects.active().filter(workspace_id=member.workspace_id, level=Level.MANAGER)
    if managers.filter(pk=member.pk).exists() and not managers.exclude(pk=member.pk).exists():
        raise Refused(refusal % {"person": member})


def _pass_roles_on(member: Membership) -> None:
    """The second person becomes the holder, so that no role falls empty because somebody left."""
    RoleAssignment.objects.filter(second=member).update(second=None)
    for held in RoleAssignment.objects.filter(person=member).select_related("second__user"):
        others = RoleAssignment.objects.filter(workspace_id=held.workspace_id, role=held.role, person=held.second)
        if held.second is None or not held.second.is_active or others.exists():
            held.delete()
        else:
            RoleAssignment.objects.filter(pk=held.pk).update(person=held.second, second=None)


@transaction.atomic
def change_profile(
    *, actor: User, name: str, language: str, time_zone: str = "", phone: str = "", now: datetime
) -> User:
    """A person changes what is theirs. An empty zone means that of the workspace shown."""
    if not name.strip():
        raise Invalid(_("Say your name: colleagues will see it."), field="name")
    if language not in LANGUAGES:
        raise Invalid(_("Choose a language of the list."), field="language")
    if time_zone and time_zone not in zoneinfo.available_timezones():
        raise Invalid(_("“%(zone)s” is not a time zone.") % {"zone": time_zone}, field="time_zone")
    actor.name, actor.language, actor.time_zone, actor.phone = name.strip(), language, time_zone, phone.strip()
    actor.save(update_fields=["name", "language", "time_zone", "phone"])
    history.record(verb="profile.changed", actor=actor, workspace=None, subject=actor, now=now)
    return actor


def _record(verb: str, actor: Membership, member: Membership, now: datetime, **data: str) -> None:
    history.record(
        verb=verb,
        actor=actor,
        workspace=actor.workspace,
        subject=member,
        data={"person": str(member), **data},
        now=now,
    )

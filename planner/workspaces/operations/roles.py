"""Editorial roles: who holds them, the second person, and who does the work on a given day."""

from dataclasses import replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, Refused, Stale
from planner.history import operations as history
from planner.workspaces.models import Absence, Membership, RoleAssignment, Workspace
from planner.workspaces.operations.gate import require, same_house
from planner.workspaces.rules import Act, Assigned, Away, EditorialRole, Level, Resolution, RoleBook

history.register(
    {
        "role.assigned": gettext_lazy("gave an editorial role"),
        "role.removed": gettext_lazy("took back an editorial role"),
        "role.second_set": gettext_lazy("chose the second person of a role"),
        "role.put_first": gettext_lazy("chose who comes first in a role"),
    }
)


# ---- reading -----------------------------------------------------------------------


def role_book(workspace: Workspace, *, day_from: date = date.min, day_to: date = date.max) -> RoleBook[Membership]:
    """Roles, seconds and the absences that touch these days (all, unless said), in three queries whatever the number
    of members."""
    away = Absence.objects.touching(day_from, day_to).filter(membership__workspace=workspace)
    rows = away.values_list("membership_id", "starts_on", "ends_on")
    return replace(roles_held(workspace), away=[Away(*row) for row in rows])


def roles_held(workspace: Workspace) -> RoleBook[Membership]:
    """The same without absences, in two queries: what a role allows, whoever is in today."""
    members = Membership.objects.active().filter(workspace=workspace).select_related("user").order_by("joined_at", "pk")
    people = {member.pk: member for member in members}
    for member in people.values():
        member.workspace = workspace
    assigned = RoleAssignment.objects.filter(workspace=workspace).order_by("position", "pk")
    return RoleBook(
        people=people,
        managers=[pk for pk, member in people.items() if member.level == Level.MANAGER],
        assigned=[Assigned(*row) for row in assigned.values_list("role", "person_id", "second_id")],
    )


def person_for_role(workspace: Workspace, role: str, *, day: date) -> Resolution[Membership]:
    """Who does the work of one role on one day; for several, load a `role_book` once."""
    return role_book(workspace, day_from=day, day_to=day).resolve(role, day)


# ---- writing -----------------------------------------------------------------------


@transaction.atomic
def assign_role(
    *, actor: Membership, member: Membership, role: str, second: Membership | None = None, now: datetime
) -> RoleAssignment:
    """Give a member a role, after those who hold it already. Refused when the member has it."""
    require(actor, Act.MANAGE_PEOPLE)
    _check(actor, member, second)
    if role not in EditorialRole.values:
        raise Invalid(_("Choose a role of the list."), field="role")
    try:
        with transaction.atomic():
            assignment = append_role(member, role, second)
    except IntegrityError:
        raise Refused(_("%(person)s already holds this role.") % {"person": member}, field="role") from None
    _record("role.assigned", actor, assignment, now)
    return assignment


def append_role(member: Membership, role: str, second: Membership | None = None) -> RoleAssignment:
    """The row itself, last in its role; for operations that have asked and record for themselves."""
    held = RoleAssignment.objects.filter(workspace_id=member.workspace_id, role=role)
    last = held.aggregate(last=Max("position"))["last"]
    return RoleAssignment.objects.create(
        workspace_id=member.workspace_id,
        role=role,
        person=member,
        second=second,
        position=0 if last is None else last + 1,
    )


@transaction.atomic
def remove_role(*, actor: Membership, assignment: RoleAssignment, now: datetime) -> None:
    """Take a role back from its holder."""
    require(actor, Act.MANAGE_PEOPLE)
    same_house(actor, assignment)
    _record("role.removed", actor, assignment, now)
    deleted, _rows = RoleAssignment.objects.filter(pk=assignment.pk).delete()
    if not deleted:
        raise Stale(_("Somebody else took this role back a moment ago."))


@transaction.atomic
def set_second(
    *, actor: Membership, assignment: RoleAssignment, second: Membership | None, now: datetime
) -> RoleAssignment:
    """Choose who stands in for the holder of a role; `None` leaves it open."""
    require(actor, Act.MANAGE_PEOPLE)
    same_house(actor, assignment)
    _check(actor, assignment.person, second)
    if not RoleAssignment.objects.filter(pk=assignment.pk).update(second=second):
        raise Stale(_("Somebody else took this role back a moment ago."))
    assignment.second = second
    _record("role.second_set", actor, assignment, now)
    return assignment


@transaction.atomic
def put_first(*, actor: Membership, assignment: RoleAssignment, now: datetime) -> RoleAssignment:
    """Among several holders of a role, choose the one to whom its work goes."""
    require(actor, Act.MANAGE_PEOPLE)
    same_house(actor, assignment)
    others = RoleAssignment.objects.filter(workspace_id=actor.workspace_id, role=assignment.role)
    others = others.select_for_update(no_key=True).order_by("position", "pk")
    order = [assignment.pk, *(other.pk for other in others if other.pk != assignment.pk)]
    for position, pk in enumerate(order):
        RoleAssignment.objects.filter(pk=pk).update(position=position)
    assignment.position = others.aggregate(first=Min("position"))["first"] or 0
    _record("role.put_first", actor, assignment, now)
    return assignment


def _check(actor: Membership, member: Membership, second: Membership | None) -> None:
    for person in (member, second):
        if person is None:
            continue
        same_house(actor, person)
        if not person.is_active:
            raise Refused(_("%(person)s is no longer a member.") % {"person": person})
    if second is not None and second.pk == member.pk:
        raise Invalid(_("The second person is somebody else: choose a colleague."), field="second")


def _record(verb: str, actor: Membership, assignment: RoleAssignment, now: datetime) -> None:
    history.record(
        verb=verb,
        actor=actor,
        workspace=actor.workspace,
        subject=assignment.person,
        data={
            "role": assignment.role,
            "person": str(assignment.person),
            "second": str(assignment.second) if assignment.second else "",
        },
        now=now,
    )

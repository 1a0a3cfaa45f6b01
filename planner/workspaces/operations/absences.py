"""Days on which a member is away: their work goes to the second person."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, Refused, Stale
from planner.history import operations as history
from planner.workspaces.models import Absence, Membership
from planner.workspaces.operations.gate import require, same_house
from planner.workspaces.rules import Act

history.register(
    {
        "absence.added": gettext_lazy("announced an absence"),
        "absence.removed": gettext_lazy("cancelled an absence"),
    }
)


@transaction.atomic
def add_absence(
    *, actor: Membership, member: Membership, starts_on: date, ends_on: date, reason: str = "", now: datetime
) -> Absence:
    """Announce that a member is away, both days included. Everybody for themselves; a manager for anybody."""
    _may_speak_for(actor, member)
    if ends_on < starts_on:
        raise Invalid(_("The last day comes before the first: turn them round."), field="ends_on")
    overlapping = Absence.objects.touching(starts_on, ends_on).filter(membership=member).first()
    if overlapping is not None:
        raise Refused(
            _("An absence from %(first)s to %(last)s is already announced: cancel it first, or choose other days.")
            % {"first": overlapping.starts_on, "last": overlapping.ends_on},
            field="starts_on",
        )
    absence = Absence.objects.create(membership=member, starts_on=starts_on, ends_on=ends_on, reason=reason.strip())
    _record("absence.added", actor, absence, now)
    return absence


@transaction.atomic
def remove_absence(*, actor: Membership, absence: Absence, now: datetime) -> None:
    """The member is there after all."""
    _may_speak_for(actor, absence.membership)
    _record("absence.removed", actor, absence, now)
    deleted, _rows = Absence.objects.filter(pk=absence.pk).delete()
    if not deleted:
        raise Stale(_("This absence was cancelled a moment ago."))


def _may_speak_for(actor: Membership, member: Membership) -> None:
    same_house(actor, member)
    require(actor, Act.READ if member.pk == actor.pk else Act.MANAGE_PEOPLE)


def _record(verb: str, actor: Membership, absence: Absence, now: datetime) -> None:
    history.record(
        verb=verb,
        actor=actor,
        workspace=actor.workspace,
        subject=absence.membership,
        data={
            "person": str(absence.membership),
            "starts_on": absence.starts_on.isoformat(),
            "ends_on": absence.ends_on.isoformat(),
        },
        now=now,
    )

"""The rota of answering: everybody takes a turn, and two colleagues may swap theirs."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, NotAllowed, NotFound
from planner.history import operations as history
from planner.workspaces.models import Duty, Membership, Workspace
from planner.workspaces.operations.gate import lock, require
from planner.workspaces.operations.roles import role_book
from planner.workspaces.rules import Act, may, rota

history.register({"duty.swapped": gettext_lazy("swapped a turn of answering")})


@transaction.atomic
def fill_rota(*, workspace: Workspace, days: Collection[date]) -> list[Duty]:
    """Give each of these days that has nobody, or somebody who left or will be away, to whoever is next.

    Leaders take their turn as everybody who may act does; shared accounts do not. Running it twice changes nothing.
    """
    if not days:
        return []
    book = role_book(workspace, day_from=min(days), day_to=max(days))
    able = [pk for pk, one in book.people.items() if may(one.level, Act.COMMENT) and not one.is_shared_account]
    stands = {
        duty.day: duty.member_id
        for duty in Duty.objects.filter(workspace=workspace, day__in=days)
        if duty.member_id in able and not book.is_absent(duty.member_id, duty.day)
    }
    free = [day for day in days if day not in stands]
    Duty.objects.filter(workspace=workspace, day__in=free).delete()
    latest = Duty.objects.filter(workspace=workspace).order_by().values_list("member_id").annotate(Max("day"))
    turns = rota(free, able, dict(latest), book.is_absent)
    rows = [Duty(workspace=workspace, day=day, member_id=person) for day, person in turns.items()]
    return Duty.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def clear_rota(*, workspace: Workspace, after: date) -> None:
    """Nobody answers by turns any more, from the day after."""
    Duty.objects.filter(workspace=workspace, day__gt=after).delete()


@transaction.atomic
def swap(*, duty: Duty, other: Duty, actor: Membership, today: date, now: datetime) -> None:
    """Exchange two coming turns: by one of the two people, or by somebody who plans.

    Raises `Invalid` when one of them is away on the new day.
    """
    require(actor, Act.COMMENT)
    lock(actor.workspace)
    days = Duty.objects.select_related("member__user").filter(workspace=actor.workspace, day__gte=today)
    found = {one.pk: one for one in days.filter(pk__in=[duty.pk, other.pk])}
    if len(found) != 2:
        raise NotFound(_("One of these turns does not exist, or no longer."))
    mine, theirs = found[duty.pk], found[other.pk]
    if actor.pk not in (mine.member_id, theirs.member_id) and not may(actor.level, Act.PLAN):
        raise NotAllowed(_("A turn is swapped by one of the two people, or by somebody who plans."))
    book = role_book(actor.workspace, day_from=min(mine.day, theirs.day), day_to=max(mine.day, theirs.day))
    for person, day in ((mine.member, theirs.day), (theirs.member, mine.day)):
        if book.is_absent(person.pk, day):
            raise Invalid(_("%(person)s is away on that day: choose another turn.") % {"person": person}, field="other")
    Duty.objects.filter(pk=mine.pk).update(member=theirs.member)
    Duty.objects.filter(pk=theirs.pk).update(member=mine.member)
    history.record(
        verb="duty.swapped", actor=actor, workspace=actor.workspace, subject=mine, now=now,
        data={"days": [mine.day.isoformat(), theirs.day.isoformat()]},
    )  # fmt: skip


def on_duty(workspace: Workspace, day: date) -> int | None:
    """Whose turn it is, by the id of the member; one query."""
    return turns(workspace, day, day).get(day)


def turns(workspace: Workspace, first: date, last: date) -> dict[date, int]:
    """Whose turn it is on each of these days, both included; one query."""
    found = Duty.objects.filter(workspace=workspace, day__range=(first, last))
    return dict(found.values_list("day", "member_id"))

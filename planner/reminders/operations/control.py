"""What managers decide about delivery: what is in doubt, what was given up, pausing and resuming."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, NotFound, Refused, Stale
from planner.history import operations as history
from planner.reminders.models import Delivery, DeliveryState, Reminder
from planner.reminders.rules import DeliveryStatus, Settlement, State
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act

history.register(
    {
        "delivery.settled": gettext_lazy("settled a message in doubt"),
        "delivery.retried": gettext_lazy("asked for another try of a message that was given up"),
        "delivery.paused": gettext_lazy("paused delivery"),
        "delivery.resumed": gettext_lazy("resumed delivery"),
    }
)


@transaction.atomic
def settle_unknown(*, delivery: Delivery, actor: Membership, outcome: str, now: datetime) -> Delivery:
    """Say what became of a message in doubt: it arrived, or it is to be sent again. Only a person may decide that."""
    _must_manage(actor, delivery.reminder)
    doubtful = Delivery.objects.filter(pk=delivery.pk, state=DeliveryStatus.UNKNOWN)
    if outcome == Settlement.IT_WENT:
        values = {"state": DeliveryStatus.SENT, "reason": [_by(actor, "it-went")], "at": now}
    elif outcome == Settlement.SEND_AGAIN:
        _reopen(delivery.reminder, (State.SENT, State.LEASED), now)
        values = {"state": DeliveryStatus.PENDING, "token": None, "reason": [_by(actor, "sent-again")], "at": now}
    else:
        raise Invalid(_("Say whether the message arrived, or must be sent again."), field="outcome")
    if doubtful.update(**values) != 1:
        raise Stale(_("Somebody else has settled this message meanwhile."))
    history.record(
        verb="delivery.settled",
        now=now,
        workspace=actor.workspace,
        actor=actor,
        subject=delivery,
        data={"outcome": outcome, "to": str(delivery.recipient)},
    )
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def retry_dead(*, reminder: Reminder, actor: Membership, now: datetime) -> Reminder:
    """Try again now what was given up, or missed during an outage."""
    _must_manage(actor, reminder)
    _reopen(reminder, (State.DEAD, State.MISSED), now)
    history.record(verb="delivery.retried", now=now, workspace=actor.workspace, actor=actor, subject=reminder, data={})
    reminder.refresh_from_db()
    return reminder


def _must_manage(actor: Membership, reminder: Reminder) -> None:
    if reminder.workspace_id != actor.workspace_id:
        raise NotFound(_("There is no such message in this workspace."))
    workspaces.require(actor, Act.MANAGE_DELIVERY)


def _reopen(reminder: Reminder, states: tuple[str, ...], now: datetime) -> None:
    row = Reminder.objects.filter(pk=reminder.pk, state__in=states)
    if row.update(state=State.PENDING, token=None, attempts=0, next_at=now, settled_at=None, reason=[]) != 1:
        raise Refused(_("This message is no longer needed: its date changed, its work is done, or it has left."))


def _by(actor: Membership, code: str) -> dict[str, Any]:
    return {"code": code, "name": str(actor)}


@transaction.atomic
def pause_delivery(*, actor: Membership | None, reason: str, now: datetime) -> DeliveryState:
    """Stop telling anybody anything, for the whole installation, until somebody resumes. Nothing is lost meanwhile."""
    if actor is not None:
        workspaces.require(actor, Act.MANAGE_DELIVERY)
    if not reason.strip():
        raise Invalid(_("Say in a sentence why delivery is paused: others will wonder."), field="reason")
    DeliveryState.objects.get_or_create(pk=1)
    running = DeliveryState.objects.filter(pk=1, paused_at__isnull=True)
    values = {"paused_at": now, "paused_by": str(actor or ""), "pause_reason": reason.strip()[:300]}
    if running.update(**values) == 1:
        _record("delivery.paused", actor, now, reason=reason.strip())
    elif actor is not None:
        raise Stale(_("Delivery is paused already."))
    return DeliveryState.objects.get(pk=1)


@transaction.atomic
def resume_delivery(*, actor: Membership, now: datetime) -> DeliveryState:
    """Deliver again. What waited for longer than the grace is listed as missed, not poured out."""
    workspaces.require(actor, Act.MANAGE_DELIVERY)
    paused = DeliveryState.objects.filter(pk=1, paused_at__isnull=False)
    if paused.update(paused_at=None, paused_by="", pause_reason="") != 1:
        raise Stale(_("Delivery is not paused."))
    _record("delivery.resumed", actor, now)
    return DeliveryState.objects.get(pk=1)


def _record(verb: str, actor: Membership | None, now: datetime, **data: str) -> None:
    workspace = actor.workspace if actor is not None else None
    history.record(verb=verb, now=now, workspace=workspace, actor=actor, data=data)

"""Forgetting what is long over: settled reminders, with their notices and their deliveries."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from planner.reminders.models import Delivery, Notice, Reminder
from planner.reminders.queries import ReminderQuerySet
from planner.reminders.rules import DeliveryStatus

SLICE_SECONDS = 2.0
"""How long one slice holds a worker: a reminder that falls due meanwhile waits no longer than that."""
_AT_ONCE = 200


@dataclass(frozen=True)
class Forgotten:
    """`may_be_more`: the slice stopped because of its time, not because nothing was left."""

    count: int
    may_be_more: bool


def forget_old(
    *,
    now: datetime,
    seconds: float = SLICE_SECONDS,
    at_once: int = _AT_ONCE,
    monotonic: Callable[[], float] = time.monotonic,
) -> Forgotten:
    """Delete what was settled more than `REMINDER_RETENTION_DAYS` ago, for `seconds`, in small transactions.

    It may be stopped at any moment and run again. What is in doubt stays until somebody settles it, and what somebody
    put off stays until it has come back.
    """
    ends, count = monotonic() + seconds, 0
    old = _old(now)
    while True:
        forgotten = _forget(old, at_once)
        count += forgotten
        if forgotten < at_once:
            return Forgotten(count, may_be_more=False)
        if monotonic() >= ends:
            return Forgotten(count, may_be_more=True)


def _old(now: datetime) -> ReminderQuerySet:
    doubtful = (DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)
    in_doubt = Exists(Delivery.objects.filter(reminder=OuterRef("pk"), state__in=doubtful))
    put_off = Exists(Notice.objects.snoozed(now).filter(reminder=OuterRef("pk")))
    before = now - timedelta(days=settings.REMINDER_RETENTION_DAYS)
    return Reminder.objects.settled().filter(~in_doubt, ~put_off, settled_at__lt=before).order_by("pk")


@transaction.atomic
def _forget(old: ReminderQuerySet, at_once: int) -> int:
    ids = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:at_once])
    Delivery.objects.filter(reminder__in=ids).delete()
    Notice.objects.filter(reminder__in=ids).delete()
    Reminder.objects.filter(pk__in=ids).delete()
    return len(ids)

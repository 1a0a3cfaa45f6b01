"""Silence for groups that are held, and their reminders again afterwards. Few statements, whatever their number."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from planner.reminders.models import Reminder
from planner.reminders.queries import ReminderQuerySet
from planner.reminders.rules import State

SOON = timedelta(hours=1)
"""Longer than whoever holds a group waits for the locks of others, and than clocks differ."""


@transaction.atomic
def pause_groups(*, groups: "models.QuerySet[Any]", now: datetime) -> None:
    """Silence the steps of these groups (the posts of a hold) that a drain has claimed, or may be claiming.

    One UPDATE, which waits for a claim that has not committed. What comes later falls silent when its hour comes: a
    claim asks which groups are held (`silent_among`), so that a hold over a hundred thousand posts rewrites few rows.
    What is on its way stops, unless its mail is leaving at this instant. A message from a person (an assignment, a
    mention) is no step: it was said, and is told. Records nothing: the room above records the act of which this is a
    part, and has written the hold before.
    """
    lease = timedelta(seconds=settings.REMINDER_LEASE_SECONDS)
    _steps(groups).due(now + lease + SOON).update(state=State.PAUSED, token=None)


@transaction.atomic
def resume_groups(*, groups: "models.QuerySet[Any]", now: datetime) -> int:
    """Let the steps of these groups come again; returns how many are told now. For few groups: it locks each step.

    Of the steps of one work whose hour passed meanwhile, one is told now: the last that goes to the owner, for an
    escalation that nobody was asked about before would be unjust. The others collapse into it; a step that comes again
    does so when it is claimed, where its next turn is written.
    """
    waiting = _steps(groups).filter(state__in=_WAITING)
    list(waiting.select_for_update(no_key=True).values_list("pk"))  # a claim that is silencing one ends before
    late = waiting.filter(due_at__lte=now)
    together = [{"code": "told-together"}]
    once = ~Q(details__has_key="every")
    late.filter(_gives_way(now), once).update(state=State.COLLAPSED, reason=together, settled_at=now)
    told_now = late.update(state=State.PENDING, next_at=now, reason=[{"code": "resumed"}])
    waiting.filter(state=State.PAUSED).update(state=State.PENDING)
    return told_now


_WAITING = (State.PENDING, State.PAUSED)


def _steps(groups: "models.QuerySet[Any]") -> ReminderQuerySet:
    kind = ContentType.objects.get_for_model(groups.model)
    return Reminder.objects.filter(group_type=kind, group_id__in=groups.order_by().values("pk")).exclude(profile="")


def _gives_way(now: datetime) -> Q:
    """Is there another late step of the same work that is to be told rather?"""
    work = {"subject_type": OuterRef("subject_type"), "subject_id": OuterRef("subject_id")}
    others = Reminder.objects.filter(**work, state__in=_WAITING, due_at__lte=now).exclude(profile="")
    later = others.filter(Q(due_at__gt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__gt=OuterRef("pk")))
    asks = Q(addressee="owner")
    return (asks & Exists(later.filter(asks))) | (~asks & (Exists(others.filter(asks)) | Exists(later)))

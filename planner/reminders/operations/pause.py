"""Silence for groups that are held, and their reminders again afterwards. Few statements, whatever their number."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from planner.reminders.models import Reminder
from planner.reminders.queries import ReminderQuerySet
from planner.reminders.rules import OPEN_STATES, State


@transaction.atomic
def pause_groups(*, groups: "models.QuerySet[Any]") -> int:
    """Silence every open step of these groups (the posts of a hold), in one UPDATE; returns how many rows.

    What is on its way stops too, unless its mail is leaving at this instant. A message from a person (an assignment, a
    mention) is no step: it was said, and is told. New steps of a group whose `is_held` is true are born paused. Records
    nothing: the room above records the act of which this is a part.
    """
    return _steps(groups).filter(state__in=OPEN_STATES).update(state=State.PAUSED, token=None)


@transaction.atomic
def resume_groups(*, groups: "models.QuerySet[Any]", now: datetime) -> int:
    """Let the paused steps of these groups come again; returns how many will be told.

    Of the steps of one work whose hour passed meanwhile, one is told now: the last that goes to the owner, for an
    escalation that nobody was asked about before would be unjust. The others collapse into it.
    """
    paused = _steps(groups).filter(state=State.PAUSED)
    late = paused.filter(due_at__lte=now)
    together = [{"code": "told-together"}]
    late.filter(_gives_way(now)).update(state=State.COLLAPSED, reason=together, settled_at=now)
    told_now = late.update(state=State.PENDING, next_at=now, reason=[{"code": "resumed"}])
    return told_now + paused.update(state=State.PENDING)


def _steps(groups: "models.QuerySet[Any]") -> ReminderQuerySet:
    kind = ContentType.objects.get_for_model(groups.model)
    return Reminder.objects.filter(group_type=kind, group_id__in=groups.order_by().values("pk")).exclude(profile="")


def _gives_way(now: datetime) -> Q:
    """Is there another late step of the same work that is to be told rather?"""
    work = {"subject_type": OuterRef("subject_type"), "subject_id": OuterRef("subject_id")}
    others = Reminder.objects.filter(**work, state=State.PAUSED, due_at__lte=now).exclude(profile="")
    later = others.filter(Q(due_at__gt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__gt=OuterRef("pk")))
    asks = Q(addressee="owner")
    return (asks & Exists(later.filter(asks))) | (~asks & (Exists(others.filter(asks)) | Exists(later)))

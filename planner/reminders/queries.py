"""Reading reminders, notices and deliveries."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from planner.reminders.rules import OPEN_STATES

if TYPE_CHECKING:
    from planner.reminders.models import Delivery, Notice, Reminder


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def open(self) -> "ReminderQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def due(self, now: datetime) -> "ReminderQuerySet":
        return self.open().filter(next_at__lte=now)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self, now: datetime) -> "NoticeQuerySet":
        return self.filter(done_at__isnull=True).exclude(snoozed_until__gt=now)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def in_doubt(self) -> "DeliveryQuerySet":
        return self.filter(state="unknown")

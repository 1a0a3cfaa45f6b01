"""Reading what people said."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count

from planner.dialogue.rules import WAITING

if TYPE_CHECKING:
    from planner.dialogue.models import Signal


class SignalQuerySet(models.QuerySet["Signal"]):
    def waiting(self) -> "SignalQuerySet":
        return self.filter(state__in=WAITING)

    def heads(self) -> "SignalQuerySet":
        """Without those that were merged into another."""
        return self.filter(merged_into__isnull=True)

    def reachable_before(self, moment: datetime) -> "SignalQuerySet":
        """Closed before, and still saying who spoke or how to reach them."""
        return self.filter(closed_at__lt=moment).exclude(contact="", said_by="")

    def counted(self) -> "SignalQuerySet":
        """With `others`, the number of signals that say the same."""
        return self.annotate(others=Count("duplicates"))

    def in_turn(self) -> "SignalQuerySet":
        """Those that wait, when there are too many: the most asked first, then the oldest."""
        counted = self.heads().waiting().annotate(others=Count("duplicates"))
        return counted.order_by("-others", "received_at", "pk")

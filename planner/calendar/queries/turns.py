"""What comes back: cadences that are switched on, and their days."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from planner.calendar.rules import SLOT
from planner.posts.rules import Status

if TYPE_CHECKING:
    from planner.calendar.models import Occurrence, Rhythm
    from planner.workspaces.models import Workspace


class RhythmQuerySet(models.QuerySet["Rhythm"]):
    def on(self) -> "RhythmQuerySet":
        return self.filter(switched_off_at__isnull=True)

    def unseen_since(self, moment: datetime) -> "RhythmQuerySet":
        """Those whose days were last filled before."""
        return self.on().filter(looked_at__lte=moment)


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def standing(self) -> "OccurrenceQuerySet":
        """Without those that are skipped, or whose cadence is switched off."""
        return self.filter(skipped_at__isnull=True)

    def empty(self) -> "OccurrenceQuerySet":
        """Where no post is made yet, or only one that was cancelled."""
        return self.standing().filter(
            Q(application__isnull=True)
            | Q(application__post__isnull=True)
            | Q(application__post__status=Status.CANCELLED)
        )

    def slots(self, workspace: "Workspace", first: date, last: date) -> "OccurrenceQuerySet":
        """The places of these days, both included, that still ask for a post."""
        return self.empty().filter(workspace=workspace, rhythm__form=SLOT, held_on__range=(first, last))

    def with_all(self) -> "OccurrenceQuerySet":
        return self.select_related("workspace", "rhythm__item", "rhythm__owner__user", "application__post")

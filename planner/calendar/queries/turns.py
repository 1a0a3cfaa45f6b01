"""What comes back: cadences that are switched on, and their days."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Q, Value, When

from planner.calendar.rules import DUTY, MEETING, SLOT
from planner.posts.rules import Status

if TYPE_CHECKING:
    from planner.calendar.models import Occurrence, Rhythm
    from planner.workspaces.models import Workspace


_EMPTY = Q(application__isnull=True) | Q(application__post__isnull=True) | Q(application__post__status=Status.CANCELLED)


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
        return self.standing().filter(_EMPTY)

    def places(self, workspace: "Workspace", first: date, last: date) -> "OccurrenceQuerySet":
        """What stands in the calendar on these days, both included: empty places and meetings, told apart by `as_slot`.

        The rota of those who answer has its own page.
        """
        found = self.standing().filter(~Q(rhythm__form=SLOT) | _EMPTY, ~Q(rhythm__item__slug=DUTY))
        return found.filter(workspace=workspace, held_on__range=(first, last)).annotate(
            as_slot=Case(When(rhythm__form=SLOT, then=Value(1)), default=Value(0))
        )

    def slots(self, workspace: "Workspace", first: date, last: date) -> "OccurrenceQuerySet":
        """The places of these days, both included, that still ask for a post, in their order."""
        found = self.empty().filter(workspace=workspace, rhythm__form=SLOT, held_on__range=(first, last))
        return found.order_by("held_on", "held_at", "pk")

    def for_everybody(self, workspace: "Workspace", first: date, last: date) -> "OccurrenceQuerySet":
        """The meetings of these days, both included, at which everybody is awaited, in their order."""
        found = self.standing().filter(
            workspace=workspace,
            held_on__range=(first, last),
            rhythm__form=MEETING,
            rhythm__item__payload__everyone=True,
        )
        return found.select_related("workspace", "rhythm__item").order_by("held_on", "held_at", "pk")

    def with_all(self) -> "OccurrenceQuerySet":
        return self.select_related("workspace", "rhythm__item", "rhythm__owner__user", "application__post")

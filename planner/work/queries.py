"""Reading work."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import models

from planner.work.rules import ANSWERING, WorkState

if TYPE_CHECKING:
    from planner.work.models import WorkItem
    from planner.workspaces.models import Membership


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    def about(self, subject: models.Model) -> "WorkItemQuerySet":
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk)

    def about_any(self, kind: type[models.Model], subjects: Iterable[models.Model]) -> "WorkItemQuerySet":
        """About any of these, which are all of this kind."""
        ids = [subject.pk for subject in subjects]
        return self.filter(subject_type=ContentType.objects.get_for_model(kind), subject_id__in=ids)

    def open(self) -> "WorkItemQuerySet":
        return self.filter(state=WorkState.OPEN)

    def wanted(self) -> "WorkItemQuerySet":
        """Without those whose condition does not hold for their post."""
        return self.filter(applies=True)

    def actual(self) -> "WorkItemQuerySet":
        """Items that count today: dated, and not the projection of a publication to come."""
        return self.wanted().filter(due_at__isnull=False, is_projection=False)

    def late(self, now: datetime) -> "WorkItemQuerySet":
        return self.open().actual().filter(due_at__lt=now)

    def owed_by(self, member: "Membership") -> "WorkItemQuerySet":
        """Theirs, or shared with them."""
        return self.filter(models.Q(owner=member) | models.Q(co_owner=member), workspace=member.workspace_id)

    def late_answers(self, before: datetime) -> "WorkItemQuerySet":
        """Answers that were due before that instant, which nobody shares yet."""
        return self.open().actual().filter(profile=ANSWERING, due_at__lte=before, co_owner__isnull=True)

    def keyed(self, keys: Iterable[str]) -> "WorkItemQuerySet":
        return self.filter(key__in=list(keys))

    def with_people(self) -> "WorkItemQuerySet":
        return self.select_related("workspace", "owner__user", "done_by__user")

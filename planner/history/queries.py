"""Reading what happened."""

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

if TYPE_CHECKING:
    from planner.history.models import Entry, Revision


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, subject: models.Model) -> "EntryQuerySet":
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk)


class RevisionQuerySet(models.QuerySet["Revision"]):
    def of(self, subject: models.Model) -> "RevisionQuerySet":
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk)

    def numbered(self, number: int) -> Any:
        return self.filter(number=number).first()

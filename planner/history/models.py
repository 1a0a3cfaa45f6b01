"""Entry (an act, never edited) and Revision (a numbered, digested copy of what was saved)."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from planner.history.queries import EntryQuerySet, RevisionQuerySet


class Entry(models.Model):
    """One act, by one person or by the system (`actor` empty), about one subject."""

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, null=True, related_name="entries")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    actor_name = models.CharField(max_length=150, blank=True)
    verb = models.SlugField(max_length=60, db_index=False)
    subject_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, null=True, related_name="+")
    subject_id = models.PositiveBigIntegerField(null=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=["subject_type", "subject_id", "-at"], name="entry_by_subject"),
            models.Index(fields=["workspace", "-at"], name="entry_by_workspace"),
        )

    def __str__(self) -> str:
        return f"{self.verb} @ {self.at:%Y-%m-%d %H:%M}"


class Revision(models.Model):
    """What a subject said when somebody pressed Save. `number` counts from 1 for each subject."""

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="revisions")
    subject_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    number = models.PositiveIntegerField()
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["subject_type", "subject_id", "number"], name="one_revision_per_number"),
        )

    def __str__(self) -> str:
        return f"{self.subject_type_id}/{self.subject_id} n°{self.number}"

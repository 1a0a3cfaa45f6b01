"""A work item: one act of one person, dated by the grammar of the playbook."""

from typing import TYPE_CHECKING

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planner.base.language import pick
from planner.work.queries import WorkItemQuerySet
from planner.work.rules import WorkState

if TYPE_CHECKING:
    from planner.workspaces.models import Membership


class WorkItem(models.Model):
    """Copied from the template when a post is made: later edits of the template do not move existing work."""

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="work_items")
    subject_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    key = models.SlugField(max_length=40)
    title = models.JSONField()
    why = models.JSONField(default=dict)
    verb = models.JSONField(default=dict)
    subject_title = models.JSONField(default=dict)
    """The subject's title in each language, kept here so that lists and reminders need no join."""
    roles = models.JSONField(default=list)
    owner = models.ForeignKey(
        "planner.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="work_items"
    )
    is_role_vacant = models.BooleanField(default=False)
    offset = models.CharField(max_length=20)
    condition = models.CharField(max_length=60, blank=True)
    applies = models.BooleanField(default=True)
    blocking = models.CharField(max_length=12, blank=True)
    minutes = models.PositiveSmallIntegerField(default=15)
    profile = models.SlugField(max_length=40, blank=True)
    checklist = models.JSONField(default=list)
    ticked = models.JSONField(default=list)
    needs_counts = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True, blank=True)
    is_projection = models.BooleanField(default=False)
    is_late_start = models.BooleanField(default=False)
    is_pinned = models.BooleanField(default=False)
    flag = models.JSONField(default=dict)
    """A visible remark, such as a person who left: {"fr": ..., "en": ...}."""
    state = models.CharField(max_length=8, choices=WorkState.choices, default=WorkState.OPEN)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("planner.Membership", on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        constraints = (
            models.UniqueConstraint(fields=["subject_type", "subject_id", "key"], name="one_item_per_key"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done"), name="done_work_has_its_hour"
            ),
        )
        indexes = (
            models.Index(fields=["owner", "due_at"], condition=Q(state="open"), name="open_work_by_owner"),
            models.Index(fields=["workspace", "due_at"], condition=Q(state="open"), name="open_work_by_workspace"),
            models.Index(fields=["subject_type", "subject_id"], name="work_by_subject"),
        )

    def __str__(self) -> str:
        return pick(self.title)

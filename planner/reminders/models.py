"""Reminder (the schedule), Notice (the inbox), Delivery (one way to reach one person), DeliveryState (the machine)."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planner.reminders.queries import DeliveryQuerySet, NoticeQuerySet, ReminderQuerySet
from planner.reminders.rules import OPEN_STATES, DeliveryStatus, State


class Reminder(models.Model):
    """One step of one work's reminder profile. The person is resolved when the row is claimed.

    `next_at` is the due time while pending, the lease's end while leased, the time of the next try after a failure.
    """

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="reminders")
    subject_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    group_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, null=True, related_name="+")
    group_id = models.PositiveBigIntegerField(null=True)
    step = models.CharField(max_length=40)
    occurrence = models.PositiveIntegerField(default=0)
    addressee = models.CharField(max_length=40)
    """`owner`, `second`, an editorial role, or `member:<id>` for a message to one person (see notify)."""
    work_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    profile = models.SlugField(max_length=40)
    mode = models.CharField(max_length=12, default="remind")
    quiet = models.CharField(max_length=16, default="always")
    """Are the recipient's quiet hours respected: `always`, `unless-on-duty`, `never`."""
    message = models.JSONField(default=dict)
    """What is said beside the subject's card, {"fr": ..., "en": ...}: the step's title, or the message of notify()."""
    token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.JSONField(default=list)
    """Why the row is where it is, as `[{"code": ..., values}]`; `rules.sentence` makes words of it."""
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = (
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "step", "occurrence", "addressee", "work_due_at"],
                name="one_reminder_per_step_and_due_value",
            ),
        )
        indexes = (
            models.Index(fields=["next_at"], condition=Q(state__in=OPEN_STATES), name="open_reminders_by_next"),
            models.Index(fields=["group_type", "group_id"], name="reminders_by_group"),
            models.Index(
                fields=["workspace", "-settled_at"],
                condition=Q(state__in=["dead", "missed"]),
                name="reminders_not_told",
            ),
        )

    def __str__(self) -> str:
        return f"{self.step} → {self.addressee} @ {self.due_at:%Y-%m-%d %H:%M}"


class Notice(models.Model):
    """A line of somebody's inbox, born in the transaction that claimed the reminder: exactly once."""

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="notices")
    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="notices")
    recipient = models.ForeignKey("planner.Membership", on_delete=models.CASCADE, related_name="notices")
    card = models.JSONField()
    """The card in both languages when the notice was born, and why this person got it:
    {"fr": {what, why, minutes, link, action, note, call}, "en": {...}, "because": [reasons]}."""
    born_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-born_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=["reminder", "recipient"], name="one_notice_per_reminder_and_person"),
        )
        indexes = (models.Index(fields=["recipient", "-born_at"], name="inbox_by_person"),)

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.card.get('fr', {}).get('what', '')}"


class Delivery(models.Model):
    """One reminder to one person by one way. `sending` is committed before the mail server is called."""

    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="deliveries")
    recipient = models.ForeignKey("planner.Membership", on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.PENDING)
    token = models.UUIDField(null=True)
    message_id = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.JSONField(default=list)
    """As that of a reminder."""
    at = models.DateTimeField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = (
            models.UniqueConstraint(
                fields=["reminder", "recipient", "channel"], name="one_delivery_per_person_and_way"
            ),
        )
        indexes = (
            models.Index(fields=["at"], condition=Q(state__in=["sending", "unknown"]), name="deliveries_under_watch"),
        )

    def __str__(self) -> str:
        return f"{self.channel} → {self.recipient_id}: {self.state}"


class DeliveryState(models.Model):
    """One row for the whole installation: the last tick, and whether delivery is paused, by whom and why."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_tick_at = models.DateTimeField(null=True)
    is_cron = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.CharField(max_length=150, blank=True)
    pause_reason = models.CharField(max_length=300, blank=True)
    draining = models.UUIDField(null=True)
    """On SQLite one drain at a time: the token of the one that runs."""
    draining_until = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="there_is_one_delivery_state"),)

    def __str__(self) -> str:
        return "paused" if self.paused_at else "running"

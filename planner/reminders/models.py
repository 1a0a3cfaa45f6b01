"""Reminder (the schedule), Notice (the inbox), Delivery (one way to reach one person), DeliveryState (the machine),
Preference (how a person wants to be told)."""

from typing import TYPE_CHECKING

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from planner.reminders.queries import DeliveryQuerySet, ErrandQuerySet, NoticeQuerySet, ReminderQuerySet
from planner.reminders.rules import OPEN_STATES, QUIET_FROM, QUIET_TO, Card, Chosen, DeliveryStatus, State, Way

if TYPE_CHECKING:
    from planner.workspaces.models import Membership


class Reminder(models.Model):
    """One step of one work's reminder profile. The person is resolved when the row is claimed.

    `next_at` is the due time while pending, the lease's end while leased, the time of the next try after a failure.
    """

    workspace = models.ForeignKey(
        "planner.Workspace", on_delete=models.CASCADE, related_name="reminders", verbose_name=_("workspace")
    )
    subject_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind of subject"), db_index=False
    )
    subject_id = models.PositiveBigIntegerField(_("number of the subject"))
    subject = GenericForeignKey("subject_type", "subject_id")
    group_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("kind of group"),
        db_index=False,
    )  # fmt: skip
    group_id = models.PositiveBigIntegerField(_("number of the group"), null=True)
    step = models.CharField(_("step"), max_length=40)
    occurrence = models.PositiveIntegerField(_("occurrence"), default=0)
    addressee = models.CharField(_("addressee"), max_length=40)
    """`owner`, `second`, an editorial role, or `member:<id>` for a message to one person (see notify)."""
    work_due_at = models.DateTimeField(_("due hour of the work"))
    due_at = models.DateTimeField(_("due"))
    next_at = models.DateTimeField(_("next try"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PENDING)
    profile = models.SlugField(_("reminder profile"), max_length=40, db_index=False)
    mode = models.CharField(_("manner"), max_length=12, default="remind")
    quiet = models.CharField(_("quiet hours"), max_length=16, default="always")
    """Are the recipient's quiet hours respected: `always`, `unless-on-duty`, `never`."""
    may_join_digest = models.BooleanField(_("may join a digest"), default=False)
    message = models.JSONField(_("message"), default=dict)
    """What is said beside the subject's card, {"fr": ..., "en": ...}: the step's title, or the message of notify()."""
    details = models.JSONField(_("details of the step"), null=True)
    """What else the step says or does, see `rules.details_of`: what to ask by phone, how often it comes again."""
    token = models.UUIDField(_("lease"), null=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    reason = models.JSONField(_("reason"), default=list)
    """Why the row is where it is, as `[{"code": ..., values}]`; `rules.sentence` makes words of it."""
    created_at = models.DateTimeField(_("created at"))
    settled_at = models.DateTimeField(_("settled at"), null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        # few indexes: each step of each row changes `state`, and PostgreSQL enters the row in every index anew
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

    workspace = models.ForeignKey(
        "planner.Workspace", on_delete=models.CASCADE, related_name="notices", verbose_name=_("workspace")
    )
    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="notices", verbose_name=_("reminder"))
    recipient = models.ForeignKey(
        "planner.Membership", on_delete=models.CASCADE, related_name="notices", verbose_name=_("recipient")
    )
    card = models.JSONField(_("what it says"))
    """The card in both languages when the notice was born, and why this person got it:
    {"fr": {what, why, minutes, link, action, note, call}, "en": {...}, "because": [reasons]}."""
    born_at = models.DateTimeField(_("told at"))
    seen_at = models.DateTimeField(_("seen at"), null=True)
    done_at = models.DateTimeField(_("put away at"), null=True)
    snoozed_until = models.DateTimeField(_("put off until"), null=True)

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

    reminder = models.ForeignKey(
        Reminder, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("reminder")
    )
    recipient = models.ForeignKey(
        "planner.Membership", on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("recipient")
    )
    channel = models.CharField(_("way"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.PENDING)
    token = models.UUIDField(_("lease"), null=True)
    message_id = models.CharField(_("number of the message"), max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    reason = models.JSONField(_("reason"), default=list)
    """As that of a reminder."""
    at = models.DateTimeField(_("at"))

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


class Outlet(models.Model):
    """A chat room or a program to which a workspace is told what its people are told. The address is a secret."""

    workspace = models.ForeignKey(
        "planner.Workspace", on_delete=models.CASCADE, related_name="outlets", verbose_name=_("workspace")
    )
    way = models.CharField(_("way"), max_length=10, choices=Way.choices)
    title = models.CharField(_("name"), max_length=80)
    address = models.TextField(_("address"))
    secret = models.CharField(_("secret of the signatures"), max_length=80, blank=True)
    kinds = models.JSONField(_("kinds of messages"))
    language = models.CharField(_("language"), max_length=2)
    is_on = models.BooleanField(_("switched on"), default=True)
    created_by = models.ForeignKey(
        "planner.Membership", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("set up by")
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        ordering = ("title", "id")
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")

    def __str__(self) -> str:
        return self.title


class Errand(models.Model):
    """One message to one outlet, born in the transaction that told the person. `next_at` is empty once it is over."""

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="errands", verbose_name=_("outlet"))
    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="errands", verbose_name=_("reminder"))
    kind = models.CharField(_("kind"), max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.PENDING)
    token = models.UUIDField(_("lease"), null=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_at = models.DateTimeField(_("next try"), null=True)
    reason = models.JSONField(_("reason"), default=list)
    at = models.DateTimeField(_("at"))

    objects = ErrandQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to an outlet")
        verbose_name_plural = _("messages to outlets")
        constraints = (
            models.UniqueConstraint(fields=["outlet", "reminder"], name="one_errand_per_outlet_and_reminder"),
        )
        indexes = (
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="errands_to_carry"),
            models.Index(fields=["outlet", "-at"], name="errands_by_outlet"),
        )

    def __str__(self) -> str:
        return f"{self.outlet_id}: {self.state}"


def _all_kinds() -> list[str]:
    return sorted(Chosen().by_email)


class Preference(models.Model):
    """How one person wants to be told in one workspace. Whoever never chose has none, and gets `rules.Chosen()`."""

    membership = models.OneToOneField(
        "planner.Membership", on_delete=models.CASCADE, related_name="preference", verbose_name=_("member")
    )
    by_email = models.JSONField(_("also by e-mail"), default=_all_kinds)
    """The kinds of messages that also come by e-mail; all come in the product."""
    quiet_from = models.TimeField(_("quiet from"), default=QUIET_FROM)
    quiet_until = models.TimeField(_("quiet until"), default=QUIET_TO)
    days = models.JSONField(_("days"), default=list)
    """0 is Monday; empty: the working days of the organisation."""
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        verbose_name = _("preferences")
        verbose_name_plural = _("preferences")
        constraints = (
            models.CheckConstraint(condition=Q(quiet_until__lt=F("quiet_from")), name="quiet_leaves_some_of_the_day"),
        )

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.quiet_until:%H:%M}–{self.quiet_from:%H:%M}"

    @property
    def chosen(self) -> Chosen:
        return Chosen(frozenset(self.by_email), self.quiet_from, self.quiet_until, frozenset(self.days))


class Digest(models.Model):
    """Many things told to one person at once: the reminders of a morning, their week, the sheet of the meeting.

    It is the subject of a reminder of its own, and so takes the road of every reminder.
    """

    workspace = models.ForeignKey(
        "planner.Workspace", on_delete=models.CASCADE, related_name="digests", verbose_name=_("workspace")
    )
    membership = models.ForeignKey(
        "planner.Membership", on_delete=models.CASCADE, related_name="digests", verbose_name=_("member")
    )
    kind = models.CharField(_("kind"), max_length=10)
    on = models.DateField(_("day"))
    content = models.JSONField(_("what it says"))
    """A card in each language, with `groups` (see `rules.Card`)."""
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = (
            models.UniqueConstraint(fields=["membership", "kind", "on"], name="one_digest_per_person_kind_and_day"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.on}: {self.membership_id}"

    def card(self, language: str) -> Card:
        said = self.content[language]
        return Card(**{**said, "groups": tuple(said["groups"])})

    def is_open(self) -> bool:
        return True

    def person(self, addressee: str) -> "Membership | None":
        return self.membership if addressee == f"member:{self.membership_id}" else None


class Worker(models.Model):
    """A process that works for delivery, and when it last did."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        ordering = ("name",)
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.Model):
    """One row for the whole installation: the last tick, and whether delivery is paused, by whom and why."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_tick_at = models.DateTimeField(null=True)
    queues = models.JSONField(null=True)
    """How many messages waited in each queue of the broker at the last tick."""
    warned_at = models.DateTimeField(null=True)
    """When managers were last written to because delivery does not answer."""
    counted_until = models.DateTimeField(null=True)
    """Up to where mornings have been counted for digests."""
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

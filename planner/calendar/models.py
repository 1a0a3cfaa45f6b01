"""Views saved under a name, and the links by which a calendar is read outside: feeds of a person, public pages.
Then what comes back: a cadence that a workspace switched on, and each of its days; what fell silent; what was brought
in from a spreadsheet.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from planner.base import wording
from planner.calendar.queries.kept import FeedQuerySet, ImportQuerySet, PublicLinkQuerySet, SavedViewQuerySet
from planner.calendar.queries.turns import OccurrenceQuerySet, RhythmQuerySet
from planner.calendar.rules import SLOT, asks_for_work
from planner.posts.rules import Status
from planner.reminders.rules import Card
from planner.workspaces import operations as workspaces

if TYPE_CHECKING:
    from planner.posts.models import Post
    from planner.workspaces.models import Membership

_MEMBER = "planner.Membership"


class SavedView(models.Model):
    """A page of the calendar with its filter: `query` is what stands in the address. Private unless it is shared."""

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(_MEMBER, on_delete=models.CASCADE, related_name="+", verbose_name=_("whose"))
    name = models.CharField(_("name"), max_length=60)
    page = models.CharField(max_length=10)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(_("shared with the workspace"), default=False)
    created_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = (models.UniqueConstraint(fields=["owner", "name"], name="one_view_per_name_and_person"),)

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """An address that a person's calendar program reads: everything, or one view. Their rights are asked each time."""

    person = models.ForeignKey(_MEMBER, on_delete=models.CASCADE, related_name="+", verbose_name=_("whose"))
    view = models.ForeignKey(
        SavedView, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("saved view")
    )
    token_digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2)
    alarm_minutes = models.PositiveSmallIntegerField(_("alarm, minutes before"), null=True, blank=True)
    created_at = models.DateTimeField()
    last_read_at = models.DateTimeField(_("last read"), null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"{self.person}: {self.view or _('everything')}"


class PublicLink(models.Model):
    """A page that whoever has the link may read until it expires: what appears, without internal notes."""

    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+", verbose_name=_("saved view"))
    token_digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2)
    created_by = models.ForeignKey(_MEMBER, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"))
    last_read_at = models.DateTimeField(_("last read"), null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = PublicLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name = _("public link")
        verbose_name_plural = _("public links")

    def __str__(self) -> str:
        return f"{self.view}"


class Rhythm(models.Model):
    """A cadence that a workspace switched on. The rule and the hour are those of the clock on its wall."""

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(
        "planner.PlaybookItem", on_delete=models.CASCADE, related_name="+", verbose_name=_("cadence")
    )
    form = models.CharField(max_length=10)
    repeat = models.CharField(_("repetition"), max_length=200)
    at = models.TimeField(_("hour"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    owner = models.ForeignKey(
        _MEMBER, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("who holds it")
    )
    switched_on_by = models.ForeignKey(_MEMBER, on_delete=models.SET_NULL, null=True, related_name="+")
    switched_on_at = models.DateTimeField(_("switched on at"))
    switched_off_at = models.DateTimeField(_("switched off at"), null=True, blank=True)
    looked_at = models.DateTimeField()
    """When its days were last filled ahead."""

    objects = RhythmQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        verbose_name = _("cadence switched on")
        verbose_name_plural = _("cadences switched on")
        constraints = (
            models.UniqueConstraint(
                fields=["workspace", "item"], condition=Q(switched_off_at__isnull=True), name="one_rhythm_per_cadence"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")), name="a_rhythm_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return self.item.title

    @property
    def asks_for_work(self) -> bool:
        return asks_for_work(self.form, self.item.payload["reminder"])


class Occurrence(models.Model):
    """One day of a cadence: `day` is where the rule puts it, `held_on` and `held_at` where it stands.

    It is open until it is skipped with a reason, or a post is made in its place.
    """

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="+")
    rhythm = models.ForeignKey(Rhythm, on_delete=models.CASCADE, related_name="occurrences")
    day = models.DateField(_("day of the rule"))
    held_on = models.DateField(_("day"))
    held_at = models.TimeField(_("hour"))
    skipped_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("why it is skipped"), max_length=300, blank=True)
    application = models.ForeignKey(
        "planner.Application", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The template that somebody applies here; once made, its post fills the place."""

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        ordering = ("held_on", "held_at", "id")
        verbose_name = _("day of a cadence")
        verbose_name_plural = _("days of cadences")
        constraints = (models.UniqueConstraint(fields=["rhythm", "day"], name="one_occurrence_per_rhythm_and_day"),)
        indexes = (models.Index(fields=["workspace", "held_on"], name="occurrences_by_day"),)

    def __str__(self) -> str:
        return str(self.rhythm)

    @property
    def starts_at(self) -> datetime:
        """The instant, from the hour on the wall: it follows when the workspace changes its zone."""
        return workspaces.working_calendar(self.workspace, changes=()).at(self.held_on, self.held_at)

    @property
    def is_moved(self) -> bool:
        return self.held_on != self.day

    @property
    def piece(self) -> "Post | None":
        """The post that fills the place; one that was cancelled leaves it empty again."""
        post = self.application.post if self.application else None
        return None if post is None or post.status == Status.CANCELLED else post

    @property
    def is_slot(self) -> bool:
        return self.rhythm.form == SLOT

    @property
    def link(self) -> str:
        """Its page, without the host."""
        return reverse("calendar:occurrence", kwargs={"workspace": self.workspace.slug, "occurrence": self.pk})


class Silence(models.Model):
    """A channel that fell silent, of which one person was told, once: `since` is when something last appeared there."""

    channel = models.ForeignKey("planner.Channel", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(_("silent since"))
    told = models.ForeignKey(_MEMBER, on_delete=models.SET_NULL, null=True, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        ordering = ("-told_at", "-id")
        verbose_name = _("silence of a channel")
        verbose_name_plural = _("silences of channels")
        constraints = (models.UniqueConstraint(fields=["channel", "since"], name="one_telling_per_silence"),)

    def __str__(self) -> str:
        return f"{self.channel}, {self.since:%Y-%m-%d}"

    # ---- what reminders ask of their subject

    @classmethod
    def for_reminders(cls, ids: Iterable[int]) -> "dict[int, Silence]":
        """The silences by id, with all that `card` needs."""
        found = cls.objects.filter(pk__in=list(ids)).select_related("channel__workspace", "told__user")
        return {one.pk: one for one in found}

    def card(self, language: str) -> Card:
        workspace = self.channel.workspace
        with translation.override(language), timezone.override(workspace.time_zone):
            return Card(
                what=gettext("“%(channel)s”: nothing since %(day)s")
                % {"channel": self.channel, "day": wording.date_only(self.since)},
                why=gettext(
                    "Readers do not come back to a place that falls silent: plan something, or change its cadence."
                ),
                minutes=10,
                link=reverse("workspaces:channel", kwargs={"workspace": workspace.slug, "slug": self.channel.slug}),
                action=gettext("See the channel"),
            )

    def is_open(self) -> bool:
        return True

    def person(self, addressee: str) -> "Membership | None":
        return self.told


class Import(models.Model):
    """A spreadsheet that somebody uploaded, its words as they stand there: read again whenever it is looked at.

    It waits for its person alone, and is forgotten after `rules.incoming.KEPT_DAYS`; once brought in, which posts it
    made stays known.
    """

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(_MEMBER, on_delete=models.CASCADE, related_name="+", verbose_name=_("whose"))
    file_name = models.CharField(_("file"), max_length=150)
    separator = models.CharField(max_length=1, blank=True)
    """What stands between the cells of a CSV file; empty for a workbook."""
    first = models.CharField(max_length=5, blank=True)
    """See `written.DAY_FIRST`."""
    heads = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    """`[number of the row, [cells]]` of each line."""
    uploaded_at = models.DateTimeField(_("uploaded at"))
    brought_in_at = models.DateTimeField(_("brought in at"), null=True, blank=True)
    posts = models.JSONField(default=list)
    """What it made: `{"post", "title", "on", "channels"}`, each as its lines said it, wherever it was moved since."""

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at", "-id")
        verbose_name = _("spreadsheet brought in")
        verbose_name_plural = _("spreadsheets brought in")
        indexes = (models.Index(fields=["uploaded_at"], name="imports_by_age"),)

    def __str__(self) -> str:
        return self.file_name

    @property
    def made(self) -> list[int]:
        """Keys of the posts that it made."""
        return [one["post"] for one in self.posts]

    @property
    def link(self) -> str:
        """Its page, without the host."""
        return reverse("calendar:import_sheet", kwargs={"workspace": self.workspace.slug, "sheet": self.pk})


class Partner(models.Model):
    """One of those who share a turn: the pair of a week."""

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="partners")
    person = models.ForeignKey(_MEMBER, on_delete=models.CASCADE, related_name="+", verbose_name=_("member"))

    class Meta:
        ordering = ("id",)
        verbose_name = _("partner of a turn")
        verbose_name_plural = _("partners of turns")
        constraints = (models.UniqueConstraint(fields=["occurrence", "person"], name="one_share_per_person_and_turn"),)

    def __str__(self) -> str:
        return f"{self.person}, {self.occurrence.held_on}"

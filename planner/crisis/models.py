"""A crisis, its log (only ever added to), facts, lists ticked by hand, statements, reviews and changes."""

from typing import TYPE_CHECKING, Any, NoReturn

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Refused
from planner.crisis.queries import CrisisQuerySet, LogQuerySet, StatementQuerySet
from planner.crisis.rules import ONLY_ADDED, CheckKind, FactKind, LineKind, StatementKind
from planner.posts.rules import Release

if TYPE_CHECKING:
    from datetime import datetime

_MEMBER = "planner.Membership"


def _member(words: Any, **more: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        _MEMBER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=words, **more
    )


class Crisis(models.Model):
    """From the declaration to the debrief. `level` falls to 0 with the all-clear; `peak` decides who releases."""

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="crises")
    title = models.CharField(_("what is happening"), max_length=150)
    reason = models.CharField(_("reason"), max_length=500)
    level = models.PositiveSmallIntegerField(_("level"))
    peak = models.PositiveSmallIntegerField(_("highest level"))
    scope = models.JSONField(_("what it covers"), default=dict)
    scope_key = models.CharField(max_length=250)
    triggers = models.JSONField(_("signs"), default=list)
    alert = models.OneToOneField("planner.Alert", on_delete=models.CASCADE, related_name="crisis")
    hold = models.OneToOneField("planner.Hold", on_delete=models.SET_NULL, null=True, related_name="crisis")
    declared_by = _member(_("declared by"))
    declared_at = models.DateTimeField(_("declared at"))
    lead = _member(_("led by"))
    first_words_due_at = models.DateTimeField(_("first words due"), null=True)
    promised_at = models.DateTimeField(_("next words promised for"), null=True)
    facts_changed_at = models.DateTimeField(_("last new fact"))
    is_drill = models.BooleanField(_("drill"), default=False)
    cleared_at = models.DateTimeField(_("all clear since"), null=True)
    lessons = models.JSONField(_("debrief"), default=dict)
    debriefed_at = models.DateTimeField(_("debrief closed at"), null=True)

    objects = CrisisQuerySet.as_manager()

    class Meta:
        ordering = ("-declared_at", "-id")
        verbose_name = _("crisis")
        verbose_name_plural = _("crises")
        constraints = (
            models.UniqueConstraint(
                fields=["workspace", "scope_key"], condition=Q(cleared_at__isnull=True), name="one_open_crisis_a_scope"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=False, level=0) | Q(cleared_at__isnull=True, level__gt=0),
                name="a_crisis_ends_at_level_0",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @cached_property
    def link(self) -> str:
        return reverse("crisis:room", kwargs={"workspace": self.workspace.slug, "crisis": self.pk})

    def is_overdue(self, now: "datetime") -> bool:
        """Has the promised hour passed in silence?"""
        return self.cleared_at is None and self.promised_at is not None and self.promised_at < now


class LogLine(models.Model):
    """One line of the log. Neither changed nor removed: refused here, and by triggers of the database.

    People are kept by their names, as they signed then. Lines of a sample workspace can go with it.
    """

    crisis = models.ForeignKey(Crisis, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind.choices)
    at = models.DateTimeField(_("time"))
    writer = models.CharField(_("written by"), max_length=150)
    decision = models.TextField(_("decision"))
    rejected = models.TextField(_("what was set aside"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decider = models.CharField(_("who decides"), max_length=150, blank=True)
    known_then = models.TextField(_("what was known then"), blank=True)
    review_at = models.DateTimeField(_("when to look again"), null=True, blank=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.DO_NOTHING, null=True, blank=True, related_name="corrected_by"
    )
    is_sample = models.BooleanField(default=False)

    objects = LogQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("line of the log")
        verbose_name_plural = _("lines of the log")
        indexes = (models.Index(fields=["crisis", "-at", "-id"], name="log_of_a_crisis"),)

    def __str__(self) -> str:
        return self.decision[:80]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise Refused(ONLY_ADDED)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise Refused(ONLY_ADDED)


class Fact(models.Model):
    """One fact of the three lists. It moves between them; each move is a line of the log."""

    crisis = models.ForeignKey(Crisis, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(_("list"), max_length=8, choices=FactKind.choices)
    text = models.CharField(_("in one sentence"), max_length=300)
    source = models.CharField(_("confirmed by whom, or who checks it"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("before"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("found wrong at"), null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return self.text


class CheckLine(models.Model):
    """A line ticked by hand: what the product cannot stop, a place to put right, a condition, a step of a drill."""

    crisis = models.ForeignKey(Crisis, on_delete=models.CASCADE, related_name="checks")
    kind = models.CharField(max_length=10, choices=CheckKind.choices)
    key = models.SlugField(max_length=60)
    text = models.JSONField()
    help = models.JSONField(default=dict)
    owner = _member(_("person in charge"))
    due_at = models.DateTimeField(_("due"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    done_by = _member(_("done by"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=["crisis", "kind", "key"], name="one_check_per_key"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.key}"


class Statement(models.Model):
    """What we said, or are about to say: a post of its own, which the hold lets pass and two people confirm."""

    crisis = models.ForeignKey(Crisis, on_delete=models.CASCADE, related_name="statements")
    post = models.OneToOneField("planner.Post", on_delete=models.CASCADE, related_name="statement")
    kind = models.CharField(_("kind"), max_length=8, choices=StatementKind.choices)
    number = models.PositiveSmallIntegerField(_("number"))
    due_at = models.DateTimeField(_("promised for"), null=True)
    next_at = models.DateTimeField(_("next words promised for"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True)
    created_at = models.DateTimeField()

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["crisis", "number"], name="one_statement_per_number"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def link(self) -> str:
        names = {"workspace": self.crisis.workspace.slug, "crisis": self.crisis_id, "statement": self.pk}
        return reverse("crisis:statement", kwargs=names)

    @property
    def is_kept(self) -> bool:
        """Was the promised hour kept? A promise is kept to the minute."""
        return self.due_at is None or (self.published_at is not None and self.published_at <= self.due_at)


class Proposal(models.Model):
    """A decision proposed about a held post, by the editor or the crisis lead, that waits for the other of the two."""

    crisis = models.ForeignKey(Crisis, on_delete=models.CASCADE, related_name="proposals")
    post = models.ForeignKey("planner.Post", on_delete=models.CASCADE, related_name="proposals")
    decision = models.CharField(_("decision"), max_length=8, choices=Release.choices)
    reason = models.CharField(_("reason"), max_length=500)
    answers = models.JSONField(default=dict)
    to_on = models.DateField(_("new day"), null=True)
    to_at = models.TimeField(_("hour"), null=True)
    proposed_by = _member(_("proposed by"))
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-proposed_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["crisis", "post"], condition=Q(settled_at__isnull=True), name="one_open_proposal_per_post"
            ),
        )

    def __str__(self) -> str:
        return f"{self.post_id}: {self.decision}"


class Change(models.Model):
    """What we change after a crisis, with its owner; looked at again after 30 and after 90 days."""

    crisis = models.ForeignKey(Crisis, on_delete=models.CASCADE, related_name="changes")
    text = models.CharField(_("what changes"), max_length=300)
    owner = _member(_("person in charge"))
    due_on = models.DateField(_("by when"))
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return self.text

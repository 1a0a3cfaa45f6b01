"""A signal: what somebody said to us, as they said it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from planner.dialogue.queries import SignalQuerySet
from planner.dialogue.rules import WAITING, Decision, Kind, Origin, State, shortened
from planner.reminders.rules import Card
from planner.workspaces import operations as workspaces

if TYPE_CHECKING:
    from planner.posts.models import Post
    from planner.workspaces.models import Membership

_MEMBER = "planner.Membership"


class Signal(models.Model):
    """A complaint or a question. `received_at` is when the person said it: every R date is counted from there."""

    workspace = models.ForeignKey(
        "planner.Workspace", on_delete=models.CASCADE, related_name="signals", verbose_name=_("workspace")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text = models.TextField(_("what was said"))
    origin = models.CharField(_("where it reached us"), max_length=10, choices=Origin.choices)
    received_at = models.DateTimeField(_("received"))
    said_by = models.CharField(_("who said it"), max_length=150, blank=True)
    contact = models.CharField(_("how to reach them"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    theme = models.CharField(_("theme"), max_length=80, blank=True)
    is_critical = models.BooleanField(_("critical of us"), default=False)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    owner = models.ForeignKey(
        _MEMBER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who answers")
    )
    answer = models.TextField(_("what we answered"), blank=True)
    address = models.URLField(_("where the answer is"), max_length=500, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="duplicates", verbose_name=_("same as")
    )
    application = models.ForeignKey(
        "planner.Application", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The template that somebody applies to it; once made, its post is what came of the signal."""
    post = models.ForeignKey(
        "planner.Post", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("post")
    )
    recorded_by = models.ForeignKey(
        _MEMBER, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("written down by")
    )
    created_at = models.DateTimeField(_("written down at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = SignalQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at", "-id")
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="a_closed_signal_has_its_hour"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="a_signal_is_not_merged_into_itself",
            ),
        )
        indexes = (models.Index(fields=["workspace", "state", "-received_at"], name="signals_by_state"),)

    def __str__(self) -> str:
        return shortened(self.text, 80)

    @property
    def piece(self) -> "Post | None":
        """The post that came of it: made from it, or named by hand."""
        return (self.application.post if self.application else None) or self.post

    @property
    def link(self) -> str:
        """The page of the signal, without the host."""
        return reverse("dialogue:signal", kwargs={"workspace": self.workspace.slug, "signal": self.pk})

    def second_id_for(self, role: str) -> int | None:
        """Nobody is named on a signal but its owner: the second person of the role stands in."""
        return None

    # ---- what reminders ask of their subject

    @classmethod
    def for_reminders(cls, ids: Iterable[int]) -> "dict[int, Signal]":
        """The signals by id, with all that `card` needs."""
        return {one.pk: one for one in cls.objects.filter(pk__in=list(ids)).select_related("workspace", "owner__user")}

    def card(self, language: str) -> Card:
        with translation.override(language):
            return Card(
                what=gettext("“%(words)s”") % {"words": str(self)},
                why="",
                minutes=5,
                link=self.link,
                action=gettext("Read and sort"),
            )

    def is_open(self) -> bool:
        return self.state in WAITING

    def person(self, addressee: str) -> "Membership | None":
        if addressee in ("owner", "second"):
            return self.owner if addressee == "owner" else None
        book = workspaces.roles_held(self.workspace)
        if addressee.startswith("member:"):
            return book.people.get(int(addressee.removeprefix("member:")))
        return book.first(addressee)

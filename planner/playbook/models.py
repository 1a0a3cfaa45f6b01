"""One table holds every item of the playbook; one schema per kind validates the payload (see `seeds.py`)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Words
from planner.base.language import pick
from planner.playbook.queries import PlaybookItemQuerySet


class Kind(models.TextChoices):
    ROLE = "role", _("Role")
    CHANNEL = "channel", _("Channel")
    REMINDER_PROFILE = "reminder_profile", _("Reminder profile")
    WORKFLOW = "workflow", _("Workflow")
    TEMPLATE = "template", _("Template")
    SOURCE = "source", _("Source")
    ADVICE = "advice", _("Advice")
    CHECKLIST = "checklist", _("Checklist")
    CRISIS = "crisis", _("Crisis conduct")
    QUESTION = "question", _("Question to leaders")
    STAGE = "stage", _("Maturity stage")
    ASSESSMENT = "assessment", _("Executive audit")
    CADENCE = "cadence", _("Cadence")
    OBSERVANCE = "observance", _("Seasonal topic")
    RULE = "rule", _("Rule")
    WORDS = "words", _("Word list")
    GATE = "gate", _("Gate")
    CHARTER = "charter", _("Editorial policy")


def kinds() -> list[tuple[str, Words]]:
    """Asked for by name, so that a new kind needs no migration."""
    return list(Kind.choices)


class PlaybookItem(models.Model):
    """Bundled when `workspace` is empty, and then read-only; otherwise an organisation's own copy."""

    workspace = models.ForeignKey(
        "planner.Workspace",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("workspace"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=kinds)
    slug = models.SlugField(_("short name"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    payload = models.JSONField(_("content"))
    checksum = models.CharField(_("checksum"), max_length=64)
    based_on_version = models.PositiveIntegerField(_("based on version"), null=True, blank=True)
    base = models.JSONField(_("bundled content it was made from"), null=True, blank=True)
    base_checksum = models.CharField(_("checksum of that content"), max_length=64, blank=True)
    loaded_at = models.DateTimeField(_("loaded at"))
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = PlaybookItemQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "slug")
        verbose_name = _("playbook item")
        verbose_name_plural = _("playbook items")
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "slug"], condition=Q(workspace__isnull=True), name="one_bundled_item_per_slug"
            ),
            models.UniqueConstraint(
                fields=["workspace", "kind", "slug"],
                condition=Q(workspace__isnull=False),
                name="one_own_item_per_slug",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return pick(self.payload.get("title")) or pick(self.payload.get("statement")) or self.slug

    def is_outdated(self, bundled_checksum: str | None) -> bool:
        """Has the bundled item changed since the organisation made this one from it?"""
        return bool(self.base_checksum and bundled_checksum) and self.base_checksum != bundled_checksum

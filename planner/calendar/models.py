"""Views saved under a name, and the links by which a calendar is read outside: feeds of a person, public pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from planner.calendar.queries.kept import FeedQuerySet, PublicLinkQuerySet, SavedViewQuerySet

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

"""Saved views and the links to them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from planner.calendar.models import Feed, Import, PublicLink, SavedView
    from planner.workspaces.models import Membership


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def seen_by(self, member: "Membership") -> "SavedViewQuerySet":
        """One's own, and those that colleagues share."""
        return self.filter(Q(owner=member) | Q(is_shared=True), workspace=member.workspace_id)


class FeedQuerySet(models.QuerySet["Feed"]):
    def open(self) -> "FeedQuerySet":
        """Not revoked, of people who are still there."""
        return self.filter(revoked_at__isnull=True, person__left_at__isnull=True, person__user__is_active=True)


class PublicLinkQuerySet(models.QuerySet["PublicLink"]):
    def open(self, now: datetime) -> "PublicLinkQuerySet":
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)


class ImportQuerySet(models.QuerySet["Import"]):
    def of(self, member: "Membership") -> "ImportQuerySet":
        """Those that this person uploaded."""
        return self.filter(person=member, workspace=member.workspace_id).select_related("workspace")

    def remembered(self, workspace: int) -> list[dict[str, Any]]:
        """What the spreadsheets of a workspace have made; see `Import.posts`."""
        rows = self.filter(workspace=workspace, brought_in_at__isnull=False).values_list("posts", flat=True)
        return [one for made in rows for one in made]

    def waiting(self) -> "ImportQuerySet":
        """Looked at, and not brought in."""
        return self.filter(brought_in_at__isnull=True)

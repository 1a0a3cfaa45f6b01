"""Reading posts."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from planner.posts.models import Placement, Post


class PostQuerySet(models.QuerySet["Post"]):
    def undated(self) -> "PostQuerySet":
        return self.filter(planned_at__isnull=True, published_at__isnull=True)


class PlacementQuerySet(models.QuerySet["Placement"]):
    def open(self) -> "PlacementQuerySet":
        return self.filter(published_at__isnull=True, cancelled_at__isnull=True)

    def between(self, start: datetime, end: datetime) -> "PlacementQuerySet":
        """Placements shown in a window: at their real hour once published, at the planned one before."""
        return self.filter(cancelled_at__isnull=True, shown_at__gte=start, shown_at__lt=end)

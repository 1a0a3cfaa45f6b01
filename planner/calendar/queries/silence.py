"""Channels that have fallen silent, by the cadence that each declares."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from planner.calendar.rules import is_silent
from planner.posts.models import Placement
from planner.posts.rules import FROZEN
from planner.workspaces.models import Channel


@dataclass(frozen=True)
class Silent:
    """A channel on which nothing has appeared since then; `next_at` is what is planned, further away."""

    channel: Channel
    since: datetime
    next_at: datetime | None


def silent(channels: "QuerySet[Channel]", now: datetime) -> list[Silent]:
    """Those of `channels` that have fallen silent; one query. During an alert the rhythm of the crisis counts alone."""
    here = Placement.objects.filter(channel=OuterRef("pk"))
    out = here.filter(published_at__isnull=False).order_by("-published_at")
    ahead = here.free().filter(planned_at__gt=now).exclude(post__status__in=FROZEN).order_by("planned_at")
    paced = channels.filter(is_used=True, paced_since__isnull=False, workspace__is_alerted=False)
    found = paced.annotate(
        last_at=Subquery(out.values("published_at")[:1]), next_at=Subquery(ahead.values("planned_at")[:1])
    )
    rows = [
        Silent(one, max(filter(None, (one.last_at, one.paced_since))), one.next_at)
        for one in found.select_related("workspace", "owner__user", "deputy__user").order_by("position", "pk")
    ]
    return [one for one in rows if is_silent(one.channel.pace or 0, one.since, one.next_at, now)]

"""What stands in a span of days. Reads only the columns that a calendar shows, in a fixed number of queries."""

import zoneinfo
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from planner.calendar import rules
from planner.calendar.rules import Due, Entry, Mark
from planner.posts.models import Placement, Post, PostText
from planner.posts.rules import Status
from planner.work.models import WorkItem
from planner.workspaces.models import Membership, Workspace

TRAY_SHOWN = 12
"""Undated posts beside the grid before "n more"."""

_COLUMNS = (
    "post_id", "shown_at", "planned_at", "published_at", "post__status", "post__language", "channel__mark",
    "channel__owned", "channel__title", "held_at",
)  # fmt: skip


def titles(posts: "QuerySet[Post] | Iterable[int]", language: str) -> dict[int, str]:
    """The title of each post in `language`, else in its own, else any; one query."""
    found: dict[int, tuple[int, str]] = {}
    rows = PostText.objects.filter(post__in=posts).exclude(title="").order_by("id")
    for post_id, own, spoken, title in rows.values_list("post_id", "post__language", "language", "title"):
        rank = 0 if spoken == language else 1 if spoken == own else 2
        if post_id not in found or rank < found[post_id][0]:
            found[post_id] = (rank, title)
    return {post_id: title for post_id, (_rank, title) in found.items()}


def entries(workspace: Workspace, start: datetime, end: datetime, *, language: str, now: datetime) -> list[Entry]:
    """Everything shown between two instants; what was planned for one hour of one post is one entry. Two queries."""
    placements = (
        Placement.objects.between(start, end).filter(post__workspace=workspace).exclude(post__status=Status.CANCELLED)
    )
    spoken = titles(Post.objects.filter(placements__in=placements), language)
    zone = zoneinfo.ZoneInfo(workspace.time_zone)
    grouped: dict[tuple[int, datetime, date], list[dict[str, Any]]] = defaultdict(list)
    for row in placements.order_by("channel__position", "id").values(*_COLUMNS):
        on = row["shown_at"].astimezone(zone).date()
        grouped[row["post_id"], row["planned_at"] or row["shown_at"], on].append(row)
    return [_entry(rows, spoken, now) for rows in grouped.values()]


def _entry(rows: list[dict[str, Any]], spoken: dict[int, str], now: datetime) -> Entry:
    first = min(rows, key=lambda row: row["shown_at"])
    post_id, at = first["post_id"], first["shown_at"]
    published = all(row["published_at"] for row in rows)
    held = all(row["held_at"] or row["published_at"] for row in rows)
    return Entry(
        post_id=post_id,
        at=at,
        title=spoken.get(post_id) or _("Untitled"),
        state=rules.state_shown(first["post__status"], published=published, held=held, at=at, now=now),
        marks=tuple(Mark(row["channel__mark"], row["channel__owned"], row["channel__title"]) for row in rows),
    )


def dues(member: Membership, start: datetime, end: datetime, *, now: datetime) -> dict[date, Due]:
    """Open work of the workspace by local day; one query."""
    zone = zoneinfo.ZoneInfo(member.workspace.time_zone)
    rows = (
        WorkItem.objects.open()
        .actual()
        .filter(workspace=member.workspace, due_at__gte=start, due_at__lt=end)
        .order_by()
        .annotate(on=TruncDate("due_at", tzinfo=zone))
        .values("on")
        .annotate(count=Count("id"), mine=Count("id", Q(owner=member)), late=Count("id", Q(due_at__lt=now)))
    )
    return {row["on"]: Due(row["count"], row["mine"], row["late"]) for row in rows}


@dataclass(frozen=True)
class Undated:
    """A post without a date, for the tray."""

    post_id: int
    title: str
    status: str


@dataclass(frozen=True)
class Tray:
    items: tuple[Undated, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.items)


def tray(workspace: Workspace, *, language: str, everything: bool = False) -> Tray:
    """What has no date yet, the latest touched first; three queries."""
    waiting = Post.objects.undated().filter(
        workspace=workspace, status__in=[Status.IDEA, Status.DRAFT, Status.IN_REVIEW, Status.APPROVED]
    )
    chosen = waiting.order_by("-updated_at", "-id").values_list("id", "status")
    rows = list(chosen if everything else chosen[:TRAY_SHOWN])
    spoken = titles([row[0] for row in rows], language)
    return Tray(
        tuple(Undated(key, spoken.get(key) or _("Untitled"), status) for key, status in rows),
        waiting.count(),
    )


WORK_SHOWN = 200
"""Work items that the page of a day lists before it says how many more there are."""


def work_of_day(workspace: Workspace, start: datetime, end: datetime) -> list[WorkItem]:
    """Open work that falls due between two instants, with its people; one query."""
    items = WorkItem.objects.open().actual().filter(workspace=workspace, due_at__gte=start, due_at__lt=end)
    return list(items.select_related("workspace", "subject_type", "owner__user").order_by("due_at", "id")[:WORK_SHOWN])


def has_any_post(workspace: Workspace) -> bool:
    return Post.objects.filter(workspace=workspace).exists()

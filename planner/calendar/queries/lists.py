"""What has no day, and the work of one day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from planner.posts.models import Post, PostText
from planner.posts.rules import Status
from planner.work.models import WorkItem
from planner.workspaces.models import Workspace

TRAY_SHOWN = 12
"""Undated posts beside the grid before "n more"."""

WORK_SHOWN = 200
"""Work items that the page of a day lists before it says how many more there are."""


def titles(posts: "QuerySet[Post] | Iterable[int]", language: str) -> dict[int, str]:
    """The title of each post in `language`, else in its own, else any; one query."""
    found: dict[int, tuple[int, str]] = {}
    rows = PostText.objects.filter(post__in=posts).exclude(title="").order_by("id")
    for post_id, own, spoken, title in rows.values_list("post_id", "post__language", "language", "title"):
        rank = 0 if spoken == language else 1 if spoken == own else 2
        if post_id not in found or rank < found[post_id][0]:
            found[post_id] = (rank, title)
    return {post_id: title for post_id, (_rank, title) in found.items()}


def title_in(language: str) -> Subquery:
    """The same choice as `titles`, as a column of a queryset of posts."""
    rank = Case(
        When(language=language, then=Value(0)),
        When(language=F("post__language"), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    texts = PostText.objects.filter(post=OuterRef("pk")).exclude(title="").order_by(rank, "id")
    return Subquery(texts.values("title")[:1])


@dataclass(frozen=True)
class Undated:
    """A post without a date, for the tray."""

    post_id: int
    title: str
    status: str
    version: int = 1


@dataclass(frozen=True)
class Tray:
    items: tuple[Undated, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.items)


def waiting(workspace: Workspace) -> "QuerySet[Post]":
    """Posts that may still get a date."""
    alive = [Status.IDEA, Status.DRAFT, Status.IN_REVIEW, Status.APPROVED]
    return Post.objects.undated().filter(workspace=workspace, status__in=alive)


def tray(posts: "QuerySet[Post]", *, language: str, count: int | None = None, everything: bool = False) -> Tray:
    """What has no date yet, the latest touched first; one query, and one more when nobody has counted them."""
    chosen = posts.annotate(_title=title_in(language)).order_by("-updated_at", "-id")
    rows = list((chosen if everything else chosen[:TRAY_SHOWN]).values_list("id", "_title", "status", "version"))
    items = tuple(Undated(key, title or _("Untitled"), status, version) for key, title, status, version in rows)
    return Tray(items, posts.count() if count is None else count)


def work_of_day(workspace: Workspace, start: datetime, end: datetime) -> list[WorkItem]:
    """Open work that falls due between two instants, with its people; one query."""
    items = WorkItem.objects.open().actual().filter(workspace=workspace, due_at__gte=start, due_at__lt=end)
    return list(items.select_related("workspace", "subject_type", "owner__user").order_by("due_at", "id")[:WORK_SHOWN])


def has_any_post(workspace: Workspace) -> bool:
    return Post.objects.filter(workspace=workspace).exists()

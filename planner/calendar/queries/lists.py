"""What has no day, and the work of one day."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from planner.calendar import rules
from planner.calendar.queries.days import title_in
from planner.posts.models import Placement, Post, PostText
from planner.posts.queries import PostQuerySet
from planner.posts.rules import Status
from planner.work.models import WorkItem
from planner.work.rules import WorkState
from planner.workspaces.models import Workspace

TRAY_SHOWN = 12
"""Undated posts beside the grid before "n more"."""

BOARD_SHOWN = 12
"""Cards of a column before "n more"."""

BOARD_COUNTED = 1000
"""Posts up to which a column is counted; beyond, it says that there are more."""

FOUND_SHOWN = 60
"""Posts that a search lists."""

FOUND_COUNTED = 200
"""Posts up to which a search counts what it has found; beyond, it says that there are more."""

MOVED_SHOWN = 30
"""Lines of each half of the list of a week."""

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


@dataclass(frozen=True)
class Card:
    """A post on the board, or among those found."""

    post_id: int
    title: str
    status: str
    at: datetime | None
    owner: str
    version: int
    is_late: bool
    planned_at: datetime | None
    touched_at: datetime
    is_held: bool


def _cards(posts: "QuerySet[Post]", language: str, now: datetime) -> list[Card]:
    held = Exists(Post.objects.filter(pk=OuterRef("pk")).silenced())
    rows = posts.annotate(_title=title_in(language), _held=held).values_list(
        "id",
        "_title",
        "status",
        "planned_at",
        "published_at",
        "author__user__name",
        "version",
        "updated_at",
        "_held",
    )
    return [
        Card(
            pk,
            title or _("Untitled"),
            status,
            out or at,
            owner,
            version,
            bool(at and at < now and not out),
            at,
            touched,
            is_held,
        )
        for pk, title, status, at, out, owner, version, touched, is_held in rows
    ]


@dataclass(frozen=True)
class Column:
    status: str
    cards: list[Card]
    count: int

    @property
    def is_beyond(self) -> bool:
        return self.count > BOARD_COUNTED

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


STATES = (Status.IDEA, Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED)


def board(posts: "QuerySet[Post]", *, language: str, now: datetime) -> list[Column]:
    """A column for each state, what comes first at the top, the latest published first; three queries."""
    counts = _counted(posts)
    cards: dict[str, list[Card]] = {status: [] for status in STATES}
    for card in _cards(Post.objects.filter(pk__in=_first_of(posts)), language, now):
        cards[card.status].append(card)
    for status, column in cards.items():
        column.sort(key=_latest_first if status == Status.PUBLISHED else _next_first)
    return [Column(status, cards[status][:BOARD_SHOWN], counts.get(status, 0)) for status in STATES]


def _counted(posts: "QuerySet[Post]") -> dict[str, int]:
    """How many posts each state has, up to one more than `BOARD_COUNTED`."""
    parts = [posts.filter(status=status).order_by().values("pk")[: BOARD_COUNTED + 1] for status in STATES]
    return {STATES[number]: count for number, count in _together("COUNT(*)", parts)}


def _together(wanted: str, parts: "Iterable[QuerySet[Any, Any]]") -> list[tuple[Any, ...]]:
    """What is wanted of each part, after the number of the part; one query."""
    compiled = [part.query.sql_with_params() for part in parts]
    each = (f"SELECT {number}, {wanted} FROM ({one}) q{number}" for number, (one, _params) in enumerate(compiled))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each), [param for _sql, params in compiled for param in params])
        return list(cursor.fetchall())


def _first_of(posts: "QuerySet[Post]") -> list[int]:
    """The posts that come first in each state: so many of those with an hour, and of those without one."""
    parts: list[QuerySet[Post]] = []
    for status in STATES:
        dated, undated = posts.filter(status=status, planned_at__isnull=False), posts.filter(planned_at__isnull=True)
        order = ("-planned_at", "-pk") if status == Status.PUBLISHED else ("planned_at", "pk")
        parts += [dated.order_by(*order), undated.filter(status=status).order_by("-updated_at", "-pk")]
    return [pk for _number, pk in _together("pk", [part.values("pk")[:BOARD_SHOWN] for part in parts])]


def _next_first(card: Card) -> tuple[Any, ...]:
    return (
        (False, card.planned_at, card.post_id)
        if card.planned_at
        else (True, -card.touched_at.timestamp(), -card.post_id)
    )


def _latest_first(card: Card) -> tuple[Any, ...]:
    at = card.planned_at
    return (at is None, -(at or card.touched_at).timestamp(), -card.post_id)


@dataclass(frozen=True)
class Found:
    """What a search lists, and how many posts it has found: counted up to `FOUND_COUNTED`."""

    cards: list[Card]
    count: int

    @property
    def is_beyond(self) -> bool:
        return self.count > FOUND_COUNTED

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


def found(posts: "PostQuerySet", words: str, *, language: str, now: datetime) -> Found:
    """The posts that say these words: those without a date first, then the latest planned; three queries."""
    keys = posts.order_by(F("planned_at").desc(nulls_first=True), "-pk").first_saying(words, FOUND_COUNTED + 1)
    places = {pk: place for place, pk in enumerate(keys[:FOUND_SHOWN])}
    cards = sorted(_cards(Post.objects.filter(pk__in=places), language, now), key=lambda card: places[card.post_id])
    return Found(cards, len(keys))


class Placed(NamedTuple):
    """A placement as calendars elsewhere and tables need it."""

    pk: int
    post_id: int
    at: datetime
    title: str
    status: str
    channel: Mapping[str, str]
    mark: str
    author: str
    intent: str
    address: str
    version: int
    updated_at: datetime
    is_published: bool
    is_cancelled: bool


def placed(
    workspace: Workspace,
    start: datetime,
    end: datetime,
    *,
    language: str,
    posts: "QuerySet[Post] | None" = None,
    with_cancelled: bool = False,
) -> Iterator[Placed]:
    """Every placement of the window in the order of its hour, those cancelled too if wanted; read as it is consumed."""
    found = Placement.objects.filter(workspace=workspace, shown_at__gte=start, shown_at__lt=end)
    if not with_cancelled:
        found = found.filter(cancelled_at__isnull=True)
    if posts is not None:
        found = found.filter(post__in=posts.order_by().values("pk"))
    texts = PostText.objects.filter(post=OuterRef("post_id")).exclude(title="")
    own = texts.filter(language=OuterRef("post__language"))
    title = Coalesce(
        Subquery(texts.filter(language=language).values("title")[:1]),
        Subquery(own.values("title")[:1]),
        Subquery(texts.order_by("id").values("title")[:1]),
    )
    named = found.annotate(
        _title=title, _channel=Cast("channel__title", TextField()), _out=_is_set("published_at"),
        _off=_is_set("cancelled_at"),
    )  # fmt: skip
    rows = named.order_by("shown_at", "id").values_list(
        "pk", "post_id", "shown_at", "_title", "post__status", "_channel", "channel__mark",
        "post__author__user__name", "post__intent", "address", "post__version", "post__updated_at", "_out", "_off",
    )  # fmt: skip
    read: Iterator[tuple[Any, ...]] = rows.iterator(chunk_size=2000)
    for pk, post_id, at, words, status, channel, *more, out, off in read:
        rest: list[Any] = [*more, bool(out), bool(off)]
        yield Placed(pk, post_id, at, words or _("Untitled"), status, _channel(channel), *rest)


def _is_set(name: str) -> Case:
    """Is there a moment? As a number: to read the moment itself takes longer than all else of a row."""
    return Case(When(**{f"{name}__isnull": False}, then=Value(1)), default=Value(0))


@lru_cache(maxsize=256)
def _channel(title: str) -> Mapping[str, str]:
    """The name of a channel; the same few come with every row."""
    named: Mapping[str, str] = json.loads(title)
    return named


def next_work(post: Post) -> WorkItem | None:
    """The open piece of work that comes first."""
    items = WorkItem.objects.about(post).open().actual().select_related("owner__user")
    return items.order_by("due_at", "pk").first()


def missing_of(post: Post, now: datetime) -> rules.Missing:
    """What the post lacks, as its entries say."""
    is_late = WorkItem.objects.about(post).late(now).exists()
    return rules.missing(
        post.status, title=post.title(), answerer=post.answerer_id, deputy=post.deputy_id, is_late=is_late,
        published=False,
    )  # fmt: skip


def work_of_day(workspace: Workspace, start: datetime, end: datetime) -> list[WorkItem]:
    """Open work that falls due between two instants, with its people; one query."""
    items = WorkItem.objects.open().actual().filter(workspace=workspace, due_at__gte=start, due_at__lt=end)
    return list(items.select_related("workspace", "subject_type", "owner__user").order_by("due_at", "id")[:WORK_SHOWN])


@dataclass(frozen=True)
class Moved:
    """What moved in the week before an instant: what was finished, and what is late, what holds a post back first."""

    finished: list[WorkItem]
    late: list[WorkItem]


def moved(workspace: Workspace, until: datetime) -> Moved:
    """The list that writes itself; two queries, the first `MOVED_SHOWN` of each."""
    items = WorkItem.objects.filter(workspace=workspace).select_related("workspace", "subject_type", "owner__user")
    done = items.filter(state=WorkState.DONE, done_at__gt=until - timedelta(days=7), done_at__lte=until)
    late = items.late(until).annotate(_holds=Case(When(blocking="", then=Value(1)), default=Value(0)))
    return Moved(
        list(done.order_by("-done_at", "-id")[:MOVED_SHOWN]),
        list(late.order_by("_holds", "due_at", "id")[:MOVED_SHOWN]),
    )


def done_of_late(workspace: Workspace, start: datetime, end: datetime) -> dict[tuple[str, str], int]:
    """The posts between two instants by intent and template, cancelled ones left out; one query."""
    found = Post.objects.filter(workspace=workspace, planned_at__gte=start, planned_at__lt=end)
    counted = found.exclude(status=Status.CANCELLED).order_by().values("intent", "template__slug")
    rows = counted.annotate(count=Count("pk")).values_list("intent", "template__slug", "count")
    return {(intent, slug or ""): count for intent, slug, count in rows}


def has_any_post(workspace: Workspace) -> bool:
    return Post.objects.filter(workspace=workspace).exists()

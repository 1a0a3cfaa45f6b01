"""Moving what stands in the calendar: what would follow is told first, and ten minutes remain to take it back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, NotFound, Refused, Stale
from planner.history import operations as history
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.posts.models import Placement, Post
from planner.posts.rules import PostValues, WallTime
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import Act

history.register(
    {
        "calendar.moved": gettext_lazy("moved posts in the calendar"),
        "calendar.undone": gettext_lazy("took a move in the calendar back"),
        "calendar.handed_over": gettext_lazy("gave posts another author"),
    }
)

UNDO_WITHIN = timedelta(minutes=10)
DEFAULT_TIME = time(10, 0)
"""The hour of what is dropped on a day and had none."""
MOST_AT_ONCE = 100


# ---- which placements go where


def steps_to(
    *,
    actor: Membership,
    post_id: int,
    source: date | None,
    on: date,
    at: time | None = None,
    version: int | None = None,
) -> posts.Step:
    """What stands on `source` goes to `on`, at its own hours unless `at` says another one. No source: the undated.

    Raises `NotFound` outside the workspace, `Stale` when nothing of the post stands there any more.
    """
    post = Post.objects.filter(workspace=actor.workspace, pk=post_id).select_related("workspace").first()
    if post is None:
        raise NotFound(_("This post does not exist, or no longer."))
    standing = Placement.objects.filter(post=post, cancelled_at__isnull=True)
    if source is None and not standing.exists():
        return posts.Step(post, {}, WallTime(on, at or DEFAULT_TIME), version)
    there = standing.filter(planned_on__isnull=True) if source is None else standing.filter(planned_on=source)
    open_ones = list(there.filter(published_at__isnull=True))
    if not open_ones:
        if there.exists() or standing.filter(published_at__isnull=False).exists():
            raise Refused(_("It is published there: what has happened does not move."), link=post.link)
        raise Stale(_("Somebody moved this post meanwhile: look at the calendar as it is now, then try again."))
    walls = {one.pk: WallTime(on, at or one.planned_time or DEFAULT_TIME) for one in open_ones}
    return posts.Step(post, walls, None, version)


def shift(*, actor: Membership, chosen: Mapping[int, int | None], days: int) -> list[posts.Step]:
    """Every open, dated placement of these posts, so many working days later (or earlier). Post ids to versions."""
    if not chosen or len(chosen) > MOST_AT_ONCE:
        raise Invalid(_("Choose between one and %(most)s posts.") % {"most": MOST_AT_ONCE})
    if not days or abs(days) > 250:
        raise Invalid(_("Give a number of working days, such as 3 or -2."), field="days")
    calendar = workspaces.working_calendar(actor.workspace)
    found = Post.objects.filter(workspace=actor.workspace, pk__in=list(chosen)).select_related("workspace")
    steps = []
    for post in found.prefetch_related("placements").order_by("planned_at", "pk"):
        walls = {
            one.pk: WallTime(calendar.shift(one.planned_on, days), one.planned_time)
            for one in post.placements.all()
            if one.is_open and one.planned_on is not None and one.planned_time is not None
        }
        if walls:
            steps.append(posts.Step(post, walls, None, chosen[post.pk]))
    return steps


# ---- the move, and the way back


@transaction.atomic
def move(*, actor: Membership, steps: Sequence[posts.Step], now: datetime) -> Entry:
    """Move them all or none. The record says where each stood, so that `undo` finds the way back for ten minutes."""
    workspaces.require(actor, Act.PLAN)
    if not steps or len(steps) > MOST_AT_ONCE:
        raise Invalid(_("Choose between one and %(most)s posts.") % {"most": MOST_AT_ONCE})
    told = [_go(step, actor, now) for step in steps]
    return _record("calendar.moved", actor, {"moves": told}, now)


def _go(step: posts.Step, actor: Membership, now: datetime) -> dict[str, Any]:
    stood: Mapping[int, WallTime | None] = {}
    if step.walls:
        post, stood = posts.rearrange(post=step.post, actor=actor, walls=step.walls, version=step.version, now=now)
    else:
        post = posts.move(post=step.post, actor=actor, to=step.to, version=step.version, now=now)
    before = {str(pk): [f"{wall.on}", f"{wall.at}"] if wall else None for pk, wall in stood.items()}
    return {"post": post.pk, "version": post.version, "before": before, "day": f"{step.day or ''}"}


def undoable(*, actor: Membership, entry_id: int, now: datetime) -> Entry | None:
    """The move of this number, while its maker may still take it back."""
    entry = Entry.objects.filter(
        pk=entry_id, workspace=actor.workspace, actor=actor.user, verb="calendar.moved", at__gt=now - UNDO_WITHIN
    ).first()
    return None if entry is None or _is_undone(entry) else entry


def _is_undone(entry: Entry) -> bool:
    later = Entry.objects.filter(workspace=entry.workspace_id, verb="calendar.undone", at__gte=entry.at)
    return any(one.data.get("move") == entry.pk for one in later)


@transaction.atomic
def undo(*, actor: Membership, entry_id: int, now: datetime) -> Entry:
    """Put everything of a move back where it stood. Refused once somebody changed one of the posts since."""
    workspaces.require(actor, Act.PLAN)
    workspaces.lock(actor.workspace)
    entry = undoable(actor=actor, entry_id=entry_id, now=now)
    if entry is None:
        raise Stale(_("This move can no longer be taken back: ten minutes have passed, or it was done already."))
    found = Post.objects.in_bulk([one["post"] for one in entry.data["moves"]])
    for one in entry.data["moves"]:
        post = found.get(one["post"])
        if post is None:
            raise NotFound(_("This post does not exist, or no longer."))
        walls = {int(pk): _wall(wall) for pk, wall in one["before"].items()}
        if walls:
            posts.rearrange(post=post, actor=actor, walls=walls, version=one["version"], now=now)
        else:
            posts.move(post=post, actor=actor, to=None, version=one["version"], now=now)
    return _record("calendar.undone", actor, {"move": entry.pk}, now)


def _wall(kept: list[str] | None) -> WallTime | None:
    return WallTime(date.fromisoformat(kept[0]), time.fromisoformat(kept[1])) if kept else None


@transaction.atomic
def change_owner(
    *, actor: Membership, chosen: Mapping[int, int | None], author: Membership, now: datetime
) -> list[Post]:
    """Another author for each of these posts; their open work follows, as on the page of the post."""
    workspaces.require(actor, Act.PLAN)
    workspaces.same_house(actor, author)
    if not chosen or len(chosen) > MOST_AT_ONCE:
        raise Invalid(_("Choose between one and %(most)s posts.") % {"most": MOST_AT_ONCE})
    workspaces.lock(actor.workspace)
    found = list(Post.objects.filter(workspace=actor.workspace, pk__in=list(chosen)).order_by("pk"))
    for post in found:
        values = PostValues(author=author)
        posts.update_frame(post=post, actor=actor, values=values, version=chosen[post.pk], now=now)
    _record("calendar.handed_over", actor, {"posts": [post.pk for post in found], "to": str(author)}, now)
    return found


def _record(verb: str, actor: Membership, data: dict[str, Any], now: datetime) -> Entry:
    workspace: Workspace = actor.workspace
    return history.record(verb=verb, actor=actor, workspace=workspace, subject=workspace, data=data, now=now)

"""When and where: moving the date, adding and taking away channels. Dependants follow."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, Refused, Stale
from planner.posts.models import Placement, Post
from planner.posts.operations import holds, reading, writing
from planner.posts.operations.texts import placement_of
from planner.posts.rules import Event, Status, WallTime
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Channel, Membership
from planner.workspaces.rules import Act


@transaction.atomic
def move(
    *,
    post: Post,
    actor: Membership,
    to: WallTime | None,
    placement: Placement | None = None,
    version: int | None = None,
    now: datetime,
) -> Post:
    """Give the post, or one placement of it, another wall time; None takes the date away.

    Moving the post gives all its open placements that hour. Unfinished work that is not pinned follows, with its
    reminders; finished work stays. Into the past is refused. A scheduled post that loses its date is approved only.
    """
    post = writing.opened(post, actor, Act.PLAN, version)
    writing.must_be_writable(post)
    open_ones = _to_move(post, placement)
    instant = writing.instant_of(post, to, now) if to else None
    before = post.planned_at
    for one in open_ones:
        writing.place(one, to, instant, post.workspace.time_zone)
    planned_at = _after_placing(post, open_ones, instant, now)
    _write_down_move(post, actor, now, before, planned_at, [placement.pk] if placement else [])
    return post


def _after_placing(post: Post, placed: list[Placement], instant: datetime | None, now: datetime) -> datetime | None:
    """Keep the new hours, the anchor, the state that goes with them; the work follows."""
    writing.keep_places(placed)
    standing = writing.gather(post)
    planned_at = writing.earliest(post, standing) if placed else instant
    if planned_at is None and post.status == Status.SCHEDULED:
        writing.move_state(post, Event.UNSCHEDULE, now)
    if post.status == Status.IDEA and planned_at is not None:
        writing.move_state(post, Event.DEVELOP, now)
    writing.keep(post, now, planned_at=planned_at)
    writing.relay(post, now)
    return planned_at


def _write_down_move(
    post: Post, actor: Membership, now: datetime, before: datetime | None, after: datetime | None, placements: list[int]
) -> None:
    writing.write_down(
        "post.moved",
        post,
        actor,
        now,
        before=before.isoformat() if before else None,
        after=after.isoformat() if after else None,
        placements=placements,
    )


Walls = Mapping[int, WallTime | None]
"""A wall time for each of some placements, by id; None takes the date away."""


@transaction.atomic
def rearrange(
    *, post: Post, actor: Membership, walls: Walls, version: int | None = None, now: datetime
) -> tuple[Post, dict[int, WallTime | None]]:
    """Give each of these open placements a wall time of its own; the others stay. Otherwise as `move`.

    Returns the post, and the wall time that each of them had.
    """
    post = writing.opened(post, actor, Act.PLAN, version)
    placements, instants = _to_go(post, walls, now)
    before, stood = post.planned_at, {one.pk: _wall_of(one) for one in placements}
    for one in placements:
        wall = walls[one.pk]
        writing.place(one, wall, instants[wall] if wall else None, post.workspace.time_zone)
    after = _after_placing(post, placements, None, now)
    _write_down_move(post, actor, now, before, after, sorted(walls))
    return post, stood


def _wall_of(placement: Placement) -> WallTime | None:
    if placement.planned_on is None or placement.planned_time is None:
        return None
    return WallTime(placement.planned_on, placement.planned_time)


def refuse_move(post: Post, walls: Walls, now: datetime, days: writing.Days) -> None:
    """Raises, in words, when one of these placements must not go there; reads only."""
    _to_go(post, walls, now, days)


def _to_go(
    post: Post, walls: Walls, now: datetime, days: writing.Days | None = None
) -> tuple[list[Placement], dict[WallTime, datetime]]:
    """The placements that move, and the instants of the hours they move to. Refuses what must not go there."""
    writing.must_be_writable(post)
    found = [one for one in post.placements.all() if one.pk in walls and one.cancelled_at is None]
    if len(found) != len(walls) or not found:
        raise Stale(_("Somebody changed this post meanwhile: look at it as it is now, then try again."))
    for one in found:
        if one.published_at is not None:
            raise Refused(_("It is published there: what has happened does not move."), link=post.link)
        holds.must_be_free(post, one)
    return found, writing.instants_of(post, {wall for wall in walls.values() if wall}, now, days)


def refuse_hour(post: Post, to: WallTime | None, now: datetime, days: writing.Days) -> None:
    """Raises, in words, when a post that has no channel yet must not be planned for this hour; reads only."""
    writing.must_be_writable(post)
    holds.must_be_free(post)
    writing.instants_of(post, [to] if to else [], now, days)


def _to_move(post: Post, placement: Placement | None) -> list[Placement]:
    if placement is None:
        holds.must_be_free(post)
        open_ones = list(Placement.objects.filter(post=post).free().select_for_update(no_key=True))
        if not open_ones and post.published_at is not None:
            raise Refused(_("Everything is published: there is nothing left to move."), link=post.link)
        return open_ones
    found = placement_of(post, placement)
    if found.published_at is not None:
        raise Refused(_("It is published there: what has happened does not move."), link=post.link)
    holds.must_be_free(post, found)
    return [found]


@transaction.atomic
def add_placement(
    *, post: Post, channel: Channel, actor: Membership, to: WallTime | None = None, now: datetime
) -> Placement:
    """Publish on one more channel; without a wall time, at the hour of the post's earliest open placement."""
    post = writing.opened(post, actor, Act.PLAN)
    writing.must_be_writable(post)
    workspaces.same_house(actor, channel)
    placement = Placement.objects.filter(post=post, channel=channel).first()
    placement = placement or Placement(workspace=post.workspace, post=post, channel=channel)
    if placement.pk and placement.cancelled_at is None:
        raise Invalid(_("The post is on that channel already."), field="channel")
    wall = to or _wall_of_the_post(post, now)
    instant = writing.instant_of(post, wall, now) if wall else None
    writing.place(placement, wall, instant, post.workspace.time_zone)
    placement.cancelled_at = None
    placement.text = {}
    placement.save()
    if post.status == Status.PUBLISHED:
        work.unsettle(subject=post, keys=["publish"])
    _settle_dates(post, now)
    holds.catch(post, actor, now)
    writing.write_down("post.placement_added", post, actor, now, channel=channel.slug)
    return placement


def _wall_of_the_post(post: Post, now: datetime) -> WallTime | None:
    if post.planned_at is None or post.planned_at <= now:
        return None
    here = reading.calendar_of(post.workspace).local(post.planned_at)
    return WallTime(here.date(), here.time())


@transaction.atomic
def cancel_placement(*, post: Post, placement: Placement, actor: Membership, now: datetime) -> Post:
    """Do not publish on that channel after all. The last channel of a scheduled post stays: cancel the post instead."""
    post = writing.opened(post, actor, Act.PLAN)
    writing.must_be_writable(post)
    placement = placement_of(post, placement)
    if placement.published_at is not None:
        raise Refused(_("It is published there: correct or retire the post instead."), link=post.link)
    holds.must_be_free(post, placement)
    others = Placement.objects.filter(post=post, cancelled_at__isnull=True).exclude(pk=placement.pk)
    if post.status == Status.SCHEDULED and not others.exists():
        raise Refused(_("This is the only channel of a scheduled post: cancel the post, or add a channel first."))
    Placement.objects.filter(pk=placement.pk).update(cancelled_at=now)
    if post.status == Status.PUBLISHED and not Placement.objects.filter(post=post).open().exists():
        work.settle(subject=post, key="publish", actor=actor, now=now)
    _settle_dates(post, now)
    if placement.text:
        writing.save_revision(post, actor, now)
    writing.write_down("post.placement_cancelled", post, actor, now, channel=placement.channel.slug)
    return post


def _settle_dates(post: Post, now: datetime) -> None:
    planned_at = writing.earliest(post, writing.gather(post))
    if planned_at is None and post.status == Status.SCHEDULED:
        writing.move_state(post, Event.UNSCHEDULE, now)
    writing.keep(post, now, planned_at=planned_at)
    writing.relay(post, now)


@transaction.atomic
def unpin(*, item: WorkItem, post: Post, actor: Membership, now: datetime) -> WorkItem:
    """Let the date of a piece of work follow the post again: it gets the one that the grammar gives it."""
    post = writing.opened(post, actor, Act.PLAN)
    writing.must_be_writable(post)
    work.unpin(item=item, actor=actor, now=now)
    writing.relay(post, now)
    return WorkItem.objects.get(pk=item.pk)

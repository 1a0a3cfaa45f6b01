"""What follows from elsewhere: somebody leaves, holidays change, the workspace changes its clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from planner.base.errors import NotFound
from planner.base.language import in_both
from planner.base.worktime import WorkingCalendar
from planner.history import operations as history
from planner.posts.models import Placement, Post
from planner.posts.operations import reading, writing
from planner.posts.rules import FROZEN, PostValues, WallTime
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import RoleBook


@transaction.atomic
def hand_over_work(*, leaver: Membership, actor: Membership | None = None, now: datetime) -> list[WorkItem]:
    """A person who left never blocks: their open work falls to the second person of its role, else the editor.

    Posts keep their author's name; the deputy answers instead of the leaver. Call it after `workspaces.remove_member`.
    """
    workspace = workspaces.lock(leaver.workspace)
    Post.objects.filter(workspace=workspace, answerer=leaver, deputy__isnull=False).exclude(deputy=leaver).update(
        answerer=F("deputy"), deputy=None, version=F("version") + 1
    )
    Post.objects.filter(workspace=workspace, answerer=leaver).update(answerer=None, version=F("version") + 1)
    Post.objects.filter(workspace=workspace, deputy=leaver).update(deputy=None, version=F("version") + 1)
    items = list(WorkItem.objects.filter(workspace=workspace, owner=leaver).open().order_by("pk"))
    book = workspaces.role_book(workspace)
    kind = ContentType.objects.get_for_model(Post)
    posts = Post.objects.in_bulk({item.subject_id for item in items if item.subject_type_id == kind.pk})
    to = {item.pk: _successor(item, _post_of(item, kind, posts), book) for item in items}
    flag = in_both(_("%(person)s left: this work was theirs."), person=str(leaver))
    work.hand_over(items=items, to=to, flag=flag)
    if items:
        history.record(
            verb="post.work_handed_over",
            now=now,
            workspace=workspace,
            actor=actor,
            subject=leaver,
            data={"person": str(leaver), "items": len(items)},
        )
    return items


def _post_of(item: WorkItem, kind: ContentType, posts: Mapping[int, Post]) -> Post | None:
    return posts.get(item.subject_id) if item.subject_type_id == kind.pk else None


def _successor(item: WorkItem, post: Post | None, book: RoleBook[Membership]) -> tuple[Membership | None, bool]:
    """Whoever answers for the post now, else the holder of the role, else the editor."""
    answerer = book.people.get(post.answerer_id or 0) if post else None
    people = reading.people_of(item.workspace, PostValues(answerer=answerer), book)
    return work.owner_of(item.role, people)


@transaction.atomic
def relay_open_work(*, workspace: Workspace, actor: Membership | None = None, now: datetime) -> int:
    """After a change of holidays, working days or hours: unpinned open items get their dates again, reminders follow.

    Returns the number of posts laid out again.
    """
    workspace = workspaces.lock(workspace)
    posts = list(_with_open_work(workspace))
    for post in posts:
        writing.relay(post, now)
    if posts:
        history.record(verb="post.work_relaid", now=now, workspace=workspace, actor=actor, data={"posts": len(posts)})
    return len(posts)


def _with_open_work(workspace: Workspace) -> Iterable[Post]:
    posts = (
        Post.objects.filter(workspace=workspace).exclude(status__in=FROZEN).select_for_update(of=("self",), no_key=True)
    )
    for post in posts.select_related("author__user", "answerer__user", "deputy__user").order_by("pk"):
        post.workspace = workspace
        yield post


# ---- the clock of the workspace


@dataclass(frozen=True)
class ZoneShift:
    """What a change of zone does to one open placement: the wall time stays, the instant moves."""

    placement: Placement
    wall: WallTime
    before: datetime
    after: datetime


def preview_zone_change(*, workspace: Workspace, zone: str) -> list[ZoneShift]:
    """Every open, dated placement, in the order of its hour, with its instants before and after. Reads only."""
    there = replace(reading.calendar_of(workspace), zone=zone)
    return [
        ZoneShift(placement, wall, before, there.at(wall.on, wall.at))
        for placement in _open_and_dated(workspace)
        if (before := placement.planned_at) and (wall := _wall_of(placement))
    ]


def _open_and_dated(workspace: Workspace) -> Iterable[Placement]:
    open_ones = Placement.objects.open().filter(post__workspace=workspace, planned_at__isnull=False)
    return open_ones.select_related("post__workspace", "channel").prefetch_related("post__texts").order_by("planned_at")


def _wall_of(placement: Placement) -> WallTime | None:
    on, at = placement.planned_on, placement.planned_time
    return WallTime(on, at) if on is not None and at is not None else None


@transaction.atomic
def change_zone(*, workspace: Workspace, zone: str, actor: Membership, now: datetime) -> Workspace:
    """Set the workspace's clock: wall times stay, instants are derived again, open work and reminders follow.

    What was published keeps its real instant. Dates pinned by hand keep their wall time too.
    """
    if workspace.pk != actor.workspace_id:
        raise NotFound(_("There is no such thing in this workspace."))
    before = reading.calendar_of(workspace)
    workspace = workspaces.change_zone(actor=actor, zone=zone, now=now)
    after = reading.calendar_of(workspace)
    shifts = preview_zone_change(workspace=workspace, zone=zone)
    for shift in shifts:
        writing.place(shift.placement, shift.wall, shift.after, zone)
    Placement.objects.bulk_update([shift.placement for shift in shifts], writing.PLACED)
    for post in Post.objects.filter(workspace=workspace, placements__published_at__isnull=False).distinct():
        post.workspace = workspace
        writing.gather(post)  # another midnight may part what was published around it
    _keep_walls(workspace, before, after)
    for post in _with_open_work(workspace):
        writing.keep(post, now, planned_at=_anchor(post, before, after))
        writing.relay(post, now)
    history.record(
        verb="workspace.zone_followed",
        now=now,
        workspace=workspace,
        actor=actor,
        subject=workspace,
        data={"before": before.zone, "after": zone, "placements": len(shifts)},
    )
    return workspace


def _anchor(post: Post, before: WorkingCalendar, after: WorkingCalendar) -> datetime | None:
    """From the placements; a post without open ones keeps the wall time that it has, unless it is out."""
    if Placement.objects.filter(post=post).open().exists():
        return writing.earliest(post)
    if post.planned_at is None or post.published_at is not None:
        return post.planned_at
    return _same_wall(post.planned_at, before, after)


def _keep_walls(workspace: Workspace, before: WorkingCalendar, after: WorkingCalendar) -> None:
    pinned = list(WorkItem.objects.filter(workspace=workspace, is_pinned=True, due_at__isnull=False).open())
    for item in pinned:
        if item.due_at is not None:
            item.due_at = _same_wall(item.due_at, before, after)
    WorkItem.objects.bulk_update(pinned, ["due_at"])


def _same_wall(instant: datetime, before: WorkingCalendar, after: WorkingCalendar) -> datetime:
    here = before.local(instant)
    return after.at(here.date(), here.time())

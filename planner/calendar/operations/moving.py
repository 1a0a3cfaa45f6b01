"""Moving what stands in the calendar: what would follow is told first, and ten minutes remain to take it back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, NotFound, PlannerError, Refused, Stale
from planner.calendar import rules
from planner.history import operations as history
from planner.history.models import Entry
from planner.playbook.models import Kind, PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Placement, Post
from planner.posts.rules import PostValues, WallTime
from planner.reminders.models import Reminder
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


@dataclass(frozen=True)
class Step:
    """One post on its way: the wall time of each placement that moves; `to` for a post that has no channel yet.

    `version` is that of the post when the reader saw it: whoever moved it since is not overruled.
    """

    post: Post
    walls: Mapping[int, WallTime | None]
    to: WallTime | None = None
    version: int | None = None

    @property
    def day(self) -> date | None:
        """Where it goes."""
        days = [wall.on for wall in self.walls.values() if wall]
        return min(days) if days else self.to.on if self.to else None


# ---- which placements go where


def steps_to(
    *,
    actor: Membership,
    post_id: int,
    source: date | None,
    on: date,
    at: time | None = None,
    version: int | None = None,
) -> Step:
    """What stands on `source` goes to `on`, at its own hours unless `at` says another one. No source: the undated.

    Raises `NotFound` outside the workspace, `Stale` when nothing of the post stands there any more.
    """
    post = Post.objects.filter(workspace=actor.workspace, pk=post_id).select_related("workspace").first()
    if post is None:
        raise NotFound(_("This post does not exist, or no longer."))
    standing = Placement.objects.filter(post=post, cancelled_at__isnull=True)
    if source is None and not standing.exists():
        return Step(post, {}, WallTime(on, at or DEFAULT_TIME), version)
    there = standing.filter(planned_on__isnull=True) if source is None else standing.filter(planned_on=source)
    open_ones = list(there.filter(published_at__isnull=True))
    if not open_ones:
        if there.exists() or standing.filter(published_at__isnull=False).exists():
            raise Refused(_("It is published there: what has happened does not move."), link=post.link)
        raise Stale(_("Somebody moved this post meanwhile: look at the calendar as it is now, then try again."))
    walls = {one.pk: WallTime(on, at or one.planned_time or DEFAULT_TIME) for one in open_ones}
    return Step(post, walls, None, version)


def shift(*, actor: Membership, chosen: Mapping[int, int | None], days: int) -> list[Step]:
    """Every open, dated placement of these posts, so many working days later (or earlier). Post ids to versions."""
    if not chosen or len(chosen) > MOST_AT_ONCE:
        raise Invalid(_("Choose between one and %(most)s posts.") % {"most": MOST_AT_ONCE})
    if not days or abs(days) > 250:
        raise Invalid(_("Give a number of working days, such as 3 or -2."), field="days")
    calendar = workspaces.working_calendar(actor.workspace)
    found = Post.objects.filter(workspace=actor.workspace, pk__in=list(chosen)).select_related("workspace")
    steps = []
    for post in found.order_by("planned_at", "pk"):
        dated = Placement.objects.filter(post=post, planned_on__isnull=False).open()
        walls = {
            one.pk: WallTime(calendar.shift(one.planned_on, days), one.planned_time)
            for one in dated
            if one.planned_on is not None and one.planned_time is not None
        }
        if walls:
            steps.append(Step(post, walls, None, chosen[post.pk]))
    return steps


# ---- what would follow


@dataclass
class Effects:
    """What a move would do, before it is made."""

    steps: list[Step] = field(default_factory=list)
    """Those that may be made."""
    refused: list[tuple[Post, PlannerError]] = field(default_factory=list)
    work: list[posts.Effect] = field(default_factory=list)
    reminders: int = 0
    said: list[tuple[Post, list[posts.Line]]] = field(default_factory=list)
    """What the policy would say there, and does not say where the post stands."""
    sober: list[rules.Season] = field(default_factory=list)
    """Days of mourning or memory on which something would appear."""

    @property
    def moved(self) -> list[posts.Effect]:
        return [one for one in self.work if not one.is_kept]

    @property
    def late(self) -> list[posts.Effect]:
        return [one for one in self.work if one.is_late and not one.is_kept]


def preview(*, actor: Membership, steps: Iterable[Step], now: datetime) -> Effects:
    """Which work would follow, what of it becomes late, how many reminders change, what is refused, what the policy
    would say there. Reads only."""
    effects, known, steps = Effects(), posts.Known(), list(steps)
    posts.read_ahead([step.post for step in steps])
    for step in steps:
        try:
            workspaces.require(actor, Act.PLAN)
            _check(step, now)
        except PlannerError as refusal:
            effects.refused.append((step.post, refusal))
            continue
        effects.steps.append(step)
        anchor = _anchor(step)
        effects.work += posts.effects_of(step.post, anchor, now)
        said = posts.news_at(step.post, anchor, now, known)
        if said:
            effects.said.append((step.post, said))
    changed = [one.item.pk for one in effects.moved]
    if changed:
        waiting = Reminder.objects.open().filter(subject_type__model="workitem", subject_id__in=changed)
        effects.reminders = waiting.count()
    effects.sober = _sober(actor.workspace, {step.day for step in effects.steps if step.day})
    return effects


def _sober(workspace: Workspace, days: set[date]) -> list[rules.Season]:
    """The sober days among these, as the playbook knows them where the organisation lives."""
    if not days:
        return []
    topics = PlaybookItem.objects.visible_to(workspace).of_kind(Kind.OBSERVANCE).values_list("slug", "payload")
    region = rules.region_of(workspace.country, workspace.region)
    near = rules.topics_near(list(topics), region, min(days), max(days))
    return [one for one in near if one.is_sober and any(one.first <= day <= one.last for day in days)]


def _check(step: Step, now: datetime) -> None:
    if step.version is not None and step.post.version != step.version:
        raise Stale(_("Somebody changed this post meanwhile: look at it as it is now, then try again."))
    if step.walls:
        posts.refuse_move(step.post, step.walls, now)
    elif step.to is not None:
        posts.refuse_hour(step.post, step.to, now)


def _anchor(step: Step) -> datetime | None:
    if step.walls:
        return posts.anchor_after(step.post, step.walls)
    if step.to is None:
        return None
    return workspaces.working_calendar(step.post.workspace).at(step.to.on, step.to.at)


# ---- the move, and the way back


@transaction.atomic
def move(*, actor: Membership, steps: Sequence[Step], now: datetime) -> Entry:
    """Move them all or none. The record says where each stood, so that `undo` finds the way back for ten minutes."""
    workspaces.require(actor, Act.PLAN)
    if not steps or len(steps) > MOST_AT_ONCE:
        raise Invalid(_("Choose between one and %(most)s posts.") % {"most": MOST_AT_ONCE})
    told = [_go(step, actor, now) for step in steps]
    return _record("calendar.moved", actor, {"moves": told}, now)


def _go(step: Step, actor: Membership, now: datetime) -> dict[str, Any]:
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

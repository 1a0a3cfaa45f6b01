"""What a move would do, told before anything is saved: the open work, its reminders, what the days are, what the policy
would say there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planner.base import wording
from planner.base.errors import PlannerError, Stale
from planner.base.worktime import WorkingCalendar
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.rules import LaidItem, lay_out, region_of, topics_near
from planner.posts import rules
from planner.posts.models import Placement, Post
from planner.posts.operations import moves, reading, writing
from planner.posts.operations.checking import Known, Together
from planner.posts.operations.findings import Line, news_at, read_ahead
from planner.posts.rules import WallTime
from planner.reminders.models import Reminder
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.work.rules import due_after_relay
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import Act


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
    def hours(self) -> list[WallTime]:
        """Where it goes."""
        return [wall for wall in (*self.walls.values(), self.to) if wall]

    @property
    def day(self) -> date | None:
        return min((wall.on for wall in self.hours), default=None)


@dataclass(frozen=True)
class Effect:
    """What a move would do to one piece of open work."""

    item: WorkItem
    before: datetime | None
    after: datetime | None
    is_late: bool
    is_kept: bool


@dataclass
class Effects:
    """What a move would do, before it is made."""

    steps: list[Step] = field(default_factory=list)
    """Those that may be made."""
    refused: list[tuple[Post, PlannerError]] = field(default_factory=list)
    work: list[Effect] = field(default_factory=list)
    reminders: int = 0
    said: list[tuple[Post, list[Line]]] = field(default_factory=list)
    """What the policy would say there, and does not say where the post stands."""
    feasts: list[str] = field(default_factory=list)
    """In words, the holidays on which something would appear."""
    sober: list[str] = field(default_factory=list)
    """The days of mourning or memory among them."""

    @property
    def moved(self) -> list[Effect]:
        return [one for one in self.work if not one.is_kept]

    @property
    def late(self) -> list[Effect]:
        return [one for one in self.work if one.is_late and not one.is_kept]

    @property
    def sentence(self) -> str:
        """`7 items move, legal review becomes late, 2 reminders change`."""
        moved, late = len(self.moved), self.late
        parts = [ngettext("%(count)s work item moves", "%(count)s work items move", moved) % {"count": moved}]
        if len(late) == 1:
            parts.append(_("“%(work)s” becomes late") % {"work": late[0].item})
        elif late:
            parts.append(_("%(count)s become late") % {"count": len(late)})
        if self.reminders:
            count = self.reminders
            parts.append(ngettext("%(count)s reminder changes", "%(count)s reminders change", count) % {"count": count})
        return ", ".join(parts) + "."


def step_of(post: Post, to: WallTime | None, placement: Placement | None = None, version: int | None = None) -> Step:
    """The step that `move` makes: all that is free of the post, or one placement, to one wall time."""
    going = [placement] if placement else list(post.placements.free())
    return Step(post, {one.pk: to for one in going}, None if going else to, version)


def foresee(*, actor: Membership, steps: Sequence[Step], now: datetime) -> Effects:
    """Which work would follow, what of it becomes late, how many reminders change, what is refused, what the days are,
    what the policy would say there. Reads only."""
    workspaces.require(actor, Act.PLAN)
    effects = Effects()
    read_ahead([step.post for step in steps])
    days = writing.days_of(actor.workspace, [wall.on for step in steps for wall in step.hours])
    for step in steps:
        try:
            _check(step, now, days)
        except PlannerError as refusal:
            effects.refused.append((step.post, refusal))
        else:
            effects.steps.append(step)
    going = [step.post for step in effects.steps]
    anchors = {step.post.pk: _anchor(step, days.calendar) for step in effects.steps}
    effects.work = _work_of(actor.workspace, going, anchors, days.calendar, now)
    known = Known(Together(going, now, anchors))
    said = ((post, news_at(post, anchors[post.pk], now, known)) for post in going)
    effects.said = [(post, found) for post, found in said if found]
    changed = [one.item.pk for one in effects.moved]
    if changed:
        waiting = Reminder.objects.open().filter(subject_type__model="workitem", subject_id__in=changed)
        effects.reminders = waiting.count()
    shown = sorted({step.day for step in effects.steps if step.day})
    if shown:
        effects.feasts, effects.sober = _feasts(days.calendar, shown), _sober(actor.workspace, shown)
    return effects


def _check(step: Step, now: datetime, days: writing.Days) -> None:
    if step.version is not None and step.post.version != step.version:
        raise Stale(_("Somebody changed this post meanwhile: look at it as it is now, then try again."))
    if step.walls:
        moves.refuse_move(step.post, step.walls, now, days)
    else:
        moves.refuse_hour(step.post, step.to, now, days)


def _anchor(step: Step, calendar: WorkingCalendar) -> datetime | None:
    """The hour from which work would be counted: the earliest open placement, once these have their new wall times."""
    if not step.walls:
        return calendar.at(step.to.on, step.to.at) if step.to else None
    hours = []
    for one in step.post.placements.all():
        if one.is_open:
            wall = step.walls.get(one.pk)
            hours.append((calendar.at(wall.on, wall.at) if wall else None) if one.pk in step.walls else one.planned_at)
    return min((hour for hour in hours if hour is not None), default=None)


# ---- the open work

Anchors = Mapping[int, datetime | None]
"""The hour for which each post would be planned, by id."""


def _work_of(
    workspace: Workspace, going: Sequence[Post], anchors: Anchors, calendar: WorkingCalendar, now: datetime
) -> list[Effect]:
    """Each open piece of work of these posts with its date before and after."""
    items: dict[int, list[WorkItem]] = defaultdict(list)
    for item in WorkItem.objects.about_any(Post, going).open().wanted().with_people().order_by("position"):
        items[item.subject_id].append(item)
    hours = {post.pk: post.published_at or anchors[post.pk] for post in going}
    days = {pk: calendar.local(at).date() for pk, at in hours.items() if at}
    turns = workspaces.turns(workspace, min(days.values()), max(days.values())) if days else {}
    effects = []
    for post in going:
        layout = lay_out(
            work.tasks_of(items[post.pk]),
            planned_at=anchors[post.pk],
            published_at=post.published_at,
            calendar=calendar,
            now=now,
            facts=rules.facts_of(reading.values_of(post)),
            anchors=reading.anchors_of(post, calendar),
            on_duty=post.pk in days and turns.get(days[post.pk], 0) == post.answerer_id,
        )
        laid = {one.task.key: one for one in layout.items}
        effects += [_effect(item, laid.get(item.key)) for item in items[post.pk]]
    return effects


def _effect(item: WorkItem, laid: LaidItem | None) -> Effect:
    if item.is_pinned or laid is None:
        return Effect(item, item.due_at, item.due_at, is_late=False, is_kept=True)
    due_at, is_late = due_after_relay(
        laid, due_at=item.due_at, was_projection=item.is_projection, was_late_start=item.is_late_start
    )
    return Effect(item, item.due_at, due_at, is_late=is_late, is_kept=item.due_at == due_at)


# ---- the days


def _feasts(calendar: WorkingCalendar, days: Sequence[date]) -> list[str]:
    """The holidays among these, where the organisation lives."""
    found = workspaces.feasts(calendar, days)
    return [_("%(day)s: %(name)s, not worked.") % {"day": wording.day(on), "name": found[on]} for on in found]


def _sober(workspace: Workspace, days: Sequence[date]) -> list[str]:
    """What to mind on the sober days among these, as the playbook knows them there."""
    topics = PlaybookItem.objects.visible_to(workspace).of_kind(Kind.OBSERVANCE).values_list("slug", "payload")
    near = topics_near(list(topics), region_of(workspace.country, workspace.region), days[0], days[-1])
    return [one.caution for one in near if one.is_sober and any(one.first <= day <= one.last for day in days)]

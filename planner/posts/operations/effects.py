"""What a move would do to the open work of a post, told before anything is saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from planner.playbook.rules import lay_out
from planner.posts import rules
from planner.posts.models import Placement, Post
from planner.posts.operations import reading
from planner.posts.rules import WallTime
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.work.rules import due_after_relay


@dataclass(frozen=True)
class Effect:
    """What a move would do to one piece of open work."""

    item: WorkItem
    before: datetime | None
    after: datetime | None
    is_late: bool
    is_kept: bool


def effects_of(post: Post, planned_at: datetime | None, now: datetime) -> list[Effect]:
    """Each open piece of work with its date before and after, were the post planned for this hour. Reads only."""
    calendar = reading.calendar_of(post.workspace, now)
    items = list(WorkItem.objects.about(post).open().wanted().with_people().order_by("position"))
    layout = lay_out(
        work.tasks_of(items),
        planned_at=planned_at,
        published_at=post.published_at,
        calendar=calendar,
        now=now,
        facts=rules.facts_of(reading.values_of(post)),
        anchors=reading.anchors_of(post, calendar),
        on_duty=reading.answers_by_turn(post.workspace, post.answerer_id, post.published_at or planned_at, calendar),
    )
    laid = {one.task.key: one for one in layout.items}
    effects = []
    for item in items:
        if item.is_pinned or item.key not in laid:
            effects.append(Effect(item, item.due_at, item.due_at, is_late=False, is_kept=True))
            continue
        due_at, is_late = due_after_relay(
            laid[item.key], due_at=item.due_at, was_projection=item.is_projection, was_late_start=item.is_late_start
        )
        effects.append(Effect(item, item.due_at, due_at, is_late=is_late, is_kept=item.due_at == due_at))
    return effects


def anchor_after(post: Post, walls: Mapping[int, WallTime | None]) -> datetime | None:
    """The hour from which work would be counted: the earliest open placement, once these have their new wall times."""
    calendar = reading.calendar_of(post.workspace)
    hours = []
    for one in Placement.objects.filter(post=post).open():
        wall = walls.get(one.pk)
        hours.append((calendar.at(wall.on, wall.at) if wall else None) if one.pk in walls else one.planned_at)
    return min((hour for hour in hours if hour is not None), default=None)

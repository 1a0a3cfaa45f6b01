"""What every write on a post shares: the lock, the conditional update, the revision, the new dates of its work."""

import zoneinfo
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from planner.base.errors import Invalid, NotFound, Refused, Stale
from planner.base.language import LANGUAGES, in_both
from planner.base.worktime import DUE_TIME, WorkingCalendar
from planner.history import operations as history
from planner.history.models import Revision
from planner.playbook.rules import LaidItem, Layout, Task
from planner.posts import rules
from planner.posts.models import Approval, Override, Placement, Post
from planner.posts.operations import freezing, gating, reading
from planner.posts.rules import Event, Status, WallTime
from planner.work import operations as work
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Blackout, Membership, Workspace
from planner.workspaces.rules import Act, EditorialRole

history.register(
    {
        "post.created": _("created this post"),
        "post.proposed": _("proposed this post"),
        "post.developed": _("turned the idea into a draft"),
        "post.framed": _("changed the frame"),
        "post.people_changed": _("changed the people of the post"),
        "post.text_saved": _("saved the text"),
        "post.restored": _("went back to an earlier text"),
        "post.corrected": _("corrected the published text"),
        "post.approval_voided": _("changed the approved text: it is to be approved again"),
        "post.moved": _("moved the post"),
        "post.date_released": _("released the date: no legal signature two hours before"),
        "post.hour_passed": _("saw the hour pass without an approval"),
        "post.submitted": _("sent the post for review"),
        "post.changes_asked": pgettext_lazy("history", "asked for changes"),
        "post.approved": _("approved the text"),
        "post.signed": _("signed the exact text"),
        "post.policy_failed": _("saw a rule of the policy fail that did not before"),
        "post.overridden": _("let the text pass in spite of a rule"),
        "post.put_aside": _("put a warning aside"),
        "post.scheduled": _("scheduled the post"),
        "post.unscheduled": _("took the post out of the schedule"),
        "post.held": _("held the post"),
        "post.caught": _("approved or scheduled a post that a hold covers: it is held"),
        "post.excepted": _("let the post pass through a hold"),
        "post.reviewed": _("decided about the held post"),
        "hold.opened": _("held what was to appear"),
        "hold.narrowed": _("took exceptions of the hold away"),
        "hold.closed": _("closed a hold; each post still waits for its decision"),
        "alert.raised": _("raised an alert"),
        "alert.changed": _("changed the level of an alert"),
        "alert.ended": _("ended an alert"),
        "post.confirmed": _("confirmed the urgent text"),
        "post.cancelled": _("cancelled the post"),
        "post.retired": _("retired the post"),
        "post.reopened": _("reopened the post"),
        "post.published": _("recorded a publication"),
        "post.commented": _("left a remark"),
        "post.placement_added": _("added a channel"),
        "post.placement_cancelled": _("took a channel away"),
        "post.consent_given": _("wrote down a consent"),
        "post.consent_changed": _("changed a consent"),
        "post.consent_withdrawn": _("wrote down that a consent was withdrawn"),
        "post.upload_added": _("added a file"),
        "post.upload_described": _("described a file"),
        "post.upload_removed": _("removed a file"),
        "post.source_corrected": _("asked for a look here: the text that this was made from was corrected"),
        "post.still_right": _("looked at the post again: it is still right"),
        "post.renewed": _("began to bring the post up to date"),
        "post.joined": _("put the post into an initiative"),
        "post.checklist_attached": _("attached a checklist"),
        "initiative.created": _("opened the initiative"),
        "initiative.changed": _("changed the initiative"),
        "initiative.moved_on": _("moved the initiative to its next stage"),
        "initiative.checklist_attached": _("attached a checklist to the initiative"),
        "post.work_relaid": _("laid the open work out again"),
        "post.work_handed_over": _("handed over the work of somebody who left"),
        "workspace.zone_followed": _("derived the hours of all posts for the new time zone"),
        "sample.added": _("added the sample month"),
        "sample.removed": _("removed the sample month"),
    }
)

DECIDED = ("approve", "legal")
"""Keys of the items that a decision on the exact text closes."""


def opened(post: Post, actor: Membership, act: Act, version: int | None = None) -> Post:
    """The post read again under lock, for a member of its workspace who may do this.

    Raises `NotFound` outside the workspace, `NotAllowed` in words, and `Stale` when `version` is no longer that of the
    post: somebody saved in between.
    """
    workspaces.require(actor, act)
    workspaces.lock(actor.workspace)
    found = (
        Post.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace", "author__user", "answerer__user", "deputy__user")
        .filter(pk=post.pk, workspace=actor.workspace)
        .first()
    )
    if found is None:
        raise NotFound(_("This post does not exist, or no longer."))
    if version is not None and found.version != version:
        raise Stale(_("Somebody changed this post meanwhile: look at it as it is now, then try again."))
    return found


def must_be_writable(post: Post) -> None:
    """Nothing is written on a post that has ended."""
    if post.status in rules.FROZEN:
        raise Refused(rules.refusal(post.status, Event.CHANGE), link=post.link)


def keep(post: Post, now: datetime, **values: Any) -> Post:
    """Write these columns if nobody else did first, and count the version up."""
    changes = {**values, "version": post.version + 1, "updated_at": now}
    if Post.objects.filter(pk=post.pk, version=post.version).update(**changes) != 1:
        raise Stale(_("Somebody changed this post meanwhile: look at it as it is now, then try again."))
    for name, value in changes.items():
        setattr(post, name, value)
    return post


def write_down(verb: str, post: Post, actor: Membership | None, now: datetime, **data: Any) -> None:
    """One line of the post's history."""
    history.record(
        verb=verb, now=now, workspace=post.workspace, actor=actor, subject=post, data={"title": post.title(), **data}
    )


def move_state(post: Post, event: Event, now: datetime, **values: Any) -> Post:
    """Follow the map, or refuse in its words. Asks nothing else."""
    after = rules.next_status(post.status, event)
    if after is None:
        raise Refused(rules.refusal(post.status, event), link=post.link)
    return keep(post, now, status=after, **values)


def demand(post: Post, event: Event, now: datetime) -> None:
    """Raise `Refused` with all that is missing, and a link to the first of it."""
    found = gating.missing(post, event, now)
    if found:
        raise Refused(reading.refused_by("", found), link=found[0].link_from(post.link))


def save_revision(post: Post, actor: Membership, now: datetime) -> Revision:
    """Keep the text as it stands; a change of what was approved takes the approvals away.

    Before publication an approved or scheduled post returns to review and its decisions are to be taken again; after
    publication the state stays, and the change is a dated correction.
    """
    before = reading.revision_of(post)
    revision = history.revise(
        subject=post, workspace=post.workspace, payload=reading.payload_of(post), actor=actor, now=now
    )
    if before is not None and before.digest != revision.digest:
        Override.objects.filter(post=post, voided_at__isnull=True).update(voided_at=now)
        freezing.hold_again(post, now)
        _after_change(post, revision, actor, now)
    return revision


def _after_change(post: Post, revision: Revision, actor: Membership, now: datetime) -> None:
    if post.status == Status.PUBLISHED:
        move_state(post, Event.CORRECT, now)
        write_down("post.corrected", post, actor, now, revision=revision.number)
        _ask_derivatives(post, revision, now)
        return
    if rules.next_status(post.status, Event.CHANGE) is None:
        return
    was = post.status
    move_state(post, Event.CHANGE, now)
    void_approvals(post, now)
    if was in rules.APPROVED_STATES:
        write_down("post.approval_voided", post, actor, now, was=was, revision=revision.number)


_AS_CORRECTED = _("Look at the correction of the text that this was made from")
_WHY_CORRECTED = _("The original was corrected after it appeared: what was wrong there may be wrong here.")
CHECKING_DAYS = 2
"""Working days in which a correction is looked at on what was made from the text. A house default."""


def _ask_derivatives(post: Post, revision: Revision, now: datetime) -> None:
    """A correction asks for a look at each post that was made from this one, by its author."""
    calendar = reading.calendar_of(post.workspace, now)
    due_at = calendar.at(calendar.shift(calendar.local(now).date(), CHECKING_DAYS), DUE_TIME)
    task = Task(
        key=f"corrected-{post.pk}-{revision.number}",
        title=in_both(_AS_CORRECTED),
        why=in_both(_WHY_CORRECTED),
        verb=in_both(_("Compare")),
        roles=(EditorialRole.AUTHOR,),
        offset="R+2wd",
        minutes=15,
        reminder="e-std",
    )
    derivatives = Post.objects.filter(derived_from=post, workspace=post.workspace).exclude(status__in=rules.FROZEN)
    for one in derivatives.select_related("workspace", "author__user").prefetch_related("texts"):
        work.plan_items(
            workspace=one.workspace,
            subject=one,
            group=one,
            tasks=[task],
            layout=Layout((LaidItem(task, due_at),)),
            people={EditorialRole.AUTHOR: one.author},
            subject_title={code: one.title(code) for code in LANGUAGES},
            actor=None,
            is_pinned=True,
            now=now,
        )
        write_down("post.source_corrected", one, None, now, revision=revision.number, source=post.pk)


def void_approvals(post: Post, now: datetime) -> None:
    """Decisions on an earlier text no longer hold: their items are to do again."""
    Approval.objects.filter(post=post, voided_at__isnull=True).update(voided_at=now)
    work.unsettle(subject=post, keys=DECIDED)
    relay(post, now)


def relay(post: Post, now: datetime) -> None:
    """Lay the open work out again after a change of date, publication or facts. Keeps `review_days_lost`."""
    items = work.to_relay(post)
    calendar = reading.calendar_of(post.workspace, now, post.planned_at, post.published_at)
    layout = reading.layout_of(post, items, calendar, now)
    work.relay(subject=post, group=post, layout=layout, items=items, now=now)
    if post.review_days_lost != layout.review_days_lost:
        post.review_days_lost = layout.review_days_lost
        Post.objects.filter(pk=post.pk).update(review_days_lost=layout.review_days_lost)


def instant_of(post: Post, to: WallTime, now: datetime) -> datetime:
    """The instant of a wall time of the workspace. Raises for one that has passed, or in days closed to publication."""
    return instants_of(post, [to], now)[to]


@dataclass(frozen=True)
class Days:
    """The days of a workspace: which are worked, which are closed to new publications."""

    calendar: WorkingCalendar
    closed: Sequence[Blackout]


def days_of(workspace: Workspace, days: Collection[date]) -> Days:
    """Read once, for all that goes to one of these days."""
    windows = Blackout.objects.filter(workspace=workspace)
    closed = list(windows.touching(min(days), max(days))) if days else []
    return Days(reading.calendar_of(workspace), closed)


def instants_of(
    post: Post, walls: Collection[WallTime], now: datetime, days: Days | None = None
) -> dict[WallTime, datetime]:
    """The same for several. `days` are those to which they go, when the caller has read them for several posts."""
    days = days or days_of(post.workspace, [to.on for to in walls])
    instants = {to: days.calendar.at(to.on, to.at) for to in walls}
    if any(instant <= now for instant in instants.values()):
        raise Invalid(_("A post cannot be planned into the past: choose an hour to come."), field="on")
    for day in sorted({to.on for to in walls}):
        workspaces.refuse_blackout(post.workspace, day, days.closed)
    return instants


def place(placement: Placement, to: WallTime | None, instant: datetime | None, zone: str) -> None:
    """Give an open placement its wall time and the instant derived from it."""
    placement.planned_on = to.on if to else None
    placement.planned_time = to.at if to else None
    placement.planned_zone = zone if to else ""
    placement.planned_at = placement.shown_at = instant


def gather(post: Post) -> list[Placement]:
    """Say again which placement leads each entry of the calendar, after any of them was placed, shown or cancelled.

    Returns those that are not cancelled.
    """
    standing = list(Placement.objects.filter(post=post, cancelled_at__isnull=True).order_by("channel__position", "id"))
    leaders = rules.leaders(
        [(one.pk, one.planned_at, one.shown_at) for one in standing], zoneinfo.ZoneInfo(post.workspace.time_zone)
    )
    changed = [one for one in standing if one.leads != (one.pk in leaders)]
    for one in changed:
        one.leads = not one.leads
    Placement.objects.bulk_update(changed, ["leads"])
    return standing


PLACED = ("planned_on", "planned_time", "planned_zone", "planned_at", "shown_at")


def keep_places(placed: Iterable[Placement]) -> None:
    """Write down what `place` gave them: a statement for each hour, however many placements share it."""
    sharing: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for one in placed:
        sharing[tuple(getattr(one, name) for name in PLACED)].append(one.pk)
    for values, keys in sharing.items():
        Placement.objects.filter(pk__in=keys).update(**dict(zip(PLACED, values, strict=True)))


def earliest(post: Post, standing: Iterable[Placement] | None = None) -> datetime | None:
    """The hour that anchors the post: its earliest open placement; with none left open, the one it has.

    `standing` are its placements when the caller has just read them.
    """
    read = Placement.objects.filter(post=post).open() if standing is None else standing
    hours = [one.planned_at for one in read if one.published_at is None]
    return min((hour for hour in hours if hour is not None), default=None) if hours else post.planned_at

"""What comes back: a cadence is switched on, its days stand in the calendar, each is held, moved, skipped or filled.

The sweep keeps thirteen weeks of days ahead, and three of work; running it twice changes nothing.
"""

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as wall_time
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, NotFound, Refused, Stale
from planner.base.language import in_both
from planner.base.worktime import WorkingCalendar
from planner.calendar import rules
from planner.calendar.models import Occurrence, Rhythm
from planner.calendar.operations.duties import follow_rota
from planner.calendar.operations.holding import KEY, date_work, is_shared, plan_work, share_out
from planner.history import operations as history
from planner.playbook.models import Kind, PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Application
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, RoleBook, may

history.register(
    {
        "rhythm.switched_on": gettext_lazy("switched a cadence on"),
        "rhythm.switched_off": gettext_lazy("switched a cadence off"),
        "occurrence.skipped": gettext_lazy("skipped one day of a cadence"),
        "occurrence.taken_up": gettext_lazy("took one day of a cadence up again"),
        "occurrence.moved": gettext_lazy("moved one day of a cadence"),
        "occurrence.begun": gettext_lazy("began a post for an empty place"),
    }
)
logger = logging.getLogger(__name__)

SLICE_SECONDS = 2.0
LOOKED_AT_AGAIN_AFTER = timedelta(hours=12)
_SKIPPED, _OFF = "occurrence-skipped", "rhythm-off"


# ---- on and off


@transaction.atomic
def switch_on(
    *,
    item: PlaybookItem,
    actor: Membership,
    owner: Membership,
    starts_on: date,
    ends_on: date | None = None,
    at: wall_time,
    minutes: int,
    now: datetime,
) -> Rhythm:
    """Let a cadence come back from `starts_on` on, at that hour of the wall, and fill its days ahead.

    Raises `Invalid` with the field, and `Refused` when it is on already.
    """
    workspaces.require(actor, Act.PLAN)
    workspace = workspaces.lock(actor.workspace)
    if item.kind != Kind.CADENCE or item.workspace_id not in (None, workspace.pk):
        raise NotFound(_("This cadence is not in your playbook."))
    _must_be_able_to_hold(owner, actor)
    if ends_on is not None and ends_on < starts_on:
        raise Invalid(_("The last day comes before the first: turn them round."), field="ends_on")
    if Rhythm.objects.on().filter(workspace=workspace, item__slug=item.slug).exists():
        raise Refused(_("This cadence is on already: switch it off first, then on again with other days."))
    rhythm = _insert(
        Rhythm(
            workspace=workspace, item=item, form=item.payload["form"], repeat=item.payload["repeat"], at=at,
            minutes=minutes, starts_on=starts_on, ends_on=ends_on, owner=owner, switched_on_by=actor,
            switched_on_at=now, looked_at=now,
        )
    )  # fmt: skip
    _fill_ahead(rhythm, now)
    _record("rhythm.switched_on", rhythm, actor, now)
    return rhythm


def _insert(rhythm: Rhythm) -> Rhythm:
    try:
        with transaction.atomic():
            rhythm.save(force_insert=True)
    except IntegrityError:
        raise Stale(_("Somebody switched this cadence on at the same instant.")) from None
    return rhythm


def _must_be_able_to_hold(owner: Membership, actor: Membership) -> None:
    if owner.workspace_id != actor.workspace_id or not owner.is_active:
        raise Invalid(_("Choose somebody who is a member here."), field="owner")
    if not may(owner.level, Act.COMMENT):
        raise Invalid(_("%(person)s may only read: raise their access level first.") % {"person": owner}, field="owner")


@transaction.atomic
def switch_off(*, rhythm: Rhythm, actor: Membership, now: datetime) -> Rhythm:
    """End a cadence: its empty days to come leave the calendar with their work, what was filled or held stays."""
    workspaces.require(actor, Act.PLAN)
    workspaces.same_house(actor, rhythm)
    workspaces.lock(actor.workspace)
    if not Rhythm.objects.on().filter(pk=rhythm.pk).update(switched_off_at=now):
        raise Stale(_("This cadence is off already."))
    today = workspaces.working_calendar(rhythm.workspace, changes=()).local(now).date()
    if rhythm.item.slug == rules.DUTY:
        workspaces.clear_rota(workspace=rhythm.workspace, after=today)
        work.suspend(subject=rhythm, code=_OFF, words=in_both(_OFF_WORDS), now=now)
    ahead = list(Occurrence.objects.empty().filter(rhythm=rhythm, held_on__gte=today).select_related("workspace"))
    Occurrence.objects.filter(pk__in=[one.pk for one in ahead]).update(skipped_at=now)
    for one in ahead:
        work.suspend(subject=one, code=_OFF, words=in_both(_OFF_WORDS), now=now)
    rhythm.switched_off_at = now
    _record("rhythm.switched_off", rhythm, actor, now)
    return rhythm


_OFF_WORDS = gettext_lazy("The cadence is switched off.")
_SKIPPED_WORDS = gettext_lazy("This day is skipped.")


# ---- one day


def _opened(occurrence: Occurrence, actor: Membership, act: Act = Act.PLAN) -> Occurrence:
    """The day read again under lock, for a member of its workspace who may do this."""
    workspaces.require(actor, act)
    workspaces.lock(actor.workspace)
    days = Occurrence.objects.with_all().filter(pk=occurrence.pk, workspace=actor.workspace)
    found: Occurrence | None = days.first()
    if found is None:
        raise NotFound(_("This day does not exist, or no longer."))
    return found


def _must_stand(occurrence: Occurrence) -> None:
    if occurrence.skipped_at is not None:
        raise Refused(_("This day is skipped: take it up again first."), link=occurrence.link)
    if occurrence.piece is not None:
        raise Refused(_("A post stands in this place: go on there."), link=occurrence.piece.link)


@transaction.atomic
def skip(*, occurrence: Occurrence, actor: Membership, reason: str, now: datetime) -> Occurrence:
    """Leave one day out, with a reason that everybody reads; the others stay."""
    occurrence = _opened(occurrence, actor)
    _must_stand(occurrence)
    if not reason.strip():
        raise Invalid(_("Say in a sentence why this day is left out."), field="reason")
    occurrence.skipped_at, occurrence.reason = now, reason.strip()
    occurrence.save(update_fields=["skipped_at", "reason"])
    work.suspend(subject=occurrence, code=_SKIPPED, words=in_both(_SKIPPED_WORDS), now=now)
    _record("occurrence.skipped", occurrence, actor, now, reason=occurrence.reason)
    return occurrence


@transaction.atomic
def take_up(*, occurrence: Occurrence, actor: Membership, now: datetime) -> Occurrence:
    """Let a day that was skipped stand again, with its work."""
    occurrence = _opened(occurrence, actor)
    if occurrence.skipped_at is None:
        raise Stale(_("This day stands already."))
    if occurrence.rhythm.switched_off_at is not None:
        raise Refused(_("Its cadence is switched off: switch it on again."))
    occurrence.skipped_at, occurrence.reason = None, ""
    occurrence.save(update_fields=["skipped_at", "reason"])
    work.resume(subject=occurrence, codes=[_SKIPPED])
    date_work(occurrence, now)
    _record("occurrence.taken_up", occurrence, actor, now)
    return occurrence


@transaction.atomic
def move_occurrence(*, occurrence: Occurrence, actor: Membership, on: date, at: wall_time, now: datetime) -> Occurrence:
    """Hold one day on another, at another hour; its work follows and the other days stay where they are."""
    occurrence = _opened(occurrence, actor)
    _must_stand(occurrence)
    occurrence.held_on, occurrence.held_at = on, at
    if occurrence.starts_at <= now:
        raise Invalid(_("Choose an hour to come: this one has passed."), field="on")
    occurrence.save(update_fields=["held_on", "held_at"])
    date_work(occurrence, now)
    _record("occurrence.moved", occurrence, actor, now, to=on.isoformat())
    return occurrence


@transaction.atomic
def fill(*, occurrence: Occurrence, actor: Membership, template: PlaybookItem, now: datetime) -> Application:
    """Begin the post that an empty place asks for, with its day and hour in the answers. The post fills the place."""
    occurrence = _opened(occurrence, actor, Act.PROPOSE)
    _must_stand(occurrence)
    if not rules.may_fill(template.payload, occurrence.rhythm.item.payload):
        raise Refused(_("This place asks for another template."), link=occurrence.link)
    answers = {"on": [occurrence.held_on.isoformat()], "at": [f"{occurrence.held_at:%H:%M}"]}
    application = posts.start_application(
        actor=actor, template=template, answers=answers, origin=f"occurrence-{occurrence.pk}", now=now
    )
    occurrence.application = application
    occurrence.save(update_fields=["application"])
    _record("occurrence.begun", occurrence, actor, now, template=template.slug)
    return application


def _record(verb: str, subject: Rhythm | Occurrence, actor: Membership, now: datetime, **data: Any) -> None:
    if isinstance(subject, Occurrence):
        data["day"] = subject.day.isoformat()
    history.record(
        verb=verb, now=now, workspace=actor.workspace, actor=actor, subject=subject,
        data={"title": str(subject), **data},
    )  # fmt: skip


# ---- days and work ahead


@dataclass
class Filled:
    """What a slice of the sweep did, and whether there may be more."""

    rhythms: int = 0
    failed: int = 0
    may_be_more: bool = False


def fill_ahead(
    *, now: datetime, seconds: float = SLICE_SECONDS, monotonic: Callable[[], float] = time.monotonic
) -> Filled:
    """Keep the days and the work of every cadence ahead, those longest unseen first. One bad one stops no other."""
    done, ends = Filled(), monotonic() + seconds
    waiting = Rhythm.objects.unseen_since(now - LOOKED_AT_AGAIN_AFTER).order_by("looked_at", "pk")
    for pk in list(waiting.values_list("pk", flat=True)):
        if monotonic() >= ends:
            done.may_be_more = True
            break
        done.rhythms += 1
        done.failed += not _try(pk, now)
    return done


def _try(pk: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            rhythm = Rhythm.objects.on().select_related("workspace", "item", "owner__user").filter(pk=pk).first()
            if rhythm is not None:
                workspaces.lock(rhythm.workspace)
                _fill_ahead(rhythm, now)
        return True
    except OperationalError:
        raise
    except Exception:
        logger.exception("Cadence %s could not be filled ahead; the others go on.", pk)
        Rhythm.objects.filter(pk=pk).update(looked_at=now)
        return False


def _fill_ahead(rhythm: Rhythm, now: datetime) -> None:
    calendar = workspaces.working_calendar(rhythm.workspace, around=[now.date()])
    days = rules.days_ahead(
        rhythm.repeat, at=rhythm.at, starts_on=rhythm.starts_on, ends_on=rhythm.ends_on, calendar=calendar, now=now,
        until=calendar.local(now).date() + rules.HORIZON,
    )  # fmt: skip
    if rhythm.item.slug == rules.DUTY:
        shown = rules.rota_days(days, calendar.local(now).date(), calendar)
        workspaces.fill_rota(workspace=rhythm.workspace, days=shown)
        follow_rota(rhythm=rhythm, days=shown, now=now)
        days = []
    rows = [
        Occurrence(workspace=rhythm.workspace, rhythm=rhythm, day=day, held_on=day, held_at=rhythm.at) for day in days
    ]
    Occurrence.objects.bulk_create(rows, ignore_conflicts=True)
    if rhythm.asks_for_work:
        _plan_ahead(rhythm, calendar, now)
    Rhythm.objects.filter(pk=rhythm.pk).update(looked_at=now)


def _plan_ahead(rhythm: Rhythm, calendar: WorkingCalendar, now: datetime) -> None:
    """Work for the next three weeks; that of a filled place is closed, that of another clock dated again."""
    today = calendar.local(now).date()
    near = Occurrence.objects.standing().filter(rhythm=rhythm, held_on__range=(today, today + rules.WORK_AHEAD))
    occurrences = list(near.with_all())
    dated = _due_of(occurrences)
    book = workspaces.role_book(rhythm.workspace, day_from=today, day_to=today + rules.WORK_AHEAD)
    for one in occurrences:
        if is_shared(rhythm):
            share_out(one, book, today, now)
        if one.piece is not None and one.application is not None:
            work.settle(subject=one, key=KEY, actor=one.application.person, now=now)
        elif one.pk not in dated and one.starts_at > now and not is_shared(rhythm):
            plan_work(one, _holder(rhythm, book), now)
        elif dated.get(one.pk) not in (None, one.starts_at):
            date_work(one, now)


def _due_of(occurrences: Collection[Occurrence]) -> dict[int, datetime | None]:
    """When the work of each day is due, by the day's id; None once it is no longer open."""
    items = WorkItem.objects.about_any(Occurrence, occurrences)
    return {item.subject_id: item.due_at if item.is_open() else None for item in items}


def _holder(rhythm: Rhythm, book: RoleBook[Membership]) -> Membership | None:
    """Whoever holds the cadence; who left is stood in for by the role."""
    is_there = rhythm.owner is not None and rhythm.owner.pk in book.people
    return rhythm.owner if is_there else book.fallback(rhythm.item.payload["roles"][0])

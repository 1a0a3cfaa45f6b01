"""Writing the schedule: what is to be told, to whom, when. The rows are the schedule; no message is ever revoked."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q

from planner.base.worktime import WorkingCalendar
from planner.reminders import rules
from planner.reminders.models import Notice, Reminder
from planner.reminders.rules import REOPENED_STATES, UNTOLD_STATES, Planned, State, Step
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace

_Key = tuple[int, int, str, int, str, datetime]
_AT_ONCE = 500
"""Rows in one statement: SQLite allows so many values, and no more."""


@dataclass(frozen=True)
class Wanted:
    """Reminders of one work: its subject, its group (what pausing goes by), the profile's payload and slug."""

    subject: models.Model
    group: models.Model | None
    profile: Mapping[str, Any]
    slug: str
    work_due_at: datetime
    occurrence: int = 0


@transaction.atomic
def schedule_many(*, workspace: Workspace, wanted: Iterable[Wanted], now: datetime) -> list[Reminder]:
    """Make the rows of these works, few statements whatever their number; returns the rows of the works.

    A row that a move or a completion had closed wakes up again; one that was sent stays sent. Of the steps whose hour
    has passed, one is told now. Messages still in an inbox about another due date of the same work are put away.
    """
    works = list(wanted)
    if not works:
        return []
    calendar = workspaces.working_calendar(workspace, around=[work.work_due_at.date() for work in works])
    rows = [row for work in works for row in _rows(workspace, work, calendar, now)]
    before = _existing(rows)
    Reminder.objects.bulk_create([row for row in rows if _key(row) not in before], ignore_conflicts=True)
    _wake(rows, before, now)
    _put_away_old_dates(works, now)
    return list(_existing(rows).values())


def _rows(workspace: Workspace, work: Wanted, calendar: WorkingCalendar, now: datetime) -> list[Reminder]:
    steps = rules.steps_of(work.profile)
    timed = rules.moments(steps, work_due_at=work.work_due_at, calendar=calendar, opened_at=now)
    quiet = rules.quiet_of(work.profile)
    rows = [_row(workspace, work, one, quiet, now) for one in rules.plan(timed, now)]
    begun = [(step, at) for step, at in timed if at <= now and "every" in step.details]
    return rows + [_row(workspace, work, _next_turn(step, at, calendar, now), quiet, now) for step, at in begun]


def _next_turn(step: Step, at: datetime, calendar: WorkingCalendar, now: datetime) -> Planned:
    """Of a step that comes again and whose first hour has passed: the turn to come."""
    turn = rules.asked_next(step.details, occurrence=0, due_at=at, after=now, calendar=calendar)
    asked = replace(step, addressee=turn.addressee, mode=turn.mode, title=turn.title)
    return Planned(asked, turn.due_at, State.PENDING, occurrence=turn.occurrence)


def _row(workspace: Workspace, work: Wanted, planned: Planned, quiet: str, now: datetime) -> Reminder:
    return Reminder(
        workspace=workspace,
        subject_type=_type_of(work.subject),
        subject_id=work.subject.pk,
        group_type=_type_of(work.group) if work.group else None,
        group_id=work.group.pk if work.group else None,
        step=planned.step.key,
        occurrence=work.occurrence + planned.occurrence,
        addressee=planned.step.addressee,
        work_due_at=work.work_due_at,
        due_at=planned.due_at,
        next_at=planned.due_at,
        state=planned.state,
        profile=work.slug,
        mode=planned.step.mode,
        quiet=quiet,
        message=dict(planned.step.title),
        details=dict(planned.step.details) or None,
        may_join_digest=bool(work.profile.get("digest")),
        reason=_first_reason(planned),
        created_at=now,
    )


def _first_reason(planned: Planned) -> list[dict[str, Any]]:
    if planned.is_late:
        return [{"code": "late-start"}]
    return [{"code": "told-together"}] if planned.state == State.COLLAPSED else []


def _type_of(thing: models.Model) -> ContentType:
    return ContentType.objects.get_for_model(thing)


def _key(row: Reminder) -> _Key:
    return (row.subject_type_id, row.subject_id, row.step, row.occurrence, row.addressee, row.work_due_at)


def _existing(rows: Sequence[Reminder]) -> dict[_Key, Reminder]:
    """The rows that are there already under these keys, locked."""
    wanted = {_key(row) for row in rows}
    found: dict[_Key, Reminder] = {}
    for subjects in _by_type((row.subject_type_id, row.subject_id) for row in rows):
        for row in Reminder.objects.select_for_update(no_key=True).filter(subjects):
            if _key(row) in wanted:
                found[_key(row)] = row
    return found


def _by_type(pairs: Iterable[tuple[int, int]]) -> list[Q]:
    """Conditions that name these subjects, in portions that a statement can hold."""
    ids = defaultdict(set)
    for subject_type, subject_id in pairs:
        ids[subject_type].add(subject_id)
    return [
        Q(subject_type=subject_type, subject_id__in=sorted(found)[start : start + _AT_ONCE])
        for subject_type, found in ids.items()
        for start in range(0, len(found), _AT_ONCE)
    ]


_WAKEN = (
    "state", "token", "attempts", "settled_at", "due_at", "next_at", "reason", "message", "profile", "mode", "quiet",
    "group_type", "group_id", "details",
    "may_join_digest",
)  # fmt: skip


def _wake(rows: Sequence[Reminder], before: Mapping[_Key, Reminder], now: datetime) -> None:
    """Open again what a move had closed, and correct the hour of what still waits."""
    changed = []
    for row in rows:
        old = before.get(_key(row))
        if old is None:
            continue
        if _is_same_act(old, now) and row.due_at <= now:
            row.state = State.PENDING
            row.due_at, row.next_at = old.due_at, old.next_at
        elif not _may_wake(old, row) or _was_told(row, before):
            continue
        for field in _WAKEN:
            setattr(old, field, getattr(row, field))
        changed.append(old)
    Reminder.objects.bulk_update(changed, _WAKEN, batch_size=50)


def _is_same_act(old: Reminder, now: datetime) -> bool:
    """Closed a moment ago by the move that schedules now, back to the same date: what it waited for still holds."""
    return old.state == State.SUPERSEDED and old.settled_at == now


def _may_wake(old: Reminder, row: Reminder) -> bool:
    if old.state in (State.PENDING, State.PAUSED):
        return row.state == State.PENDING and old.due_at != row.due_at and row.due_at > row.created_at
    return old.state in REOPENED_STATES


def _was_told(row: Reminder, before: Mapping[_Key, Reminder]) -> bool:
    """Is this a late message about a work whose person has already had one for this date?"""
    is_late = any(reason.get("code") == "late-start" for reason in row.reason)
    return is_late and any(
        old.state == State.SENT and old.addressee == row.addressee
        for key, old in before.items()
        if key[:2] == (row.subject_type_id, row.subject_id) and key[5] == row.work_due_at
    )


def _put_away_old_dates(works: Sequence[Wanted], now: datetime) -> None:
    """A message that names the old date would mislead: it leaves the inbox, the new ones say the rest."""
    dates: dict[datetime, list[tuple[int, int]]] = defaultdict(list)
    for work in works:
        dates[work.work_due_at].append((_type_of(work.subject).pk, work.subject.pk))
    for due, subjects in dates.items():
        for condition in _by_type(subjects):
            old = Reminder.objects.filter(condition, state=State.SENT).exclude(profile="").exclude(work_due_at=due)
            Notice.objects.filter(reminder__in=old, done_at__isnull=True).update(done_at=now)


@transaction.atomic
def supersede(
    *, subjects: Sequence[models.Model] | None = None, group: models.Model | None = None, now: datetime
) -> int:
    """Close the open rows of works whose date moved, those being delivered too; `schedule_many` makes the new ones."""
    return _close(_about(subjects, group).exclude(profile=""), State.SUPERSEDED, "moved", now)


@transaction.atomic
def cancel(
    *,
    subjects: Sequence[models.Model] | None = None,
    group: models.Model | None = None,
    reason: str,
    now: datetime,
) -> int:
    """Silence: close the open rows of works that are done, dropped or ended, and put their messages away.

    `reason` is a code that `rules.sentence` knows: `done`, `dropped`, `subject-ended`.
    """
    rows = _about(subjects, group)
    told = rows.filter(state__in=[State.SENT, State.DEAD, *UNTOLD_STATES])
    Notice.objects.filter(reminder__in=told, done_at__isnull=True).update(done_at=now)
    return _close(rows, State.CANCELLED, reason, now)


def _about(subjects: Sequence[models.Model] | None, group: models.Model | None) -> "models.QuerySet[Reminder]":
    rows = Reminder.objects.all()
    if group is not None:
        rows = rows.filter(group_type=_type_of(group), group_id=group.pk)
    if subjects is not None:
        named = Q(pk__in=[])
        for condition in _by_type((_type_of(subject).pk, subject.pk) for subject in subjects):
            named |= condition
        rows = rows.filter(named)
    return rows


def _close(rows: "models.QuerySet[Reminder]", state: str, code: str, now: datetime) -> int:
    return rows.filter(state__in=UNTOLD_STATES).update(state=state, token=None, reason=[{"code": code}], settled_at=now)


@transaction.atomic
def notify(
    *,
    workspace: Workspace,
    subject: models.Model,
    group: models.Model | None,
    person: Membership,
    message: Mapping[str, str],
    actor: Membership | None,
    now: datetime,
    quiet: str = "always",
) -> Reminder:
    """Tell one person one thing, now: an assignment, a request for review, changes asked, a mention.

    It takes the road of every reminder: their quiet hours, their absence, once. The same words about the same subject
    at the same instant are one message. Returns the row; nobody is told of what they did themselves (the caller knows).
    """
    words = dict(message)
    mark = hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:12]
    row, _is_new = Reminder.objects.get_or_create(
        subject_type=_type_of(subject),
        subject_id=subject.pk,
        step=f"told-{mark}",
        occurrence=0,
        addressee=f"member:{person.pk}",
        work_due_at=now,
        defaults={
            "workspace": workspace,
            "group_type": _type_of(group) if group else None,
            "group_id": group.pk if group else None,
            "due_at": now,
            "next_at": now,
            "mode": "tell",
            "quiet": quiet,
            "message": words,
            "reason": [{"code": "personal", "name": str(actor)}] if actor else [],
            "created_at": now,
        },
    )
    return row

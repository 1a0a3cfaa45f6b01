"""Claiming what is due: one transaction decides for a batch whom to tell, and puts the messages in the inboxes.

What must leave by mail comes out as jobs under a lease; everything else is settled here. A process that dies after the
commit loses nothing: when the lease has ended, the next claim finds how far each row had come.
"""

import json
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, models, transaction

from planner.base.language import LANGUAGES, pick
from planner.reminders import rules
from planner.reminders.models import Delivery, Errand, Notice, Reminder
from planner.reminders.operations.bulk import insert_many
from planner.reminders.operations.recipients import House, Recipient
from planner.reminders.rules import DeliveryStatus, Due, Reason, Sibling, State, Subject
from planner.reminders.transports import Message
from planner.reminders.transports.email import can_be_written_to, message_id
from planner.workspaces.models import Membership, Workspace

BATCH = 200
NO_LEASE = uuid.UUID(int=0)
"""For a batch out of which nothing leaves."""
FENCE = 0.8
"""The share of the lease after which nothing more is sent under it."""

Houses = dict[int, House]


@dataclass(frozen=True)
class Job:
    """One delivery to make, under the batch's token."""

    delivery_id: int
    reminder_id: int
    attempts: int
    message: Message


@dataclass
class Batch:
    """What one claim took: jobs to deliver before `fence` (monotonic seconds), and what it settled by itself."""

    token: uuid.UUID
    fence: float
    jobs: list[Job] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    taken: int = 0

    def add(self, other: "Batch") -> None:
        self.jobs += other.jobs
        self.counts += other.counts
        self.taken += other.taken


@dataclass
class Outcome:
    """What becomes of one row."""

    row: Due
    state: str
    reasons: list[Reason]
    next_at: datetime | None = None
    attempts: int = 0
    recipient: Membership | None = None
    card: dict[str, Any] | None = None
    notice: Notice | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True)
class Desk:
    """All that deciding about a batch needs, read with few statements."""

    now: datetime
    channel: str | None
    subjects: Mapping[tuple[int, int], Any]
    siblings: Mapping[tuple[int, int], Sequence[Due]]
    notices: Mapping[int, Notice]
    deliveries: Mapping[int, Delivery]
    houses: Houses
    silent: Set[tuple[int, int]]
    """The groups under a hold."""
    is_count: bool = False
    """Is this the count of a morning, and not a claim?"""


def claim_due(
    *,
    now: datetime,
    channel: str | None,
    houses: Houses,
    limit: int = BATCH,
    monotonic: Callable[[], float] = time.monotonic,
) -> Batch:
    """Take up to `limit` due rows. `channel` is that of the transport, or nothing when the desk is the only way.

    One bad row never blocks: when the batch cannot be written, its rows are claimed one by one, and the bad one is put
    off in words.
    """
    batch = Batch(token=uuid.uuid4(), fence=monotonic() + FENCE * settings.REMINDER_LEASE_SECONDS)
    due = Reminder.objects.due(now).order_by("next_at", "id")
    try:
        _claim(batch, due, limit, now, channel, houses)
    except OperationalError:
        raise
    except Exception:
        for pk in list(due.values_list("pk", flat=True)[:limit]):
            _claim_alone(batch, due.filter(pk=pk), now, channel, houses)
    return batch


def _claim_alone(
    batch: Batch, row: "models.QuerySet[Reminder]", now: datetime, channel: str | None, houses: Houses
) -> None:
    try:
        _claim(batch, row, 1, now, channel, houses)
    except OperationalError:
        raise
    except Exception as error:
        with transaction.atomic():
            for bad in _read_rows(row, 1):
                _write_states([_broken(bad, error, now)], batch.token, now)
        batch.taken += 1
        batch.counts["failed"] += 1


def _claim(
    batch: Batch,
    due: "models.QuerySet[Reminder]",
    limit: int,
    now: datetime,
    channel: str | None,
    houses: Houses,
) -> None:
    found = Batch(batch.token, batch.fence)
    with transaction.atomic():
        rows = _read_rows(due, limit)
        if not rows:
            return
        desk = read(rows, now, channel, houses)
        outcomes = [decide_or_fail(row, desk) for row in rows]
        _gather(outcomes)
        write(found, outcomes, desk)
        found.taken = len(rows)
    batch.add(found)


# ---- reading


def _read_rows(due: "models.QuerySet[Reminder]", limit: int) -> list[Due]:
    """Locked for this transaction; rows that another drain holds are left to it."""
    return [
        Due(*values)
        for values in due.select_for_update(skip_locked=True, no_key=True).values_list(*Due._fields)[:limit]
    ]


def read(rows: Sequence[Due], now: datetime, channel: str | None, houses: Houses) -> Desk:
    ids = {row.pk for row in rows}
    _read_houses(rows, now, houses)
    return Desk(
        now=now,
        channel=channel,
        subjects=_subjects(rows),
        siblings=_siblings(rows, now),
        notices={notice.reminder_id: notice for notice in Notice.objects.filter(reminder_id__among=ids)},
        deliveries={one.reminder_id: one for one in Delivery.objects.filter(reminder_id__among=ids)},
        houses=houses,
        silent=_silent(rows),
    )


def _read_houses(rows: Iterable[Due], now: datetime, houses: Houses) -> None:
    missing = {row.workspace_id for row in rows} - houses.keys()
    for workspace in Workspace.objects.filter(pk__in=missing):
        houses[workspace.pk] = House.read(workspace, now)


def _ids_by_type(rows: Iterable[Due]) -> dict[int, set[int]]:
    ids: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        ids[row.subject_type_id].add(row.subject_id)
    return ids


def _subjects(rows: Sequence[Due]) -> dict[tuple[int, int], Any]:
    found: dict[tuple[int, int], Any] = {}
    for type_id, ids in _ids_by_type(rows).items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model is None:
            continue
        load = getattr(model, "for_reminders", None) or model._default_manager.in_bulk
        found |= {(type_id, pk): subject for pk, subject in load(ids).items()}
    return found


def _silent(rows: Iterable[Due]) -> set[tuple[int, int]]:
    """Which of their groups are held now: what a hold found at its hour it paused, the rest is found here."""
    groups: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        if row.profile and row.group_type_id is not None and row.group_id is not None:
            groups[row.group_type_id].add(row.group_id)
    found: set[tuple[int, int]] = set()
    for type_id, ids in groups.items():
        silent_among = getattr(ContentType.objects.get_for_id(type_id).model_class(), "silent_among", None)
        if silent_among is not None:
            found |= {(type_id, pk) for pk in silent_among(ids)}
    return found


def _siblings(rows: Sequence[Due], now: datetime) -> dict[tuple[int, int], list[Due]]:
    """Rows about the same subjects that are due, being delivered by whomever, or told already."""
    found: dict[tuple[int, int], list[Due]] = defaultdict(list)
    for row in rows:
        found[row.subject_key].append(row)
    told_or_telling = models.Q(state__in=(State.LEASED, State.SENT)) | models.Q(state=State.PENDING, next_at__lte=now)
    others = Reminder.objects.filter(told_or_telling, due_at__gte=min(row.due_at for row in rows))
    others = others.exclude(pk__among={row.pk for row in rows})
    for type_id, ids in _ids_by_type(rows).items():
        for values in others.about(type_id, ids).values_list(*Due._fields):
            other = Due(*values)
            found[other.subject_key].append(other)
    return found


# ---- deciding


def decide_or_fail(row: Due, desk: Desk) -> Outcome:
    try:
        return _decide(row, desk)
    except Exception as error:  # a subject of another room may fail in its own way: this row alone pays for it
        return _broken(row, error, desk.now)


def _broken(row: Due, error: Exception, now: datetime) -> Outcome:
    attempts = row.attempts + 1
    words: Reason = {"code": "broken", "answer": f"{type(error).__name__}: {error}"[:300]}
    return put_off(row, attempts, words, now)


def put_off(row: Due, attempts: int, words: Reason, now: datetime, *, is_final: bool = False) -> Outcome:
    """A failure: another try later, or given up after the last one."""
    if is_final or attempts >= rules.MOST_ATTEMPTS:
        return Outcome(row, State.DEAD, [words, {"code": "given-up", "attempts": attempts}], attempts=attempts)
    later = now + rules.backoff(attempts)
    return Outcome(row, State.PENDING, [words, _until("retry", later)], next_at=later, attempts=attempts)


def _until(code: str, until: datetime, **values: Any) -> Reason:
    return {"code": code, "until": until.isoformat(), **values}


def _decide(row: Due, desk: Desk) -> Outcome:
    notice, delivery = desk.notices.get(row.pk), desk.deliveries.get(row.pk)
    if delivery is not None and delivery.state in (
        DeliveryStatus.SENDING, DeliveryStatus.SENT, DeliveryStatus.UNKNOWN
    ):  # fmt: skip
        return _close(row, delivery)
    subject = desk.subjects.get(row.subject_key)
    if subject is None:
        return Outcome(row, State.CANCELLED, [{"code": "gone"}])
    if row.profile and not subject.is_open():
        return Outcome(row, State.CANCELLED, [{"code": "closed"}])
    if row.profile and (row.group_type_id, row.group_id) in desk.silent:
        return Outcome(row, State.PAUSED, row.reason)
    if row.details and row.details.get("only_if") == "nothing-done" and getattr(subject, "is_begun", False):
        return Outcome(row, State.CANCELLED, [{"code": "begun"}])
    house = desk.houses[row.workspace_id]
    chosen = _chosen(row, subject, notice, house, desk.now)
    if chosen is None:
        return Outcome(row, State.DEAD, [{"code": "nobody"}])
    if notice is None and _is_told_together(row, chosen, subject, house, desk):
        return Outcome(row, State.COLLAPSED, [{"code": "told-together"}])
    return _in_time(row, chosen, notice, house, desk) or _tell(row, chosen, subject, notice, delivery, desk)


def _gather(outcomes: Iterable[Outcome]) -> None:
    """A compressed schedule, or the end of a hold, is one mail to each person: the first work carries the others.

    Each keeps its own line in the inbox. The card is kept with the first notice, so that a later try says the same.
    """
    together: dict[tuple[int | None, ...], list[Outcome]] = defaultdict(list)
    for one in outcomes:
        if one.recipient is not None and _may_be_gathered(one):
            together[one.recipient.pk, one.row.group_type_id, one.row.group_id].append(one)
    for first, *others in together.values():
        if first.card is not None and others:
            first.card = {**first.card, "also": [other.card for other in others]}
        for other in others:
            other.state = State.SENT
            other.reasons = [*other.reasons, {"code": "one-mail"}]


def _may_be_gathered(one: Outcome) -> bool:
    leaves_now = one.state == State.LEASED and one.notice is None
    return leaves_now and one.row.is_one_of_several and one.row.mode == "remind" and one.row.group_id is not None


def _close(row: Due, delivery: Delivery) -> Outcome:
    """Whoever held the lease had come this far: it left, or nobody knows."""
    is_sent = delivery.state == DeliveryStatus.SENT
    return Outcome(row, State.SENT, row.reason if is_sent else [*row.reason, {"code": "in-doubt"}], delivery=delivery)


def _chosen(row: Due, subject: Subject, notice: Notice | None, house: House, now: datetime) -> Recipient | None:
    """Once the message is in an inbox, its recipient stays the same."""
    if notice is not None:
        person = house.book.people.get(notice.recipient_id)
        return Recipient(person, tuple(notice.card["because"])) if person else None
    return house.recipient(row, subject, house.today(now))


def _is_told_together(row: Due, chosen: Recipient, subject: Subject, house: House, desk: Desk) -> bool:
    others = [one for one in desk.siblings[row.subject_key] if one.pk != row.pk]
    if not others:
        return False
    day = house.today(desk.now)
    people = {one.addressee: house.recipient(one, subject, day) for one in others}
    siblings = [_sibling(one, people[one.addressee]) for one in others]
    return rules.told_with(_sibling(row, chosen), siblings) is not None


def _sibling(row: Due, chosen: Recipient | None) -> Sibling:
    return Sibling(
        id=row.pk,
        person_id=chosen.person.pk if chosen else None,
        due_at=row.due_at,
        work_due_at=row.work_due_at,
        state=row.state,
        is_step=bool(row.profile),
    )


def _in_time(row: Due, chosen: Recipient, notice: Notice | None, house: House, desk: Desk) -> Outcome | None:
    """Too late to be told, or not at this hour: then the row waits, and says why."""
    hours = house.time_of(chosen.person)
    grace = timedelta(hours=settings.REMINDER_GRACE_HOURS)
    if notice is None and desk.now - rules.permitted_at(row.next_at, hours, row.quiet) > grace:
        return Outcome(row, State.MISSED, [{"code": "missed", "hours": settings.REMINDER_GRACE_HOURS}])
    permitted = rules.permitted_at(desk.now, hours, row.quiet)
    if row.may_join_digest and notice is None and not desk.is_count:
        permitted = rules.permitted_at(rules.after_the_count(permitted, hours.zone), hours, row.quiet)
    if permitted <= desk.now:
        return None
    waited = [reason for reason in row.reason if reason.get("code") not in ("quiet", "retry")]
    waits = _until("quiet", permitted, **{"from": row.due_at.isoformat()})
    return Outcome(row, State.PENDING, [*waited, waits], next_at=permitted, attempts=row.attempts)


def _tell(
    row: Due,
    chosen: Recipient,
    subject: Subject,
    notice: Notice | None,
    delivery: Delivery | None,
    desk: Desk,
) -> Outcome:
    goes_out = desk.channel is not None and _goes_by_email(row, chosen.person, desk.houses[row.workspace_id])
    waited = [reason for reason in row.reason if reason.get("code") in ("quiet", "late-start", "resumed")]
    because = [*chosen.why, *([] if notice else waited)]
    return Outcome(
        row,
        State.LEASED if goes_out else State.SENT,
        because,
        attempts=row.attempts,
        recipient=chosen.person,
        card=notice.card if notice else {**_card(row, subject, chosen.person, desk), "because": because},
        notice=notice,
        delivery=delivery,
    )


def _goes_by_email(row: Due, person: Membership, house: House) -> bool:
    """Has the person an address, and do they want this kind of message there?"""
    return can_be_written_to(person.user.email) and house.choice_of(person).comes_by_email(
        rules.kind_of(row.profile, row.quiet)
    )


def _card(row: Due, subject: Subject, reader: Membership, desk: Desk) -> dict[str, Any]:
    """In a small team the director may own the work: nobody is asked to ring themselves."""
    owner = subject.person("owner") if row.mode == "call-card" else None
    call = {"name": str(owner), "phone": owner.user.phone} if owner is not None and owner.pk != reader.pk else None
    house = desk.houses[row.workspace_id]
    phones = house.phones(reader) if row.quiet == "never" and row.profile else []
    zone = house.time_of(reader).zone
    return {
        language: _card_in(language, row, subject, call, phones, rules.note_of(row, language, desk.now, zone))
        for language in LANGUAGES
    }


def _card_in(
    language: str,
    row: Due,
    subject: Subject,
    call: dict[str, str] | None,
    phones: Sequence[tuple[str, Membership]],
    note: str,
) -> dict[str, Any]:
    card, details = subject.card(language), row.details or {}
    found: dict[str, Any] = {
        "what": card.what,
        "why": card.why,
        "minutes": 0 if call or row.mode == "copy" else card.minutes,  # those of whoever does the work
        "link": card.link,
        "action": card.action,
        "note": note,
        "call": {**call, "ask": rules.what_to_ask(details, language)} if call else None,
    }
    if lines := [*(pick(line, language) for line in details.get("lines", ())), *card.lines]:
        found["lines"] = lines
    if phones:
        found["phones"] = [
            {"role": rules.role_in(role, language), "name": str(person), "phone": person.user.phone}
            for role, person in phones
        ]
    if card.groups:
        found["groups"] = list(card.groups)
    if details.get("until") == rules.ACKNOWLEDGED:
        found["asks_for_word"] = True
    return found


# ---- writing


def write(batch: Batch, outcomes: Sequence[Outcome], desk: Desk) -> None:
    told = [one for one in outcomes if one.card is not None]
    _write_states(outcomes, batch.token, desk.now)
    _write_notices([one for one in told if one.notice is None], desk.now)
    _write_next_turns(outcomes, desk)
    _write_errands([one for one in told if one.notice is None], desk)
    _write_deliveries(batch, [one for one in told if one.state == State.LEASED], desk)
    lost = [one.delivery.pk for one in outcomes if one.delivery and one.delivery.state == DeliveryStatus.SENDING]
    if lost:
        Delivery.objects.filter(pk__in=lost, state=DeliveryStatus.SENDING).update(
            state=DeliveryStatus.UNKNOWN, token=None, reason=[{"code": "in-doubt"}], at=desk.now
        )
    batch.counts.update(_name(one) for one in outcomes if one.state != State.LEASED)


def _name(outcome: Outcome) -> str:
    """What the summary calls it."""
    if outcome.delivery is not None and outcome.delivery.state == DeliveryStatus.SENDING:
        return "unknown"
    if outcome.delivery is not None and outcome.card is None:
        return "closed"
    if outcome.state == State.PENDING:
        return "failed" if outcome.attempts > outcome.row.attempts else "moved"
    return str(outcome.state)


def _write_states(outcomes: Iterable[Outcome], token: uuid.UUID, now: datetime) -> None:
    """One statement for all the rows that become the same."""
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for one in outcomes:
        alike[one.state, one.next_at, one.attempts, json.dumps(one.reasons, sort_keys=True)].append(one.row.pk)
    lease_end = now + timedelta(seconds=settings.REMINDER_LEASE_SECONDS)
    for (state, next_at, attempts, reasons), ids in alike.items():
        is_leased, is_over = state == State.LEASED, state not in rules.UNTOLD_STATES
        values: dict[str, Any] = {"next_at": lease_end} if is_leased else {"next_at": next_at} if next_at else {}
        Reminder.objects.filter(pk__among=set(ids)).update(
            state=state,
            token=token if is_leased else None,
            attempts=attempts,
            reason=json.loads(reasons),
            settled_at=now if is_over else None,
            **values,
        )


def _write_notices(born: Sequence[Outcome], now: datetime) -> None:
    at = connection.ops.adapt_datetimefield_value(now)
    insert_many(
        Notice,
        ("workspace_id", "reminder_id", "recipient_id", "card", "born_at", "done_at"),
        [
            (
                one.row.workspace_id,
                one.row.pk,
                one.recipient.pk,
                connection.ops.adapt_json_value(one.card, None),
                at,
                at if one.row.profile == rules.MORNING else None,  # its lines are in the inbox already
            )
            for one in born
            if one.recipient is not None
        ],
    )


def _write_errands(born: Iterable[Outcome], desk: Desk) -> None:
    """What chat rooms and programs are told as well. They have a road of their own."""
    errands = [
        Errand(outlet=outlet, reminder_id=one.row.pk, kind=kind, next_at=desk.now, at=desk.now)
        for one in born
        for kind in (rules.kind_of(one.row.profile, one.row.quiet),)
        for outlet in desk.houses[one.row.workspace_id].outlets
        if kind in outlet.kinds
    ]
    if errands:
        Errand.objects.bulk_create(errands, ignore_conflicts=True, batch_size=100)


def _write_next_turns(outcomes: Iterable[Outcome], desk: Desk) -> None:
    """A step that comes again is asked for in the transaction that told it, or gave it up: the chain never breaks."""
    turns = [_next_turn(one.row, desk) for one in outcomes if _comes_again(one)]
    if turns:
        Reminder.objects.bulk_create(turns, ignore_conflicts=True)


def _comes_again(one: Outcome) -> bool:
    is_not_told = one.state in (State.PENDING, State.PAUSED, State.CANCELLED)
    is_over = not is_not_told and one.notice is None and one.delivery is None
    was_planned = one.row.is_late_start  # then its next turn was planned with it
    return is_over and not was_planned and "every" in (one.row.details or {})


def _next_turn(row: Due, desk: Desk) -> Reminder:
    details, calendar = row.details or {}, desk.houses[row.workspace_id].calendar
    turn = rules.asked_next(details, occurrence=row.occurrence, due_at=row.due_at, after=desk.now, calendar=calendar)
    copied = ("workspace_id", "subject_type_id", "subject_id", "group_type_id", "group_id", "step", "profile", "quiet")
    return Reminder(
        **{name: getattr(row, name) for name in (*copied, "work_due_at", "details", "may_join_digest")},
        occurrence=turn.occurrence,
        addressee=turn.addressee,
        mode=turn.mode,
        message=dict(turn.title),
        due_at=turn.due_at,
        next_at=turn.due_at,
        created_at=desk.now,
    )


def _write_deliveries(batch: Batch, leased: Sequence[Outcome], desk: Desk) -> None:
    fresh = [one for one in leased if one.delivery is None]
    _insert_deliveries(fresh, batch.token, desk)
    again = [one.delivery.pk for one in leased if one.delivery is not None]
    if again:
        Delivery.objects.filter(pk__in=again).update(token=batch.token)
    rows = {one.row.pk for one in leased}
    by_row = dict(Delivery.objects.filter(reminder_id__among=rows).values_list("reminder_id", "pk"))
    batch.jobs += [_job(one, by_row) for one in leased]


def _insert_deliveries(fresh: Sequence[Outcome], token: uuid.UUID, desk: Desk) -> None:
    at, nothing = connection.ops.adapt_datetimefield_value(desk.now), connection.ops.adapt_json_value([], None)
    key = Delivery._meta.get_field("token").get_db_prep_value(token, connection)
    insert_many(
        Delivery,
        ("reminder_id", "recipient_id", "channel", "state", "token", "message_id", "attempts", "reason", "at"),
        [
            (row.pk, person.pk, desk.channel, "pending", key, message_id(row.pk, person.pk), 0, nothing, at)
            for row, person in ((one.row, one.recipient) for one in fresh)
            if person is not None
        ],
    )


def _job(outcome: Outcome, ids: Mapping[int, int]) -> Job:
    row, person = outcome.row, outcome.recipient
    assert person is not None and outcome.card is not None
    known = outcome.delivery
    return Job(
        delivery_id=ids[row.pk],
        reminder_id=row.pk,
        attempts=outcome.attempts,
        message=Message(
            message_id=known.message_id if known else message_id(row.pk, person.pk),
            recipient=person,
            card=outcome.card,
            reminder_id=row.pk,
            kind=rules.kind_of(row.profile, row.quiet),
        ),
    )

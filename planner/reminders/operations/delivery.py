"""The heart: tick looks, drain claims and delivers. Nothing is sent twice, nothing is lost, what is in doubt is seen.

One commit for each delivery (`REMINDERS_PER_COMMIT`): in the same statement the one before becomes `sent` and the next
becomes `sending`. What a crash leaves in doubt is therefore at most one for each process. No transport is ever called
inside a transaction.
"""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Q

from planner.reminders import rules
from planner.reminders.models import Delivery, DeliveryState, Reminder
from planner.reminders.operations.claim import BATCH, Batch, Houses, Job, claim_due
from planner.reminders.operations.digest import count_mornings
from planner.reminders.queries import ReminderQuerySet
from planner.reminders.rules import DeliveryStatus, Reason, State
from planner.reminders.transports import Transport, TransportError, Uncertain, Unreachable

DRAIN_SECONDS = 20.0
MOST_DRAINS = 8
TICK_WRITTEN_EVERY = timedelta(seconds=10)
Clock = Callable[[], datetime]


@dataclass
class Drained:
    """What one drain did. `may_be_more`: it stopped because of its time, not because nothing was left."""

    counts: Counter[str] = field(default_factory=Counter)
    may_be_more: bool = False
    is_paused: bool = False
    is_busy: bool = False
    seconds: float = 0.0

    @property
    def told(self) -> int:
        return self.counts["sent"]


def _lease() -> timedelta:
    return timedelta(seconds=settings.REMINDER_LEASE_SECONDS)


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


# ---- tick


def tick(
    *,
    now: datetime,
    send: Callable[[], object],
    is_cron: bool = False,
    queues: Callable[[], dict[str, int] | None] = lambda: None,
) -> int:
    """Say that the clock runs, and call `send` once for each drain that is worth starting; returns how many.

    `queues` says how many messages wait in each queue of the broker, as far as it can be asked.
    """
    state, _is_new = DeliveryState.objects.get_or_create(pk=1)
    note_tick(state, now=now, is_cron=is_cron, queues=queues)
    if state.paused_at is not None:
        return 0
    count_mornings(state=state, now=now)
    drains = _drains_worth_starting(now)
    for _drain in range(drains):
        send()
    return drains


def note_tick(
    state: DeliveryState, *, now: datetime, is_cron: bool, queues: Callable[[], dict[str, int] | None]
) -> None:
    """Written every ten seconds at most: SQLite has one writer."""
    is_fresh = state.last_tick_at is not None and now - state.last_tick_at < TICK_WRITTEN_EVERY
    if not is_fresh or state.is_cron != is_cron:
        DeliveryState.objects.filter(pk=1).update(last_tick_at=now, is_cron=is_cron, queues=queues())


def _drains_worth_starting(now: datetime) -> int:
    if _is_sqlite():
        return int(Reminder.objects.due(now).exists() or Delivery.objects.stuck(now - _lease()).exists())
    due = Reminder.objects.due(now)[: BATCH * MOST_DRAINS].count()
    if not due:
        return int(Delivery.objects.stuck(now - _lease()).exists())
    return -(-due // BATCH)


# ---- drain


def drain(
    *,
    clock: Clock,
    transport: Transport | None,
    seconds: float = DRAIN_SECONDS,
    batch: int = BATCH,
    monotonic: Callable[[], float] = time.monotonic,
) -> Drained:
    """Deliver what is due until nothing is left, or for `seconds`. Any number may run, on SQLite one at a time."""
    drained, started, turn = Drained(), monotonic(), uuid.uuid4()
    if not _take_turn(turn, clock()):
        drained.is_busy = True
        return drained
    try:
        drained.counts["unknown"] += flag_stuck(now=clock())
        _drain(drained, turn, clock, _Way(transport), started + seconds, batch, monotonic)
    finally:
        _end_turn(turn)
        if transport is not None:
            transport.close()
    drained.seconds = monotonic() - started
    return drained


@dataclass
class _Way:
    """The transport of one drain. Once the server cannot be reached, the drain stops knocking."""

    transport: Transport | None
    down: Unreachable | None = None

    @property
    def channel(self) -> str | None:
        return self.transport.channel if self.transport is not None else None


def _drain(
    drained: Drained,
    turn: uuid.UUID,
    clock: Clock,
    way: _Way,
    ends: float,
    limit: int,
    monotonic: Callable[[], float],
) -> None:
    houses: Houses = {}
    while True:
        if not _keep_turn(turn, clock()):
            drained.is_paused = DeliveryState.objects.filter(paused_at__isnull=False).exists()
            return
        if monotonic() >= ends:
            drained.may_be_more = True
            return
        batch = claim_due(now=clock(), channel=way.channel, houses=houses, limit=limit, monotonic=monotonic)
        if not batch.taken:
            return
        drained.counts += batch.counts
        drained.counts += deliver(batch, way, clock=clock, monotonic=monotonic)


def _take_turn(turn: uuid.UUID, now: datetime) -> bool:
    """On SQLite one drain at a time: two would only wait for each other's commits."""
    DeliveryState.objects.get_or_create(pk=1)
    if not _is_sqlite():
        return True
    free = Q(draining__isnull=True) | Q(draining_until__lte=now)
    return DeliveryState.objects.filter(free, pk=1).update(draining=turn, draining_until=now + _lease()) == 1


def _keep_turn(turn: uuid.UUID, now: datetime) -> bool:
    """May this drain claim one more batch? Not when delivery was paused meanwhile."""
    state = DeliveryState.objects.filter(pk=1, paused_at__isnull=True)
    if not _is_sqlite():
        return state.exists()
    return state.filter(draining=turn).update(draining_until=now + _lease(), last_tick_at=now) == 1


def _end_turn(turn: uuid.UUID) -> None:
    DeliveryState.objects.filter(draining=turn).update(draining=None, draining_until=None)


def flag_stuck(*, now: datetime) -> int:
    """What was leaving when its process died, and whose reminder was closed meanwhile, becomes `unknown` too."""
    if not Delivery.objects.stuck(now - _lease()).exists():
        return 0
    return Delivery.objects.stuck(now - _lease()).update(
        state=DeliveryStatus.UNKNOWN, token=None, reason=[{"code": "in-doubt"}], at=now
    )


# ---- deliver


def deliver(batch: Batch, way: _Way, *, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> Counter[str]:
    """Send the batch's jobs under its token; returns what became of them. Stops at the fence of the lease."""
    with connection.cursor() as cursor:
        return _deliver(_Run(batch, clock, cursor), batch, way, monotonic)


def _deliver(run: "_Run", batch: Batch, way: _Way, monotonic: Callable[[], float]) -> Counter[str]:
    size = max(1, settings.REMINDERS_PER_COMMIT)
    waiting = list(reversed(batch.jobs))
    while waiting and way.down is None and monotonic() < batch.fence:
        chunk = [waiting.pop() for _n in range(min(size, len(waiting)))]
        for job in run.advance(chunk):
            if way.down is not None or monotonic() >= batch.fence:
                run.take_back(job)
            else:
                run.send(job, way)
    run.advance([])
    if way.down is not None:
        run.fail([*run.held_back, *waiting], way.down)
        run.held_back, waiting = [], []
    run.release([*run.held_back, *waiting])
    run.settle()
    return run.counts


class _Run:
    """One batch on its way out. `left`: gone, not yet written down. All writing is conditional on the token."""

    def __init__(self, batch: Batch, clock: Clock, cursor: CursorWrapper) -> None:
        self.token, self.clock, self.cursor = batch.token, clock, cursor
        self.left: list[Job] = []
        self.done: list[Job] = []
        self.held_back: list[Job] = []
        self.counts: Counter[str] = Counter()

    # -- one commit: those that left become `sent`, the next become `sending`

    def advance(self, chunk: Sequence[Job]) -> list[Job]:
        """Returns those of `chunk` that may be sent: still ours, and their reminder still wanted."""
        gone, nexts = [job.delivery_id for job in self.left], [job.delivery_id for job in chunk]
        if not gone and not nexts:
            return []
        moved = _advance(self.cursor, gone, nexts, self.token, self.clock())
        self.done += self.left
        self.left = []
        if moved == len(gone) + len(nexts):
            return list(chunk)
        ours = set(
            Delivery.objects.filter(pk__in=nexts, token=self.token, state=DeliveryStatus.SENDING).values_list(
                "pk", flat=True
            )
        )
        self.counts["dropped"] += len(nexts) - len(ours)
        return [job for job in chunk if job.delivery_id in ours]

    def send(self, job: Job, way: _Way) -> None:
        assert way.transport is not None
        try:
            way.transport.send(job.message)
        except Unreachable as error:
            way.down = error
            self.take_back(job)
        except TransportError as error:
            self.fail([job], error)
        except Uncertain as error:
            self.doubt(job, str(error))
        except Exception as error:  # a message that cannot be rendered: this one alone pays for it
            self.fail([job], TransportError(f"{type(error).__name__}: {error}"))
        else:
            self.left.append(job)

    # -- what did not go as planned

    def take_back(self, job: Job) -> None:
        """It was marked as leaving, and certainly did not."""
        Delivery.objects.filter(pk=job.delivery_id, token=self.token, state=DeliveryStatus.SENDING).update(
            state=DeliveryStatus.PENDING
        )
        self.held_back.append(job)

    def fail(self, jobs: Sequence[Job], error: TransportError) -> None:
        """Put off in words, or given up after the last try."""
        now, words = self.clock(), {"code": error.code, "answer": error.answer}
        with transaction.atomic():
            Delivery.objects.filter(pk__in=[job.delivery_id for job in jobs], token=self.token).update(
                state=DeliveryStatus.FAILED, token=None, reason=[words], at=now
            )
            for attempts in {job.attempts for job in jobs}:
                alike = [job.reminder_id for job in jobs if job.attempts == attempts]
                self._put_off(alike, attempts + 1, words, error.permanent, now)
        self.counts["failed"] += len(jobs)

    def _put_off(self, ids: list[int], attempts: int, words: Reason, is_final: bool, now: datetime) -> None:
        rows = self._still_ours(ids)
        if is_final or attempts >= rules.MOST_ATTEMPTS:
            reasons = [words, {"code": "given-up", "attempts": attempts}]
            rows.update(state=State.DEAD, token=None, attempts=attempts, reason=reasons, settled_at=now)
            return
        later = now + rules.backoff(attempts)
        reasons = [words, {"code": "retry", "until": later.isoformat()}]
        rows.update(state=State.PENDING, token=None, attempts=attempts, reason=reasons, next_at=later)

    def doubt(self, job: Job, answer: str) -> None:
        """Nobody knows whether it left: closed, shown, and never sent again by itself."""
        now = self.clock()
        with transaction.atomic():
            Delivery.objects.filter(pk=job.delivery_id, token=self.token).update(
                state=DeliveryStatus.UNKNOWN, token=None, reason=[{"code": "cut", "answer": answer[:300]}], at=now
            )
            self._still_ours([job.reminder_id]).update(state=State.SENT, token=None, settled_at=now)
        self.counts["unknown"] += 1

    def release(self, jobs: Sequence[Job]) -> None:
        """The lease is nearly over: whoever comes next may take these."""
        if jobs:
            with transaction.atomic():
                ours = self._still_ours([job.reminder_id for job in jobs])
                ours.update(state=State.PENDING, token=None, next_at=self.clock())

    def settle(self) -> None:
        """Close the reminders of all that left. If this is lost, the next claim does it from the deliveries."""
        if self.done:
            with transaction.atomic():
                ours = self._still_ours([job.reminder_id for job in self.done])
                ours.update(state=State.SENT, token=None, settled_at=self.clock())
        self.counts["sent"] += len(self.done)

    def _still_ours(self, ids: list[int]) -> ReminderQuerySet:
        """Those of these reminders that are under this token and that nobody is changing, locked.

        A drain waits for nobody's row, so that it is never part of a circle of waits: whoever declares a crisis changes
        all that is about to leave in one statement, and must not be the one whom PostgreSQL chooses to stop. What is
        left out here keeps its lease, and the next claim finds in the deliveries how far it had come.
        """
        ours = Reminder.objects.filter(pk__among=set(ids), token=self.token)
        return Reminder.objects.filter(pk__in=ours.select_for_update(skip_locked=True, no_key=True).values("pk"))


def _advance(cursor: CursorWrapper, gone: list[int], nexts: list[int], token: uuid.UUID, now: datetime) -> int:
    """The one statement that runs for each delivery, written by hand because it runs for each delivery.

    A next one moves only while its reminder is under the same token: a move or a completion meanwhile stops it.
    """
    database = cursor.db
    key = Delivery._meta.get_field("token").get_db_prep_value(token, database)
    at = database.ops.adapt_datetimefield_value(now)
    if database.vendor == "sqlite":
        sql = _advancing(f"IN ({_marks(len(gone))})", f"IN ({_marks(len(gone) + len(nexts))})")
        cursor.execute(sql, [*gone, *gone, at, *gone, *nexts, key, *gone, key])
    else:  # arrays: the statement stays the same whatever their length
        cursor.execute(_advancing("= ANY(%s)", "= ANY(%s)"), [gone, gone, at, [*gone, *nexts], key, gone, key])
    return int(cursor.rowcount)


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count) or "NULL"


@lru_cache(maxsize=64)
def _advancing(is_gone: str, is_either: str) -> str:
    return f"""
        UPDATE planner_delivery
        SET state = CASE WHEN id {is_gone} THEN 'sent' ELSE 'sending' END,
            attempts = attempts + CASE WHEN id {is_gone} THEN 0 ELSE 1 END,
            at = %s
        WHERE id {is_either} AND token = %s AND CASE
            WHEN id {is_gone} THEN state = 'sending'
            ELSE state IN ('pending', 'failed') AND EXISTS (
                SELECT 1 FROM planner_reminder WHERE planner_reminder.id = reminder_id AND planner_reminder.token = %s
            ) END
    """  # noqa: S608 - only placeholders are put in

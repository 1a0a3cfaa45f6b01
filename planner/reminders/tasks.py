"""Celery tasks, a name and one call each. They carry nothing: the rows say what is due."""

from celery import current_app, shared_task
from celery.utils.nodenames import gethostname

from planner.base import clock
from planner.reminders import operations as reminders
from planner.reminders import rules, transports

DRAIN_EXPIRES = 10
"""Seconds: a drain that nobody took by then is worth nothing, the next ticks have asked again."""


def _say_that_one_works() -> None:
    reminders.note_worker(name=gethostname(), now=clock.now())


def _depths() -> dict[str, int] | None:
    """How many messages wait in each queue, when the broker can say so."""
    try:
        with current_app.pool.acquire(block=False) as connection:
            channel = connection.default_channel  # type: ignore[attr-defined]
            return {name: int(channel._size(name)) for name in rules.QUEUES}
    except Exception:  # each broker fails in its own way, and nobody is late because of a figure
        return None


@shared_task(name="planner.reminders.tasks.tick")
def tick() -> None:
    _say_that_one_works()
    reminders.tick(now=clock.now(), send=lambda: drain.apply_async(expires=DRAIN_EXPIRES), queues=_depths)


@shared_task(name="planner.reminders.tasks.drain")
def drain() -> None:
    _say_that_one_works()
    reminders.drain(clock=clock.now, transport=transports.configured())


@shared_task(name="planner.reminders.tasks.carry")
def carry() -> None:
    """To chat rooms and programs, apart from mails; the rest asks again."""
    if reminders.carry(clock=clock.now).may_be_more:
        carry.delay()


@shared_task(name="planner.reminders.tasks.forget_old")
def forget_old() -> None:
    """One short slice; the rest asks again, so that a reminder that falls due meanwhile goes between."""
    if reminders.forget_old(now=clock.now()).may_be_more:
        forget_old.delay()

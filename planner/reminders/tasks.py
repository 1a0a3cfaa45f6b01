"""Celery tasks, a name and one call each. They carry nothing: the rows say what is due."""

from celery import shared_task

from planner.base import clock
from planner.reminders import operations as reminders
from planner.reminders import transports

DRAIN_EXPIRES = 10
"""Seconds: a drain that nobody took by then is worth nothing, the next ticks have asked again."""


@shared_task(name="planner.reminders.tasks.tick")
def tick() -> None:
    reminders.tick(now=clock.now(), send=lambda: drain.apply_async(expires=DRAIN_EXPIRES))


@shared_task(name="planner.reminders.tasks.drain")
def drain() -> None:
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

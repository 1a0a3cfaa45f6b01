"""Celery tasks of the crisis room, a name and one call each."""

from celery import shared_task

from planner.base import clock
from planner.crisis import operations as crises


@shared_task(name="planner.crisis.tasks.ask_for_drill")
def ask_for_drill() -> None:
    """One short slice; the rest asks again."""
    if crises.ask_for_drill(now=clock.now()):
        ask_for_drill.delay()


@shared_task(name="planner.crisis.tasks.carry_on")
def carry_on() -> None:
    """Open crises are few: all of them at once."""
    crises.carry_on(now=clock.now())


@shared_task(name="planner.crisis.tasks.ask_for_contacts")
def ask_for_contacts() -> None:
    """One short slice; the rest asks again."""
    if crises.ask_for_contacts(now=clock.now()):
        ask_for_contacts.delay()

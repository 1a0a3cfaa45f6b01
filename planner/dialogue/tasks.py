"""Celery tasks of this room, a name and one call each."""

from celery import shared_task

from planner.base import clock
from planner.dialogue import operations as dialogue


@shared_task(name="planner.dialogue.tasks.forget_contacts")
def forget_contacts() -> None:
    """One short slice; the rest asks again."""
    if dialogue.forget_contacts(now=clock.now()).may_be_more:
        forget_contacts.delay()

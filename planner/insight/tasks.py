"""Celery tasks of this room, a name and one call each."""

from celery import shared_task

from planner.base import clock
from planner.insight import operations as insight


@shared_task(name="planner.insight.tasks.send_sheets")
def send_sheets() -> None:
    insight.send_sheets(now=clock.now())


@shared_task(name="planner.insight.tasks.ask_to_read")
def ask_to_read() -> None:
    insight.ask_to_read(now=clock.now())

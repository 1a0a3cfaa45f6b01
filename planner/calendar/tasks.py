"""Celery tasks of the calendar, a name and one call each."""

from celery import shared_task

from planner.base import clock
from planner.calendar import operations as calendar


@shared_task(name="planner.calendar.tasks.fill_ahead")
def fill_ahead() -> None:
    """One short slice; the rest asks again."""
    if calendar.fill_ahead(now=clock.now()).may_be_more:
        fill_ahead.delay()


@shared_task(name="planner.calendar.tasks.ask_to_review")
def ask_to_review() -> None:
    """One short slice; the rest asks again."""
    if calendar.ask_to_review(now=clock.now()):
        ask_to_review.delay()


@shared_task(name="planner.calendar.tasks.tell_silences")
def tell_silences() -> None:
    """One short slice; the rest asks again."""
    if calendar.tell_silences(now=clock.now()).may_be_more:
        tell_silences.delay()


@shared_task(name="planner.calendar.tasks.forget_sheets")
def forget_sheets() -> None:
    """One short slice; the rest asks again."""
    if calendar.forget_sheets(now=clock.now()).may_be_more:
        forget_sheets.delay()

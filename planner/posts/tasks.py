"""Celery tasks of posts, a name and one call each."""

from celery import shared_task

from planner.base import clock
from planner.posts import operations as posts


@shared_task(name="planner.posts.tasks.escalate_due")
def escalate_due() -> None:
    """One short slice; the rest asks again."""
    if posts.escalate_due(now=clock.now()).may_be_more:
        escalate_due.delay()


@shared_task(name="planner.posts.tasks.recheck")
def recheck() -> None:
    """One short slice; the rest asks again."""
    if posts.recheck(now=clock.now()).may_be_more:
        recheck.delay()


@shared_task(name="planner.posts.tasks.recheck_ahead")
def recheck_ahead() -> None:
    """One short slice; the rest asks again."""
    if posts.recheck(now=clock.now(), nightly=True).may_be_more:
        recheck_ahead.delay()

"""Celery tasks of posts, a name and one call each."""

from celery import shared_task

from planner.base import clock
from planner.posts import operations as posts


@shared_task(name="planner.posts.tasks.escalate_due")
def escalate_due() -> None:
    """One short slice; the rest asks again."""
    if posts.escalate_due(now=clock.now()).may_be_more:
        escalate_due.delay()

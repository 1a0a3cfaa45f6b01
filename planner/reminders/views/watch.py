"""The watch: the web looks now and then whether delivery answers, and says so to those who manage."""

import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from planner.base import clock
from planner.reminders import operations as reminders
from planner.reminders import rules
from planner.workspaces.rules import Act, may


class WatchMiddleware:
    """Looks each `REMINDER_WATCH_SECONDS`, on whichever request comes then; 0 never looks.

    The first look comes that long after the web has started: the worker starts with it, and ticks a little later.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.looked_at = time.monotonic()
        self.problems: list[str] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self._look()
        request.delivery_problems = self.problems  # type: ignore[attr-defined]
        return self.get_response(request)

    def _look(self) -> None:
        seconds, at = settings.REMINDER_WATCH_SECONDS, time.monotonic()
        if not seconds or at - self.looked_at < seconds:
            return
        self.looked_at = at
        try:
            self.problems = reminders.watch(now=clock.now())
        except DatabaseError:  # before the first migration, or while the database restarts: other pages say that
            self.problems = []


def banner(request: HttpRequest) -> dict[str, list[str]]:
    """For every page: what is wrong with delivery, shown to those who manage it."""
    membership = getattr(request, "membership", None)
    problems = getattr(request, "delivery_problems", [])
    shown = problems if membership is not None and may(membership.level, Act.MANAGE_DELIVERY) else []
    return {"delivery_problems": [str(rules.PROBLEMS[code]) for code in shown]}

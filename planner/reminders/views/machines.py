"""Two addresses that machines read: does the web process answer, and is delivery alive?"""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from planner.base import clock
from planner.reminders import operations as reminders


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process and its database answer; nothing about delivery, so that nobody kills the web for it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Is delivery alive? 503 when the tick is old or something is overdue; knows a pause and cron mode."""
    try:
        health = reminders.health(now=clock.now())
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    is_paused = health.state.paused_at is not None
    return JsonResponse(
        {
            "status": "not ready" if health.problems else "paused" if is_paused else "ok",
            "problems": health.problems,
            "last_tick_seconds": _rounded(health.tick_age),
            "overdue_seconds": _rounded(health.overdue),
            "in_doubt": health.in_doubt,
            "not_told": health.not_told,
            "dead": health.dead,
            "workers": health.workers,
            "queues": health.state.queues,
            "paused": is_paused,
            "cron": health.state.is_cron,
            "mail": health.has_mail,
        },
        status=503 if health.problems else 200,
    )


def _rounded(seconds: float | None) -> float | None:
    return round(seconds, 1) if seconds is not None else None

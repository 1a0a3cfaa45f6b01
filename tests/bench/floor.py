"""The floor of the calendar and the pages measured beside it: in one process, in turn, through the same server."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path

from planner.base import clock
from planner.calendar import rules
from planner.models import Placement, Workspace

ROUNDS = 60
PLAIN = engines["django"].from_string(
    "<table>{% for at, title, state, channel in rows %}<tr><td>{{ at|date:'j H:i' }}</td><td>{{ title }}</td>"
    "<td>{{ state }}</td><td>{{ channel }}</td></tr>{% endfor %}</table>"
)
COLUMNS = ("shown_at", "post__texts__title", "post__status", "channel__mark")


class Floor:
    """The six weeks of a workspace as a bare view would show them: session, one indexed query, a plain table."""

    def __init__(self, workspace: Workspace) -> None:
        first = rules.local_day(clock.now(), workspace.time_zone).replace(day=1)
        days = rules.bounds(rules.days_of_month(first), workspace.time_zone)
        self.shown = (
            Placement.objects.filter(workspace=workspace.pk, leads=True, cancelled_at__isnull=True)
            .filter(shown_at__gte=days[0][0], shown_at__lt=days[-1][1], post__texts__language="fr")
            .order_by("shown_at")
        )
        self.urlpatterns = [path("", include("config.urls")), path("floor/", login_required(self.view))]

    def view(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(PLAIN.render({"rows": self.shown.values_list(*COLUMNS)}))


def fastest(asks: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The best time of each in milliseconds, asked in turn so that a busy machine is busy for all of them."""
    best = dict.fromkeys(asks, float("inf"))
    for _round in range(ROUNDS):
        for name, ask in asks.items():
            started = time.perf_counter()
            ask()
            best[name] = min(best[name], (time.perf_counter() - started) * 1000)
    return best


def whole(html: str) -> int:
    """The page with the style sheets and scripts that it names, uncompressed."""
    names = re.findall(r'(?:href|src)="/static/(planner/(?:css|js)/[^"]+)"', html)
    return len(html.encode()) + sum(Path(finders.find(name)).stat().st_size for name in names)


def measure(slug: str) -> None:
    """Prints the figures as JSON."""
    workspace = Workspace.objects.get(slug=slug)
    bare = Floor(workspace)
    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ROOT_URLCONF=bare, ALLOWED_HOSTS=["testserver"], STORAGES=plain):
        member = workspace.memberships.select_related("user").earliest("pk")
        client = Client()
        client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
        base = f"/w/{slug}/calendar/"

        def ask(address: str) -> Callable[[], HttpResponse]:
            def answer() -> HttpResponse:
                found = client.get(address)
                assert found.status_code == 200, (address, found.status_code)
                return found

            return answer

        month = ask(base)
        html = month().content.decode()
        with CaptureQueriesContext(connection) as asked:
            month()
            queries = len(asked)
        best = fastest({"floor": ask("/floor/"), "month": month})
    figures = {
        "month": best["month"] / best["floor"], "ms": best, "rows": bare.shown.count(), "bytes": len(html.encode()),
        "whole": whole(html), "queries": queries,
    }  # fmt: skip
    print(json.dumps(figures))

"""The floor of the calendar and the pages measured beside it: in one process, in turn, through the same server."""

import json
import re
import time
from bisect import bisect_left
from collections.abc import Callable
from datetime import timedelta
from itertools import accumulate, cycle
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path

from planner.base import clock
from planner.calendar import operations as calendar
from planner.calendar import rules
from planner.calendar.views import feeds
from planner.models import Entry, Membership, Placement, Post, WorkItem, Workspace
from planner.posts.rules import Intent

ROUNDS = 60
LONG_ROUNDS = 5
"""Of what takes a second."""
FED = 10_000
"""Entries of the feed that is measured, at least: of everything in a small house, of some authors in a large one."""
WORD = "compost"
INTENT = Intent.EXPLAIN
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
        self.workspace = workspace
        self.authors = self.fed()
        self.urlpatterns = [
            path("", include("config.urls")),
            path("floor/", login_required(self.view)),
            path("floor/joined/", self.joined),
            path("floor/update/<int:post>/", login_required(self.update)),
        ]

    def entries(self) -> QuerySet[Placement]:
        """All that a feed has."""
        now = clock.now()
        rows = Placement.objects.filter(workspace=self.workspace.pk)
        return rows.filter(shown_at__gte=now - feeds.PAST, shown_at__lt=now + feeds.AHEAD)

    def fed(self) -> list[int]:
        """The authors whose posts INTENT make a feed of so many entries; nobody when everything has hardly more."""
        if self.entries().count() < 2 * FED:
            return []
        by_author = self.entries().filter(post__intent=INTENT).order_by("post__author").values_list("post__author")
        counts = dict(by_author.annotate(Count("pk")))
        reached = list(accumulate(counts.values()))
        return list(counts)[: bisect_left(reached, FED) + 1]

    def joined(self, request: HttpRequest) -> HttpResponse:
        """Every placement of the feed, its columns joined by commas, a line each."""
        rows = self.entries().filter(post__texts__language="fr").order_by("shown_at")
        if self.authors:
            rows = rows.filter(post__intent=INTENT, post__author__in=self.authors)
        lines = (",".join(map(str, row)) for row in rows.values_list("pk", *COLUMNS, "post__author__user__name"))
        return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")

    def update(self, request: HttpRequest, post: int) -> HttpResponse:
        """A bare read-and-update of what a move reads and writes: the post, its placements, its open work; one line."""
        with transaction.atomic():
            found = Post.objects.select_for_update().get(pk=post)
            step = timedelta(days=1 if found.version % 2 else -1)
            found.planned_at += step
            found.version += 1
            found.save()
            for placement in Placement.objects.filter(post=post):
                placement.planned_at = placement.shown_at = placement.planned_at + step
                placement.planned_on += step
                placement.save()
            for item in WorkItem.objects.about(found).open():
                item.due_at += step
                item.save()
            Entry.objects.create(workspace=self.workspace, actor=request.user, verb="bare", data={}, at=clock.now())
        return HttpResponse("moved")

    def view(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(PLAIN.render({"rows": self.shown.values_list(*COLUMNS)}))


def fastest(asks: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """The best time of each in milliseconds, asked in turn so that a busy machine is busy for all of them."""
    best = dict.fromkeys(asks, float("inf"))
    for _round in range(rounds):
        for name, ask in asks.items():
            started = time.perf_counter()
            ask()
            best[name] = min(best[name], (time.perf_counter() - started) * 1000)
    return best


FLOORS = ("floor", "joined", "update")


def writing(client: Client, workspace: Workspace, base: str) -> dict[str, Callable[[], object]]:
    """A move by the page of the calendar, to and fro between two days, beside a bare read-and-update."""
    ahead = Placement.objects.filter(workspace=workspace, planned_at__gt=clock.now() + timedelta(days=20), leads=True)
    bare, moved = ahead.filter(post__status="draft").order_by("planned_at", "pk").values_list("post", "planned_on")[:2]
    days = cycle([(moved[1], moved[1] + timedelta(days=1)), (moved[1] + timedelta(days=1), moved[1])])

    def move() -> None:
        source, on = next(days)
        answer = client.post(f"{base}move/", {"post": moved[0], "source": source, "on": on, "act": "move"})
        assert answer.status_code == 302, answer.content.decode()

    def update() -> None:
        assert client.post(f"/floor/update/{bare[0]}/").status_code == 200

    return {"update": update, "move": move}


def opened(bare: Floor, member: Membership) -> str:
    """The token of the feed."""
    now, view = clock.now(), None
    if bare.authors:
        wanted = rules.Filter(intent=(INTENT,), owner=tuple(map(str, bare.authors)))
        view = calendar.save_view(actor=member, name="Bench", page="month", wanted=wanted, now=now)
    return calendar.open_feed(actor=member, view=view, now=now)[1]


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
        pages = {name: ask(f"{base}{name}/") for name in ("week", "agenda", "board")}
        best = fastest({"floor": ask("/floor/"), "month": month, **pages, "search": ask(f"{base}search/?q={WORD}")})
        best |= fastest(writing(client, workspace, base), ROUNDS // 3)
        feed = ask(f"/feeds/{opened(bare, member)}.ics")
        fed = feed().content.count(b"BEGIN:VEVENT")
        best |= fastest({"joined": ask("/floor/joined/"), "feed": feed}, LONG_ROUNDS)
    beside = {"search": "month", "feed": "joined", "move": "update"}
    shares = {page: best[page] / best[beside.get(page, "floor")] for page in best if page not in FLOORS}
    figures = {
        **shares, "ms": best, "rows": bare.shown.count(), "bytes": len(html.encode()),
        "whole": whole(html), "queries": queries, "fed": fed,
    }  # fmt: skip
    print(json.dumps(figures))

"""The calendar for those outside the session: the feed of a person, and the page behind a public link."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from planner.base import clock
from planner.calendar import operations as calendar
from planner.calendar import queries, rules
from planner.calendar.models import Occurrence
from planner.calendar.rules import Filter
from planner.calendar.views import outlets
from planner.workspaces.models import Workspace

PAST, AHEAD = timedelta(days=366), timedelta(days=366)
"""What a feed covers, around the present."""
PUBLIC_DAYS = 42


def wanted_of(query: str) -> Filter:
    return Filter.read(dict(QueryDict(query).lists()))


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """All that its person may see, or one of their views. 404 once it is revoked, or they have left."""
    now = clock.now()
    found = calendar.read_feed(token=token, now=now)
    if found is None:
        raise Http404
    member, workspace = found.person, found.person.workspace
    wanted = wanted_of(found.view.query) if found.view else Filter()
    posts = None if wanted.is_empty else queries.chosen(member, wanted, now)
    start, end = now - PAST, now + AHEAD
    places = _empty_places(workspace, now, end) if wanted.is_empty else []
    page = reverse("posts:detail", kwargs={"workspace": workspace.slug, "post": 0}).replace("/0/", "/%d/")
    with translation.override(found.language):
        rows = queries.placed(workspace, start, end, language=found.language, posts=posts, with_cancelled=True)
        name = f"{workspace.name} · {found.view.name}" if found.view else workspace.name
        lines = outlets.ics(
            rows, name=name, zone=workspace.time_zone, base=settings.PLANNER_URL + page,
            span=(start.year, end.year), alarm=found.alarm_minutes, places=places,
        )  # fmt: skip
        body = "".join(lines)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=300"
    return response


def _empty_places(workspace: Workspace, now: datetime, end: datetime) -> list[Occurrence]:
    """From today on; a filter chooses posts, so that only a feed of everything has them."""
    days = rules.local_day(now, workspace.time_zone), rules.local_day(end, workspace.time_zone)
    places = list(Occurrence.objects.slots(workspace, *days).with_all())
    for one in places:
        one.workspace = workspace
    return places


@require_safe
def public(request: HttpRequest, token: str) -> HttpResponse:
    """Six weeks of a view for whoever has the link: titles, hours, channels, states; nothing internal."""
    now = clock.now()
    link = calendar.read_link(token=token, now=now)
    if link is None:
        raise Http404
    workspace = link.view.workspace
    wanted = wanted_of(link.view.query)
    posts = None if wanted.is_empty else queries.chosen(link.view.owner, wanted, now)
    today = rules.local_day(now, workspace.time_zone)
    days = rules.days_from(today, PUBLIC_DAYS)
    spans = rules.bounds(days, workspace.time_zone)
    with translation.override(link.language), timezone.override(workspace.time_zone):
        house = queries.house(workspace, days[0], days[-1], now=now)
        found = queries.standing(
            workspace, spans, most=queries.MOST_LISTED, language=link.language, now=now, marks=house.marks, posts=posts
        )
        context = {
            "days": [(on, entries) for on, entries in zip(days, found, strict=True) if entries],
            "name": link.view.name,
            "house": workspace.name,
            "zone": workspace.time_zone,
            "until": link.expires_at,
            "spoken": link.language,
        }
        response = render(request, "planner/calendar/public.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response

"""Seasonal topics of one year where the workspace lives, its public holidays, and the post that comes of one."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from planner.base import clock, language
from planner.calendar import operations as calendar
from planner.calendar import rules
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.rules import region_of, seasons
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act, legal_days, may


def _year(request: MemberRequest) -> int:
    today = rules.local_day(clock.now(), request.workspace.time_zone)
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdecimal() and len(wanted) == 4 else today.year
    return min(max(year, rules.FIRST_MONTH.year), rules.LAST_MONTH.year - 1)


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """`?year=2027`; month by month, with the public holidays, sober days marked."""
    workspace, year = request.workspace, _year(request)
    kept = list(PlaybookItem.objects.visible_to(workspace).of_kinds(Kind.OBSERVANCE, Kind.TEMPLATE))
    items = [item for item in kept if item.kind == Kind.OBSERVANCE]
    titles = {item.slug: item.title for item in kept if item.kind == Kind.TEMPLATE}
    region = region_of(workspace.country, workspace.region)
    found = seasons([(item.slug, item.payload) for item in items], region, year)
    feasts = legal_days(workspace.country, workspace.region, year, language.current())
    months: list[dict[str, Any]] = [
        {
            "first": date(year, month, 1),
            "seasons": [
                (one, titles.get(one.payload.get("template") or "") or titles.get(calendar.TEMPLATE, ""))
                for one in found
                if one.first.month == month
            ],
            "feasts": [(day, name) for day, name in sorted(feasts.items()) if day.month == month],
        }
        for month in range(1, 13)
    ]
    context = {
        "year": year,
        "months": months,
        "today": rules.local_day(clock.now(), workspace.time_zone),
        "may_propose": may(request.membership.level, Act.PROPOSE),
    }
    return render(request, "planner/calendar/seasons.html", context)


@require_POST
def begin(request: MemberRequest, year: int, slug: str) -> HttpResponse:
    """Begin the post of a topic, with its day and its angle as the key question."""
    workspaces.require(request.membership, Act.PROPOSE)
    items = PlaybookItem.objects.visible_to(request.workspace).of_kind(Kind.OBSERVANCE)
    item = items.filter(slug=slug).first()
    if item is None or not _is_shown(year):
        raise Http404
    return _begun(request, calendar.begin_season(item=item, year=year, actor=request.membership, now=clock.now()).pk)


@require_POST
def begin_feast(request: MemberRequest, year: int, month: int, day: int) -> HttpResponse:
    """Begin a post for a public holiday."""
    workspaces.require(request.membership, Act.PROPOSE)
    if not _is_shown(year):
        raise Http404
    legal = legal_days(request.workspace.country, request.workspace.region, year, language.current())
    found = next((one for one in legal if (one.month, one.day) == (month, day)), None)
    if found is None:
        raise Http404
    begun = calendar.begin_feast(day=found, name=legal[found], actor=request.membership, now=clock.now())
    return _begun(request, begun.pk)


def _is_shown(year: int) -> bool:
    return rules.FIRST_MONTH.year <= year < rules.LAST_MONTH.year


def _begun(request: MemberRequest, application: int) -> HttpResponse:
    address = reverse("posts:new", kwargs={"workspace": request.workspace.slug})
    return redirect(f"{address}?application={application}")

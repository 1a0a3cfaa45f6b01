"""What comes back: the cadences of the playbook, on or off, and their coming days, each moved, skipped or filled."""

from datetime import date, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock
from planner.base.forms import OperationForm
from planner.calendar import operations as calendar
from planner.calendar import queries, rules
from planner.calendar.forms import MoveOccurrenceForm, SkipForm, SwitchOnForm
from planner.calendar.models import Occurrence, Rhythm
from planner.playbook.models import Kind, PlaybookItem
from planner.posts.models import Hold
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act, may

_PAGE = require_http_methods(["GET", "HEAD", "POST"])
COMING_SHOWN = 100
NEXT_SHOWN = 3


def _today(request: MemberRequest) -> date:
    return rules.local_day(clock.now(), request.workspace.time_zone)


# ---- the cadences


def _items(request: MemberRequest) -> dict[str, PlaybookItem]:
    """The cadences that can be switched on, by slug."""
    found = PlaybookItem.objects.visible_to(request.workspace).of_kind(Kind.CADENCE)
    return {item.slug: item for item in found}


@require_safe
def cadences(request: MemberRequest) -> HttpResponse:
    """Every cadence of the playbook: those that are on, with their next days, then the others."""
    mine = Rhythm.objects.on().filter(workspace=request.workspace).select_related("item", "owner__user")
    on = {rhythm.item.slug: rhythm for rhythm in mine}
    days: dict[int, list[date]] = {}
    ahead = Occurrence.objects.standing().filter(rhythm__in=on.values(), held_on__gte=_today(request))
    for rhythm_id, held_on in ahead.order_by("held_on").values_list("rhythm_id", "held_on"):
        days.setdefault(rhythm_id, []).append(held_on)
    context = {
        "on": [(rhythm, days.get(rhythm.pk, [])[:NEXT_SHOWN]) for rhythm in on.values()],
        "off": [item for slug, item in _items(request).items() if slug not in on],
        "may_plan": may(request.membership.level, Act.PLAN),
    }
    return render(request, "planner/calendar/cadences.html", context)


@_PAGE
def switch_on(request: MemberRequest, slug: str) -> HttpResponse:
    """Who holds it, from when, at what hour."""
    workspaces.require(request.membership, Act.PLAN)
    item = _items(request).get(slug)
    if item is None:
        raise Http404
    book = workspaces.role_book(request.workspace, day_from=_today(request), day_to=_today(request))
    holder = book.fallback(item.payload["roles"][0])
    form = SwitchOnForm(
        request.workspace, item, request.POST or None, owner=holder.pk if holder else None, starts_on=_today(request)
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(lambda: calendar.switch_on(item=item, actor=request.membership, now=clock.now(), **values)):
            messages.success(request, _("“%(name)s” is on: its days stand in the calendar.") % {"name": item.title})
            return redirect("calendar:cadences", workspace=request.workspace.slug)
    return _act(request, form, item.title, _("Start this cadence"), _to_cadences(request), item.payload["summary"])


def _to_cadences(request: MemberRequest) -> tuple[str, str]:
    return reverse("calendar:cadences", kwargs={"workspace": request.workspace.slug}), _("Cadences")


@require_POST
def switch_off(request: MemberRequest, rhythm: int) -> HttpResponse:
    """Its empty days to come leave the calendar."""
    workspaces.require(request.membership, Act.PLAN)
    found = (
        Rhythm.objects.on().select_related("item", "workspace").filter(workspace=request.workspace, pk=rhythm).first()
    )
    if found is None:
        raise Http404
    calendar.switch_off(rhythm=found, actor=request.membership, now=clock.now())
    messages.success(request, _("“%(name)s” is off; what was held or filled stays.") % {"name": found})
    return redirect("calendar:cadences", workspace=request.workspace.slug)


# ---- the coming days


@require_safe
def coming(request: MemberRequest) -> HttpResponse:
    """The coming days of all cadences, skipped ones included while their cadence is on."""
    ahead = Occurrence.objects.filter(workspace=request.workspace, held_on__gte=_today(request))
    shown = list(ahead.filter(rhythm__switched_off_at__isnull=True).with_all()[: COMING_SHOWN + 1])
    for one in shown:
        one.workspace = request.workspace
    context = {
        "occurrences": shown[:COMING_SHOWN], "more": len(shown) > COMING_SHOWN, "with_day": True,
        "suspended": _is_suspended(request),
    }  # fmt: skip
    return render(request, "planner/calendar/coming.html", context)


def _is_suspended(request: MemberRequest) -> bool:
    """Is everything held? Then an empty place waits too. No query on a calm day."""
    house = request.workspace
    return house.is_alerted and Hold.objects.of_everything().filter(workspace=house).exists()


def _occurrence(request: MemberRequest, occurrence: int) -> Occurrence:
    days = Occurrence.objects.with_all().filter(workspace=request.workspace, pk=occurrence)
    found: Occurrence | None = days.first()
    if found is None:
        raise Http404
    found.workspace = request.workspace
    if found.piece is not None:
        found.piece.workspace = request.workspace
    return found


@require_safe
def occurrence(request: MemberRequest, occurrence: int) -> HttpResponse:
    """One day: what it is for, who holds it, and what can be done with it."""
    found = _occurrence(request, occurrence)
    slugs = [] if found.piece else found.rhythm.item.payload.get("templates") or []
    templates = PlaybookItem.objects.visible_to(request.workspace).templates().filter(slug__in=slugs)
    begun = found.application
    is_list = found.rhythm.form == rules.LIST and bool(found.rhythm.item.payload.get("everyone"))
    context = {
        "occurrence": found,
        "suspended": _is_suspended(request),
        "payload": found.rhythm.item.payload,
        "templates": sorted(templates, key=lambda item: slugs.index(item.slug)),
        "is_begun": begun is not None and begun.made_at is None and begun.person_id == request.membership.pk,
        "work": list(WorkItem.objects.about(found).with_people()),
        "moved": queries.moved(request.workspace, min(clock.now(), found.starts_at)) if is_list else None,
        "asks_everybody": bool(found.rhythm.item.payload.get("everyone")),
        "is_pair": found.rhythm.form == rules.ROTA,
        "is_past": found.held_on < _today(request),
        "may_plan": may(request.membership.level, Act.PLAN),
        "may_propose": may(request.membership.level, Act.PROPOSE),
    }
    return render(request, "planner/calendar/occurrence.html", context)


@_PAGE
def skip(request: MemberRequest, occurrence: int) -> HttpResponse:
    """Leave one day out, with a reason."""
    workspaces.require(request.membership, Act.PLAN)
    found = _occurrence(request, occurrence)
    form = SkipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.attempt(
            lambda: calendar.skip(occurrence=found, actor=request.membership, reason=reason, now=clock.now())
        ):
            messages.success(request, _("This day is left out; the others stay."))
            return redirect(found.link)
    return _act(request, form, _("Skip this day"), _("Skip"), (found.link, str(found)))


@_PAGE
def move(request: MemberRequest, occurrence: int) -> HttpResponse:
    """Another day, for this time only."""
    workspaces.require(request.membership, Act.PLAN)
    found = _occurrence(request, occurrence)
    form = MoveOccurrenceForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        on: date = form.cleaned_data["on"]
        at: time = form.cleaned_data["at"]
        if form.attempt(
            lambda: calendar.move_occurrence(occurrence=found, actor=request.membership, on=on, at=at, now=clock.now())
        ):
            messages.success(request, _("This day is moved; the others stay."))
            return redirect(found.link)
    return _act(request, form, _("Move this day"), _("Move"), (found.link, str(found)))


@require_POST
def take_up(request: MemberRequest, occurrence: int) -> HttpResponse:
    """Let a skipped day stand again."""
    workspaces.require(request.membership, Act.PLAN)
    found = _occurrence(request, occurrence)
    calendar.take_up(occurrence=found, actor=request.membership, now=clock.now())
    messages.success(request, _("This day stands again."))
    return redirect(found.link)


OF_LATE = timedelta(days=90)
"""What was done so far back, and what is planned up to the end of the month, says what is done least."""


@require_safe
def fill_month(request: MemberRequest) -> HttpResponse:
    """`?month=2026-12&after=12`: the empty places of a month one by one, each with templates that the mix lacks."""
    workspace, today = request.workspace, _today(request)
    month = rules.month_of(request.GET.get("month", ""), today)
    last = rules.next_month(month) - timedelta(days=1)
    places = list(Occurrence.objects.slots(workspace, max(month, today), last).with_all())
    after = request.GET.get("after", "")
    passed = next((number for number, one in enumerate(places) if str(one.pk) == after), -1)
    place = next(iter(places[passed + 1 :]), None)
    context = {
        "month": month,
        "place": place,
        "number": passed + 2,
        "total": len(places),
        "again": bool(places),
        "may_propose": may(request.membership.level, Act.PROPOSE),
        "may_plan": may(request.membership.level, Act.PLAN),
        **(_offered(request, place, month) if place else {}),
    }
    return render(request, "planner/calendar/fill_month.html", context)


def _offered(request: MemberRequest, place: Occurrence, month: date) -> dict[str, Any]:
    place.workspace = workspace = request.workspace
    start = rules.instant_of(month, workspace.time_zone) - OF_LATE
    used = queries.done_of_late(workspace, start, rules.instant_of(rules.next_month(month), workspace.time_zone))
    templates = {item.slug: item for item in PlaybookItem.objects.visible_to(workspace).templates()}
    offered = rules.offers([item.payload for item in templates.values()], place.rhythm.item.payload, used)
    begun = place.application
    return {
        "payload": place.rhythm.item.payload,
        "offers": [(one, templates[one.slug], str(WAYS[one.way])) for one in offered],
        "posts": sum(used.values()),
        "is_begun": begun is not None and begun.made_at is None and begun.person_id == request.membership.pk,
    }


WAYS: dict[str, Any] = {
    "listen": gettext_lazy("Listening"),
    "explain": gettext_lazy("Explaining"),
    "help": gettext_lazy("Helping"),
    "tell": gettext_lazy("Telling a story"),
    "serve": gettext_lazy("Serving"),
    rules.VOICES: gettext_lazy("Other people’s voices"),
}
"""What a post adds to the mix."""


@require_POST
def fill(request: MemberRequest, occurrence: int, slug: str) -> HttpResponse:
    """Begin the post that the place asks for."""
    workspaces.require(request.membership, Act.PROPOSE)
    found = _occurrence(request, occurrence)
    template = PlaybookItem.objects.visible_to(request.workspace).templates().filter(slug=slug).first()
    if template is None:
        raise Http404
    application = calendar.fill(occurrence=found, actor=request.membership, template=template, now=clock.now())
    address = reverse("posts:new", kwargs={"workspace": request.workspace.slug})
    return redirect(f"{address}?application={application.pk}")


def _act(
    request: MemberRequest, form: OperationForm, heading: str, button: str, back: tuple[str, str], hint: Any = None
) -> HttpResponse:
    return render(
        request,
        "planner/calendar/act.html",
        {"form": form, "act": heading, "button": button, "back": back, "hint": hint},
        status=form.refusal.status if form.refusal else 200,
    )

"""The inbox: what waits for me, what I put off, what I put away."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from planner.base import clock, language
from planner.reminders import operations as reminders
from planner.reminders import rules
from planner.reminders.forms import SnoozeForm
from planner.reminders.models import Delivery, Notice
from planner.reminders.transports import is_mail_set_up
from planner.reminders.views.reader import zone_of
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Absence
from planner.workspaces.rules import Act, may

PAGE = 50
WAITING, SNOOZED, DONE = "waiting", "snoozed", "done"


@dataclass(frozen=True)
class Line:
    """One notice as the reader sees it: the card in their language, and why they got it."""

    notice: Notice
    card: dict[str, Any]
    because: str


def _line(notice: Notice, zone: str) -> Line:
    spoken = language.current()
    because = rules.sentence(notice.card.get("because", ()), spoken, zone)
    return Line(notice, notice.card.get(spoken) or {}, because)


def _today(request: MemberRequest) -> date:
    return clock.now().astimezone(ZoneInfo(zone_of(request))).date()


@require_safe
def inbox(request: MemberRequest) -> HttpResponse:
    """My reminders: those that wait, those put off, those put away."""
    now, mine = clock.now(), Notice.objects.of(request.membership).select_related("reminder")
    shown = request.GET.get("show", WAITING)
    lists = {
        WAITING: mine.waiting(now).order_by("-born_at", "-id"),
        SNOOZED: mine.snoozed(now).order_by("snoozed_until", "id"),
        DONE: mine.done().order_by("-done_at", "-id"),
    }
    if shown not in lists:
        raise Http404
    page = Paginator(lists[shown], PAGE).get_page(request.GET.get("page"))
    zone, chosen = zone_of(request), reminders.chosen_by(request.membership)
    return render(
        request,
        "planner/reminders/inbox.html",
        {
            "shown": shown,
            "page": page,
            "lines": [_line(notice, zone) for notice in page],
            "total": page.paginator.count,
            "is_any_new": any(notice.seen_at is None for notice in page),
            "today": _today(request),
            "has_mail": is_mail_set_up(),
            "absence": Absence.objects.filter(membership=request.membership, ends_on__gte=_today(request)).first(),
            "chosen": chosen,
            "own_days": [WEEKDAYS[day] for day in sorted(chosen.days)],
            **_trouble(request),
        },
    )


def _trouble(request: MemberRequest) -> dict[str, Any]:
    """For managers: how many messages of this workspace need somebody."""
    if not may(request.membership.level, Act.MANAGE_DELIVERY):
        return {"may_manage": False}
    return {"may_manage": True, "in_doubt": Delivery.objects.in_doubt().of_workspace(request.workspace).count()}


def _own(request: MemberRequest, notice: int) -> Notice:
    found = Notice.objects.of(request.membership).filter(pk=notice).first()
    if found is None:
        raise Http404
    return found


@require_POST
def done(request: MemberRequest, notice: int) -> HttpResponse:
    """Put away."""
    reminders.mark_done(notice=_own(request, notice), actor=request.membership, now=clock.now())
    messages.success(request, _("Reminder put away."))
    return redirect("reminders:inbox", workspace=request.workspace.slug)


@require_POST
def back(request: MemberRequest, notice: int) -> HttpResponse:
    """Take back what was put away or put off."""
    reminders.bring_back(notice=_own(request, notice), actor=request.membership, now=clock.now())
    return redirect("reminders:inbox", workspace=request.workspace.slug)


@require_POST
def seen(request: MemberRequest) -> HttpResponse:
    """Everything that waits has been read."""
    reminders.mark_seen(actor=request.membership, now=clock.now())
    return redirect("reminders:inbox", workspace=request.workspace.slug)


def snooze(request: MemberRequest, notice: int) -> HttpResponse:
    """Put off to a day; a page of its own when the day cannot be."""
    found, form = _own(request, notice), SnoozeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        if form.attempt(lambda: reminders.snooze(notice=found, actor=request.membership, until=until, now=clock.now())):
            messages.success(request, _("Put off. It comes back at 9:00 that day."))
            return redirect("reminders:inbox", workspace=request.workspace.slug)
    context = {"form": form, "line": _line(found, zone_of(request))}
    return render(request, "planner/reminders/snooze.html", context, status=400 if form.errors else 200)

"""The inbox, the delivery page of those who manage, and the two addresses that machines read."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from planner.base import clock, language
from planner.base.forms import OperationForm
from planner.reminders import operations as reminders
from planner.reminders import rules
from planner.reminders.forms import PauseForm, SnoozeForm
from planner.reminders.models import Delivery, Notice, Reminder
from planner.reminders.transports import is_mail_set_up
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Absence
from planner.workspaces.rules import Act, may

PAGE = 50
MOST_LISTED = 50
WAITING, SNOOZED, DONE = "waiting", "snoozed", "done"


# ---- the inbox


@dataclass(frozen=True)
class Line:
    """One notice as the reader sees it: the card in their language, and why they got it."""

    notice: Notice
    card: dict[str, Any]
    because: str


def _zone(request: MemberRequest) -> str:
    return request.user.time_zone or request.workspace.time_zone


def _line(notice: Notice, zone: str) -> Line:
    spoken = language.current()
    because = rules.sentence(notice.card.get("because", ()), spoken, zone)
    return Line(notice, notice.card.get(spoken) or {}, because)


def _today(request: MemberRequest) -> date:
    return clock.now().astimezone(ZoneInfo(_zone(request))).date()


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
    zone = _zone(request)
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
            "quiet": (rules.QUIET_TO, rules.QUIET_FROM),
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
    context = {"form": form, "line": _line(found, _zone(request))}
    return render(request, "planner/reminders/snooze.html", context, status=400 if form.errors else 200)


# ---- delivery, for those who manage


@dataclass(frozen=True)
class Doubt:
    """A message in doubt, or not told: to whom, about what, why."""

    row: Delivery | Reminder
    what: str
    to: str
    because: str


def _doubts(request: MemberRequest) -> list[Doubt]:
    rows = (
        Delivery.objects.in_doubt()
        .of_workspace(request.workspace)
        .select_related("recipient__user")
        .order_by("at")[:MOST_LISTED]
    )
    cards = _cards([row.reminder_id for row in rows])
    return [Doubt(row, cards.get(row.reminder_id, ""), str(row.recipient), _why(row.reason, request)) for row in rows]


def _not_told(request: MemberRequest) -> "tuple[list[Doubt], Page[Reminder]]":
    listed = Reminder.objects.not_told().filter(workspace=request.workspace).order_by("-settled_at", "-id")
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    cards = _cards([row.pk for row in page])
    return [
        Doubt(row, cards.get(row.pk) or language.pick(row.message), _addressee(row), _why(row.reason, request))
        for row in page
    ], page


def _cards(reminder_ids: list[int]) -> dict[int, str]:
    spoken = language.current()
    notices = Notice.objects.filter(reminder__in=reminder_ids).values_list("reminder_id", "card")
    return {pk: card.get(spoken, {}).get("what", "") for pk, card in notices}


def _addressee(row: Reminder) -> str:
    return str(rules.ADDRESSEES.get(row.addressee, ""))


def _why(reasons: list[dict[str, Any]], request: MemberRequest) -> str:
    return rules.sentence(reasons, language.current(), _zone(request))


def _delivery_page(request: MemberRequest, form: OperationForm) -> HttpResponse:
    not_told, page = _not_told(request)
    health = reminders.health(now=clock.now())
    context = {
        "health": health,
        "problems": [rules.PROBLEMS[code] for code in health.problems],
        "doubts": _doubts(request),
        "not_told": not_told,
        "page": page,
        "form": form,
    }
    return render(request, "planner/reminders/delivery.html", context, status=400 if form.errors else 200)


@require_safe
def delivery(request: MemberRequest) -> HttpResponse:
    """Is delivery alive, what is in doubt, what was given up."""
    workspaces.require(request.membership, Act.MANAGE_DELIVERY)
    return _delivery_page(request, PauseForm())


def _back_to_delivery(request: MemberRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("reminders:delivery", workspace=request.workspace.slug)


@require_POST
def settle(request: MemberRequest, delivery: int) -> HttpResponse:
    """It arrived, or it is to be sent again."""
    workspaces.require(request.membership, Act.MANAGE_DELIVERY)
    rows = Delivery.objects.of_workspace(request.workspace).select_related("reminder", "recipient__user")
    found = rows.filter(pk=delivery).first()
    if found is None:
        raise Http404
    reminders.settle_unknown(
        delivery=found, actor=request.membership, outcome=request.POST.get("outcome", ""), now=clock.now()
    )
    return _back_to_delivery(request, _("Settled."))


@require_POST
def retry(request: MemberRequest, reminder: int) -> HttpResponse:
    """Another try of what was given up or missed."""
    workspaces.require(request.membership, Act.MANAGE_DELIVERY)
    found = Reminder.objects.filter(workspace=request.workspace, pk=reminder).first()
    if found is None:
        raise Http404
    reminders.retry_dead(reminder=found, actor=request.membership, now=clock.now())
    return _back_to_delivery(request, _("It leaves with the next delivery."))


@require_POST
def pause(request: MemberRequest) -> HttpResponse:
    """Stop delivery, with a reason."""
    workspaces.require(request.membership, Act.MANAGE_DELIVERY)
    form = PauseForm(request.POST)
    if form.is_valid() and form.attempt(
        lambda: reminders.pause_delivery(actor=request.membership, reason=form.cleaned_data["reason"], now=clock.now())
    ):
        return _back_to_delivery(request, _("Delivery is paused."))
    return _delivery_page(request, form)


@require_POST
def resume(request: MemberRequest) -> HttpResponse:
    """Deliver again."""
    reminders.resume_delivery(actor=request.membership, now=clock.now())
    return _back_to_delivery(request, _("Delivery runs again."))


# ---- for machines


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
            "paused": is_paused,
            "cron": health.state.is_cron,
            "mail": health.has_mail,
        },
        status=503 if health.problems else 200,
    )


def _rounded(seconds: float | None) -> float | None:
    return round(seconds, 1) if seconds is not None else None

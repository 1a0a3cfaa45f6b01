"""Delivery, for those who manage: is it alive, what is in doubt, what was given up."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from planner.base import clock, language
from planner.base.forms import OperationForm
from planner.reminders import operations as reminders
from planner.reminders import rules, transports
from planner.reminders.forms import PauseForm
from planner.reminders.models import Delivery, Notice, Reminder
from planner.reminders.views.reader import zone_of
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act

PAGE = 50
MOST_LISTED = 50


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
    return rules.sentence(reasons, language.current(), zone_of(request))


def _delivery_page(request: MemberRequest, form: OperationForm) -> HttpResponse:
    not_told, page = _not_told(request)
    health = reminders.health(now=clock.now())
    depths = health.state.queues
    context = {
        "health": health,
        "depth": sum(depths.values()) if depths is not None else None,
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


@require_POST
def send_test(request: MemberRequest) -> HttpResponse:
    """One e-mail to oneself, and what the mail server said of it."""
    tried = reminders.send_test(actor=request.membership, transport=transports.configured(), now=clock.now())
    say = messages.success if tried.trial == rules.Trial.SENT else messages.warning
    say(request, f"{tried.trial.label} {tried.answer}".strip())
    return redirect("reminders:delivery", workspace=request.workspace.slug)

"""Chat rooms and webhooks, for those who manage delivery: set up, tried, switched, removed. Secrets are shown once."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planner.base import clock, language
from planner.reminders import operations as reminders
from planner.reminders import rules
from planner.reminders.forms import OutletForm
from planner.reminders.models import Errand, Notice, Outlet
from planner.reminders.rules import DeliveryStatus
from planner.reminders.views.reader import zone_of
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act

MOST_LISTED = 30


@dataclass(frozen=True)
class Trouble:
    """A message that was given up or is in doubt."""

    row: Errand
    what: str
    because: str


def _page(request: MemberRequest, form: OutletForm, made: Outlet | None = None) -> HttpResponse:
    rows = Outlet.objects.filter(workspace=request.workspace).annotate(
        told=Count("errands", filter=Q(errands__state=DeliveryStatus.SENT)),
        last_at=Max("errands__at", filter=Q(errands__state=DeliveryStatus.SENT)),
        waiting=Count("errands", filter=Q(errands__next_at__isnull=False)),
    )
    context = {
        "outlets": [(row, [rules.CARRIED_KINDS[kind] for kind in row.kinds]) for row in rows],
        "troubles": _troubles(request),
        "form": form,
        "made": made,
    }
    return render(request, "planner/reminders/outlets.html", context, status=400 if form.errors else 200)


def _troubles(request: MemberRequest) -> list[Trouble]:
    rows = Errand.objects.needing_somebody().filter(outlet__workspace=request.workspace)
    listed = list(rows.select_related("outlet").order_by("-at")[:MOST_LISTED])
    spoken = language.current()
    notices = Notice.objects.filter(reminder__in=[row.reminder_id for row in listed])
    said: dict[int, Any] = dict(notices.values_list("reminder_id", "card"))
    return [
        Trouble(row, said.get(row.reminder_id, {}).get(spoken, {}).get("what", ""), _why(row, spoken, zone_of(request)))
        for row in listed
    ]


def _why(row: Errand, spoken: str, zone: str) -> str:
    return rules.sentence(row.reason, spoken, zone)


@require_http_methods(["GET", "HEAD", "POST"])
def outlets(request: MemberRequest) -> HttpResponse:
    """All of them, and a form for one more. The secret of a webhook is on the answer to its form only."""
    workspaces.require(request.membership, Act.MANAGE_DELIVERY)
    form = OutletForm(request.POST if request.method == "POST" else None, initial={"language": language.current()})
    if form.is_valid() and form.attempt(
        lambda: reminders.add_outlet(actor=request.membership, now=clock.now(), **form.cleaned_data)
    ):
        return _page(request, OutletForm(initial={"language": language.current()}), made=form.outcome)
    return _page(request, form)


def _found(request: MemberRequest, outlet: int) -> Outlet:
    workspaces.require(request.membership, Act.MANAGE_DELIVERY)
    found = Outlet.objects.filter(workspace=request.workspace, pk=outlet).select_related("workspace").first()
    if found is None:
        raise Http404
    return found


def _back(request: MemberRequest) -> HttpResponse:
    return redirect("reminders:outlets", workspace=request.workspace.slug)


@require_POST
def test(request: MemberRequest, outlet: int) -> HttpResponse:
    """One test, and what the other side said of it."""
    tried = reminders.try_outlet(outlet=_found(request, outlet), actor=request.membership, now=clock.now())
    say = messages.success if tried.trial == rules.Trial.OUTLET_SENT else messages.warning
    say(request, f"{tried.trial.label} {tried.answer}".strip())
    return _back(request)


@require_POST
def switch(request: MemberRequest, outlet: int) -> HttpResponse:
    """Silent, or speaking again."""
    found = _found(request, outlet)
    reminders.switch_outlet(outlet=found, is_on=not found.is_on, actor=request.membership, now=clock.now())
    return _back(request)


@require_POST
def remove(request: MemberRequest, outlet: int) -> HttpResponse:
    """Forgotten, with its address and its secret."""
    reminders.remove_outlet(outlet=_found(request, outlet), actor=request.membership, now=clock.now())
    messages.success(request, _("Removed, with its address and its secret."))
    return _back(request)


@require_POST
def retry(request: MemberRequest, errand: int) -> HttpResponse:
    """Another try of what was given up or is in doubt."""
    workspaces.require(request.membership, Act.MANAGE_DELIVERY)
    rows = Errand.objects.filter(outlet__workspace=request.workspace, pk=errand).select_related("outlet__workspace")
    found = rows.first()
    if found is None:
        raise Http404
    reminders.retry_errand(errand=found, actor=request.membership, now=clock.now())
    messages.success(request, _("It leaves within a minute."))
    return _back(request)

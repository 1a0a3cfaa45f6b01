"""Whose turn it is to answer: the coming days by name, and the swap of two turns."""

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from planner.base import clock
from planner.calendar import operations as calendar
from planner.calendar import rules
from planner.calendar.forms import SwapForm
from planner.calendar.models import Rhythm
from planner.calendar.queries.answers import answered
from planner.work.models import WorkItem
from planner.work.rules import COUNT_LABELS
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Duty
from planner.workspaces.rules import Act, may


@require_safe
def rota(request: MemberRequest) -> HttpResponse:
    """The days of this week and the next that have a name."""
    today = rules.local_day(clock.now(), request.workspace.time_zone)
    plans = may(request.membership.level, Act.PLAN)
    kind = ContentType.objects.get_for_model(Rhythm)
    owed = WorkItem.objects.open().actual().owed_by(request.membership).filter(subject_type=kind)
    found = answered(request.workspace, clock.now())
    context = {
        "duties": [
            (duty, plans or duty.member_id == request.membership.pk)
            for duty in Duty.objects.ahead(request.workspace, today)
        ],
        "owed": [
            (item, rules.local_day(item.due_at, request.workspace.time_zone))
            for item in owed.order_by("due_at")
            if item.due_at is not None
        ],
        "today": today,
        "answered": found,
        "figures": [(COUNT_LABELS[name], count) for name, count in found.figures.items()] if found else [],
    }
    return render(request, "planner/calendar/rota.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def swap(request: MemberRequest, duty: int) -> HttpResponse:
    """Exchange a turn for one of a colleague."""
    workspaces.require(request.membership, Act.COMMENT)
    today = rules.local_day(clock.now(), request.workspace.time_zone)
    found = Duty.objects.ahead(request.workspace, today).filter(pk=duty).first()
    if found is None:
        raise Http404
    form = SwapForm(found, today, request.POST or None)
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["other"]
        if form.attempt(
            lambda: calendar.swap_turns(duty=found, other=other, actor=request.membership, today=today, now=clock.now())
        ):
            messages.success(request, _("The two turns are swapped."))
            return redirect("calendar:rota", workspace=request.workspace.slug)
    back = reverse("calendar:rota", kwargs={"workspace": request.workspace.slug}), _("Who answers")
    return render(
        request,
        "planner/calendar/act.html",
        {"form": form, "act": _("Swap a turn"), "button": _("Swap"), "back": back},
        status=form.refusal.status if form.refusal else 200,
    )

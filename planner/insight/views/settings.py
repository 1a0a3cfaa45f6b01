"""Settings whose change reaches the posts: who leaves, holidays and working time, the clock.

They live here, above the posts, because each one lays open work out again or hands it over, in one transaction.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock, language
from planner.base.forms import OperationForm
from planner.insight.forms import ClosedDayForm, OpenDayForm, WorkingTimeForm, ZoneForm
from planner.posts.operations import upkeep
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import HolidayChange, Membership
from planner.workspaces.rules import Act, legal_days, may

_PAGE = require_http_methods(["GET", "HEAD", "POST"])
YEARS_SHOWN = range(-1, 4)


# ---- working time and holidays


@require_safe
def holidays(request: MemberRequest) -> HttpResponse:
    """The closed days of a year: those of the law, and what we change in them."""
    return _holidays_page(request)


@require_POST
def working_time(request: MemberRequest) -> HttpResponse:
    """Change the week; open work is dated again."""
    workspaces.require(request.membership, Act.MANAGE_SETTINGS)
    form = WorkingTimeForm(request.workspace, request.POST)
    if form.is_valid() and form.attempt(
        lambda: _then_relay(request, workspaces.change_working_time, **form.cleaned_data)
    ):
        return _to_holidays(request, _("The working time is changed, and open work is dated again."))
    return _holidays_page(request, working_form=form)


@require_POST
def close_day(request: MemberRequest) -> HttpResponse:
    """Add a closed day of our own."""
    workspaces.require(request.membership, Act.MANAGE_SETTINGS)
    form = ClosedDayForm(request.POST)
    if form.is_valid() and form.attempt(lambda: _then_relay(request, workspaces.change_holiday, **form.cleaned_data)):
        return _to_holidays(request, _("The day is closed, and open work is dated again."), form.cleaned_data["day"])
    return _holidays_page(request, closed_form=form)


@require_POST
def open_day(request: MemberRequest) -> HttpResponse:
    """Work on a legal holiday."""
    form = OpenDayForm(request.POST)
    if not form.is_valid():
        raise Http404
    day = form.cleaned_data["day"]
    _then_relay(request, workspaces.change_holiday, day=day, closed=False)
    return _to_holidays(request, _("That holiday is a working day here, and open work is dated again."), day)


@require_POST
def restore_day(request: MemberRequest, change: int) -> HttpResponse:
    """Go back to the legal list for one day."""
    found = HolidayChange.objects.filter(workspace=request.workspace, pk=change).first()
    if found is None:
        raise Http404
    _then_relay(request, workspaces.remove_holiday_change, change=found)
    return _to_holidays(request, _("That day follows the law again, and open work is dated again."), found.day)


def _then_relay(request: MemberRequest, operation: Callable[..., Any], /, **values: Any) -> Any:
    """The change, and the new dates of open work that nobody pinned: both or neither."""
    now = clock.now()
    with transaction.atomic():
        outcome = operation(actor=request.membership, now=now, **values)
        request.workspace.refresh_from_db()
        upkeep.relay_open_work(workspace=request.workspace, actor=request.membership, now=now)
    return outcome


def _to_holidays(request: MemberRequest, sentence: str, day: date | None = None) -> HttpResponse:
    messages.success(request, sentence)
    page = reverse("workspaces:holidays", kwargs={"workspace": request.workspace.slug})
    return redirect(f"{page}?year={day.year}" if day else page)


def _holidays_page(request: MemberRequest, **bound: OperationForm) -> HttpResponse:
    this_year = timezone.localdate(clock.now()).year
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdecimal() and 2000 <= int(wanted) <= 2100 else this_year
    context: dict[str, Any] = {
        "year": year,
        "years": sorted({this_year + step for step in YEARS_SHOWN} | {year}),
        "days": _days_of(request, year),
        "working_form": WorkingTimeForm(request.workspace),
        "closed_form": ClosedDayForm(),
        "may_manage": may(request.membership.level, Act.MANAGE_SETTINGS),
        **bound,
    }
    refusals = [form.refusal.status for form in bound.values() if form.refusal]
    return render(request, "planner/workspaces/holidays.html", context, status=max(refusals, default=200))


def _days_of(request: MemberRequest, year: int) -> list[dict[str, Any]]:
    """Each line: the day, its name, and the change of ours that made or unmade it."""
    workspace = request.workspace
    legal = legal_days(workspace.country, workspace.region, year, language.current())
    changes = {one.day: one for one in HolidayChange.objects.filter(workspace=workspace, day__year=year)}
    days = sorted({*legal, *changes})
    return [{"day": day, "name": legal.get(day) or changes[day].name, "change": changes.get(day)} for day in days]


# ---- the clock


@_PAGE
def zone(request: MemberRequest) -> HttpResponse:
    """Choose another zone, look at what moves, then change it. Wall times stay, instants are derived again."""
    workspaces.require(request.membership, Act.MANAGE_SETTINGS)
    form = ZoneForm(request.POST or request.GET or {"zone": request.workspace.time_zone})
    chosen = form.cleaned_data["zone"] if form.is_valid() else ""
    if (
        request.method == "POST"
        and chosen
        and form.attempt(
            lambda: upkeep.change_zone(
                workspace=request.workspace, zone=chosen, actor=request.membership, now=clock.now()
            )
        )
    ):
        messages.success(request, _("The clock is now that of %(zone)s.") % {"zone": chosen})
        return redirect("workspaces:settings", workspace=request.workspace.slug)
    is_new = bool(chosen) and chosen != request.workspace.time_zone
    shifts = upkeep.preview_zone_change(workspace=request.workspace, zone=chosen) if is_new else []
    context = {"form": form, "chosen": chosen if is_new else "", "shifts": shifts}
    status = form.refusal.status if form.refusal else 200
    return render(request, "planner/workspaces/zone.html", context, status=status)


# ---- leaving


@_PAGE
def remove(request: MemberRequest, member: int) -> HttpResponse:
    """Take leave, or take a member's access away, after a page that says what follows."""
    leaver = Membership.objects.active().with_people().filter(workspace=request.workspace, pk=member).first()
    if leaver is None:
        raise Http404
    is_me = leaver == request.membership
    workspaces.require(request.membership, Act.READ if is_me else Act.MANAGE_PEOPLE)
    if request.method == "POST":
        items = _go(request, leaver, is_me)
        messages.success(request, _gone(leaver, len(items)))
        return redirect("home") if is_me else redirect("workspaces:people", workspace=request.workspace.slug)
    return render(request, "planner/workspaces/remove.html", {"member": leaver, "is_me": is_me})


def _go(request: MemberRequest, leaver: Membership, is_me: bool) -> list[Any]:
    now = clock.now()
    with transaction.atomic():
        if is_me:
            workspaces.leave(actor=leaver, now=now)
        else:
            workspaces.remove_member(actor=request.membership, member=leaver, now=now)
        return list(upkeep.hand_over_work(leaver=leaver, actor=request.membership, now=now))


def _gone(leaver: Membership, handed_over: int) -> str:
    told = ngettext(
        "%(person)s has left; %(n)d piece of open work has a new owner.",
        "%(person)s has left; %(n)d pieces of open work have a new owner.",
        handed_over,
    )
    return told % {"person": leaver, "n": handed_over}

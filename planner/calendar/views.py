"""The month and the day: everything planned and due, in the workspace's own time."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from planner.base import clock, language
from planner.base.worktime import WorkingCalendar
from planner.calendar import queries, rules
from planner.posts.rules import Status
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest

LEGEND = (
    Status.IDEA, Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED, "late", "held",
)  # fmt: skip


@require_safe
def month(request: MemberRequest) -> HttpResponse:
    """One month as a table of weeks, with the tray of what has no date."""
    member, now, spoken = request.membership, clock.now(), language.current()
    zone = member.workspace.time_zone
    calendar = workspaces.working_calendar(member.workspace)
    today = calendar.local(now).date()
    first = rules.month_of(request.GET.get("month", ""), today)
    begins, ends = rules.span(first)
    start, end = rules.instant_of(begins, zone), rules.instant_of(ends, zone)
    entries = queries.entries(member.workspace, start, end, language=spoken, now=now)
    tray = queries.tray(member.workspace, language=spoken, everything="tray" in request.GET)
    days = [begins + timedelta(days=n) for n in range((ends - begins).days)]
    context = {
        "first": first,
        "this_month": today.replace(day=1),
        "previous": rules.previous_month(first),
        "next": rules.next_month(first),
        "weekdays": days[:7],
        "weeks": rules.grid(
            first,
            today=today,
            entries=rules.by_day(entries, zone),
            feasts=_feasts(calendar, days),
            dues=queries.dues(member, start, end, now=now),
            is_working=calendar.is_working_day,
        ),
        "count": sum(1 for entry in entries if _in_month(calendar.local(entry.at).date(), first)),
        "tray": tray,
        "legend": LEGEND,
        "is_new_here": not entries and not tray.count and not queries.has_any_post(member.workspace),
    }
    return render(request, "planner/calendar/month.html", context)


def _feasts(calendar: WorkingCalendar, days: list[date]) -> dict[date, str]:
    """Closed days by name."""
    names = calendar.holidays
    return {on: names[on] for on in days if on in names} if isinstance(names, Mapping) else {}


def _in_month(on: date, first: date) -> bool:
    return (on.year, on.month) == (first.year, first.month)


@require_safe
def day(request: MemberRequest, year: int, month: int, day: int) -> HttpResponse:
    """All that stands in one day: what appears, what is due and for whom."""
    try:
        on = date(year, month, day)
    except ValueError as impossible:
        raise Http404 from impossible
    if not rules.FIRST_MONTH <= on <= rules.LAST_MONTH:
        raise Http404
    member, now = request.membership, clock.now()
    zone = member.workspace.time_zone
    calendar = workspaces.working_calendar(member.workspace)
    start, end = rules.instant_of(on, zone), rules.instant_of(on + timedelta(days=1), zone)
    entries = queries.entries(member.workspace, start, end, language=language.current(), now=now)
    due = queries.dues(member, start, end, now=now).get(on, rules.Due())
    work = queries.work_of_day(member.workspace, start, end)
    context = {
        "on": on,
        "now": now,
        "first": on.replace(day=1),
        "previous": on - timedelta(days=1),
        "next": on + timedelta(days=1),
        "is_today": on == calendar.local(now).date(),
        "is_past": on < calendar.local(now).date(),
        "is_working": calendar.is_working_day(on),
        "feast": _feasts(calendar, [on]).get(on, ""),
        "entries": rules.by_day(entries, zone).get(on, []),
        "work": work,
        "due": due,
        "more_work": due.count - len(work),
    }
    return render(request, "planner/calendar/day.html", context)

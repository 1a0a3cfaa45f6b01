"""The month: six weeks of everything planned and due, in the workspace's own time."""

from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from planner.base import clock, language
from planner.calendar import queries, rules
from planner.calendar.views.drawing import Pen
from planner.posts.rules import Status
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act, may

LEGEND = (
    Status.IDEA, Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED, "late", "held",
)  # fmt: skip


def pen_of(request: MemberRequest) -> Pen:
    member = request.membership
    return Pen(member.workspace, own_zone=request.user.time_zone, may_plan=may(member.level, Act.PLAN))


@require_safe
def month(request: MemberRequest) -> HttpResponse:
    """One month as a table of weeks, with the tray of what has no date."""
    member, now, spoken = request.membership, clock.now(), language.current()
    workspace, zone = member.workspace, member.workspace.time_zone
    today = rules.local_day(now, zone)
    first = rules.month_of(request.GET.get("month", ""), today)
    days = rules.days_of_month(first, rules.first_weekday(workspace.country, spoken))
    spans = rules.bounds(days, zone)
    house = queries.house(workspace, days[0], days[-1])
    calendar = workspaces.working_calendar(workspace, changes=house.holiday_changes)
    undated = queries.waiting(workspace)
    counts, dues, (waiting,) = queries.sums(member, spans, now=now, extra=[undated])
    entries = queries.standing(
        workspace, spans, most=rules.SHOWN_PER_DAY, language=spoken, now=now, marks=house.marks, people=house.people
    )
    tray = queries.tray(undated, language=spoken, count=waiting, everything="tray" in request.GET)
    drawn = rules.fill(
        days, month=first, today=today, entries=entries, counts=counts, dues=dues, stretches=house.stretches,
        feasts=workspaces.feasts(calendar, days), is_working=calendar.is_working_day,
    )  # fmt: skip
    pen = pen_of(request)
    context = {
        "first": first,
        "this_month": today.replace(day=1),
        "previous": rules.previous_month(first),
        "next": rules.next_month(first),
        "weekdays": days[:7],
        "rows": pen.month(rules.in_weeks(drawn)),
        "symbols": pen.symbols(),
        "count": sum(day.count for day in drawn if day.in_month),
        "tray": tray,
        "legend": LEGEND,
        "is_new_here": not sum(counts) and not tray.count and not queries.has_any_post(workspace),
    }
    return render(request, "planner/calendar/month.html", context)


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
    [(start, end)] = rules.bounds([on], zone)
    entries = queries.entries(member.workspace, start, end, language=language.current(), now=now)
    _counts, [due], _extra = queries.sums(member, [(start, end)], now=now)
    work = queries.work_of_day(member.workspace, start, end)
    today = rules.local_day(now, zone)
    context = {
        "on": on,
        "now": now,
        "first": on.replace(day=1),
        "previous": on - timedelta(days=1),
        "next": on + timedelta(days=1),
        "is_today": on == today,
        "is_past": on < today,
        "is_working": calendar.is_working_day(on),
        "feast": workspaces.feasts(calendar, [on]).get(on, ""),
        "entries": entries,
        "work": work,
        "due": due,
        "more_work": due.count - len(work),
    }
    return render(request, "planner/calendar/day.html", context)

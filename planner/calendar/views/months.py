"""The month: six weeks of everything planned and due, in the workspace's own time. And all of one day."""

from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from planner.calendar import queries, rules
from planner.calendar.models import Occurrence
from planner.calendar.views.cautions import sentence
from planner.calendar.views.drawing import said
from planner.calendar.views.sheets import Sheet
from planner.workspaces.access import MemberRequest


@require_safe
def month(request: MemberRequest) -> HttpResponse:
    """One month as a table of weeks, with the tray of what has no date."""
    sheet = Sheet(request, "month", month=request.GET.get("month", ""))
    first = rules.month_of(sheet.kept["month"], sheet.today)
    days = rules.days_of_month(first, rules.first_weekday(sheet.workspace.country, sheet.spoken))
    sheet.open(days[0], days[-1])
    drawn = sheet.days(days, most=rules.SHOWN_PER_DAY, month=first)
    tray = queries.tray(sheet.undated, language=sheet.spoken, count=sheet.waiting, everything="tray" in request.GET)
    is_quiet = sheet.wanted.is_empty and not tray.count and not any(day.count for day in drawn)
    context = sheet.context(
        first=first,
        previous=sheet.address(month=f"{rules.previous_month(first):%Y-%m}"),
        next=sheet.address(month=f"{rules.next_month(first):%Y-%m}"),
        now_address=sheet.address(month=""),
        is_now=first == sheet.today.replace(day=1),
        weekdays=days[:7],
        rows=sheet.pen.month(rules.in_weeks(drawn)),
        count=sum(day.count for day in drawn if day.in_month),
        tray=tray,
        empty_places=sum(one.kind == rules.SLOT and _is_to_fill(one.first, first, sheet) for one in sheet.stretches),
        is_new_here=is_quiet and not queries.has_any_post(sheet.workspace),
    )
    return render(request, "planner/calendar/month.html", context)


def _is_to_fill(on: date, month: date, sheet: Sheet) -> bool:
    return on >= sheet.today and (on.year, on.month) == (month.year, month.month)


@require_safe
def day(request: MemberRequest, year: int, month: int, day: int) -> HttpResponse:
    """All that stands in one day: what appears, what is due and for whom."""
    try:
        on = date(year, month, day)
    except ValueError as impossible:
        raise Http404 from impossible
    if not rules.FIRST_MONTH <= on <= rules.LAST_MONTH:
        raise Http404
    sheet = Sheet(request, "month", month=f"{on:%Y-%m}")
    sheet.open(on, on)
    [one] = sheet.days([on], most=queries.MOST_LISTED)
    [(start, end)] = rules.bounds([on], sheet.zone)
    work = queries.work_of_day(sheet.workspace, start, end)
    context = {
        "on": on,
        "now": sheet.now,
        "back": sheet.address(),
        "previous": on - timedelta(days=1),
        "next": on + timedelta(days=1),
        "day": one,
        "around": [said(stretch) for stretch in one.stretches if stretch.kind not in (rules.SLOT, rules.MEETING)],
        "cautions": [sentence(caution, sheet.house.marks) for caution in one.cautions],
        "occurrences": list(Occurrence.objects.standing().with_all().filter(workspace=sheet.workspace, held_on=on)),
        "work": work,
        "more_work": one.due.count - len(work),
    }
    return render(request, "planner/calendar/day.html", context)

"""The other ways to see the same things: the hours of a week, a list of days, a board of states; and a search."""

from dataclasses import replace
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from planner.calendar import queries, rules
from planner.calendar.views.sheets import Sheet
from planner.posts.models import Post
from planner.workspaces.access import MemberRequest


@require_safe
def week(request: MemberRequest) -> HttpResponse:
    """Seven days by the hour."""
    sheet = Sheet(request, "week", day=request.GET.get("day", ""))
    wanted = rules.day_of(sheet.kept["day"], sheet.today)
    first = rules.week_of(wanted, rules.first_weekday(sheet.workspace.country, sheet.spoken))
    days = rules.days_from(first, 7)
    sheet.open(days[0], days[-1])
    spans = [span for on in days for span in rules.hour_bounds(on, sheet.zone)]
    drawn, entries, counts = sheet.hours(days, spans, rules.SHOWN_PER_HOUR)
    new = reverse("posts:new", kwargs={"workspace": sheet.workspace.slug}) if sheet.may_plan else ""
    context = sheet.context(
        days=drawn,
        number=days[3].isocalendar().week,
        previous=sheet.address(day=f"{first - timedelta(days=7)}"),
        next=sheet.address(day=f"{first + timedelta(days=7)}"),
        now_address=sheet.address(day=""),
        is_now=sheet.today in days,
        rows=sheet.pen.week(drawn, rules.hours_of(entries, counts), new),
        tray=queries.tray(sheet.undated, language=sheet.spoken, count=sheet.waiting),
    )
    return render(request, "planner/calendar/week.html", context)


@require_safe
def agenda(request: MemberRequest) -> HttpResponse:
    """A fortnight as a list: for a telephone, for paper, and to choose several posts at once."""
    sheet = Sheet(request, "agenda", **{"from": request.GET.get("from", "")})
    first = rules.day_of(sheet.kept["from"], sheet.today)
    days = rules.days_from(first, rules.DAYS_LISTED)
    sheet.open(days[0], days[-1])
    drawn = sheet.days(days, most=rules.LISTED_PER_DAY)
    context = sheet.context(
        first=first,
        last=days[-1],
        previous=sheet.address(**{"from": f"{first - timedelta(days=rules.DAYS_LISTED)}"}),
        next=sheet.address(**{"from": f"{first + timedelta(days=rules.DAYS_LISTED)}"}),
        now_address=sheet.address(**{"from": ""}),
        is_now=first == sheet.today,
        days=[(day, sheet.pen.listed(day), sheet.pen.address(day.on)) for day in drawn],
        may_choose=sheet.may_plan and any(day.count for day in drawn),
        people=sorted(sheet.house.people.items(), key=lambda pair: pair[1].casefold()) if sheet.may_plan else [],
        tray=queries.tray(sheet.undated, language=sheet.spoken, count=sheet.waiting),
    )
    return render(request, "planner/calendar/agenda.html", context)


@require_safe
def board(request: MemberRequest) -> HttpResponse:
    """Everything by state, what is due first at the top."""
    sheet = Sheet(request, "board")
    sheet.open(sheet.today, sheet.today)
    posts = Post.objects.filter(workspace=sheet.workspace) if sheet.posts is None else sheet.posts
    columns = queries.board(posts, language=sheet.spoken, now=sheet.now)
    is_new_here = sheet.wanted.is_empty and not any(column.count for column in columns)
    context = sheet.context(columns=columns, most=queries.BOARD_COUNTED, is_new_here=is_new_here)
    return render(request, "planner/calendar/board.html", context)


@require_safe
def search(request: MemberRequest) -> HttpResponse:
    """Posts by the words of their titles and texts, whatever their day."""
    sheet = Sheet(request, "board")
    q, beside = sheet.wanted.q, replace(sheet.wanted, q="")
    posts = queries.chosen(sheet.member, beside, sheet.now)
    context = {
        "found": queries.found(posts, q, language=sheet.spoken, now=sheet.now),
        "most": queries.FOUND_COUNTED,
        "q": q,
    }
    return render(request, "planner/calendar/search.html", context)

"""The desk: what I owe, what waits on me, what is late, in that order; and the door that leads to it."""

from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from planner.base import clock, language, wording
from planner.calendar import queries as calendar
from planner.calendar import rules as days
from planner.insight import queries, rules
from planner.posts import operations as posts
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Membership, User
from planner.workspaces.rules import RoleBook


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """One workspace: its desk. Several: a choice. None: the four questions."""
    assert isinstance(request.user, User)
    mine = list(Membership.objects.active().with_people().filter(user=request.user).order_by("workspace__name"))
    if not mine:
        return redirect("start")
    if request.user.is_superuser:  # `up --demo` opens its sample before anybody has an account
        mine += posts.join_sample(user=request.user, now=clock.now())
    if len(mine) == 1 and "choose" not in request.GET:
        return redirect("insight:desk", workspace=mine[0].workspace.slug)
    return render(request, "planner/insight/choose.html", {"memberships": mine})


@require_safe
def desk(request: MemberRequest) -> HttpResponse:
    """The reader's own work, soonest first, then what surrounds it."""
    member, now, spoken = request.membership, clock.now(), language.current()
    workspace = member.workspace
    today = days.local_day(now, workspace.time_zone)
    book = workspaces.role_book(workspace, day_from=today, day_to=today)
    load = queries.load(member, now=now, day_ends=days.instant_of(today + timedelta(days=1), workspace.time_zone))
    owed, late = queries.lines(member, now=now, everything="all" in request.GET)
    awaited = queries.awaited(member, _decides(book, member, today), language=spoken)
    agenda = queries.agenda(workspace, today, language=spoken, now=now)
    is_quiet = not (owed or late or awaited)
    context = {
        "now": now,
        "today": today,
        "week": today.isocalendar().week,
        "lead": rules.lead(load, len(awaited), wording.minutes(load.minutes_today)),
        "load": load,
        "owed": owed,
        "owed_more": load.ahead - len(owed),
        "awaited": awaited,
        "late": late,
        "late_more": load.late - len(late),
        "agenda": agenda,
        "meetings": queries.meetings(member, today, now),
        "mix": queries.mix_of(workspace, today),
        "on_duty": queries.on_duty(workspace, today),
        "answering": queries.answering(workspace, today),
        "silent": calendar.silent(workspace.channels.all(), now),
        "is_quiet": is_quiet,
        "has_sample": not workspace.is_sample and queries.has_sample(workspace),
        "is_new_here": is_quiet and not agenda and not calendar.has_any_post(workspace),
    }
    return render(request, "planner/insight/desk.html", context)


def _decides(book: RoleBook[Membership], member: Membership, today: date) -> set[str]:
    """The roles in which the member may decide today: their own, and those of absent people whose second they are."""
    return {
        entry.role
        for entry in book.assigned
        if entry.person_id == member.pk or (entry.second_id == member.pk and book.is_absent(entry.person_id, today))
    }

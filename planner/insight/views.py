"""The desk: what I owe, what waits on me, what is late, in that order; and the door that leads to it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Membership


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """One workspace: its desk. Several: a choice. None: the four questions."""
    assert request.user.is_authenticated
    memberships = list(Membership.objects.active().with_people().filter(user=request.user).order_by("workspace__name"))
    if not memberships:
        return redirect("/start/")
    if len(memberships) == 1 and "choose" not in request.GET:
        return redirect("insight:desk", workspace=memberships[0].workspace.slug)
    return render(request, "planner/insight/choose.html", {"memberships": memberships})


@require_safe
def desk(request: MemberRequest) -> HttpResponse:
    """The reader's own work, soonest first."""
    return render(request, "planner/insight/desk.html")

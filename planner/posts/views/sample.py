"""The sample month: added and taken away whole, with one button each."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from planner.base import clock
from planner.base.forms import next_page
from planner.posts import operations as posts
from planner.workspaces.access import MemberRequest


def _back(request: MemberRequest) -> HttpResponse:
    return redirect(next_page(request, reverse("insight:desk", kwargs={"workspace": request.workspace.slug})))


@require_POST
def add_sample(request: MemberRequest) -> HttpResponse:
    posts.add_sample(workspace=request.workspace, actor=request.membership, now=clock.now())
    messages.success(request, _("A sample month is there to look at. Take it away whenever you like."))
    return _back(request)


@require_POST
def remove_sample(request: MemberRequest) -> HttpResponse:
    posts.remove_sample(workspace=request.workspace, actor=request.membership, now=clock.now())
    messages.success(request, _("The sample is gone. Your own posts are untouched."))
    return _back(request)

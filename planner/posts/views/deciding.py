"""The states of a post: each button is one event of the map, and a refusal says what is missing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from planner.base import clock
from planner.base.errors import Words
from planner.base.forms import OperationForm, next_page
from planner.posts import operations as posts
from planner.posts.forms import ChangesForm, DecisionForm, ReasonForm, RecordForm
from planner.posts.models import Post
from planner.posts.rules import Event
from planner.posts.views.found import placement_of, post_of
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act

_CALLS: dict[str, Callable[..., Post]] = {
    Event.DEVELOP: posts.develop,
    Event.SUBMIT: posts.submit,
    Event.ASK_CHANGES: posts.ask_changes,
    Event.APPROVE: posts.approve,
    Event.SIGN: posts.sign,
    Event.SCHEDULE: posts.schedule,
    Event.UNSCHEDULE: posts.unschedule,
    Event.CANCEL: posts.cancel,
    Event.RETIRE: posts.retire,
    Event.REOPEN: posts.reopen,
}

_FORMS: dict[str, type[OperationForm]] = {
    Event.ASK_CHANGES: ChangesForm,
    Event.APPROVE: DecisionForm,
    Event.SIGN: DecisionForm,
    Event.CANCEL: ReasonForm,
    Event.RETIRE: ReasonForm,
}
"""Events that take words with them."""

_SAID: dict[str, Words] = {
    Event.DEVELOP: gettext_lazy("The idea is a draft now."),
    Event.SUBMIT: gettext_lazy("Sent for review. Those who review are told."),
    Event.ASK_CHANGES: gettext_lazy("The author is told what should change."),
    Event.APPROVE: gettext_lazy("Approved, exactly as it stands."),
    Event.SIGN: gettext_lazy("Signed, exactly as it stands."),
    Event.SCHEDULE: gettext_lazy("Scheduled. People publish it; the product reminds them."),
    Event.UNSCHEDULE: gettext_lazy("Taken out of the schedule; the date stays."),
    Event.CANCEL: gettext_lazy("Cancelled. Its date is free, and its work is dropped."),
    Event.RETIRE: gettext_lazy("Retired."),
    Event.REOPEN: gettext_lazy("Reopened, with the work that was dropped."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def transition(request: MemberRequest, post: int, event: str) -> HttpResponse:
    """One event. What takes words has a page; the rest is done at once, or refused in words on this page."""
    if event not in _CALLS:
        raise Http404
    found = post_of(request, post)
    _let_in(request, found)
    form = _FORMS.get(event, OperationForm)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and form.attempt(lambda: _do(request, found, event, form)):
        messages.success(request, str(_SAID[event]))
        return redirect(next_page(request, found.link))
    return render(
        request,
        "planner/posts/transition.html",
        {
            "post": found,
            "form": form,
            "event": event,
            "act": Event(event).label,
            "missing": posts.missing(found, event, clock.now()),
        },
        status=form.refusal.status if form.refusal else 200,
    )


def _let_in(request: MemberRequest, post: Post) -> None:
    """A reader has nothing to decide, unless an editorial role says so: roles decide whatever the level."""
    moves = posts.possible_moves(post=post, actor=request.membership, now=clock.now())
    if not any(move.is_yours for move in moves):
        workspaces.require(request.membership, Act.COMMENT)


def _do(request: MemberRequest, post: Post, event: str, form: OperationForm) -> Any:
    version = request.POST.get("version", "")
    return _CALLS[event](
        post=post,
        actor=request.membership,
        version=int(version) if version.isdigit() else None,
        now=clock.now(),
        **form.cleaned_data,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: MemberRequest, post: int, placement: int) -> HttpResponse:
    """Where it is published, and when it really went out."""
    workspaces.require(request.membership, Act.COMMENT)
    found = post_of(request, post)
    place = placement_of(found, placement)
    calendar = workspaces.working_calendar(request.workspace)
    now = calendar.local(clock.now())
    planned = calendar.local(place.planned_at) if place.planned_at else None
    shown = planned if planned and planned <= now else now
    form = RecordForm(request.POST or None, initial={"on": shown.date(), "at": shown.time()})
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        if form.attempt(
            lambda: posts.record_publication(
                placement=place,
                actor=request.membership,
                address=address,
                published_at=form.published_at(calendar),
                now=clock.now(),
            )
        ):
            messages.success(request, _("Recorded. The answers and what follows are dated from the real hour."))
            return redirect(next_page(request, found.link))
    return render(
        request,
        "planner/posts/act.html",
        {
            "post": found,
            "form": form,
            "act": _("Record the publication on %(channel)s") % {"channel": place.channel},
            "button": _("Record"),
            "hint": _("Somebody has published it: say where, and when it really went out."),
        },
        status=form.refusal.status if form.refusal else 200,
    )

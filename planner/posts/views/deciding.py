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
from planner.posts.forms import ApprovalForm, ChangesForm, DecisionForm, ReasonForm, RecordForm
from planner.posts.models import Post
from planner.posts.operations import findings, questions
from planner.posts.rules import Event, Status
from planner.posts.views.found import placement_of, post_of
from planner.posts.views.keeping import since_the_last_decision
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
    is_theirs = _let_in(request, found, event)
    form = _form(request, found, event)
    # whoever may not decide is told so, whatever is sent
    is_sent = form.is_valid() or (event in _READ_FIRST and not is_theirs)
    if request.method == "POST" and is_sent and form.attempt(lambda: _do(request, found, event, form)):
        _say(request, event, form.outcome)
        return redirect(next_page(request, found.link))
    context = {
        "post": found,
        "form": form,
        "event": event,
        "act": Event(event).label,
        "missing": posts.missing(found, event, clock.now()),
        "is_theirs": is_theirs,
        **(_to_read(request, found) if event in _READ_FIRST else {}),
    }
    page = "planner/posts/decide.html" if event in _READ_FIRST else "planner/posts/transition.html"
    return render(request, page, context, status=form.refusal.status if form.refusal else 200)


_READ_FIRST = (Event.APPROVE, Event.SIGN)
"""Decisions on the exact text: it stands on the page, with what changed and what the policy says."""


def _form(request: MemberRequest, post: Post, event: str) -> OperationForm:
    sent = request.POST if request.method == "POST" else None
    if event == Event.APPROVE:
        return ApprovalForm(questions.asked_of(post), sent)
    return _FORMS.get(event, OperationForm)(sent)


def _say(request: MemberRequest, event: str, after: Post) -> None:
    """A no may have sent the draft back in place of an approval."""
    if event == Event.APPROVE and after.status == Status.DRAFT:
        messages.warning(request, _("Sent back: one of your answers returns the draft. The author is told why."))
    else:
        messages.success(request, str(_SAID[event]))


def _to_read(request: MemberRequest, post: Post) -> dict[str, Any]:
    """The text as it stands, what changed since a decision was last taken on it, what the policy says."""
    return {
        "texts": [text for text in post.texts.all() if text.title or text.body],
        "own_texts": [
            (place.channel, code, text)
            for place in post.placements.all()
            if place.cancelled_at is None
            for code, text in place.text.items()
        ],
        "changed": since_the_last_decision(post, request.membership),
        "findings": findings.of_verdict(posts.judge(post, clock.now())),
    }


def _let_in(request: MemberRequest, post: Post, event: str) -> bool:
    """A reader has nothing to decide, unless an editorial role says so: roles decide whatever the level.

    Is this event theirs to bring about?
    """
    moves = posts.possible_moves(post=post, actor=request.membership, now=clock.now())
    if not any(move.is_yours for move in moves):
        workspaces.require(request.membership, Act.COMMENT)
    return any(move.is_yours and move.event == event for move in moves)


def _do(request: MemberRequest, post: Post, event: str, form: OperationForm) -> Any:
    version = request.POST.get("version", "")
    return _CALLS[event](
        post=post,
        actor=request.membership,
        version=int(version) if version.isdigit() else None,
        now=clock.now(),
        **_words(form),
    )


def _words(form: OperationForm) -> dict[str, Any]:
    """What the operation takes besides; nothing of a form that is not filled as it should."""
    if not form.is_valid():
        return {"comment": ""}
    return form.values() if isinstance(form, ApprovalForm) else form.cleaned_data


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

"""Initiatives: the list, one page each with its progress, and what is attached to them; checklists on a post too."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from planner.base import clock
from planner.base.forms import OperationForm
from planner.history import operations as history
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.posts.forms import ChecklistForm, InitiativeForm, JoinForm, StageForm
from planner.posts.models import Initiative, Post
from planner.posts.rules import Stage, Status
from planner.posts.views.found import post_of
from planner.work.models import WorkItem
from planner.work.rules import WorkState
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act, may

_PAGE = require_http_methods(["GET", "HEAD", "POST"])
ENTRIES_SHOWN = 12


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """Those that run or are prepared first, the latest before."""
    found = Initiative.objects.filter(workspace=request.workspace).select_related("owner__user")
    out = Count("posts", Q(posts__status__in=[Status.PUBLISHED, Status.RETIRED]))
    listed = list(found.annotate(pieces=Count("posts"), out=out).order_by("-starts_on", "-pk"))
    for initiative in listed:
        initiative.workspace = request.workspace
    is_open = {Stage.PREPARED, Stage.RUNNING}
    return render(
        request,
        "planner/posts/initiatives.html",
        {
            "open": [one for one in listed if one.stage in is_open],
            "over": [one for one in listed if one.stage not in is_open],
            "may_plan": may(request.membership.level, Act.PLAN),
        },
    )


def _initiative(request: MemberRequest, initiative: int) -> Initiative:
    found = Initiative.objects.filter(workspace=request.workspace, pk=initiative).select_related("owner__user").first()
    if found is None:
        raise Http404
    found.workspace = request.workspace
    return found


@require_safe
def detail(request: MemberRequest, initiative: int) -> HttpResponse:
    """Aim, dates, progress, posts and work of its own."""
    found = _initiative(request, initiative)
    pieces = list(found.posts.select_related("author__user").prefetch_related("texts").order_by("planned_at", "pk"))
    for post in pieces:
        post.workspace = request.workspace
    own = list(WorkItem.objects.about(found).select_related("owner__user", "done_by__user"))
    return render(
        request,
        "planner/posts/initiative.html",
        {
            "initiative": found,
            "pieces": pieces,
            "out": sum(post.status in (Status.PUBLISHED, Status.RETIRED) for post in pieces),
            "own": own,
            **_progress(pieces, own),
            "entries": [(one, history.sentence(one.verb)) for one in Entry.objects.about(found)[:ENTRIES_SHOWN]],
            "moves": _moves(found),
            "may_plan": may(request.membership.level, Act.PLAN),
            "may_comment": may(request.membership.level, Act.COMMENT),
            "today": timezone.localtime(clock.now()).date(),
        },
    )


def _progress(pieces: Iterable[Post], own: Iterable[WorkItem]) -> dict[str, int]:
    """The work of all its posts and its own, done of all that is wanted."""
    about = WorkItem.objects.about_any(Post, pieces).wanted()
    counts = about.exclude(state=WorkState.DROPPED).aggregate(
        total=Count("pk"), done=Count("pk", Q(state=WorkState.DONE))
    )
    kept = [item for item in own if item.state != WorkState.DROPPED]
    return {
        "work_total": counts["total"] + len(kept),
        "work_done": counts["done"] + sum(item.state == WorkState.DONE for item in kept),
    }


def _moves(initiative: Initiative) -> list[tuple[str, Any]]:
    forward = {
        Stage.PREPARED: (Stage.RUNNING, Stage.STOPPED),
        Stage.RUNNING: (Stage.ENDED, Stage.STOPPED),
        Stage.ENDED: (Stage.RUNNING,),
        Stage.STOPPED: (Stage.PREPARED,),
    }
    words = {
        Stage.RUNNING: _("Start the initiative"),
        Stage.ENDED: _("End it"),
        Stage.STOPPED: _("Stop it"),
        Stage.PREPARED: _("Take it up again"),
    }
    return [(to, words[to]) for to in forward[Stage(initiative.stage)]]


@_PAGE
def new(request: MemberRequest) -> HttpResponse:
    """Open an initiative."""
    workspaces.require(request.membership, Act.PLAN)
    form = InitiativeForm(request.workspace, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        brief = form.brief()
        if form.attempt(lambda: posts.open_initiative(actor=request.membership, brief=brief, now=clock.now())):
            messages.success(request, _("The initiative is open: add its posts."))
            return redirect(form.outcome.link)
    back = reverse("posts:initiatives", kwargs={"workspace": request.workspace.slug}), _("Initiatives")
    hint = _("People, then aim, then the way, and technology last: the checklist “The brief of an initiative” helps.")
    return _act(request, form, _("New initiative"), _("Open the initiative"), back, hint)


@_PAGE
def edit(request: MemberRequest, initiative: int) -> HttpResponse:
    """Change its words, dates or owner."""
    workspaces.require(request.membership, Act.PLAN)
    found = _initiative(request, initiative)
    form = InitiativeForm(request.workspace, found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        brief = form.brief()
        if form.attempt(
            lambda: posts.change_initiative(initiative=found, actor=request.membership, brief=brief, now=clock.now())
        ):
            messages.success(request, _("The initiative is kept."))
            return redirect(found.link)
    return _act(request, form, _("Change the initiative"), _("Save"), (found.link, found.title))


@_PAGE
def move_on(request: MemberRequest, initiative: int, stage: str) -> HttpResponse:
    """To its next stage, with words where it ends."""
    workspaces.require(request.membership, Act.PLAN)
    found = _initiative(request, initiative)
    words = dict(_moves(found)).get(stage)
    if words is None:
        raise Http404
    form = StageForm(request.POST if request.method == "POST" else None)
    if stage not in (Stage.ENDED, Stage.STOPPED):
        del form.fields["outcome"]
    if request.method == "POST" and form.is_valid():
        outcome = form.cleaned_data.get("outcome", "")
        if form.attempt(
            lambda: posts.move_on(
                initiative=found, actor=request.membership, to=stage, outcome=outcome, now=clock.now()
            )
        ):
            messages.success(request, _("The initiative moved on."))
            return redirect(found.link)
    return _act(request, form, words, words, (found.link, found.title))


@_PAGE
def join(request: MemberRequest, post: int) -> HttpResponse:
    """Say which initiative a post serves."""
    workspaces.require(request.membership, Act.PLAN)
    found = post_of(request, post)
    form = JoinForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["initiative"]
        if form.attempt(lambda: posts.join(post=found, initiative=chosen, actor=request.membership, now=clock.now())):
            messages.success(request, _("The initiative of the post is kept."))
            return redirect(f"{found.link}#ties")
    return _act(request, form, _("The initiative that this post serves"), _("Save"), (found.link, found.title()))


@_PAGE
def attach(request: MemberRequest, initiative: int) -> HttpResponse:
    """Attach a checklist to an initiative."""
    workspaces.require(request.membership, Act.PLAN)
    found = _initiative(request, initiative)
    return _attach(request, found, (found.link, found.title))


@_PAGE
def attach_to_post(request: MemberRequest, post: int) -> HttpResponse:
    """Attach a checklist to a post."""
    workspaces.require(request.membership, Act.PLAN)
    found = post_of(request, post)
    return _attach(request, found, (found.link, found.title()))


def _attach(request: MemberRequest, subject: Post | Initiative, back: tuple[str, str]) -> HttpResponse:
    form = ChecklistForm(request.workspace, request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(
            lambda: posts.attach_checklist(subject=subject, actor=request.membership, now=clock.now(), **values)
        ):
            messages.success(request, _("The checklist is attached, as work with its reminders."))
            return redirect(form.outcome.link)
    return _act(request, form, _("Attach a checklist"), _("Attach"), back)


def _act(
    request: MemberRequest, form: OperationForm, heading: str, button: str, back: tuple[str, str], hint: str = ""
) -> HttpResponse:
    return render(
        request,
        "planner/posts/form.html",
        {"form": form, "act": heading, "button": button, "back": back, "hint": hint},
        status=form.refusal.status if form.refusal else 200,
    )

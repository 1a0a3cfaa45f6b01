"""What people say to us: the list, one message, how it is sorted, and the improvements that came of it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock
from planner.base.forms import OperationForm, next_page
from planner.dialogue import operations as dialogue
from planner.dialogue.forms import AnswerForm, LeadForm, MergeForm, ReceiveForm, SortForm, VerifyForm
from planner.dialogue.models import Signal
from planner.dialogue.rules import NEEDS_REASON, TEMPLATES, VERIFY_KEY, WAITING, State
from planner.history import operations as history
from planner.history.models import Entry
from planner.playbook.models import PlaybookItem
from planner.posts.models import Post
from planner.work.models import WorkItem
from planner.work.rules import WorkState
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act, may

A_PAGE = 50
ENTRIES_SHOWN = 12


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """`?state=assigned` shows one state; without it, those that somebody waits for. The oldest wait longest."""
    mine = Signal.objects.filter(workspace=request.workspace).heads()
    chosen = request.GET.get("state", "")
    if chosen in State.values:
        shown = mine.filter(state=chosen).order_by("-received_at", "-pk")
    elif chosen == "all":
        shown = mine.order_by("-received_at", "-pk")
    else:
        shown = mine.waiting().order_by("received_at", "pk")
    counts = dict(mine.order_by().values_list("state").annotate(Count("pk")))
    page = Paginator(shown.counted().select_related("owner__user", "workspace"), A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "planner/dialogue/list.html",
        {
            "page": page,
            "chosen": chosen,
            "total": sum(counts.values()),
            "waiting": sum(counts.get(state, 0) for state in WAITING),
            "states": [(state, state.label, counts[state]) for state in State if counts.get(state)],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: MemberRequest) -> HttpResponse:
    """Write down what somebody said: open to every member."""
    calendar = workspaces.working_calendar(request.workspace)
    here = calendar.local(clock.now())
    asked = {"on": here.date(), "at": here.time().replace(second=0), "kind": request.GET.get("kind", "")}
    form = ReceiveForm(request.POST or None, initial=asked)
    if request.method == "POST" and form.is_valid():
        values = form.values(calendar)
        if form.attempt(lambda: dialogue.receive(actor=request.membership, now=clock.now(), **values)):
            messages.success(request, _("The message is kept. Somebody sorts it; you can follow it here."))
            return redirect(next_page(request, form.outcome.link))
    context = {"form": form, "next": next_page(request, "")}
    return render(request, "planner/dialogue/receive.html", context, status=_status(form))


def _status(form: OperationForm) -> int:
    return form.refusal.status if form.refusal else 200


def _signal(request: MemberRequest, signal: int) -> Signal:
    found = (
        Signal.objects.filter(workspace=request.workspace, pk=signal)
        .select_related("owner__user", "recorded_by__user", "merged_into", "post", "application__post")
        .first()
    )
    if found is None:
        raise Http404
    found.workspace = request.workspace
    if found.piece is not None:
        found.piece.workspace = request.workspace
    return found


# ---- one message


@require_safe
def detail(request: MemberRequest, signal: int) -> HttpResponse:
    """What was said, what was decided, what came of it."""
    return _page(request, _signal(request, signal), {})


def _page(request: MemberRequest, signal: Signal, forms: Mapping[str, OperationForm]) -> HttpResponse:
    """The page of a message, with the form that was refused in its place."""
    acts = may(request.membership.level, Act.COMMENT)
    waits = signal.state in WAITING
    calendar = workspaces.working_calendar(request.workspace)
    refused = next((form for form in forms.values() if form.refusal), None)
    return render(
        request,
        "planner/dialogue/signal.html",
        {
            "signal": signal,
            "waits": waits,
            "may_act": acts,
            "may_see_contact": acts or signal.recorded_by_id == request.membership.pk,
            "sort_form": forms.get("sort") or SortForm(signal, calendar),
            "answer_form": forms.get("answer") or AnswerForm(),
            "merge_form": forms.get("merge") or MergeForm(signal),
            "lead_form": forms.get("lead") or LeadForm(signal),
            "asked": next(iter(forms), ""),
            "templates": _templates(request, signal),
            "may_propose": may(request.membership.level, Act.PROPOSE),
            "is_begun": _is_begun(request, signal),
            "work": list(WorkItem.objects.about(signal).wanted().select_related("owner__user", "done_by__user")),
            "same": list(signal.duplicates.order_by("received_at")),
            "entries": [(entry, history.sentence(entry.verb)) for entry in Entry.objects.about(signal)[:ENTRIES_SHOWN]],
            "is_declined": signal.decision in NEEDS_REASON,
        },
        status=_status(refused) if refused else 200,
    )


def _templates(request: MemberRequest, signal: Signal) -> list[PlaybookItem]:
    """The templates that such a message starts, the likeliest first, as far as the playbook has them."""
    slugs = TEMPLATES[signal.kind]
    found = PlaybookItem.objects.visible_to(request.workspace).templates().filter(slug__in=slugs)
    return sorted(found, key=lambda item: slugs.index(item.slug))


def _is_begun(request: MemberRequest, signal: Signal) -> bool:
    """Are this person's own answers waiting to be made into a post?"""
    begun = signal.application
    return begun is not None and begun.made_at is None and begun.person_id == request.membership.pk


@require_POST
def sort(request: MemberRequest, signal: int) -> HttpResponse:
    """Decide what becomes of it."""
    workspaces.require(request.membership, Act.COMMENT)
    found = _signal(request, signal)
    form = SortForm(found, workspaces.working_calendar(request.workspace), request.POST)
    if form.is_valid():
        values = form.values()
        if form.attempt(lambda: dialogue.sort(signal=found, actor=request.membership, now=clock.now(), **values)):
            messages.success(request, _("The message is sorted."))
            return redirect(found.link)
    return _page(request, found, {"sort": form})


@require_POST
def answer(request: MemberRequest, signal: int) -> HttpResponse:
    """Write down what was answered."""
    workspaces.require(request.membership, Act.COMMENT)
    found = _signal(request, signal)
    form = AnswerForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        if form.attempt(lambda: dialogue.answer(signal=found, actor=request.membership, now=clock.now(), **values)):
            messages.success(request, _("The answer is kept beside the message."))
            return redirect(found.link)
    return _page(request, found, {"answer": form})


@require_POST
def merge(request: MemberRequest, signal: int) -> HttpResponse:
    """Join it to another that says the same."""
    workspaces.require(request.membership, Act.COMMENT)
    found = _signal(request, signal)
    form = MergeForm(found, request.POST)
    if form.is_valid():
        into = form.cleaned_data["into"]
        if form.attempt(lambda: dialogue.merge(signal=found, into=into, actor=request.membership, now=clock.now())):
            messages.success(request, _("The two messages are counted together."))
            return redirect("dialogue:signal", workspace=request.workspace.slug, signal=into.pk)
    return _page(request, found, {"merge": form})


@require_POST
def start(request: MemberRequest, signal: int, slug: str) -> HttpResponse:
    """Begin a post with what the message says."""
    workspaces.require(request.membership, Act.PROPOSE)
    found = _signal(request, signal)
    template = PlaybookItem.objects.visible_to(request.workspace).templates().filter(slug=slug).first()
    if template is None:
        raise Http404
    application = dialogue.start(signal=found, actor=request.membership, template=template, now=clock.now())
    address = reverse("posts:new", kwargs={"workspace": request.workspace.slug})
    return redirect(f"{address}?application={application.pk}")


@require_POST
def lead_to(request: MemberRequest, signal: int) -> HttpResponse:
    """Name the post that came of it."""
    workspaces.require(request.membership, Act.PROPOSE)
    found = _signal(request, signal)
    form = LeadForm(found, request.POST)
    if form.is_valid():
        post = form.cleaned_data["post"]
        if form.attempt(lambda: dialogue.lead_to(signal=found, post=post, actor=request.membership, now=clock.now())):
            messages.success(request, _("The message now leads to its post."))
            return redirect(found.link)
    return _page(request, found, {"lead": form})


@require_POST
def close(request: MemberRequest, signal: int) -> HttpResponse:
    """Nothing is left to do."""
    workspaces.require(request.membership, Act.COMMENT)
    found = _signal(request, signal)
    dialogue.close(signal=found, actor=request.membership, now=clock.now())
    messages.success(request, _("The message is closed."))
    return redirect("dialogue:list", workspace=request.workspace.slug)


@require_POST
def reopen(request: MemberRequest, signal: int) -> HttpResponse:
    """Take it up again."""
    workspaces.require(request.membership, Act.COMMENT)
    found = _signal(request, signal)
    dialogue.reopen(signal=found, actor=request.membership, now=clock.now())
    messages.success(request, _("The message is to be sorted again."))
    return redirect(found.link)


# ---- improvements


@require_safe
def improvements(request: MemberRequest) -> HttpResponse:
    """What a complaint changed, followed until it exists everywhere: first what nobody has verified yet."""
    items = _improvements(request)
    posts = Post.objects.filter(workspace=request.workspace).in_bulk({item.subject_id for item in items})
    lines = [(item, _decided(posts.get(item.subject_id))) for item in items]
    return render(
        request,
        "planner/dialogue/improvements.html",
        {
            "waiting": [line for line in lines if line[0].state == WorkState.OPEN],
            "verified": [line for line in lines if line[0].state == WorkState.DONE],
            "may_act": may(request.membership.level, Act.COMMENT),
            "now": clock.now(),
        },
    )


def _improvements(request: MemberRequest) -> list[WorkItem]:
    found = WorkItem.objects.filter(
        workspace=request.workspace, key=VERIFY_KEY, subject_type=ContentType.objects.get_for_model(Post)
    )
    return list(found.wanted().with_people().exclude(state=WorkState.DROPPED).order_by("due_at", "pk"))


def _decided(post: Post | None) -> dict[str, Any]:
    """What the post says was decided, and for whom, in the words of its template."""
    return {key: post.fields.get(key, "") for key in ("decision", "scope", "applied_on")} if post else {}


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: MemberRequest, item: int) -> HttpResponse:
    """Does the change exist everywhere?"""
    workspaces.require(request.membership, Act.COMMENT)
    found = next((one for one in _improvements(request) if one.pk == item), None)
    if found is None:
        raise Http404
    form = VerifyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        calendar = workspaces.working_calendar(request.workspace)
        again = calendar.at(values["again_on"], calendar.ends) if values["again_on"] else None
        if form.attempt(
            lambda: dialogue.verify(
                item=found,
                actor=request.membership,
                is_everywhere=values["is_everywhere"],
                note=values["note"],
                again_on=again,
                now=clock.now(),
            )
        ):
            messages.success(request, _said(values["is_everywhere"]))
            return redirect("dialogue:improvements", workspace=request.workspace.slug)
    return render(request, "planner/dialogue/verify.html", {"item": found, "form": form}, status=_status(form))


def _said(is_everywhere: bool) -> str:
    if is_everywhere:
        return _("The change exists everywhere: this is written down.")
    return _("Not everywhere yet: it will be looked at again.")

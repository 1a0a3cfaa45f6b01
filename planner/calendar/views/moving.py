"""Moving by hand, by keyboard or by form: what follows is shown before it is saved, and can be taken back."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock, language
from planner.base.errors import Invalid, PlannerError
from planner.base.forms import next_page
from planner.calendar import operations as calendar
from planner.calendar import queries
from planner.calendar.forms import MoveForm
from planner.calendar.views.drawing import words_of
from planner.posts import operations as posts
from planner.posts.models import Post
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, may


def _way_back(request: MemberRequest) -> str:
    return next_page(request, reverse("calendar:month", kwargs={"workspace": request.workspace.slug}))


def _with(address: str, **more: object) -> str:
    """The address with these words in its query."""
    parts = urlsplit(address)
    query = QueryDict(parts.query, mutable=True)
    for name, value in more.items():
        query[name] = str(value)
    return urlunsplit(parts._replace(query=query.urlencode()))


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: MemberRequest) -> HttpResponse:
    """One post to another day. `act=preview` tells what follows; asked by script, the answer is the dialog alone."""
    workspaces.require(request.membership, Act.PLAN)
    form = MoveForm(request.POST or None, initial=_present(request))
    effects: posts.Effects | None = None
    actor, now = request.membership, clock.now()
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "preview":
            form.attempt(lambda: posts.foresee(actor=actor, steps=[_step(request, form)], now=now))
            effects = form.outcome
        elif form.attempt(lambda: calendar.move(actor=actor, steps=[_step(request, form)], now=now)):
            for words in posts.stopped(_post_of(request, str(form.cleaned_data["post"])), now):
                messages.warning(request, words)
            return redirect(_with(_way_back(request), moved=form.outcome.pk))
    return _move_page(request, form, effects)


def _step(request: MemberRequest, form: MoveForm) -> posts.Step:
    values = form.cleaned_data
    return calendar.steps_to(
        actor=request.membership, post_id=values["post"], source=values["source"], on=values["on"], at=values["at"],
        version=values["version"],
    )  # fmt: skip


def _present(request: MemberRequest) -> dict[str, Any]:
    """What a link asked for: the post, where it stands, the version on the page."""
    if request.method == "POST":
        return {}
    post = _post_of(request, request.GET.get("post", ""))
    here = workspaces.working_calendar(request.workspace).local(post.planned_at) if post.planned_at else None
    source = request.GET.get("from") or (here and f"{here.date()}") or ""
    return {"post": post.pk, "version": post.version, "source": source, "on": request.GET.get("on") or source}


def _post_of(request: MemberRequest, word: str) -> Post:
    post = None
    if word.isdigit() and len(word) < 19:
        found = Post.objects.filter(workspace=request.workspace, pk=int(word)).prefetch_related("texts")
        post = found.select_related("author__user", "answerer__user", "deputy__user").first()
    if post is None:
        raise Http404
    post.workspace = request.workspace
    return post


def _move_page(request: MemberRequest, form: MoveForm, effects: posts.Effects | None) -> HttpResponse:
    post = _post_of(request, str(form["post"].value() or ""))
    refused = effects.refused[0][1] if effects and effects.refused else form.refusal
    on = form.cleaned_data.get("on") if form.is_bound and form.is_valid() else None
    context = {
        "post": post,
        "title": post.title(language.current()),
        "form": form,
        "effects": None if refused else effects,
        "refused": refused,
        "on": on,
        "next": _way_back(request),
    }
    page = "planner/calendar/_move.html" if request.htmx else "planner/calendar/move.html"
    status = refused.status if refused else 200
    return render(request, page, context, status=200 if request.htmx else status)


@require_POST
def undo(request: MemberRequest, entry: int) -> HttpResponse:
    """Take a move back, within ten minutes."""
    try:
        calendar.undo(actor=request.membership, entry_id=entry, now=clock.now())
    except PlannerError as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The move is taken back."))
    return redirect(_without_moved(_way_back(request)))


def _without_moved(address: str) -> str:
    parts = urlsplit(address)
    query = QueryDict(parts.query, mutable=True)
    query.pop("moved", None)
    return urlunsplit(parts._replace(query=query.urlencode()))


# ---- several at once


@require_POST
def bulk(request: MemberRequest) -> HttpResponse:
    """Several posts by so many working days, or to another author: first what follows, then the act (`sure=1`)."""
    workspaces.require(request.membership, Act.PLAN)
    chosen = _chosen(request)
    handle: Callable[..., HttpResponse] = _author if request.POST.get("act") == "author" else _shift
    try:
        return handle(request, chosen)
    except Invalid as refusal:
        messages.error(request, str(refusal))
        return redirect(_way_back(request))


def _chosen(request: MemberRequest) -> dict[int, int | None]:
    """Post ids to the versions on the page, written `12:3`."""
    chosen: dict[int, int | None] = {}
    for word in request.POST.getlist("post"):
        pk, _colon, version = word.partition(":")
        if pk.isdigit() and len(pk) < 19:
            chosen[int(pk)] = int(version) if version.isdigit() and len(version) < 10 else None
    return chosen


def _shift(request: MemberRequest, chosen: dict[int, int | None]) -> HttpResponse:
    member, now = request.membership, clock.now()
    word = request.POST.get("days", "").strip()
    days = int(word) if word.lstrip("-").isdigit() and len(word) < 5 else 0
    steps = calendar.shift(actor=member, chosen=chosen, days=days)
    if request.POST.get("sure"):
        entry = calendar.move(actor=member, steps=steps, now=now)
        return redirect(_with(_way_back(request), moved=entry.pk))
    effects = posts.foresee(actor=member, steps=steps, now=now)
    spoken = language.current()
    context = {
        "act": "shift",
        "heading": ngettext("Move by one working day", "Move by %(days)s working days", abs(days)) % {"days": days},
        "lines": [(step.post.title(spoken), step.day, f"{step.post.pk}:{step.version}") for step in effects.steps],
        "refused": [(post.title(spoken), refusal) for post, refusal in effects.refused],
        "sentence": effects.sentence if effects.steps else "",
        "effects": effects,
        "said": [(post.title(spoken), found) for post, found in effects.said],
        "days": days,
        "next": _way_back(request),
    }
    return render(request, "planner/calendar/bulk.html", context)


def _author(request: MemberRequest, chosen: dict[int, int | None]) -> HttpResponse:
    word = request.POST.get("author", "")
    people = Membership.objects.active().with_people().filter(workspace=request.workspace)
    author = people.filter(pk=int(word) if word.isdigit() and len(word) < 19 else 0).first()
    if author is None or not may(author.level, Act.WRITE):
        raise Invalid(_("Choose somebody who may write here."))
    if request.POST.get("sure"):
        found = calendar.change_owner(actor=request.membership, chosen=chosen, author=author, now=clock.now())
        words = ngettext("%(count)s post has another author.", "%(count)s posts have another author.", len(found))
        messages.success(request, words % {"count": len(found)})
        return redirect(_way_back(request))
    spoken = language.current()
    shown = Post.objects.filter(workspace=request.workspace, pk__in=list(chosen)).prefetch_related("texts")
    context = {
        "act": "author",
        "heading": _("Give them to %(person)s") % {"person": author},
        "lines": [(post.title(spoken), None, f"{post.pk}:{chosen[post.pk]}") for post in shown],
        "refused": [],
        "sentence": _("Open work of the author goes with them."),
        "author": author.pk,
        "next": _way_back(request),
    }
    return render(request, "planner/calendar/bulk.html", context)


# ---- the details of an entry


@require_safe
def peek(request: MemberRequest, post: int) -> HttpResponse:
    """What an entry is about: when, where, who, what is missing, what comes next. A part of a page, asked by script."""
    found = _post_of(request, str(post))
    if request.headers.get("Sec-Fetch-Dest") == "document":  # opened in a window of its own: the whole post, then
        return redirect(found.link)
    spoken = language.current()
    on = request.GET.get("on", "")
    placements = found.placements.filter(cancelled_at__isnull=True).select_related("channel")
    items = queries.next_work(found)
    context = {
        "post": found,
        "title": found.title(spoken),
        "placements": placements.order_by("shown_at", "channel__position"),
        "missing": words_of(queries.missing_of(found, clock.now())),
        "item": items,
        "move": reverse("calendar:move", kwargs={"workspace": request.workspace.slug})
        + "?"
        + urlencode({"post": found.pk, "from": on if _is_day(on) else "", "next": _way_back(request)}),
        "may_plan": may(request.membership.level, Act.PLAN),
    }
    return render(request, "planner/calendar/_peek.html", context)


def _is_day(word: str) -> bool:
    try:
        date.fromisoformat(word)
    except ValueError:
        return False
    return True

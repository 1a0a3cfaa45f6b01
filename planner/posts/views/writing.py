"""Writing: the texts with what one is typing kept, the frame, a channel's own text. Nobody's text is lost."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import wordcount
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planner.base import clock
from planner.history.rules import difference
from planner.posts import operations as posts
from planner.posts.forms import FrameForm, PlacementTextForm, SourceFormSet, TextForm, audiences_of, sources_of
from planner.posts.models import Buffer, Post
from planner.posts.operations import Conflict
from planner.posts.operations.reading import revision_of
from planner.posts.rules import FROZEN
from planner.posts.views import checking
from planner.posts.views.found import known_language, placement_of, post_of
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act

# ---- the text in one language


@require_http_methods(["GET", "HEAD", "POST"])
def edit_text(request: MemberRequest, post: int, code: str) -> HttpResponse:
    """The editor: save, keep for later, or see how it will read."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    known_language(request, code)
    form = TextForm(request.POST or None, initial=_standing(found, code))
    act = request.POST.get("act", "save")
    if request.method == "POST" and form.is_valid():
        if act == "preview" and request.htmx:
            return render(request, "planner/posts/_prose.html", {"text": form.cleaned_data, "code": code})
        if act == "keep":
            return _keep(request, found, code, form)
        if act == "save":
            done = _save(request, found, code, form)
            if done is not None:
                return done
    return _editor(request, found, code, form, act=act)


def _standing(post: Post, code: str) -> dict[str, Any]:
    text = next((text for text in post.texts.all() if text.language == code), None)
    last = revision_of(post)
    return {
        "title": text.title if text else "",
        "body": text.body if text else "",
        "base_revision": last.number if last else 0,
    }


def _save(request: MemberRequest, post: Post, code: str, form: TextForm) -> HttpResponse | None:
    conflict: list[Conflict] = []
    values = form.cleaned_data

    def save() -> Any:
        try:
            return posts.save_text(post=post, actor=request.membership, language=code, now=clock.now(), **values)
        except Conflict as met:
            conflict.append(met)
            raise

    if form.attempt(save):
        messages.success(request, _("The text is saved."))
        return redirect(f"{post.link}?text={code}#text-{code}")
    return _both_texts(request, post, code, conflict[0]) if conflict else None


def _both_texts(request: MemberRequest, post: Post, code: str, conflict: Conflict) -> HttpResponse:
    """What both wrote, word by word, and one editor to go on with."""
    chosen = TextForm(initial={**conflict.mine, "base_revision": conflict.revision})
    return render(
        request,
        "planner/posts/conflict.html",
        {
            "post": post,
            "code": code,
            "conflict": conflict,
            "mine": TextForm(initial={**conflict.mine, "base_revision": conflict.revision}, auto_id="mine_%s"),
            "form": chosen,
            "title_pieces": difference(conflict.theirs["title"], conflict.mine["title"]),
            "body_pieces": difference(conflict.theirs["body"], conflict.mine["body"]),
        },
        status=conflict.status,
    )


def _keep(request: MemberRequest, post: Post, code: str, form: TextForm) -> HttpResponse:
    kept = form.attempt(
        lambda: posts.keep_typing(
            post=post, actor=request.membership, language=code, now=clock.now(), **form.cleaned_data
        )
    )
    if not kept:
        return _editor(request, post, code, form)
    messages.success(request, _("Kept for you alone. Nobody sees it before you save."))
    return redirect(post.link)


def _editor(request: MemberRequest, post: Post, code: str, form: TextForm, *, act: str = "") -> HttpResponse:
    checked = act == "check" and form.is_bound and form.is_valid()
    return render(
        request,
        "planner/posts/edit_text.html",
        {
            "post": post,
            "code": code,
            "form": form,
            "blocks": post.template_payload.get("body") or (),
            "kept": None if form.is_bound else _newer_buffer(request, post, code),
            "previewed": form.data if act == "preview" and form.is_bound else None,
            "checked": checked,
            "findings": checking.of_typing(post, code, form, clock.now()) if checked else [],
            "is_frozen": post.status in FROZEN,
            "voids": post.status in ("approved", "scheduled"),
        },
        status=form.refusal.status if form.refusal else 200,
    )


def _newer_buffer(request: MemberRequest, post: Post, code: str) -> Buffer | None:
    """What this person typed and did not save, when it says something else than the text."""
    buffer = Buffer.objects.filter(post=post, person=request.membership, language=code).first()
    standing = _standing(post, code)
    if buffer is None or (buffer.title, buffer.body) == (standing["title"], standing["body"]):
        return None
    return buffer


@require_POST
def keep_typing(request: MemberRequest, post: int, code: str) -> HttpResponse:
    """What the script sends while somebody types. Answers with the words to show."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    known_language(request, code)
    form = TextForm(request.POST)
    if not form.is_valid():
        return HttpResponse(_("Too long to be kept: save a shorter text."), status=400, content_type="text/plain")
    posts.keep_typing(post=found, actor=request.membership, language=code, now=clock.now(), **form.cleaned_data)
    return HttpResponse(_("Kept for you, not saved yet."), content_type="text/plain; charset=utf-8")


@require_POST
def discard_typing(request: MemberRequest, post: int, code: str) -> HttpResponse:
    """Throw away what I was typing."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    known_language(request, code)
    posts.discard_typing(post=found, actor=request.membership, language=code, now=clock.now())
    messages.success(request, _("What you had typed is thrown away; the text stays as it was saved."))
    return redirect("posts:edit_text", workspace=request.workspace.slug, post=found.pk, code=code)


@require_http_methods(["GET", "HEAD"])
def kept_typing(request: MemberRequest, post: int, code: str) -> HttpResponse:
    """The editor again, filled with what this person had typed."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    known_language(request, code)
    buffer = _newer_buffer(request, found, code)
    if buffer is None:
        return redirect("posts:edit_text", workspace=request.workspace.slug, post=found.pk, code=code)
    values = {"title": buffer.title, "body": buffer.body, "base_revision": buffer.base_revision}
    return _editor_with(request, found, code, values)


def _editor_with(request: MemberRequest, post: Post, code: str, values: dict[str, Any]) -> HttpResponse:
    form = TextForm(values)
    form.is_valid()
    return _editor(request, post, code, form)


# ---- the frame


@require_http_methods(["GET", "HEAD", "POST"])
def edit_frame(request: MemberRequest, post: int) -> HttpResponse:
    """For whom, what for, the questions, the sources."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    form = FrameForm(found, request.POST or None)
    sources = SourceFormSet(request.POST or None, initial=found.sources, prefix="sources")
    if request.method == "POST" and form.is_valid() and sources.is_valid():
        version = form.cleaned_data["version"]
        values = form.values()
        values["sources"] = sources_of(sources)
        if form.attempt(
            lambda: posts.update_frame(
                post=found, actor=request.membership, values=values, version=version, now=clock.now()
            )
        ):
            messages.success(request, _("The frame is saved."))
            return redirect(f"{found.link}#frame")
    return render(
        request,
        "planner/posts/edit_frame.html",
        {"post": found, "form": form, "sources": sources, "audiences": audiences_of(request.workspace)},
        status=form.refusal.status if form.refusal else 200,
    )


# ---- a channel's own text


@require_http_methods(["GET", "HEAD", "POST"])
def placement_text(request: MemberRequest, post: int, placement: int, code: str) -> HttpResponse:
    """What this channel says in one language, when it is not the text of the post."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    place = placement_of(found, placement)
    known_language(request, code)
    form = PlacementTextForm(request.POST or None, initial=place.text.get(code) or {})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(
            lambda: posts.save_placement_text(
                post=found, placement=place, actor=request.membership, language=code, now=clock.now(), **values
            )
        ):
            messages.success(request, _("The text for %(channel)s is saved.") % {"channel": place.channel})
            return redirect(f"{found.link}#channels")
    limits = place.channel.limits
    return render(
        request,
        "planner/posts/placement_text.html",
        {
            "post": found,
            "placement": place,
            "code": code,
            "form": form,
            "limits": limits,
            "words": wordcount(str(form["body"].value() or "")),
        },
        status=form.refusal.status if form.refusal else 200,
    )

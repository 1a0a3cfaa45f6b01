"""A new post: choose a template, answer, see what will be made, create."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planner.base import clock, language
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts import rules
from planner.posts.forms import NewPostForm, audiences_of
from planner.posts.models import Post
from planner.posts.operations.create import Preview
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, EditorialRole, may


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """`?template=slug&on=2026-05-21&at=10:00`. Nothing is made before the button that says so."""
    workspaces.require(request.membership, Act.PROPOSE)
    known = PlaybookItem.objects.visible_to(request.workspace).templates()
    template = known.filter(slug=request.GET.get("template", "")).first()
    if template is None:
        return render(request, "planner/posts/choose.html", {"templates": known, "query": _when(request)})
    initial = {**_defaults(request, template), **_when(request)}
    form = NewPostForm(template, request.membership, request.POST or None, initial=initial)
    seen: Preview | None = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "create" and form.attempt(lambda: _make(request, template, form)):
            messages.success(request, _made(form.outcome))
            return redirect(form.outcome.link)
        if not form.refusal and form.attempt(lambda: _preview(request, template, form)):
            seen = form.outcome
    return render(
        request,
        "planner/posts/new.html",
        {
            "item": template,
            "form": form,
            "audiences": audiences_of(request.workspace),
            "preview": seen,
            "lines": _lines(seen) if seen else [],
            "missing": _missing(form) if seen else [],
            "may_plan": may(request.membership.level, Act.PLAN),
        },
        status=form.refusal.status if form.refusal else 200,
    )


def _when(request: MemberRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("on", "at") if request.GET.get(name)}


def _defaults(request: MemberRequest, template: PlaybookItem) -> dict[str, Any]:
    """What the template says before anybody answers."""
    payload: Mapping[str, Any] = template.payload
    channels = request.workspace.channels.used().filter(slug__in=payload.get("default_channels") or ())
    spoken = request.user.language
    return {
        "channels": [channel.pk for channel in channels],
        "language": spoken if spoken in request.workspace.languages else request.workspace.main_language,
        "intent": payload.get("intent"),
        "is_evergreen": bool(payload.get("evergreen")),
        "is_regulated": bool(payload.get("regulated")),
        "author": request.membership.pk,
        "at": time(10, 0),
    }


def _make(request: MemberRequest, template: PlaybookItem, form: NewPostForm) -> Post:
    values = form.cleaned_data
    shared: dict[str, Any] = {
        "actor": request.membership,
        "template": template,
        "channels": list(values["channels"]),
        "values": form.values(),
        "title": values["title"],
        "language": values["language"],
        "now": clock.now(),
    }
    if may(request.membership.level, Act.PLAN):
        return posts.create_from_template(planned=form.planned(), **shared)
    return posts.propose(**shared)


def _made(post: Post) -> str:
    if post.status == rules.Status.IDEA:
        return _("Your idea is kept. Somebody who plans will give it a date, or say why not.")
    return _("The post is created, with its work and its reminders.")


def _preview(request: MemberRequest, template: PlaybookItem, form: NewPostForm) -> Preview:
    return posts.preview(
        actor=request.membership,
        template=template,
        planned=form.planned(),
        values=form.values(),
        channels=list(form.cleaned_data["channels"]),
        now=clock.now(),
    )


@dataclass(frozen=True)
class Line:
    """One piece of work that would be made."""

    item: Any
    person: Membership | None
    is_vacant: bool
    role: str


def _lines(seen: Preview) -> list[Line]:
    return [
        Line(one.laid, one.person, one.is_role_vacant, str(EditorialRole(one.laid.task.role).label))
        for one in seen.items
    ]


def _missing(form: NewPostForm) -> list[str]:
    """What will still be asked before review: nothing of it stops the creation."""
    values, payload = form.values(), form.template
    frame = (
        (values.get("audience"), _("for whom precisely")),
        (values.get("objective"), _("what changes for them")),
        (values.get("success_measure"), _("how you will know that it worked")),
        (form.cleaned_data["channels"], _("a channel")),
    )
    names = [words for value, words in frame if not value]
    questions = [language.pick(label) for _key, label in rules.unanswered(payload, form.answers)]
    return names + [_("“%(question)s”") % {"question": question} for question in questions]

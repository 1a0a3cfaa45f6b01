"""A new post: choose a template, answer one by one or all on a page, see what will be made, create.

What is typed is kept on the server from the first button pressed, or a moment after each pause where scripts run.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planner.base import clock, language
from planner.base.errors import PlannerError
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts import rules
from planner.posts.forms import NewPostForm, Step, audiences_of
from planner.posts.models import Application, Post
from planner.posts.operations.create import Preview
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, EditorialRole, may


@dataclass
class Begun:
    """What is being applied, and what this person typed so far, if anything."""

    template: PlaybookItem
    application: Application | None
    address: str

    def to(self, **query: Any) -> str:
        """The same answers on another page."""
        chosen = {"application": self.application.pk} if self.application else {"template": self.template.slug}
        return f"{self.address}?{urlencode({**chosen, **query})}"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """`?template=slug&on=2026-05-21&at=10:00`, or `?application=12` to go on; `&ask=one&step=3` asks one at a time.

    Nothing is made before the button that says so; `&see=1` shows what would be.
    """
    workspaces.require(request.membership, Act.PROPOSE)
    begun = _begun(request)
    if begun is None:
        return _choose(request)
    if request.GET.get("ask") == "one":
        return _one_by_one(request, begun)
    if request.method != "POST":
        form = _form(request, begun, bound="see" in request.GET)
        return _page(request, begun, form, form.is_bound and form.is_valid())
    form = _kept(request, begun, list(_blank(request, begun).fields))
    act = request.POST.get("act")
    if act == "later":
        return _put_aside(request)
    is_valid = form.is_valid()
    if is_valid and act == "create" and form.attempt(lambda: _make(request, begun, form)):
        messages.success(request, _made(form.outcome))
        return redirect(form.outcome.link)
    return _page(request, begun, form, is_valid and not form.refusal)


def _begun(request: MemberRequest) -> Begun | None:
    """The template or the answers that the address names; None when it names no template of the playbook."""
    address = reverse("posts:new", kwargs={"workspace": request.workspace.slug})
    mine = Application.objects.open().filter(person=request.membership).select_related("template", "source")
    if "application" in request.GET:
        number = request.GET["application"]
        found = mine.filter(pk=int(number)).first() if number.isdecimal() else None
        if found is None:
            raise Http404
        return Begun(found.template, found, address)
    known = PlaybookItem.objects.visible_to(request.workspace).templates()
    template = known.filter(slug=request.GET.get("template", "")).first()
    if template is None:
        return None
    return Begun(template, mine.filter(template=template, origin="").first(), address)


def _choose(request: MemberRequest) -> HttpResponse:
    mine = Application.objects.open().filter(person=request.membership).select_related("template")
    context = {
        "templates": PlaybookItem.objects.visible_to(request.workspace).templates(),
        "query": _when(request),
        "begun": list(mine),
    }
    return render(request, "planner/posts/choose.html", context)


# ---- what is typed


def _blank(request: MemberRequest, begun: Begun) -> NewPostForm:
    """The form as the template fills it in."""
    waiting = list(begun.application.uploads.all()) if begun.application else []
    initial = {**_defaults(request, begun), **_when(request)}
    return NewPostForm(begun.template, request.membership, initial=initial, waiting=waiting)


def _form(request: MemberRequest, begun: Begun, *, bound: bool) -> NewPostForm:
    """The form with what was typed so far: to be checked when `bound`, else to be filled in further."""
    form = _blank(request, begun)
    kept = begun.application.answers if begun.application else {}
    if bound:
        form.data = _as_sent(form, kept)
        form.is_bound = True
    else:
        clicked = _when(request)  # the day that somebody clicked on goes before the one that was kept
        names = [name for name in form.fields if name in kept and name not in clicked]
        form.initial.update({name: _shown(form.fields[name], kept[name]) for name in names})
    return form


def _as_sent(form: NewPostForm, kept: Mapping[str, list[str]]) -> QueryDict:
    """What a browser would send: what was typed, and what the template says where nothing was."""
    data = QueryDict(mutable=True)
    for name, field in form.fields.items():
        given = kept[name] if name in kept else _texts(field.widget, form.get_initial_for_field(field, name))
        data.setlist(name, given)
    return data


def _texts(widget: forms.Widget, value: Any) -> list[str]:
    if value is None or value is False or value == "":
        return []
    if isinstance(widget, forms.CheckboxInput):
        return ["on"]
    values = value if isinstance(value, list | tuple) else [value]
    return [one.isoformat(timespec="minutes") if isinstance(one, time) else str(one) for one in values]


def _shown(field: forms.Field, typed: list[str]) -> Any:
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        return typed
    if isinstance(field, forms.BooleanField):
        return bool(typed)
    return typed[-1] if typed else ""


def _kept(request: MemberRequest, begun: Begun, names: Iterable[str]) -> NewPostForm:
    """Keep what was sent for these fields, files included, and give the form back with all that is known now."""
    names = [name for name in names if not name.startswith("upload-")]
    begun.application = _save(request, begun, names)
    refused = _keep_files(request, begun.application)
    form = _form(request, begun, bound=True)
    for name, words in refused.items():
        form.add_error(name, words)
    return form


def _save(request: MemberRequest, begun: Begun, names: Iterable[str]) -> Application:
    now, actor = clock.now(), request.membership
    application = begun.application or posts.start_application(actor=actor, template=begun.template, now=now)
    typed = {name: request.POST.getlist(name) for name in names}
    return posts.keep_answers(application=application, actor=actor, answers=typed, now=now)


def _keep_files(request: MemberRequest, application: Application) -> dict[str, str]:
    """Files are chosen as the answer as soon as they are kept; what cannot be kept is said beside its field."""
    refused = {}
    for name, file in request.FILES.items():
        if not name.startswith("upload-") or not isinstance(file, UploadedFile):
            continue
        now, actor = clock.now(), request.membership
        try:
            upload = posts.add_waiting_upload(application=application, actor=actor, file=file, now=now)
        except PlannerError as refusal:
            refused[name] = str(refusal)
            continue
        answer = {name.replace("upload-", "field-", 1): [str(upload.pk)]}
        application.answers = posts.keep_answers(application=application, actor=actor, answers=answer, now=now).answers
    return refused


@require_POST
def keep_answers(request: MemberRequest) -> HttpResponse:
    """What the script sends while somebody types. Answers with the words to show."""
    workspaces.require(request.membership, Act.PROPOSE)
    begun = _begun(request)
    if begun is None:
        raise Http404
    steps = _steps(request, begun)
    at_once = steps[min(_number(request), len(steps) - 1) :][:1] if "step" in request.GET else steps
    names = [name for step in at_once for name in step.names]
    _save(request, begun, [name for name in names if not name.startswith("upload-")])
    return HttpResponse(_("Kept for you; nothing is created yet."), content_type="text/plain; charset=utf-8")


@require_POST
def discard_answers(request: MemberRequest, application: int) -> HttpResponse:
    """Throw away what I had typed."""
    workspaces.require(request.membership, Act.PROPOSE)
    found = Application.objects.open().filter(person=request.membership, pk=application).first()
    if found is None:
        raise Http404
    posts.discard_application(application=found, actor=request.membership, now=clock.now())
    messages.success(request, _("What you had typed is thrown away."))
    return redirect("posts:new", workspace=request.workspace.slug)


def _put_aside(request: MemberRequest) -> HttpResponse:
    messages.success(request, _("Your answers are kept. You find them again under New post."))
    return redirect("posts:new", workspace=request.workspace.slug)


# ---- one question at a time


def _steps(request: MemberRequest, begun: Begun) -> list[Step]:
    return _blank(request, begun).steps()


def _number(request: MemberRequest) -> int:
    wanted = request.GET.get("step", "1")
    return max(0, int(wanted) - 1) if wanted.isdecimal() else 0


def _one_by_one(request: MemberRequest, begun: Begun) -> HttpResponse:
    """The fields of one step; the last one leads to what will be created."""
    steps = _steps(request, begun)
    here = min(_number(request), len(steps) - 1)
    form = _form(request, begun, bound=False)
    if request.method == "POST":
        form = _kept(request, begun, steps[here].names)
        if request.POST.get("act") == "later":
            return _put_aside(request)
        if not any(name in form.errors for name in steps[here].names):
            forward = here + 1 if request.POST.get("act") != "back" else max(0, here - 1)
            return redirect(begun.to(see=1) if forward == len(steps) else begun.to(ask="one", step=forward + 1))
    step = form.steps()[here]
    return render(
        request,
        "planner/posts/new_one.html",
        {
            "item": begun.template,
            "form": form,
            "step": step,
            "fields": [form[name] for name in step.names],
            "number": here + 1,
            "total": len(steps),
            "steps": [(place + 1, one.heading, begun.to(ask="one", step=place + 1)) for place, one in enumerate(steps)],
            "everything": begun.to(),
            "keep": _keep_address(request, begun, step=here + 1),
            "audiences": audiences_of(request.workspace),
        },
    )


def _keep_address(request: MemberRequest, begun: Begun, **query: Any) -> str:
    address = reverse("posts:keep_answers", kwargs={"workspace": request.workspace.slug})
    return Begun(begun.template, begun.application, address).to(**query)


# ---- all on one page


def _page(request: MemberRequest, begun: Begun, form: NewPostForm, is_seen: bool) -> HttpResponse:
    seen: Preview | None = None
    if is_seen and form.attempt(lambda: _preview(request, begun, form)):
        seen = form.outcome
    return render(
        request,
        "planner/posts/new.html",
        {
            "item": begun.template,
            "application": begun.application,
            "source": begun.application.source if begun.application else None,
            "form": form,
            "audiences": audiences_of(request.workspace),
            "preview": seen,
            "lines": _lines(seen) if seen else [],
            "people": _people(seen) if seen else [],
            "vacant": _vacant(seen) if seen else [],
            "missing": _missing(form) if seen else [],
            "may_plan": may(request.membership.level, Act.PLAN),
            "action": begun.to(),
            "one_by_one": begun.to(ask="one", step=1),
            "keep": _keep_address(request, begun),
        },
        status=form.refusal.status if form.refusal else 200,
    )


def _when(request: MemberRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("on", "at") if request.GET.get(name)}


def _defaults(request: MemberRequest, begun: Begun) -> dict[str, Any]:
    """What the template says before anybody answers."""
    payload: Mapping[str, Any] = begun.template.payload
    received_at = begun.application.received_at if begun.application else None
    usual = posts.usual_day(
        workspace=request.workspace, template=begun.template, received_at=received_at, now=clock.now()
    )
    channels = request.workspace.channels.used().filter(slug__in=payload.get("default_channels") or ())
    spoken = request.user.language
    return {
        "channels": [channel.pk for channel in channels],
        "language": spoken if spoken in request.workspace.languages else request.workspace.main_language,
        "intent": payload.get("intent"),
        "is_evergreen": bool(payload.get("evergreen")),
        "is_regulated": bool(payload.get("regulated")),
        "author": request.membership.pk,
        "on": usual,
        "at": time(10, 0),
    }


def _make(request: MemberRequest, begun: Begun, form: NewPostForm) -> Post:
    values = form.cleaned_data
    shared: dict[str, Any] = {
        "actor": request.membership,
        "template": begun.template,
        "channels": list(values["channels"]),
        "values": _values(begun, form),
        "title": values["title"],
        "language": values["language"],
        "application": begun.application,
        "consents": form.consents(_today(request)),
        "now": clock.now(),
    }
    if may(request.membership.level, Act.PLAN):
        return posts.create_from_template(planned=form.planned(), **shared)
    return posts.propose(**shared)


def _today(request: MemberRequest) -> date:
    return workspaces.working_calendar(request.workspace).local(clock.now()).date()


def _values(begun: Begun, form: NewPostForm) -> Any:
    """What the form says, and when the message reached us from which this starts."""
    received_at = begun.application.received_at if begun.application else None
    return {**form.values(), **({"received_at": received_at} if received_at else {})}


def _made(post: Post) -> str:
    if post.status == rules.Status.IDEA:
        return _("Your idea is kept. Somebody who plans will give it a date, or say why not.")
    return _("The post is created, with its work and its reminders.")


def _preview(request: MemberRequest, begun: Begun, form: NewPostForm) -> Preview:
    return posts.preview(
        actor=request.membership,
        template=begun.template,
        planned=form.planned(),
        values=_values(begun, form),
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


def _people(seen: Preview) -> list[tuple[Membership, str]]:
    """The three people that the post itself names."""
    named = (("author", _("writes")), ("answerer", _("answers")), ("deputy", _("answers when they cannot")))
    found: Mapping[str, Any] = seen.values
    return [(found[key], words) for key, words in named if found.get(key)]


def _vacant(seen: Preview) -> list[str]:
    """The roles without anybody, each once."""
    return list(dict.fromkeys(line.role for line in _lines(seen) if line.is_vacant))


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

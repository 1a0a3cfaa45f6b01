"""Declaring: one page, with what it would do written beside each level, and one button."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock
from planner.crisis import operations as crises
from planner.crisis import rules
from planner.crisis.forms import DeclareForm
from planner.crisis.models import Crisis
from planner.crisis.queries import conduct_of
from planner.crisis.rules import CELL, Conduct
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Membership
from planner.workspaces.rules import RoleBook

PAST_SHOWN = 12


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """The war room while a crisis is open; else the page that declares one."""
    opened = Crisis.objects.open().filter(workspace=request.workspace).order_by("-level", "declared_at").first()
    if opened is not None:
        opened.workspace = request.workspace
        return redirect(opened.link)
    return declare(request)


@dataclass(frozen=True)
class Choice:
    """One level on the page: its words, its signs, and whether this person may declare it."""

    number: int
    page: Any
    is_yours: bool
    holds: str


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: MemberRequest) -> HttpResponse:
    """Two clicks from any page: here, and the button."""
    conduct = conduct_of(request.workspace)
    seen = crises.consequences(workspace=request.workspace)
    form = DeclareForm(
        request.workspace, seen.by_channel, crises.notices_of(request.workspace), clock.now(),
        request.POST or None,
        initial={"level": request.GET.get("level", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and form.attempt(lambda: _declare(request, form)):
        messages.success(request, _("Declared. Everything it covers is held; the work is dated."))
        return redirect(form.outcome.link)
    waits = WorkItem.objects.about(request.workspace).open().filter(key__startswith="drill-").first()
    if waits is not None:
        waits.workspace = request.workspace
    context = {
        "form": form,
        "choices": _choices(conduct, workspaces.role_book(request.workspace), request.membership),
        "seen": seen,
        "chosen": str(form["level"].value() or ""),
        "ticked": request.POST.getlist("triggers"),
        "is_drill": request.workspace.is_sample,
        "past": Crisis.objects.filter(workspace=request.workspace).with_people()[:PAST_SHOWN],
        "drill": conduct.pages.get("drill"),
        "waits": waits,
    }
    return render(request, "planner/crisis/declare.html", context, status=form.refusal.status if form.refusal else 200)


def _choices(conduct: Conduct, book: RoleBook[Membership], member: Membership) -> list[Choice]:
    """The gravest first: when in doubt, the higher one."""
    if not conduct.is_loaded:
        return []
    pages = [(number, conduct.level(number)) for number in range(rules.HIGHEST, 0, -1)]
    return [Choice(number, page, rules.may_declare(page, book, member.pk), page["hold"]) for number, page in pages]


def _declare(request: MemberRequest, form: DeclareForm) -> Crisis:
    level = form.cleaned_data["level"]
    return crises.declare(
        actor=request.membership,
        level=level,
        title=form.cleaned_data["title"],
        reason=form.cleaned_data["reason"],
        triggers=request.POST.getlist("triggers"),
        scope=form.scope() if level == CHOSEN else None,
        excepted=form.excepted(),
        safety=form.safety(),
        is_drill=request.workspace.is_sample,
        now=clock.now(),
    )


CHOSEN = 2
"""The level whose scope is chosen."""


@require_safe
def contacts(request: MemberRequest) -> HttpResponse:
    """The cell as it would be called today: who, at what number, and who stands in; what is missing is said."""
    book = workspaces.role_book(request.workspace)
    rows = [(role.label, book.first(role), book.second(role)) for role in CELL]
    waits = WorkItem.objects.about(request.workspace).open().filter(key__startswith="contacts-").first()
    if waits is not None:
        waits.workspace = request.workspace
    return render(request, "planner/crisis/contacts.html", {"rows": rows, "waits": waits})


@require_POST
def drill(request: MemberRequest) -> HttpResponse:
    """Level 3 in a sample workspace, with a made-up event: the watch runs from here."""
    crisis = crises.declare(
        actor=request.membership,
        level=3,
        title=_("A made-up event"),
        reason=_("This is a drill."),
        is_drill=True,
        now=clock.now(),
    )
    messages.success(request, _("The drill runs. Everybody says: this is a drill."))
    return redirect(crisis.link)

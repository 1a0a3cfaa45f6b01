"""The debrief: what the log says, what people write, what changes. Nobody is to blame."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planner.base import clock
from planner.crisis import operations as crises
from planner.crisis.forms import ChangeForm, LessonsForm
from planner.crisis.models import Crisis
from planner.crisis.queries import conduct_of, tally_of
from planner.crisis.rules import CheckKind, Conduct, Outcome, leads
from planner.crisis.views.found import crisis_of, page
from planner.posts.models import HeldPlacement
from planner.posts.rules import Release
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act

LINES_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
def debrief(request: MemberRequest, crisis: int) -> HttpResponse:
    """Figures from the records, then the headings to fill."""
    found = crisis_of(request, crisis)
    conduct = conduct_of(request.workspace)
    form = LessonsForm(conduct.points("post-mortem", "sections"), request.POST or None, initial=found.lessons)
    if request.method == "POST":
        workspaces.require(request.membership, Act.COMMENT)
        if form.is_valid() and form.attempt(
            lambda: crises.save_lessons(
                crisis=found, lessons=form.written(), before=form.before(), actor=request.membership, now=clock.now()
            )
        ):
            messages.success(request, _("The debrief is kept."))
            return redirect(f"{found.link}debrief/")
    lines = list(found.lines.order_by("at", "pk")[: LINES_SHOWN + 1])
    context = {
        "crisis": found,
        "form": form,
        "figures": _figures(found, conduct),
        "lines": lines[:LINES_SHOWN],
        "has_more": len(lines) > LINES_SHOWN,
        "changes": found.changes.select_related("owner__user"),
        "closing": found.checks.filter(kind=CheckKind.CLOSING).select_related("done_by__user"),
        "leads": leads(workspaces.role_book(request.workspace), request.membership.pk, found.lead_id),
        "may_write": found.cleared_at is not None and found.debriefed_at is None,
    }
    return render(request, "planner/crisis/debrief.html", context, status=form.refusal.status if form.refusal else 200)


def _figures(found: Crisis, conduct: Conduct) -> dict[str, Any]:
    """First words, promises, what the hold caught and what became of it, the questions, the work done."""
    said = [one for one in found.statements.all() if one.published_at is not None]
    first = min((one.published_at for one in said if one.published_at), default=None)
    rows = HeldPlacement.objects.filter(hold=found.hold_id) if found.hold_id else HeldPlacement.objects.none()
    decided = Counter(rows.values_list("decision", flat=True))
    tally = tally_of(found, conduct)
    done = WorkItem.objects.about(found).filter(done_at__isnull=False)
    return {
        "first": int((first - found.declared_at).total_seconds() // 60) if first else None,
        "first_due": int((found.first_words_due_at - found.declared_at).total_seconds() // 60)
        if found.first_words_due_at
        else None,
        "kept": sum(one.is_kept for one in said),
        "said": len(said),
        "held": sum(decided.values()),
        "decided": [(label, decided.get(value, 0)) for value, label in Release.choices],
        "waiting": decided.get("", 0),
        "work": done.count(),
        "questions": [(one.label, tally.outcomes.get(one, 0)) for one in Outcome],
        "received": tally.received,
        "lasted": int(((found.cleared_at or clock.now()) - found.declared_at).total_seconds() // 60),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def add_change(request: MemberRequest, crisis: int) -> HttpResponse:
    """What changes, who does it, by when."""
    workspaces.require(request.membership, Act.COMMENT)
    found = crisis_of(request, crisis)
    form = ChangeForm(request.workspace, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.attempt(
        lambda: crises.add_change(crisis=found, actor=request.membership, now=clock.now(), **form.cleaned_data)
    ):  # fmt: skip
        messages.success(request, _("Noted. It is looked at again later, by whoever does it."))
        return redirect(f"{found.link}debrief/#changes")
    return page(request, found, form, _("Name a change"), _("Name the change"))


@require_POST
def close(request: MemberRequest, crisis: int) -> HttpResponse:
    """The debrief is done."""
    found = crisis_of(request, crisis)
    crises.close_debrief(crisis=found, actor=request.membership, now=clock.now())
    messages.success(request, _("The debrief is closed. Its changes go on."))
    return redirect(f"{found.link}debrief/")

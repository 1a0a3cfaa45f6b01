"""Another level, another lead, and the end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planner.base import clock
from planner.base.language import pick
from planner.crisis import operations as crises
from planner.crisis import rules
from planner.crisis.forms import LeadForm, LevelForm, ReasonForm
from planner.crisis.queries import conduct_of
from planner.crisis.rules import CheckKind
from planner.crisis.views.declaring import CHOSEN
from planner.crisis.views.found import crisis_of, page
from planner.workspaces.access import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
def level(request: MemberRequest, crisis: int) -> HttpResponse:
    """Up at once, down one step at a time."""
    found = crisis_of(request, crisis)
    conduct = conduct_of(request.workspace)
    open_to = [number for number in range(1, rules.HIGHEST + 1) if not rules.step_refusal(found.level, number)]
    numbers = range(1, rules.HIGHEST + 1) if conduct.is_loaded else ()
    names = [(number, f"{number}, {pick(conduct.level(number)['title'])}") for number in numbers]
    passing = crises.passing_of(found) if rules.HIGHEST in open_to and found.level < rules.HIGHEST else []
    form = LevelForm(names, passing, request.POST or None)  # a level offered a moment ago is refused in words
    seen = crises.consequences(workspace=request.workspace)
    form.offer(request.workspace, seen.by_channel, clock.now())
    if CHOSEN not in open_to or found.level >= CHOSEN:
        for name in form.scoped:
            form.fields.pop(name, None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["level"]
        chosen = wanted == CHOSEN and "channels" in form.fields
        if form.attempt(
            lambda: crises.change_level(
                crisis=found, level=wanted, reason=form.cleaned_data["reason"], actor=request.membership,
                scope=form.scope() if chosen else None, safety=form.safety(), now=clock.now(),
            )
        ):  # fmt: skip
            messages.success(request, _("The level is %(level)s now.") % {"level": wanted})
            return redirect(found.link)
    form.offer_levels(open_to)
    hint = _("Falling releases nothing. Rising holds what the new level covers, at once.")
    return page(request, found, form, _("Change the level"), _("Change the level"), hint)


@require_http_methods(["GET", "HEAD", "POST"])
def lead(request: MemberRequest, crisis: int) -> HttpResponse:
    """Hand over, or take over."""
    found = crisis_of(request, crisis)
    form = LeadForm(request.workspace, request.POST or None, initial={"instead_of": found.lead_id})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        if form.attempt(lambda: crises.hand_over(crisis=found, actor=request.membership, now=clock.now(), **chosen)):
            messages.success(request, _("%(person)s leads now.") % {"person": chosen["to"]})
            return redirect(found.link)
    hint = _("Tell the relief the promises still open, with their hour. Whoever is relieved goes home.")
    return page(request, found, form, _("Hand over the lead"), _("Hand over"), hint)


@require_http_methods(["GET", "HEAD", "POST"])
def clear(request: MemberRequest, crisis: int) -> HttpResponse:
    """The conditions with their evidence, then the act."""
    found = crisis_of(request, crisis)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.attempt(lambda: crises.clear(crisis=found, actor=request.membership, reason=reason, now=clock.now())):
            messages.success(request, _("All clear. Nothing returns by itself: the queue is there."))
            return redirect(found.link)
    conduct = conduct_of(request.workspace)
    context = {
        "crisis": found,
        "form": form,
        "conditions": found.checks.filter(kind=CheckKind.CONDITION).select_related("done_by__user"),
        "hours": rules.quiet_hours(found.peak, conduct),
        "is_over": found.cleared_at is not None,
    }
    return render(request, "planner/crisis/clear.html", context, status=form.refusal.status if form.refusal else 200)

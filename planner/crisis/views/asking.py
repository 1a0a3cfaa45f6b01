"""The questions that come in, in turn: answered with the words that went out, or put off until the promised hour."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock
from planner.crisis import operations as crises
from planner.crisis.forms import AnswerForm
from planner.crisis.models import Crisis
from planner.crisis.queries import conduct_of, questions_in, tally_of
from planner.crisis.rules import Outcome
from planner.crisis.views.found import crisis_of
from planner.dialogue.models import Signal
from planner.dialogue.rules import WAITING
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act, may

A_PAGE = 50


@require_safe
def questions(request: MemberRequest, crisis: int) -> HttpResponse:
    """Those that wait, the most asked first, and what became of the others."""
    found = crisis_of(request, crisis)
    conduct = conduct_of(request.workspace, "triage")
    waiting = questions_in(found).in_turn().select_related("owner__user", "workspace")
    tally = tally_of(found, conduct)
    context = {
        "crisis": found,
        "page": Paginator(waiting, A_PAGE).get_page(request.GET.get("page")),
        "tally": tally,
        "outcomes": [(one.label, tally.outcomes.get(one, 0)) for one in Outcome],
        "sorting": conduct.points("triage", "sorting"),
        "now": clock.now(),
    }
    return render(request, "planner/crisis/questions.html", context)


def _question(request: MemberRequest, crisis: Crisis, question: int) -> Signal:
    found = questions_in(crisis).counted().select_related("owner__user", "recorded_by__user").filter(pk=question)
    one = found.first()
    if one is None:
        raise Http404
    one.workspace = request.workspace
    return one


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: MemberRequest, crisis: int, question: int) -> HttpResponse:
    """One question, the order in which it is sorted, and the words that went out, ready to be said again."""
    found = crisis_of(request, crisis)
    one = _question(request, found, question)
    said = crises.said_last(found)
    words = (
        next((text for text in said.post.texts.all() if text.language == said.post.language), None) if said else None
    )
    form = AnswerForm(request.POST or None, initial={"text": words.body if words else ""})
    if request.method == "POST":
        workspaces.require(request.membership, Act.COMMENT)
        if form.is_valid() and form.attempt(
            lambda: crises.answer_question(
                crisis=found, question=one, actor=request.membership, now=clock.now(), **form.cleaned_data
            )
        ):
            messages.success(request, _("The answer is kept beside the question."))
            return redirect(f"{found.link}questions/")
    context = {
        "crisis": found,
        "question": one,
        "said": said,
        "form": form,
        "waits": one.state in WAITING,
        "may_act": may(request.membership.level, Act.COMMENT),
        "sorting": conduct_of(request.workspace, "triage").points("triage", "sorting"),
        "may_put_off": found.promised_at is not None and found.promised_at > clock.now(),
    }
    return render(request, "planner/crisis/question.html", context, status=form.refusal.status if form.refusal else 200)


@require_POST
def later(request: MemberRequest, crisis: int, question: int) -> HttpResponse:
    """Answered at the promised hour, by somebody."""
    found = crisis_of(request, crisis)
    one = _question(request, found, question)
    crises.put_off_question(crisis=found, question=one, actor=request.membership, now=clock.now())
    messages.success(request, _("Put off until the promised hour: tell the person that hour now."))
    return redirect(f"{found.link}questions/")

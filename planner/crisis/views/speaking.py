"""Statements: prepare, confirm by two, publish by a person; and the same words for the desk and the phones."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock
from planner.crisis import operations as crises
from planner.crisis import rules
from planner.crisis.forms import ConfirmForm, InsideForm, PromiseForm, RecordForm
from planner.crisis.models import Crisis, Statement
from planner.crisis.operations import promises
from planner.crisis.queries import conduct_of, questions_of
from planner.crisis.rules import CheckKind, StatementKind
from planner.crisis.views.found import crisis_of, page
from planner.crisis.views.room import cell_of, facts_of
from planner.posts import operations as posts
from planner.posts.models import Post
from planner.posts.operations import findings
from planner.posts.rules import rules_in_a_hurry
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: MemberRequest, crisis: int, kind: str) -> HttpResponse:
    """The hour that it will promise, then the draft."""
    workspaces.require(request.membership, Act.COMMENT)
    if kind not in StatementKind.values:
        raise Http404
    found, at = crisis_of(request, crisis), clock.now()
    calendar = workspaces.working_calendar(request.workspace)
    conduct = conduct_of(request.workspace)
    level = conduct.level(found.level or found.peak)
    promise = promises.next_hour(found, level, max(at, found.promised_at or at))
    local = calendar.local(promise) if promise else None
    form = PromiseForm(request.POST or None, initial={"on": local and local.date(), "at": local and local.time()})
    if kind == StatementKind.CLOSING:
        form.fields.clear()
    if request.method == "POST" and form.is_valid() and form.attempt(
        lambda: crises.prepare_statement(
            crisis=found, kind=kind, actor=request.membership,
            next_at=form.instant(calendar) if form.fields else None, now=at,
        )
    ):  # fmt: skip
        return redirect(form.outcome.link)
    return page(request, found, form, StatementKind(kind).label, _("Write it"), _(
        "What is known and unknown is copied into the draft. Promise only an hour that you will keep."
    ))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def inside(request: MemberRequest, crisis: int) -> HttpResponse:
    """The note that keeps a promise made to colleagues."""
    workspaces.require(request.membership, Act.COMMENT)
    found = crisis_of(request, crisis)
    form = InsideForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.attempt(
        lambda: crises.tell_inside(
            crisis=found, text=form.cleaned_data["text"], actor=request.membership, now=clock.now()
        )
    ):  # fmt: skip
        messages.success(request, _("The note is in the log. The next hour is promised."))
        return redirect(found.link)
    return page(request, found, form, _("Tell colleagues where things stand"), _("Keep the note"), _(
        "Send it to colleagues by your usual way, and keep it here: the promise is kept."
    ))  # fmt: skip


def _statement(request: MemberRequest, found: Crisis, statement: int) -> Statement:
    one = (
        Statement.objects.filter(crisis=found, pk=statement)
        .select_related("post__template", "post__author__user")
        .prefetch_related("post__texts", "post__uploads", "post__placements__channel")
        .first()
    )
    if one is None:
        raise Http404
    one.crisis, one.post.workspace = found, request.workspace
    return one


@require_safe
def statement(request: MemberRequest, crisis: int, statement: int) -> HttpResponse:
    """The text as it stands, what the policy says of it, who has confirmed it, where it goes out."""
    found = crisis_of(request, crisis)
    return _shown(request, found, _statement(request, found, statement))


def _shown(request: MemberRequest, found: Crisis, one: Statement, form: ConfirmForm | None = None) -> HttpResponse:
    at, post = clock.now(), one.post
    confirmed = posts.confirmed(post)
    given = [approval for approval in confirmed if approval.voided_at is None]
    said = [] if one.published_at else _said(found, post)
    may_confirm = (
        one.published_at is None
        and len(given) < rules.CONFIRMATIONS
        and not any(approval.person_id == request.membership.pk for approval in given)
    )
    if may_confirm and form is None:
        form = _form(request, post, said)
    context = {
        "crisis": found,
        "statement": one,
        "post": post,
        "texts": [text for text in post.texts.all() if text.title or text.body],
        "findings": said,
        "is_stopped": any(line.severity == "block" and not line.let_pass for line in said),
        "given": given,
        "fallen": [] if one.published_at else [approval for approval in confirmed if approval.voided_at],
        "is_confirmed": len(given) >= rules.CONFIRMATIONS,
        "form": form,
        "placements": [place for place in post.placements.all() if place.cancelled_at is None],
        "now": at,
    }
    status = form.refusal.status if form and form.refusal else 200
    return render(request, "planner/crisis/statement.html", context, status=status)


def _said(found: Crisis, post: Post) -> list[findings.Line]:
    """What the policy says of it in a hurry, at least as at this level."""
    hurry = rules_in_a_hurry(post.template_payload)
    verdict = posts.judge(post, clock.now(), found.level)
    return [line for line in findings.of_verdict(verdict) if line.rule in hurry]


def _form(request: MemberRequest, post: Post, said: Sequence[findings.Line]) -> ConfirmForm:
    """The reason is asked of the director alone, and only where it could help."""
    stops = [line for line in said if line.severity == "block" and not line.let_pass]
    lets_pass = bool(stops) and all(line.may_pass for line in stops)
    lets_pass = lets_pass and posts.directs(post, request.membership, clock.now())
    return ConfirmForm(questions_of(post), lets_pass, request.POST or None)


@require_POST
def confirm(request: MemberRequest, crisis: int, statement: int) -> HttpResponse:
    """Every fact, exactly as it stands."""
    found = crisis_of(request, crisis)
    one = _statement(request, found, statement)
    form = _form(request, one.post, _said(found, one.post))
    if form.is_valid() and form.attempt(
        lambda: crises.confirm_statement(
            statement=one, actor=request.membership, answered=form.answered(),
            despite=form.cleaned_data.get("despite", ""), now=clock.now(),
        )
    ):  # fmt: skip
        messages.success(
            request, _("Confirmed, exactly as it stands. One letter changed, and it is to be confirmed again.")
        )
        return redirect(one.link)
    return _shown(request, found, one, form)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: MemberRequest, crisis: int, statement: int, placement: int) -> HttpResponse:
    """It is out: where, and at what hour."""
    workspaces.require(request.membership, Act.COMMENT)
    found = crisis_of(request, crisis)
    one = _statement(request, found, statement)
    place = next((place for place in one.post.placements.all() if place.pk == placement), None)
    if place is None:
        raise Http404
    place.post = one.post
    calendar = workspaces.working_calendar(request.workspace)
    at = calendar.local(clock.now())
    form = RecordForm(request.POST or None, initial={"on": at.date(), "at": at.time()})
    if request.method == "POST" and form.is_valid() and form.attempt(
        lambda: crises.record_statement(
            statement=one, placement=place, actor=request.membership, address=form.cleaned_data["address"],
            published_at=form.published_at(calendar), now=clock.now(),
        )
    ):  # fmt: skip
        messages.success(request, _("Recorded. The next promised hour is set."))
        return redirect(one.link)
    act = _("It is out on %(channel)s") % {"channel": place.channel}
    return page(request, found, form, act, _("Record"), _("The promise is kept at the hour you give here."))


@require_safe
def brief(request: MemberRequest, crisis: int) -> HttpResponse:
    """One sheet for the front desk and the phones: the same answer as everywhere; and the places to put right."""
    found = crisis_of(request, crisis)
    said = crises.said_last(found)
    context = {
        "crisis": found,
        "said": said,
        "texts": [text for text in said.post.texts.all() if text.body] if said else [],
        "facts": facts_of(found),
        "places": found.checks.filter(kind=CheckKind.PLACE).select_related("done_by__user"),
        "cell": cell_of(found, workspaces.role_book(request.workspace)),
        "now": clock.now(),
    }
    return render(request, "planner/crisis/brief.html", context)

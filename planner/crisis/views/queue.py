"""The re-review queue: one post at a time. There is no button for many."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock
from planner.crisis import operations as crises
from planner.crisis.forms import ReviewForm
from planner.crisis.models import Crisis, Proposal
from planner.crisis.queries import conduct_of, held_posts
from planner.crisis.views.found import crisis_of
from planner.posts import operations as posts
from planner.posts.models import HeldPlacement, Post
from planner.posts.operations import findings
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest

A_PAGE = 20


@require_safe
def queue(request: MemberRequest, crisis: int) -> HttpResponse:
    """All that waits, the oldest planned date first, and what was decided today."""
    found = crisis_of(request, crisis)
    if found.hold is None:
        raise Http404
    total = found.hold.waiting
    pages = Paginator(range(total), A_PAGE).get_page(request.GET.get("page"))
    skip = (pages.number - 1) * A_PAGE
    context = {
        "crisis": found,
        "items": held_posts(found, limit=A_PAGE, skip=skip),
        "pages": pages,
        "total": total,
        "two": found.hold.level >= posts.TWO_FROM,
        "pace": posts.pace_of(request.workspace),
        "now": clock.now(),
    }
    return render(request, "planner/crisis/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: MemberRequest, crisis: int, post: int) -> HttpResponse:
    """Three questions, four decisions, a reason."""
    found = crisis_of(request, crisis)
    if found.hold is None:
        raise Http404
    one = _post(request, post)
    rows = list(
        HeldPlacement.objects.waiting()
        .filter(hold=found.hold, placement__post=one)
        .select_related("placement__channel")
    )
    if not rows:
        raise Http404
    conduct = conduct_of(request.workspace, "hold")
    form = ReviewForm({point["key"]: point for point in conduct.points("hold", "questions")}, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.attempt(lambda: _review(request, found, one, form)):
        messages.success(request, _said(form.outcome))
        return redirect(f"{found.link}queue/")
    book = workspaces.role_book(request.workspace)
    proposal = found.proposals.filter(post=one, settled_at__isnull=True).select_related("proposed_by__user").first()
    context = {
        "crisis": found,
        "post": one,
        "rows": rows,
        "form": form,
        "texts": [text for text in one.texts.all() if text.title or text.body],
        "findings": findings.of_post(one, clock.now(), level=found.level),
        "is_unchanged": posts.is_unchanged(one, rows),
        "is_past": any(row.placement.planned_at and row.placement.planned_at <= clock.now() for row in rows),
        "two": found.hold.level >= posts.TWO_FROM,
        "may_decide": bool(posts.release_roles(book, request.membership)),
        "proposal": proposal,
        "may_confirm": proposal is not None
        and crises.may_confirm(proposal, book, found.hold.level, request.membership),
    }
    return render(request, "planner/crisis/review.html", context, status=form.refusal.status if form.refusal else 200)


def _post(request: MemberRequest, post: int) -> Post:
    found = (
        Post.objects.filter(workspace=request.workspace, pk=post)
        .select_related("author__user", "template")
        .prefetch_related("texts", "uploads", "approvals", "consents", "placements__channel")
        .first()
    )
    if found is None:
        raise Http404
    found.workspace = request.workspace
    return found


def _review(request: MemberRequest, found: Crisis, post: Post, form: ReviewForm) -> Proposal:
    return crises.review(
        crisis=found,
        post=post,
        actor=request.membership,
        decision=form.cleaned_data["decision"],
        reason=form.cleaned_data["reason"],
        answers=form.answers(),
        to=form.to(),
        now=clock.now(),
    )


def _said(review: Proposal) -> str:
    if review.settled_at is None:
        return _("Proposed. The other of the two confirms it, and then it is done.")
    return _("Decided.")


@require_POST
def confirm(request: MemberRequest, crisis: int, review: int) -> HttpResponse:
    """The other of the two agrees."""
    found = crisis_of(request, crisis)
    one = Proposal.objects.filter(crisis=found, pk=review).first()
    if one is None:
        raise Http404
    one.crisis = found
    crises.confirm_review(review=one, actor=request.membership, now=clock.now())
    messages.success(request, _("Decided."))
    return redirect(f"{found.link}queue/")

"""Holding one post by hand, and letting it go again. What a crisis holds is decided in its queue."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planner.base import clock
from planner.posts import operations as posts
from planner.posts.forms import ReasonForm, ReleaseForm
from planner.posts.models import HeldPlacement, Hold, Post
from planner.posts.rules import Release
from planner.posts.views.found import post_of
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: MemberRequest, post: int) -> HttpResponse:
    """Why it must not go out for now."""
    workspaces.require(request.membership, Act.COMMENT)
    found = post_of(request, post)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.attempt(lambda: posts.hold_post(post=found, actor=request.membership, reason=reason, now=clock.now())):
            messages.success(request, _("Held. Its reminders wait; it goes out only when somebody decides so."))
            return redirect(found.link)
    return _page(request, found, form, _("Hold the post"), _("Hold"))


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: MemberRequest, post: int, hold: int) -> HttpResponse:
    """Decide about a post held by hand; one that a crisis holds is decided in its queue."""
    workspaces.require(request.membership, Act.COMMENT)
    found = post_of(request, post)
    opened = Hold.objects.filter(workspace=request.workspace, pk=hold).first()
    if opened is None or not HeldPlacement.objects.waiting().filter(hold=opened, placement__post=found).exists():
        raise Http404
    if opened.level:
        return redirect(opened.link)
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.attempt(lambda: _decide(request, found, opened, form)):
        messages.success(request, _said(form.cleaned_data["decision"]))
        return redirect(found.link)
    return _page(request, found, form, _("Decide about the held post"), _("Decide"), hint=opened.reason)


@require_POST
def confirm(request: MemberRequest, post: int) -> HttpResponse:
    """Confirm an urgent notice, exactly as it stands."""
    found = post_of(request, post)
    despite = request.POST.get("despite", "")
    posts.confirm_urgent(post=found, actor=request.membership, despite=despite, now=clock.now())
    messages.success(
        request, _("Confirmed, exactly as it stands. One letter changed, and it is to be confirmed again.")
    )
    return redirect(f"{found.link}#urgent")


def _decide(request: MemberRequest, post: Post, opened: Hold, form: ReleaseForm) -> Post:
    return posts.decide(
        post=post,
        hold=opened,
        actor=request.membership,
        decision=form.cleaned_data["decision"],
        reason=form.cleaned_data["reason"],
        to=form.planned() if form.cleaned_data["decision"] == Release.REDATE else None,
        now=clock.now(),
    )


def _said(decision: str) -> str:
    return {
        Release.UNCHANGED: _("Released, exactly as it was held."),
        Release.REWRITE: _("Sent back for a rewrite. The author is told."),
        Release.REDATE: _("Released with its new date."),
        Release.CANCEL: _("Cancelled."),
    }[Release(decision)]


def _page(
    request: MemberRequest, post: Post, form: ReasonForm | ReleaseForm, act: str, button: str, hint: str = ""
) -> HttpResponse:
    context = {"post": post, "form": form, "act": act, "button": button, "hint": hint}
    return render(request, "planner/posts/act.html", context, status=form.refusal.status if form.refusal else 200)

"""Readers without an account: inviting them, taking a link back, and the one page that they see."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from planner.base import clock
from planner.posts import operations as posts
from planner.posts import rules
from planner.posts.forms import GuestForm, OpinionForm
from planner.posts.models import Comment, Guest
from planner.posts.operations import reading
from planner.posts.rules import Opinion
from planner.posts.views.found import post_of
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: MemberRequest, post: int) -> HttpResponse:
    """Ask somebody without an account to read; the address is shown this once."""
    workspaces.require(request.membership, Act.PLAN)
    found, form, shown = post_of(request, post), GuestForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(lambda: posts.invite_guest(post=found, actor=request.membership, now=clock.now(), **values)):
            _guest, token = form.outcome
            shown = settings.PLANNER_URL + reverse("guest_reading", kwargs={"token": token})
    context = {"post": found, "form": form, "shown": shown, "name": form.data.get("name", "")}
    return render(
        request, "planner/posts/invite_guest.html", context, status=form.refusal.status if form.refusal else 200
    )


@require_POST
def revoke(request: MemberRequest, post: int, guest: int) -> HttpResponse:
    found = post_of(request, post)
    one = Guest.objects.filter(post=found, pk=guest).select_related("post").first()
    if one is None:
        raise Http404
    posts.revoke_guest(guest=one, actor=request.membership, now=clock.now())
    messages.success(request, _("The link is revoked: it answers no longer."))
    return redirect(f"{found.link}#guests")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest, token: str) -> HttpResponse:
    """The text as it stands, the remarks meant for its reader, and two buttons; nothing internal."""
    now = clock.now()
    guest = posts.read_guest(token=token, now=now)
    if guest is None:
        raise Http404
    workspace = guest.post.workspace
    with translation.override(guest.language), timezone.override(workspace.time_zone):
        form = OpinionForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and form.attempt(lambda: _say(request, form, token)):
            messages.success(request, _("Thank you: the team is told."))
            response: HttpResponse = redirect("guest_reading", token=token)
        else:
            response = render(request, "planner/posts/guest.html", _page(guest, form))
            response.status_code = form.refusal.status if form.refusal else 200
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"  # forms need it; no other site learns the address
    return response


def _say(request: HttpRequest, form: OpinionForm, token: str) -> object:
    said, act, now = form.cleaned_data, request.POST.get("act", ""), clock.now()
    if act in Opinion.values:
        return posts.give_opinion(token=token, opinion=act, body=said["body"], digest=said["digest"], now=now)
    return posts.remark_as_guest(token=token, body=said["body"], now=now)


def _page(guest: Guest, form: OpinionForm) -> dict[str, object]:
    post = guest.post
    mark = reading.digest_of(post)
    placements = [one for one in post.placements.select_related("channel") if one.cancelled_at is None]
    return {
        "post": post,
        "guest": guest,
        "form": form,
        "house": post.workspace.name,
        "texts": [text for text in post.texts.all() if rules.has_prose(text.body)],
        "placements": placements,
        "own_texts": [(one.channel, code, text) for one in placements for code, text in one.text.items()],
        "remarks": Comment.objects.filter(post=post, is_for_guests=True).select_related("author__user", "guest"),
        "digest": mark,
        "is_current": guest.opinion_digest == mark,
        "is_open": post.status not in (*rules.FROZEN, rules.Status.PUBLISHED),
        "page_language": guest.language,
    }

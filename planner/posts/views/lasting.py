"""What lasts, looked at again: what is due, overdue, without a day; and another post made from one that exists."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock
from planner.base.errors import Invalid, Words
from planner.base.forms import next_page
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Application, Post
from planner.posts.views.found import post_of
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act, may

SOON = timedelta(days=30)
MOST_SHOWN = 300


@dataclass(frozen=True)
class Shelf:
    """Posts that ask for the same look, under a heading."""

    key: str
    heading: Words
    posts: list[Post]


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """Overdue first, then what is due within thirty days, what has no day, and the rest."""
    found = Post.objects.lasting().filter(workspace=request.workspace)
    listed = list(
        found.select_related("author__user").prefetch_related("texts").order_by("review_on", "pk")[:MOST_SHOWN]
    )
    return render(
        request,
        "planner/posts/lasting.html",
        {
            "shelves": _shelves(listed, timezone.localtime(clock.now()).date()),
            "total": len(listed),
            "is_cut": len(listed) == MOST_SHOWN,
            "may_write": may(request.membership.level, Act.WRITE),
            "may_plan": may(request.membership.level, Act.PLAN),
        },
    )


def _shelves(listed: list[Post], today: date) -> list[Shelf]:
    dated = [(post, post.review_on) for post in listed if post.review_on]
    shelves = (
        Shelf("overdue", gettext_lazy("Overdue"), [post for post, day in dated if day < today]),
        Shelf(
            "soon",
            gettext_lazy("Due within thirty days"),
            [post for post, day in dated if today <= day <= today + SOON],
        ),
        Shelf(
            "undated", gettext_lazy("Without a day to be looked at"), [post for post in listed if not post.review_on]
        ),
        Shelf("later", gettext_lazy("Later"), [post for post, day in dated if day > today + SOON]),
    )
    return [shelf for shelf in shelves if shelf.posts]


@require_POST
def review(request: MemberRequest) -> HttpResponse:
    """What was ticked is still right, or is retired with one reason for all. All of them or none."""
    workspaces.require(request.membership, Act.WRITE)
    ids = [int(pk) for pk in request.POST.getlist("post") if pk.isdecimal()]
    chosen = list(Post.objects.lasting().filter(workspace=request.workspace, pk__in=ids))
    if not chosen:
        raise Invalid(_("Tick the posts that you have looked at."))
    if request.POST.get("act") == "retire":
        posts.retire_all(posts=chosen, actor=request.membership, reason=request.POST.get("reason", ""), now=clock.now())
        said = ngettext("%(count)s post is retired.", "%(count)s posts are retired.", len(chosen))
    else:
        posts.still_right_all(posts=chosen, actor=request.membership, now=clock.now())
        said = ngettext(
            "%(count)s post is still right: it is looked at again in half a year.",
            "%(count)s posts are still right: they are looked at again in half a year.",
            len(chosen),
        )
    messages.success(request, said % {"count": len(chosen)})
    return redirect(next_page(request, reverse("posts:lasting", kwargs={"workspace": request.workspace.slug})))


@require_POST
def refresh(request: MemberRequest, post: int) -> HttpResponse:
    """Begin to bring it up to date."""
    workspaces.require(request.membership, Act.PROPOSE)
    found = post_of(request, post)
    return _to(request, posts.start_refresh(post=found, actor=request.membership, now=clock.now()))


@require_http_methods(["GET", "HEAD", "POST"])
def reuse(request: MemberRequest, post: int) -> HttpResponse:
    """Choose the template of another post that is made from this one."""
    workspaces.require(request.membership, Act.PROPOSE)
    found = post_of(request, post)
    known = PlaybookItem.objects.visible_to(request.workspace).templates()
    template = known.filter(slug=request.POST.get("template", "")).first()
    if request.method == "POST" and template is not None:
        return _to(request, posts.derive(post=found, template=template, actor=request.membership, now=clock.now()))
    return render(request, "planner/posts/reuse.html", {"post": found, "templates": known})


def _to(request: MemberRequest, application: Application) -> HttpResponse:
    address = reverse("posts:new", kwargs={"workspace": request.workspace.slug})
    return redirect(f"{address}?application={application.pk}")

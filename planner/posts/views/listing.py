"""Every post of the workspace, page by page."""

from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from planner.posts.models import Placement, Post
from planner.posts.rules import Status
from planner.workspaces.access import MemberRequest

A_PAGE = 50


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """`?state=draft` shows one state. The latest dates come first, posts without a date before all."""
    chosen = request.GET.get("state", "")
    mine = Post.objects.filter(workspace=request.workspace)
    page = Paginator(_posts(mine.filter(status=chosen) if chosen in Status.values else mine), A_PAGE).get_page(
        request.GET.get("page")
    )
    counts = dict(mine.order_by().values_list("status").annotate(Count("pk")))
    return render(
        request,
        "planner/posts/list.html",
        {
            "page": page,
            "chosen": chosen,
            "total": sum(counts.values()),
            "states": [(state, state.label, counts[state]) for state in Status if counts.get(state)],
        },
    )


def _posts(posts: QuerySet[Post]) -> QuerySet[Post]:
    return (
        posts.select_related("author__user", "template")
        .prefetch_related(
            "texts",
            Prefetch("placements", Placement.objects.filter(cancelled_at__isnull=True).select_related("channel")),
        )
        .annotate(shown_at=Coalesce("published_at", "planned_at"))
        .order_by(F("shown_at").desc(nulls_first=True), "-pk")
    )

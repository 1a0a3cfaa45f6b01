"""How the public was answered: the figures with which answer work was closed, and how long the first answers took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.contrib.contenttypes.models import ContentType

from planner.posts.models import Post
from planner.work.models import WorkItem
from planner.work.rules import COUNTS, WorkState
from planner.workspaces.models import Workspace

LOOKED_AT = timedelta(days=30)


@dataclass(frozen=True)
class Answered:
    """Sums over the posts whose answers were closed, by figure; `minutes` from a publication to its first answers."""

    posts: int
    figures: dict[str, int]
    minutes: int


def answered(workspace: Workspace, now: datetime) -> Answered | None:
    """Of the last thirty days; two queries. None when nothing was closed."""
    kind = ContentType.objects.get_for_model(Post)
    rows = list(
        WorkItem.objects.filter(
            workspace=workspace,
            subject_type=kind,
            needs_counts=True,
            state=WorkState.DONE,
            done_at__gte=now - LOOKED_AT,
        )
        .order_by("done_at")
        .values_list("subject_id", "done_at", "counts")
    )
    first: dict[int, datetime] = {}
    for post, at, _counts in rows:
        if at is not None:
            first.setdefault(post, at)
    shown = Post.objects.filter(pk__in=first, published_at__gte=now - LOOKED_AT)
    out = {pk: at for pk, at in shown.values_list("pk", "published_at") if at is not None}
    took = [max((at - out[post]) / timedelta(minutes=1), 0.0) for post, at in first.items() if post in out]
    if not took:
        return None
    figures = _sums(counts for post, _at, counts in rows if post in out)
    return Answered(len(took), figures, round(median(took)))


def _sums(all_counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total = dict.fromkeys(COUNTS, 0)
    for counts in all_counts:
        for name in COUNTS:
            total[name] += int(counts.get(name, 0))
    return total

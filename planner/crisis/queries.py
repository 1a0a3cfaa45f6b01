"""Reading crises. The log is only ever added to: what would change or remove a line is refused here too."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import models
from django.db.models import Case, F, Min, When

from planner.base.errors import Refused
from planner.crisis.rules import ONLY_ADDED, Conduct
from planner.playbook.models import Kind, PlaybookItem
from planner.posts.models import HeldPlacement, Post
from planner.posts.rules import Intent

if TYPE_CHECKING:
    from planner.crisis.models import Crisis, LogLine, Proposal
    from planner.workspaces.models import Workspace


class CrisisQuerySet(models.QuerySet["Crisis"]):
    def open(self) -> "CrisisQuerySet":
        return self.filter(cleared_at__isnull=True)

    def with_people(self) -> "CrisisQuerySet":
        return self.select_related("workspace", "alert", "hold", "lead__user", "declared_by__user")


class LogQuerySet(models.QuerySet["LogLine"]):
    def update(self, **_values: Any) -> NoReturn:
        raise Refused(ONLY_ADDED)

    def delete(self) -> NoReturn:
        raise Refused(ONLY_ADDED)


def conduct_of(workspace: "Workspace") -> Conduct:
    """The conduct of a crisis as this workspace sees it; one query."""
    items = PlaybookItem.objects.visible_to(workspace).of_kind(Kind.CRISIS)
    return Conduct({item.slug: item.payload for item in items})


def questions_of(post: "Post") -> list["PlaybookItem"]:
    """What a person asks of a text before it goes out: the human rules that its template names."""
    named = post.template_payload.get("human_rules", ())
    return list(PlaybookItem.objects.visible_to(post.workspace).of_kind(Kind.RULE).filter(slug__in=named))


@dataclass(frozen=True)
class Waiting:
    """A post of the queue: its placements, and the proposal that waits for the other of two people."""

    post: "Post"
    rows: tuple["HeldPlacement", ...]
    planned_at: datetime | None
    proposal: "Proposal | None" = None

    @property
    def is_promotion(self) -> bool:
        return self.post.intent == Intent.PROMOTE

    @property
    def was(self) -> str:
        return str(self.rows[0].was) if self.rows else ""


def held_posts(crisis: "Crisis", *, limit: int, skip: int = 0) -> list[Waiting]:
    """The queue: oldest planned date first; after the all-clear useful ones before promotion. Few queries."""
    waits = HeldPlacement.objects.waiting().filter(hold=crisis.hold_id)
    order: list[Any] = [F("first").asc(nulls_last=True), "placement__post"]
    if crisis.cleared_at is not None:
        order.insert(0, Case(When(placement__post__intent=Intent.PROMOTE, then=1), default=0))
    page = waits.order_by().values("placement__post", "placement__post__intent").annotate(first=Min("planned_at"))
    chosen = [row["placement__post"] for row in page.order_by(*order)[skip : skip + limit]]
    rows: dict[int, list[HeldPlacement]] = {pk: [] for pk in chosen}
    for row in waits.filter(placement__post__in=chosen).select_related("placement__channel").order_by("planned_at"):
        rows[row.placement.post_id].append(row)
    posts = Post.objects.filter(pk__in=chosen).select_related("workspace", "template").prefetch_related("texts")
    found = {post.pk: post for post in posts}
    proposals = {
        review.post_id: review
        for review in crisis.proposals.filter(post__in=chosen, settled_at__isnull=True).select_related(
            "proposed_by__user"
        )
    }
    return [
        Waiting(found[pk], tuple(rows[pk]), min((r.planned_at for r in rows[pk] if r.planned_at), default=None),
                proposals.get(pk))
        for pk in chosen
    ]  # fmt: skip

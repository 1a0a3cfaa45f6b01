"""Reading crises. The log is only ever added to: what would change or remove a line is refused here too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import models
from django.db.models import Q

from planner.base.errors import Refused
from planner.crisis.rules import ONLY_ADDED, Asked, Conduct, Tally, tally
from planner.dialogue.models import Signal
from planner.dialogue.queries import SignalQuerySet
from planner.playbook.models import Kind, PlaybookItem
from planner.posts.models import HeldPlacement, Placement, Post
from planner.posts.queries import HeldQuerySet
from planner.posts.rules import FROZEN, Intent

if TYPE_CHECKING:
    from planner.crisis.models import Crisis, LogLine, Proposal, Statement
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


class StatementQuerySet(models.QuerySet["Statement"]):
    def standing(self) -> "StatementQuerySet":
        """Without those whose post was taken away before they went out."""
        return self.exclude(published_at__isnull=True, post__status__in=FROZEN)

    def waiting(self) -> "StatementQuerySet":
        """Neither out nor taken away."""
        return self.standing().filter(published_at__isnull=True)


def open_in(workspace: "Workspace") -> list["Crisis"]:
    """The open crises, the gravest first: asked once in the life of this object, not at all on a calm day."""
    if not workspace.is_alerted:
        return []
    kept = vars(workspace)
    if "open_crises" not in kept:
        rows = workspace.crises.open().select_related("hold", "lead__user")
        kept["open_crises"] = list(rows.order_by("-level", "declared_at"))
    found: list[Crisis] = kept["open_crises"]
    return found


def conduct_of(workspace: "Workspace", *pages: str) -> Conduct:
    """The conduct of a crisis as this workspace sees it, or these pages of it alone; one query."""
    items = PlaybookItem.objects.of_kind(Kind.CRISIS)
    return Conduct((items.filter(slug__in=pages) if pages else items).payloads_for(workspace))


def questions_in(crisis: "Crisis") -> SignalQuerySet:
    """What people said to us while it lasted, to the minute."""
    since = crisis.declared_at.replace(second=0, microsecond=0)
    found = Signal.objects.filter(workspace=crisis.workspace_id, received_at__gte=since)
    return found.filter(received_at__lte=crisis.cleared_at) if crisis.cleared_at else found


def tally_of(crisis: "Crisis", conduct: Conduct) -> Tally:
    """What became of the questions; one query."""
    rows = questions_in(crisis).order_by().values_list(
        "pk", "merged_into", "state", "decision", "theme", "is_critical"
    )  # fmt: skip
    return tally(
        (Asked(*row) for row in rows),
        tolerance=conduct.number("triage", "critical_share_tolerance_points", 5),
        weighs=conduct.number("triage", "theme_share_percent", 5),
    )


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


def _in_order(crisis: "Crisis", waits: HeldQuerySet) -> Iterator[HeldQuerySet]:
    """The queue as parts, one after the other, each in the order of its index."""
    promotion = Q(placement__post__intent=Intent.PROMOTE)
    kinds = (waits,) if crisis.cleared_at is None else (waits.exclude(promotion), waits.filter(promotion))
    for kind in kinds:
        yield kind.filter(planned_at__isnull=False).order_by("planned_at", "pk")
        yield kind.filter(planned_at__isnull=True).order_by("pk")


def _first(parts: Iterator[HeldQuerySet], many: int) -> list[int]:
    """The first posts of these parts, of as few as it takes; one stands where its first placement does."""
    found: dict[int, None] = {}
    for part in parts:
        rows, posts = part.values_list("placement__post", flat=True), many + SPARE
        while len(found) < many:
            read = list(rows[:posts])
            found |= dict.fromkeys(read)
            if len(read) < posts:
                break
            posts *= 4
        if len(found) >= many:
            break
    return list(found)[:many]


SPARE = 20
"""Rows read beyond what is asked for, as a post has several placements."""


def held_posts(crisis: "Crisis", *, limit: int, skip: int = 0) -> list[Waiting]:
    """The queue: oldest planned date first; after the all-clear useful ones before promotion. Few queries, which read
    no row behind those that are shown."""
    held = HeldPlacement.objects.filter(hold=crisis.hold_id)
    chosen = _first(_in_order(crisis, held.waiting()), skip + limit)[skip:]
    rows: dict[int, list[HeldPlacement]] = {pk: [] for pk in chosen}
    shown = Placement.objects.open().filter(post__in=chosen).order_by().select_related("channel", "post")
    shown = shown.only("channel__mark", "channel__owned", "channel__title", "post__language", "post__intent")
    places = {place.pk: place for place in shown}
    # decided ones are left out here, lest a database walk the index of the whole queue for these few
    beside = held.filter(placement__in=list(places)).order_by("placement_id")
    for row in beside.only("placement", "planned_at", "decision"):
        if not row.decision:
            row.placement = places[row.placement_id]
            rows[row.placement.post_id].append(row)
    found = {place.post_id: place.post for place in places.values()}
    models.prefetch_related_objects(list(found.values()), "texts")
    proposals = _proposals(crisis, chosen)
    return [
        Waiting(found[pk], tuple(rows[pk]), min((r.planned_at for r in rows[pk] if r.planned_at), default=None),
                proposals.get(pk))
        for pk in chosen
    ]  # fmt: skip


def _proposals(crisis: "Crisis", posts: list[int]) -> dict[int, "Proposal"]:
    """Those that wait for the other of two people, by post: what is proposed, and by whom."""
    rows = crisis.proposals.filter(post__in=posts, settled_at__isnull=True).select_related("proposed_by__user")
    shown = rows.only("crisis", "post", "decision", "proposed_by__user__name", "proposed_by__user__email")
    return {one.post_id: one for one in shown.order_by()}

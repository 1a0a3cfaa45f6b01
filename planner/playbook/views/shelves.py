"""The shelves: templates by situation, and checklists, all of them or those that speak of something."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from planner.base import language
from planner.base.errors import Words
from planner.playbook import rules
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.views.addresses import LISTED, PLURALS
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Workspace
from planner.workspaces.rules import Act, may

INTENTS: dict[str, Words] = {
    "help": _("Help"),
    "explain": _("Explain"),
    "tell": _("Tell"),
    "listen": _("Listen"),
    "serve": _("Serve"),
    "promote": _("Promote"),
}
"""The words of the posts room, which this room may not import."""


@dataclass(frozen=True)
class Tile:
    """A template as its shelf shows it: how long before publication it starts, and how much work it dates."""

    item: PlaybookItem
    intent: Words
    days_ahead: int
    work: int


@dataclass(frozen=True)
class Shelf:
    situation: str
    tiles: list[Tile]


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """Every template that the workspace sees, by the situation in which one reaches for it; then the checklists.

    `q` searches both; `intent` is a matter of templates alone, so the checklists step aside.
    """
    items = list(PlaybookItem.objects.visible_to(request.workspace).of_kinds("template", "workflow", "checklist"))
    tiles = _tiles(items)
    chosen, query = request.GET.get("intent", ""), request.GET.get("q", "").strip()
    shown = [tile for tile in tiles if not chosen or tile.item.payload.get("intent") == chosen]
    known = {tile.item.payload.get("intent") for tile in tiles}
    checklists = [] if chosen else _found(query, (item for item in items if item.kind == Kind.CHECKLIST))
    found = _found(query, (tile.item for tile in shown))
    return render(
        request,
        "planner/playbook/index.html",
        {
            "shelves": _shelves(tile for tile in shown if tile.item in found),
            "checklists": sorted(checklists, key=lambda item: rules.fold(item.title)),
            "total": len(tiles),
            "found": len(found) + len(checklists),
            "chosen": chosen,
            "query": query,
            "kept": {"intent": chosen} if chosen else {},
            "kinds": _kinds(request.workspace),
            "may_plan": may(request.membership.level, Act.PLAN),
            "intents": [(slug, words) for slug, words in INTENTS.items() if slug in known],
        },
    )


def _kinds(workspace: Workspace) -> list[tuple[str, Words, int]]:
    """The other kinds of items that are there, each with how many."""
    visible = PlaybookItem.objects.visible_to(workspace).of_kinds(*LISTED).order_by().values_list("kind")
    numbers = dict(visible.annotate(number=Count("pk")))
    return [(kind, PLURALS[kind], numbers[kind]) for kind in LISTED if numbers.get(kind)]


def _found(query: str, items: Iterable[PlaybookItem]) -> list[PlaybookItem]:
    return [item for item in items if rules.speaks_of(query, _said_of(item))]


def _said_of(item: PlaybookItem) -> list[str]:
    """What somebody in need of an item may remember of it, in the page's language."""
    payload = item.payload
    reasons = payload.get("when", ())
    texts = [payload.get(key) for key in ("summary", "purpose", "situation")]
    return [item.title, *map(language.pick, [*texts, *(reasons if isinstance(reasons, list) else [reasons])])]


def _tiles(items: Iterable[PlaybookItem]) -> list[Tile]:
    kept = list(items)
    workflows = {item.slug: item.payload for item in kept if item.kind == Kind.WORKFLOW}
    return [_tile(item, workflows) for item in kept if item.kind == Kind.TEMPLATE]


def _tile(item: PlaybookItem, workflows: Mapping[str, Mapping[str, Any]]) -> Tile:
    workflow = workflows.get(item.payload["workflow"]) or {}
    tasks = _wanted(_chain(workflow, item.payload), item.payload)
    ahead = days_ahead(tasks, rules.usual_day(workflow, item.payload))
    return Tile(item, INTENTS.get(item.payload.get("intent", ""), ""), ahead, len(tasks))


def _chain(workflow: Mapping[str, Any], template: Mapping[str, Any]) -> tuple[rules.Task, ...]:
    """No work at all when the two do not fit: one such template must not take the others from the shelves."""
    try:
        return rules.chain(workflow, template) if workflow else ()
    except rules.BadChain:
        return ()


def days_ahead(tasks: Iterable[rules.Task], usual: rules.Offset | None) -> int:
    """Working days between the first piece of work and the publication, where it usually lies."""
    offsets = [rules.parse_offset(task.offset) for task in tasks]
    days = [-offset.amount for offset in offsets if offset.anchor == "D" and offset.amount < 0]
    if usual is not None and any(offset.anchor == usual.anchor for offset in offsets):
        same = (offset for offset in offsets if offset.anchor == usual.anchor and not offset.follows_publication)
        days += [int(usual.rough_days - offset.rough_days) for offset in same]
    return max(0, *days, 0)


def _wanted(tasks: Iterable[rules.Task], payload: Mapping[str, Any]) -> list[rules.Task]:
    return [task for task in tasks if rules.applies(task.condition, facts_of(payload))]


def facts_of(payload: Mapping[str, Any]) -> dict[str, object]:
    """What a template says of every post made from it, before any question is answered."""
    return {"evergreen": bool(payload.get("evergreen")), "regulated": bool(payload.get("regulated"))}


def _shelves(tiles: Iterable[Tile]) -> list[Shelf]:
    """By situation, the fullest first."""
    shelves: dict[str, list[Tile]] = {}
    for tile in sorted(tiles, key=lambda tile: tile.item.title):
        shelves.setdefault(language.pick(tile.item.payload.get("situation")), []).append(tile)
    return sorted((Shelf(*shelf) for shelf in shelves.items()), key=lambda shelf: (-len(shelf.tiles), shelf.situation))

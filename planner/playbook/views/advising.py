"""The advice that the playbook stands on: all of it by theme, one piece with what acts on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from planner.base import language
from planner.base.errors import Words
from planner.playbook import rules
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.views.addresses import LISTED, link_to
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Workspace

ACTING = (Kind.TEMPLATE, *LISTED)
"""What acts on advice among the items of a playbook, in the order in which a page names it."""


@dataclass(frozen=True)
class Row:
    """A piece of advice as pages show it."""

    id: str
    statement: str
    note: str
    heart: bool
    sort: Words
    source: str
    theme: str
    theme_title: str


@dataclass(frozen=True)
class Theme:
    slug: str
    title: str
    source: str
    rows: list[Row]


@require_safe
def advice(request: MemberRequest) -> HttpResponse:
    """Every piece of advice by theme; `theme`, `heart` and `q` narrow it."""
    everything = _rows(PlaybookItem.objects.visible_to(request.workspace).register())
    theme, query = request.GET.get("theme", ""), request.GET.get("q", "").strip()
    only_heart = bool(request.GET.get("heart"))
    shown = [
        row
        for row in everything
        if (not theme or row.theme == theme)
        and (row.heart or not only_heart)
        and rules.speaks_of(query, (row.id, row.statement, row.note))
    ]
    return render(
        request,
        "planner/playbook/advice.html",
        {
            "themes": _themes(shown),
            "all_themes": _themes(everything),
            "total": len(everything),
            "hearts": sum(row.heart for row in everything),
            "found": len(shown),
            "chosen": theme,
            "only_heart": only_heart,
            "query": query,
            "kept": {name: value for name, value in (("theme", theme), ("heart", "1" if only_heart else "")) if value},
        },
    )


@require_safe
def advice_item(request: MemberRequest, slug: str) -> HttpResponse:
    """One piece of advice with its limits, and what acts on it in this workspace's playbook."""
    items = list(PlaybookItem.objects.visible_to(request.workspace).of_kinds(Kind.ADVICE, Kind.SOURCE, *ACTING))
    said = next((item for item in items if item.kind == Kind.ADVICE and item.slug == slug), None)
    if said is None:
        raise Http404
    rows = [row for theme in _themes(_rows(items)) for row in theme.rows]
    here = next(index for index, row in enumerate(rows) if row.id == slug)
    return render(
        request,
        "planner/playbook/advice_item.html",
        {
            "row": rows[here],
            "acting": _leads(request, said, items),
            "is_context": not said.payload.get("embodied_by"),
            "before": rows[here - 1] if here else None,
            "after": rows[here + 1] if here + 1 < len(rows) else None,
        },
    )


def embodied(item: PlaybookItem, workspace: Workspace) -> list[Row]:
    """The advice on which an item acts, the heart first."""
    register = list(PlaybookItem.objects.visible_to(workspace).register())
    wanted = [
        entry
        for entry in register
        if entry.kind == Kind.SOURCE or rules.embodies(item.kind, item.slug, item.payload, entry.payload)
    ]
    return sorted(_rows(wanted), key=lambda row: not row.heart)


PRODUCT: dict[str, tuple[Words, str]] = {
    "calendar": (_("The calendar"), "calendar:month"),
    "channel-register": (_("The channels, with who answers for each"), "workspaces:channels"),
    "silence-alarm": (_("The cadence of each channel, and what says that it fell silent"), "workspaces:channels"),
    "own-copy": (_("Your playbook: every default can be changed"), "playbook:own"),
}
"""Parts of Marronnier that act on advice by themselves, with their pages."""


@dataclass(frozen=True)
class Lead:
    """Something that acts on a piece of advice, and where it is."""

    title: Words
    link: str
    sort: Words


def _leads(request: MemberRequest, said: PlaybookItem, items: Iterable[PlaybookItem]) -> list[Lead]:
    workspace = request.workspace
    leads = [
        Lead(one.title, link_to(workspace, one.kind, one.slug), one.get_kind_display()) for one in _acting(said, items)
    ]
    named = [entry["slug"] for entry in said.payload.get("embodied_by", ()) if entry["kind"] == "product"]
    for title, page in (PRODUCT[slug] for slug in named if slug in PRODUCT):
        leads.append(Lead(title, reverse(page, kwargs={"workspace": workspace.slug}), _("Part of Marronnier")))
    return leads


def _acting(said: PlaybookItem, items: Iterable[PlaybookItem]) -> list[PlaybookItem]:
    """What exists and acts on the advice."""
    found = [
        item
        for item in items
        if item.kind in ACTING and rules.embodies(item.kind, item.slug, item.payload, said.payload)
    ]
    return sorted(found, key=lambda item: (ACTING.index(Kind(item.kind)), rules.fold(item.title)))


def _rows(items: Iterable[PlaybookItem]) -> list[Row]:
    """In the order of the register: A99 before A100."""
    kept = list(items)
    sources = {item.payload["file"]: item for item in kept if item.kind == Kind.SOURCE}
    said = sorted((item for item in kept if item.kind == Kind.ADVICE), key=lambda item: (len(item.slug), item.slug))
    return [_row(item, sources[item.payload["source"]["file"]]) for item in said]


def _row(item: PlaybookItem, source: PlaybookItem) -> Row:
    payload, theme = item.payload, item.payload["source"]["theme"]
    return Row(
        id=item.slug,
        statement=language.pick(payload["statement"]),
        note=language.pick(payload.get("note")),
        heart=payload["heart"],
        sort=rules.AdviceKind(payload["kind"]).label,
        source=source.title,
        theme=theme,
        theme_title=language.pick(source.payload["themes"][theme]),
    )


def _themes(rows: Iterable[Row]) -> list[Theme]:
    """In the order in which the register comes to them, which keeps those of a source together."""
    themes: dict[str, Theme] = {}
    for row in rows:
        themes.setdefault(row.theme, Theme(row.theme, row.theme_title, row.source, [])).rows.append(row)
    return list(themes.values())

"""Any item on a page: its fields in order, with the words that the form has for them. And the lists of each kind."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from planner.base import wording
from planner.base.errors import Words
from planner.base.language import LANGUAGES, pick
from planner.playbook import operations as playbook
from planner.playbook import rules
from planner.playbook.forms.editing import KEPT, TOP
from planner.playbook.forms.labels import CHOICES, label_of
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.seeds import MACHINE_RULES
from planner.playbook.views.addresses import LISTED, OWN_PAGES, PLURALS, READING, link_to
from planner.playbook.views.advising import embodied
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Workspace
from planner.workspaces.rules import EditorialRole


def owning(request: MemberRequest, found: PlaybookItem) -> dict[str, Any]:
    """What a page must know to offer changing the item: whether one may, and whether an update waits."""
    may_edit = playbook.is_editable(found.kind, found.slug) and playbook.may_change(request.membership, found.kind)
    told = {"may_edit": may_edit, "counted": playbook.COUNTED.get(found.kind, ""), "is_outdated": False}
    if may_edit and found.base_checksum:
        bundled = PlaybookItem.objects.bundled().of_kind(found.kind).filter(slug=found.slug)
        told["is_outdated"] = found.is_outdated(bundled.values_list("checksum", flat=True).first())
    return told


# ---- a payload in words


@dataclass
class Shown:
    """A field of an item: a text, or the parts of which it is made."""

    label: Words
    text: str = ""
    parts: "list[Shown]" = field(default_factory=list)
    is_list: bool = False
    """Its parts are entries of a list rather than fields."""
    names: "tuple[str, str] | None" = None
    """The item that it names, by kind and slug."""
    link: str = ""
    """The page of that item, once `with_names` has looked for it."""


def shown(key: str, value: Any) -> Shown:
    """A value in words, in the page's language."""
    label = label_of(key)
    if isinstance(value, Mapping) and not _is_text(value):
        return _fields(label, value)
    if isinstance(value, list):
        return Shown(label, parts=[_entry(key, entry) for entry in value], is_list=True)
    return Shown(label, _text(key, value), names=_named(key, value))


_NAMES: Mapping[str, Kind] = {
    "cadences": Kind.CADENCE,
    "checklist": Kind.CHECKLIST,
    "checklists": Kind.CHECKLIST,
    "default_channels": Kind.CHANNEL,
    "dimension": Kind.QUESTION,
    "gates": Kind.GATE,
    "human_rules": Kind.RULE,
    "measure": Kind.QUESTION,
    "reminder": Kind.REMINDER_PROFILE,
    "rules": Kind.RULE,
    "stage": Kind.STAGE,
    "template": Kind.TEMPLATE,
    "templates": Kind.TEMPLATE,
    "workflow": Kind.WORKFLOW,
}
"""The fields that name items by their slugs."""


def _named(key: str, value: Any) -> tuple[str, str] | None:
    return (_NAMES[key], value) if key in _NAMES and isinstance(value, str) and value else None


def with_names(fields: list[Shown], workspace: Workspace) -> list[Shown]:
    """The same fields, each item that they name called by its title, with its page; one query, none without names."""
    named = [one for one in _all(fields) if one.names]
    if named:
        kinds = {one.names[0] for one in named if one.names}
        pages = {Kind.ASSESSMENT} if Kind.QUESTION in kinds else set()
        found = list(PlaybookItem.objects.visible_to(workspace).of_kinds(*kinds, *pages))
        known = {**_dimensions(found, workspace), **{(item.kind, item.slug): _title(item, workspace) for item in found}}
        for one in named:
            if one.names and one.names in known:
                one.text, one.link = known[one.names]
    return fields


def _title(item: PlaybookItem, workspace: Workspace) -> tuple[str, str]:
    return item.title, link_to(workspace, item.kind, item.slug)


def _dimensions(items: Iterable[PlaybookItem], workspace: Workspace) -> dict[tuple[str, str], tuple[str, str]]:
    """The dimensions of the audit, named by a letter as a question is, with the page that explains them."""
    return {
        (Kind.QUESTION, one["id"]): (pick(one["title"]), link_to(workspace, Kind.ASSESSMENT, READING))
        for item in items
        if item.kind == Kind.ASSESSMENT and item.slug == READING
        for one in item.payload["dimensions"]
    }


def _all(fields: Iterable[Shown]) -> Iterator[Shown]:
    for one in fields:
        yield one
        yield from _all(one.parts)


def _is_text(value: Mapping[str, Any]) -> bool:
    return bool(value) and value.keys() <= set(LANGUAGES) and all(isinstance(text, str) for text in value.values())


def _fields(label: Words, value: Mapping[str, Any]) -> Shown:
    names = [name for name, entry in value.items() if not _says_nothing(entry) and name != "key"]
    kept = [shown(name, value[name]) for name in names]
    for name, one in zip(names, kept, strict=True):
        one.label = "" if name == "help" else one.label  # it speaks for itself
    return Shown(label, parts=kept)


def _entry(key: str, entry: Any) -> Shown:
    """An entry of a list: the first text that it says is what it is called."""
    if not isinstance(entry, Mapping) or _is_text(entry):
        return Shown("", _text(key, entry), names=_named(key, entry))
    called = next((name for name, value in entry.items() if isinstance(value, Mapping) and _is_text(value)), None)
    rest = {name: value for name, value in entry.items() if name != called}
    return Shown("", pick(entry[called]) if called else "", parts=_fields("", rest).parts)


def _says_nothing(value: Any) -> bool:
    return value is None or value is False or value == "" or value in ([], {})


def _text(key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return pick(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    text = str(value)
    if text in CHOICES.get(key, {}):
        return str(CHOICES[key][text])
    if key == "at" and "@" in text:
        return wording.step(text)
    if key in ("roles", "role", "to", "declared_by", "reviewed_by", "up") and text in EditorialRole.values:
        return str(EditorialRole(text).label)
    if key == "repeat":
        return wording.repetition(text)
    if key in ("offset", "planned"):
        return wording.mark(text)
    if key == "minutes":
        return wording.minutes(int(value))
    return text


def fields_shown(kind: str, payload: Mapping[str, Any]) -> list[Shown]:
    """All that an item says, in the order of its form, but its title and what a page says above."""
    order = {name: place for place, name in enumerate(TOP.get(kind, {}))}
    names = sorted(payload, key=lambda name: order.get(name, len(order)))
    told = [name for name in names if name not in _ABOVE and f"{name}_text" not in payload]
    return [shown(name, payload[name]) for name in told if not _says_nothing(payload[name])]


_ABOVE = frozenset({*KEPT, "id", "title", "summary", "statement", "language", "kind", "mark", "family", "examples"})


# ---- pages


@require_safe
def item(request: MemberRequest, kind: str, slug: str) -> HttpResponse:
    """One item of a kind without a page of its own."""
    found = PlaybookItem.objects.visible_to(request.workspace).of_kind(kind).filter(slug=slug).first()
    if found is None or kind in OWN_PAGES or kind not in LISTED:
        raise Http404
    payload = found.payload
    fields = [] if kind == Kind.CHARTER else with_names(fields_shown(kind, payload), request.workspace)
    return render(
        request,
        "planner/playbook/item.html",
        {
            "item": found,
            "lead": pick(payload.get("summary")) or pick(payload.get("statement")) or pick(payload.get("angle")),
            "prose": pick(payload.get("text")) if kind == Kind.CHARTER else "",
            "short": [one for one in fields if not one.parts],
            "fields": [one for one in fields if one.parts],
            "heading": PLURALS[kind],
            "embodied": embodied(found, request.workspace),
            "own_form": _own_form(request.workspace, found),
            **owning(request, found),
        },
    )


def _own_form(workspace: Workspace, found: PlaybookItem) -> str:
    """Where an item is changed that has a form of its own, where it acts: channels in the settings, rules, word lists
    and the charter in the policy. Nothing for what is changed here, or not at all."""
    here, slug = {"workspace": workspace.slug}, found.slug
    if found.kind == Kind.CHANNEL:
        exists = workspace.channels.filter(slug=slug).exists()
        return reverse("workspaces:channel", kwargs={**here, "slug": slug}) if exists else ""
    if found.kind == Kind.RULE and slug in MACHINE_RULES:
        return reverse("policy:rule", kwargs={**here, "rule": slug.lower()})
    if found.kind == Kind.WORDS:
        return reverse("policy:index", kwargs=here) + f"#lists-{found.payload['language']}"
    return reverse("policy:charter", kwargs=here) if found.kind == Kind.CHARTER else ""


@dataclass(frozen=True)
class Row:
    item: PlaybookItem
    link: str
    says: str
    mark: str


@require_safe
def listing(request: MemberRequest, kind: str) -> HttpResponse:
    """All items of a kind; `q` narrows them."""
    if kind not in LISTED:
        raise Http404
    query = request.GET.get("q", "").strip()
    items = list(PlaybookItem.objects.visible_to(request.workspace).of_kind(kind))
    rows = [_row(request.workspace, one) for one in items]
    return render(
        request,
        "planner/playbook/listing.html",
        {
            "kind": kind,
            "heading": PLURALS[kind],
            "rows": [row for row in rows if rules.speaks_of(query, (row.item.title, row.says, row.item.slug))],
            "total": len(items),
            "query": query,
        },
    )


def _row(workspace: Workspace, found: PlaybookItem) -> Row:
    payload = found.payload
    says = next((pick(payload[name]) for name in ("summary", "statement", "angle", "reason") if payload.get(name)), "")
    return Row(found, link_to(workspace, found.kind, found.slug), "" if says == found.title else says, _mark(found))


def _mark(found: PlaybookItem) -> str:
    """A short sign before the title: the id of a rule, the month of a season."""
    month = found.payload.get("month")
    if found.kind == Kind.OBSERVANCE and isinstance(month, int):
        return str(MONTHS[month])
    return str(found.payload.get("id") or found.payload.get("code") or "")

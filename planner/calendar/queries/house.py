"""What surrounds the posts of a calendar: channels, people, days off, absences. One query for all of them.

A layer is one more line in `house`: a queryset, its kind, and which columns say its name and its days.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, DateField, F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from planner.base.language import pick
from planner.calendar.rules import SLOT, Kept, Mark, Stretch
from planner.posts.models import Initiative
from planner.workspaces.models import Absence, Blackout, Channel, HolidayChange, Membership, Workspace


@dataclass(frozen=True)
class House:
    """The things that a page names, by id, and what covers its days."""

    marks: dict[int, Mark] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)
    holiday_changes: tuple[HolidayChange, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    views: tuple[Kept, ...] = ()


_TITLE = "rhythm__item__payload__title"
STRETCHES = ("blackout", "campaign", "absence", "slot")
"""The kinds that cover days, the most binding first."""


def _facts(
    rows: "QuerySet[Any]",
    kind: str,
    *,
    name: str,
    more: str = "",
    first: str = "",
    last: str = "",
    number: str = "",
) -> "QuerySet[Any, Any]":
    """The rows as (kind, id, name, more, first day, last day, number), so that all kinds fit one query."""
    nothing: Value = Value(None)
    facts: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(
            _kind=Value(kind, output_field=CharField()),
            _name=Cast(name, TextField()),
            _more=Cast(more, TextField()) if more else Cast(nothing, TextField()),
            _first=F(first) if first else Cast(nothing, DateField()),
            _last=F(last) if last else Cast(nothing, DateField()),
            _number=Cast(number, IntegerField()) if number else Cast(nothing, IntegerField()),
        )
        .values_list("_kind", "pk", "_name", "_more", "_first", "_last", "_number")
    )
    return facts


def house(
    workspace: Workspace,
    first: date,
    last: date,
    views: "QuerySet[Any] | None" = None,
    slots: "QuerySet[Any] | None" = None,
) -> House:
    """All that these days (both included) need beside the posts, the saved views that one sees and the empty places;
    one query."""
    absences = Absence.objects.touching(first, last).filter(membership__workspace=workspace)
    campaigns = Initiative.objects.between(first, last).filter(workspace=workspace)
    blackouts = Blackout.objects.touching(first, last).filter(workspace=workspace)
    facts = _facts(
        Channel.objects.filter(workspace=workspace), "channel", name="title", more="mark", number="owned"
    ).union(
        _facts(Membership.objects.filter(workspace=workspace), "person", name="user__name"),
        _facts(
            HolidayChange.objects.filter(workspace=workspace), "holiday", name="name", first="day", last="day",
            number="closed",
        ),
        _facts(absences, "absence", name="membership__user__name", first="starts_on", last="ends_on"),
        _facts(campaigns, "campaign", name="title", first="starts_on", last="ends_on"),
        _facts(blackouts, "blackout", name="name", first="starts_on", last="ends_on"),
        *([] if views is None else [_facts(_addressed(views), "view", name="name", more="at", number="is_shared")]),
        *([] if slots is None else [_facts(slots, SLOT, name=_TITLE, first="held_on", last="held_on")]),
        all=True,
    )  # fmt: skip
    return _furnish(list(facts))


def _addressed(views: "QuerySet[Any]") -> "QuerySet[Any]":
    """With the page and the query of the address as one text."""
    with_address: QuerySet[Any] = views.annotate(at=Concat("page", Value("?"), "query"))
    return with_address


def _furnish(rows: list[tuple[Any, ...]]) -> House:
    by_kind: dict[str, list[tuple[Any, ...]]] = {}
    for kind, *row in rows:
        by_kind.setdefault(kind, []).append(tuple(row))
    return House(
        marks={
            pk: Mark(mark, bool(owned), json.loads(title), pk)
            for pk, title, mark, _first, _last, owned in sorted(by_kind.get("channel", []))
        },
        people={pk: name for pk, name, *_rest in by_kind.get("person", [])},
        holiday_changes=tuple(
            HolidayChange(day=day, name=name, closed=bool(closed))
            for _pk, name, _more, day, _last, closed in by_kind.get("holiday", [])
        ),
        stretches=tuple(
            Stretch(kind, pk, pick(json.loads(name)) if kind == SLOT else name, more or "", first, last)
            for kind in STRETCHES
            for pk, name, more, first, last, _number in by_kind.get(kind, [])
        ),
        views=tuple(
            Kept(pk, name, address.partition("?")[0], address.partition("?")[2], bool(shared))
            for pk, name, address, _first, _last, shared in sorted(by_kind.get("view", []), key=lambda row: row[1])
        ),
    )

"""What surrounds the posts of a calendar: channels, people, days off, seasons, meetings. One query for all of them.

A kind is one more line of `_PARTS`: which columns say its name, more, first and last day, number. They are written in
SQL: the ORM takes longer to put so many of them together than the database to answer.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import CharField, DateField, F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from planner.base.language import pick
from planner.calendar.queries.days import instant
from planner.calendar.rules import MEETING, SLOT, SUSPENDED, Kept, Mark, Stretch, is_silent
from planner.playbook.models import Kind, PlaybookItem
from planner.policy.models import PolicyVersion
from planner.posts.rules import FROZEN
from planner.workspaces.models import HolidayChange, Workspace

Row = tuple[Any, ...]
Asked = tuple[str, tuple[Any, ...]]
"""SQL and its parameters."""


@dataclass(frozen=True)
class House:
    """The things that a page names, by id, what covers its days, and what its days are measured by."""

    marks: dict[int, Mark] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)
    holiday_changes: tuple[HolidayChange, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    views: tuple[Kept, ...] = ()
    campaigns: dict[int, str] = field(default_factory=dict)
    """All that go on, by id: what a filter may choose from."""
    seasons: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """The seasonal topics of the playbook: slug and payload."""
    on_duty: frozenset[date] = frozenset()
    """The days on which somebody answers, and the one after the last."""
    policy: PolicyVersion | None = None
    silent: tuple[int, ...] = ()
    """Channels that have fallen silent."""


_FROZEN = ", ".join(f"'{status}'" for status in sorted(FROZEN))
_LAST_OUT = (
    "SELECT MAX(p.published_at) FROM planner_placement p WHERE p.channel_id = c.id AND p.published_at IS NOT NULL"
)
_NEXT = f"""
    SELECT p.planned_at FROM planner_placement p JOIN planner_post t ON t.id = p.post_id
    WHERE p.channel_id = c.id AND p.published_at IS NULL AND p.cancelled_at IS NULL AND p.held_at IS NULL
      AND p.planned_at > %(now)s AND t.status NOT IN ({_FROZEN}) ORDER BY p.planned_at LIMIT 1
"""  # noqa: S608 - no value of a reader is in it
_NO_DAYS = "CAST(NULL AS date), CAST(NULL AS date)"
_YES = "CASE WHEN {} THEN 1 ELSE 0 END"
_MEMBERS = "planner_membership x JOIN planner_user u ON u.id = x.user_id"
_OURS = "workspace_id = %(house)s"
_PARTS = {
    "channel": f"id, CAST(title AS text), mark, {_NO_DAYS}, {_YES.format('owned')} FROM planner_channel WHERE {_OURS}",
    "person": f"x.id, u.name, '', {_NO_DAYS}, 0 FROM {_MEMBERS} WHERE x.{_OURS}",
    "holiday": f"id, name, '', day, day, {_YES.format('closed')} FROM planner_holidaychange WHERE {_OURS}",
    "campaign": f"id, title, '', starts_on, ends_on, 0 FROM planner_initiative WHERE {_OURS}",
    "blackout": f"""
        id, name, '', starts_on, ends_on, 0 FROM planner_blackout
        WHERE {_OURS} AND starts_on <= %(last)s AND ends_on >= %(first)s""",
    "absence": f"""
        a.id, u.name, '', a.starts_on, a.ends_on, 0 FROM {_MEMBERS} JOIN planner_absence a ON a.membership_id = x.id
        WHERE x.{_OURS} AND a.starts_on <= %(last)s AND a.ends_on >= %(first)s""",
    "hold": f"""
        id, '', '', {_NO_DAYS}, 0 FROM planner_hold
        WHERE {_OURS} AND closed_at IS NULL AND CAST(scope AS text) LIKE '%%"all"%%'""",
    "duty": f"id, '', '', day, day, 0 FROM planner_duty WHERE {_OURS} AND day >= %(first)s AND day <= %(after)s",
    "policy": f"""
        id, CAST(changes AS text), '', {_NO_DAYS}, number FROM planner_policyversion
        WHERE {_OURS} AND number = (SELECT MAX(v.number) FROM planner_policyversion v WHERE v.{_OURS})""",
    "paced": f"""
        c.id, CAST(c.paced_since AS text),
        COALESCE(CAST(({_LAST_OUT}) AS text), '') || '|' || COALESCE(CAST(({_NEXT}) AS text), ''), {_NO_DAYS}, c.pace
        FROM planner_channel c WHERE c.{_OURS} AND c.is_used AND c.paced_since IS NOT NULL""",
}
_NAMED = " UNION ALL ".join(f"SELECT '{kind}', {columns}" for kind, columns in _PARTS.items())
_SQL, _PARAMS = re.sub(r"%\(\w+\)s", "%s", _NAMED), re.findall(r"%\((\w+)\)s", _NAMED)


def house(
    workspace: Workspace,
    first: date,
    last: date,
    *,
    now: datetime,
    views: "QuerySet[Any] | None" = None,
    places: "QuerySet[Any] | None" = None,
) -> House:
    """All that these days (both included) need beside the posts, the saved views that one sees, the empty places and
    the meetings; one query."""
    asked = [_seasons(workspace)]
    if views is not None:
        addressed = views.annotate(at=Concat("page", Value("?"), "query"))
        asked.append(_facts(addressed, "view", name="name", more="at", number="is_shared"))
    if places is not None:
        asked.append(_facts(places, "place", name=_TITLE, more="held_at", days="held_on", number="as_slot"))
    ours: dict[str, Any] = {
        "house": workspace.pk, "first": first.isoformat(), "last": last.isoformat(),
        "after": (last + timedelta(days=1)).isoformat(), "now": connection.ops.adapt_datetimefield_value(now),
    }  # fmt: skip
    with connection.cursor() as cursor:
        sql = " UNION ALL ".join((_SQL, *(one for one, _params in asked)))
        params = [*map(ours.__getitem__, _PARAMS), *chain.from_iterable(params for _one, params in asked)]
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    return _furnish(rows, workspace, (first, last), now)


_TITLE = "rhythm__item__payload__title"


@lru_cache(maxsize=512)
def _seasons(workspace: Workspace) -> Asked:
    """The seasonal topics that a workspace sees; every page of its calendar asks for them in the same words."""
    topics = PlaybookItem.objects.visible_to(workspace).of_kind(Kind.OBSERVANCE)
    return _facts(topics, "season", name="slug", more="payload")


def _facts(rows: "QuerySet[Any]", kind: str, *, name: str, more: str, days: str = "", number: str = "") -> Asked:
    """The rows as (kind, id, name, more, first day, last day, number), in SQL, so that all kinds fit one query."""
    nothing: Value = Value(None)
    day = F(days) if days else Cast(nothing, DateField())
    facts: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(
            _kind=Value(kind, output_field=CharField()),
            _name=Cast(name, TextField()),
            _more=Cast(more, TextField()),
            _first=day,
            _last=day,
            _number=Cast(number, IntegerField()) if number else Cast(nothing, IntegerField()),
        )
        .values_list("_kind", "pk", "_name", "_more", "_first", "_last", "_number")
    )
    sql, params = facts.query.sql_with_params()
    return sql, params


def _furnish(rows: list[Row], workspace: Workspace, span: tuple[date, date], now: datetime) -> House:
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for kind, pk, name, more, first, last, number in rows:
        by_kind[kind].append((pk, name, more or "", _day(first), _day(last), number))
    marks = sorted(by_kind["channel"])
    return House(
        marks={pk: Mark(mark, bool(owned), json.loads(title), pk) for pk, title, mark, _on, _to, owned in marks},
        people={pk: name for pk, name, *_rest in by_kind["person"]},
        holiday_changes=tuple(
            HolidayChange(day=day, name=name, closed=bool(closed))
            for _pk, name, _more, day, _last, closed in by_kind["holiday"]
        ),
        stretches=tuple(_stretches(by_kind, *span)),
        views=tuple(
            Kept(pk, name, address.partition("?")[0], address.partition("?")[2], bool(shared))
            for pk, name, address, _first, _last, shared in sorted(by_kind["view"], key=lambda row: row[1])
        ),
        campaigns={pk: name for pk, name, *_rest in by_kind["campaign"]},
        seasons=tuple((slug, _payload(text)) for _pk, slug, text, *_rest in by_kind["season"]),
        on_duty=frozenset(row[3] for row in by_kind["duty"]),
        policy=next((_version(workspace, *row) for row in by_kind["policy"]), None),
        silent=() if workspace.is_alerted else tuple(row[0] for row in by_kind["paced"] if _is_silent(row, now)),
    )


def _stretches(by_kind: Mapping[str, list[Row]], first: date, last: date) -> Iterator[Stretch]:
    for kind in ("blackout", "campaign", "absence"):
        for pk, name, _more, starts, ends, _number in by_kind[kind]:
            if starts <= last and ends >= first:
                yield Stretch(kind, pk, name, "", starts, ends)
    for pk, name, at, on, _to, is_slot in sorted(by_kind["place"], key=lambda row: (row[5], row[2])):
        more = SUSPENDED if is_slot and by_kind["hold"] else at[:5]
        yield Stretch(SLOT if is_slot else MEETING, pk, pick(json.loads(name)), more, on, on)


def _day(value: Any) -> Any:
    """SQLite keeps days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


@lru_cache(maxsize=512)
def _payload(text: str) -> Mapping[str, Any]:
    """A seasonal topic as it was written; the same few are read with every page."""
    read: Mapping[str, Any] = json.loads(text)
    return read


def _version(
    workspace: Workspace, pk: int, changes: str, _more: str, _on: None, _to: None, number: int
) -> PolicyVersion:
    return PolicyVersion(pk=pk, workspace=workspace, number=number, changes=json.loads(changes))


def _is_silent(row: Row, now: datetime) -> bool:
    _pk, paced_since, around, _on, _to, pace = row
    last_at, _bar, next_at = around.partition("|")
    since = max(instant(word) for word in (paced_since, last_at) if word)
    return is_silent(pace or 0, since, instant(next_at) if next_at else None, now)

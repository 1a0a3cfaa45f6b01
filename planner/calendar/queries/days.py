"""The entries of some days, each day by a seek of its own: a fixed few, and a count, however full the day.

An entry is what a post publishes at one planned hour; one of its placements leads it (`Placement.leads`). A day of a
workspace is one stretch of the index `entries_by_hour`, so that the first four of a day cost four rows, whatever the
size. A window function reads them all first, and was measured three times slower; hence SQL written here by hand.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from planner.calendar import rules
from planner.calendar.rules import Due, Entry, Mark, Mix, Traffic
from planner.posts.models import Post
from planner.workspaces.models import Channel, Membership, Workspace

Days = Sequence[tuple[datetime, datetime]]
"""The instants at which each day begins and ends."""

_LEADS = """
    SELECT {columns} FROM planner_placement p
    WHERE p.workspace_id = %s AND p.leads AND p.cancelled_at IS NULL
      AND p.shown_at >= d.starts AND p.shown_at < d.ends {chosen}
"""
_FIRST = _LEADS + " ORDER BY p.shown_at, p.post_id LIMIT %s"

_PLACES = """
    SELECT {gather} FROM planner_placement c
    WHERE c.post_id = e.post_id AND c.cancelled_at IS NULL AND c.shown_at >= d.starts AND c.shown_at < d.ends
      AND COALESCE(c.planned_at, c.shown_at) = COALESCE(e.planned_at, e.shown_at)
"""
_TITLED = "SELECT x.title FROM planner_posttext x WHERE x.post_id = {post}.id AND x.title <> ''"
_TITLE = f"""
    COALESCE(({_TITLED} AND x.language = %s), ({_TITLED} AND x.language = {{post}}.language),
      ({_TITLED} ORDER BY x.id LIMIT 1))
"""


def title_in(language: str) -> RawSQL:
    """The title of a post in this language, else in its own, else any: a column of a queryset of posts."""
    return RawSQL(_TITLE.format(post="planner_post"), (language,), output_field=TextField())


_ENDED = ", ".join(f"'{status}'" for status in rules.ENDED)
_LATE = f"""
    t.status NOT IN ({_ENDED}) AND
    (SELECT 1 FROM planner_workitem w WHERE w.subject_type_id = %s AND w.subject_id = t.id
     AND w.state = 'open' AND w.applies AND NOT w.is_projection AND w.due_at < %s LIMIT 1) IS NOT NULL
"""  # noqa: S608 - no value of a reader is in it
"""Not EXISTS: PostgreSQL would read all late work of the table at once."""
_FATE = "CASE WHEN c.published_at IS NOT NULL THEN 'out' WHEN c.held_at IS NULL THEN '' ELSE 'held' END"
_ONE = f"c.channel_id || ':' || {_FATE}"
_DUE = """
    COUNT(*) AS due, SUM(CASE WHEN w.owner_id = %s THEN 1 ELSE 0 END) AS mine,
    SUM(CASE WHEN w.due_at < %s THEN 1 ELSE 0 END) AS late
"""
_DUE_OF_DAY = """
    planner_workitem w{on}w.workspace_id = %s AND w.state = 'open' AND w.applies
    AND NOT w.is_projection AND w.due_at >= d.starts AND w.due_at < d.ends
"""
_SQLITE = {
    "due": f"SELECT 'due', d.n, {_DUE}, '' FROM d JOIN {_DUE_OF_DAY.format(on=' ON ')} GROUP BY d.n",
    "join": "JOIN planner_placement e ON e.id IN ({first})",
    "columns": "p.id",
    "gather": f"group_concat({_ONE})",
    "since": "'review', CAST(julianday(r.review_on) - julianday(%s) AS integer)",
    "hours": "group_concat(q.planned_at)",
}
_POSTGRES = {
    # by day for certain: without statistics, PostgreSQL would compare every piece of work with every day
    "due": "SELECT 'due', d.n, x.due, x.mine, x.late, '' FROM d CROSS JOIN LATERAL "
    f"(SELECT {_DUE} FROM {_DUE_OF_DAY.format(on=' WHERE ')}) x",
    "join": "CROSS JOIN LATERAL ({first}) e",
    "columns": "p.*",
    "gather": f"string_agg({_ONE}, ',')",
    "since": "'review', r.review_on - %s::date",
    "hours": "string_agg(q.planned_at::text, ',')",
}


def _dialect() -> Mapping[str, str]:
    return _POSTGRES if connection.vendor == "postgresql" else _SQLITE


def _literal(moment: datetime) -> str:
    """An instant as it stands in SQL: hundreds of parameters would take longer to bind than to read."""
    value: Any = connection.ops.adapt_datetimefield_value(moment)
    return f"'{value}'" if isinstance(value, str) else f"TIMESTAMPTZ '{value.isoformat()}'"


def _table(name: str, days: Days) -> str:
    """The days as a table of that name, numbered from 0."""
    rows = ", ".join(f"({number}, {_literal(starts)}, {_literal(ends)})" for number, (starts, ends) in enumerate(days))
    return f"{name} (n, starts, ends) AS (VALUES {rows})"


def _among(posts: "QuerySet[Post] | None") -> tuple[str, tuple[Any, ...]]:
    """A filter of posts as a condition on the placement `p`; nothing when everything is wanted."""
    if posts is None:
        return "", ()
    sql, params = posts.filter(pk=RawSQL("p.post_id", ())).order_by().values("pk").query.sql_with_params()
    return f"AND EXISTS ({sql})", params


def standing(
    workspace: Workspace,
    days: Days,
    *,
    most: int,
    language: str,
    now: datetime,
    marks: Mapping[int, Mark],
    people: Mapping[int, str] | None = None,
    posts: "QuerySet[Post] | None" = None,
) -> list[list[Entry]]:
    """The first `most` entries of each day, in the order of the hour; one query."""
    if not days:
        return []
    among, chosen = _among(posts)
    dialect = _dialect()
    first = _FIRST.format(columns=dialect["columns"], chosen=among)
    sql = f"""
        WITH {_table("d", days)}
        SELECT d.n, e.post_id, e.shown_at, t.status, t.version, t.author_id, t.answerer_id, t.deputy_id, t.tags,
          {_TITLE.format(post="t")}, ({_PLACES.format(gather=dialect["gather"])}), {_LATE}
        FROM d {dialect["join"].format(first=first)} JOIN planner_post t ON t.id = e.post_id
        ORDER BY d.n, e.shown_at, e.post_id
    """  # noqa: S608 - no value of a reader is in it
    kind = ContentType.objects.get_for_model(Post).pk
    moment = connection.ops.adapt_datetimefield_value(now)
    params = [language, kind, moment, workspace.pk, *chosen, most]
    found: list[list[Entry]] = [[] for _day in days]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for number, *row in cursor.fetchall():
            found[number].append(_entry(row, now, marks, people or {}))
    return found


def _entry(row: list[Any], now: datetime, marks: Mapping[int, Mark], people: Mapping[int, str]) -> Entry:
    post_id, shown_at, status, version, author, answerer, deputy, tags, title, places, is_late = row
    at = instant(shown_at)
    on = {int(channel): fate for channel, fate in (place.split(":") for place in places.split(","))}
    published = all(fate == "out" for fate in on.values())
    return Entry(
        post_id=post_id,
        at=at,
        title=title or _("Untitled"),
        state=rules.state_shown(status, published=published, held=all(on.values()), at=at, now=now),
        marks=tuple(mark for channel, mark in marks.items() if channel in on),
        version=version,
        owner=people.get(author, ""),
        missing=rules.missing(
            status, title=title, answerer=answerer, deputy=deputy, is_late=bool(is_late), published=published
        ),
        tags=_tags(tags),
    )


@lru_cache(maxsize=1024)
def _tags(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def instant(value: Any) -> datetime:
    """SQLite keeps instants as text, in UTC; so does what either database gathers."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@dataclass(frozen=True)
class Sums:
    """What `sums` counted, each list in the order of its days."""

    counts: list[int]
    everything: list[int]
    """The same without any filter."""
    dues: list[Due]
    reviews: list[int]
    extra: list[int]
    traffic: tuple[Traffic, ...] = ()
    mix: Mix | None = None


@dataclass(frozen=True)
class Watch:
    """What is measured of these days beside their counts: hours of each channel, share of what promotes."""

    days: Sequence[date]
    """Those to come: what is over is not warned of."""
    zone: str
    a_day: int
    mix_days: int
    """So many days, up to `mix_until`, are taken together."""
    mix_until: date


_HOURS = """
    SELECT p.planned_at FROM planner_placement p
    WHERE p.channel_id = c.id AND p.published_at IS NULL AND p.cancelled_at IS NULL
      AND p.planned_at >= a.starts AND p.planned_at < a.ends ORDER BY p.planned_at LIMIT %s
"""
_TRAFFIC = """
    UNION ALL SELECT 'traffic', a.n, c.id, 0, 0, (SELECT {gather} FROM ({hours}) q)
    FROM ahead a CROSS JOIN planner_channel c WHERE c.workspace_id = %s AND c.is_used
"""
_MIX = """
    UNION ALL SELECT 'mix', 0, COUNT(*), SUM(CASE WHEN m.intent = 'promote' THEN 1 ELSE 0 END), 0, ''
    FROM planner_post m WHERE m.workspace_id = %s AND m.planned_at >= %s AND m.planned_at < %s
      AND m.status NOT IN ('cancelled', 'retired')
"""


_EVERYTHING = f"UNION ALL SELECT 'everything', d.n, ({_LEADS.format(columns='COUNT(*)', chosen='')}), 0, 0, '' FROM d"


def _watched(workspace: Workspace, watch: Watch | None) -> tuple[str, str, list[Any]]:
    """The days of a watch as a table, and what is read of them."""
    if watch is None or not watch.days:
        return "", "", []
    adapt = connection.ops.adapt_datetimefield_value
    since = adapt(rules.instant_of(watch.mix_until - timedelta(days=watch.mix_days - 1), watch.zone))
    until = adapt(rules.instant_of(watch.mix_until + timedelta(days=1), watch.zone))
    sql = _TRAFFIC.format(gather=_dialect()["hours"], hours=_HOURS) + _MIX
    params = [watch.a_day + 1, workspace.pk, workspace.pk, since, until]
    return f", {_table('ahead', rules.bounds(watch.days, watch.zone))}", sql, params


def sums(
    member: Membership,
    spans: Days,
    *,
    days: Sequence[date],
    now: datetime,
    posts: "QuerySet[Post] | None" = None,
    extra: "Iterable[QuerySet[Post]]" = (),
    watch: Watch | None = None,
) -> Sums:
    """Of each day: entries, open work due, posts to look at again; then the posts of each of `extra`. One query."""
    among, chosen = _among(posts)
    everything = _EVERYTHING if among and watch else ""
    watched, watching, watched_params = _watched(member.workspace, watch)
    more: list[str] = []
    more_params: list[Any] = []
    for number, queryset in enumerate(extra):
        sql, also = queryset.order_by().values("pk").query.sql_with_params()
        more.append(f"UNION ALL SELECT 'extra', {number}, (SELECT COUNT(*) FROM ({sql}) q), 0, 0, ''")  # noqa: S608
        more_params += also
    epoch = _dialect()["since"]
    sql = f"""
        WITH {_table("d", spans)}{watched}
        SELECT 'entries', d.n, ({_LEADS.format(columns="COUNT(*)", chosen=among)}), 0, 0, '' FROM d
        UNION ALL {_dialect()["due"]}
        UNION ALL SELECT {epoch}, COUNT(*), 0, 0, '' FROM planner_post r
        WHERE r.workspace_id = %s AND r.review_on >= %s AND r.review_on <= %s AND r.status = 'published'
        GROUP BY r.review_on {everything} {watching} {" ".join(more)}
    """  # noqa: S608 - no value of a reader is in it
    moment = connection.ops.adapt_datetimefield_value(now)
    house, span = member.workspace_id, (days[0].isoformat(), days[-1].isoformat())
    params = [
        house, *chosen, member.pk, moment, house, days[0].isoformat(), house, *span,
        *([house] if everything else ()), *watched_params, *more_params,
    ]  # fmt: skip
    counts, dues = [0] * len(spans), [Due()] * len(spans)
    whole = [0] * len(spans) if everything else counts
    reviews, others = [0] * len(days), [0] * len(more)
    traffic: list[Traffic] = []
    mix: Mix | None = None
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for kind, number, count, mine, late, hours in cursor.fetchall():
            if kind == "due":
                dues[number] = Due(count, mine or 0, late or 0)
            elif kind == "traffic" and watch and hours:
                traffic.append(Traffic(watch.days[number], count, tuple(map(instant, hours.split(",")))))
            elif kind == "mix" and watch:
                mix = Mix(watch.mix_until, count, mine or 0)
            elif kind != "traffic":
                {"entries": counts, "everything": whole, "review": reviews, "extra": others}[kind][number] = count
    return Sums(counts, whole, dues, reviews, others, tuple(traffic), mix)


MOST_LISTED = 1000
"""Entries of a day that a list shows; far beyond what a newsroom publishes in one."""


def entries(workspace: Workspace, start: datetime, end: datetime, *, language: str, now: datetime) -> list[Entry]:
    """Everything shown between two instants, a few days at most; two queries."""
    rows = Channel.objects.filter(workspace=workspace).values_list("id", "mark", "owned", "title")
    marks = {pk: Mark(mark, owned, title, pk) for pk, mark, owned, title in rows}
    days = rules.cut_into_days(start, end, workspace.time_zone)
    found = standing(workspace, days, most=MOST_LISTED, language=language, now=now, marks=marks)
    return [entry for day in found for entry in day]

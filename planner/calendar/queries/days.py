"""The entries of some days, each day by a seek of its own: a fixed few, and a count, however full the day.

An entry is what a post publishes at one planned hour; one of its placements leads it (`Placement.leads`). A day of a
workspace is one stretch of the index `entries_by_hour`, so that the first four of a day cost four rows, whatever the
size. A window function reads them all first, and was measured three times slower; hence SQL written here by hand.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from planner.calendar import rules
from planner.calendar.rules import Due, Entry, Mark
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
_TITLED = "SELECT x.title FROM planner_posttext x WHERE x.post_id = t.id AND x.title <> ''"
_TITLE = f"({_TITLED} AND x.language = %s), ({_TITLED} AND x.language = t.language), ({_TITLED} ORDER BY x.id LIMIT 1)"
_LATE = """
    EXISTS (SELECT 1 FROM planner_workitem w WHERE w.subject_type_id = %s AND w.subject_id = t.id
            AND w.state = 'open' AND w.applies AND NOT w.is_projection AND w.due_at < %s)
"""
_FATE = "CASE WHEN c.published_at IS NOT NULL THEN 'out' WHEN c.held_at IS NULL THEN '' ELSE 'held' END"
_ONE = f"c.channel_id || ':' || {_FATE}"
_SQLITE = {
    "join": "JOIN planner_placement e ON e.id IN ({first})",
    "columns": "p.id",
    "gather": f"group_concat({_ONE})",
    "since": "'review', CAST(julianday(r.review_on) - julianday(%s) AS integer)",
}
_POSTGRES = {
    "join": "CROSS JOIN LATERAL ({first}) e",
    "columns": "p.*",
    "gather": f"string_agg({_ONE}, ',')",
    "since": "'review', r.review_on - %s::date",
}


def _dialect() -> Mapping[str, str]:
    return _POSTGRES if connection.vendor == "postgresql" else _SQLITE


def _table(days: Days) -> tuple[str, list[Any]]:
    """The days as a table `d`, numbered from 0."""
    rows = ", ".join(f"({number}, %s, %s)" for number in range(len(days)))
    bounds = [connection.ops.adapt_datetimefield_value(instant) for day in days for instant in day]
    return f"WITH d (n, starts, ends) AS (VALUES {rows})", bounds


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
    table, bounds = _table(days)
    among, chosen = _among(posts)
    dialect = _dialect()
    first = _FIRST.format(columns=dialect["columns"], chosen=among)
    sql = f"""
        {table} SELECT d.n, e.post_id, e.shown_at, t.status, t.version, t.author_id, t.answerer_id, t.deputy_id,
          COALESCE({_TITLE}), ({_PLACES.format(gather=dialect["gather"])}), {_LATE}
        FROM d {dialect["join"].format(first=first)} JOIN planner_post t ON t.id = e.post_id
        ORDER BY d.n, e.shown_at, e.post_id
    """  # noqa: S608 - no value of a reader is in it
    kind = ContentType.objects.get_for_model(Post).pk
    moment = connection.ops.adapt_datetimefield_value(now)
    params = [*bounds, language, kind, moment, workspace.pk, *chosen, most]
    found: list[list[Entry]] = [[] for _day in days]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for number, *row in cursor.fetchall():
            found[number].append(_entry(row, now, marks, people or {}))
    return found


def _entry(row: list[Any], now: datetime, marks: Mapping[int, Mark], people: Mapping[int, str]) -> Entry:
    post_id, shown_at, status, version, author, answerer, deputy, title, places, is_late = row
    at = _instant(shown_at)
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
    )


def _instant(value: Any) -> datetime:
    """SQLite keeps instants as text, in UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def sums(
    member: Membership,
    spans: Days,
    *,
    days: Sequence[date],
    now: datetime,
    posts: "QuerySet[Post] | None" = None,
    extra: "Iterable[QuerySet[Post]]" = (),
) -> tuple[list[int], list[Due], list[int], list[int]]:
    """Of each day: entries, open work due, posts to look at again; then the posts of each of `extra`. One query."""
    table, bounds = _table(spans)
    among, chosen = _among(posts)
    more: list[str] = []
    more_params: list[Any] = []
    for number, queryset in enumerate(extra):
        sql, also = queryset.order_by().values("pk").query.sql_with_params()
        more.append(f"UNION ALL SELECT 'extra', {number}, (SELECT COUNT(*) FROM ({sql}) q), 0, 0")  # noqa: S608
        more_params += also
    epoch = _dialect()["since"]
    sql = f"""
        {table} SELECT 'entries', d.n, ({_LEADS.format(columns="COUNT(*)", chosen=among)}), 0, 0 FROM d
        UNION ALL SELECT 'due', d.n, COUNT(*), SUM(CASE WHEN w.owner_id = %s THEN 1 ELSE 0 END),
          SUM(CASE WHEN w.due_at < %s THEN 1 ELSE 0 END)
        FROM d JOIN planner_workitem w ON w.workspace_id = %s AND w.state = 'open' AND w.applies
          AND NOT w.is_projection AND w.due_at >= d.starts AND w.due_at < d.ends
        GROUP BY d.n
        UNION ALL SELECT {epoch}, COUNT(*), 0, 0 FROM planner_post r
        WHERE r.workspace_id = %s AND r.review_on >= %s AND r.review_on <= %s AND r.status = 'published'
        GROUP BY r.review_on {" ".join(more)}
    """  # noqa: S608 - no value of a reader is in it
    moment = connection.ops.adapt_datetimefield_value(now)
    house, span = member.workspace_id, (days[0].isoformat(), days[-1].isoformat())
    params = [*bounds, house, *chosen, member.pk, moment, house, days[0].isoformat(), house, *span, *more_params]
    counts, dues = [0] * len(spans), [Due()] * len(spans)
    reviews, others = [0] * len(days), [0] * len(more)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for kind, number, count, mine, late in cursor.fetchall():
            if kind == "due":
                dues[number] = Due(count, mine, late)
            else:
                {"entries": counts, "review": reviews, "extra": others}[kind][number] = count
    return counts, dues, reviews, others


MOST_LISTED = 1000
"""Entries of a day that a list shows; far beyond what a newsroom publishes in one."""


def entries(workspace: Workspace, start: datetime, end: datetime, *, language: str, now: datetime) -> list[Entry]:
    """Everything shown between two instants, a few days at most; two queries."""
    rows = Channel.objects.filter(workspace=workspace).values_list("id", "mark", "owned", "title")
    marks = {pk: Mark(mark, owned, title, pk) for pk, mark, owned, title in rows}
    days = rules.cut_into_days(start, end, workspace.time_zone)
    found = standing(workspace, days, most=MOST_LISTED, language=language, now=now, marks=marks)
    return [entry for day in found for entry in day]

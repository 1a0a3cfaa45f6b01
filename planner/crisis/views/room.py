"""The war room: one page for a shaken person. What is promised, what to do next, what is known, what is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from planner.base import clock
from planner.crisis.models import CheckLine, Crisis, LogLine, Statement
from planner.crisis.queries import LogQuerySet, conduct_of, held_posts, questions_in
from planner.crisis.rules import CELL, HIGHEST, CheckKind, Conduct, FactKind, leads, may_declare, missed, speaks_inside
from planner.crisis.views.found import crisis_of
from planner.dialogue.rules import WAITING, State
from planner.work.models import WorkItem
from planner.work.rules import WorkState
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Membership
from planner.workspaces.rules import RoleBook

SPARED = "silence-"
"""Calls that nobody had to make, because the words came: not shown as done."""

TICKED_HERE = (CheckKind.OUTSIDE, CheckKind.DRILL)
"""The lists that are ticked in the war room itself."""

OF_WORK = (
    "workspace", "key", "title", "verb", "state", "offset", "due_at", "done_at", "owner", "done_by", "is_role_vacant",
    "position",
)  # fmt: skip
OF_STATEMENTS = ("crisis", "kind", "number", "due_at", "next_at", "published_at")
"""What the page shows of each."""

LINES_SHOWN, QUEUE_SHOWN, POLL_SECONDS = 12, 3, 15


@require_safe
def room(request: MemberRequest, crisis: int) -> HttpResponse:
    """Everything, readable without a script and on paper."""
    return render(request, "planner/crisis/room.html", _room(request, crisis_of(request, crisis)))


@require_safe
def now(request: MemberRequest, crisis: int) -> HttpResponse:
    """What changed since the page was made, for its quarter of a minute; the clocks alone when nothing did."""
    found = crisis_of(request, crisis)
    version = _version_now(found)
    is_same = request.GET.get("v") == version
    context = {**_ticking(request, found), "version": version} if is_same else _room(request, found)
    return render(request, "planner/crisis/_now.html", {**context, "is_part": True, "is_same": is_same})


@dataclass(frozen=True)
class Clocks:
    """The four figures, the next promise first."""

    since: int
    promise: int | None
    elapsed: int
    total: int
    is_overdue: bool
    missed: int
    first: int | None
    first_due: int | None
    first_left: int | None
    held: int
    passing: int
    kept: int
    said: int


@dataclass
class Cell:
    """Somebody of the cell, and what they do."""

    member: Membership
    does: list[str] = field(default_factory=list)


def _version(crisis: Crisis, last: int | None, done: int, asked: Mapping[str, int]) -> str:
    """Changes with all that the page shows but its clocks: the log, work that is done, questions, the queue."""
    return f"{last or 0}.{done}.{asked['all']}.{asked['waiting']}.{crisis.hold.waiting if crisis.hold else 0}"


def _version_now(crisis: Crisis) -> str:
    last = crisis.lines.values_list("pk", flat=True).first()
    done = WorkItem.objects.about(crisis).wanted().filter(state=WorkState.DONE).count()
    return _version(crisis, last, done, _asked(crisis))


def _ticking(request: MemberRequest, crisis: Crisis) -> dict[str, Any]:
    """The clocks alone."""
    at = clock.now()
    conduct = conduct_of(request.workspace, f"level-{crisis.level}") if crisis.is_overdue(at) else Conduct({})
    clocks = _clocks(crisis, conduct, list(crisis.statements.all()), _held(crisis), at)
    return {"crisis": crisis, "now": at, "clocks": clocks, "poll": POLL_SECONDS}


def _room(request: MemberRequest, crisis: Crisis) -> dict[str, Any]:
    at = clock.now()
    conduct, book = conduct_of(request.workspace, *_pages(crisis)), workspaces.roles_held(request.workspace)
    items = list(WorkItem.objects.about(crisis).wanted().only(*OF_WORK).order_by())
    checks = list(crisis.checks.filter(kind__in=TICKED_HERE))
    _introduce(crisis, [*items, *checks], book)
    items.sort(key=lambda item: (item.due_at or at, item.position, item.pk))
    said = crisis.statements.standing().select_related("post").only(*OF_STATEMENTS, "post__language")
    statements = list(said.prefetch_related("post__texts"))
    lines = list(lines_of(crisis)[:LINES_SHOWN])
    held, asked = _held(crisis), _asked(crisis)
    all_done = [item for item in items if item.state == WorkState.DONE]
    items = [item for item in items if item.state == WorkState.OPEN or not item.key.startswith(SPARED)]
    done = [item for item in all_done if not item.key.startswith(SPARED)]
    return {
        "crisis": crisis,
        "now": at,
        "page": conduct.pages.get(f"level-{crisis.level or crisis.peak}"),
        "clocks": _clocks(crisis, conduct, statements, held, at),
        "open_work": [
            (item, item.due_at is not None and item.due_at < at) for item in items if item.state == WorkState.OPEN
        ],
        "done_work": done,
        "total_work": len(items) - sum(item.state == WorkState.DROPPED for item in items),
        "facts": facts_of(crisis),
        "outside": [check for check in checks if check.kind == CheckKind.OUTSIDE],
        "drill": [_timed(crisis, check, conduct) for check in checks if check.kind == CheckKind.DRILL],
        "ticked": sum(1 for check in checks if check.kind == CheckKind.OUTSIDE and check.done_at),
        "statements": statements,
        "waiting": next((one for one in statements if one.published_at is None), None),
        "speaks_inside": crisis.cleared_at is None and speaks_inside(conduct.level(crisis.level)),
        "next_kind": _next_kind(crisis, statements),
        "questions": list(questions_in(crisis).in_turn()[:QUEUE_SHOWN]) if asked["waiting"] else [],
        "asked": asked,
        "queue": held_posts(crisis, limit=QUEUE_SHOWN) if crisis.hold_id else [],
        "held": held,
        "lines": lines,
        "cell": cell_of(crisis, book),
        "do": conduct.points("updates", "do"),
        "do_not": conduct.points("updates", "do_not"),
        "leads": leads(book, request.membership.pk, crisis.lead_id),
        "may_raise": crisis.cleared_at is None
        and any(
            may_declare(conduct.level(number), book, request.membership.pk)
            for number in range(crisis.level + 1, HIGHEST + 1)
        ),
        "poll": POLL_SECONDS,
        "version": _version(crisis, lines[0].pk if lines else None, len(all_done), asked),
    }


def _pages(crisis: Crisis) -> list[str]:
    """What the room needs of the conduct: its level and those above, how to speak, the steps of a drill."""
    levels = [f"level-{number}" for number in range(crisis.level or crisis.peak, HIGHEST + 1)]
    return [*levels, "updates", "drill"] if crisis.is_drill else [*levels, "updates"]


def _introduce(crisis: Crisis, rows: Sequence[WorkItem | CheckLine], book: RoleBook[Membership]) -> None:
    """Who declared, who owes it and who did it, from the book that is open already; whoever has left is asked for."""
    wanted = {pk for row in rows for pk in (row.owner_id, row.done_by_id) if pk}
    wanted |= {crisis.declared_by_id} if crisis.declared_by_id else set()
    people = {**book.people, **Membership.objects.select_related("user").in_bulk(wanted - book.people.keys())}
    crisis.declared_by = people[crisis.declared_by_id] if crisis.declared_by_id else None
    for row in rows:
        row.owner = people[row.owner_id] if row.owner_id else None
        row.done_by = people[row.done_by_id] if row.done_by_id else None


def _held(crisis: Crisis) -> dict[str, int]:
    """How many posts wait in the queue, and how many were let pass; one query."""
    if crisis.hold is None:
        return {"posts": 0, "passing": 0}
    return {"posts": crisis.hold.waiting, "passing": crisis.hold.exceptions.count()}


def _asked(crisis: Crisis) -> dict[str, int]:
    """How many questions came in, how many nobody has sorted, how many wait; one query."""
    states = list(questions_in(crisis).order_by().values_list("state").annotate(Count("pk"), Count("merged_into")))
    return {
        "all": sum(number for _state, number, _joined in states),
        "new": sum(number for state, number, _joined in states if state == State.NEW),
        "waiting": sum(number - joined for state, number, joined in states if state in WAITING),
    }


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _clocks(
    crisis: Crisis, conduct: Conduct, statements: list[Statement], held: dict[str, int], at: datetime
) -> Clocks:
    said = [one for one in statements if one.published_at is not None]
    first = min((one.published_at for one in said if one.published_at), default=None)
    last = max((one.published_at for one in said if one.published_at), default=crisis.declared_at)
    promise, end = crisis.promised_at, crisis.cleared_at or at
    is_overdue = crisis.is_overdue(at)
    return Clocks(
        since=_minutes(end - crisis.declared_at),
        promise=abs(_minutes(promise - at)) if promise else None,
        elapsed=max(0, min(_minutes(at - last), _minutes(promise - last))) if promise else 0,
        total=max(1, _minutes(promise - last)) if promise else 1,
        is_overdue=is_overdue,
        missed=_missed(crisis, conduct, promise, at) if promise and is_overdue else 0,
        first=_minutes(first - crisis.declared_at) if first else None,
        first_due=_minutes(crisis.first_words_due_at - crisis.declared_at) if crisis.first_words_due_at else None,
        first_left=_minutes(crisis.first_words_due_at - at) if crisis.first_words_due_at and not first else None,
        held=held["posts"],
        passing=held["passing"],
        kept=sum(one.is_kept for one in said),
        said=len(said),
    )


def _missed(crisis: Crisis, conduct: Conduct, promise: datetime, at: datetime) -> int:
    level, calendar = conduct.level(crisis.level), workspaces.working_calendar(crisis.workspace)
    return missed(level, promise, at, declared_at=crisis.declared_at, calendar=calendar)


def facts_of(crisis: Crisis) -> list[tuple[FactKind, str, list[Any]]]:
    facts = list(crisis.facts.filter(dropped_at__isnull=True))
    icons = {FactKind.KNOWN: "check", FactKind.UNKNOWN: "help", FactKind.TO_CHECK: "search"}
    return [(kind, icons[kind], [fact for fact in facts if fact.kind == kind]) for kind in FactKind]


def _next_kind(crisis: Crisis, statements: list[Statement]) -> str:
    if crisis.cleared_at is not None:
        return "" if any(one.kind == "closing" for one in statements) else "closing"
    return "update" if statements else "holding"


def _timed(crisis: Crisis, check: CheckLine, conduct: Conduct) -> tuple[CheckLine, int, int | None]:
    """A step of a drill: the minute at which it should be done, and the one at which it was."""
    wanted = next((point["minute"] for point in conduct.points("drill", "steps") if point["key"] == check.key), 0)
    return check, wanted, _minutes(check.done_at - crisis.declared_at) if check.done_at else None


def cell_of(crisis: Crisis, book: RoleBook[Membership]) -> list[Cell]:
    """Who is in it, the lead first, with what they do and their number."""
    found: dict[int, Cell] = {}
    if crisis.lead is not None:
        found[crisis.lead.pk] = Cell(crisis.lead)
    for role in CELL:
        holder = book.first(role)
        if holder is not None:
            found.setdefault(holder.pk, Cell(holder)).does.append(str(role.label))
    return list(found.values())


def lines_of(crisis: Crisis) -> LogQuerySet:
    """The whole log, the latest first."""
    return LogLine.objects.filter(crisis=crisis)

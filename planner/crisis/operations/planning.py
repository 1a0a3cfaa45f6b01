"""The work of a crisis: the chain of w-crisis at the pace of its level, and what is stopped by hand."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Refused
from planner.base.language import LANGUAGES, in_both
from planner.crisis.models import CheckLine, Crisis
from planner.crisis.operations import promises
from planner.crisis.queries import conduct_of
from planner.crisis.rules import CheckKind, Conduct
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.rules import LaidItem, Layout, Task, chain, lay_out, parse_offset, parse_task_repeat
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import EditorialRole, RoleBook

WORKFLOW = "w-crisis"
DRAFT, LEGAL, OUTSIDE = "draft-words", "legal-advice", "outside-"


# ---- who


def leader_of(book: RoleBook[Membership], day: date) -> Membership | None:
    """Who leads on this day: the crisis lead or who stands in for them, else the deputy or who stands in for these."""
    for role in (EditorialRole.CRISIS_LEAD, EditorialRole.CRISIS_DEPUTY):
        found = book.resolve(role, day).member
        if found is not None and book.holds(found.pk, role) and not book.is_absent(found.pk, day):
            return found
    return None


def people_of(crisis: Crisis, book: RoleBook[Membership]) -> dict[str, Membership | None]:
    """Who does the work of each role in a crisis: its holder, else whoever leads."""
    people = {role: book.first(role) for role in EditorialRole.values}
    people[EditorialRole.EDITOR] = people[EditorialRole.EDITOR] or crisis.lead
    people[EditorialRole.CRISIS_LEAD] = crisis.lead
    return people


# ---- the work


def plan_work(
    crisis: Crisis, conduct: Conduct, page: Mapping[str, Any], book: RoleBook[Membership], actor: Membership,
    now: datetime,
) -> None:  # fmt: skip
    """The work of a level that begins now, at its pace: what is missing is made, what is still open comes sooner where
    this level is quicker. Updates come one by one, each promised by the last."""
    if page.get("delay_percent"):
        pace = page["delay_percent"] / 100
        tasks = [*chain_of(crisis.workspace), *_outside(crisis, conduct), *_advice(page, pace)]
        known = set(WorkItem.objects.about(crisis).values_list("key", flat=True))
        if known:
            _hasten(crisis, tasks, pace, now)
        plan(crisis, [task for task in tasks if task.key not in known], people_of(crisis, book), pace, actor, now)
    if page.get("draft_working_hours"):
        _plan_draft(crisis, page["draft_working_hours"], book, actor, now)


def chain_of(workspace: Workspace) -> list[Task]:
    item = PlaybookItem.objects.visible_to(workspace).of_kind(Kind.WORKFLOW).filter(slug=WORKFLOW).first()
    if item is None:
        raise Refused(_("The conduct of a crisis is not in the playbook: load the playbook first."))
    return [task for task in chain(item.payload, {}) if task.key != promises.UPDATE]


def plan(
    crisis: Crisis, tasks: Collection[Task], people: Mapping[str, Membership | None], pace: float, actor: Membership,
    now: datetime,
) -> None:  # fmt: skip
    work.plan_items(
        workspace=crisis.workspace, subject=crisis, group=crisis, tasks=list(tasks),
        layout=_laid(crisis, tasks, pace, now), people=people, subject_title=dict.fromkeys(LANGUAGES, crisis.title),
        actor=actor, now=now,
    )  # fmt: skip


def _laid(crisis: Crisis, tasks: Collection[Task], pace: float, now: datetime, since: datetime | None = None) -> Layout:
    calendar = workspaces.working_calendar(crisis.workspace, around=[now.date()])
    return lay_out(
        list(tasks), planned_at=None, published_at=None, calendar=calendar, now=now, facts={},
        anchors={"C": since or now}, pace=pace,
    )  # fmt: skip


def _hasten(crisis: Crisis, tasks: Collection[Task], pace: float, now: datetime) -> None:
    keys = {task.key for task in tasks}
    items = [item for item in work.to_relay(crisis) if item.key in keys and item.due_at is not None]
    layout = _laid(crisis, work.tasks_of(items), pace, now)
    due = {laid.task.key: laid.due_at for laid in layout.items}
    sooner = [item for item in items if item.due_at and (at := due.get(item.key)) and at < item.due_at]
    work.relay(subject=crisis, group=crisis, layout=layout, items=sooner, now=now)


AHEAD = timedelta(hours=36)
"""What comes back is there for so long at least, each night."""


def carry_on(*, now: datetime) -> int:
    """Each night, for a crisis that lasts: what comes back (the level looked at again, the lead handed over) goes on
    after the last time that the playbook counts. Returns how many pieces of work were added."""
    return sum(_carry_on(crisis.pk, now) for crisis in Crisis.objects.open().order_by("pk"))


@transaction.atomic
def _carry_on(pk: int, now: datetime) -> int:
    found = Crisis.objects.get(pk=pk)
    workspace = workspaces.lock(found.workspace)
    crisis = Crisis.objects.with_people().filter(pk=pk, cleared_at__isnull=True).first()
    if crisis is None:
        return 0
    page = conduct_of(workspace).level(crisis.level)
    if not page.get("delay_percent"):
        return 0
    pace, added = page["delay_percent"] / 100, 0
    for first in (task for task in chain_of(workspace) if task.repeat and task.occurrence == 1):
        added += _once_more(crisis, first, pace, now)
    return added


def _once_more(crisis: Crisis, first: Task, pace: float, now: datetime) -> int:
    """As many times as the playbook counts, from the last time on, when that one is near."""
    known = WorkItem.objects.about(crisis).filter(key__regex=rf"^{first.key}(-[0-9]+)?$")
    last = known.filter(due_at__isnull=False).order_by("due_at").last()
    if last is None or last.due_at is None or last.due_at > now + AHEAD:
        return 0
    delay = (_laid(crisis, [first], pace, now).items[0].due_at or now) - now
    number, times = known.count(), range(2, parse_task_repeat(first.repeat) + 1)
    tasks = [replace(first, key=f"{first.key}-{number + nth - 1}", occurrence=nth) for nth in times]
    layout = _laid(crisis, tasks, pace, now, since=max(last.due_at, now) - delay)
    work.plan_items(
        workspace=crisis.workspace, subject=crisis, group=crisis, tasks=tasks, layout=layout,
        people=people_of(crisis, workspaces.role_book(crisis.workspace)),
        subject_title=dict.fromkeys(LANGUAGES, crisis.title), actor=None, now=now,
    )  # fmt: skip
    return len(tasks)


def _advice(page: Mapping[str, Any], pace: float) -> list[Task]:
    """Legal answers within minutes, whatever the pace of the rest: advice, and no veto on what protects people."""
    if not page.get("legal_minutes"):
        return []
    title = in_both(_("Advise on what may be said: advice, no veto on what protects people"))
    why = in_both(_("The first words go out at their hour, with this advice or without it."))
    offset = f"C+{round(page['legal_minutes'] / pace)}min"
    return [
        Task(
            key=LEGAL, title=title, verb=in_both(_("Advise")), why=why, roles=(EditorialRole.LEGAL,), offset=offset,
            minutes=15, reminder="e-crisis",
        )
    ]  # fmt: skip


def _plan_draft(crisis: Crisis, hours: int, book: RoleBook[Membership], actor: Membership, now: datetime) -> None:
    """Words ready before they are needed: written, and not published."""
    calendar = workspaces.working_calendar(crisis.workspace, around=[now.date()])
    task = Task(
        key=DRAFT, title=in_both(_("Draft the first words, and keep them")), verb=in_both(_("It is ready")),
        why=in_both(_("Words that are ready are said in minutes; they go out only if the level rises.")),
        roles=(EditorialRole.SPOKESPERSON,), offset="C+4h", minutes=40, reminder="e-std",
    )  # fmt: skip
    work.plan_items(
        workspace=crisis.workspace, subject=crisis, group=crisis, tasks=[task],
        layout=Layout((LaidItem(task, calendar.add_working_hours(now, hours)),)), people=people_of(crisis, book),
        subject_title=dict.fromkeys(LANGUAGES, crisis.title), actor=actor, now=now,
    )  # fmt: skip


# ---- what Marronnier cannot stop


def list_outside(
    crisis: Crisis, conduct: Conduct, page: Mapping[str, Any], book: RoleBook[Membership], now: datetime
) -> None:
    """Where a hold has just opened: what people stop by hand, each with somebody and an hour."""
    people, points = people_of(crisis, book), conduct.points("hold", "outside")
    pace = (page.get("delay_percent") or 100) / 100
    laid = _laid(crisis, [_by_hand(point["key"], point) for point in points], pace, now)
    due = {item.task.key: item.due_at for item in laid.items}
    CheckLine.objects.bulk_create(
        check_line(crisis, CheckKind.OUTSIDE, point, position, people[point["role"]] or crisis.lead, due[point["key"]])
        for position, point in enumerate(points)
    )


def check_line(
    crisis: Crisis, kind: str, point: Mapping[str, Any], position: int, owner: Membership | None,
    due_at: datetime | None = None,
) -> CheckLine:  # fmt: skip
    return CheckLine(
        crisis=crisis, kind=kind, key=point["key"], text=point["text"], help=point.get("help", {}), due_at=due_at,
        owner=owner, position=position,
    )  # fmt: skip


def _by_hand(key: str, point: Mapping[str, Any]) -> Task:
    return Task(
        key=key, title=in_both(_("Stop by hand what Marronnier cannot stop")), verb=in_both(_("Tick the list")),
        why=in_both(_("What was paid or set elsewhere goes out all by itself.")), roles=(point["role"],),
        offset=point["offset"], minutes=10, reminder="e-crisis",
    )  # fmt: skip


def _outside(crisis: Crisis, conduct: Conduct) -> list[Task]:
    """One piece of work for each role that stops something by hand, due with the first of its lines."""
    points = conduct.points("hold", "outside") if crisis.hold_id else ()
    first: dict[str, Mapping[str, Any]] = {}
    for point in sorted(points, key=lambda point: parse_offset(point["offset"]).rough_days):
        first.setdefault(point["role"], point)
    return [_by_hand(f"{OUTSIDE}{role}", point) for role, point in first.items()]


def settle_outside(crisis: Crisis, conduct: Conduct, actor: Membership, now: datetime) -> None:
    """Whoever has ticked all the lines of a role has done its work."""
    left = set(crisis.checks.filter(kind=CheckKind.OUTSIDE, done_at__isnull=True).values_list("key", flat=True))
    points = conduct.points("hold", "outside")
    for role in {point["role"] for point in points} - {point["role"] for point in points if point["key"] in left}:
        work.settle(subject=crisis, key=f"{OUTSIDE}{role}", actor=actor, now=now)

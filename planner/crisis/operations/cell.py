"""Before anything happens: each quarter whoever leads in a crisis looks through the names, the numbers and the second
persons of the cell, and each half-year they hold a drill."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from planner.base.language import in_both
from planner.base.worktime import DUE_TIME
from planner.calendar.models import Rhythm
from planner.crisis import rules
from planner.playbook.rules import LaidItem, Layout, Task
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Workspace
from planner.workspaces.rules import EditorialRole

A_SLICE = 50
DRILL_CADENCE = "crisis-drill"


@dataclass(frozen=True)
class Asked:
    """What is asked of the crisis lead of each workspace, once a quarter or a half-year; `days` working days for it."""

    key: str
    began: date
    title: Mapping[str, str]
    verb: Mapping[str, str]
    why: Mapping[str, str]
    minutes: int
    days: int


def ask_for_contacts(*, now: datetime) -> int:
    """Once a quarter for each workspace that was there when it began; returns how many were asked."""
    return _ask_each(
        Asked(
            rules.contacts_key(now), rules.quarter_began(now),
            in_both(_("Look through names, numbers and second persons")), in_both(_("Look through")),
            in_both(_("On the day itself nobody has time to look for a number.")), minutes=15, days=rules.CONTACTS_DAYS,
        ),
        Workspace.objects.all(), now,
    )  # fmt: skip


def ask_for_drill(*, now: datetime) -> int:
    """Once a half-year, where the cadence of the drill has not been switched on; returns how many were asked."""
    dated = Rhythm.objects.on().filter(workspace=OuterRef("pk"), item__slug=DRILL_CADENCE)
    return _ask_each(
        Asked(
            rules.drill_key(now), rules.half_year_began(now), in_both(_("Hold a drill, in a sample workspace")),
            in_both(_("It was held")), in_both(_("On the day itself people do what they have done once before.")),
            minutes=60, days=rules.DRILL_DAYS,
        ),
        Workspace.objects.filter(~Exists(dated)), now,
    )  # fmt: skip


def _ask_each(asked: Asked, among: "models.QuerySet[Workspace]", now: datetime) -> int:
    kind = ContentType.objects.get_for_model(Workspace)
    known = WorkItem.objects.filter(subject_type=kind, subject_id=OuterRef("pk"), key=asked.key)
    there = among.filter(is_sample=False, created_at__lt=datetime.combine(asked.began, time(), tzinfo=UTC))
    found = list(there.filter(~Exists(known)).order_by("pk")[:A_SLICE])
    for workspace in found:
        _ask(workspace, asked, now)
    return len(found)


@transaction.atomic
def _ask(workspace: Workspace, asked: Asked, now: datetime) -> None:
    workspace = workspaces.lock(workspace)
    if WorkItem.objects.about(workspace).keyed([asked.key]).exists():
        return
    calendar = workspaces.working_calendar(workspace, around=[now.date()])
    today = calendar.local(now).date()
    task = Task(
        key=asked.key, title=asked.title, verb=asked.verb, why=asked.why, roles=(EditorialRole.CRISIS_LEAD,),
        offset=f"R+{asked.days}wd", minutes=asked.minutes, reminder="e-std",
    )  # fmt: skip
    book = workspaces.role_book(workspace, day_from=today, day_to=today)
    work.plan_items(
        workspace=workspace, subject=workspace, group=workspace, tasks=[task],
        layout=Layout((LaidItem(task, calendar.at(calendar.shift(today, asked.days), DUE_TIME)),)),
        people={EditorialRole.CRISIS_LEAD: book.fallback(EditorialRole.CRISIS_LEAD)},
        subject_title=in_both(_("The crisis cell")), actor=None, now=now,
    )  # fmt: skip

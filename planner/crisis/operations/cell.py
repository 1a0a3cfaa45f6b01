"""Each quarter, whoever leads in a crisis looks through the names, the numbers and the second persons of the cell."""

from datetime import UTC, datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from planner.base.language import in_both
from planner.base.worktime import DUE_TIME
from planner.crisis import rules
from planner.playbook.rules import LaidItem, Layout, Task
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Workspace
from planner.workspaces.rules import EditorialRole

A_SLICE = 50


def ask_for_contacts(*, now: datetime) -> int:
    """Once a quarter for each workspace that was there when it began; returns how many were asked."""
    key, began = rules.contacts_key(now), rules.quarter_began(now)
    kind = ContentType.objects.get_for_model(Workspace)
    asked = WorkItem.objects.filter(subject_type=kind, subject_id=OuterRef("pk"), key=key)
    waiting = Workspace.objects.filter(
        ~Exists(asked), is_sample=False, created_at__lt=datetime(began.year, began.month, 1, tzinfo=UTC)
    )
    found = list(waiting.order_by("pk")[:A_SLICE])
    for workspace in found:
        _ask(workspace, key, now)
    return len(found)


@transaction.atomic
def _ask(workspace: Workspace, key: str, now: datetime) -> None:
    workspace = workspaces.lock(workspace)
    if WorkItem.objects.about(workspace).keyed([key]).exists():
        return
    calendar = workspaces.working_calendar(workspace, around=[now.date()])
    today = calendar.local(now).date()
    task = Task(
        key=key, title=in_both(_("Look through names, numbers and second persons")), verb=in_both(_("Look through")),
        why=in_both(_("On the day itself nobody has time to look for a number.")),
        roles=(EditorialRole.CRISIS_LEAD,), offset="R+5wd", minutes=15, reminder="e-std",
    )  # fmt: skip
    book = workspaces.role_book(workspace, day_from=today, day_to=today)
    work.plan_items(
        workspace=workspace, subject=workspace, group=workspace, tasks=[task],
        layout=Layout((LaidItem(task, calendar.at(calendar.shift(today, rules.CONTACTS_DAYS), DUE_TIME)),)),
        people={EditorialRole.CRISIS_LEAD: book.fallback(EditorialRole.CRISIS_LEAD)},
        subject_title=in_both(_("The crisis cell")), actor=None, now=now,
    )  # fmt: skip

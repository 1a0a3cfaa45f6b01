"""Asking those who write to read the editorial policy: once a year, and at each version that everybody is to read.

Stands here, above the work: the policy itself knows no work items.
"""

import logging
from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from planner.base.language import in_both
from planner.base.worktime import DUE_TIME
from planner.playbook.rules import LaidItem, Layout, Task
from planner.policy import operations as policy
from planner.policy.models import Acknowledgement, Charter
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import Act, EditorialRole, may

DAYS_TO_READ = 5
"""Working days. A house default."""
logger = logging.getLogger(__name__)

_TITLE = _("Read the editorial policy")
_WHY = _("It says what may be published and who decides; whoever writes says once a year that they know it.")
_VERB = _("Read it")


def ask_to_read(*, now: datetime) -> int:
    """Give each member who may write, and who has not said within the year that they know the policy in force, one work
    item. Returns how many were asked. A workspace that fails is written to the log, and the others go on.
    """
    asked = 0
    for workspace in Workspace.objects.filter(is_sample=False).order_by("pk"):
        try:
            asked += _ask(workspace, now)
        except OperationalError:
            raise
        except Exception:
            logger.exception("Nobody could be asked to read the policy of workspace %s.", workspace.slug)
    return asked


@transaction.atomic
def say_read(*, actor: Membership, charter: Charter, now: datetime) -> Acknowledgement:
    """The member has read this version, and is no longer asked to."""
    given = policy.acknowledge(actor=actor, charter=charter, now=now)
    mine = WorkItem.objects.about(actor.workspace).open().filter(key__startswith="charter-", owner=actor)
    for key in list(mine.values_list("key", flat=True)):
        work.settle(subject=actor.workspace, key=key, actor=actor, now=now)
    return given


@transaction.atomic
def _ask(workspace: Workspace, now: datetime) -> int:
    major = Charter.objects.last_major_of(workspace)
    if major is None:
        return 0
    workspace = workspaces.lock(workspace)
    year = now - timedelta(days=policy.YEAR)
    read = set(
        Acknowledgement.objects.filter(
            charter__workspace=workspace, charter__number__gte=major.number, given_at__gt=year
        ).values_list("member_id", flat=True)
    )
    start = f"charter-{major.number}-"
    keys = WorkItem.objects.about(workspace).filter(key__startswith=start, created_at__gt=year)
    asked = {int(key.split("-")[2]) for key in keys.values_list("key", flat=True)}
    members = Membership.objects.filter(workspace=workspace, is_shared_account=False).select_related("user")
    waiting = [
        one
        for one in members.order_by("pk")
        if one.is_active and may(one.level, Act.WRITE) and one.pk not in read | asked
    ]
    for member in waiting:
        _give(workspace, member, f"{start}{member.pk}-{now:%Y%m%d}", now)
    return len(waiting)


def _give(workspace: Workspace, member: Membership, key: str, now: datetime) -> None:
    calendar = workspaces.working_calendar(workspace, around=[now.date()])
    due_on = calendar.shift(calendar.local(now).date(), DAYS_TO_READ)
    task = Task(
        key=key,
        title=in_both(_TITLE),
        why=in_both(_WHY),
        verb=in_both(_VERB),
        roles=(EditorialRole.AUTHOR,),
        offset=f"R+{DAYS_TO_READ}wd",
        minutes=15,
        reminder="e-std",
    )
    work.plan_items(
        workspace=workspace,
        subject=workspace,
        group=workspace,
        tasks=[task],
        layout=Layout((LaidItem(task, calendar.at(due_on, DUE_TIME)),)),
        people={EditorialRole.AUTHOR: member},
        subject_title=in_both(_POLICY),
        actor=None,
        is_pinned=True,
        now=now,
    )


_POLICY = _("Editorial policy")

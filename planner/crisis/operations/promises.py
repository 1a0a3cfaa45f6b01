"""The hour that we promised: the next one of the level, its work, and the call when three have passed in silence."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from planner.base.language import LANGUAGES, in_both
from planner.crisis import rules
from planner.crisis.models import Crisis
from planner.crisis.queries import conduct_of
from planner.playbook.rules import LaidItem, Layout, Task
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import EditorialRole, RoleBook

UPDATE = "update"
SILENCE = "silence"
MISSED = 3
"""At the third promised hour that passes in silence the director is given what is needed to call, where the playbook
counts no others."""


def next_hour(crisis: Crisis, page: Mapping[str, Any], after: datetime) -> datetime | None:
    """When this level speaks next."""
    calendar = workspaces.working_calendar(crisis.workspace, around=[after.date()])
    return rules.next_promise(page, after, declared_at=crisis.declared_at, calendar=calendar)


def in_public(crisis: Crisis) -> datetime | None:
    """The hour promised in the last words that went out: at any level, words in public alone keep it."""
    said = crisis.statements.filter(published_at__isnull=False).order_by("-published_at", "-number")
    return said.values_list("next_at", flat=True).first()


def plan_update(
    crisis: Crisis, page: Mapping[str, Any], book: RoleBook[Membership], actor: Membership, now: datetime
) -> None:
    """The work of the next promised words, with its reminders; before the first words, w-crisis has it already."""
    due = crisis.promised_at
    if due is None:
        return
    number = WorkItem.objects.about(crisis).filter(key__startswith=f"{SILENCE}-").count() + 1
    tasks, laid = [], []
    if due != crisis.first_words_due_at:
        inside = rules.speaks_inside(page) and due != in_public(crisis)
        title = in_both(
            _("Tell colleagues where things stand") if inside else _("Speak at the promised hour, even with no news")
        )
        tasks.append(_task(f"{UPDATE}-{number}", EditorialRole.SPOKESPERSON, title, in_both(_("Write"))))
        laid.append(LaidItem(tasks[-1], due))
    many = conduct_of(crisis.workspace, "updates").number("updates", "call_card_after_missed", MISSED)
    last = _nth(crisis, page, due, many)
    spokesperson = book.first(EditorialRole.SPOKESPERSON) or crisis.lead
    title = in_both(
        _("Call %(who)s: silence at %(many)s promised hours"),
        many=many,
        who=", ".join(filter(None, (str(spokesperson), spokesperson.user.phone))) if spokesperson else "",
    )
    if last is not None:
        tasks.append(_task(f"{SILENCE}-{number}", EditorialRole.APPROVER, title, in_both(_("Call"))))
        laid.append(LaidItem(tasks[-1], last))
    people = {role: book.first(role) or crisis.lead for role in (EditorialRole.SPOKESPERSON, EditorialRole.APPROVER)}
    work.plan_items(
        workspace=crisis.workspace, subject=crisis, group=crisis, tasks=tasks, layout=Layout(tuple(laid)),
        people={str(role): person for role, person in people.items()},
        subject_title=dict.fromkeys(LANGUAGES, crisis.title), actor=actor, now=now,
    )  # fmt: skip


def _task(key: str, role: str, title: Mapping[str, str], verb: Mapping[str, str]) -> Task:
    return Task(
        key=key, title=title, verb=verb, why=in_both(_("People remember the hour that they were given.")),
        roles=(role,), offset="C+4h", minutes=20, reminder="e-crisis",
    )  # fmt: skip


def _nth(crisis: Crisis, page: Mapping[str, Any], due: datetime, many: int) -> datetime | None:
    for _n in range(many - 1):
        following = next_hour(crisis, page, due)
        if following is None:
            return None
        due = following
    return due


def forget(crisis: Crisis, actor: Membership, now: datetime) -> None:
    """We have spoken, or the rhythm changes: what waited for the last promise is done with."""
    waiting = WorkItem.objects.about(crisis).open()
    for prefix in (UPDATE, SILENCE):
        for key in waiting.filter(key__startswith=f"{prefix}-").values_list("key", flat=True):
            work.settle(subject=crisis, key=key, actor=actor, now=now)


def renew(
    crisis: Crisis, page: Mapping[str, Any], book: RoleBook[Membership], promised_at: datetime | None,
    actor: Membership, now: datetime,
) -> None:  # fmt: skip
    """Another promised hour, and the work that keeps it."""
    forget(crisis, actor, now)
    crisis.promised_at = promised_at
    Crisis.objects.filter(pk=crisis.pk).update(promised_at=promised_at)
    plan_update(crisis, page, book, actor, now)

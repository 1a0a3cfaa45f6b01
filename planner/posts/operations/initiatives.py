"""Initiatives: opened, changed, ended with what they brought; and checklists, on an initiative or a post."""

from datetime import date, datetime
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotFound, Refused, Stale
from planner.base.language import LANGUAGES, in_both
from planner.base.worktime import DUE_TIME
from planner.history import operations as history
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.rules import LaidItem, Layout, Task
from planner.posts.models import Initiative, Post
from planner.posts.operations import reading, writing
from planner.posts.rules import Stage
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, EditorialRole, may


class Brief(TypedDict):
    """What an initiative says of itself."""

    title: str
    aim: str
    metric: str
    starts_on: date
    ends_on: date
    proof_on: date | None
    owner: Membership


@transaction.atomic
def open_initiative(*, actor: Membership, brief: Brief, now: datetime) -> Initiative:
    """Write an initiative down, in preparation. Raises `Invalid` with the field."""
    workspaces.require(actor, Act.PLAN)
    _check(actor, brief)
    initiative = Initiative.objects.create(workspace=actor.workspace, created_at=now, **brief)
    _record("initiative.created", initiative, actor, now)
    return initiative


@transaction.atomic
def change_initiative(*, initiative: Initiative, actor: Membership, brief: Brief, now: datetime) -> Initiative:
    """Change its words, dates or owner."""
    initiative = _opened(initiative, actor)
    _check(actor, brief)
    changed = [name for name, value in brief.items() if getattr(initiative, name) != value]
    for name, value in brief.items():
        setattr(initiative, name, value)
    initiative.save(update_fields=list(brief))
    if "title" in changed:
        work.rename(subject=initiative, subject_title=dict.fromkeys(LANGUAGES, initiative.title))
    _record("initiative.changed", initiative, actor, now, changed=sorted(changed))
    return initiative


@transaction.atomic
def move_on(*, initiative: Initiative, actor: Membership, to: str, outcome: str = "", now: datetime) -> Initiative:
    """Start it, end it with what it brought, stop it with the reason, or take it up again."""
    initiative = _opened(initiative, actor)
    if to not in Stage.values or to == initiative.stage:
        raise Stale(_("The initiative is at this stage already: look at it as it is now."))
    if to in (Stage.ENDED, Stage.STOPPED) and not outcome.strip():
        raise Invalid(_("Say what it brought, or why it stops: the next one starts from there."), field="outcome")
    if (
        Initiative.objects.filter(pk=initiative.pk, stage=initiative.stage).update(
            stage=to, outcome=outcome.strip() or initiative.outcome
        )
        != 1
    ):
        raise Stale(_("The initiative is at this stage already: look at it as it is now."))
    initiative.refresh_from_db()
    _record("initiative.moved_on", initiative, actor, now, stage=to, comment=outcome.strip())
    return initiative


@transaction.atomic
def join(*, post: Post, initiative: Initiative | None, actor: Membership, now: datetime) -> Post:
    """Say which initiative a post serves; None takes it out."""
    post = writing.opened(post, actor, Act.PLAN)
    if initiative is not None:
        workspaces.same_house(actor, initiative)
    if post.initiative_id != (initiative.pk if initiative else None):
        writing.keep(post, now, initiative=initiative)
        writing.write_down("post.joined", post, actor, now, name=str(initiative or ""))
    return post


@transaction.atomic
def attach_checklist(
    *,
    subject: Post | Initiative,
    checklist: PlaybookItem,
    owner: Membership,
    due_on: date,
    actor: Membership,
    now: datetime,
) -> WorkItem:
    """Attach a checklist of the playbook to a post or an initiative: one piece of work with its lines, for one person.

    Its day is chosen by hand and does not follow the post. Later edits of the checklist do not change it.
    """
    workspaces.require(actor, Act.PLAN)
    workspaces.lock(actor.workspace)
    workspaces.same_house(actor, subject)
    if checklist.kind != Kind.CHECKLIST or checklist.workspace_id not in (None, actor.workspace_id):
        raise NotFound(_("This checklist is not in your playbook."))
    if owner.workspace_id != actor.workspace_id or not owner.is_active or not may(owner.level, Act.COMMENT):
        raise Invalid(_("Choose somebody who is a member here."), field="owner")
    calendar = reading.calendar_of(actor.workspace, now)
    due_at = calendar.at(due_on, DUE_TIME)
    if due_at <= now:
        raise Invalid(_("Choose a day to come."), field="due_on")
    task = Task(
        key=f"list-{checklist.slug}"[:40],
        title=checklist.payload["title"],
        why=checklist.payload.get("when") or {},
        verb=in_both(_("Go through the list")),
        roles=(EditorialRole.EDITOR,),
        offset="R+0wd",
        minutes=30,
        reminder="e-std",
        checklist=tuple(line["text"] for line in checklist.payload["items"]),
    )
    if WorkItem.objects.about(subject).keyed([task.key]).exists():
        raise Refused(_("This checklist is attached already."), field="checklist")
    is_post = isinstance(subject, Post)
    titles = {code: subject.title(code) for code in LANGUAGES} if isinstance(subject, Post) else None
    (item,) = work.plan_items(
        workspace=actor.workspace,
        subject=subject,
        group=subject,
        tasks=[task],
        layout=Layout((LaidItem(task, due_at),)),
        people={EditorialRole.EDITOR: owner},
        subject_title=titles or dict.fromkeys(LANGUAGES, str(subject)),
        actor=actor,
        is_pinned=True,
        now=now,
    )
    history.record(
        verb="post.checklist_attached" if is_post else "initiative.checklist_attached",
        now=now,
        workspace=actor.workspace,
        actor=actor,
        subject=subject,
        data={"item": item.pk, "name": checklist.title},
    )
    return item


def _opened(initiative: Initiative, actor: Membership) -> Initiative:
    """The initiative read again under lock, for somebody who plans in its workspace."""
    workspaces.require(actor, Act.PLAN)
    workspaces.lock(actor.workspace)
    found = (
        Initiative.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace", "owner__user")
        .filter(pk=initiative.pk, workspace=actor.workspace)
        .first()
    )
    if found is None:
        raise NotFound(_("This initiative does not exist, or no longer."))
    return found


def _check(actor: Membership, brief: Brief) -> None:
    for name, most in (("title", 150), ("aim", 300)):
        if not str(brief[name]).strip():  # type: ignore[literal-required]
            raise Invalid(_("This is what an initiative is judged by: say it in a sentence."), field=name)
        if len(str(brief[name])) > most:  # type: ignore[literal-required]
            raise Invalid(_("At most %(most)s characters.") % {"most": most}, field=name)
    if brief["ends_on"] < brief["starts_on"]:
        raise Invalid(_("The last day comes before the first."), field="ends_on")
    proof = brief["proof_on"]
    if proof is not None and not brief["starts_on"] <= proof <= brief["ends_on"]:
        raise Invalid(_("The first proof is expected between the first day and the last."), field="proof_on")
    owner = brief["owner"]
    if owner.workspace_id != actor.workspace_id or not owner.is_active:
        raise Invalid(_("Choose somebody who is a member here."), field="owner")


def _record(verb: str, initiative: Initiative, actor: Membership, now: datetime, **data: object) -> None:
    history.record(
        verb=verb,
        now=now,
        workspace=initiative.workspace,
        actor=actor,
        subject=initiative,
        data={"title": initiative.title, **data},
    )

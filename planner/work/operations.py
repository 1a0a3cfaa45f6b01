"""Every write on work. Rooms above plan it, lay it out again, and close what a decision of theirs settles.

Work is about a generic subject (a post) and belongs to a group, by which reminders are paused and gathered.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.base.language import in_both
from planner.history import operations as history
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.rules import LaidItem, Layout, Task
from planner.reminders import operations as reminders
from planner.work import rules
from planner.work.models import WorkItem
from planner.work.rules import WorkState
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import Act, EditorialRole, may

history.register(
    {
        "work.completed": _("completed a piece of work"),
        "work.reopened": _("took up a piece of work again"),
        "work.reassigned": _("handed a piece of work to somebody else"),
        "work.pinned": _("fixed the date of a piece of work"),
        "work.unpinned": _("let the date of a piece of work follow the post again"),
        "work.dropped": _("dropped a piece of work"),
        "work.shared": _("became co-owner of an answer that is late"),
        "work.ticked": _("ticked a line of a checklist"),
    }
)

Text = Mapping[str, str]


# ---- planning, for the rooms above


@transaction.atomic
def plan_items(
    *,
    workspace: Workspace,
    subject: models.Model,
    group: models.Model,
    tasks: Sequence[Task],
    layout: Layout,
    people: Mapping[str, Membership | None],
    subject_title: Text,
    actor: Membership | None,
    is_pinned: bool = False,
    now: datetime,
) -> list[WorkItem]:
    """Make one item for each of `tasks`, dated as `layout` says, and schedule their reminders.

    Tasks that the layout leaves out wait with `applies` false until `relay` finds them wanted. The first role of a task
    owns it; when `people` has nobody for that role, the editor does, and the item says that the role is vacant.
    `is_pinned`: the dates were chosen by hand and do not follow the subject.
    Records nothing: the room above records the act of which this is a part.
    """
    laid = {item.task.key: item for item in layout.items}
    rows = [
        _new_item(workspace, subject, task, laid.get(task.key), people, subject_title, position, now)
        for position, task in enumerate(_in_order(tasks, layout))
    ]
    for row in rows:
        row.is_pinned = is_pinned
    items = WorkItem.objects.bulk_create(rows)
    _schedule(workspace, group, items, now)
    return items


def _in_order(tasks: Sequence[Task], layout: Layout) -> list[Task]:
    """The chain's own order, which is that of the offsets."""
    return list(tasks) or [item.task for item in layout.items]


def _new_item(
    workspace: Workspace,
    subject: models.Model,
    task: Task,
    laid: LaidItem | None,
    people: Mapping[str, Membership | None],
    subject_title: Text,
    position: int,
    now: datetime,
) -> WorkItem:
    owner, is_vacant = owner_of(task.role, people)
    return WorkItem(
        workspace=workspace,
        subject=subject,
        key=task.key,
        title=dict(task.title),
        why=dict(task.why),
        verb=dict(task.verb),
        subject_title=dict(subject_title),
        roles=list(task.roles),
        owner=owner,
        is_role_vacant=is_vacant,
        offset=task.offset,
        repeat=task.repeat,
        occurrence=task.occurrence,
        condition=task.condition,
        applies=laid is not None,
        blocking=task.blocking,
        minutes=task.minutes or 15,
        profile=task.reminder,
        checklist=[dict(line) for line in task.checklist],
        needs_counts=task.counts,
        due_at=laid.due_at if laid else None,
        is_projection=laid.is_projection if laid else False,
        is_late_start=laid.late_start if laid else False,
        position=position,
        created_at=now,
    )


def owner_of(role: str, people: Mapping[str, Membership | None]) -> tuple[Membership | None, bool]:
    """Who owns work of this role, and whether the role is vacant (then the editor does)."""
    person = people.get(role)
    return (person, False) if person is not None else (people.get(EditorialRole.EDITOR), True)


def tasks_of(items: Iterable[WorkItem]) -> list[Task]:
    """The tasks that were copied into these items, to be laid out again."""
    return [
        Task(
            key=item.key,
            title=item.title,
            roles=tuple(item.roles),
            offset=item.offset,
            why=item.why,
            verb=item.verb,
            condition=item.condition,
            blocking=item.blocking,
            minutes=item.minutes,
            reminder=item.profile,
            counts=item.needs_counts,
            checklist=tuple(item.checklist),
            repeat=item.repeat,
            occurrence=item.occurrence,
        )
        for item in items
    ]


def to_relay(subject: models.Model) -> list[WorkItem]:
    """The open items of a subject, in their order."""
    return list(WorkItem.objects.about(subject).open().select_related("workspace").order_by("position"))


@transaction.atomic
def relay(
    *, subject: models.Model, group: models.Model, layout: Layout, items: list[WorkItem] | None = None, now: datetime
) -> list[WorkItem]:
    """Give open items the dates of a new layout, and their reminders with them; returns the open items.

    Finished items stay as they are, pinned ones keep their date. An item that the layout leaves out no longer applies.
    What was already owed stays owed since then (`rules.due_after_relay`). `items`: what `to_relay` has just read.
    """
    laid = {item.task.key: item for item in layout.items}
    items = to_relay(subject) if items is None else items
    changed: set[str] = set()
    for item in items:
        before = _laid_so_far(item)
        _lay(item, laid.get(item.key))
        changed |= {name for name, value in _laid_so_far(item).items() if value != before[name]}
    if changed:
        WorkItem.objects.bulk_update(items, sorted(changed))
    if items:
        reminders.supersede(subjects=items, now=now)
        _schedule(items[0].workspace, group, items, now)
    return items


def _laid_so_far(item: WorkItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ("applies", "due_at", "is_projection", "is_late_start")}


def _lay(item: WorkItem, laid: LaidItem | None) -> None:
    item.applies = laid is not None
    if item.is_pinned:
        return
    if laid is None:
        item.due_at, item.is_projection, item.is_late_start = None, False, False
        return
    item.due_at, item.is_late_start = rules.due_after_relay(
        laid, due_at=item.due_at, was_projection=item.is_projection, was_late_start=item.is_late_start
    )
    item.is_projection = laid.is_projection


def _schedule(workspace: Workspace, group: models.Model | None, items: Iterable[WorkItem], now: datetime) -> None:
    """Reminders of what is open, wanted, dated and no projection."""
    due = [item for item in items if item.is_open() and item.due_at is not None and item.profile]
    profiles = _profiles(workspace, {item.profile for item in due})
    wanted = [
        reminders.Wanted(
            subject=item,
            group=group,
            profile=_of_turn(item, profiles[item.profile]),
            slug=item.profile,
            work_due_at=item.due_at,
        )  # fmt: skip
        for item in due
        if item.profile in profiles and item.due_at
    ]
    reminders.schedule_many(workspace=workspace, wanted=wanted, now=now)


def _of_turn(item: WorkItem, profile: dict[str, Any]) -> dict[str, Any]:
    """What comes back is announced once, when its first turn opens: twelve turns are not twelve messages at once."""
    if item.occurrence == 1:
        return profile
    return {**profile, "steps": [step for step in profile.get("steps", ()) if step["at"] != "open"]}


def _profiles(workspace: Workspace, slugs: Collection[str]) -> dict[str, Any]:
    if not slugs:
        return {}
    found = PlaybookItem.objects.visible_to(workspace).of_kind(Kind.REMINDER_PROFILE).filter(slug__in=slugs)
    return {item.slug: item.payload for item in found}


@transaction.atomic
def rename(*, subject: models.Model, subject_title: Text, keys: Collection[str] | None = None) -> None:
    """Keep the copy of the subject's title that lists and reminders show, on all its work or that of these keys."""
    items = WorkItem.objects.about(subject)
    (items if keys is None else items.keyed(keys)).update(subject_title=dict(subject_title))


@transaction.atomic
def settle(*, subject: models.Model, key: str, actor: Membership, now: datetime, note: str = "") -> list[WorkItem]:
    """Close the open item of this key because a decision on the subject did the work; no hand is needed.

    Records nothing: the decision has its own entry. Nothing happens when no such item is open.
    """
    items = list(WorkItem.objects.about(subject).open().filter(key=key))
    WorkItem.objects.filter(pk__in=[item.pk for item in items]).update(
        state=WorkState.DONE, done_at=now, done_by=actor, note=note
    )
    reminders.cancel(subjects=items, reason="done", now=now)
    return items


@transaction.atomic
def unsettle(*, subject: models.Model, keys: Collection[str]) -> None:
    """Open again what a decision had closed, because the decision no longer holds. The caller lays out afterwards."""
    WorkItem.objects.about(subject).filter(key__in=list(keys), state=WorkState.DONE).update(
        state=WorkState.OPEN, done_at=None, done_by=None, note=""
    )


@transaction.atomic
def suspend(
    *, subject: models.Model, code: str, words: Text, keys: Collection[str] | None = None, now: datetime
) -> None:
    """Drop all open work because its subject ended, or that of these keys; `resume` with the same code takes up these
    very items again."""
    open_items = WorkItem.objects.about(subject).open()
    items = list(open_items if keys is None else open_items.keyed(keys))
    WorkItem.objects.filter(pk__in=[item.pk for item in items]).update(
        state=WorkState.DROPPED, flag={**words, "code": code}
    )
    reminders.cancel(subjects=items, reason="subject-ended", now=now)


@transaction.atomic
def resume(*, subject: models.Model, codes: Collection[str], keys: Collection[str] | None = None) -> None:
    """Open again what `suspend` dropped, or that of these keys. The caller lays out afterwards."""
    dropped = WorkItem.objects.about(subject).filter(state=WorkState.DROPPED)
    dropped = dropped if keys is None else dropped.keyed(keys)
    ids = [item.pk for item in dropped if item.flag.get("code") in codes]
    WorkItem.objects.filter(pk__in=ids).update(state=WorkState.OPEN, flag={})


@transaction.atomic
def hand_over(
    *,
    items: Iterable[WorkItem],
    to: Mapping[int, tuple[Membership | None, bool]],
    flag: Text,
) -> list[WorkItem]:
    """Give each item the new owner that `to` names by item id, with whether its role is vacant, and a visible remark.

    Reminders need nothing: they find the person when they are claimed.
    """
    changed = []
    for item in items:
        item.owner, item.is_role_vacant = to[item.pk]
        item.flag = dict(flag)
        changed.append(item)
    WorkItem.objects.bulk_update(changed, ["owner", "is_role_vacant", "flag"])
    return changed


@transaction.atomic
def share(*, item: WorkItem, now: datetime) -> WorkItem | None:
    """Make the second person of a late answer its co-owner. Nothing happens without one, or when somebody was quicker.

    The reminder only tells the deputy; this is what lets the work be theirs too.
    """
    deputy = item.person("second")
    if deputy is None or deputy.pk == item.owner_id or not deputy.is_active:
        return None
    if WorkItem.objects.filter(pk=item.pk, state=WorkState.OPEN, co_owner__isnull=True).update(co_owner=deputy) != 1:
        return None
    item.co_owner = deputy
    _record("work.shared", item, deputy, now, owner=str(item.owner or ""))
    return item


# ---- by hand


def _held(item: WorkItem, actor: Membership, act: Act = Act.COMMENT) -> WorkItem:
    """The item read again under a lock, for somebody of its workspace who may act at all."""
    workspaces.require(actor, act)
    workspaces.lock(actor.workspace)
    found = (
        WorkItem.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace", "owner")
        .filter(pk=item.pk, workspace=actor.workspace)
        .first()
    )
    if found is None:
        raise NotFound(_("This work does not exist, or no longer."))
    return found


def _must_be_theirs(item: WorkItem, actor: Membership, now: datetime) -> None:
    """The owner, somebody who plans, or whoever stands in for the owner now."""
    if actor.pk in (item.owner_id, item.co_owner_id) or may(actor.level, Act.PLAN) or _stands_in(item, actor, now):
        return
    raise NotAllowed(
        _("This work is with %(person)s: ask them, or ask somebody who plans to hand it to you.")
        % {"person": item.owner or _("nobody")}
    )


def _stands_in(item: WorkItem, actor: Membership, now: datetime) -> bool:
    """While the owner is away, the second person; the deputy also answers once an answer is late (co-owner)."""
    if item.owner_id is None:
        return False
    today = workspaces.working_calendar(item.workspace).local(now).date()
    book = workspaces.role_book(item.workspace, day_from=today, day_to=today)
    is_away = book.is_absent(item.owner_id, today)
    is_late = item.needs_counts and item.due_at is not None and item.due_at < now
    if (is_away or is_late) and item.person("second") == actor:
        return True
    return is_away and book.stand_in(item.owner_id, item.role, today) == actor


def _must_be_open(item: WorkItem) -> None:
    if item.state != WorkState.OPEN:
        raise Stale(_("This work is no longer to do: somebody was quicker."))
    if not item.applies:
        raise Refused(_("This work is not needed for this post as it stands."), link=item.link)


def _change(item: WorkItem, was: str, **values: Any) -> WorkItem:
    """A conditional update: whoever comes second is told."""
    if WorkItem.objects.filter(pk=item.pk, state=was).update(**values) != 1:
        raise Stale(_("This work has just been changed by somebody else: look at it again."))
    for name, value in values.items():
        setattr(item, name, value)
    return item


def _record(verb: str, item: WorkItem, actor: Membership, now: datetime, **data: Any) -> None:
    history.record(
        verb=verb,
        now=now,
        workspace=item.workspace,
        actor=actor,
        subject=item.subject,
        data={"item": item.pk, "key": item.key, "title": item.title, **data},
    )


@transaction.atomic
def complete(
    *,
    item: WorkItem,
    actor: Membership,
    counts: Mapping[str, Any] | None = None,
    note: str = "",
    ticked: Iterable[int] = (),
    now: datetime,
) -> WorkItem:
    """Close work by hand, by its owner or somebody who plans, and cancel its reminders.

    Answer items need their five figures (`rules.COUNTS`), and a reason in `note` when messages stay unanswered; what
    cannot be right raises `Invalid` with the field. Work decided on the post itself (approving, signing, recording
    the publication), and work counted from a publication that has not happened, are refused in words.
    """
    item = _held(item, actor)
    _must_be_theirs(item, actor, now)
    _must_be_open(item)
    if item.key in rules.DECIDED_ON_THE_POST:
        raise Refused(rules.DECIDED_ON_THE_POST[item.key], link=item.link)
    if rules.follows_publication(item.offset) and (item.is_projection or item.due_at is None):
        raise Refused(_("This work starts once the post is published."), link=item.link)
    figures = rules.read_counts(counts, note) if item.needs_counts else {}
    lines = _lines(item, ticked) or item.ticked
    _change(
        item,
        WorkState.OPEN,
        state=WorkState.DONE,
        done_at=now,
        done_by=actor,
        counts=figures,
        note=note.strip(),
        ticked=lines,
    )
    reminders.cancel(subjects=[item], reason="done", now=now)
    _record("work.completed", item, actor, now, counts=figures, note=note.strip())
    return item


def _lines(item: WorkItem, ticked: Iterable[int]) -> list[int]:
    lines = sorted(set(ticked))
    if any(line not in range(len(item.checklist)) for line in lines):
        raise Invalid(_("This checklist has no such line: load the page again."), field="ticked")
    return lines


@transaction.atomic
def tick(*, item: WorkItem, actor: Membership, ticked: Iterable[int], now: datetime) -> WorkItem:
    """Note which lines of the checklist are done, by their place from 0."""
    item = _held(item, actor)
    _must_be_theirs(item, actor, now)
    _must_be_open(item)
    _change(item, WorkState.OPEN, ticked=_lines(item, ticked))
    _record("work.ticked", item, actor, now, ticked=item.ticked)
    return item


@transaction.atomic
def reopen(*, item: WorkItem, actor: Membership, now: datetime) -> WorkItem:
    """Take up finished or dropped work again, with its date; reminders that are still to come wake up."""
    item = _held(item, actor)
    _must_be_theirs(item, actor, now)
    if item.state == WorkState.OPEN:
        raise Stale(_("This work is to do already."))
    if item.key in rules.DECIDED_ON_THE_POST and item.state == WorkState.DONE:
        raise Refused(
            _("A decision taken on the post is undone there: ask for changes, or change the text."), link=item.link
        )
    if item.flag.get("code"):
        raise Refused(_("The post itself has ended: reopen it first, and its work comes back."), link=item.link)
    _change(item, item.state, state=WorkState.OPEN, done_at=None, done_by=None, counts={})
    _schedule(item.workspace, item.subject, [item], now)
    _record("work.reopened", item, actor, now)
    return item


@transaction.atomic
def reassign(*, item: WorkItem, owner: Membership, actor: Membership, now: datetime) -> WorkItem:
    """Hand open work to another member who may act, and tell them."""
    item = _held(item, actor, Act.PLAN)
    _must_be_open(item)
    if owner.workspace_id != item.workspace_id or not owner.is_active:
        raise Invalid(_("Choose somebody who is a member here."), field="owner")
    if not may(owner.level, Act.COMMENT):
        raise Invalid(_("%(person)s may only read: raise their access level first.") % {"person": owner}, field="owner")
    before = item.owner
    _change(item, WorkState.OPEN, owner=owner, is_role_vacant=False, flag={})
    _record("work.reassigned", item, actor, now, before=str(before or ""), after=str(owner))
    if owner.pk not in (actor.pk, before.pk if before else None):
        reminders.notify(
            workspace=item.workspace,
            subject=item,
            group=item.subject,
            person=owner,
            message=in_both(_("%(person)s handed you this work"), person=str(actor)),
            actor=actor,
            now=now,
        )
    return item


@transaction.atomic
def pin(*, item: WorkItem, due_at: datetime, actor: Membership, now: datetime) -> WorkItem:
    """Fix the due date by hand: it no longer follows the post."""
    item = _held(item, actor, Act.PLAN)
    _must_be_open(item)
    if due_at <= now:
        raise Invalid(_("Choose an hour to come: this one has passed."), field="due_at")
    _change(item, WorkState.OPEN, due_at=due_at, is_pinned=True, is_projection=False, is_late_start=False)
    reminders.supersede(subjects=[item], now=now)
    _schedule(item.workspace, item.subject, [item], now)
    _record("work.pinned", item, actor, now, due_at=due_at.isoformat())
    return item


@transaction.atomic
def unpin(*, item: WorkItem, actor: Membership, now: datetime) -> WorkItem:
    """Let the date follow again. For the room above, which lays its subject out afterwards (`posts.unpin`)."""
    item = _held(item, actor, Act.PLAN)
    _must_be_open(item)
    _change(item, WorkState.OPEN, is_pinned=False)
    _record("work.unpinned", item, actor, now)
    return item


@transaction.atomic
def drop(*, item: WorkItem, actor: Membership, reason: str, now: datetime) -> WorkItem:
    """Give up work that is not needed, with a reason. What blocks a status cannot be dropped."""
    item = _held(item, actor, Act.PLAN)
    _must_be_open(item)
    if not reason.strip():
        raise Invalid(_("Say in a sentence why this is not needed."), field="reason")
    if item.blocking:
        raise Refused(
            _("The post cannot go out without this work: it can be handed to somebody else, not dropped."),
            link=item.link,
        )
    _change(item, WorkState.OPEN, state=WorkState.DROPPED, note=reason.strip())
    reminders.cancel(subjects=[item], reason="dropped", now=now)
    _record("work.dropped", item, actor, now, reason=reason.strip())
    return item

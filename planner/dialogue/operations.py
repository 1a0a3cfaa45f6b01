"""Every write on signals, called as `dialogue.<verb>(...)`."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotFound, Refused, Stale, Words
from planner.base.language import LANGUAGES, in_both
from planner.dialogue import rules
from planner.dialogue.models import Signal
from planner.dialogue.rules import WAITING, Decision, Kind, Origin, State
from planner.history import operations as history
from planner.playbook.models import PlaybookItem
from planner.playbook.rules import LaidItem, Layout, Task
from planner.posts import operations as posts
from planner.posts.models import Alert, Application, Post
from planner.reminders import operations as reminders
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.work.rules import WorkState
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, EditorialRole, may

history.register(
    {
        "signal.received": _("wrote down what somebody said to us"),
        "signal.sorted": _("sorted the message"),
        "signal.answered": _("wrote down the answer"),
        "signal.merged": _("joined the message to another that says the same"),
        "signal.started": _("began to make a post of the message"),
        "signal.led_to": _("named the post that came of the message"),
        "signal.closed": _("closed the message"),
        "signal.reopened": _("took the message up again"),
        "improvement.verified": _("verified that the change exists everywhere"),
        "improvement.not_yet": _("looked whether the change exists everywhere: not yet"),
    }
)

LONGEST_TEXT = 10_000


@transaction.atomic
def receive(
    *,
    actor: Membership,
    kind: str,
    text: str,
    origin: str,
    received_at: datetime,
    said_by: str = "",
    contact: str = "",
    now: datetime,
) -> Signal:
    """Write down what somebody said, as they said it. Open to every member, readers included.

    Whoever keeps the community (else the editor) is told at once. Raises `Invalid` with the field.
    """
    workspaces.require(actor, Act.READ)
    workspace = workspaces.lock(actor.workspace)
    if kind not in Kind.values:
        raise Invalid(_("Say whether it is a complaint or a question."), field="kind")
    if origin not in Origin.values:
        raise Invalid(_("Say where it reached us."), field="origin")
    if not text.strip():
        raise Invalid(_("Write what was said, in the person’s own words."), field="text")
    if len(text) > LONGEST_TEXT:
        raise Invalid(_("This is too long: keep to what the person said."), field="text")
    if received_at > now:
        raise Invalid(_("This hour is still to come: give the one at which it was said."), field="on")
    signal = Signal.objects.create(
        workspace=workspace,
        kind=kind,
        text=text.strip(),
        origin=origin,
        received_at=received_at,
        said_by=said_by.strip(),
        contact=contact.strip(),
        recorded_by=actor,
        created_at=now,
    )
    _record("signal.received", signal, actor, now, kind=kind, origin=origin)
    _tell(signal, workspaces.roles_held(workspace).fallback(EditorialRole.COMMUNITY), actor, now, _TO_SORT[kind])
    return signal


_TO_SORT: dict[str, Words] = {
    Kind.COMPLAINT: _("A complaint was received: it is to be sorted"),
    Kind.QUESTION: _("A question was received: it is to be sorted"),
}


def _record(verb: str, signal: Signal, actor: Membership | None, now: datetime, **data: Any) -> None:
    history.record(
        verb=verb, now=now, workspace=signal.workspace, actor=actor, subject=signal, data={"title": str(signal), **data}
    )


def _tell(signal: Signal, person: Membership | None, actor: Membership, now: datetime, sentence: Words) -> None:
    if person is not None and person.pk != actor.pk:
        reminders.notify(
            workspace=signal.workspace,
            subject=signal,
            group=signal,
            person=person,
            message=in_both(sentence),
            actor=actor,
            now=now,
        )


def _opened(signal: Signal, actor: Membership, act: Act = Act.COMMENT) -> Signal:
    """The signal read again under lock, for a member of its workspace who may do this."""
    workspaces.require(actor, act)
    workspaces.lock(actor.workspace)
    found = (
        Signal.objects.select_for_update(of=("self",), no_key=True)
        .select_related("workspace", "owner__user", "post__workspace", "application__post__workspace")
        .filter(pk=signal.pk, workspace=actor.workspace)
        .first()
    )
    if found is None:
        raise NotFound(_("This message does not exist, or no longer."))
    return found


def _must_wait(signal: Signal) -> None:
    if signal.state not in WAITING:
        raise Refused(_("Nobody waits for an answer to this message any more: take it up again first."))


def _change(signal: Signal, **values: Any) -> Signal:
    """A conditional update: whoever comes second is told."""
    if Signal.objects.filter(pk=signal.pk, state=signal.state).update(**values) != 1:
        raise Stale(_("Somebody changed this message meanwhile: look at it as it is now."))
    for name, value in values.items():
        setattr(signal, name, value)
    return signal


# ---- sorting


@transaction.atomic
def sort(
    *,
    signal: Signal,
    actor: Membership,
    decision: str,
    owner: Membership | None = None,
    theme: str = "",
    is_critical: bool = False,
    reason: str = "",
    promised: datetime | None = None,
    now: datetime,
) -> Signal:
    """Decide what becomes of a signal, and who answers by when. It may be sorted again while somebody waits.

    The owner gets one piece of work with the reminders of answers. Raises `Invalid` with the field that is missing.
    """
    signal = _opened(signal, actor)
    _must_wait(signal)
    lacking = rules.missing_in(
        decision=decision, reason=reason, has_owner=owner is not None, promised=promised, now=now
    )
    if lacking:
        raise Invalid(lacking[1], field=lacking[0])
    _must_be_able_to_answer(owner, actor)
    due_at = rules.due_for(
        decision,
        received_at=signal.received_at,
        promised=promised,
        calendar=workspaces.working_calendar(signal.workspace, around=[signal.received_at.date(), now.date()]),
        now=now,
        around_the_clock=_is_crisis(signal),
    )
    state = rules.state_after(decision, has_owner=owner is not None)
    _change(
        signal,
        state=state,
        decision=decision,
        owner=owner,
        theme=theme.strip(),
        is_critical=is_critical,
        reason=reason.strip(),
    )
    _plan_answer(signal, owner, due_at, now)
    _record("signal.sorted", signal, actor, now, decision=decision, reason=reason.strip(), owner=str(owner or ""))
    if state in WAITING:
        _tell(signal, owner, actor, now, _("Somebody waits for your answer"))
    if decision == Decision.EMERGENCY:
        lead = workspaces.roles_held(signal.workspace).first(EditorialRole.CRISIS_LEAD)
        if lead != owner:
            _tell(signal, lead, actor, now, _("Somebody is in danger: see that help was called"))
    return signal


def _is_crisis(signal: Signal) -> bool:
    return signal.workspace.is_alerted and (
        Alert.objects.active().filter(workspace=signal.workspace, level__gte=rules.CRISIS_FROM).exists()
    )


def _must_be_able_to_answer(owner: Membership | None, actor: Membership) -> None:
    if owner is None:
        return
    if owner.workspace_id != actor.workspace_id or not owner.is_active:
        raise Invalid(_("Choose somebody who is a member here."), field="owner")
    if not may(owner.level, Act.COMMENT):
        raise Invalid(_("%(person)s may only read: raise their access level first.") % {"person": owner}, field="owner")


_WHY = _("Somebody wrote to us and waits. The first sentence is the answer, then its source and your name.")
_ENDED = "signal-ended"


def _plan_answer(signal: Signal, owner: Membership | None, due_at: datetime | None, now: datetime) -> None:
    """One piece of work for the answer: made, handed over and dated again, or dropped when nobody is to answer."""
    if owner is None or due_at is None:
        _end_work(signal, _("The message was sorted: nobody is to answer it."), now)
        return
    task = Task(
        key=rules.ANSWER_KEY,
        title=in_both(_("Answer the person")),
        why=in_both(_WHY),
        verb=in_both(_("Write down the answer")),
        roles=(EditorialRole.ANSWERER,),
        offset="R+4wh",
        minutes=15,
        reminder="e-ans",
    )
    layout = Layout((LaidItem(task, due_at),))
    work.unsettle(subject=signal, keys=[rules.ANSWER_KEY])
    work.resume(subject=signal, codes=[_ENDED])
    items = list(WorkItem.objects.about(signal).open())
    if items:
        work.hand_over(items=items, to={item.pk: (owner, False) for item in items}, flag={})
        work.relay(subject=signal, group=signal, layout=layout, now=now)
        return
    work.plan_items(
        workspace=signal.workspace,
        subject=signal,
        group=signal,
        tasks=[task],
        layout=layout,
        people={EditorialRole.ANSWERER: owner},
        subject_title=dict.fromkeys(LANGUAGES, str(signal)),
        actor=None,
        now=now,
    )


# ---- answering, joining, closing


@transaction.atomic
def answer(*, signal: Signal, actor: Membership, text: str, address: str = "", now: datetime) -> Signal:
    """Write down what a person answered, and where it can be read. The product itself answers nobody."""
    signal = _opened(signal, actor)
    _must_wait(signal)
    if not text.strip():
        raise Invalid(_("Write what was answered."), field="text")
    work.settle(subject=signal, key=rules.ANSWER_KEY, actor=actor, now=now)
    _change(signal, state=State.ANSWERED, answer=text.strip(), address=address)
    _record("signal.answered", signal, actor, now, address=address)
    return signal


@transaction.atomic
def merge(*, signal: Signal, into: Signal, actor: Membership, now: datetime) -> Signal:
    """Say that a signal says the same as another: it is closed, and counted there."""
    signal = _opened(signal, actor)
    _must_wait(signal)
    head = Signal.objects.filter(pk=into.pk, workspace=actor.workspace, merged_into__isnull=True).first()
    if head is None or head.pk == signal.pk:
        raise Invalid(_("Choose another message of this workspace."), field="into")
    _end_work(signal, _("The message was joined to another."), now)
    Signal.objects.filter(merged_into=signal).update(merged_into=head)
    _change(signal, state=State.CLOSED, closed_at=now, merged_into=head)
    _record("signal.merged", signal, actor, now, into=head.pk)
    return signal


@transaction.atomic
def close(*, signal: Signal, actor: Membership, now: datetime) -> Signal:
    """Nothing is left to do: it was answered, or we said why it is not."""
    signal = _opened(signal, actor)
    if signal.state not in (State.ANSWERED, State.DECLINED):
        raise Refused(_("Somebody still waits: write down the answer, or say why there is none."), link=signal.link)
    _change(signal, state=State.CLOSED, closed_at=now)
    _record("signal.closed", signal, actor, now)
    return signal


@transaction.atomic
def reopen(*, signal: Signal, actor: Membership, now: datetime) -> Signal:
    """Take a signal up again: it is to be sorted anew."""
    signal = _opened(signal, actor)
    if signal.state in WAITING:
        raise Stale(_("This message waits for its answer already."))
    _change(signal, state=State.NEW, closed_at=None, merged_into=None, decision="")
    _record("signal.reopened", signal, actor, now)
    return signal


def _end_work(signal: Signal, words: Words, now: datetime) -> None:
    work.suspend(subject=signal, code=_ENDED, words=in_both(words), now=now)


# ---- what became of it


@transaction.atomic
def start(*, signal: Signal, actor: Membership, template: PlaybookItem, now: datetime) -> Application:
    """Begin to make a post of a signal: what it says stands in the answers already, and `R` is when it was received.

    The answers are the person's own until the post is made; then the signal leads to it.
    """
    signal = _opened(signal, actor, Act.PROPOSE)
    if signal.piece is not None:
        raise Refused(_("A post came of this message already: go on there."), link=signal.piece.link)
    calendar = workspaces.working_calendar(signal.workspace)
    known = {
        "text": signal.text,
        "origin": signal.origin,
        "received_at": calendar.local(signal.received_at).strftime("%Y-%m-%dT%H:%M"),
        "count": str(1 + signal.duplicates.count()),
    }
    application = posts.start_application(
        actor=actor,
        template=template,
        answers=rules.first_answers(template.slug, template.payload, known),
        origin=f"signal-{signal.pk}",
        received_at=signal.received_at,
        now=now,
    )
    _change(signal, application=application)
    _record("signal.started", signal, actor, now, template=template.slug)
    return application


@transaction.atomic
def lead_to(*, signal: Signal, post: Post, actor: Membership, now: datetime) -> Signal:
    """Say which post, made before, is the answer to a signal."""
    signal = _opened(signal, actor, Act.PROPOSE)
    workspaces.same_house(actor, post)
    _change(signal, post=post)
    _record("signal.led_to", signal, actor, now, post=post.pk)
    return signal


@transaction.atomic
def verify(
    *,
    item: WorkItem,
    actor: Membership,
    is_everywhere: bool,
    note: str,
    again_on: datetime | None = None,
    now: datetime,
) -> WorkItem:
    """Look whether an improvement exists everywhere. If so, its work closes; if not, it is looked at again later.

    `note` says what one looked at; without `again_on`, "not yet" comes back in twenty working days.
    """
    if item.key != rules.VERIFY_KEY:
        raise NotFound(_("This improvement does not exist, or no longer."))
    if not note.strip():
        raise Invalid(_("Say what you looked at, and what you found."), field="note")
    if item.state != WorkState.OPEN:
        raise Stale(_("Somebody has verified this change already."))
    if is_everywhere:
        work.complete(item=item, actor=actor, note=note, now=now)
        _record_improvement("improvement.verified", item, actor, note, now)
        return item
    calendar = workspaces.working_calendar(item.workspace, around=[now.date()])
    usual = calendar.at(calendar.shift(calendar.local(now).date(), 20), calendar.ends)
    work.pin(item=item, due_at=again_on or usual, actor=actor, now=now)
    _record_improvement("improvement.not_yet", item, actor, note, now)
    return item


def _record_improvement(verb: str, item: WorkItem, actor: Membership, note: str, now: datetime) -> None:
    history.record(
        verb=verb,
        now=now,
        workspace=item.workspace,
        actor=actor,
        subject=item.subject,
        data={"item": item.pk, "title": item.title, "comment": note.strip()},
    )


# ---- forgetting who it was

SLICE_SECONDS = 2.0
_AT_ONCE = 200


@dataclass(frozen=True)
class Forgotten:
    """`may_be_more`: the slice stopped because of its time, not because nothing was left."""

    count: int
    may_be_more: bool


def forget_contacts(
    *, now: datetime, seconds: float = SLICE_SECONDS, monotonic: Callable[[], float] = time.monotonic
) -> Forgotten:
    """Forget who spoke, and how to reach them, of messages closed more than `CONTACT_RETENTION_DAYS` ago.

    What was said stays: it is why something changed. It may be stopped at any moment and run again.
    """
    ends, count = monotonic() + seconds, 0
    old = Signal.objects.reachable_before(now - timedelta(days=settings.CONTACT_RETENTION_DAYS)).order_by("pk")
    while True:
        ids = list(old.values_list("pk", flat=True)[:_AT_ONCE])
        count += Signal.objects.filter(pk__in=ids).update(contact="", said_by="")
        if len(ids) < _AT_ONCE:
            return Forgotten(count, may_be_more=False)
        if monotonic() >= ends:
            return Forgotten(count, may_be_more=True)

"""The states of a post, each change by a person, along `rules.TRANSITIONS`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotAllowed, Refused, Stale, Words
from planner.base.language import in_both
from planner.history.models import Entry, Revision
from planner.posts import rules
from planner.posts.models import Approval, Placement, Post
from planner.posts.operations import freezing, gating, holds, questions, reading, writing
from planner.posts.rules import Decision, Event, Missing, Status
from planner.reminders import operations as reminders
from planner.work import operations as work
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, EditorialRole

_ENDED = {
    "post-cancelled": _("The post was cancelled."),
    "post-retired": _("The post was retired."),
}
"""Why work was dropped with its post; reopening takes it up again."""


# ---- what a person may do now, for the page


@dataclass(frozen=True)
class Move:
    """An event that the map knows from here, with what is missing before it may happen.

    `is_yours` is false when the person has not the level or the role; `missing` is empty when it can be done at once.
    """

    event: Event
    label: Words
    is_yours: bool
    missing: tuple[Missing, ...]


SHOWN = (
    Event.DEVELOP, Event.SUBMIT, Event.ASK_CHANGES, Event.APPROVE, Event.SIGN, Event.SCHEDULE, Event.UNSCHEDULE,
    Event.PUBLISH, Event.RETIRE, Event.CANCEL, Event.REOPEN,
)  # fmt: skip
"""The events behind a button; `change` and `correct` happen by saving."""


def possible_moves(
    *,
    post: Post,
    actor: Membership,
    stopped_by: rules.Stops = (),
    roles: Collection[str] | None = None,
    now: datetime,
) -> list[Move]:
    """The buttons of the post's page: every event that the map knows from this state. Signing only when it is asked.

    `stopped_by` is what the policy says of the post (`judge`); the operations ask it again themselves. `roles` are
    those of `deciding_roles`, for a caller that knows them.
    """
    facts = reading.facts_of(post, now, stopped_by)
    roles = reading.deciding_roles(post, actor, now) if roles is None else roles
    is_author = actor.pk == post.author_id
    events = [event for event in rules.events_from(post.status) if event in SHOWN]
    is_signed = not facts.is_regulated or facts.signatures
    if is_signed and not any(item.key == "legal" for item in facts.open_work):
        events = [event for event in events if event != Event.SIGN]
    return [
        Move(
            event,
            event.label,
            rules.may_bring_about(event, level=actor.level, roles=roles, is_author=is_author),
            (*rules.missing_for(event, facts), *_eyes(event, post, actor, now)),
        )
        for event in events
    ]


def _eyes(event: Event, post: Post, actor: Membership, now: datetime) -> list[Missing]:
    """Four eyes, and at most two people, said before the button is pressed."""
    revision = reading.revision_of(post) if event == Event.APPROVE else None
    if revision is None:
        return []
    try:
        _refuse_approval(post, actor, reading.valid_approvals(post, revision.digest))
    except (Refused, Stale) as refusal:
        return [Missing(str(refusal), "#approvals")]
    return []


FOUR_EYES = _("You wrote this text: another approver has to approve it first. Ask a colleague who holds the role.")


# ---- towards publication


@transaction.atomic
def develop(*, post: Post, actor: Membership, version: int | None = None, now: datetime) -> Post:
    """Turn an idea into a draft."""
    post = writing.opened(post, actor, Act.PLAN, version)
    writing.move_state(post, Event.DEVELOP, now)
    writing.write_down("post.developed", post, actor, now)
    return post


WRITTEN_WORK = ("frame", "draft", "prepare")
"""Work that is done once the text is sent for review: nobody has to tick it as well."""


@transaction.atomic
def submit(*, post: Post, actor: Membership, version: int | None = None, now: datetime) -> Post:
    """Send for review; tells those who review and approve. Refused with all that is missing, in words."""
    post = writing.opened(post, actor, Act.WRITE, version)
    writing.demand(post, Event.SUBMIT, now)
    revision = writing.save_revision(post, actor, now)
    writing.move_state(post, Event.SUBMIT, now)
    for key in WRITTEN_WORK:
        work.settle(subject=post, key=key, actor=actor, now=now)
    found = gating.judge(post, now).failing
    writing.write_down("post.submitted", post, actor, now, revision=revision.number, found=found)
    book = reading.book_of(post.workspace, now)
    people = [book.first(EditorialRole.EDITOR), book.first(EditorialRole.APPROVER)]
    _tell(post, people, actor, in_both(_("%(person)s sent this post for review"), person=str(actor)), now)
    return post


@transaction.atomic
def ask_changes(
    *, post: Post, actor: Membership, comment: str, version: int | None = None, is_allowed: bool = False, now: datetime
) -> Post:
    """Send the text back to its author with a comment, who is told; the author may take it back too.

    By somebody who plans, the author, or a holder of the roles editor, approver, legal; by whoever the caller has asked
    already with `is_allowed`. Approvals are voided.
    """
    post = writing.opened(post, actor, Act.READ, version)  # the role decides, not the level
    if not is_allowed and not _may_send_back(post, actor, now):
        raise NotAllowed(_("Changes are asked for by the editor, the approver, legal, or somebody who plans."))
    if not comment.strip():
        raise Invalid(_("Say what should change, and why."), field="comment")
    return _send_back(post, actor, comment.strip(), {}, now)


def _send_back(
    post: Post, actor: Membership, comment: str, answers: Mapping[str, rules.Answered], now: datetime
) -> Post:
    revision = reading.revision_of(post)
    writing.move_state(post, Event.ASK_CHANGES, now)
    writing.void_approvals(post, now)
    Approval.objects.create(
        post=post,
        role=_role_shown(post, actor, now),
        person=actor,
        revision_number=revision.number if revision else 0,
        digest=revision.digest if revision else "",
        decision=Decision.CHANGES,
        answers=answers,
        comment=comment,
        at=now,
    )
    writing.write_down("post.changes_asked", post, actor, now, comment=comment)
    _tell(
        post,
        [post.author],
        actor,
        in_both(_("%(person)s asks for changes: %(comment)s"), person=str(actor), comment=comment),
        now,
    )
    return post


def _may_send_back(post: Post, actor: Membership, now: datetime) -> bool:
    roles = reading.deciding_roles(post, actor, now)
    is_author = actor.pk == post.author_id
    return rules.may_bring_about(Event.ASK_CHANGES, level=actor.level, roles=roles, is_author=is_author)


def _decides(post: Post, actor: Membership, role: str, now: datetime) -> bool:
    book = reading.book_of(post.workspace, now)
    return reading.may_decide(book, actor, role, now, reading.calendar_of(post.workspace))


def _role_shown(post: Post, actor: Membership, now: datetime) -> str:
    held = (role for role in (EditorialRole.APPROVER, EditorialRole.LEGAL) if _decides(post, actor, role, now))
    return str(next(held, EditorialRole.AUTHOR if actor.pk == post.author_id else EditorialRole.EDITOR))


@transaction.atomic
def approve(
    *,
    post: Post,
    actor: Membership,
    answers: Mapping[str, rules.Answered] | None = None,
    comment: str = "",
    version: int | None = None,
    now: datetime,
) -> Post:
    """Approve the text exactly as it stands; closes the item `approve`.

    By a holder of the role approver, or the second person of one who is away. Two people at most, and the author's own
    approval only beside somebody else's: four eyes. `answers` has one for each human rule of the policy, by its id
    (`{"H01": {"said": "yes", "comment": ""}}`); they are kept with the decision. A no to one of those that send back
    approves nothing: the draft returns to its author with what was said.
    """
    post = writing.opened(post, actor, Act.READ, version)  # the role decides, not the level
    if not _decides(post, actor, EditorialRole.APPROVER, now):
        raise NotAllowed(
            _("Approving belongs to the communications director, or to their second person in an absence.")
        )
    writing.demand(post, Event.APPROVE, now)
    revision = writing.save_revision(post, actor, now)
    given = reading.valid_approvals(post, revision.digest)
    _refuse_approval(post, actor, given)
    asked = questions.asked_of(post)
    said = questions.checked(asked, answers or {})
    back = questions.sent_back_by(asked, said)
    if back:
        return _send_back(post, actor, f"{back} {comment.strip()}".strip(), said, now)
    grant(post, actor, revision, comment.strip(), said, now)
    _tell(post, [post.author], actor, in_both(_("%(person)s approved this post"), person=str(actor)), now)
    return post


def grant(
    post: Post,
    actor: Membership,
    revision: Revision,
    comment: str,
    answers: Mapping[str, rules.Answered],
    now: datetime,
) -> None:
    """The approval itself, for operations that have asked whether it may be given."""
    _decide(post, actor, EditorialRole.APPROVER, revision, comment, answers, now)
    work.settle(subject=post, key="approve", actor=actor, now=now, note=comment)
    writing.move_state(post, Event.APPROVE, now)
    writing.write_down("post.approved", post, actor, now, revision=revision.number, comment=comment)
    holds.catch(post, actor, now)


def _refuse_approval(post: Post, actor: Membership, given: Iterable[Approval]) -> None:
    people = {approval.person_id for approval in given}
    if actor.pk in people:
        raise Stale(_("You have approved this text already."))
    if len(people) >= rules.MOST_APPROVERS:
        raise Refused(_("Two people have approved this text: that is enough."), link=post.link)
    if actor.pk == post.author_id and not people:
        raise Refused(FOUR_EYES, link=post.link + "#approvals")


@transaction.atomic
def sign(*, post: Post, actor: Membership, comment: str = "", version: int | None = None, now: datetime) -> Post:
    """The legal signature on the text exactly as it stands; closes the item `legal`. The state stays."""
    post = writing.opened(post, actor, Act.READ, version)  # the role decides, not the level
    if not _decides(post, actor, EditorialRole.LEGAL, now):
        raise NotAllowed(_("Signing belongs to legal and compliance, or to their second person in an absence."))
    writing.demand(post, Event.SIGN, now)
    revision = writing.save_revision(post, actor, now)
    signed = Approval.objects.filter(
        post=post, role=EditorialRole.LEGAL, digest=revision.digest, voided_at__isnull=True, person=actor
    )
    if signed.exists():
        raise Stale(_("You have signed this text already."))
    _decide(post, actor, EditorialRole.LEGAL, revision, comment.strip(), {}, now)
    work.settle(subject=post, key="legal", actor=actor, now=now, note=comment.strip())
    writing.move_state(post, Event.SIGN, now)
    writing.write_down("post.signed", post, actor, now, revision=revision.number, comment=comment.strip())
    return post


def _decide(
    post: Post,
    actor: Membership,
    role: EditorialRole,
    revision: Revision,
    comment: str,
    answers: Mapping[str, rules.Answered],
    now: datetime,
) -> Approval:
    return Approval.objects.create(
        post=post,
        role=role,
        person=actor,
        revision_number=revision.number,
        digest=revision.digest,
        decision=Decision.APPROVED,
        comment=comment,
        answers=answers,
        at=now,
    )


@transaction.atomic
def schedule(*, post: Post, actor: Membership, version: int | None = None, now: datetime) -> Post:
    """Put an approved post into the schedule. Refused with all that is missing, in words.

    Under an open hold it lands in held: it keeps its state, and a release puts it into the schedule.
    """
    post = writing.opened(post, actor, Act.PLAN, version)
    writing.demand(post, Event.SCHEDULE, now)
    for day in set(post.placements.open().values_list("planned_on", flat=True)) - {None}:
        workspaces.refuse_blackout(post.workspace, day)  # type: ignore[arg-type]
    if holds.catch(post, actor, now):
        holds.was_scheduled(post)
        writing.write_down("post.caught", post, actor, now)
        return writing.keep(post, now)
    writing.move_state(post, Event.SCHEDULE, now)
    writing.write_down("post.scheduled", post, actor, now, planned_at=post.planned_at and post.planned_at.isoformat())
    return post


@transaction.atomic
def unschedule(*, post: Post, actor: Membership, version: int | None = None, now: datetime) -> Post:
    """Back to approved; the date stays."""
    post = writing.opened(post, actor, Act.PLAN, version)
    holds.must_be_free(post)
    writing.move_state(post, Event.UNSCHEDULE, now)
    writing.write_down("post.unscheduled", post, actor, now)
    return post


# ---- endings, and the way back


@transaction.atomic
def cancel(*, post: Post, actor: Membership, reason: str, version: int | None = None, now: datetime) -> Post:
    """Give up before publication, with a reason: the date is free again, the open work is dropped."""
    post = writing.opened(post, actor, Act.PLAN, version)
    _must_have_a_reason(reason)
    holds.must_be_free(post)
    queues = freezing.queues_of(post)
    end(post, actor, reason, now)
    freezing.recount(post, queues)
    return post


def end(post: Post, actor: Membership, reason: str, now: datetime) -> Post:
    """The end before publication itself, for operations that have asked whether it may come."""
    placements = list(Placement.objects.filter(post=post).open().values_list("pk", flat=True))
    before = post.planned_at
    writing.move_state(post, Event.CANCEL, now, planned_at=None, review_days_lost=0)
    Placement.objects.filter(pk__in=placements).update(cancelled_at=now)
    writing.void_approvals(post, now)
    _end_work(post, "post-cancelled", now)
    writing.write_down(
        "post.cancelled",
        post,
        actor,
        now,
        reason=reason.strip(),
        placements=placements,
        planned_at=before.isoformat() if before else None,
    )
    return post


@transaction.atomic
def retire(*, post: Post, actor: Membership, reason: str, version: int | None = None, now: datetime) -> Post:
    """Say that a published post no longer stands, with a reason; its open work is dropped."""
    post = writing.opened(post, actor, Act.PLAN, version)
    _must_have_a_reason(reason)
    queues = freezing.queues_of(post)
    writing.move_state(post, Event.RETIRE, now)
    freezing.recount(post, queues)
    _end_work(post, "post-retired", now)
    writing.write_down("post.retired", post, actor, now, reason=reason.strip())
    return post


@transaction.atomic
def retire_all(*, posts: Iterable[Post], actor: Membership, reason: str, now: datetime) -> list[Post]:
    """The same for several at once, with one reason; each one that cannot be stops all of them."""
    return [retire(post=post, actor=actor, reason=reason, now=now) for post in posts]


@transaction.atomic
def reopen(*, post: Post, actor: Membership, version: int | None = None, now: datetime) -> Post:
    """Take a cancelled post up again as a draft, or a retired one as published; the work dropped with it comes back.

    A cancelled post gets its channels and hours back, as far as these hours are still to come.
    """
    post = writing.opened(post, actor, Act.PLAN, version)
    was_cancelled = post.status == Status.CANCELLED
    queues = freezing.queues_of(post)
    writing.move_state(post, Event.REOPEN, now)
    if was_cancelled:
        _take_back_placements(post, now)
        writing.keep(post, now, planned_at=writing.earliest(post))
    freezing.recount(post, queues)
    work.resume(subject=post, codes=list(_ENDED))
    writing.relay(post, now)
    writing.write_down("post.reopened", post, actor, now)
    return post


def _take_back_placements(post: Post, now: datetime) -> None:
    entry = Entry.objects.about(post).filter(verb="post.cancelled").order_by("-at", "-id").first()
    ids = entry.data.get("placements", []) if entry else []
    placements = list(Placement.objects.filter(post=post, pk__in=ids))
    for placement in placements:
        placement.cancelled_at = None
        if placement.planned_at is not None and placement.planned_at <= now:
            writing.place(placement, None, None, "")
    Placement.objects.bulk_update(placements, ["cancelled_at", *writing.PLACED])
    writing.gather(post)


def _end_work(post: Post, code: str, now: datetime) -> None:
    work.suspend(subject=post, code=code, words=in_both(_ENDED[code]), now=now)
    reminders.cancel(group=post, reason="subject-ended", now=now)


def _must_have_a_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("Give the reason in a sentence."), field="reason")


def _tell(
    post: Post, people: Iterable[Membership | None], actor: Membership, message: dict[str, str], now: datetime
) -> None:
    """One message to each person, never to the one who acts."""
    for person in {one.pk: one for one in people if one is not None and one.pk != actor.pk}.values():
        reminders.notify(
            workspace=post.workspace, subject=post, group=post, person=person, message=message, actor=actor, now=now
        )

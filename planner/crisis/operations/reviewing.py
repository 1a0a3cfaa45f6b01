"""The re-review queue: one post, three questions, four decisions. Nothing here decides by itself."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotAllowed, Refused, Stale
from planner.crisis.models import Crisis, Proposal
from planner.crisis.operations import log
from planner.crisis.queries import conduct_of
from planner.crisis.rules import QUEUE
from planner.posts import operations as posts
from planner.posts.models import HeldPlacement, Hold, Post
from planner.posts.rules import QUESTIONS, Release, WallTime
from planner.work import operations as work
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import RoleBook


@transaction.atomic
def review(
    *,
    crisis: Crisis,
    post: Post,
    actor: Membership,
    decision: str,
    reason: str,
    answers: Mapping[str, str],
    to: WallTime | None = None,
    now: datetime,
) -> Proposal:
    """Decide about a held post, or propose it when the level asks for two people; the other one then confirms.

    Level 2: the editor alone. Levels 3 and 4: the editor and the crisis lead. When one proposal waits, the same
    decision by the other side settles it, and another one replaces it.
    """
    crisis = log.opened(crisis, actor)
    hold = _hold(crisis)
    book = workspaces.role_book(crisis.workspace)
    _too_late(crisis, decision, now)
    if hold.level < posts.TWO_FROM:
        alone = _propose(crisis, post, actor, decision, reason, answers, to, now)
        return _settle(alone, crisis, post, actor, None, now)
    if not posts.release_roles(book, actor):
        raise NotAllowed(
            _("At this level the editor and the crisis lead decide together: two people, one for each role.")
        )
    _check(post, crisis, reason, answers, decision, to)
    waits = crisis.proposals.filter(post=post, settled_at__isnull=True).select_related("proposed_by__user", "post")
    row = waits.first()
    is_agreed = row is not None and _is_same(row, decision, to) and may_confirm(row, book, hold.level, actor)
    if row is None or not is_agreed:
        waits.update(settled_at=now)
        row = _propose(crisis, post, actor, decision, reason, answers, to, now)
    log.tell(
        "crisis.reviewed", crisis, actor, now, _("%(who)s proposes for “%(post)s”: %(decision)s. %(reason)s"),
        values={"who": str(actor), "post": post.title(), "decision": Release(decision).label, "reason": reason.strip()},
    )  # fmt: skip
    return _settle(row, crisis, row.post, actor, row.proposed_by, now) if is_agreed else row


def _is_same(row: Proposal, decision: str, to: WallTime | None) -> bool:
    return row.decision == decision and (row.to_on, row.to_at) == ((to.on, to.at) if to else (None, None))


@transaction.atomic
def confirm_review(*, review: Proposal, actor: Membership, now: datetime) -> Proposal:
    """The other of the two agrees: the decision is taken."""
    crisis = log.opened(review.crisis, actor)
    row = (
        Proposal.objects.select_for_update(of=("self",), no_key=True)
        .select_related("proposed_by__user", "post")
        .get(pk=review.pk)
    )
    if row.settled_at is not None or row.crisis_id != crisis.pk:
        raise Stale(_("This proposal is settled already: somebody was quicker."))
    return _settle(row, crisis, row.post, actor, row.proposed_by, now)


def may_confirm(review: Proposal, book: RoleBook[Membership], hold_level: int, actor: Membership) -> bool:
    """May this person settle the proposal?"""
    if review.proposed_by is None or review.proposed_by_id == actor.pk or hold_level < posts.TWO_FROM:
        return False
    mine, theirs = posts.release_roles(book, actor), posts.release_roles(book, review.proposed_by)
    return ("editor" in mine and "crisis" in theirs) or ("crisis" in mine and "editor" in theirs)


def _hold(crisis: Crisis) -> Hold:
    if crisis.hold is None:
        raise Refused(_("This crisis holds nothing."), link=crisis.link)
    return crisis.hold


def _check(
    post: Post, crisis: Crisis, reason: str, answers: Mapping[str, str], decision: str, to: WallTime | None
) -> None:
    if decision not in Release.values:
        raise Invalid(_("Choose what becomes of it."), field="decision")
    if not reason.strip():
        raise Invalid(_("Give the reason in a sentence."), field="reason")
    for key in QUESTIONS:
        if not answers.get(key):
            raise Invalid(_("Answer the three questions first."), field=key)
    if decision == Release.REDATE and to is None:
        raise Invalid(_("Give the new day and hour."), field="on")
    if not HeldPlacement.objects.waiting().filter(hold=crisis.hold, placement__post=post).exists():
        raise Stale(_("Nothing of this post waits for a decision here: somebody was quicker."))


def _propose(
    crisis: Crisis, post: Post, actor: Membership, decision: str, reason: str, answers: Mapping[str, str],
    to: WallTime | None, now: datetime,
) -> Proposal:  # fmt: skip
    try:
        with transaction.atomic():
            return Proposal.objects.create(
                crisis=crisis, post=post, decision=decision, reason=reason.strip(), answers=dict(answers),
                to_on=to.on if to else None, to_at=to.at if to else None, proposed_by=actor, proposed_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise Stale(_("Somebody has just decided about this post: look at it again.")) from None


def _too_late(crisis: Crisis, decision: str, now: datetime) -> None:
    """What nobody reviewed for ten working days after the all-clear has grown old: a new date, or it goes."""
    if crisis.cleared_at is None or decision in (Release.REDATE, Release.CANCEL):
        return
    days = conduct_of(crisis.workspace, "hold").number("hold", "unreviewed_after_working_days", 10)
    calendar = workspaces.working_calendar(crisis.workspace, around=[crisis.cleared_at.date()])
    last = calendar.shift(calendar.local(crisis.cleared_at).date(), days)
    if calendar.local(now).date() > last:
        raise Refused(
            _("Ten working days after the all-clear, what was never reviewed gets a new date or is cancelled.")
        )


def _settle(
    row: Proposal, crisis: Crisis, post: Post, actor: Membership, second: Membership | None, now: datetime
) -> Proposal:
    to = WallTime(row.to_on, row.to_at) if row.to_on and row.to_at else None
    posts.decide(
        post=post, hold=_hold(crisis), actor=actor, seconded_by=second, decision=row.decision, reason=row.reason,
        answers=row.answers, to=to, now=now,
    )  # fmt: skip
    if Proposal.objects.filter(pk=row.pk, settled_at__isnull=True).update(settled_at=now) != 1:
        raise Stale(_("This proposal is settled already: somebody was quicker."))
    row.settled_at = now
    names = f"{second}, {actor}" if second else str(actor)
    log.tell(
        "crisis.reviewed", crisis, actor, now, _("Decided about “%(post)s”: %(decision)s. %(reason)s"),
        values={"post": post.title(), "decision": Release(row.decision).label, "reason": row.reason},
        reason=row.reason, decider=names,
    )  # fmt: skip
    if not Hold.objects.filter(crisis=crisis, waiting__gt=0).exists():
        crisis.checks.filter(key=QUEUE, done_at__isnull=True).update(done_at=now, done_by=actor)
        work.settle(subject=crisis, key=QUEUE, actor=actor, now=now)
    return row

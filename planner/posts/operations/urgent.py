"""What cannot wait for the whole way: urgent notices and the words of a crisis go out on two confirmations.

Nothing else is spared: the text is confirmed exactly as it stands, by two people, and a person records the publication.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotAllowed, Refused, Stale
from planner.base.language import in_both
from planner.playbook.models import PlaybookItem
from planner.playbook.rules import LaidItem, Layout, Task
from planner.policy.rules import Finding
from planner.posts import rules
from planner.posts.models import Approval, Block, Post
from planner.posts.operations import create, gating, overrides, reading, writing
from planner.posts.rules import Decision, Event, PostValues, Status
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Channel, Membership
from planner.workspaces.rules import Act, EditorialRole

CONFIRM, REVIEW_AFTER = "confirm", "review-after"


@transaction.atomic
def create_urgent(
    *,
    actor: Membership,
    template: PlaybookItem,
    channels: Sequence[Channel],
    values: PostValues,
    title: str,
    language: str,
    now: datetime,
) -> Post:
    """The draft of a statement, undated: its hour is the one at which it goes out. Whoever may comment may write it."""
    workspaces.require(actor, Act.COMMENT)
    return create.make(actor, template, channels, values, title, language, now)


@transaction.atomic
def block(*, post: Post, events: Sequence[str], gate: str, reason: dict[str, str], link: str, now: datetime) -> Block:
    """A higher room keeps some events to itself."""
    return Block.objects.create(post=post, events=list(events), gate=gate, reason=reason, link=link, opened_at=now)


@transaction.atomic
def unblock(*, post: Post, gate: str, now: datetime) -> int:
    return Block.objects.open().filter(post=post, gate=gate).update(closed_at=now)


@transaction.atomic
def confirm_urgent(
    *, post: Post, actor: Membership, is_allowed: bool = False, despite: str = "", level: int = 0, now: datetime
) -> Approval:
    """Confirm an urgent text exactly as it stands. The second of two different people closes the item `confirm`.

    A notice: by its author, and by the crisis lead, their deputy or the director. A statement: by whoever the crisis
    room has asked (`is_allowed`), judged as in a crisis of `level`. A text that the policy stops is refused; the
    director may let it pass with a reason (`despite`), but for the rules that nobody passes over.
    """
    post = writing.opened(post, actor, Act.COMMENT)
    if not post.is_urgent or rules.next_status(post.status, Event.PUBLISH_URGENT) is None:
        raise Refused(rules.refusal(post.status, Event.PUBLISH_URGENT), link=post.link)
    if not is_allowed and not _may_confirm(post, actor, now):
        raise NotAllowed(
            _("An urgent notice is confirmed by its author, and by the crisis lead, their deputy or the director.")
        )
    if not any(title.strip() and rules.has_prose(body) for title, body in _texts(post).values()):
        raise Invalid(_("Write a title and a text, in one language at least."), field="text")
    revision = writing.save_revision(post, actor, now)
    given = confirmations(post)
    if any(one.person_id == actor.pk for one in given):
        raise Stale(_("You have confirmed this text already: somebody else has to."))
    if len(given) >= rules.CONFIRMATIONS:
        raise Stale(_("Two people have confirmed this text: that is enough."))
    passed = _passed(post, actor, despite.strip(), level, now)
    for rule in passed:
        overrides.keep(post, rule, actor, revision, despite.strip(), now)
    given_now = Approval.objects.create(
        post=post, role=rules.CONFIRMATION, person=actor, revision_number=revision.number, digest=revision.digest,
        decision=Decision.APPROVED, comment=despite.strip() if passed else "", at=now,
    )  # fmt: skip
    if len(given) + 1 == rules.CONFIRMATIONS:
        work.settle(subject=post, key=CONFIRM, actor=actor, now=now)
    despite_of = {"despite": passed, "reason": given_now.comment} if passed else {}
    writing.write_down("post.confirmed", post, actor, now, revision=revision.number, **despite_of)
    writing.keep(post, now)
    return given_now


def _passed(post: Post, actor: Membership, despite: str, level: int, now: datetime) -> list[str]:
    """The rules in spite of which this person lets the text pass. Raises in words when it may not pass."""
    verdict, stops = _stopping(post, level, now)
    house = verdict.house
    if not stops:
        return []
    said = " ".join(dict.fromkeys(f"{one.rule}: {one}" for one in stops))
    if not all(house.rules[one.rule].is_overridable for one in stops):
        raise Refused(_("The policy stops this text, and nobody may pass over it. %(said)s") % {"said": said},
                      link=f"{post.link}#policy")  # fmt: skip
    if not despite:
        raise Refused(
            _("The policy stops this text: mend it, or ask the director to confirm it first, with a reason. %(said)s")
            % {"said": said}, link=f"{post.link}#policy",
        )  # fmt: skip
    if not directs(post, actor, now):
        raise NotAllowed(_("Only the director lets a text pass in spite of a rule: mend the text, or ask them."))
    if len(despite) < overrides.LEAST_REASON:
        raise Invalid(_("Say why in 20 characters or more: it is kept and read again."), field="despite")
    return sorted({one.rule for one in stops})


def _stopping(post: Post, level: int, now: datetime) -> tuple[gating.Verdict, list[Finding]]:
    verdict, hurry = gating.judge(post, now, level), rules.rules_in_a_hurry(post.template_payload)
    return verdict, [one for one in verdict.stopping if one.rule in hurry]


def stopping(post: Post, level: int, now: datetime) -> list[str]:
    """The rules of a hurry that stop this text in a crisis of `level`, and that nobody has let pass."""
    return sorted({one.rule for one in _stopping(post, level, now)[1]})


@transaction.atomic
def withdraw_confirmations(*, post: Post, now: datetime) -> int:
    """Those in force count no longer: the same text is to be confirmed again. The room above says why, and records."""
    return Approval.objects.filter(pk__in=[one.pk for one in confirmations(post)]).update(voided_at=now)


def _texts(post: Post) -> dict[str, tuple[str, str]]:
    return {text.language: (text.title, text.body) for text in post.texts.all()}


def _may_confirm(post: Post, actor: Membership, now: datetime) -> bool:
    return actor.pk == post.author_id or commands(post, actor, now)


def commands(post: Post, actor: Membership, now: datetime) -> bool:
    """Does this person lead in a crisis, or direct? With nobody in these roles, a manager."""
    return _stands(post, actor, now, EditorialRole.CRISIS_LEAD, EditorialRole.CRISIS_DEPUTY, EditorialRole.APPROVER)


def directs(post: Post, actor: Membership, now: datetime) -> bool:
    """Is this the communications director? With nobody in the role, a manager."""
    return _stands(post, actor, now, EditorialRole.APPROVER)


def _stands(post: Post, actor: Membership, now: datetime, *roles: str) -> bool:
    book = reading.book_of(post.workspace, now)
    if any(book.holds(actor.pk, role) for role in roles):
        return True
    return actor.pk in book.managers and not any(book.holders(role) for role in roles)


def confirmations(post: Post) -> list[Approval]:
    """Those in force: on exactly this text, by different people."""
    return [one for one in confirmed(post) if one.voided_at is None]


def confirmed(post: Post) -> list[Approval]:
    """All that were given on exactly this text, those that count no longer too."""
    given = Approval.objects.filter(post=post, role=rules.CONFIRMATION, digest=reading.digest_of(post))
    return list(given.select_related("person__user"))


def after_publication(post: Post, actor: Membership, now: datetime) -> None:
    """What skipped the review is read again an hour later."""
    if WorkItem.objects.about(post).filter(key=REVIEW_AFTER).exists():
        return
    task = Task(
        key=REVIEW_AFTER, title=in_both(_("Read again what went out in a hurry")), verb=in_both(_("Read again")),
        why=in_both(_("Two people confirmed it in minutes; an hour later one sees what was missed.")),
        roles=(EditorialRole.EDITOR,), offset="H+1", minutes=10, reminder="e-std",
    )  # fmt: skip
    calendar = reading.calendar_of(post.workspace, now)
    laid = LaidItem(task, calendar.settle(post.published_at or now).astimezone(calendar.tz))
    book = reading.book_of(post.workspace, now)
    work.plan_items(
        workspace=post.workspace, subject=post, group=post, tasks=[task], layout=Layout((laid,)),
        people={EditorialRole.EDITOR: book.fallback(EditorialRole.EDITOR)}, subject_title=create.titles_of(post),
        actor=actor, now=now,
    )  # fmt: skip
    writing.relay(post, now)


def event_of(post: Post) -> Event:
    """By which event a publication of this post is recorded: what went out in a hurry on one channel does on all."""
    return Event.PUBLISH_URGENT if post.is_urgent and _in_a_hurry(post) else Event.PUBLISH


def _in_a_hurry(post: Post) -> bool:
    if post.status == Status.PUBLISHED:
        return WorkItem.objects.about(post).filter(key=REVIEW_AFTER).exists()
    return post.status in rules.BEFORE_REVIEW

"""Passing over what a rule finds, with a reason, for exactly this text: what stops it by the approver, what only warns
by the editor."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.base.language import pick
from planner.history.models import Entry, Revision
from planner.policy.rules import Severity
from planner.posts.models import Override, Post
from planner.posts.operations import gating, reading, writing
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import Act, EditorialRole

LEAST_REASON = 20
"""Characters of a reason: a house default, long enough for a sentence that colleagues will read at the review."""

LEAST_ASIDE = 10
"""The same for a warning, which stops nothing."""

MOST_REASON = 500


@transaction.atomic
def override(
    *, post: Post, actor: Membership, rule: str, reason: str, version: int | None = None, now: datetime
) -> Override:
    """Let the text pass exactly as it stands, in spite of a rule that stops it.

    By a holder of the role approver, or the second person of one who is away, who did not write it. Refused for the
    rules that nobody may override, and where the rule stops nothing. Any later change of the text voids it.
    """
    post = writing.opened(post, actor, Act.READ, version)  # the role decides, not the level
    if not may_override(post, actor, now):
        raise NotAllowed(_("Letting a text pass belongs to the communications director, or to their second person."))
    writing.must_be_writable(post)
    verdict = gating.judge(post, now)
    _refuse(post, actor, rule, verdict)
    if len(reason.strip()) < LEAST_REASON:
        raise Invalid(
            _("Say why, in twenty characters or more: it is read again at the quarterly review."), field="reason"
        )
    revision = writing.save_revision(post, actor, now)
    given = keep(post, rule, actor, revision, reason.strip(), now)
    writing.keep(post, now)
    writing.write_down("post.overridden", post, actor, now, rule=rule, reason=given.reason, revision=revision.number)
    return given


@transaction.atomic
def put_aside(
    *, post: Post, actor: Membership, rule: str, reason: str, version: int | None = None, now: datetime
) -> Override:
    """Say why what a rule warns of counts for nothing in the text exactly as it stands.

    By the editor or the approver, or the second person of one who is away. Refused for the rules that nobody passes
    over, and where the rule warns of nothing. Any later change of the text voids it.
    """
    post = writing.opened(post, actor, Act.READ, version)  # the role decides, not the level
    if not may_put_aside(post, actor, now):
        raise NotAllowed(_("Putting a warning aside belongs to the editor, or to their second person."))
    writing.must_be_writable(post)
    _refuse_aside(post, rule, gating.judge(post, now))
    if len(reason.strip()) < LEAST_ASIDE:
        raise Invalid(_("Say why, in ten characters or more: colleagues will read it."), field="reason")
    revision = writing.save_revision(post, actor, now)
    given = keep(post, rule, actor, revision, reason.strip(), now, Severity.WARN)
    writing.keep(post, now)
    writing.write_down("post.put_aside", post, actor, now, rule=rule, reason=given.reason, revision=revision.number)
    return given


def may_put_aside(post: Post, actor: Membership, now: datetime) -> bool:
    """Does this person answer for what only warns?"""
    roles = reading.deciding_roles(post, actor, now)
    return EditorialRole.EDITOR in roles or EditorialRole.APPROVER in roles


def _refuse_aside(post: Post, rule: str, verdict: gating.Verdict) -> None:
    declared = verdict.house.rules.get(rule)
    if declared is None:
        raise NotFound(_("There is no such rule."))
    if not declared.is_overridable:
        raise Refused(
            _("Nobody can let this rule be broken: %(statement)s Mend the text instead.")
            % {"statement": pick(declared.statement)}, link=f"{post.link}#rule-{rule}",
        )  # fmt: skip
    if verdict.answer_to(rule, Severity.WARN):
        raise Stale(_("Somebody has put this warning aside already."))
    if not any(one.rule == rule and one.severity == Severity.WARN for one in verdict.findings):
        raise Refused(_("This rule warns of nothing here: there is nothing to put aside."), link=f"{post.link}#policy")


def keep(
    post: Post, rule: str, actor: Membership, revision: Revision, reason: str, now: datetime,
    severity: Severity = Severity.BLOCK,
) -> Override:  # fmt: skip
    """The override itself, for operations that have asked whether it may be given."""
    return Override.objects.create(
        post=post, rule=rule, severity=severity, person=actor, revision_number=revision.number, digest=revision.digest,
        reason=reason[:MOST_REASON], at=now,
    )  # fmt: skip


def may_override(post: Post, actor: Membership, now: datetime) -> bool:
    """Does this person decide in the place of a rule?"""
    return EditorialRole.APPROVER in reading.deciding_roles(post, actor, now)


def _refuse(post: Post, actor: Membership, rule: str, verdict: gating.Verdict) -> None:
    declared = verdict.house.rules.get(rule)
    if declared is None:
        raise NotFound(_("There is no such rule."))
    if not declared.is_overridable:
        raise Refused(
            _("Nobody can let this rule be broken: %(statement)s Mend the text instead.")
            % {"statement": pick(declared.statement)}, link=f"{post.link}#rule-{rule}",
        )  # fmt: skip
    if verdict.passes(rule):
        raise Stale(_("Somebody has let this text pass already."))
    if rule not in verdict.blocked_by:
        raise Refused(_("This rule stops nothing here: there is nothing to let pass."), link=f"{post.link}#policy")
    if actor.pk == post.author_id:
        raise Refused(_("You wrote this text: another approver has to let it pass."), link=f"{post.link}#rule-{rule}")


# ---- the quarterly review


def spoken(workspace: Workspace, first: datetime, last: datetime) -> dict[str, set[int]]:
    """The posts on which each rule found something between these moments: when they were sent for review, or looked at
    again while scheduled. `last` is outside. One query."""
    posts: dict[str, set[int]] = defaultdict(set)
    told = Entry.objects.filter(
        workspace=workspace, at__gte=first, at__lt=last, verb__in=("post.submitted", "post.policy_failed")
    )
    for entry in told.order_by().only("subject_id", "data"):
        for rule in (*entry.data.get("found", ()), *entry.data.get("rules", ())):
            if entry.subject_id is not None:
                posts[rule].add(entry.subject_id)
    return posts

"""What stops a post: the blocks that the policy finds on it as it stands, and that nobody has let pass.

Asked of one post, on the act and on its page, never of a list: the rules read texts and what surrounds them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from planner.policy.rules import Draft, Finding, House, Severity, check
from planner.posts import rules
from planner.posts.models import Override, Post
from planner.posts.operations import checking, reading
from planner.posts.rules import Missing, Stops


@dataclass(frozen=True)
class Verdict:
    """What the policy says of a post, and which rules somebody passed over for exactly this text: an approver where
    they stop it, the editor where they warn."""

    draft: Draft
    house: House
    findings: tuple[Finding, ...]
    let_pass: Mapping[str, Override] = field(default_factory=dict)
    put_aside: Mapping[str, Override] = field(default_factory=dict)

    def answer_to(self, rule: str, severity: str) -> Override | None:
        """What somebody wrote to what this rule says."""
        return {Severity.BLOCK: self.let_pass, Severity.WARN: self.put_aside}.get(Severity(severity), {}).get(rule)

    def is_passed(self, finding: Finding) -> bool:
        """Did somebody who may pass over what this says?"""
        if finding.severity == Severity.BLOCK:
            return self.passes(finding.rule)
        return self.answer_to(finding.rule, finding.severity) is not None

    @property
    def blocked_by(self) -> list[str]:
        """The rules that find something to stop, in their order, whether let pass or not."""
        return list(dict.fromkeys(one.rule for one in self.findings if one.severity == Severity.BLOCK))

    @property
    def failing(self) -> list[str]:
        """The rules that stop or warn, in their order, whether passed over or not."""
        return list(dict.fromkeys(one.rule for one in self.findings if one.severity != Severity.INFO))

    @property
    def stopping(self) -> list[Finding]:
        """What stops the post: nobody has let it pass."""
        return [one for one in self.findings if one.severity == Severity.BLOCK and not self.passes(one.rule)]

    @property
    def stops(self) -> Stops:
        """The rules of these."""
        return tuple((rule, self.house.rules[rule].statement) for rule in self.blocked_by if not self.passes(rule))

    def passes(self, rule: str) -> bool:
        """Has an approver let this rule pass? Some rules nobody can."""
        return rule in self.let_pass and self.house.rules[rule].is_overridable


def judge(post: Post, now: datetime, level: int = 0, known: checking.Known | None = None) -> Verdict:
    """All that the policy says of a post as it is saved, at least as in a crisis of `level`.

    The number of queries does not depend on how much there is. `known` keeps what was read, for a caller
    that asks about many posts of one moment.
    """
    mark = reading.digest_of(post)
    draft, context = (
        checking.draft_of(post, mark=mark, known=known),
        checking.in_crisis(checking.context_of(post, now, known), level),
    )
    given = Override.objects.in_force(post, mark).select_related("person__user")
    let_pass, put_aside = (
        {one.rule: one for one in given if one.severity == severity} for severity in (Severity.BLOCK, Severity.WARN)
    )
    return Verdict(draft, context.house, tuple(check(draft, context)), let_pass, put_aside)


def missing(post: Post, event: str, now: datetime) -> list[Missing]:
    """Why this event must wait, in words; empty when it may happen."""
    known = rules.next_status(post.status, event) is not None
    stops = judge(post, now).stops if known and event in rules.JUDGED else ()
    return rules.missing_for(event, reading.facts_of(post, now, stops))

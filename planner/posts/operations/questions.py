"""What a person asks of a text before approving it: the human rules of the policy, which no machine can answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from planner.base.language import pick
from planner.playbook.models import Kind, PlaybookItem
from planner.posts import rules
from planner.posts.models import Post
from planner.posts.rules import Answered


@dataclass(frozen=True)
class HumanQuestion:
    """A human rule as whoever approves reads it. `matters`: its template names it; `returns`: a no sends back."""

    rule: str
    statement: Mapping[str, str]
    help: Mapping[str, str]
    returns: bool
    matters: bool


def asked_of(post: Post) -> list[HumanQuestion]:
    """All of them, those that the template names first."""
    named = post.template_payload.get("human_rules", ())
    items = PlaybookItem.objects.visible_to(post.workspace).of_kind(Kind.RULE).filter(slug__startswith="H")
    found = [
        HumanQuestion(
            one.slug,
            one.payload["statement"],
            one.payload.get("help") or {},
            bool(one.payload.get("returns")),
            one.slug in named,
        )
        for one in items
    ]
    return sorted(found, key=lambda one: (not one.matters, one.rule))


def checked(asked: list[HumanQuestion], answers: Mapping[str, Answered]) -> dict[str, dict[str, str]]:
    """The answers ready to be kept, one for each question. Raises `Invalid` in words, with the field."""
    return rules.answers_to({one.rule: one.statement for one in asked}, answers)


def sent_back_by(asked: list[HumanQuestion], said: Mapping[str, Answered]) -> str:
    """Why the text goes back to its author, in the words of whoever answered; empty when it does not."""
    noes = [one for one in asked if one.returns and said[one.rule]["said"] == rules.Said.NO]
    return " ".join(f"{pick(one.statement)} {said[one.rule]['comment']}" for one in noes)

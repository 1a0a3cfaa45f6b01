"""What the editorial policy says of a post, in words: on its page, and beside the text while one types."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from planner.base import clock
from planner.base.errors import Words
from planner.base.language import pick
from planner.policy.rules import Draft, Finding, House, Severity, Wording, check, normal
from planner.posts.forms import TextForm
from planner.posts.models import Post
from planner.posts.operations import checking
from planner.posts.views.found import known_language, post_of
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act

AROUND = 60
"""Characters of the text shown on each side of what was found."""

_ORDER = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.INFO: 2}


@dataclass(frozen=True)
class Passage:
    """A stretch of the text with a little of what stands around it."""

    before: str
    words: str
    after: str
    reason: str


@dataclass(frozen=True)
class Line:
    """One finding as people read it."""

    rule: str
    severity: str
    label: Words
    message: str
    statement: str
    why: str
    where: str
    passages: tuple[Passage, ...]


def lines(findings: Iterable[Finding], draft: Draft, house: House) -> list[Line]:
    """The findings in words, what stops the post first."""
    ordered = sorted(findings, key=lambda one: (_ORDER[one.severity], one.rule))
    return [_line(one, draft, house) for one in ordered]


def _line(finding: Finding, draft: Draft, house: House) -> Line:
    rule = house.rules[finding.rule]
    return Line(
        rule=finding.rule,
        severity=str(finding.severity),
        label=finding.severity.label,
        message=pick(finding.message),
        statement=pick(rule.statement),
        why=pick(rule.why) if rule.why else "",
        where=_where(finding.place),
        passages=tuple(_passages(finding, draft)),
    )


def _where(place: str) -> str:
    """The anchor on the post's page where it is mended."""
    code, _colon, part = place.partition(":")
    if part in ("title", "body"):
        return f"#text-{code}"
    if code == "channel":
        return "#channels"
    return _ANCHORS.get(place, "#frame")


_ANCHORS = {
    "planned_at": "#date", "answerer": "#people", "deputy": "#people", "author": "#people", "media": "#files",
    "people_shown": "#consents", "channels": "#channels",
}  # fmt: skip


def _passages(finding: Finding, draft: Draft) -> Iterable[Passage]:
    for span in finding.evidence[:MOST_PASSAGES]:
        text = _text_at(span.place or finding.place, draft)
        if text is None:
            continue
        yield Passage(
            text[max(0, span.start - AROUND) : span.start],
            text[span.start : span.end],
            text[span.end : span.end + AROUND],
            pick(span.reason) if span.reason else "",
        )


MOST_PASSAGES = 6


def _text_at(place: str, draft: Draft) -> str | None:
    code, _colon, part = place.partition(":")
    texts: Mapping[str, Wording] = draft.texts
    if part not in ("title", "body") or code not in texts:
        return None
    return normal(texts[code].title if part == "title" else texts[code].body)


def of_post(post: Post, now: datetime, typed: Mapping[str, Wording] | None = None) -> list[Line]:
    """All that the policy says of a post, or of what somebody is typing on it."""
    draft, context = checking.draft_of(post, typed), checking.context_of(post, now)
    return lines(check(draft, context), draft, context.house)


@require_POST
def check_typing(request: MemberRequest, post: int, code: str) -> HttpResponse:
    """What the policy says of the text that somebody is typing: nothing is kept."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    known_language(request, code)
    form = TextForm(request.POST)
    typed = of_typing(found, code, form, clock.now()) if form.is_valid() else []
    return render(request, "planner/posts/_findings.html", {"findings": typed, "post": found, "too_long": form.errors})


def of_typing(post: Post, code: str, form: TextForm, now: datetime) -> list[Line]:
    """Only what concerns the text in this language: the rest of the post has its own page."""
    wording = Wording(form.cleaned_data["title"], form.cleaned_data["body"])
    draft, context = checking.draft_of(post, {code: wording}), checking.context_of(post, now)
    found = [one for one in check(draft, context) if one.place.startswith(f"{code}:")]
    return lines(found, draft, context.house)

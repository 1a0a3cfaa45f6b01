"""What the policy says of a post, in words: the same lines on every page that shows them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from planner.base.errors import Words
from planner.base.language import pick
from planner.policy.rules import Draft, Finding, House, Severity, Wording, check, normal
from planner.posts.models import Override, Post
from planner.posts.operations import checking
from planner.posts.operations.gating import Verdict, judge
from planner.posts.rules import Status

AROUND = 60
"""Characters of the text shown on each side of what was found."""

ABOUT_DATES = ("R02", "R07", "R19", "R22")
"""The rules that judge a day and an hour: who answers, what else appears, until when somebody agreed to be shown."""

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
    may_pass: bool
    """May the director let a text pass in spite of it?"""
    passages: tuple[Passage, ...]
    anchor: str = ""
    """Of the first finding of a rule: where a refusal leads."""
    language: str = ""
    """Of the text that it speaks of, where the post has several."""
    let_pass: Override | None = None
    """Or put aside, when it only warns."""


def lines(findings: Iterable[Finding], draft: Draft, house: House) -> list[Line]:
    """The findings in words, what stops the post first."""
    ordered = sorted(findings, key=lambda one: (_ORDER[one.severity], one.rule))
    return [_line(one, draft, house) for one in ordered]


def of_verdict(verdict: Verdict) -> list[Line]:
    """All that the policy says of a post, with what was let pass, and an anchor for each rule."""
    found = lines(verdict.findings, verdict.draft, verdict.house)
    first = {one.rule: place for place, one in reversed(list(enumerate(found)))}
    return [
        replace(
            one,
            anchor=f"rule-{one.rule}" if first[one.rule] == place else "",
            let_pass=verdict.answer_to(one.rule, one.severity),
        )
        for place, one in enumerate(found)
    ]


def _language(place: str, draft: Draft) -> str:
    code = place.partition(":")[0]
    return code if code in draft.texts and len(draft.texts) > 1 else ""


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
        may_pass=rule.is_overridable,
        passages=tuple(_passages(finding, draft)),
        language=_language(finding.place, draft),
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
            _before(text, span.start),
            text[span.start : span.end],
            _after(text, span.end),
            pick(span.reason) if span.reason else "",
        )


MOST_PASSAGES = 6


def _before(text: str, start: int) -> str:
    """A little of what stands before, from the beginning of a word."""
    if start <= AROUND:
        return text[:start]
    shown = text[start - AROUND : start]
    _part, blank, rest = shown.partition(" ")
    return f"…{blank}{rest}" if blank else f"…{shown}"


def _after(text: str, end: int) -> str:
    """A little of what stands after, up to the end of a word."""
    if len(text) <= end + AROUND:
        return text[end:]
    shown = text[end : end + AROUND]
    rest, blank, _part = shown.rpartition(" ")
    return f"{rest}{blank}…" if blank else f"{shown}…"


def _text_at(place: str, draft: Draft) -> str | None:
    start, _colon, part = place.rpartition(":")
    own = start.startswith("channel:")
    texts: Mapping[str, Wording] = draft.channel_texts if own else draft.texts
    key = start.removeprefix("channel:")
    if part not in ("title", "body") or key not in texts:
        return None
    return normal(texts[key].title if part == "title" else texts[key].body)


def of_post(
    post: Post, now: datetime, typed: Mapping[str, Wording] | None = None, *, level: int = 0,
    only: Collection[str] | None = None, within: str = "",
) -> list[Line]:  # fmt: skip
    """All that the policy says of a post, or of what somebody is typing on it; at least as in a crisis of `level`.

    `only` names the rules that are asked, `within` the part of the post that they speak of.
    """
    draft, context = checking.draft_of(post, typed), checking.in_crisis(checking.context_of(post, now), level)
    found = lines([one for one in check(draft, context, only) if one.place.startswith(within)], draft, context.house)
    return [replace(one, language="") for one in found] if within else found


def news_at(post: Post, planned_at: datetime | None, now: datetime, known: checking.Known) -> list[Line]:
    """What the rules about dates would say of the post at this hour, and do not say today. Reads only.

    `known` says which posts are asked about together, of which `read_ahead` has been told.
    """
    there = copy(post)
    there.planned_at = planned_at
    found = _of_dates(there, now, replace(known, is_moved=True))
    said = {(one.rule, one.severity, one.message) for one in _of_dates(post, now, known)} if found else set()
    return [one for one in found if (one.rule, one.severity, one.message) not in said]


def stopped(post: Post, now: datetime) -> list[str]:
    """Why a scheduled post would not go out as it stands, a sentence for each reason."""
    found = judge(post, now).stopping if post.status == Status.SCHEDULED else ()
    return [_("As it stands it will not go out: %(words)s") % {"words": pick(one.message)} for one in found]


def read_ahead(posts: Sequence[Post]) -> None:
    """Read what the drafts of these posts are made of, in as many queries as for one."""
    prefetch_related_objects(posts, *checking.READ)


def _of_dates(post: Post, now: datetime, known: checking.Known) -> list[Line]:
    draft, context = checking.draft_of(post, mark="-", known=known), checking.context_of(post, now, known)
    found = [one for one in check(draft, context, ABOUT_DATES) if one.severity != Severity.INFO]
    return lines(found, draft, context.house)

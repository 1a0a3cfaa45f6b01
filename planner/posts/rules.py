"""States, the explicit transition map, and what is missing before a move, in words. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import TextChoices
from django.utils import translation
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from planner.base import wording
from planner.base.errors import Invalid, Words
from planner.base.language import pick
from planner.base.worktime import WorkingCalendar
from planner.playbook.rules import Anchor
from planner.workspaces.rules import Act, EditorialRole, may


class Status(TextChoices):
    IDEA = "idea", _("Idea")
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")
    CANCELLED = "cancelled", _("Cancelled")


class Intent(TextChoices):
    HELP = "help", _("Help")
    EXPLAIN = "explain", _("Explain")
    TELL = "tell", _("Tell")
    LISTEN = "listen", _("Listen")
    SERVE = "serve", _("Serve")
    PROMOTE = "promote", _("Promote")


class Moment(TextChoices):
    """Where the reader stands with us."""

    DISCOVERING = "discovering", _("discovering us")
    FIRST = "first_purchase", _("first purchase")
    IN_USE = "in_use", _("in use")
    SECOND = "second_purchase", _("second purchase")
    LOYAL = "loyal", _("loyal")
    LEAVING = "leaving", _("leaving")
    NOT_A_CUSTOMER = "not_a_customer", _("not a customer")


class Stage(TextChoices):
    """Where an initiative stands. It runs until somebody says what it brought, or stops it with a reason."""

    PREPARED = "prepared", pgettext_lazy("initiative", "In preparation")
    RUNNING = "running", pgettext_lazy("initiative", "Running")
    ENDED = "ended", pgettext_lazy("initiative", "Ended")
    STOPPED = "stopped", pgettext_lazy("initiative", "Stopped")


REFRESH = "evergreen-refresh"
"""The template that brings a lasting post up to date."""

REVIEW_DAYS = 180
"""Days after which what lasts is looked at again, unless somebody says otherwise. A house default."""


class Decision(TextChoices):
    APPROVED = "approved", _("approved")
    CHANGES = "changes", _("asked for changes")


class Said(TextChoices):
    """What whoever approves answers to a question about the text."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_APPLICABLE = "na", _("Does not apply")


class Release(TextChoices):
    """What may be decided about a held post, each by people and with a reason."""

    UNCHANGED = "release", _("Release unchanged")
    REWRITE = "rewrite", _("Rewrite")
    REDATE = "redate", _("New date")
    CANCEL = "cancel", _("Cancel")


@dataclass(frozen=True)
class WallTime:
    """What people mean by "Thursday at ten": a day and an hour on the wall of the workspace."""

    on: date
    at: time


def leaders(placements: Iterable[tuple[int, datetime | None, datetime | None]], zone: tzinfo) -> set[int]:
    """Which of a post's placements (id, planned and shown instants) lead an entry of the calendar.

    What was planned for one hour stays one entry, though published minutes apart, as long as it is on one local day:
    its first placement leads, at one instant the first given. What has no hour leads nothing.
    """
    first: dict[tuple[datetime, date], tuple[datetime, int]] = {}
    for pk, planned_at, shown_at in placements:
        if shown_at is None:
            continue
        entry = (planned_at or shown_at, shown_at.astimezone(zone).date())
        if entry not in first or shown_at < first[entry][0]:
            first[entry] = (shown_at, pk)
    return {pk for _shown_at, pk in first.values()}


# ---- the map


class Event(TextChoices):
    """What can happen to a post. `change` and `correct` are saved texts: before publication, and after."""

    DEVELOP = "develop", _("Start writing")
    SUBMIT = "submit", _("Send for review")
    ASK_CHANGES = "ask_changes", _("Ask for changes")
    APPROVE = "approve", _("Approve")
    SIGN = "sign", _("Sign the exact text")
    SCHEDULE = "schedule", _("Schedule")
    UNSCHEDULE = "unschedule", _("Take out of the schedule")
    CHANGE = "change", _("Change what was approved")
    PUBLISH = "publish", _("Record the publication")
    PUBLISH_URGENT = "publish_urgent", _("Record the urgent publication")
    CORRECT = "correct", _("Correct")
    RETIRE = "retire", _("Retire")
    CANCEL = "cancel", _("Cancel")
    REOPEN = "reopen", _("Reopen")


_S, _E = Status, Event

TRANSITIONS: dict[tuple[str, str], str] = {
    (_S.IDEA, _E.DEVELOP): _S.DRAFT,
    (_S.IDEA, _E.SUBMIT): _S.IN_REVIEW,
    (_S.IDEA, _E.CANCEL): _S.CANCELLED,
    (_S.DRAFT, _E.SUBMIT): _S.IN_REVIEW,
    (_S.DRAFT, _E.CANCEL): _S.CANCELLED,
    (_S.DRAFT, _E.PUBLISH_URGENT): _S.PUBLISHED,
    (_S.IN_REVIEW, _E.PUBLISH_URGENT): _S.PUBLISHED,
    (_S.IN_REVIEW, _E.ASK_CHANGES): _S.DRAFT,
    (_S.IN_REVIEW, _E.APPROVE): _S.APPROVED,
    (_S.IN_REVIEW, _E.SIGN): _S.IN_REVIEW,
    (_S.IN_REVIEW, _E.CHANGE): _S.IN_REVIEW,
    (_S.IN_REVIEW, _E.CANCEL): _S.CANCELLED,
    (_S.APPROVED, _E.ASK_CHANGES): _S.DRAFT,
    (_S.APPROVED, _E.APPROVE): _S.APPROVED,
    (_S.APPROVED, _E.SIGN): _S.APPROVED,
    (_S.APPROVED, _E.SCHEDULE): _S.SCHEDULED,
    (_S.APPROVED, _E.CHANGE): _S.IN_REVIEW,
    (_S.APPROVED, _E.CANCEL): _S.CANCELLED,
    (_S.SCHEDULED, _E.ASK_CHANGES): _S.DRAFT,
    (_S.SCHEDULED, _E.UNSCHEDULE): _S.APPROVED,
    (_S.SCHEDULED, _E.CHANGE): _S.IN_REVIEW,
    (_S.SCHEDULED, _E.PUBLISH): _S.PUBLISHED,
    (_S.SCHEDULED, _E.CANCEL): _S.CANCELLED,
    (_S.PUBLISHED, _E.PUBLISH): _S.PUBLISHED,
    (_S.PUBLISHED, _E.PUBLISH_URGENT): _S.PUBLISHED,
    (_S.PUBLISHED, _E.CORRECT): _S.PUBLISHED,
    (_S.PUBLISHED, _E.RETIRE): _S.RETIRED,
    (_S.RETIRED, _E.REOPEN): _S.PUBLISHED,
    (_S.CANCELLED, _E.REOPEN): _S.DRAFT,
}
"""`(from, event): to`. What is not here is refused, with `refusal()` saying why. No state is without a way out."""

FROZEN = frozenset({Status.CANCELLED, Status.RETIRED})
"""Nothing on the post can be written in these states; reopening comes first."""

APPROVED_STATES = frozenset({Status.APPROVED, Status.SCHEDULED})
"""The text is exactly what was approved."""

MOST_APPROVERS = 2

# ---- who may

BY_LEVEL: dict[str, Act] = {
    Event.DEVELOP: Act.PLAN,
    Event.SUBMIT: Act.WRITE,
    Event.SCHEDULE: Act.PLAN,
    Event.UNSCHEDULE: Act.PLAN,
    Event.CHANGE: Act.WRITE,
    Event.PUBLISH: Act.RECORD,
    Event.PUBLISH_URGENT: Act.RECORD,
    Event.CORRECT: Act.WRITE,
    Event.RETIRE: Act.PLAN,
    Event.CANCEL: Act.PLAN,
    Event.REOPEN: Act.PLAN,
}
"""Events that the access level decides. A publication may also be recorded by whoever owns the work of publishing."""

BY_ROLE: dict[str, EditorialRole] = {Event.APPROVE: EditorialRole.APPROVER, Event.SIGN: EditorialRole.LEGAL}
"""Events that an editorial role decides, whatever the level."""

DECIDING_ROLES = (EditorialRole.EDITOR, EditorialRole.APPROVER, EditorialRole.LEGAL)
"""Who reads a text before it goes out, and may send it back."""


def may_bring_about(event: str, *, level: str, roles: Collection[str], is_author: bool) -> bool:
    """May somebody of this level, who decides in these roles today, bring this event about?"""
    if event in BY_ROLE:
        return BY_ROLE[event] in roles
    if event == Event.ASK_CHANGES:
        return may(level, Act.PLAN) or is_author or any(role in roles for role in DECIDING_ROLES)
    return may(level, BY_LEVEL[event])


# ---- what the policy stops

JUDGED = frozenset({Event.SCHEDULE, Event.PUBLISH, Event.PUBLISH_URGENT})
"""Events before which the rules of the policy are asked: a rule that stops the text stops the move."""

WOLF_PERCENT, LEAST_HEARD = 30, 5
"""A rule passed over on more than so many posts of a hundred on which it spoke cries wolf; below so many posts nobody
can tell. The share is that of the quarterly review in the playbook, the number a default of this house."""


def cries_wolf(passed: int, heard: int) -> bool:
    """Is a rule that was passed over on so many of the posts on which it spoke to be looked at?"""
    return heard >= LEAST_HEARD and 100 * passed > WOLF_PERCENT * heard


Stops = tuple[tuple[str, Mapping[str, str]], ...]
"""The rules that stop a post: id, and what it asks, in both languages."""

NEVER_REST = frozenset({"R12", "R13", "R18", "R19", "R20", "R24"})
"""What even a text that cannot wait must keep."""
# ---- readers without an account


class Opinion(TextChoices):
    """What somebody without an account says of one exact text. It decides nothing; approving may wait for it."""

    AGREES = "agrees", _("agrees with this text")
    ASKS = "asks", _("asks for changes")


LONGEST_INVITATION = 60
"""Days after which a reader's link expires at the latest."""
MOST_REMARKS = 100
"""Of one reader, on one post."""


# ---- what cannot wait

CONFIRMATION = "confirmation"
"""The role under which an approval confirms an urgent text."""

CONFIRMATIONS = 2
BEFORE_REVIEW = (Status.DRAFT, Status.IN_REVIEW)
STATEMENT_TEMPLATES = frozenset({"crisis-holding", "crisis-update"})
NOTICE_TEMPLATE = "service-notice"


def is_urgent(template: str, fields: Mapping[str, Any]) -> bool:
    """The words of a crisis always are; a service notice when its author ticked so."""
    return template in STATEMENT_TEMPLATES or (template == NOTICE_TEMPLATE and fields.get("urgent") is True)


def rules_in_a_hurry(template: Mapping[str, Any]) -> frozenset[str]:
    """The rules that a text is asked about when two confirmations replace the whole way: those of its template too."""
    return NEVER_REST | frozenset(template.get("rules", ()))


# ---- what people ask of a text

Answered = Mapping[str, str]
"""`said` (see `Said`), and `comment`."""


def answers_to(
    questions: Mapping[str, Mapping[str, str]], answers: Mapping[str, Answered]
) -> dict[str, dict[str, str]]:
    """One answer for each question, by its id; a no says why. Raises `Invalid` with the first that is missing."""
    kept = {}
    for key, question in questions.items():
        said, comment = (str(answers.get(key, {}).get(name) or "").strip() for name in ("said", "comment"))
        if said not in Said.values:
            raise Invalid(_("Answer the question “%(question)s”.") % {"question": pick(question)}, field=key)
        if said == Said.NO and not comment:
            raise Invalid(_("Say why in a sentence: the author reads it."), field=f"{key}_comment")
        kept[key] = {"said": said, "comment": comment[:500]}
    return kept


# ---- gate G1: what is held

CAUGHT = (Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED)
"""A post that comes into one of these while an open hold covers it lands in held, with what has not appeared yet."""

LEAVES_HOLD = frozenset({Event.PUBLISH, Event.PUBLISH_URGENT, Event.UNSCHEDULE, Event.CANCEL})
"""Events that the map refuses to a held post: it leaves by a decision of the queue, and by nothing else."""

RELEASES = (Release.UNCHANGED, Release.REDATE)
"""Decisions that let a placement go out again."""

RELEASES_A_DAY = 3
"""On one channel, after a crisis: a house default, so that nobody empties the queue at once."""

PROMOTION_WAITS_DAYS = 14
"""After the all-clear, before a promotional post may be released."""

QUESTIONS = {
    "hurtful": _("Would somebody hurt today resent it?"),
    "resources": _("Does it use resources that we lack now?"),
    "true-useful": _("Is it still true and useful?"),
}
"""What the person who reviews a held post answers."""

HELD = _("This post is held: people decide about it in the re-review queue, and nothing else lets it go.")


def covers(
    scope: Mapping[str, Any], *, post_id: int, channel_id: int, tags: Collection[str], initiative_id: int | None = None
) -> bool:
    """Does a scope cover this placement? `{"all": true}`, or any of `channels`, `initiatives`, `tags`, `posts`."""
    return bool(
        scope.get("all")
        or channel_id in scope.get("channels", ())
        or post_id in scope.get("posts", ())
        or initiative_id in scope.get("initiatives", ())
        or set(tags) & set(scope.get("tags", ()))
    )


NO_SCOPE = _("Say what is to be held: everything, or some channels, initiatives, tags or posts.")


def scope_of(
    *, everything: bool = False, channels: Collection[int] = (), tags: Collection[str] = (),
    posts: Collection[int] = (), initiatives: Collection[int] = (),
) -> dict[str, Any]:  # fmt: skip
    """The scope as it is kept. Raises `Invalid` when it covers nothing."""
    if everything:
        return {"all": True}
    parts = {
        "channels": sorted(channels), "initiatives": sorted(initiatives), "tags": sorted(tags), "posts": sorted(posts),
    }  # fmt: skip
    scope = {name: part for name, part in parts.items() if part}
    if not scope:
        raise Invalid(NO_SCOPE, field="scope")
    return scope


_REFUSALS: dict[str, Words] = {
    _E.DEVELOP: _("Only an idea is turned into a draft."),
    _E.SUBMIT: _("Only an idea or a draft is sent for review."),
    _E.ASK_CHANGES: _("Changes are asked for on a text that is in review, approved or scheduled."),
    _E.APPROVE: _("A text is approved while it is in review: send it for review first."),
    _E.SIGN: _("A text is signed while it is in review or approved: send it for review first."),
    _E.SCHEDULE: _("Only an approved post is scheduled: have it approved first."),
    _E.UNSCHEDULE: _("The post is not in the schedule."),
    _E.CHANGE: _("The post is in a state in which its text changes freely, or not at all."),
    _E.PUBLISH: _("A publication is recorded once the post is scheduled: approve it and schedule it first."),
    _E.PUBLISH_URGENT: _("Only an urgent notice or the words of a crisis go out on two confirmations."),
    _E.CORRECT: _("A correction is made on a published post."),
    _E.RETIRE: _("Only a published post is retired; before publication it is cancelled."),
    _E.CANCEL: _("A published post is not cancelled: retire it instead."),
    _E.REOPEN: _("Only a cancelled or retired post is reopened."),
}

_ENDED: dict[str, Words] = {
    Status.CANCELLED: _("The post is cancelled: reopen it first."),
    Status.RETIRED: _("The post is retired: reopen it first."),
}


def next_status(status: str, event: str) -> str | None:
    """Where the event leads from this state, or None when the map refuses it."""
    return TRANSITIONS.get((status, event))


def refusal(status: str, event: str) -> Words:
    """Why the map has no such move, in words."""
    if status in _ENDED and event != Event.REOPEN:
        return _ENDED[status]
    return _REFUSALS[event]


def events_from(status: str) -> list[Event]:
    """The events that the map knows for a state, in the order of `Event`."""
    return [event for event in Event if (status, event) in TRANSITIONS]


# ---- what is missing


@dataclass(frozen=True)
class Missing:
    """One reason why a move must wait, and the place that mends it: on the post's page (`#people`, `#work-12`), or a
    page of its own (`/w/…`)."""

    sentence: Words
    anchor: str

    def link_from(self, page: str) -> str:
        """The address of that place for somebody who is not on the post's page."""
        return self.anchor if self.anchor.startswith("/") else page + self.anchor


@dataclass(frozen=True)
class OpenWork:
    """Work that blocks a status and is still to do."""

    pk: int
    key: str
    title: Mapping[str, str]
    blocking: str


@dataclass(frozen=True)
class Facts:
    """What `missing_for` must know of a post. Loaded by `operations.reading.facts_of`."""

    status: str
    language: str
    now: datetime
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Title and body by language."""
    audience: str = ""
    objective: str = ""
    intent: str = ""
    success_measure: str = ""
    channels: int = 0
    author_id: int | None = None
    answerer_id: int | None = None
    deputy_id: int | None = None
    unanswered: tuple[tuple[str, Mapping[str, str]], ...] = ()
    """Required questions of the template without an answer: key and label."""
    planned_at: datetime | None = None
    approvals: int = 0
    """Valid ones, for the text exactly as it stands, by somebody who is not its author alone."""
    open_work: tuple[OpenWork, ...] = ()
    is_held: bool = False
    is_urgent: bool = False
    confirmations: int = 0
    listening: tuple[Mapping[str, str], ...] = ()
    """Names of its channels on which we only listen so far (G6)."""
    is_regulated: bool = False
    signatures: int = 0
    """Of legal, on the text exactly as it stands."""
    in_a_hurry: frozenset[str] = NEVER_REST
    """The rules that stop the text even when it is urgent."""
    stopped_by: Stops = ()
    """What the policy finds and nobody has let pass; asked only before an event of `JUDGED`."""
    awaited: tuple[str, ...] = ()
    """Readers without an account whose agreement with this exact text is awaited."""
    blocks: tuple[tuple[tuple[str, ...], Mapping[str, str], str], ...] = ()
    """Refusals of higher rooms: the events, the reason in both languages, where to go."""


def missing_for(event: str, facts: Facts) -> list[Missing]:
    """All that is missing before this event may happen, in words; empty when nothing is.

    The first reason of all is a map that does not know the move.
    """
    if next_status(facts.status, event) is None:
        return [Missing(refusal(facts.status, event), "#state")]
    if facts.is_held and event in LEAVES_HOLD:
        return [Missing(HELD, "#held")]
    blocked = [Missing(pick(reason), link) for events, reason, link in facts.blocks if event in events]
    return blocked or _missing_for(event, facts)


def _missing_for(event: str, facts: Facts) -> list[Missing]:
    if event == Event.APPROVE:
        return _before_review(facts) + _opinions(facts)
    if event in (Event.SUBMIT, Event.SIGN):
        return _before_review(facts)
    if event == Event.PUBLISH_URGENT:
        return _before_urgent_publication(facts)
    if event == Event.SCHEDULE:
        return _before_scheduling(facts)
    if event == Event.PUBLISH:
        return _before_publication(facts) if facts.status == Status.SCHEDULED else stopped(facts.stopped_by)
    return []


def _before_review(facts: Facts) -> list[Missing]:
    frame: tuple[tuple[str, Words], ...] = (
        (facts.audience, _("Say who precisely this is for, in one sentence.")),
        (facts.objective, _("Say what changes for these people.")),
        (facts.intent, _("Choose the intent.")),
        (facts.success_measure, _("Say how you will know that it worked.")),
    )
    missing = [Missing(sentence, "#frame") for value, sentence in frame if not value.strip()]
    missing += [
        Missing(_("Answer the question “%(question)s”.") % {"question": pick(label)}, f"#field-{key}")
        for key, label in facts.unanswered
    ]
    if not facts.channels:
        missing.append(Missing(_("Choose at least one channel."), "#channels"))
    if facts.author_id is None:
        missing.append(Missing(_("Name the author."), "#people"))
    if not any(title.strip() and has_prose(body) for title, body in facts.texts.values()):
        missing.append(Missing(_("Write a title and a text, in one language at least."), f"#text-{facts.language}"))
    return missing


def _opinions(facts: Facts) -> list[Missing]:
    return [
        Missing(_("%(name)s has not agreed with this text yet.") % {"name": name}, "#guests") for name in facts.awaited
    ]


def _before_scheduling(facts: Facts) -> list[Missing]:
    missing = []
    if facts.answerer_id is None:
        missing.append(Missing(_("Name the person who will answer."), "#people"))
    if facts.deputy_id is None or facts.deputy_id == facts.answerer_id:
        missing.append(Missing(_("Name a deputy who can answer too: somebody else than the first person."), "#people"))
    if facts.planned_at is None:
        missing.append(Missing(_("Give the post a date and an hour."), "#date"))
    elif facts.planned_at <= facts.now:
        missing.append(Missing(_("The planned hour has passed: choose a new date."), "#date"))
    open_work = _open_work(facts, ("scheduled",))
    return [*missing, *_unready(facts), *_decisions(facts), *open_work, *stopped(facts.stopped_by)]


def _before_publication(facts: Facts) -> list[Missing]:
    open_work = _open_work(facts, ("scheduled", "published"))
    return [*_unready(facts), *_decisions(facts), *open_work, *stopped(facts.stopped_by)]


def _unready(facts: Facts) -> list[Missing]:
    """We listen on a channel before we speak there."""
    return [
        Missing(
            _("We only listen on “%(channel)s” so far: take it away here, or wait until it is ready.")
            % {"channel": pick(title)},
            "#channels",
        )
        for title in facts.listening
    ]


def _decisions(facts: Facts) -> list[Missing]:
    """Four eyes, and the signature that a regulated subject needs (G5, G4), on exactly this text."""
    missing = []
    if not facts.approvals:
        missing.append(Missing(_("The text as it stands has no valid approval."), "#approvals"))
    if facts.is_regulated and not facts.signatures and not any(work.key == "legal" for work in facts.open_work):
        missing.append(Missing(_("The subject is regulated: legal has to sign the text as it stands."), "#approvals"))
    return missing


def stopped(stops: Stops) -> list[Missing]:
    """What the policy stops, rule by rule, each with the place of its finding."""
    return [
        Missing(
            _("Rule %(rule)s stops it: %(statement)s") % {"rule": rule, "statement": pick(statement)}, f"#rule-{rule}"
        )
        for rule, statement in stops
    ]


def _before_urgent_publication(facts: Facts) -> list[Missing]:
    if not facts.is_urgent:
        return [Missing(_REFUSALS[Event.PUBLISH_URGENT], "#state")]
    if facts.confirmations < CONFIRMATIONS:
        return [Missing(_("Two people have to confirm this text exactly as it stands."), "#urgent")]
    return stopped(tuple(stop for stop in facts.stopped_by if stop[0] in facts.in_a_hurry))


def _open_work(facts: Facts, statuses: Collection[str]) -> list[Missing]:
    return [
        Missing(_("To be done first: %(work)s.") % {"work": pick(work.title)}, f"#work-{work.pk}")
        for work in facts.open_work
        if work.blocking in statuses
    ]


_HEADING = re.compile(r"\s*#")


def has_prose(body: str) -> bool:
    """Does the text say anything beyond its headings?"""
    return any(line.strip() and not _HEADING.match(line) for line in body.splitlines())


def title_among(titles: Mapping[str, str], *wanted: str) -> str:
    """The first title in these languages, else any; `titles` are by language, none of them empty."""
    found = next((titles[code] for code in wanted if code in titles), None)
    return found or next(iter(titles.values()), gettext("Untitled"))


# ---- values of the frame and of the template's questions


class PostValues(TypedDict, total=False):
    """What a form may say of a post; only the keys present change. People are memberships."""

    audience: str
    objective: str
    business_objective: str
    intent: str
    key_question: str
    success_measure: str
    customer_moment: str
    author: Any
    answerer: Any
    deputy: Any
    answer_until: date | None
    has_claims: bool
    is_regulated: bool
    sector_pack: str
    is_evergreen: bool
    review_on: date | None
    received_at: datetime | None
    """When the signal that the post answers reached us."""
    tags: list[str]
    sources: list[dict[str, str]]
    links: list[dict[str, str]]
    people_shown: list[dict[str, str]]
    fields: dict[str, Any]
    """Answers to the template's questions, by key."""


PEOPLE = ("author", "answerer", "deputy")
PLAIN = tuple(key for key in PostValues.__annotations__ if key not in (*PEOPLE, "fields"))
SHARED = ("key_question",)
"""Keys that a template may ask as a question of its own, and that the post has anyway: one value for both."""


def facts_of(values: Mapping[str, Any]) -> dict[str, object]:
    """What the conditions of tasks may ask for: the three flags, and the answers to the template's questions."""
    return {
        **(values.get("fields") or {}),
        "has_claims": bool(values.get("has_claims")),
        "regulated": bool(values.get("is_regulated")),
        "evergreen": bool(values.get("is_evergreen")),
        "identifiable": bool(values.get("people_shown")),
    }


def anchors_of(
    template: Mapping[str, Any], fields: Mapping[str, Any], received_at: datetime | None, calendar: WorkingCalendar
) -> dict[str, Anchor]:
    """What the work of a post is counted from besides its publication: its signal, and the dates that its fields hold.

    A template may say which field gives the start of an event, its end, or the signal.
    """
    asked = {
        question["key"]: _anchor(fields.get(question["key"]), calendar)
        for question in template.get("fields", ())
        if question["type"] in ("date", "datetime")
    }
    dates = {key: anchor for key, anchor in asked.items() if anchor is not None}
    named = {name: dates[key] for name, key in (template.get("anchors") or {}).items() if key in dates}
    return {**({"R": received_at} if received_at else {}), **dates, **named}


def _anchor(answer: object, calendar: WorkingCalendar) -> Anchor | None:
    """An answer kept as ISO text: a day, or a day with the hour on the wall."""
    text = str(answer or "")
    day = _or_none(parse_date, text)
    moment = None if day else _or_none(parse_datetime, text)
    return calendar.at(moment.date(), moment.time()) if moment else day


def unanswered(template: Mapping[str, Any], answers: Mapping[str, Any]) -> list[tuple[str, Mapping[str, str]]]:
    """Key and label of each required question without an answer, or whose no must first become a yes."""
    return [
        (question["key"], question["label"])
        for question in template.get("fields", ())
        if question.get("required")
        and (_is_empty(answer := answers.get(question["key"])) or (answer is False and question.get("must_hold")))
    ]


def _is_empty(answer: object) -> bool:
    """Zero is an answer, and so is no."""
    return answer is None or answer == "" or answer == []


Answers = tuple[dict[str, Any], dict[str, Words]]
"""The answers ready to be kept, and what is wrong, by key."""


def validate_answers(
    template: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    members: Collection[int] | None = None,
    uploads: Collection[int] | None = None,
) -> Answers:
    """Read the answers to a template's questions; empty ones are kept out, unknown keys are errors.

    A required question may stay empty until the post is sent for review. `members` and `uploads` are the ids that may
    be named; None lets any pass. Kept forms: text, longtext, url, choice, consent as text; list, people and
    multichoice as lists of texts (a form may send lines); person and file as ids; date and datetime as ISO text
    (the hour on the wall); number; boolean.
    """
    questions = {question["key"]: question for question in template.get("fields", ())}
    cleaned: dict[str, Any] = {}
    errors: dict[str, Words] = {key: _("This template has no such question.") for key in values if key not in questions}
    for key, question in questions.items():
        if key not in values:
            continue
        try:
            answer = _answer(question, values[key], members, uploads)
        except ValueError as wrong:
            errors[key] = wrong.args[0]
            continue
        if not _is_empty(answer):
            cleaned[key] = answer
    return cleaned, errors


def _answer(
    question: Mapping[str, Any], value: Any, members: Collection[int] | None, uploads: Collection[int] | None
) -> Any:
    kind = question["type"]
    if value is None or value == "":
        return None
    if kind == "boolean":
        return value in (True, "true", "on", "1", "yes")
    if kind in ("list", "people", "multichoice"):
        return _lines(question, value)
    if kind == "person":
        return _one_of_ids(value, members, _("Choose somebody who is a member here."))
    if kind == "file":
        return _one_of_ids(value, uploads, _("Add the file to the post first, then choose it here."))
    return _READERS.get(kind, _text)(question, value)


def _text(question: Mapping[str, Any], value: Any) -> str:
    text = str(value).strip()
    most = question.get("max")
    if most and len(text) > most:
        raise ValueError(_("At most %(most)s characters: this has %(length)s.") % {"most": most, "length": len(text)})
    return text


def _lines(question: Mapping[str, Any], value: Any) -> list[str]:
    raw: Sequence[Any] = value.splitlines() if isinstance(value, str) else list(value)
    lines = [_text(question, line) for line in raw if str(line).strip()]
    if question["type"] == "multichoice":
        return [_choice(question, line) for line in lines]
    least, most = question.get("min_items"), question.get("max_items")
    if lines and least and len(lines) < least:
        raise ValueError(_("At least %(least)s lines.") % {"least": least})
    if most and len(lines) > most:
        raise ValueError(_("At most %(most)s lines.") % {"most": most})
    return lines


def _choice(question: Mapping[str, Any], value: Any) -> str:
    if str(value) not in [choice["value"] for choice in question.get("choices", ())]:
        raise ValueError(_("Choose one of the answers offered."))
    return str(value)


def _date(question: Mapping[str, Any], value: Any) -> str:
    read = value if isinstance(value, date) else _or_none(parse_date, str(value))
    if read is None:
        raise ValueError(_("Give a date, such as 2026-05-21."))
    return str(read.isoformat())[:10]


def _datetime(question: Mapping[str, Any], value: Any) -> str:
    read = value if isinstance(value, datetime) else _or_none(parse_datetime, str(value))
    if read is None:
        raise ValueError(_("Give a date and an hour, such as 2026-05-21 10:00."))
    return str(read.replace(tzinfo=None).isoformat(timespec="minutes"))


def _or_none(reader: Any, text: str) -> Any:
    try:
        return reader(text)
    except ValueError:
        return None


_IS_ADDRESS = URLValidator(schemes=["http", "https"])


def _url(question: Mapping[str, Any], value: Any) -> str:
    address = str(value).strip()
    if not is_address(address):
        raise ValueError(_("Give a complete address, beginning with https://."))
    return address


def is_address(text: str) -> bool:
    """Is this a complete web address?"""
    try:
        _IS_ADDRESS(text)
    except ValidationError:
        return False
    return True


def _number(question: Mapping[str, Any], value: Any) -> int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    try:
        number = float(str(value).replace(",", ".").replace("\u00a0", "").replace(" ", ""))
    except ValueError:
        raise ValueError(_("Give a number.")) from None
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError(_("Give a number."))
    return int(number) if number.is_integer() else number


def _one_of_ids(value: Any, known: Collection[int] | None, words: Words) -> int:
    try:
        pk = int(getattr(value, "pk", value))
    except (TypeError, ValueError):
        raise ValueError(words) from None
    if known is not None and pk not in known:
        raise ValueError(words)
    return pk


_READERS: dict[str, Any] = {
    "choice": _choice,
    "date": _date,
    "datetime": _datetime,
    "url": _url,
    "number": _number,
}


# ---- the text that is approved


def payload(
    *,
    texts: Mapping[str, tuple[str, str]],
    placements: Mapping[str, Mapping[str, Any]],
    media: Sequence[Mapping[str, Any]],
    links: Sequence[Any],
) -> dict[str, Any]:
    """What a Revision holds and an approval is bound to: texts in all languages, placements' texts, media, links."""
    return {
        "texts": {code: {"title": title, "body": body} for code, (title, body) in texts.items() if title or body},
        "placements": {channel: dict(text) for channel, text in placements.items() if text},
        "media": sorted((dict(one) for one in media), key=lambda one: (str(one.get("name")), str(one.get("digest")))),
        "links": list(links),
    }


def skeleton(
    template: Mapping[str, Any],
    language: str,
    answers: Mapping[str, Any] | None = None,
    names: "Names | None" = None,
    given: Mapping[str, str] | None = None,
) -> str:
    """The headings of the template's body, to be written under, with the answers that belong under each.

    Lists become lists; a yes or no, a file and a consent say nothing. An answer stands once, under the first heading
    that it feeds. `given` are texts that stand under a heading instead, by the key of its block.
    """
    questions = {question["key"]: question for question in template.get("fields", ())}
    blocks, left = [], dict(answers or {})
    for block in template.get("body", ()):
        ready = (given or {}).get(block["key"])
        under = [ready] if ready else _under(block, questions, left, names or {}, language)
        for key in block.get("from_fields", ()):
            left.pop(key, None)
        blocks.append("\n\n".join((f"## {pick(block['heading'], language)}", *under)))
    return "\n\n".join(blocks)


def _under(
    block: Mapping[str, Any],
    questions: Mapping[str, Mapping[str, Any]],
    answers: Mapping[str, Any],
    names: "Names",
    language: str,
) -> list[str]:
    paragraphs = []
    for key in block.get("from_fields", ()):
        question = questions.get(key, {})
        lines = answer_lines(question, answers.get(key), names, language) if question else []
        if lines and question["type"] in ("list", "people", "multichoice"):
            paragraphs.append("\n".join(f"- {line}" for line in lines))
        elif lines and question["type"] not in ("boolean", "file", "consent"):
            paragraphs.extend(lines)
    return paragraphs


def answer_lines(question: Mapping[str, Any], answer: Any, names: "Names", language: str | None = None) -> list[str]:
    """A kept answer in words, line by line; empty when there is none."""
    if answer is None or answer == "" or answer == []:
        return []
    if isinstance(answer, bool):
        return [str(_("Yes") if answer else _("No"))]
    if question["type"] in NAMED:
        return [names.get((question["type"], answer), str(NAMED[question["type"]]))]
    if question["type"] in ("date", "datetime"):
        return [_day_in_words(str(answer), language)]
    labels = {choice["value"]: pick(choice["label"], language) for choice in question.get("choices") or ()}
    values = answer if isinstance(answer, list) else [answer]
    return [labels.get(value, str(value)) for value in values]


def _day_in_words(answer: str, language: str | None) -> str:
    day, moment = _or_none(parse_date, answer), _or_none(parse_datetime, answer)
    with translation.override(language or translation.get_language()):
        if day:
            return wording.long_day(day)
        return f"{wording.long_day(moment)}, {wording.hour(moment)}" if moment else answer


NAMED: dict[str, Words] = {"person": _("somebody who left"), "file": _("a file that was taken away")}
"""Answers that are kept as a number, and what is said when its name is not known any more."""

Names = Mapping[tuple[str, int], str]
"""The names of members and files, by the type of the question and the number."""


# ---- what was made from what


def family(made_from: Mapping[int, int], post: int) -> list[tuple[int, int]]:
    """The posts that come of the same first one, each with its depth, in the order of a tree; empty when it is alone.

    `made_from` says of each derived post which one it was made from. A circle, which no page can make, is cut.
    """
    root, seen = post, {post}
    while root in made_from and made_from[root] not in seen:
        root = made_from[root]
        seen.add(root)
    children: dict[int, list[int]] = {}
    for child, parent in sorted(made_from.items()):
        children.setdefault(parent, []).append(child)
    found: list[tuple[int, int]] = []
    waiting, met = [(0, root)], set[int]()
    while waiting:
        depth, one = waiting.pop()
        if one not in met:
            met.add(one)
            found.append((depth, one))
            waiting.extend((depth + 1, child) for child in reversed(children.get(one, ())))
    return found if len(found) > 1 else []


# ---- consents


@dataclass(frozen=True)
class Agreed:
    """A consent as rules read it."""

    person: str
    channels: tuple[str, ...]
    given_on: date
    expires_on: date | None
    is_withdrawn: bool = False

    def covers(self, channel: str, on: date) -> bool:
        """Does it hold on this channel, on this day?"""
        in_time = self.given_on <= on and (self.expires_on is None or on <= self.expires_on)
        return not self.is_withdrawn and in_time and (not self.channels or channel in self.channels)


def without_consent(
    people: Sequence[str], agreed: Sequence[Agreed], channels: Collection[str], on: date
) -> list[tuple[str, list[str]]]:
    """Each person shown whose consent does not hold on that day, with the channels where it lacks.

    Names are compared without regard to capitals and spaces. Without any channel yet, a consent in force is enough.
    """
    lacking = []
    for person in people:
        own = [one for one in agreed if _same_name(one.person, person)]
        missing = [slug for slug in channels if not any(one.covers(slug, on) for one in own)]
        nowhere = not any(one.covers(slug, on) for one in own for slug in (one.channels or ("",)))
        if missing or (not channels and nowhere):
            lacking.append((person, missing))
    return lacking


def _same_name(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


SHOWN = "people_shown"
"""The key of the question that names those who are shown, where a template asks it."""


def names_shown(people_shown: Sequence[Mapping[str, str]]) -> list[str]:
    return [str(one.get("name", "")) for one in people_shown if one.get("name")]

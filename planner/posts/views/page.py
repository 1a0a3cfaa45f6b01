"""One post, one page: where it stands, what is next, its texts, channels, people, work, talk, files and history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import wordcount
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from planner.base import clock, language
from planner.base.errors import Words
from planner.history import operations as history
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.posts import rules
from planner.posts.forms import CommentForm
from planner.posts.models import Approval, Buffer, Comment, Consent, Guest, Placement, Post, PostText, Upload
from planner.posts.operations import findings, reading
from planner.posts.operations.questions import asked_of
from planner.posts.operations.urgent import event_of
from planner.posts.rules import Event, Intent, Moment, Said, Status
from planner.reminders.models import Reminder
from planner.work.models import WorkItem
from planner.work.rules import (
    COUNT_LABELS,
    DECIDED_ON_THE_POST,
    WorkState,
    endangers_followers,
    follows_publication,
)
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, EditorialRole, Sector, may

ENTRIES_SHOWN = 12

_FORWARD = (Event.PUBLISH, Event.SCHEDULE, Event.APPROVE, Event.DEVELOP, Event.SUBMIT)
"""The way to publication, the furthest first: one next step a state, though a second person may still approve what is
approved; an idea that may be sent for review at once is developed first."""


@require_safe
def detail(request: MemberRequest, post: int) -> HttpResponse:
    """The page of a post. The number of its queries does not depend on how much there is on it."""
    now = clock.now()
    found = _load(request, post)
    member = request.membership
    verdict = posts.judge(found, now) if found.status not in rules.FROZEN else None
    stops, roles = verdict.stops if verdict else (), reading.deciding_roles(found, member, now)
    moves = posts.possible_moves(post=found, actor=member, stopped_by=stops, roles=roles, now=now)
    work = _work(found, member, now)
    shown = _language_shown(request, found)
    said = findings.of_verdict(verdict) if verdict else []
    text = next((text for text in found.texts.all() if text.language == shown), None)
    return render(
        request,
        "planner/posts/detail.html",
        {
            "post": found,
            "may_write": may(member.level, Act.WRITE) and found.status not in rules.FROZEN,
            "may_plan": may(member.level, Act.PLAN) and found.status not in rules.FROZEN,
            "may_hold": _may_hold(found, member),
            "held": _held(found),
            "urgent": _urgent(found, member, said, now),
            "may_comment": may(member.level, Act.COMMENT),
            **_next(found, moves),
            "steps": _steps(work),
            "work": work,
            "done": sum(line.item.state == WorkState.DONE for line in work),
            "intent": Intent(found.intent).label if found.intent else "",
            "moment": Moment(found.customer_moment).label if found.customer_moment else "",
            "pack": Sector(found.sector_pack).label if found.sector_pack in Sector.values else "",
            "frame": _frame(found),
            "questions": _questions(found, shown),
            "shown": shown,
            "text": text,
            "has_prose": text is not None and rules.has_prose(text.body),
            "languages": _languages(request, found),
            "kept": _kept(found, member, shown, text),
            "placements": _placements(found, _may_record(found, member, work), now),
            "decisions": _decisions(found),
            "comments": list(found.comments.all()),
            "comment_form": CommentForm(),
            **_guests(found, now),
            "uploads": list(found.uploads.all()),
            "people": _people(found, work),
            "findings": said,
            "may_override": EditorialRole.APPROVER in roles,
            "may_put_aside": EditorialRole.EDITOR in roles or EditorialRole.APPROVER in roles,
            **_consents(found, now),
            "family": _family(found),
            "is_lasting": found.is_evergreen and found.status == Status.PUBLISHED,
            "entries": _entries(found),
            "today": now,
        },
    )


def _load(request: MemberRequest, post: int) -> Post:
    found = (
        Post.objects.filter(workspace=request.workspace, pk=post)
        .select_related("author__user", "answerer__user", "deputy__user", "template", "initiative")
        .prefetch_related(
            Prefetch("texts", PostText.objects.order_by("language")),
            Prefetch("placements", Placement.objects.select_related("channel", "recorded_by__user")),
            Prefetch("comments", Comment.objects.select_related("author__user", "guest")),
            Prefetch("guests", Guest.objects.standing()),
            Prefetch("uploads", Upload.objects.select_related("uploaded_by__user")),
            Prefetch("consents", Consent.objects.select_related("evidence")),
            Prefetch("approvals", Approval.objects.select_related("person__user")),
        )
        .first()
    )
    if found is None:
        raise Http404
    found.workspace = request.workspace
    if found.initiative is not None:
        found.initiative.workspace = request.workspace
    return found


# ---- what is next


def _next(post: Post, moves: Sequence[posts.Move]) -> dict[str, Any]:
    """The next step and what it misses; the other moves that this person may make."""
    known = {move.event: move for move in moves}
    step = next((known[event] for event in _FORWARD if event in known), None)
    if post.status in (Status.PUBLISHED, Status.RETIRED, Status.CANCELLED):
        step = None
    others = [move for move in moves if move.is_yours and move is not step and not move.missing]
    return {
        "step": step,
        "record": _to_record(post) if step and step.event == Event.PUBLISH else None,
        "others": [move for move in others if move.event != Event.PUBLISH],
    }


def _to_record(post: Post) -> Placement | None:
    """The one placement whose publication is to be recorded, when there is one only."""
    open_ones = [one for one in post.placements.all() if not one.published_at and not one.cancelled_at]
    return open_ones[0] if len(open_ones) == 1 else None


# ---- holds


def _may_hold(post: Post, member: Membership) -> bool:
    """Shown to those who plan; whoever holds a role that may finds the page by its address."""
    free = any(not (one.published_at or one.cancelled_at or one.held_at) for one in post.placements.all())
    return free and may(member.level, Act.PLAN) and post.status not in rules.FROZEN


def _held(post: Post) -> list[Any]:
    """The holds that wait for a decision about this post; no query when nothing of it is held."""
    if not any(one.held_at for one in post.placements.all()):
        return []
    return list({row.hold_id: row.hold for row in posts.hold_facts(post)}.values())


@dataclass(frozen=True)
class Urgent:
    """Who has confirmed an urgent text, and what this person may do about it; `link` leads to another room."""

    given: list[Approval]
    may_confirm: bool
    is_confirmed: bool
    link: str
    is_stopped: bool
    may_let_pass: bool


def _urgent(post: Post, member: Membership, said: Sequence[findings.Line], now: datetime) -> Urgent | None:
    """No query for a post that goes the whole way."""
    waits = any(one.published_at is None and one.cancelled_at is None for one in post.placements.all())
    if not post.is_urgent or not waits or event_of(post) != Event.PUBLISH_URGENT:
        return None
    given = posts.confirmations(post)
    block = post.blocks.open().first()
    enough = len(given) >= rules.CONFIRMATIONS
    open_to = not enough and all(one.person_id != member.pk for one in given)
    hurry = rules.rules_in_a_hurry(post.template_payload)
    stops = [one for one in said if one.severity == "block" and not one.let_pass and one.rule in hurry]
    lets = bool(stops) and all(one.may_pass for one in stops) and posts.directs(post, member, now)
    may_confirm = open_to and may(member.level, Act.COMMENT)
    return Urgent(given, may_confirm, enough, block.link if block else "", bool(stops), lets)


# ---- the dated work


@dataclass
class WorkLine:
    """A piece of work on the timeline, in words, with what this person may do about it."""

    item: WorkItem
    css: str
    icon: str
    remarks: list[str]
    reminders: list[datetime] = field(default_factory=list)
    may_complete: bool = False
    decided: Words = ""
    is_mine: bool = False
    may_reopen: bool = False
    figures: list[tuple[Words, int]] = field(default_factory=list)
    ticks: list[tuple[bool, str]] = field(default_factory=list)
    is_endangered: bool = False


def _work(post: Post, member: Membership, now: datetime) -> list[WorkLine]:
    items = list(WorkItem.objects.about(post).wanted().select_related("owner__user", "done_by__user"))
    for item in items:
        item.workspace = post.workspace
    items.sort(key=lambda item: (item.due_at is None, item.due_at or now, item.position))
    upcoming = _reminders(items, now)
    lines = [_line(item, post, member, now, upcoming.get(item.pk, [])) for item in items]
    _endanger(lines, post, now)
    return lines


def _endanger(lines: Sequence[WorkLine], post: Post, now: datetime) -> None:
    """Work that waits for late work shows it: its own date cannot be trusted either."""
    if not any(line.css == "late" for line in lines):
        return
    calendar = workspaces.working_calendar(post.workspace)
    late = [
        line.item.due_at
        for line in lines
        if line.css == "late"
        and line.item.due_at is not None
        and endangers_followers(line.item.profile, line.item.due_at, now, calendar)
    ]
    for line in lines:
        item = line.item
        line.is_endangered = (
            item.state == WorkState.OPEN
            and item.due_at is not None
            and not item.is_projection
            and line.css != "late"
            and any(item.due_at > due for due in late)
        )
        if line.is_endangered:
            line.remarks.insert(0, _("waits for work that is late"))


def _reminders(items: Sequence[WorkItem], now: datetime) -> dict[int, list[datetime]]:
    """The reminders of the owners still to come, by item."""
    found: dict[int, list[datetime]] = {}
    if items:
        rows = Reminder.objects.open().filter(
            subject_type=ContentType.objects.get_for_model(WorkItem),
            subject_id__in=[item.pk for item in items],
            addressee="owner",
            due_at__gt=now,
        )
        for row in rows.order_by("due_at"):
            found.setdefault(row.subject_id, []).append(row.due_at)
    return found


def _line(item: WorkItem, post: Post, member: Membership, now: datetime, upcoming: list[datetime]) -> WorkLine:
    is_open = item.state == WorkState.OPEN
    is_late = is_open and item.due_at is not None and not item.is_projection and item.due_at < now
    is_theirs = member.pk in (item.owner_id, item.co_owner_id)
    acts = is_theirs or may(member.level, Act.PLAN)
    acts = acts and may(member.level, Act.COMMENT) and post.status not in rules.FROZEN
    waits = follows_publication(item.offset) and (item.is_projection or item.due_at is None)
    line = WorkLine(item, *_look(item, is_late, now), remarks=_remarks(item, is_late), reminders=upcoming)
    line.is_mine = is_theirs
    if is_open and item.key in DECIDED_ON_THE_POST:
        line.decided = DECIDED_ON_THE_POST[item.key]
    elif is_open and acts and not waits:
        line.may_complete = True
    line.may_reopen = acts and not is_open and item.key not in DECIDED_ON_THE_POST and not item.flag.get("code")
    line.figures = [(COUNT_LABELS[name], count) for name, count in item.counts.items() if name in COUNT_LABELS]
    line.ticks = [(place in item.ticked, language.pick(words)) for place, words in enumerate(item.checklist)]
    return line


def _look(item: WorkItem, is_late: bool, now: datetime) -> tuple[str, str]:
    """The class and the glyph on the timeline."""
    if item.state == WorkState.DONE:
        return "done", "check"
    if item.state == WorkState.DROPPED:
        return "done", "close"
    if is_late:
        return "late", "s-late"
    if item.offset == "D0":
        return "launch", "flag"
    if item.due_at is not None and item.due_at.date() == now.date() and not item.is_projection:
        return "today", "clock"
    return "", "s-draft"


def _remarks(item: WorkItem, is_late: bool) -> list[str]:
    """Everything particular about it, in words."""
    said = [
        (is_late, _("late")),
        (item.is_late_start and item.state == WorkState.OPEN and not is_late, _("late start: due at once")),
        (item.is_pinned, _("date fixed by hand")),
        (item.is_role_vacant, _("role vacant: nobody holds it yet")),
        (item.state == WorkState.DROPPED, _("dropped")),
    ]
    return [words for holds, words in said if holds] + ([language.pick(item.flag)] if item.flag else [])


@dataclass(frozen=True)
class Step:
    """A stop on the way to publication."""

    line: WorkLine
    number: int
    state: str


def _steps(work: Iterable[WorkLine]) -> list[Step]:
    """The first draft, all that must be done before the post is scheduled, and the publication."""
    lines = [
        line
        for line in work
        if line.item.key == "draft" or line.item.blocking == "scheduled" or line.item.offset == "D0"
    ]
    passed = max((place for place, line in enumerate(lines) if line.item.state != WorkState.OPEN), default=-1)
    return [Step(line, place + 1, _stop(line, place, passed)) for place, line in enumerate(lines)]


def _stop(line: WorkLine, place: int, passed: int) -> str:
    """Done, or the one that comes next: what was jumped over is neither."""
    if line.item.state != WorkState.OPEN:
        return "done"
    return "current" if place == passed + 1 else ""


# ---- what was decided


@dataclass(frozen=True)
class Decided:
    """A decision on the text, with what was answered to each question: in words, and why."""

    approval: Approval
    answers: list[tuple[str, Words, str]]


def _decisions(post: Post) -> list[Decided]:
    """All of them. No query for the questions where nobody answered any."""
    given = list(post.approvals.all())
    asked = asked_of(post) if any(one.answers for one in given) else []
    return [
        Decided(
            one,
            [
                (language.pick(question.statement), Said(said["said"]).label, said["comment"])
                for question in asked
                if (said := one.answers.get(question.rule))
            ],
        )
        for one in given
    ]


# ---- the frame, the questions, the texts


def _frame(post: Post) -> list[tuple[Words, str]]:
    asked = {question["key"] for question in post.template_payload.get("fields", ())}
    pairs = (
        ("audience", _("For whom"), post.audience),
        ("objective", _("What changes for them"), post.objective),
        ("business_objective", _("What it serves for us"), post.business_objective),
        ("success_measure", _("How we will know"), post.success_measure),
        ("key_question", _("The real question"), post.key_question),
    )
    needed = ("audience", "objective", "success_measure")
    return [(words, value) for key, words, value in pairs if key not in asked and (value or key in needed)]


@dataclass(frozen=True)
class Question:
    key: str
    label: Mapping[str, str]
    lines: list[str]
    is_required: bool


def _questions(post: Post, shown: str) -> list[Question]:
    asked = post.template_payload.get("fields") or ()
    names = reading.names_in(post)
    return [
        Question(
            question["key"],
            question["label"],
            rules.answer_lines(question, post.fields.get(question["key"]), names),
            bool(question.get("required")),
        )
        for question in asked
    ]


def _language_shown(request: MemberRequest, post: Post) -> str:
    wanted = request.GET.get("text", "")
    if wanted in (request.workspace.languages or language.LANGUAGES):
        return wanted
    return post.language


def _kept(post: Post, member: Membership, code: str, text: PostText | None) -> Buffer | None:
    """What this person typed and did not save, unless it says what the text says."""
    buffer = Buffer.objects.filter(post=post, person=member, language=code).first()
    if buffer is None or (text is not None and (buffer.title, buffer.body) == (text.title, text.body)):
        return None
    return buffer


@dataclass(frozen=True)
class Version:
    """A language in which the post exists, or might."""

    code: str
    words: int


def _languages(request: MemberRequest, post: Post) -> list[Version]:
    lengths = {text.language: wordcount(text.body) for text in post.texts.all()}
    codes = list(dict.fromkeys([*(request.workspace.languages or ()), *lengths]))
    return [Version(code, int(lengths.get(code, 0))) for code in codes]


# ---- channels, people, history


@dataclass(frozen=True)
class Place:
    placement: Placement
    own_languages: list[str]
    may_record: bool
    is_past: bool


def _may_record(post: Post, member: Membership, work: Iterable[WorkLine]) -> bool:
    """Whoever may by level, and the one whose work it is to publish."""
    publishes = any(line.is_mine and line.item.key == "publish" for line in work) and may(member.level, Act.COMMENT)
    return post.status in (Status.SCHEDULED, Status.PUBLISHED) and (publishes or may(member.level, Act.RECORD))


def _placements(post: Post, may_record: bool, now: datetime) -> list[Place]:
    return [
        Place(
            one,
            sorted(one.text),
            may_record and one.published_at is None and one.held_at is None,
            one.published_at is None and one.planned_at is not None and one.planned_at < now,
        )
        for one in post.placements.all()
        if one.cancelled_at is None
    ]


@dataclass
class Person:
    member: Membership
    does: list[str]


def _people(post: Post, work: Iterable[WorkLine]) -> list[Person]:
    """Everybody on the post once, with what they do on it: named people first, then those with work."""
    found: dict[int, Person] = {}

    def add(member: Membership | None, words: str) -> None:
        if member is not None:
            person = found.setdefault(member.pk, Person(member, []))
            if words and words not in person.does:
                person.does.append(words)

    add(post.author, _("writes"))
    add(post.answerer, _("answers"))
    add(post.deputy, _("answers when they cannot"))
    named = {EditorialRole.AUTHOR, EditorialRole.ANSWERER, EditorialRole.DEPUTY}
    for line in work:
        role = line.item.role
        if role in EditorialRole.values and role not in named:
            add(line.item.owner, str(EditorialRole(role).label).lower())
    return list(found.values())


def _family(post: Post) -> list[tuple[int, Post]]:
    """The posts made from one another, each with its depth; none when this one is alone."""
    pairs = Post.objects.filter(workspace=post.workspace, derived_from__isnull=False).values_list("pk", "derived_from")
    tree = rules.family({child: parent for child, parent in pairs if parent is not None}, post.pk)
    found = Post.objects.filter(pk__in=[pk for _depth, pk in tree]).prefetch_related("texts").in_bulk()
    for one in found.values():
        one.workspace = post.workspace
    return [(depth, found[pk]) for depth, pk in tree if pk in found]


@dataclass(frozen=True)
class Agreement:
    """A consent, with where it counts and whether it still does."""

    consent: Consent
    channels: list[str]
    is_over: bool


def _consents(post: Post, now: datetime) -> dict[str, Any]:
    """What people agreed to, and who is shown without having agreed, on the day of the publication."""
    open_ones = [one for one in post.placements.all() if one.cancelled_at is None]
    names = {one.channel.slug: str(one.channel) for one in open_ones}
    moment = post.planned_at if post.planned_at and post.planned_at > now else now
    on = timezone.localtime(moment).date()
    lacking = rules.without_consent(rules.names_shown(post.people_shown), posts.agreed_on(post), list(names), on)
    return {
        "consents": [
            Agreement(
                one,
                [names.get(slug, slug) for slug in one.channels],
                one.withdrawn_at is not None or (one.expires_on is not None and one.expires_on < on),
            )
            for one in post.consents.all()
        ],
        "without_consent": [(person, [names[slug] for slug in slugs]) for person, slugs in lacking],
    }


@dataclass(frozen=True)
class Told:
    """One line of history in words."""

    entry: Entry
    sentence: Words
    more: str
    revision: int | None
    moved_to: datetime | None


def _entries(post: Post) -> list[Told]:
    entries = Entry.objects.about(post)[:ENTRIES_SHOWN]
    return [told(entry) for entry in entries]


def _guests(post: Post, now: datetime) -> dict[str, Any]:
    """Readers without an account, each with what they say of the text as it stands."""
    guests = list(post.guests.all())
    mark = reading.digest_of(post) if guests else ""
    return {
        "guests": [(one, one.opinion_digest == mark, one.expires_at <= now) for one in guests],
        "has_guests": any(one.expires_at > now for one in guests),
    }


def told(entry: Entry) -> Told:
    """The act, what it was about, and the revision that shows it."""
    data = entry.data
    more = next((data[key] for key in ("comment", "reason", "name") if isinstance(data.get(key), str)), "")
    if entry.verb.startswith("work."):
        more = language.pick(data.get("title"))
    after = data.get("after") if entry.verb == "post.moved" else None
    moved_to = parse_datetime(after) if after else None
    return Told(entry, history.sentence(entry.verb), str(more), data.get("revision"), moved_to)

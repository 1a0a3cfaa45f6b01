"""What the desk reads: a fixed number of queries, whatever the size of the workspace."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from planner.calendar import queries as calendar
from planner.calendar import rules as days
from planner.calendar.models import Occurrence
from planner.calendar.rules import Entry
from planner.insight.rules import Load, Mix, mix
from planner.policy.rules import Draft, Wording
from planner.posts.models import Approval, Post
from planner.posts.rules import Decision, Status
from planner.work.models import WorkItem
from planner.workspaces.models import Duty, Membership, Workspace
from planner.workspaces.rules import EditorialRole

OWED_SHOWN, DECISIONS_SHOWN, MOST_SHOWN = 6, 6, 200
"""Lines of a list on the desk; "see all" shows up to the last figure."""
AGENDA_DAYS, AGENDA_PER_DAY = 5, 3


@dataclass(frozen=True)
class Line:
    """A work item with what its post has become."""

    item: WorkItem
    status: str = ""
    planned_at: datetime | None = None


@dataclass(frozen=True)
class Awaited:
    """A post in review that waits for a decision of the reader."""

    post_id: int
    title: str
    author: str
    planned_at: datetime | None
    signs: bool
    """The decision is a signature (legal), not an approval."""


@dataclass(frozen=True)
class AgendaDay:
    on: date
    entries: tuple[Entry, ...]
    more: int


def load(member: Membership, *, now: datetime, day_ends: datetime) -> Load:
    """How much open work the member has; one query."""
    today = Q(due_at__gte=now, due_at__lt=day_ends)
    figures = _owed(member).aggregate(
        ahead=Count("id", Q(due_at__gte=now)),
        today=Count("id", today),
        minutes_today=Sum("minutes", filter=today, default=0),
        late=Count("id", Q(due_at__lt=now)),
    )
    return Load(**figures)


def _owed(member: Membership) -> "QuerySet[WorkItem]":
    items: QuerySet[WorkItem] = WorkItem.objects.open().actual().owed_by(member)
    return items.select_related("workspace", "subject_type")


def lines(member: Membership, *, now: datetime, everything: bool = False) -> tuple[list[Line], list[Line]]:
    """What the member owes, soonest first, and what is late, oldest first. Three queries."""
    shown = MOST_SHOWN if everything else OWED_SHOWN
    owed = list(_owed(member).filter(due_at__gte=now).order_by("due_at", "id")[:shown])
    late = list(_owed(member).filter(due_at__lt=now).order_by("due_at", "id")[:shown])
    about = {item.subject_id for item in (*owed, *late) if item.subject_type.model == "post"}
    posts = {row[0]: row[1:] for row in Post.objects.filter(pk__in=about).values_list("id", "status", "planned_at")}

    def line(item: WorkItem) -> Line:
        found = posts.get(item.subject_id) if item.subject_type.model == "post" else None
        return Line(item, *found) if found else Line(item)

    return [line(item) for item in owed], [line(item) for item in late]


def awaited(member: Membership, roles: Collection[str], *, language: str) -> list[Awaited]:
    """Posts in review that an approver, or the lawyer, has not decided on yet; two queries at most."""
    to_approve = _undecided(EditorialRole.APPROVER) & ~Q(author=member)
    to_sign = _undecided(EditorialRole.LEGAL) & Q(is_regulated=True)
    wanted = [
        question
        for role, question in ((EditorialRole.APPROVER, to_approve), (EditorialRole.LEGAL, to_sign))
        if role in roles
    ]
    if not wanted:
        return []
    posts = Post.objects.filter(reduce(or_, wanted), workspace=member.workspace, status=Status.IN_REVIEW)
    rows = list(posts.select_related("author__user").order_by("planned_at", "id")[:DECISIONS_SHOWN])
    titles = calendar.titles([post.pk for post in rows], language)
    approves = EditorialRole.APPROVER in roles
    return [
        Awaited(
            post.pk, titles.get(post.pk, ""), str(post.author), post.planned_at,
            signs=not approves or post.author_id == member.pk,
        )
        for post in rows
    ]  # fmt: skip


def _undecided(role: str) -> Q:
    given = Approval.objects.filter(post=OuterRef("pk"), role=role, decision=Decision.APPROVED, voided_at__isnull=True)
    return ~Q(Exists(given))


def agenda(workspace: Workspace, today: date, *, language: str, now: datetime) -> list[AgendaDay]:
    """The first days of the coming week on which something appears. Two queries."""
    zone = workspace.time_zone
    start, end = days.instant_of(today, zone), days.instant_of(today + timedelta(days=8), zone)
    found = days.by_day(calendar.entries(workspace, start, end, language=language, now=now), zone)
    return [
        AgendaDay(on, tuple(entries[:AGENDA_PER_DAY]), max(0, len(entries) - AGENDA_PER_DAY))
        for on, entries in sorted(found.items())[:AGENDA_DAYS]
    ]


def meetings(member: Membership, today: date, now: datetime) -> list[Occurrence]:
    """What the coming week has for everybody; whoever holds a meeting has it among their work. One query."""
    found = Occurrence.objects.for_everybody(member.workspace, today, today + timedelta(days=7))
    return [one for one in found if one.rhythm.owner_id != member.pk and one.starts_at > now]


def mix_of(workspace: Workspace, today: date) -> Mix:
    """Intents of what appeared or was scheduled in the thirty days that end today; one query."""
    zone = workspace.time_zone
    start, end = days.instant_of(today - timedelta(days=29), zone), days.instant_of(today + timedelta(days=1), zone)
    posts = Post.objects.filter(
        workspace=workspace, status__in=[Status.SCHEDULED, Status.PUBLISHED], planned_at__gte=start, planned_at__lt=end
    )
    return mix(dict(posts.order_by().values_list("intent").annotate(count=Count("id"))))


def has_sample(workspace: Workspace) -> bool:
    return Post.objects.filter(workspace=workspace, is_sample=True).exists()


def on_duty(workspace: Workspace, today: date) -> list[Duty]:
    """Whose turn it is to answer the public, today or next, and who comes after; one query."""
    return list(Duty.objects.ahead(workspace, today)[:2])


@dataclass(frozen=True)
class Answering:
    """Somebody who answers today, for how many posts, and who stands in."""

    name: str
    deputy: str
    until: date | None
    posts: int


def answering(workspace: Workspace, today: date) -> list[Answering]:
    """Who answers what was published, while its answer time lasts; one query."""
    rows = (
        Post.objects.filter(
            workspace=workspace, status=Status.PUBLISHED, answer_until__gte=today, answerer__isnull=False
        )
        .order_by("answer_until", "id")
        .values_list("answerer_id", "answerer__user__name", "deputy__user__name", "answer_until")
    )
    return _grouped(rows)


def _grouped(rows: Iterable[tuple[int, str, str | None, date | None]]) -> list[Answering]:
    people: dict[int, Answering] = {}
    for key, name, deputy, until in rows:
        before = people.get(key)
        known, count = (before.deputy, before.posts) if before else ("", 0)
        people[key] = Answering(name, deputy or known, until, count + 1)
    return list(people.values())


# ---- trying a change of the policy -----------------------------------------------------


def last_drafts(workspace: Workspace, many: int) -> list[tuple[Post, Draft]]:
    """The last posts that have a text, with what the text rules may know of them. Two queries."""
    posts = Post.objects.filter(workspace=workspace, texts__body__gt="").distinct().order_by("-updated_at")
    return [(post, _draft_of(post)) for post in posts.prefetch_related("texts")[:many]]


def _draft_of(post: Post) -> Draft:
    return Draft(
        texts={text.language: Wording(text.title, text.body) for text in post.texts.all()},
        language=post.language,
        template=str(post.template_payload.get("slug", "")),
        intent=post.intent,
        sources=tuple(str(one.get("label", "")) for one in post.sources if isinstance(one, dict)),
        is_regulated=post.is_regulated,
        post=post.pk,
    )

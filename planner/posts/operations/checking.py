"""The editorial policy asked about a post: what its rules may know, read from the database."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from planner.base.worktime import WorkingCalendar
from planner.policy import operations as policy
from planner.policy.rules import (
    ChannelLimits,
    Context,
    Draft,
    Medium,
    Organisation,
    OtherPost,
    Person,
    Shown,
    Wording,
)
from planner.policy.rules.text import words_of
from planner.posts import rules
from planner.posts.models import Alert, Approval, Consent, Placement, Post, PostText, Upload
from planner.posts.operations import reading
from planner.posts.rules import Decision, Status
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Absence, Membership, Workspace
from planner.workspaces.rules import EditorialRole

REMEMBERED = timedelta(days=90)
"""How far back a post is compared with others: R22 looks for what was said already."""

COMING = timedelta(days=31)
"""How far ahead."""

AFTER_A_CRISIS = 14
"""Days after an all-clear during which R12 still warns."""

READ = ("texts", "placements__channel", "uploads", "consents", "approvals")
"""What a draft is made of, for a caller that reads many posts at once."""

_OUT = (Status.SCHEDULED, Status.PUBLISHED)

Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Together:
    """Posts asked about one after the other, where they stand and where they would stand."""

    posts: Sequence[Post]
    now: datetime
    moved: Mapping[int, datetime | None] = field(default_factory=dict)
    """The hour that each would have, by id."""

    @cached_property
    def hours(self) -> frozenset[datetime]:
        """All those for which they are asked about."""
        return frozenset(at or self.now for at in (*(post.planned_at for post in self.posts), *self.moved.values()))

    @cached_property
    def first(self) -> datetime:
        return min(self.hours)

    @cached_property
    def last(self) -> datetime:
        return max(self.hours)

    @cached_property
    def people(self) -> frozenset[int]:
        """Those whom the posts name."""
        return frozenset(pk for post in self.posts for pk in _named(post))


def _named(post: Post) -> list[int]:
    return [pk for pk in (post.author_id, post.answerer_id, post.deputy_id) if pk is not None]


@dataclass
class Known:
    """What was read around the posts of one workspace, for a caller that asks about many of them.

    What surrounds those that are asked about `together` is read at once.
    """

    together: Together | None = None
    is_slow: bool = False
    """Does time pass between two looks? A post is looked at again when an alert or an absence is told of, so each look
    must see the last of these."""
    is_moved: bool = False
    """Are they asked about where they would stand, rather than where they do?"""
    others: dict[int, OtherPost] = field(default_factory=dict)
    _made: dict[Hashable, object] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` reads, read once under this name."""
        if key not in self._made:
            self._made[key] = make()
        return cast("Made", self._made[key])

    def around(self, post: Post, now: datetime) -> Together:
        """The posts for which something is read: all that are asked about together, else this one alone."""
        return self.together or Together((post,), now)

    def at_once(self, key: str, post: Post, now: datetime, read: Callable[[Together], Made]) -> Made:
        """What `read` finds around these."""
        around = self.around(post, now)
        return self.once((key, around), lambda: read(around))

    def at_last(self, key: str, post: Post, now: datetime, read: Callable[[Together], Made]) -> Made:
        """The same of what is told of from one moment to the next."""
        return read(Together((post,), now)) if self.is_slow else self.at_once(key, post, now, read)


# ---- the draft


def draft_of(
    post: Post, typed: Mapping[str, Wording] | None = None, mark: str | None = None, known: Known | None = None
) -> Draft:
    """All that the rules may know of the post itself. Texts come from `typed` where it has the language.

    `mark` is the digest of the text, when the caller knows it already.
    """
    known = known or Known()
    placements = [one for one in post.placements.all() if one.cancelled_at is None]
    approvals = _in_force(post, mark or reading.digest_of(post))
    return Draft(
        texts={text.language: Wording(text.title, text.body) for text in post.texts.all()} | dict(typed or {}),
        language=post.language,
        channel_texts=_own_texts(placements, post.language),
        channels=tuple(one.channel.slug for one in placements),
        template=str(post.template_payload.get("slug", "")),
        intent=post.intent,
        audience=post.audience,
        objective=post.objective,
        success_measure=post.success_measure,
        fields=post.fields,
        sources=tuple(str(one.get("label") or one.get("url") or "") for one in post.sources),
        links=tuple(str(one.get("url", "")) for one in post.links),
        disclosure=" ".join(str(one.get("disclosure", "")) for one in post.links).strip(),
        media=tuple(_medium(one, post.language) for one in post.uploads.all()),
        people_shown=_shown(post),
        is_regulated=post.is_regulated,
        sector_packs=frozenset({post.sector_pack} - {""}),
        is_evergreen=post.is_evergreen,
        is_signed=any(one.role == EditorialRole.LEGAL for one in approvals),
        review_on=post.review_on or _usual_review(post),
        planned_at=post.planned_at,
        author=post.author_id,
        answerer=post.answerer_id,
        deputy=post.deputy_id,
        byline=post.author_id,
        is_byline_leader=post.author_id in known.once("leaders", lambda: _leaders(post)),
        drafted_with_help=bool(post.fields.get("drafted_with_help")),
        approved_by=frozenset(one.person_id for one in approvals),
        post=post.pk,
    )


def _usual_review(post: Post) -> date | None:
    """Without a day of its own, what lasts is looked at again the usual number of days after its publication."""
    out = post.published_at or post.planned_at
    return (out + timedelta(days=rules.REVIEW_DAYS)).date() if post.is_evergreen and out else None


def _in_force(post: Post, mark: str) -> list[Approval]:
    given = [one for one in post.approvals.all() if one.voided_at is None and one.decision == Decision.APPROVED]
    return [one for one in given if one.digest == mark]


def _own_texts(placements: Iterable[Placement], language: str) -> dict[str, Wording]:
    """By slug in the language of the post, by `slug/code` in another: all that may go out is judged."""
    return {
        one.channel.slug if code == language else f"{one.channel.slug}/{code}": Wording(
            text.get("title", ""), text.get("body", "")
        )
        for one in placements
        for code, text in one.text.items()
    }


def _medium(upload: Upload, language: str) -> Medium:
    return Medium(upload.name, upload.media_type.partition("/")[0], str(upload.alt.get(language, "")))


def _shown(post: Post) -> tuple[Shown, ...]:
    """The people shown, with the best consent that each gave; whoever only consented is shown too."""
    given: dict[str, Consent] = {}
    for one in post.consents.all():
        known = given.get(one.person)
        if known is None or known.withdrawn_at:
            given[one.person] = one
    names = dict.fromkeys([*rules.names_shown(post.people_shown), *given])
    return tuple(_consented(name, given.get(name)) for name in names)


def _consented(name: str, consent: Consent | None) -> Shown:
    if consent is None:
        return Shown(name)
    state = "withdrawn" if consent.withdrawn_at else "given"
    return Shown(name, state, consent.expires_on, frozenset(consent.channels))


def _leaders(post: Post) -> frozenset[int]:
    book = reading.book_of(post.workspace, post.updated_at)
    return frozenset(person.pk for person in book.holders(EditorialRole.LEADER))


# ---- what surrounds it


def context_of(post: Post, now: datetime, known: Known | None = None) -> Context:
    """What the rules must know around the post. The number of queries does not depend on how much there is."""
    known, workspace = known or Known(), post.workspace
    calendar = _calendar(post, now, known)
    level, days = _alert(post, calendar.local(now).date(), now, known)
    return Context(
        house=known.once("house", lambda: policy.house_of(workspace)),
        today=calendar.local(now).date(),
        organisation=known.once("organisation", lambda: _organisation(workspace)),
        channels={one.slug: _limits(one) for one in (place.channel for place in post.placements.all())},
        people=_people(post, now, known),
        on_duty=_on_duty(post, calendar, now, known),
        calendar=calendar,
        other_posts=_others(post, now, known),
        level=level,
        days_since_all_clear=days,
    )


def _calendar(post: Post, now: datetime, known: Known) -> WorkingCalendar:
    return known.once("calendar", lambda: reading.calendar_of(post.workspace, now))


def in_crisis(context: Context, level: int) -> Context:
    """The same, judged at least as in a crisis of this level."""
    return replace(context, level=max(context.level or 0, level)) if level else context


def _on_duty(post: Post, calendar: WorkingCalendar, now: datetime, known: Known) -> frozenset[date]:
    """The days, of those in which its first answers are due, on which somebody's turn it is to answer."""
    if post.planned_at is None:
        return frozenset()
    around = known.around(post, now)
    first, last = (calendar.local(at).date() for at in (around.first, around.last + timedelta(hours=24)))
    turns = known.once(("turns", first, last), lambda: workspaces.turns(post.workspace, first, last))
    days = {calendar.local(post.planned_at + timedelta(hours=hours)).date() for hours in (0, 24)}
    return frozenset(days & turns.keys())


def _organisation(workspace: Workspace) -> Organisation:
    hosts = (urlsplit(address).hostname or "" for address in workspace.channels.values_list("address", flat=True))
    return Organisation(
        languages=tuple(workspace.languages),
        official_language=workspace.official_language,
        sector_packs=frozenset(workspace.sectors),
        public_contacts=frozenset(host for host in hosts if host),
    )


def _limits(channel: Any) -> ChannelLimits:
    limits = dict(channel.limits)
    return ChannelLimits(
        channel.slug,
        family=channel.family,
        title=channel.title,
        count=str(limits.get("count") or "chars"),
        limits=limits,
        captions_required=bool(limits.get("captions_required")),
    )


def _people(post: Post, now: datetime, known: Known) -> dict[int, Person]:
    """Those whom the post names, with their absences around its hour."""
    named = _named(post)
    first, last = _while_answering(post.planned_at or now, post.planned_at or now)
    away: dict[int, list[tuple[date, date]]] = {}
    for absence in known.at_last("absences", post, now, _absences):
        if absence.membership_id in named and absence.ends_on >= first and absence.starts_on <= last:
            away.setdefault(absence.membership_id, []).append((absence.starts_on, absence.ends_on))
    members = known.at_once("members", post, now, lambda around: list(_members(post.workspace, around.people)))
    return {
        one.pk: Person(one.pk, str(one), one.is_active, one.is_shared_account, tuple(away.get(one.pk, ())))
        for one in members
        if one.pk in named
    }


def _while_answering(first: datetime, last: datetime) -> tuple[date, date]:
    """The days on which an absence counts for what appears between these hours."""
    return (first - timedelta(days=2)).date(), (last + timedelta(days=5)).date()


def _absences(around: Together) -> list[Absence]:
    first, last = _while_answering(around.first, around.last)
    return list(Absence.objects.filter(membership__in=around.people, ends_on__gte=first, starts_on__lte=last))


def _members(workspace: Workspace, ids: Collection[int]) -> Iterable[Membership]:
    return Membership.objects.filter(workspace=workspace, pk__in=ids).select_related("user")


def _alert(post: Post, today: date, now: datetime, known: Known) -> tuple[int | None, int | None]:
    """The level of the alert that covers the post, and the days since the last all-clear that did."""
    recent = known.at_last("alerts", post, now, lambda _around: list(_alerts(post.workspace, now)))
    covering = [one for one in recent if _covers(one, post)]
    levels = [one.level for one in covering if one.until is None]
    ended = [(today - one.until.date()).days for one in covering if one.until is not None]
    return max(levels, default=None), min(ended, default=None)


def _alerts(workspace: Workspace, now: datetime) -> Iterable[Alert]:
    return Alert.objects.filter(workspace=workspace).exclude(until__lt=now - timedelta(days=AFTER_A_CRISIS))


def _covers(alert: Alert, post: Post) -> bool:
    channels = [one.channel_id for one in post.placements.all() if one.cancelled_at is None] or [0]
    return any(
        rules.covers(
            alert.scope, post_id=post.pk, channel_id=pk, tags=post.tags, initiative_id=post.initiative_id
        )
        for pk in channels
    )  # fmt: skip


Row = tuple[int, str, str, datetime, str]
"""Of another post: id, language, intent, hour, state."""

MOST_BEFORE, MOST_AFTER = 300, 100
"""A post is compared with that many others at most: the nearest ones in time."""


def _others(post: Post, now: datetime, known: Known) -> tuple[OtherPost, ...]:
    """Other posts of the last 90 days and of the days around the planned hour, for the mix and for repetition."""
    here, there = known.at_once("others", post, now, lambda around: _read_others(post.workspace, around, known.others))
    near = _near(there if known.is_moved else here, post.planned_at or now)
    return tuple(_standing(known.others[pk], at) for pk, _code, _intent, at, _status in near if pk != post.pk)


def _standing(other: OtherPost, at: datetime) -> OtherPost:
    return other if other.planned_at == at else replace(other, planned_at=at)


def _near(rows: Sequence[Row], hour: datetime) -> Sequence[Row]:
    """Those with which a post at this hour is compared, the last one first. It may be among them itself."""
    place = bisect_right(rows, hour, key=_hour_of)
    first = bisect_left(rows, hour - REMEMBERED, hi=place, key=_hour_of)
    last = bisect_right(rows, hour + COMING, lo=place, key=_hour_of)
    return rows[max(first, place - MOST_BEFORE) : min(last, place + MOST_AFTER)][::-1]


def _hour_of(row: Row) -> datetime:
    return row[3]


def _read_others(workspace: Workspace, around: Together, known: dict[int, OtherPost]) -> tuple[list[Row], list[Row]]:
    """The posts around these by their hour, where they stand and where they would. What rules read goes to `known`."""
    found = Post.objects.filter(workspace=workspace).exclude(status__in=(Status.CANCELLED, Status.RETIRED))
    rows = found.values_list("pk", "language", "intent", "planned_at", "status")
    before = rows.filter(planned_at__gte=around.first - REMEMBERED, planned_at__lte=around.first)
    amid = rows.filter(planned_at__gt=around.first, planned_at__lte=around.last)
    after = rows.filter(planned_at__gt=around.last, planned_at__lte=around.last + COMING)
    more = len(around.moved)
    here = [
        *reversed(before.order_by("-planned_at")[: MOST_BEFORE + more]),
        *(amid.order_by("planned_at") if around.first < around.last else ()),
        *after.order_by("planned_at")[: MOST_AFTER + more],
    ]
    there = [(pk, code, intent, around.moved.get(pk, at), status) for pk, code, intent, at, status in here]
    there = sorted((row for row in there if row[3]), key=_hour_of)
    near = {row[0]: row for hour in around.hours for rows in (here, there) for row in _near(rows, hour)}
    ids = near.keys() - known.keys()
    texts: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for pk, code, title, body in PostText.objects.filter(post__in=ids).values_list(
        "post_id", "language", "title", "body"
    ):
        texts[pk].append((code, title, body))
    places: dict[int, list[tuple[str, datetime | None]]] = defaultdict(list)
    standing = Placement.objects.filter(post__in=ids, cancelled_at__isnull=True)
    for pk, slug, held_at in standing.values_list("post_id", "channel__slug", "held_at"):
        places[pk].append((slug, held_at))
    known.update({pk: _other(near[pk], texts[pk], places[pk]) for pk in ids})
    return here, there


def _other(
    row: Row,
    texts: Sequence[tuple[str, str, str]],
    places: Sequence[tuple[str, datetime | None]],
) -> OtherPost:
    """From plain rows: hundreds are read for each post that is checked."""
    pk, language, intent, planned_at, status = row
    return OtherPost(
        post=pk,
        title=rules.title_among({code: title for code, title, _body in texts if title}, language),
        intent=intent,
        planned_at=planned_at,
        channels=frozenset(slug for slug, _held_at in places),
        words=words_of(" ".join(body for _code, _title, body in texts)),
        is_out=status in _OUT and not any(held_at for _slug, held_at in places),
    )

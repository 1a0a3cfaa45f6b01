"""The editorial policy asked about a post: what its rules may know, read from the database."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
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
from planner.workspaces.models import Absence, Duty, Membership, Workspace
from planner.workspaces.rules import EditorialRole

REMEMBERED = timedelta(days=90)
"""How far back a post is compared with others: R22 looks for what was said already."""

AFTER_A_CRISIS = 14
"""Days after an all-clear during which R12 still warns."""

READ = ("texts", "placements__channel", "uploads", "consents", "approvals")
"""What a draft is made of, for a caller that reads many posts at once."""

_OUT = (Status.SCHEDULED, Status.PUBLISHED)

Made = TypeVar("Made")


@dataclass
class Known:
    """What was read around the posts of one workspace at one moment, for a caller that asks about many of them.

    Alerts and absences are never in it: a post is looked at again when one is told of, so each look must see the last.
    """

    others: dict[int, OtherPost] = field(default_factory=dict)
    _made: dict[Hashable, object] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` reads, read once under this name."""
        if key not in self._made:
            self._made[key] = make()
        return cast("Made", self._made[key])


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
    level, days = _alert(post, calendar.local(now).date(), now)
    return Context(
        house=known.once("house", lambda: policy.house_of(workspace)),
        today=calendar.local(now).date(),
        organisation=known.once("organisation", lambda: _organisation(workspace)),
        channels={one.slug: _limits(one) for one in (place.channel for place in post.placements.all())},
        people=_people(workspace, post, now),
        on_duty=_on_duty(post, calendar, known),
        calendar=calendar,
        other_posts=_others(post, now, known.others),
        level=level,
        days_since_all_clear=days,
    )


def _calendar(post: Post, now: datetime, known: Known) -> WorkingCalendar:
    moments = [moment for moment in (post.planned_at, now) if moment is not None]
    return known.once(
        ("calendar", *(moment.year for moment in moments)), lambda: reading.calendar_of(post.workspace, *moments)
    )


def in_crisis(context: Context, level: int) -> Context:
    """The same, judged at least as in a crisis of this level."""
    return replace(context, level=max(context.level or 0, level)) if level else context


def _on_duty(post: Post, calendar: WorkingCalendar, known: Known) -> frozenset[date]:
    """The days, of those in which its first answers are due, on which somebody's turn it is to answer."""
    if post.planned_at is None:
        return frozenset()
    days = frozenset(calendar.local(post.planned_at + timedelta(hours=hours)).date() for hours in (0, 24))
    turns = Duty.objects.filter(workspace=post.workspace, day__in=days)
    return known.once(("duty", days), lambda: frozenset(turns.values_list("day", flat=True)))


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


def _people(workspace: Workspace, post: Post, now: datetime) -> dict[int, Person]:
    """Those whom the post names, with their absences around its hour."""
    named = [pk for pk in (post.author_id, post.answerer_id, post.deputy_id) if pk is not None]
    around = post.planned_at or now
    away: dict[int, list[tuple[date, date]]] = {}
    absences = Absence.objects.filter(
        membership__in=named, ends_on__gte=(around - timedelta(days=2)).date(),
        starts_on__lte=(around + timedelta(days=5)).date(),
    )  # fmt: skip
    for absence in absences:
        away.setdefault(absence.membership_id, []).append((absence.starts_on, absence.ends_on))
    members = Membership.objects.filter(workspace=workspace, pk__in=named).select_related("user")
    return {
        one.pk: Person(one.pk, str(one), one.is_active, one.is_shared_account, tuple(away.get(one.pk, ())))
        for one in members
    }


def _alert(post: Post, today: date, now: datetime) -> tuple[int | None, int | None]:
    """The level of the alert that covers the post, and the days since the last all-clear that did."""
    recent = Alert.objects.filter(workspace=post.workspace).exclude(until__lt=now - timedelta(days=AFTER_A_CRISIS))
    covering = [one for one in recent if _covers(one, post)]
    levels = [one.level for one in covering if one.until is None]
    ended = [(today - one.until.date()).days for one in covering if one.until is not None]
    return max(levels, default=None), min(ended, default=None)


def _covers(alert: Alert, post: Post) -> bool:
    channels = [one.channel_id for one in post.placements.all() if one.cancelled_at is None] or [0]
    return any(
        rules.covers(
            alert.scope, post_id=post.pk, channel_id=pk, tags=post.tags, initiative_id=post.initiative_id
        )
        for pk in channels
    )  # fmt: skip


def _others(post: Post, now: datetime, known: dict[int, OtherPost]) -> tuple[OtherPost, ...]:
    """Other posts of the last 90 days and of the days around the planned hour, for the mix and for repetition."""
    around = post.planned_at or now
    others = list(
        Post.objects.filter(
            workspace=post.workspace,
            planned_at__gte=around - REMEMBERED,
            planned_at__lte=around + timedelta(days=31),
        )
        .exclude(pk=post.pk)
        .exclude(status__in=(Status.CANCELLED, Status.RETIRED))
        .order_by("-planned_at")
        .values_list("pk", "language", "intent", "planned_at", "status")[:MOST_OTHERS]
    )
    ids = [pk for pk, *_rest in others if pk not in known]
    texts: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for pk, code, title, body in PostText.objects.filter(post__in=ids).values_list(
        "post_id", "language", "title", "body"
    ):
        texts[pk].append((code, title, body))
    places: dict[int, list[tuple[str, datetime | None]]] = defaultdict(list)
    standing = Placement.objects.filter(post__in=ids, cancelled_at__isnull=True)
    for pk, slug, held_at in standing.values_list("post_id", "channel__slug", "held_at"):
        places[pk].append((slug, held_at))
    for row in others:
        if row[0] not in known:
            known[row[0]] = _other(row, texts[row[0]], places[row[0]])
    return tuple(known[pk] for pk, *_rest in others)


MOST_OTHERS = 400
"""A post is compared with that many others at most: the nearest ones in time."""


def _other(
    row: tuple[int, str, str, datetime | None, str],
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

"""What the lines of a spreadsheet are read against, in a fixed number of queries whatever their number."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet

from planner.base.language import current
from planner.calendar import rules
from planner.calendar.rules import incoming
from planner.calendar.rules.incoming import Known, Line, Names, Stands
from planner.playbook import rules as playbook
from planner.playbook.models import Kind, PlaybookItem
from planner.posts.models import Comment, Initiative, Placement, Post, PostText
from planner.posts.rules import Status
from planner.work.models import WorkItem
from planner.work.rules import WorkState
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Blackout, Membership, Workspace

if TYPE_CHECKING:
    from planner.calendar.models import Import


def names(workspace: Workspace) -> dict[str, Names]:
    """The channels in use, templates, people and initiatives of a workspace; four queries."""
    channels = workspace.channels.used()
    templates = PlaybookItem.objects.visible_to(workspace).templates()
    people = Membership.objects.active().filter(workspace=workspace).select_related("user").order_by("joined_at", "pk")
    return {
        "channels": incoming.named((one.pk, str(one), (one.slug, one.mark, *one.title.values())) for one in channels),
        "templates": incoming.named(
            (one.pk, one.title, (one.slug, *one.payload["title"].values())) for one in templates
        ),
        "people": incoming.named((one.pk, str(one), (one.user.email,)) for one in people),
        "initiatives": incoming.named(
            (pk, title, ()) for pk, title in Initiative.objects.filter(workspace=workspace).values_list("pk", "title")
        ),
    }


def known(workspace: Workspace, first: str, now: datetime) -> Known:
    """Seven queries: names, closed days, days of the year that are special, days off."""
    calendar = workspaces.working_calendar(workspace)
    closed = list(Blackout.objects.filter(workspace=workspace))
    topics = list(PlaybookItem.objects.visible_to(workspace).of_kind(Kind.OBSERVANCE).values_list("slug", "payload"))
    region = playbook.region_of(workspace.country, workspace.region)

    @cache
    def why_closed(day: date) -> str:
        window = next((one for one in closed if one.starts_on <= day <= one.ends_on), None)
        return workspaces.why_closed(window) if window else ""

    @cache
    def special(day: date) -> Sequence[str]:
        feast = workspaces.feasts(calendar, [day]).get(day)
        near = playbook.topics_near(topics, region, day, day)
        return incoming.day_warnings(day, feast, [one.caution for one in near if one.is_sober])

    return Known(
        calendar=calendar, now=now, first=first, languages=workspace.languages or [current()], closed=why_closed,
        special=special, **names(workspace),
    )  # fmt: skip


def untouched(sheet: "Import") -> QuerySet[Post]:
    """The posts that it made and on which nobody has worked since: not a word, a remark, a piece of work, or a hold."""
    if sheet.brought_in_at is None:
        return Post.objects.none()
    posts = Post.objects.filter(workspace=sheet.workspace, pk__in=sheet.made, status=Status.DRAFT)
    kind = ContentType.objects.get_for_model(Post)
    work = WorkItem.objects.filter(subject_type=kind, subject_id=OuterRef("pk")).exclude(state=WorkState.OPEN)
    remarks = Comment.objects.filter(post=OuterRef("pk"), at__gt=sheet.brought_in_at)
    held = Placement.objects.filter(post=OuterRef("pk"), held_at__isnull=False)
    return posts.filter(~Exists(work), ~Exists(remarks), ~Exists(held), updated_at=sheet.brought_in_at).order_by("pk")


def standing_like(workspace: Workspace, lines: Iterable[Line], remembered: Iterable[Mapping[str, Any]]) -> Stands:
    """Does a post stand there with the title, day and channel of a line, or was it made of such a line and moved since?

    What was cancelled does not. `remembered` is what spreadsheets have made here. Three queries.
    """
    titles = {line.title for line in lines if line.title}
    texts = PostText.objects.filter(post__workspace=workspace, title__in=titles).exclude(post__status=Status.CANCELLED)
    told = [one for one in remembered if one["title"] in titles]
    titled: dict[int, set[str]] = {}
    for post, title in texts.values_list("post_id", "title"):
        titled.setdefault(post, set()).add(title)
    placed = Placement.objects.filter(post__in=titled, cancelled_at__isnull=True)
    there: set[tuple[str, date | None, int | None]] = set()
    for post, on, channel in placed.values_list("post_id", "planned_on", "channel_id"):
        there |= {(title, on, key) for title in titled[post] for key in (channel, None)}
    zone = workspace.time_zone
    standing = Post.objects.filter(pk__in=[*titled, *(one["post"] for one in told)]).exclude(status=Status.CANCELLED)
    days = {pk: rules.local_day(at, zone) if at else None for pk, at in standing.values_list("pk", "planned_at")}
    there |= {(title, days[post], None) for post in titled for title in titled[post]}
    for one in told:
        if one["post"] in days:
            on = date.fromisoformat(one["on"]) if one["on"] else None
            there |= {(one["title"], on, channel) for channel in (*one["channels"], None)}

    def is_there(line: Line) -> bool:
        on = line.wall.on if line.wall else None
        return any((line.title, on, channel) in there for channel in line.channels or (None,))

    return is_there

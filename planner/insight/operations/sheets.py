"""The sheets of Monday: what each person owes this week, and what the editorial meeting should look at.

Reading only, but for the reminder that carries each sheet.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planner.base import wording
from planner.base.language import LANGUAGES, pick
from planner.calendar import queries as calendar
from planner.calendar.models import Occurrence
from planner.posts.models import Placement, Post
from planner.posts.rules import FROZEN, Status
from planner.reminders import operations as reminders
from planner.reminders.models import Digest
from planner.reminders.rules import Kind
from planner.work.models import WorkItem
from planner.work.rules import COUNT_LABELS, WorkState
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import EditorialRole, RoleBook

WRITTEN_AT, NO_LATER_THAN = time(8, 0), time(12, 0)
"""Local hours of Monday between which the sheets are written: an outage may delay them, not bring them at night."""
MOST_LINES = 30
AHEAD = timedelta(weeks=4)
logger = logging.getLogger(__name__)


def send_sheets(*, now: datetime) -> Counter[str]:
    """Write the sheets of the workspaces where it is Monday morning; each person and week once. Returns how many.

    It may run as often as one likes. A workspace that fails is written to the log, and the others go on.
    """
    sent: Counter[str] = Counter()
    for workspace in Workspace.objects.order_by("pk"):
        here = now.astimezone(ZoneInfo(workspace.time_zone))
        if here.weekday() == 0 and WRITTEN_AT <= here.time() < NO_LATER_THAN:
            try:
                sent += _send(workspace, here.date(), now)
            except OperationalError:
                raise
            except Exception:
                logger.exception("The sheets of workspace %s could not be written.", workspace.slug)
                sent["failed"] += 1
    return sent


def _send(workspace: Workspace, monday: date, now: datetime) -> Counter[str]:
    zone = ZoneInfo(workspace.time_zone)
    ends = datetime.combine(monday + timedelta(days=7), time(), tzinfo=zone)
    book = workspaces.role_book(workspace, day_from=monday, day_to=monday)
    had = set(Digest.objects.filter(workspace=workspace, on=monday).values_list("membership_id", "kind"))
    there = [person for pk, person in book.people.items() if not book.is_absent(pk, monday)]
    met = list(Occurrence.objects.for_everybody(workspace, monday, monday + timedelta(days=6)))
    sent: Counter[str] = Counter()
    for person, items in _owed(workspace, ends, there):
        if (person.pk, Kind.WEEK) not in had:
            awaited = [one for one in met if one.rhythm.owner_id != person.pk]
            content = _in_both(zone, _week, workspace, items, awaited, now)
            sent["week"] += _one(person, Kind.WEEK, monday, content, now)
    editor = book.resolve(EditorialRole.EDITOR, monday).member
    if editor is not None and (editor.pk, Kind.MEETING) not in had:
        content = _in_both(zone, _meeting, workspace, book, monday, now)
        sent["meeting"] += _one(editor, Kind.MEETING, monday, content, now)
    return sent


def _one(person: Membership, kind: str, on: date, content: Mapping[str, Any], now: datetime) -> bool:
    return reminders.send_sheet(member=person, kind=kind, on=on, content=content, now=now) is not None


def _in_both(zone: ZoneInfo, write: Any, *arguments: Any) -> dict[str, Any]:
    content = {}
    for language in LANGUAGES:
        with translation.override(language), timezone.override(zone):
            content[language] = write(*arguments)
    return content


# ---- my week


def _owed(
    workspace: Workspace, ends: datetime, people: Iterable[Membership]
) -> Iterable[tuple[Membership, Sequence[WorkItem]]]:
    found: dict[int, list[WorkItem]] = defaultdict(list)
    items = WorkItem.objects.open().actual().filter(workspace=workspace, due_at__lt=ends)
    for item in items.select_related("workspace").order_by("due_at", "id"):
        for pk in {item.owner_id, item.co_owner_id} - {None}:
            found[pk or 0].append(item)
    return [(person, found[person.pk]) for person in people if person.pk in found]


def _week(
    workspace: Workspace, items: Sequence[WorkItem], meetings: Sequence[Occurrence], now: datetime
) -> dict[str, Any]:
    late = [item for item in items if item.due_at and item.due_at < now]
    ahead = [item for item in items if item not in late]
    count = len(items)
    return {
        "what": ngettext("Your week: %(count)s piece of work", "Your week: %(count)s pieces of work", count)
        % {"count": count},
        "why": "",
        "minutes": sum(item.minutes for item in items),
        "link": reverse("insight:desk", kwargs={"workspace": workspace.slug}),
        "action": _("See my desk"),
        "groups": [
            *_group(_("Late"), [_work_line(item) for item in late]),
            *_group(_("This week"), [_work_line(item) for item in ahead]),
            *_group(_("Everybody meets"), [_meeting_line(one) for one in meetings]),
        ],
    }


def _work_line(item: WorkItem, *, names: bool = False) -> dict[str, str]:
    spoken = translation.get_language() or "fr"
    note = str(item.owner) if names and item.owner else ""
    what = _("%(work)s: “%(post)s”") % {"work": pick(item.title, spoken), "post": pick(item.subject_title, spoken)}
    return {"what": what, "when": wording.moment(item.due_at), "link": item.link, "note": note}


def _meeting_line(meeting: Occurrence) -> dict[str, str]:
    return {"what": str(meeting), "when": wording.moment(meeting.starts_at), "link": meeting.link, "note": ""}


def _group(title: str, lines: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Nothing without lines."""
    if len(lines) > MOST_LINES:
        more = {
            "what": _("and %(count)s more") % {"count": len(lines) - MOST_LINES},
            "when": "",
            "link": "",
            "note": "",
        }
        lines = [*lines[:MOST_LINES], more]
    return [{"title": title, "lines": list(lines)}] if lines else []


# ---- the meeting


def _meeting(workspace: Workspace, book: RoleBook[Membership], monday: date, now: datetime) -> dict[str, Any]:
    placed = _placed(workspace, now)
    late = WorkItem.objects.late(now).filter(workspace=workspace).select_related("workspace", "owner__user")
    return {
        "what": _("The sheet for the editorial meeting"),
        "why": _("Thirty minutes: last week’s answers, what comes out, what waits, where nothing is planned."),
        "minutes": 30,
        "link": reverse("insight:desk", kwargs={"workspace": workspace.slug}),
        "action": _("Open Marronnier"),
        "groups": [
            *_group(_("Last week’s answers"), _answers(workspace, now)),
            *_group(_("Coming out within seven days"), [_post_line(one) for one in placed if _is_near(one, now)]),
            *_group(_("Waiting for a decision"), _waiting(workspace)),
            *_group(_("Late"), [_work_line(item, names=True) for item in late.order_by("due_at", "id")]),
            *_group(_("Weeks without anything planned"), _empty_weeks(workspace, placed, monday)),
            *_group(_("Channels that have fallen silent"), _silent(workspace, now)),
        ],
    }


def _placed(workspace: Workspace, now: datetime) -> list[Placement]:
    coming = (
        Placement.objects.open()
        .filter(post__workspace=workspace, planned_at__gte=now, planned_at__lt=now + AHEAD)
        .exclude(post__status__in=FROZEN)
    )
    return list(
        coming.select_related("post__workspace", "channel").prefetch_related("post__texts").order_by("planned_at")
    )


def _is_near(placement: Placement, now: datetime) -> bool:
    return placement.planned_at is not None and placement.planned_at < now + timedelta(days=7)


def _post_line(placement: Placement) -> dict[str, str]:
    post, spoken = placement.post, translation.get_language() or "fr"
    note = f"{placement.channel}, {post.get_status_display().lower()}"
    return {"what": post.title(spoken), "when": wording.moment(placement.planned_at), "link": post.link, "note": note}


def _waiting(workspace: Workspace) -> list[dict[str, str]]:
    spoken = translation.get_language() or "fr"
    posts = Post.objects.filter(workspace=workspace, status=Status.IN_REVIEW).select_related(
        "workspace", "author__user"
    )
    return [
        {
            "what": post.title(spoken), "when": wording.moment(post.planned_at) if post.planned_at else "",
            "link": post.link, "note": str(post.author),
        }
        for post in posts.order_by("planned_at", "id")
    ]  # fmt: skip


def _answers(workspace: Workspace, now: datetime) -> list[dict[str, str]]:
    """The figures with which answers closed during the last seven days, added up."""
    done = WorkItem.objects.filter(
        workspace=workspace, needs_counts=True, state=WorkState.DONE, done_at__gte=now - timedelta(days=7)
    )
    total: Counter[str] = Counter()
    for counts in done.values_list("counts", flat=True):
        total.update({name: int(counts.get(name, 0)) for name in COUNT_LABELS})
    said = ", ".join(f"{COUNT_LABELS[name]} {count}" for name, count in total.items())
    return [{"what": said, "when": "", "link": "", "note": ""}] if said else []


def _silent(workspace: Workspace, now: datetime) -> list[dict[str, str]]:
    return [
        {
            "what": str(one.channel),
            "when": _("nothing since %(day)s") % {"day": wording.date_only(one.since)},
            "link": reverse("workspaces:channel", kwargs={"workspace": workspace.slug, "slug": one.channel.slug}),
            "note": str(one.channel.owner or ""),
        }
        for one in calendar.silent(workspace.channels.all(), now)
    ]


def _empty_weeks(workspace: Workspace, placed: Sequence[Placement], monday: date) -> list[dict[str, str]]:
    zone = ZoneInfo(workspace.time_zone)
    days = [one.planned_at.astimezone(zone).date() for one in placed if one.planned_at]
    weeks = [monday + timedelta(weeks=number) for number in range(4)]
    return [
        {"what": _("Week of %(day)s") % {"day": wording.date_only(week)}, "when": "", "link": "", "note": ""}
        for week in weeks
        if not any(week <= day < week + timedelta(days=7) for day in days)
    ]

"""Many things told at once: the count of each morning, and the sheets that other rooms write."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planner.base import wording
from planner.base.language import LANGUAGES
from planner.reminders import rules
from planner.reminders.models import DeliveryState, Digest, Reminder
from planner.reminders.operations import claim
from planner.reminders.operations.claim import Batch, Desk, Outcome
from planner.reminders.operations.preferences import chosen_by
from planner.reminders.operations.recipients import House
from planner.reminders.rules import Due, State
from planner.workspaces.models import Membership, User, Workspace

COUNTED_EVERY = timedelta(seconds=30)
LOOKS_BACK = timedelta(hours=8)
"""After an outage longer than that, what waited comes alone."""
MOST_LINES = 100
"""Lines of a digest; the inbox has them all."""
logger = logging.getLogger(__name__)


def count_mornings(*, state: DeliveryState, now: datetime) -> int:
    """Where it has just become 8:30, gather what is due that day and make one digest for whoever has more than five.

    Each of its reminders has its own line in the inbox; what falls due later comes alone. A workspace that cannot be
    counted is written to the log, and its reminders come alone too. Returns how many digests were made.
    """
    if state.counted_until is not None and now - state.counted_until < COUNTED_EVERY:
        return 0
    since = max(state.counted_until or now, now - LOOKS_BACK)
    made = 0
    if any(rules.counted_between(zone, since, now) for zone in _zones()):
        for workspace in Workspace.objects.filter(pk__in=_with_something(now)):
            made += _count_or_log(workspace, since, now)
    DeliveryState.objects.filter(pk=state.pk).update(counted_until=now)
    return made


def _zones() -> set[str]:
    own = User.objects.exclude(time_zone="").values_list("time_zone", flat=True)
    return {*Workspace.objects.order_by().values_list("time_zone", flat=True).distinct(), *own.order_by().distinct()}


def _with_something(now: datetime) -> set[int]:
    """Workspaces with something that may join a digest before everybody's day is over."""
    waiting = Reminder.objects.open().filter(may_join_digest=True, next_at__lt=now + timedelta(hours=24))
    return set(waiting.order_by().values_list("workspace_id", flat=True).distinct())


def _count_or_log(workspace: Workspace, since: datetime, now: datetime) -> int:
    try:
        return _count(workspace, since, now)
    except OperationalError:
        raise
    except Exception:
        logger.exception("The morning of workspace %s could not be counted; its reminders come alone.", workspace.slug)
        return 0


def _count(workspace: Workspace, since: datetime, now: datetime) -> int:
    house = House.read(workspace, now)
    zones = {house.time_of(person).zone for person in house.book.people.values()}
    days = {zone: day for zone in zones if (day := rules.counted_between(zone, since, now))}
    return _gather(workspace, house, days, now) if days else 0


@transaction.atomic
def _gather(workspace: Workspace, house: House, days: Mapping[str, date], now: datetime) -> int:
    ends = {zone: rules.day_ends(day, zone) for zone, day in days.items()}
    rows = _rows_of_today(workspace, max(ends.values()))
    if len(rows) <= rules.MOST_ALONE:
        return 0
    desk = replace(claim.read(rows, now, None, {workspace.pk: house}), is_count=True)
    by_person: dict[int, list[Outcome]] = defaultdict(list)
    for outcome in (claim.decide_or_fail(row, desk) for row in rows):
        person = outcome.recipient
        end = ends.get(house.time_of(person).zone) if person is not None else None
        is_told_now = outcome.card is not None and outcome.notice is None
        if person is not None and is_told_now and end is not None and outcome.row.next_at < end:
            by_person[person.pk].append(outcome)
    gathered = [found for found in by_person.values() if len(found) > rules.MOST_ALONE]
    told = [outcome for found in gathered for outcome in found]
    for outcome in told:
        outcome.reasons = [*outcome.reasons, {"code": "digest"}]
    claim.write(Batch(claim.NO_LEASE, 0.0), told, desk)
    for found in gathered:
        _write_digest(workspace, house, found, desk)
    return len(gathered)


def _rows_of_today(workspace: Workspace, end: datetime) -> list[Due]:
    rows = Reminder.objects.filter(workspace=workspace, may_join_digest=True, state=State.PENDING, next_at__lt=end)
    locked = rows.order_by("due_at", "id").select_for_update(skip_locked=True, no_key=True)
    return [Due(*values) for values in locked.values_list(*Due._fields)]


def _write_digest(workspace: Workspace, house: House, told: Sequence[Outcome], desk: Desk) -> None:
    person, now = told[0].recipient, desk.now
    assert person is not None
    zone = house.time_of(person).zone
    content = {language: _morning_in(language, workspace, told, zone, desk) for language in LANGUAGES}
    day = now.astimezone(ZoneInfo(zone)).date()
    digest, is_new = Digest.objects.get_or_create(
        membership=person, kind=rules.MORNING, on=day,
        defaults={"workspace": workspace, "content": content, "created_at": now},
    )  # fmt: skip
    if is_new:
        _announce(digest, "digest", now)


def _morning_in(language: str, workspace: Workspace, told: Sequence[Outcome], zone: str, desk: Desk) -> dict[str, Any]:
    groups: dict[tuple[int | None, int | None], list[Outcome]] = defaultdict(list)
    for outcome in told[:MOST_LINES]:
        groups[outcome.row.group_type_id, outcome.row.group_id].append(outcome)
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        count = len(told)
        return {
            "what": ngettext("%(count)s reminder for today", "%(count)s reminders for today", count) % {"count": count},
            "why": "",
            "minutes": sum((outcome.card or {})[language]["minutes"] for outcome in told),
            "link": reverse("reminders:inbox", kwargs={"workspace": workspace.slug}),
            "action": _("See my reminders"),
            "groups": [_group_in(language, found, zone, desk) for found in groups.values()],
        }


def _group_in(language: str, told: Sequence[Outcome], zone: str, desk: Desk) -> dict[str, Any]:
    lines = [(one, (one.card or {})[language], _in_two(language, one, desk)) for one in told]
    return {
        "title": lines[0][2][1],
        "lines": [
            {
                "what": part,
                "when": wording.moment(outcome.row.work_due_at),
                "link": card["link"],
                "note": _call_in(card) or (card["note"] if rules.says_its_hour(outcome.row, desk.now, zone) else ""),
            }
            for outcome, card, (part, _whole) in lines
        ],
    }


def _call_in(card: Mapping[str, Any]) -> str:
    call = card.get("call")
    if not call:
        return ""
    words = _("Call %(name)s: %(phone)s") if call["phone"] else _("Call %(name)s")
    return str(words % call)


def _in_two(language: str, outcome: Outcome, desk: Desk) -> tuple[str, str]:
    """The work, and the title under which it stands; what has no larger whole stands under its own words."""
    card = desk.subjects[outcome.row.subject_key].card(language)
    return card.part or card.what, card.whole or card.what


def _announce(digest: Digest, code: str, now: datetime) -> None:
    Reminder.objects.get_or_create(
        subject_type=ContentType.objects.get_for_model(Digest),
        subject_id=digest.pk,
        step=digest.kind,
        occurrence=0,
        addressee=f"member:{digest.membership_id}",
        work_due_at=now,
        defaults={
            "workspace": digest.workspace, "due_at": now, "next_at": now, "profile": digest.kind, "mode": "tell",
            "reason": [{"code": code}], "created_at": now,
        },
    )  # fmt: skip


@transaction.atomic
def send_sheet(
    *, member: Membership, kind: str, on: date, content: Mapping[str, Mapping[str, Any]], now: datetime
) -> Digest | None:
    """Tell one person many things at once, once for each kind and day; nothing when they switched the kind off.

    `kind` is one of `rules.SHEETS`; `content` has a card in each language, with its groups.
    """
    if not chosen_by(member).comes_by_email(kind):
        return None
    digest, is_new = Digest.objects.get_or_create(
        membership=member, kind=kind, on=on,
        defaults={"workspace": member.workspace, "content": dict(content), "created_at": now},
    )  # fmt: skip
    if not is_new:
        return None
    _announce(digest, "sheet", now)
    return digest

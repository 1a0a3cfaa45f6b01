"""The silence alarm: whoever answers for a channel that fell silent is told, once. Nothing is ever posted by it."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from planner.base.language import in_both
from planner.calendar.models import Silence
from planner.calendar.queries import Silent, silent
from planner.reminders import operations as reminders
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Channel, Membership
from planner.workspaces.rules import EditorialRole

SLICE_SECONDS = 2.0
logger = logging.getLogger(__name__)

_FELL_SILENT = _("A channel has fallen silent: nothing has appeared for twice its cadence, and nothing is planned")


@dataclass
class Told:
    """What a slice of the sweep did, and whether there may be more."""

    silences: int = 0
    failed: int = 0
    may_be_more: bool = False


def tell_silences(
    *, now: datetime, seconds: float = SLICE_SECONDS, monotonic: Callable[[], float] = time.monotonic
) -> Told:
    """Tell of each channel that fell silent, once for each silence. It may run as often as one likes.

    Samples speak to nobody. One bad channel is written to the log, and the others go on.
    """
    done, ends = Told(), monotonic() + seconds
    found = silent(Channel.objects.filter(workspace__is_sample=False), now)
    had = set(Silence.objects.filter(channel__in=[one.channel for one in found]).values_list("channel_id", "since"))
    for one in found:
        if (one.channel.pk, one.since) in had:
            continue
        if monotonic() >= ends:
            done.may_be_more = True
            break
        _try(one, now, done)
    return done


def _try(one: Silent, now: datetime, done: Told) -> None:
    try:
        done.silences += _tell(one, now)
    except OperationalError:
        raise
    except Exception:
        logger.exception("The silence of channel %s could not be told; the others go on.", one.channel.pk)
        done.failed += 1


@transaction.atomic
def _tell(one: Silent, now: datetime) -> bool:
    workspace = workspaces.lock(one.channel.workspace)
    person = _who_answers_for(one.channel, now)
    silence, is_new = Silence.objects.get_or_create(
        channel=one.channel, since=one.since, defaults={"told": person, "told_at": now}
    )
    if is_new and person is not None:
        reminders.notify(
            workspace=workspace, subject=silence, group=None, person=person, message=in_both(_FELL_SILENT), actor=None,
            now=now,
        )  # fmt: skip
    return is_new


def _who_answers_for(channel: Channel, now: datetime) -> Membership | None:
    """The person of the channel, its second while they are away, else the community manager or whoever stands in."""
    today = workspaces.working_calendar(channel.workspace, changes=()).local(now).date()
    book = workspaces.role_book(channel.workspace, day_from=today, day_to=today)
    named = [one for one in (channel.owner, channel.deputy) if one is not None and one.pk in book.people]
    there = [one for one in named if not book.is_absent(one.pk, today)]
    return next(iter([*there, *named]), None) or book.resolve(EditorialRole.COMMUNITY, today).member

"""What people do with the lines of their own inbox."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, NotFound, Stale
from planner.history import operations as history
from planner.reminders.models import Notice, Reminder
from planner.reminders.queries import NoticeQuerySet
from planner.reminders.rules import ACKNOWLEDGED, UNTOLD_STATES, State
from planner.workspaces.models import Membership

history.register(
    {
        "notice.done": gettext_lazy("put a reminder away"),
        "notice.snoozed": gettext_lazy("put a reminder off"),
        "notice.back": gettext_lazy("took a reminder back"),
    }
)

BACK_AT = time(9, 0)
"""Local hour of the recipient at which what was put off comes back."""
LONGEST_SNOOZE = timedelta(days=366)


def _own(notice: Notice, actor: Membership) -> NoticeQuerySet:
    if notice.recipient_id != actor.pk:
        raise NotFound(_("There is no such reminder in your inbox."))
    return Notice.objects.filter(pk=notice.pk)


def _record(verb: str, notice: Notice, actor: Membership, now: datetime, **data: str) -> Notice:
    history.record(verb=verb, now=now, workspace=actor.workspace, actor=actor, subject=notice, data=data)
    notice.refresh_from_db()
    return notice


@transaction.atomic
def mark_done(*, notice: Notice, actor: Membership, now: datetime) -> Notice:
    """Put one's own reminder away. The work itself is completed on its page.

    Once the work is due, putting away what comes again until somebody answers is that answer: it stops for everybody.
    """
    if _own(notice, actor).filter(done_at__isnull=True).update(done_at=now, seen_at=notice.seen_at or now) != 1:
        raise Stale(_("This reminder is put away already."))
    _stop_asking(notice.reminder, actor, now)
    return _record("notice.done", notice, actor, now)


def _stop_asking(told: Reminder, actor: Membership, now: datetime) -> None:
    if told.quiet != "never" or told.work_due_at > now:
        return
    asking = Reminder.objects.about(told.subject_type_id, [told.subject_id]).filter(
        state__in=UNTOLD_STATES, details__until=ACKNOWLEDGED
    )
    reason = [{"code": "acknowledged", "name": str(actor)}]
    asking.update(state=State.CANCELLED, token=None, reason=reason, settled_at=now)


@transaction.atomic
def snooze(*, notice: Notice, actor: Membership, until: date, now: datetime) -> Notice:
    """Put one's own reminder off to 9:00 of a day to come, in one's own zone; it then comes back."""
    zone = ZoneInfo(actor.user.time_zone or actor.workspace.time_zone)
    today = now.astimezone(zone).date()
    if until <= today:
        raise Invalid(_("Choose a day to come: this one is not."), field="until")
    if until > today + LONGEST_SNOOZE:
        raise Invalid(_("Choose a day within a year."), field="until")
    back_at = datetime.combine(until, BACK_AT, tzinfo=zone)
    if _own(notice, actor).filter(done_at__isnull=True).update(snoozed_until=back_at, seen_at=None) != 1:
        raise Stale(_("This reminder is put away already."))
    return _record("notice.snoozed", notice, actor, now, until=until.isoformat())


@transaction.atomic
def bring_back(*, notice: Notice, actor: Membership, now: datetime) -> Notice:
    """Take back what one had put away or put off."""
    _own(notice, actor).update(done_at=None, snoozed_until=None)
    return _record("notice.back", notice, actor, now)


@transaction.atomic
def mark_seen(*, actor: Membership, now: datetime) -> int:
    """All that waits in one's inbox has been read; nothing is put away. Returns how many were new."""
    return Notice.objects.of(actor).waiting(now).filter(seen_at__isnull=True).update(seen_at=now)

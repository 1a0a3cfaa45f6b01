"""Is the engine alive, and is anybody waiting for nothing? Read by the delivery page, by `/readyz` and by the watch."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Min, Q
from django.utils import translation
from django.utils.translation import gettext as _

from planner.reminders import rules
from planner.reminders.models import Delivery, DeliveryState, Reminder, Worker
from planner.reminders.transports import is_mail_set_up
from planner.workspaces.models import User
from planner.workspaces.rules import MAY, Act

SEEN_EVERY = timedelta(seconds=30)
SEEN_WITHIN = timedelta(minutes=5)
FORGOTTEN_AFTER = timedelta(days=1)
WARNED_EVERY = timedelta(hours=6)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Health:
    """Seconds since the last tick, and since the oldest overdue row should have been told."""

    state: DeliveryState
    tick_age: float | None
    overdue: float
    in_doubt: int
    not_told: int
    dead: int
    workers: int
    has_mail: bool

    @property
    def problems(self) -> list[str]:
        return rules.problems(
            tick_age=self.tick_age,
            overdue=self.overdue,
            is_paused=self.state.paused_at is not None,
            is_cron=self.state.is_cron,
        )


def health(*, now: datetime) -> Health:
    """Reads only, few statements, whatever the size of the schedule."""
    state = DeliveryState.objects.filter(pk=1).first() or DeliveryState(pk=1)
    oldest = Reminder.objects.due(now).aggregate(at=Min("next_at"))["at"]
    not_told = list(Reminder.objects.not_told().values_list("state", flat=True))
    return Health(
        state=state,
        tick_age=(now - state.last_tick_at).total_seconds() if state.last_tick_at else None,
        overdue=(now - oldest).total_seconds() if oldest else 0.0,
        in_doubt=Delivery.objects.in_doubt().count(),
        not_told=len(not_told),
        dead=not_told.count(rules.State.DEAD),
        workers=Worker.objects.filter(seen_at__gte=now - SEEN_WITHIN).count(),
        has_mail=is_mail_set_up(),
    )


def note_worker(*, name: str, now: datetime) -> None:
    """A worker says that it works, twice a minute at most; those long gone are forgotten."""
    worker, is_new = Worker.objects.get_or_create(name=name[:150], defaults={"seen_at": now})
    if is_new:
        Worker.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
    elif now - worker.seen_at >= SEEN_EVERY:
        Worker.objects.filter(pk=worker.pk).update(seen_at=now)


# ---- the watch: by another road than the worker, which may be dead


def watch(*, now: datetime) -> list[str]:
    """What is wrong with delivery, for a banner; the first to see it writes to the managers, each six hours at most.

    Called by the web process. The mail leaves through Django itself: it must not need what it complains about.
    """
    found = health(now=now)
    if not found.problems:
        DeliveryState.objects.filter(warned_at__isnull=False).update(warned_at=None)
        return []
    quiet = Q(warned_at__isnull=True) | Q(warned_at__lte=now - WARNED_EVERY)
    if found.tick_age is not None and DeliveryState.objects.filter(quiet, pk=1).update(warned_at=now) == 1:
        _warn(found.problems)
    return found.problems


def _warn(problems: list[str]) -> None:
    if not is_mail_set_up():
        return
    levels = [level for level, acts in MAY.items() if Act.MANAGE_DELIVERY in acts]
    people = User.objects.able_to_sign_in().filter(memberships__level__in=levels, memberships__left_at__isnull=True)
    try:
        with get_connection() as connection:
            connection.send_messages([_warning(person, problems) for person in people.distinct() if person.email])
    except Exception:
        logger.exception("Nobody could be told by e-mail that delivery does not answer.")


def _warning(person: User, problems: list[str]) -> EmailMessage:
    with translation.override(person.language):
        words = [
            *(str(rules.PROBLEMS[code]) for code in problems),
            _("Nothing is lost: what is due meanwhile is told when delivery runs again."),
            settings.PLANNER_URL,
        ]
        subject = _("Marronnier: reminders do not leave")
    return EmailMessage(subject, "\n\n".join(words), to=[person.email], headers={"Auto-Submitted": "auto-generated"})

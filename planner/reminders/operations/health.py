"""Is the engine alive, and is anybody waiting for nothing? Read by the delivery page and by `/readyz`."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from planner.reminders import rules
from planner.reminders.models import Delivery, DeliveryState, Reminder
from planner.reminders.transports import is_mail_set_up


@dataclass(frozen=True)
class Health:
    """Seconds since the last tick, and since the oldest overdue row should have been told."""

    state: DeliveryState
    tick_age: float | None
    overdue: float
    in_doubt: int
    not_told: int
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
    return Health(
        state=state,
        tick_age=(now - state.last_tick_at).total_seconds() if state.last_tick_at else None,
        overdue=(now - oldest).total_seconds() if oldest else 0.0,
        in_doubt=Delivery.objects.in_doubt().count(),
        not_told=Reminder.objects.not_told().count(),
        has_mail=is_mail_set_up(),
    )

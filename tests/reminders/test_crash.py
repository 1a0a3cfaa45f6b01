"""A process may die anywhere: after each statement and each message of a drain, the next drain finds everything."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from planner.reminders import operations as reminders
from planner.reminders.models import Delivery, DeliveryState, Notice, Reminder
from planner.reminders.rules import DeliveryStatus, State

pytestmark = pytest.mark.django_db(transaction=True)

DUE = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)
AHEAD = datetime(2026, 4, 28, 7, 0, tzinfo=UTC)
WORKS = 3


class Killed(BaseException):
    """What kill -9 does, as far as a test in the same process can: nothing more of it reaches the database."""


class Death:
    """Strikes before the `at`th step; steps are statements (before and after each) and messages (likewise)."""

    def __init__(self, at: int | None) -> None:
        self.at, self.steps, self.is_dead = at, 0, False

    def step(self) -> None:
        self.is_dead = self.is_dead or self.steps == self.at
        self.steps += 1
        if self.is_dead:
            raise Killed

    def statement(self, execute, sql, params, many, context):
        if sql.startswith("BEGIN"):  # nothing can be between it and the statement that follows
            return execute(sql, params, many, context)
        self.step()
        result = execute(sql, params, many, context)
        self.step()
        return result


def mortal(office, death):
    send = office.send

    def send_or_die(message) -> None:
        death.step()
        send(message)
        death.step()

    office.send = send_or_die
    return office


def forget() -> None:
    Reminder.objects.all().delete()
    DeliveryState.objects.all().delete()


def run(office, death: Death) -> None:
    with connection.execute_wrapper(death.statement):
        try:
            reminders.drain(clock=lambda: AHEAD, transport=mortal(office, death))
        except Killed:
            return


@pytest.mark.parametrize("per_commit", [1, 2])
def test_wherever_a_drain_dies_nothing_is_lost_or_told_twice(make_item, schedule, office, settings, per_commit):
    settings.REMINDERS_PER_COMMIT = per_commit
    items = [make_item(due_at=DUE) for _n in range(WORKS)]
    seen_doubt = 0
    for at in itertools.count():
        schedule(*items)
        Reminder.objects.exclude(step="ahead").delete()
        death, post_office = Death(at), type(office)()
        run(post_office, death)
        if not death.is_dead:
            break
        later, rescue = AHEAD + timedelta(seconds=61), type(office)()
        reminders.drain(clock=lambda later=later: later, transport=rescue)
        seen_doubt += check(post_office.sent + rescue.sent, at, per_commit)
        forget()
    assert at > 60, "the drain has that many places to die"
    assert seen_doubt > 0, "some of them leave a doubt"


def check(sent: list[str], at: int, most_in_doubt: int) -> int:
    assert len(sent) == len(set(sent)), f"twice, after dying at {at}"
    doubtful = set(Delivery.objects.in_doubt().values_list("message_id", flat=True))
    assert len(doubtful) <= most_in_doubt, f"too many in doubt, after dying at {at}"
    every = set(Delivery.objects.values_list("message_id", flat=True))
    assert len(every) == WORKS and every == set(sent) | doubtful, f"lost in silence, after dying at {at}"
    assert Notice.objects.count() == WORKS, f"the inbox, after dying at {at}"
    assert set(Reminder.objects.values_list("state", flat=True)) == {State.SENT}, f"left open, after dying at {at}"
    assert not Delivery.objects.filter(state=DeliveryStatus.SENDING).exists()
    return len(doubtful)

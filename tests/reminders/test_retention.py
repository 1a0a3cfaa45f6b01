"""Forgetting: what is long over goes, with all that hangs on it; what may still matter stays."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import translation

from config.celery import NIGHTLY, app
from planner import tasks
from planner.management.commands import forget_old_reminders
from planner.reminders import operations as reminders
from planner.reminders.models import Delivery, Notice, Reminder
from planner.reminders.rules import DeliveryStatus, State

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)
AHEAD = datetime(2026, 4, 28, 7, 0, tzinfo=UTC)
LONG_AFTER = AHEAD + timedelta(days=401)


@pytest.fixture
def told(make_item, schedule, drain):
    """`told(3)`: that many reminders told, each with its notice and its mail, and the later steps withdrawn."""

    def many(count: int) -> list[Reminder]:
        items = [make_item(due_at=DUE) for _n in range(count)]
        schedule(*items)
        drain(AHEAD)
        reminders.cancel(subjects=items, reason="done", now=AHEAD)
        return list(Reminder.objects.filter(state=State.SENT).order_by("pk"))

    return many


def test_what_was_settled_long_ago_goes_with_its_notices_and_deliveries(told):
    told(3)
    done = reminders.forget_old(now=LONG_AFTER)
    assert done.count == 3 * 4 and not done.may_be_more
    assert [model.objects.count() for model in (Reminder, Notice, Delivery)] == [0, 0, 0]


def test_what_is_recent_stays(told, settings):
    told(1)
    assert reminders.forget_old(now=AHEAD + timedelta(days=399)).count == 0
    settings.REMINDER_RETENTION_DAYS = 30
    assert reminders.forget_old(now=AHEAD + timedelta(days=31)).count == 4


@pytest.mark.parametrize("state", [State.PENDING, State.LEASED, State.PAUSED])
def test_what_is_not_over_stays_however_old(told, state):
    told(1)
    Reminder.objects.filter(step="ahead").update(state=state, settled_at=None)
    reminders.forget_old(now=LONG_AFTER)
    assert Reminder.objects.get().step == "ahead"


def test_what_is_in_doubt_or_put_off_stays(told):
    doubtful, put_off, _other = told(3)
    Delivery.objects.filter(reminder=doubtful).update(state=DeliveryStatus.UNKNOWN)
    Notice.objects.filter(reminder=put_off).update(done_at=None, snoozed_until=LONG_AFTER + timedelta(days=1))
    reminders.forget_old(now=LONG_AFTER)
    assert set(Reminder.objects.all()) == {doubtful, put_off}
    assert Notice.objects.count() == 2


def test_a_slice_ends_with_its_time_and_says_that_there_may_be_more(told):
    told(3)
    clock = iter([0.0, 1.0, 2.0])
    one = reminders.forget_old(now=LONG_AFTER, at_once=2, monotonic=lambda: next(clock))
    assert one == reminders.Forgotten(count=4, may_be_more=True)
    assert reminders.forget_old(now=LONG_AFTER, at_once=2) == reminders.Forgotten(count=8, may_be_more=False)


@pytest.mark.parametrize(("may_be_more", "asked"), [(True, 1), (False, 0)])
def test_the_task_does_one_slice_and_asks_for_the_rest(monkeypatch, may_be_more, asked):
    again = []
    monkeypatch.setattr(reminders, "forget_old", lambda **options: reminders.Forgotten(0, may_be_more))
    monkeypatch.setattr(tasks.forget_old, "delay", lambda *args: again.append(args))
    tasks.forget_old()
    assert again == [()] * asked


def test_the_night_has_a_queue_of_its_own():
    route = app.amqp.router.route({}, tasks.forget_old.name)
    assert route["queue"].name == NIGHTLY
    assert app.amqp.router.route({}, tasks.drain.name)["queue"].name == "reminders"


@pytest.fixture
def in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"), time_machine.travel(LONG_AFTER, tick=False):
        yield


def test_the_command_says_how_far_it_is(told, in_english, monkeypatch):
    slices = iter([reminders.Forgotten(400, True), reminders.Forgotten(12, False)])
    monkeypatch.setattr(forget_old_reminders.reminders, "forget_old", lambda **options: next(slices))
    said = StringIO()
    call_command("forget_old_reminders", stdout=said)
    assert said.getvalue().splitlines() == [
        "400 deleted so far…", "412 reminders older than 400 days were deleted."
    ]  # fmt: skip


def test_the_command_can_be_stopped_and_run_again(told, in_english, monkeypatch):
    told(1)

    def interrupted(**options):
        raise KeyboardInterrupt

    said = StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(forget_old_reminders.reminders, "forget_old", interrupted)
        call_command("forget_old_reminders", stdout=said)
    assert "run it again" in said.getvalue() and Reminder.objects.count() == 4
    call_command("forget_old_reminders", stdout=said)
    assert "4 reminders" in said.getvalue() and not Reminder.objects.exists()

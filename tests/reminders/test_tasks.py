"""The tasks and the command for cron: one call each, the same engine."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from celery.fixups.django import DjangoWorkerFixup
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from config.celery import TASKS_PER_CONNECTION, Punctual, app
from planner import tasks
from planner.reminders import operations as reminders
from planner.reminders.models import DeliveryState, Notice, Reminder
from planner.reminders.rules import State

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)
AHEAD = datetime(2026, 4, 28, 7, 0, tzinfo=UTC)


@pytest.fixture
def due(make_item, schedule, settings):
    settings.EMAIL_URL = "smtp://127.0.0.1"
    schedule(make_item(due_at=DUE))
    with time_machine.travel(AHEAD, tick=False):
        yield


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


def test_the_beat_calls_a_task_that_exists():
    entries = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {tasks.tick.name, tasks.forget_old.name} <= entries
    assert entries | {tasks.drain.name} <= app.tasks.keys()


def test_beat_sleeps_until_an_entry_is_due(monkeypatch):
    sent = []
    with time_machine.travel(AHEAD, tick=False) as now:
        beat = Punctual(app, schedule={}, lazy=True)
        beat.add(name="one", task=tasks.tick.name, schedule=2.0)
        monkeypatch.setattr(beat, "apply_entry", lambda entry, producer: sent.append(entry.task))
        assert beat.tick() == pytest.approx(2.0)
        now.shift(1.995)
        assert beat.tick() == pytest.approx(0.005, abs=1e-4)
        assert sent == []
        now.shift(0.005)
        beat.tick()
    assert sent == [tasks.tick.name]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a server's connection is closed after each task")
def test_a_worker_keeps_the_database_open_between_tasks_for_a_while(monkeypatch):
    fixup, closed = DjangoWorkerFixup(app), []
    monkeypatch.setattr(fixup, "_close_database", lambda: closed.append(True))
    for _before_and_after in range(2 * TASKS_PER_CONNECTION):
        fixup.close_database()
    assert closed == []
    fixup.close_database()
    assert closed == [True]


def test_a_tick_sends_a_drain_that_expires_and_carries_nothing(due, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks.drain, "apply_async", lambda *args, **options: sent.append((args, options)))
    tasks.tick()
    assert sent == [((), {"expires": 10})]


def test_a_drain_delivers_by_mail(due):
    tasks.drain()
    assert [message.to for message in mail.outbox] == [['"Inès Marchetti" <ines@example.org>']]
    assert Reminder.objects.get(step="ahead").state == State.SENT


def test_cron_does_the_same_without_a_broker_and_says_so(due):
    said = StringIO()
    call_command("deliver_reminders", stdout=said)
    assert "Told: 1." in said.getvalue() and len(mail.outbox) == 1
    state = DeliveryState.objects.get()
    assert state.is_cron and state.last_tick_at is not None
    call_command("deliver_reminders", stdout=said)
    assert len(mail.outbox) == 1 and Notice.objects.count() == 1


def test_a_worker_that_comes_back_ends_cron_mode(due):
    reminders.tick(now=AHEAD, send=lambda: None, is_cron=True)
    reminders.tick(now=AHEAD + timedelta(seconds=2), send=lambda: None)
    assert not DeliveryState.objects.get().is_cron


def test_cron_says_that_delivery_is_paused(due):
    reminders.pause_delivery(actor=None, reason="Restored.", now=AHEAD)
    said = StringIO()
    call_command("deliver_reminders", stdout=said)
    assert "paused" in said.getvalue() and mail.outbox == []

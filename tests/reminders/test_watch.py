"""When delivery does not answer, those who manage read it on every page, and get one e-mail by another road."""

from datetime import timedelta

import pytest
from django.core import mail
from django.http import HttpResponse
from django.urls import reverse

from config.celery import NIGHTLY, REMINDERS, SWEEPS
from planner.base import clock
from planner.reminders import operations as reminders
from planner.reminders import rules, tasks
from planner.reminders.models import DeliveryState, Worker
from planner.reminders.views.watch import WatchMiddleware
from planner.workspaces.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_is_set_up(settings):
    settings.EMAIL_URL = "smtp://127.0.0.1"


@pytest.fixture
def silent(now, manager, monkeypatch):
    """The last tick is ten minutes old."""
    User.objects.update(password="argon2$x")
    DeliveryState.objects.create(pk=1, last_tick_at=now - timedelta(minutes=10))
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


def test_managers_are_written_to_once_and_again_after_six_hours(silent, member):
    assert reminders.watch(now=silent) == ["old-tick"]
    reminders.watch(now=silent + timedelta(hours=1))
    assert [message.to for message in mail.outbox] == [["maud@example.org"]]
    assert "rappels" in mail.outbox[0].subject
    reminders.watch(now=silent + timedelta(hours=7))
    assert len(mail.outbox) == 2


def test_a_recovery_ends_the_warning(silent):
    reminders.watch(now=silent)
    DeliveryState.objects.update(last_tick_at=silent)
    assert reminders.watch(now=silent) == []
    assert DeliveryState.objects.get().warned_at is None


def test_before_the_first_tick_nobody_is_written_to(now, manager):
    assert reminders.watch(now=now) == ["no-tick"]
    assert mail.outbox == []


def test_a_mail_server_that_fails_does_not_break_the_page(silent, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert reminders.watch(now=silent) == ["old-tick"]
    assert "could be told" in caplog.text


@pytest.mark.parametrize(("who", "is_shown"), [("manager", True), ("colleague", False)])
def test_the_banner_is_on_the_pages_of_those_who_manage(silent, request, browse, settings, who, is_shown):
    settings.REMINDER_WATCH_SECONDS = 1e-9
    reader = request.getfixturevalue(who)
    reader.user.refresh_from_db()
    page = browse(reader).get(reverse("reminders:inbox", kwargs={"workspace": "marbourg"}))
    assert ('role="alert"' in page.content.decode()) == is_shown


def test_it_looks_now_and_then_not_at_each_request_nor_before_the_worker_can_have_ticked(
    silent, settings, monkeypatch, rf
):
    settings.REMINDER_WATCH_SECONDS = 30
    looks = []
    monkeypatch.setattr(reminders, "watch", lambda *, now: looks.append(now) or [])
    watch = WatchMiddleware(lambda _request: HttpResponse())
    watch(rf.get("/"))
    assert looks == []
    watch.looked_at -= 30
    for _request in range(3):
        watch(rf.get("/"))
    assert len(looks) == 1


# ---- workers and queues


def test_a_worker_is_seen_and_one_long_gone_is_forgotten(now):
    reminders.note_worker(name="old@host", now=now - timedelta(days=2))
    reminders.note_worker(name="one@host", now=now)
    reminders.note_worker(name="one@host", now=now + timedelta(seconds=10))
    assert list(Worker.objects.values_list("name", "seen_at")) == [("one@host", now)]
    assert reminders.health(now=now).workers == 1
    assert reminders.health(now=now + timedelta(hours=1)).workers == 0


def test_the_tick_notes_what_waits_in_the_queues(now):
    reminders.tick(now=now, send=lambda: None, queues=lambda: {"reminders": 3})
    assert DeliveryState.objects.get().queues == {"reminders": 3}


def test_a_broker_that_cannot_be_asked_is_no_fault(monkeypatch):
    class Pool:
        def acquire(self, **_options):
            raise OSError

    monkeypatch.setattr(tasks, "current_app", type("App", (), {"pool": Pool()}))
    assert tasks._depths() is None


def test_the_queues_that_are_watched_are_those_that_exist():
    assert rules.QUEUES == (REMINDERS, SWEEPS, NIGHTLY)

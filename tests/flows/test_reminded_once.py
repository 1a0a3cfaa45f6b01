"""Reminded once, of real work: the command that cron runs twice in a minute, work done in time, somebody away."""

from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
import time_machine
from django.core.management import call_command

from planner.reminders.models import Delivery, Notice, Reminder
from planner.work import operations as work
from planner.workspaces.models import Absence
from tests.posts.conftest import PARIS, give_role, item_of


@pytest.fixture(autouse=True)
def mail(settings):
    settings.EMAIL_URL = "locmem://"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def run_cron(at: datetime, times: int = 1) -> None:
    with time_machine.travel(at, tick=True):
        for _turn in range(times):
            call_command("deliver_reminders", verbosity=0)


def told(item, step: str) -> list[str]:
    """Who was told this step of this work, in the inboxes."""
    notices = Notice.objects.filter(reminder__subject_id=item.pk, reminder__step=step)
    return [str(notice.recipient) for notice in notices.select_related("recipient__user")]


@pytest.fixture
def work_ahead(draft):
    """The revision of the text, due on a known day; its first reminder is two working days before."""
    item = item_of(draft, "revise")
    ahead = Reminder.objects.get(subject_id=item.pk, step="ahead")
    return item, ahead.due_at


def test_the_scheduler_run_twice_for_the_same_minute_gives_one_message(work_ahead, colleague, mailoutbox, capsys):
    item, at = work_ahead
    run_cron(at, times=2)
    run_cron(at + timedelta(seconds=30))
    assert told(item, "ahead") == [str(colleague)]
    assert Delivery.objects.filter(reminder__subject_id=item.pk, reminder__step="ahead").count() == 1
    subjects = [message_from_bytes(one.message().as_bytes(), policy=default)["Subject"] for one in mailoutbox]
    assert sum(item.title["fr"] in subject for subject in subjects) == 1


def test_work_that_is_done_is_silent(work_ahead, colleague, mailoutbox, capsys):
    item, at = work_ahead
    work.complete(item=item, actor=colleague, now=at - timedelta(days=1))
    for days in range(12):
        run_cron(at + timedelta(days=days))
    assert not Notice.objects.filter(reminder__subject_id=item.pk).exists()
    assert not Delivery.objects.filter(reminder__subject_id=item.pk).exists()
    assert mailoutbox  # the rest of the post did speak


def test_while_the_owner_is_away_the_second_person_is_reminded(work_ahead, colleague, answerer, mailoutbox, capsys):
    item, at = work_ahead
    give_role(colleague, item.role, second=answerer)
    away: date = at.astimezone(PARIS).date()
    Absence.objects.create(membership=colleague, starts_on=away, ends_on=away)
    run_cron(at, times=2)
    assert told(item, "ahead") == [str(answerer)]
    written_to = " ".join(address for one in mailoutbox for address in one.to)
    assert answerer.user.email in written_to and colleague.user.email not in written_to

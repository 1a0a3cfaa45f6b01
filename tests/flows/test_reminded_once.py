"""Reminded once, of real work: the command that cron runs twice in a minute, work done in time, somebody away, a step
in the words of the house."""

from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from planner.posts import operations as posts
from planner.posts.rules import WallTime
from planner.reminders.models import Delivery, Notice, Reminder
from planner.work import operations as work
from planner.workspaces.models import Absence
from tests.playbook.views.test_editing import filled
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


# ---- a step in the words of the house

LATER = WallTime(date(2026, 6, 4), time(10))
OLD, NEW = {"en": "In two working days", "fr": "Dans deux jours ouvrés"}, "Tomorrow we look at this together"


@pytest.fixture
def reworded(draft, browse, member, now):
    """The first reminder of everyday work, once changed in its form: the day before at half past ten, to the editor."""
    place = reverse("playbook:edit", args=["marbourg", "reminder_profile", "e-std"])
    with time_machine.travel(now, tick=False):
        client = browse(member)
        sent = filled(client.get(place))
        step = next(
            name.split(".")[1] for name, value in sent.items() if name.startswith("steps.") and value == OLD["en"]
        )
        mine = {"title.en:text": NEW, "title.fr:text": NEW, "at:text": "-1wd@10:30", "to:text": "editor"}
        assert client.post(place, {**sent, **{f"steps.{step}.{name}": text for name, text in mine.items()}}).url


def said_to(person, mailoutbox) -> str:
    """All that their mails say."""
    mails = (message_from_bytes(one.message().as_bytes(), policy=default) for one in mailoutbox)
    to_them = (one for one in mails if person.user.email in str(one["To"]))
    return " ".join(one.get_body(("plain",)).get_content() for one in to_them)


def wait_for(item, member, colleague, browse, mailoutbox) -> None:
    """The work is told with the words, at the hour and to the person of the house, and otherwise not."""
    day = item.due_at.astimezone(PARIS).replace(hour=9, minute=0)
    for days in (5, 4, 3, 2, 1):
        run_cron(day - timedelta(days=days))
    assert told(item, "ahead") == []
    run_cron(day - timedelta(days=1) + timedelta(hours=1, minutes=30))
    assert told(item, "ahead") == [str(member)]
    assert NEW in said_to(member, mailoutbox)
    assert OLD["fr"] not in said_to(colleague, mailoutbox)
    with time_machine.travel(day, tick=False):
        inbox = browse(member).get(reverse("reminders:inbox", args=["marbourg"])).text
    assert NEW in inbox and item.title["en"] in inbox


def test_what_is_planned_after_a_step_was_changed_is_told_in_the_words_of_the_house(
    reworded, draft, template, channels, values, member, colleague, browse, mailoutbox, capsys, now
):
    Reminder.objects.all().delete()  # of the post that was planned before
    post = posts.create_from_template(
        actor=member, template=template, planned=LATER, channels=channels, values=values, title="Leaves",
        language="en", now=now,
    )  # fmt: skip
    wait_for(item_of(post, "revise"), member, colleague, browse, mailoutbox)


def test_what_was_planned_before_keeps_its_words_until_the_post_moves(
    work_ahead, reworded, draft, member, colleague, browse, mailoutbox, capsys, now
):
    item, at = work_ahead
    run_cron(at)
    assert told(item, "ahead") == [str(colleague)]
    assert OLD["fr"] in said_to(colleague, mailoutbox) and NEW not in said_to(member, mailoutbox)
    Notice.objects.all().delete()
    mailoutbox.clear()
    posts.move(post=draft, actor=member, to=LATER, now=at)
    item.refresh_from_db()
    wait_for(item, member, colleague, browse, mailoutbox)

"""A held post falls silent at once, and speaks again once it is released: one message for each work, not seven."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planner.posts.models import Placement, Post
from planner.reminders import operations as reminders
from planner.reminders.models import Reminder
from planner.reminders.rules import State

DUE = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)  # a Thursday, 17:00 in Paris
AHEAD = datetime(2026, 4, 28, 7, 0, tzinfo=UTC)
DUE_DAY = datetime(2026, 4, 30, 7, 0, tzinfo=UTC)


@pytest.fixture
def held(post):
    return Post.objects.filter(pk=post.pk)


def states() -> dict[str, str]:
    return dict(Reminder.objects.values_list("step", "state"))


@pytest.fixture
def hold(post, channel, now, held):
    """Under a hold on its one channel, as after a declaration."""
    Placement.objects.create(post=post, workspace=post.workspace, channel=channel)

    def hold(at=now) -> None:
        Placement.objects.update(held_at=at)
        reminders.pause_groups(groups=held, now=at)

    return hold


@pytest.fixture
def release(held, now):
    def release(at=now) -> int:
        Placement.objects.update(held_at=None)
        return reminders.resume_groups(groups=held, now=at)

    return release


def test_a_held_group_is_never_told_anything(make_item, schedule, drain, told, hold):
    schedule(make_item(due_at=DUE))
    hold()
    drain(AHEAD + timedelta(days=30))
    assert told() == []
    assert set(states().values()) == {State.PAUSED}


def test_holding_rewrites_what_is_about_to_leave_alone(make_item, schedule, hold):
    """So that a hold over a hundred thousand posts takes seconds: the rest falls silent at its hour."""
    schedule(make_item(due_at=DUE))
    hold(AHEAD - timedelta(minutes=30))
    assert states() == {
        "ahead": State.PAUSED, "due-day": State.PENDING, "editor-told": State.PENDING, "approver-calls": State.PENDING
    }  # fmt: skip


def test_a_step_falls_silent_when_it_is_claimed(make_item, schedule, drain, told, hold, release, office):
    """Also a turn written as the crisis was declared, or a dead step that somebody tries again."""
    schedule(make_item(due_at=DUE))
    hold(AHEAD - timedelta(days=2))
    drain(AHEAD)
    assert (told(), office.sent) == ([], [])
    slept = Reminder.objects.get(step="ahead")
    assert (slept.state, slept.settled_at, slept.token) == (State.PAUSED, None, None)
    assert release(AHEAD) == 1
    drain(AHEAD)
    assert told() == [("Inès Marchetti", "ahead")]


def test_a_step_that_comes_again_waits_once_and_goes_on_after_a_release(
    make_item, schedule, drain, told, hold, release, post
):
    """Each quarter of an hour under a hold would be a row, and all of them would come at once after it."""
    work = make_item(due_at=DUE)
    schedule(work, profile="e-crisis")
    hold()
    asked = DUE + timedelta(minutes=15)
    for minute in range(0, 180, 5):
        drain(DUE + timedelta(minutes=minute))
    again = Reminder.objects.filter(details__has_key="every")
    assert [(row.due_at, row.state) for row in again] == [(asked, State.PAUSED)]
    end = DUE + timedelta(hours=3)
    release(end)
    drain(end)
    assert again.exclude(state=State.PENDING).count() == 1, "told, or told with another step of the work"
    assert [row.due_at > end for row in again.filter(state=State.PENDING)] == [True]


def test_pausing_is_one_statement(make_item, schedule, held, now):
    schedule(*(make_item(due_at=DUE) for _n in range(5)))
    with CaptureQueriesContext(connection) as seen:
        reminders.pause_groups(groups=held, now=now)
    assert sum(query["sql"].startswith("UPDATE") for query in seen) == 1


def test_what_is_to_come_comes_at_its_hour_after_a_release(make_item, schedule, drain, told, hold, release):
    schedule(make_item(due_at=DUE))
    hold(AHEAD - timedelta(minutes=30))
    assert release(AHEAD - timedelta(minutes=10)) == 0
    drain(AHEAD - timedelta(minutes=5))
    assert told() == []
    drain(AHEAD)
    assert told() == [("Inès Marchetti", "ahead")]


@pytest.mark.parametrize("every", [timedelta(hours=1), timedelta(days=9)], ids=["drained", "nobody drained"])
def test_what_passed_meanwhile_is_one_message_to_the_owner_that_says_why(
    make_item, schedule, drain, told, hold, release, office, every
):
    schedule(make_item(due_at=DUE))
    hold()
    later, at = datetime(2026, 5, 5, 7, 0, tzinfo=UTC), AHEAD  # after the editor's step and the call card
    while at + every < later:
        drain(at)
        at += every
    assert release(later) == 1
    drain(later)
    assert told() == [("Inès Marchetti", "due-day")]
    assert office.messages[0].card["because"][-1] == {"code": "resumed"}
    assert states() == {
        "ahead": State.COLLAPSED, "due-day": State.SENT, "editor-told": State.COLLAPSED,
        "approver-calls": State.COLLAPSED,
    }  # fmt: skip


def test_what_passed_meanwhile_of_several_works_is_one_mail(make_item, schedule, drain, told, hold, release, office):
    schedule(*(make_item(due_at=DUE) for _n in range(3)))
    hold()
    drain(DUE_DAY)
    release(DUE_DAY)
    drain(DUE_DAY)
    assert told() == [("Inès Marchetti", "due-day")] * 3
    assert [len(message.card.get("also", [])) for message in office.messages] == [2]


def test_an_escalation_comes_when_the_owner_had_been_asked(make_item, schedule, drain, hold, release, manager):
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    drain(DUE_DAY)
    hold(DUE_DAY)
    release(datetime(2026, 5, 4, 12, 0, tzinfo=UTC))
    assert states()["editor-told"] == State.PENDING
    assert states()["approver-calls"] == State.PENDING


def test_a_row_on_its_way_stops(make_item, schedule, drain, hold, office):
    schedule(make_item(due_at=DUE))
    batch = reminders.claim_due(now=AHEAD, channel="email", houses={})
    assert batch.jobs
    hold(AHEAD)
    assert drain(AHEAD + timedelta(hours=1)).counts["sent"] == 0
    assert office.sent == []


def test_a_move_and_a_completion_close_paused_rows(make_item, schedule, drain, hold, now):
    first, second = make_item(due_at=DUE), make_item(due_at=DUE)
    schedule(first, second)
    hold()
    drain(AHEAD)
    assert reminders.supersede(subjects=[first], now=now) == 4
    assert reminders.cancel(subjects=[second], reason="done", now=now) == 4


def test_a_step_that_sleeps_gets_the_new_hour_of_its_profile(make_item, schedule, drain, told, hold, release):
    """The same due date, another step of the clock: what fell silent is woken at the new hour."""
    work = make_item(due_at=DUE)
    schedule(work)
    hold()
    drain(AHEAD)
    Reminder.objects.filter(step="ahead").update(due_at=AHEAD - timedelta(hours=1))
    schedule(work)
    woken = Reminder.objects.get(step="ahead")
    assert (woken.state, woken.due_at) == (State.PENDING, AHEAD)
    drain(AHEAD)
    assert told() == []
    release(AHEAD)
    drain(AHEAD)
    assert told() == [("Inès Marchetti", "ahead")]


def test_steps_written_during_a_hold_are_silent_too(make_item, schedule, drain, told, hold, release):
    hold()
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    assert told() == []
    assert release(AHEAD) == 1


def test_a_message_from_a_person_is_told_during_a_hold(item, workspace, post, colleague, hold, drain, told, now):
    words = {"fr": "Regarde", "en": "Look"}
    reminders.notify(
        workspace=workspace, subject=item, group=post, person=colleague, message=words, actor=None, now=now
    )
    hold()
    drain(now)
    assert [name for name, _step in told()] == ["Karim Belhadj"]

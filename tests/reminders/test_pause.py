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


def test_a_paused_group_is_never_told_anything(make_item, schedule, drain, told, held):
    schedule(make_item(due_at=DUE))
    assert reminders.pause_groups(groups=held) == 4
    drain(AHEAD + timedelta(days=30))
    assert told() == []
    assert set(states().values()) == {State.PAUSED}


@pytest.fixture
def silenced(post, channel, now):
    """Under a hold on its one channel, as after a declaration."""
    Placement.objects.create(post=post, workspace=post.workspace, channel=channel, held_at=now)


def test_a_step_that_a_hold_did_not_find_falls_silent_when_it_is_claimed(
    make_item, schedule, drain, told, silenced, held, office
):
    """A turn written as the crisis was declared, or a dead step that somebody tries again."""
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    assert (told(), office.sent) == ([], [])
    slept = Reminder.objects.get(step="ahead")
    assert (slept.state, slept.settled_at, slept.token) == (State.PAUSED, None, None)
    Placement.objects.update(held_at=None)
    reminders.resume_groups(groups=held, now=AHEAD)
    drain(AHEAD)
    assert told() == [("Inès Marchetti", "ahead")]


def test_a_message_from_a_person_is_told_of_a_held_post_too(workspace, member, post, drain, told, silenced, now):
    reminders.notify(
        workspace=workspace, subject=post, group=post, person=member, message={"en": "Look"}, actor=None, now=now
    )
    drain(now)
    assert len(told()) == 1


def test_pausing_is_one_statement(make_item, schedule, held):
    schedule(*(make_item(due_at=DUE) for _n in range(5)))
    with CaptureQueriesContext(connection) as seen:
        reminders.pause_groups(groups=held)
    assert sum(query["sql"].startswith("UPDATE") for query in seen) == 1


def test_what_is_to_come_comes_at_its_hour_after_a_release(make_item, schedule, drain, told, held, now):
    schedule(make_item(due_at=DUE))
    reminders.pause_groups(groups=held)
    assert reminders.resume_groups(groups=held, now=now) == 4
    drain(AHEAD)
    assert told() == [("Inès Marchetti", "ahead")]


def test_what_passed_meanwhile_is_one_message_to_the_owner_that_says_why(
    make_item, schedule, drain, told, held, office
):
    schedule(make_item(due_at=DUE))
    reminders.pause_groups(groups=held)
    later = datetime(2026, 5, 5, 7, 0, tzinfo=UTC)  # after the editor's step and the call card
    assert reminders.resume_groups(groups=held, now=later) == 1
    drain(later)
    assert told() == [("Inès Marchetti", "due-day")]
    assert office.messages[0].card["because"][-1] == {"code": "resumed"}
    assert states() == {
        "ahead": State.COLLAPSED, "due-day": State.SENT, "editor-told": State.COLLAPSED,
        "approver-calls": State.COLLAPSED,
    }  # fmt: skip


def test_an_escalation_comes_when_the_owner_had_been_asked(make_item, schedule, drain, told, held, manager):
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    drain(DUE_DAY)
    reminders.pause_groups(groups=held)
    reminders.resume_groups(groups=held, now=datetime(2026, 5, 4, 12, 0, tzinfo=UTC))
    assert states()["editor-told"] == State.PENDING
    assert states()["approver-calls"] == State.PENDING


def test_a_row_on_its_way_stops(make_item, schedule, drain, held, office):
    schedule(make_item(due_at=DUE))
    batch = reminders.claim_due(now=AHEAD, channel="email", houses={})
    assert batch.jobs
    reminders.pause_groups(groups=held)
    assert drain(AHEAD + timedelta(hours=1)).counts["sent"] == 0
    assert office.sent == []


def test_a_move_and_a_completion_close_paused_rows(make_item, schedule, held, now):
    first, second = make_item(due_at=DUE), make_item(due_at=DUE)
    schedule(first, second)
    reminders.pause_groups(groups=held)
    assert reminders.supersede(subjects=[first], now=now) == 4
    assert reminders.cancel(subjects=[second], reason="done", now=now) == 4


def test_steps_of_a_held_group_are_born_paused(make_item, schedule, post, drain, told):
    post.is_held = True
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    assert told() == []
    assert reminders.resume_groups(groups=Post.objects.filter(pk=post.pk), now=AHEAD) == 4


def test_a_message_from_a_person_is_told_during_a_hold(item, workspace, post, colleague, held, drain, told, now):
    words = {"fr": "Regarde", "en": "Look"}
    reminders.notify(
        workspace=workspace, subject=item, group=post, person=colleague, message=words, actor=None, now=now
    )
    reminders.pause_groups(groups=held)
    drain(now)
    assert [name for name, _step in told()] == ["Karim Belhadj"]

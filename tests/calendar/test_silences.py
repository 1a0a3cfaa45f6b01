"""The silence alarm: said on the desk, told once, and never more than that."""

from datetime import datetime, timedelta

import pytest
import time_machine

from planner.calendar import operations as calendar
from planner.calendar.models import Silence
from planner.calendar.queries import silent
from planner.calendar.rules import is_silent
from planner.calendar.tasks import tell_silences
from planner.posts.models import Placement, Post
from planner.reminders.models import Notice, Reminder
from planner.reminders.operations import drain
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Absence, Channel, RoleAssignment
from planner.workspaces.rules import Pace

DAY = timedelta(days=1)


@pytest.fixture
def weekly(channel, manager, colleague, now):
    """The website, where something appears every week, which Karim answers for."""
    return workspaces.save_channel(
        actor=manager, channel=channel, owner=colleague, pace=Pace.WEEK, now=now - timedelta(days=60)
    )


def told() -> list[str]:
    return list(Reminder.objects.filter(subject_type__model="silence").values_list("addressee", flat=True))


@pytest.mark.parametrize(
    ("days", "next_in", "expected"),
    [(14, None, False), (15, None, True), (15, 6, False), (15, 8, True)],
    ids=["twice the cadence", "a day more", "soon to end", "planned too far away"],
)
def test_a_channel_is_silent_after_twice_its_cadence_without_anything_near(now, days, next_in, expected):
    next_at = None if next_in is None else now + next_in * DAY
    assert is_silent(Pace.WEEK, now - days * DAY, next_at, now) is expected


def test_whoever_answers_for_the_channel_is_told_once(weekly, colleague, appear, now):
    appear("Compost", now - 20 * DAY, status="published")
    assert calendar.tell_silences(now=now).silences == 1
    assert calendar.tell_silences(now=now + DAY).silences == 0
    assert told() == [f"member:{colleague.pk}"]
    drain(clock=lambda: now, transport=None)
    card = Notice.objects.get(recipient=colleague).card["en"]
    assert card["what"] == "“Website”: nothing since 7 April"
    assert card["link"] == "/w/marbourg/settings/channels/site/"


def test_the_next_silence_is_told_again_and_nothing_is_ever_posted(weekly, appear, now):
    appear("Compost", now - 20 * DAY, status="published")
    calendar.tell_silences(now=now)
    appear("Frost", now, status="published")
    posts, placements = Post.objects.count(), Placement.objects.count()
    assert calendar.tell_silences(now=now + 14 * DAY).silences == 0
    assert calendar.tell_silences(now=now + 15 * DAY).silences == 1
    assert (len(told()), Post.objects.count(), Placement.objects.count()) == (2, posts, placements)


def test_a_channel_that_never_published_counts_from_the_day_of_its_cadence(channel, manager, now):
    workspaces.save_channel(actor=manager, channel=channel, pace=Pace.WEEK, now=now)
    assert silent(Channel.objects.all(), now + 14 * DAY) == []
    assert [one.since for one in silent(Channel.objects.all(), now + 15 * DAY)] == [now]


def test_one_that_was_put_aside_starts_anew(weekly, manager, now):
    workspaces.use_channel(actor=manager, channel=weekly, is_used=False, now=now)
    assert silent(Channel.objects.all(), now) == []
    workspaces.use_channel(actor=manager, channel=weekly, is_used=True, now=now)
    assert silent(Channel.objects.all(), now + 10 * DAY) == []


def test_keeping_the_form_again_does_not_start_anew(weekly, manager, colleague, now):
    workspaces.save_channel(actor=manager, channel=weekly, owner=colleague, pace=Pace.WEEK, now=now)
    assert len(silent(Channel.objects.all(), now)) == 1


def test_what_is_planned_soon_held_or_cancelled(weekly, appear, now):
    post = appear("Compost", now + DAY)
    assert silent(Channel.objects.all(), now) == []
    Placement.objects.filter(post=post).update(held_at=now)
    assert len(silent(Channel.objects.all(), now)) == 1
    Placement.objects.filter(post=post).update(held_at=None, cancelled_at=now)
    assert len(silent(Channel.objects.all(), now)) == 1


def test_without_a_cadence_in_an_alert_or_in_a_sample_nobody_is_told(weekly, manager, workspace, now):
    workspace.is_alerted = True
    workspace.save()
    assert calendar.tell_silences(now=now).silences == 0
    workspace.is_alerted, workspace.is_sample = False, True
    workspace.save()
    assert calendar.tell_silences(now=now).silences == 0
    workspace.is_sample = False
    workspace.save()
    workspaces.save_channel(actor=manager, channel=weekly, now=now)
    assert calendar.tell_silences(now=now).silences == 0


def test_while_the_person_is_away_the_second_is_told_and_without_anybody_the_community_manager(
    weekly, manager, member, colleague, workspace, now
):
    Absence.objects.create(membership=colleague, starts_on=now.date(), ends_on=now.date())
    Channel.objects.update(deputy=member)
    RoleAssignment.objects.create(workspace=workspace, role="community", person=manager)
    calendar.tell_silences(now=now)
    Silence.objects.all().delete()
    Channel.objects.update(owner=None, deputy=None)
    calendar.tell_silences(now=now + DAY)
    assert told() == [f"member:{member.pk}", f"member:{manager.pk}"]


def test_a_slice_without_time_left_says_that_there_is_more_and_the_task_does_the_rest(weekly, now):
    assert calendar.tell_silences(now=now, seconds=-1).may_be_more
    with time_machine.travel(now, tick=False):
        tell_silences()
    assert Silence.objects.count() == 1


def test_the_desk_says_which_channels_are_silent(client, weekly, member, reader, now):
    for person, button in ((member, True), (reader, False)):
        client.force_login(person.user)
        with time_machine.travel(now, tick=False):
            page = client.get("/w/marbourg/").content.decode()
        block = page[page.index('id="silent"') :].partition("</section>")[0]
        assert "/w/marbourg/settings/channels/site/" in block
        assert ("/posts/new/" in block) is button


def test_a_manager_declares_the_cadence_on_the_page_of_the_channel(client, channel, manager):
    client.force_login(manager.user)
    address = "/w/marbourg/settings/channels/site/"
    assert client.post(address, {"is_used": "on", "pace": "14"}).status_code == 302
    channel.refresh_from_db()
    assert (channel.pace, isinstance(channel.paced_since, datetime)) == (14, True)
    assert '<option value="14" selected' in client.get(address).content.decode()

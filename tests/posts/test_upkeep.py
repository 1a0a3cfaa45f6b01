"""What follows from elsewhere: somebody leaves, a holiday is added, the clock of the workspace changes."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from planner.base.errors import NotAllowed
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.posts.models import Placement
from planner.posts.rules import WallTime
from planner.reminders.models import Reminder
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from tests.posts.conftest import PARIS, finish, give_role, item_of

MONTREAL = ZoneInfo("America/Toronto")


# ---- leaving


def test_the_work_of_who_leaves_falls_to_the_second_person_flagged(draft, manager, answerer, approver, now):
    approver.roles.update(second=answerer)
    workspaces.remove_member(actor=manager, member=approver, now=now)
    items = posts.hand_over_work(leaver=approver, actor=manager, now=now)
    approve = item_of(draft, "approve")
    assert approve in items
    assert approve.owner == answerer
    assert not approve.is_role_vacant
    assert str(approver) in approve.flag["fr"]
    assert str(approver) in approve.flag["en"]


def test_without_a_second_person_it_falls_to_the_editor_and_the_role_is_vacant(draft, manager, approver, member, now):
    workspaces.remove_member(actor=manager, member=approver, now=now)
    posts.hand_over_work(leaver=approver, actor=manager, now=now)
    approve = item_of(draft, "approve")
    assert (approve.owner, approve.is_role_vacant) == (member, True)


def test_the_deputy_answers_when_the_answerer_leaves(scheduled, manager, answerer, member, now):
    workspaces.remove_member(actor=manager, member=answerer, now=now)
    posts.hand_over_work(leaver=answerer, actor=manager, now=now)
    scheduled.refresh_from_db()
    assert (scheduled.answerer, scheduled.deputy) == (member, None)
    assert item_of(scheduled, "answer-24h").owner == member


def test_finished_work_keeps_its_name_and_an_author_stays_the_author(draft, manager, colleague, now):
    finish(draft, colleague, now, "frame")
    workspaces.remove_member(actor=manager, member=colleague, now=now)
    posts.hand_over_work(leaver=colleague, actor=manager, now=now)
    draft.refresh_from_db()
    assert draft.author == colleague
    assert item_of(draft, "frame").owner == colleague
    assert not WorkItem.objects.open().filter(owner=colleague).exists()
    assert not WorkItem.objects.about(draft).open().filter(owner__isnull=True).exists()


def test_who_had_nothing_leaves_no_trace_in_the_work(draft, manager, reader, now):
    workspaces.remove_member(actor=manager, member=reader, now=now)
    assert posts.hand_over_work(leaver=reader, actor=manager, now=now) == []
    assert not Entry.objects.filter(verb="post.work_handed_over").exists()


# ---- holidays


def test_a_new_holiday_dates_open_work_again_with_its_reminders(draft, manager, member, now):
    pinned = item_of(draft, "review")
    work.pin(item=pinned, due_at=datetime(2026, 5, 13, 12, 0, tzinfo=PARIS), actor=member, now=now)
    preflight = item_of(draft, "preflight")
    before = set(Reminder.objects.open().filter(subject_id=preflight.pk).values_list("due_at", flat=True))
    workspaces.change_holiday(actor=manager, day=date(2026, 5, 20), name="Fair", now=now)
    assert posts.relay_open_work(workspace=draft.workspace, actor=manager, now=now) == 1
    assert item_of(draft, "preflight").due_at == datetime(2026, 5, 19, 17, 0, tzinfo=PARIS)
    assert item_of(draft, "review").due_at == datetime(2026, 5, 13, 12, 0, tzinfo=PARIS)
    after = set(Reminder.objects.open().filter(subject_id=preflight.pk).values_list("due_at", flat=True))
    assert after
    assert after != before


def test_posts_that_ended_are_left_alone(draft, member, now):
    posts.cancel(post=draft, actor=member, reason="Off.", now=now)
    assert posts.relay_open_work(workspace=draft.workspace, now=now) == 0
    assert not WorkItem.objects.about(draft).open().exists()


# ---- the clock


def test_the_preview_of_a_zone_shows_each_hour_before_and_after_and_writes_nothing(draft, now):
    shifts = posts.preview_zone_change(workspace=draft.workspace, zone="America/Toronto")
    assert len(shifts) == 2
    assert {shift.wall for shift in shifts} == {WallTime(date(2026, 5, 21), time(10, 0))}
    assert {shift.after - shift.before for shift in shifts} == {timedelta(hours=6)}
    draft.refresh_from_db()
    assert draft.planned_at == datetime(2026, 5, 21, 10, 0, tzinfo=PARIS)


def test_wall_times_stay_when_the_clock_changes(draft, manager, member, now):
    work.pin(item=item_of(draft, "review"), due_at=datetime(2026, 5, 13, 12, 0, tzinfo=PARIS), actor=member, now=now)
    posts.change_zone(workspace=draft.workspace, zone="America/Toronto", actor=manager, now=now)
    draft.refresh_from_db()
    assert draft.workspace.time_zone == "America/Toronto"
    assert draft.planned_at == datetime(2026, 5, 21, 10, 0, tzinfo=MONTREAL)
    assert item_of(draft, "preflight").due_at == datetime(2026, 5, 20, 17, 0, tzinfo=MONTREAL)
    assert item_of(draft, "review").due_at == datetime(2026, 5, 13, 12, 0, tzinfo=MONTREAL)
    for placement in Placement.objects.filter(post=draft):
        assert placement.planned_zone == "America/Toronto"
        assert placement.planned_at == placement.shown_at == draft.planned_at
    rows = Reminder.objects.open().filter(subject_id=item_of(draft, "preflight").pk, step="due-day")
    assert rows.get().due_at == datetime(2026, 5, 20, 9, 0, tzinfo=MONTREAL)


def test_a_post_without_a_channel_keeps_its_wall_time_too(member, manager, template, now):
    post = posts.create_from_template(
        actor=member, template=template, planned=WallTime(date(2026, 5, 21), time(10, 0)), channels=[], title="T",
        language="en", now=now,
    )  # fmt: skip
    posts.change_zone(workspace=post.workspace, zone="America/Toronto", actor=manager, now=now)
    post.refresh_from_db()
    assert post.planned_at == datetime(2026, 5, 21, 10, 0, tzinfo=MONTREAL)


def test_what_is_published_keeps_its_real_hour(published, manager, out):
    posts.change_zone(workspace=published.workspace, zone="America/Toronto", actor=manager, now=out)
    published.refresh_from_db()
    assert published.published_at == out
    assert published.placements.get(channel__slug="site-article").shown_at == out
    newsletter = published.placements.get(channel__slug="newsletter")
    assert newsletter.planned_at == datetime(2026, 5, 21, 10, 0, tzinfo=MONTREAL)


def test_only_a_manager_changes_the_clock(draft, member, now):
    with pytest.raises(NotAllowed):
        posts.change_zone(workspace=draft.workspace, zone="America/Toronto", actor=member, now=now)


def test_the_editor_s_second_is_the_editor_once_the_editor_has_left(draft, member, manager, answerer, now):
    member.roles.filter(role="editor").update(second=answerer)
    give_role(manager, "analyst")
    workspaces.remove_member(actor=manager, member=member, now=now)
    posts.hand_over_work(leaver=member, actor=manager, now=now)
    assert item_of(draft, "review").owner == answerer
    assert item_of(draft, "perf").owner == manager

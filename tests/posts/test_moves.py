"""Moving: unfinished work follows, finished and pinned work stays, the past is refused."""

from datetime import date, datetime, time, timedelta

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused
from planner.posts import operations as posts
from planner.posts.models import Placement
from planner.posts.rules import Status, WallTime
from planner.reminders.models import Reminder
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Channel
from tests.posts.conftest import PARIS, PLANNED, finish, finish_before, item_of

LATER = WallTime(date(2026, 5, 28), time(10, 0))
"""A week after PLANNED."""


def due(post, key):
    return item_of(post, key).due_at


def test_a_week_later_moves_what_is_unfinished_and_not_pinned(draft, colleague, member, now):
    finish(draft, colleague, now, "frame")
    pinned = datetime(2026, 5, 12, 12, 0, tzinfo=PARIS)
    work.pin(item=item_of(draft, "review"), due_at=pinned, actor=member, now=now)
    frame, revise = due(draft, "frame"), due(draft, "revise")
    post = posts.move(post=draft, actor=member, to=LATER, now=now)
    assert post.planned_at == datetime(2026, 5, 28, 10, 0, tzinfo=PARIS)
    assert due(draft, "revise") == revise + timedelta(days=6)  # a holiday that week: Whit Monday
    assert due(draft, "preflight") == datetime(2026, 5, 27, 17, 0, tzinfo=PARIS)
    assert due(draft, "answer-1h") == datetime(2026, 5, 28, 11, 0, tzinfo=PARIS)
    assert due(draft, "frame") == frame
    assert due(draft, "review") == pinned


def test_reminders_follow_the_move_and_come_back_with_it(draft, member, now):
    preflight = item_of(draft, "preflight")

    def waiting():
        rows = Reminder.objects.open().filter(subject_id=preflight.pk, profile="e-std")
        return set(rows.values_list("step", "due_at"))

    before = waiting()
    posts.move(post=draft, actor=member, to=LATER, now=now)
    assert waiting()
    assert waiting().isdisjoint(before)
    posts.move(post=draft, actor=member, to=PLANNED, now=now)
    assert waiting() == before


@pytest.mark.parametrize("to", [WallTime(date(2026, 4, 27), time(9, 59)), WallTime(date(2026, 4, 27), time(10, 0))])
def test_into_the_past_is_refused(draft, member, now, to):
    with pytest.raises(Invalid, match="into the past") as refusal:
        posts.move(post=draft, actor=member, to=to, now=now)
    assert refusal.value.field == "on"


def test_nobody_plans_into_the_past(member, template, channels, now):
    with pytest.raises(Invalid, match="into the past"):
        posts.create_from_template(
            actor=member, template=template, planned=WallTime(date(2026, 4, 26), time(10, 0)), channels=channels,
            title="T", language="en", now=now,
        )  # fmt: skip


def test_a_date_too_near_starts_late_and_says_how_many_days_are_lost(draft, member, now):
    post = posts.move(post=draft, actor=member, to=WallTime(date(2026, 4, 30), time(10, 0)), now=now)
    frame = item_of(post, "frame")
    assert frame.is_late_start
    assert frame.due_at == now
    assert item_of(post, "preflight").is_late_start is False
    post.refresh_from_db()
    assert post.review_days_lost == 2  # the review was due on Thursday 23 April: lost are Friday and Monday
    post = posts.move(post=post, actor=member, to=LATER, now=now)
    post.refresh_from_db()
    assert post.review_days_lost == 0
    assert item_of(post, "frame").is_late_start is False


def test_what_is_owed_stays_owed_since_then(draft, colleague, now):
    """A change of the post on a later day gives overdue work no new date."""
    overdue = item_of(draft, "frame").due_at
    later = overdue + timedelta(days=2)
    posts.update_frame(post=draft, actor=colleague, values={"has_claims": True}, now=later)
    frame = item_of(draft, "frame")
    assert (frame.due_at, frame.is_late_start) == (overdue, False)
    assert frame in WorkItem.objects.late(later)


def test_without_a_date_nothing_is_due_and_nothing_reminds(draft, member, now):
    post = posts.move(post=draft, actor=member, to=None, now=now)
    assert post.planned_at is None
    assert not WorkItem.objects.about(post).filter(due_at__isnull=False).exists()
    assert not Reminder.objects.open().filter(group_id=post.pk).exists()


def test_a_scheduled_post_keeps_its_state_when_it_moves_and_loses_it_with_its_date(scheduled, member, now):
    assert posts.move(post=scheduled, actor=member, to=LATER, now=now).status == Status.SCHEDULED
    assert posts.move(post=scheduled, actor=member, to=None, now=now).status == Status.APPROVED


def test_an_idea_with_a_date_is_a_draft(template, colleague, member, now):
    idea = posts.propose(actor=colleague, template=template, title="Idea", language="en", now=now)
    assert posts.move(post=idea, actor=member, to=LATER, now=now).status == Status.DRAFT


def test_one_channel_moves_alone_and_the_earliest_anchors(draft, member, now):
    site = draft.placements.get(channel__slug="site-article")
    post = posts.move(post=draft, actor=member, to=LATER, placement=site, now=now)
    assert post.planned_at == datetime(2026, 5, 21, 10, 0, tzinfo=PARIS)
    newsletter = draft.placements.get(channel__slug="newsletter")
    post = posts.move(
        post=draft, actor=member, to=WallTime(date(2026, 6, 4), time(9, 0)), placement=newsletter, now=now
    )
    assert post.planned_at == datetime(2026, 5, 28, 10, 0, tzinfo=PARIS)
    site.refresh_from_db()
    assert (site.planned_on, site.planned_time, site.planned_zone) == (LATER.on, LATER.at, "Europe/Paris")
    assert site.shown_at == site.planned_at


def test_what_is_published_does_not_move(published, member, out):
    site = published.placements.get(channel__slug="site-article")
    with pytest.raises(Refused, match="does not move"):
        posts.move(post=published, actor=member, to=LATER, placement=site, now=out)
    posts.move(post=published, actor=member, to=LATER, now=out)
    site.refresh_from_db()
    assert site.published_at == out
    assert due(published, "publish") == datetime(2026, 5, 28, 10, 0, tzinfo=PARIS)
    assert due(published, "answer-24h") == out + timedelta(hours=24)


def test_only_who_plans_moves(draft, colleague, reader, outsider, now):
    for actor, error in ((colleague, NotAllowed), (reader, NotAllowed), (outsider, NotFound)):
        with pytest.raises(error):
            posts.move(post=draft, actor=actor, to=LATER, now=now)


def test_a_channel_is_added_at_the_hour_of_the_post_and_taken_away(draft, member, now):
    blog = Channel.objects.get(workspace=draft.workspace, slug="internal-blog")
    placement = posts.add_placement(post=draft, channel=blog, actor=member, now=now)
    assert placement.planned_at == datetime(2026, 5, 21, 10, 0, tzinfo=PARIS)
    with pytest.raises(Invalid, match="already"):
        posts.add_placement(post=draft, channel=blog, actor=member, now=now)
    posts.cancel_placement(post=draft, placement=placement, actor=member, now=now)
    assert Placement.objects.filter(post=draft).open().count() == 2
    assert posts.add_placement(post=draft, channel=blog, actor=member, now=now).pk == placement.pk


def test_the_last_channel_of_a_scheduled_post_stays(scheduled, member, now):
    first, second = scheduled.placements.all()
    posts.cancel_placement(post=scheduled, placement=first, actor=member, now=now)
    with pytest.raises(Refused, match="only channel"):
        posts.cancel_placement(post=scheduled, placement=second, actor=member, now=now)


def test_a_channel_of_somebody_else_is_not_found(draft, member, outsider, now):
    other = Channel.objects.create(workspace=outsider.workspace, slug="x", title={"en": "X"}, mark="X", family="web")
    with pytest.raises(NotFound):
        posts.add_placement(post=draft, channel=other, actor=member, now=now)


def test_an_unpinned_item_gets_the_date_of_the_grammar_again(draft, member, now):
    review = item_of(draft, "review")
    work.pin(item=review, due_at=now + timedelta(days=1), actor=member, now=now)
    posts.move(post=draft, actor=member, to=LATER, now=now)
    item = posts.unpin(item=review, post=draft, actor=member, now=now)
    assert not item.is_pinned
    assert item.due_at == datetime(2026, 5, 20, 17, 0, tzinfo=PARIS)


# ---- days closed to publication


def close(manager, now, first, last):
    workspaces.add_blackout(actor=manager, name="Municipal elections", starts_on=first, ends_on=last, now=now)


def test_nothing_moves_into_days_closed_to_publication(draft, member, manager, now):
    close(manager, now, date(2026, 5, 27), date(2026, 5, 28))
    with pytest.raises(Refused, match="Municipal elections") as refusal:
        posts.move(post=draft, actor=member, to=WallTime(date(2026, 5, 28), time(10)), now=now)
    assert refusal.value.field == "on"


def test_nothing_is_made_in_days_closed_to_publication(template, channels, values, member, manager, now):
    close(manager, now, PLANNED.on, PLANNED.on)
    with pytest.raises(Refused, match="Municipal elections"):
        posts.create_from_template(
            actor=member, template=template, planned=PLANNED, channels=channels, values=values, title="A",
            language="en", now=now,
        )  # fmt: skip


def test_what_stands_in_days_closed_since_is_not_scheduled(approved, member, manager, now):
    finish_before(approved, member, now, "scheduled")
    close(manager, now, PLANNED.on, PLANNED.on)
    with pytest.raises(Refused, match="Municipal elections"):
        posts.schedule(post=approved, actor=member, now=now)

"""Holding: what is frozen, what is caught meanwhile, and that nothing of it goes out by another door."""

from datetime import timedelta
from uuid import uuid4

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.posts.models import HeldPlacement, Hold, Initiative, Placement, Post
from planner.posts.rules import Release, Status, WallTime, covers, scope_of
from planner.reminders import operations as reminders
from planner.reminders.models import Notice, Reminder
from planner.reminders.rules import State
from tests.posts.conftest import PLANNED, YES, finish_before, give_role, write

ALL = {"all": True}
LATER = WallTime(PLANNED.on + timedelta(days=1), PLANNED.at)
ANSWERS = {"hurtful": "no", "resources": "no", "true-useful": "yes"}


@pytest.fixture
def alarm(newsroom, member, now):
    """An alert at a level with a hold on a scope."""

    def one(scope=ALL, level=3, **more):
        alert = posts.raise_alert(workspace=newsroom, level=level, scope=scope, actor=member, now=now)
        return posts.hold(
            workspace=newsroom, scope=scope, reason="Data leak", actor=member, alert=alert, now=now, **more
        )  # fmt: skip

    return one


def again(post) -> Post:
    return Post.objects.get(pk=post.pk)


def says(post) -> bool:
    """Do its steps tell anybody anything, drained at each of their hours?"""
    rows = Reminder.objects.filter(group_id=post.pk).exclude(profile="")
    for at in rows.open().order_by("next_at").values_list("next_at", flat=True):
        reminders.drain(clock=lambda at=at: at, transport=None)
    return Notice.objects.filter(reminder__in=rows).exists()


def test_a_hold_freezes_what_is_planned_and_says_what_it_was(scheduled, alarm):
    frozen = alarm()
    assert frozen.placements == 2
    rows = HeldPlacement.objects.filter(hold=frozen.hold)
    assert {(row.was, row.planned_at) for row in rows} == {(Status.SCHEDULED, scheduled.planned_at)}
    assert again(scheduled).is_held and again(scheduled).shown_state == "held"
    assert not says(scheduled)


def test_a_reminder_that_a_drain_has_in_hand_falls_silent_at_once(scheduled, alarm, now):
    rows = Reminder.objects.filter(group_id=scheduled.pk).exclude(profile="")
    rows.update(state=State.LEASED, token=uuid4(), next_at=now)
    alarm()
    assert set(rows.values_list("state", "token")) == {(State.PAUSED, None)}


def test_a_draft_stays_a_draft_and_an_undated_one_is_left_alone(draft, member, alarm, now):
    posts.move(post=draft, actor=member, to=None, now=now)
    assert alarm().placements == 0
    assert not again(draft).is_held and again(draft).status == Status.DRAFT


@pytest.mark.parametrize(
    "scope", [{"tags": ["fête"]}, {"posts": "this"}, {"channels": "these"}, {"initiatives": "campaign"}]
)
def test_a_scope_names_channels_initiatives_tags_or_posts(scheduled, channels, member, alarm, now, scope):
    campaign = Initiative.objects.create(
        workspace=scheduled.workspace, title="Summer", aim="Less waste", owner=member, created_at=now,
        starts_on=now.date(), ends_on=now.date(),
    )  # fmt: skip
    Post.objects.filter(pk=scheduled.pk).update(tags=["été", "fête"], initiative=campaign)
    ids = {"this": [scheduled.pk], "these": [channel.pk for channel in channels], "campaign": [campaign.pk]}
    wide = {kind: ids.get(value, value) if isinstance(value, str) else value for kind, value in scope.items()}
    assert all(
        covers(wide, post_id=scheduled.pk, channel_id=channel.pk, tags=["fête"], initiative_id=campaign.pk)
        for channel in channels
    )
    assert not covers(wide, post_id=0, channel_id=0, tags=["fete"], initiative_id=None)
    assert alarm(wide).placements == 2


def test_a_scope_leaves_the_rest_alone(scheduled, channels, alarm):
    assert alarm({"tags": ["fete"]}).placements == 0
    assert alarm({"channels": [channels[0].pk]}).placements == 1
    assert not again(scheduled).is_held, "one of its channels is free"
    assert says(scheduled), "and its reminders go on"


def test_a_scope_that_covers_nothing_is_refused():
    with pytest.raises(Invalid):
        scope_of()


def test_an_exception_passes_and_keeps_its_reason(scheduled, alarm, member, now):
    frozen = alarm(excepted={scheduled.pk: "Water is cut tomorrow"})
    assert frozen.placements == 0
    posts.unschedule(post=scheduled, actor=member, now=now)
    assert posts.schedule(post=again(scheduled), actor=member, now=now).shown_state == Status.SCHEDULED
    with pytest.raises(Invalid):
        alarm(excepted={scheduled.pk: " "})
    with pytest.raises(NotFound):
        alarm(excepted={0: "Nothing"})


def test_what_is_held_is_no_exception_any_more(scheduled, alarm, member, now):
    frozen = alarm()
    with pytest.raises(Refused, match="queue"):
        posts.let_pass(hold=frozen.hold, post=scheduled, reason="Now", actor=member, now=now)


def test_nothing_goes_out_by_another_door(scheduled, alarm, member, approver, out):
    finish_before(scheduled, member, out, "published")
    site = scheduled.placements.get(channel__slug="site-article")
    alarm()
    doors = (
        lambda: posts.record_publication(
            placement=site, actor=member, address="https://m.example/", published_at=out, now=out
        ),
        lambda: posts.unschedule(post=scheduled, actor=member, now=out),
        lambda: posts.cancel(post=scheduled, actor=member, reason="Off", now=out),
        lambda: posts.move(post=scheduled, actor=member, to=LATER, now=out - timedelta(days=9)),
        lambda: posts.move(post=scheduled, actor=member, to=LATER, placement=site, now=out - timedelta(days=9)),
        lambda: posts.cancel_placement(post=scheduled, placement=site, actor=member, now=out),
    )
    for door in doors:
        with pytest.raises(Refused, match="held") as refusal:
            door()
        assert refusal.value.link.endswith("#held")
    assert not Placement.objects.filter(published_at__isnull=False).exists()


def test_an_edit_voids_the_approval_and_it_stays_held(scheduled, alarm, colleague, approver, now):
    alarm()
    write(scheduled, colleague, "Other words altogether.", now)
    post = again(scheduled)
    assert (post.status, post.is_held) == (Status.IN_REVIEW, True)
    assert not post.approvals.filter(voided_at__isnull=True).exists()
    assert not says(scheduled), "work laid out anew stays silent too"
    assert posts.approve(answers=YES, post=post, actor=approver, now=now).shown_state == "held"


def test_what_is_approved_meanwhile_lands_in_held(in_review, alarm, approver, member, now):
    posts.move(post=in_review, actor=member, to=None, now=now)
    alarm()
    assert not again(in_review).is_held
    post = posts.approve(answers=YES, post=again(in_review), actor=approver, now=now)
    assert again(post).is_held
    assert Entry.objects.about(post).filter(verb="post.caught").exists()


def test_what_is_scheduled_meanwhile_lands_in_held_and_a_release_schedules_it(approved, alarm, member, now):
    give_role(member, "crisis_lead")
    finish_before(approved, member, now, "scheduled")
    frozen = alarm(level=2)
    post = posts.schedule(post=again(approved), actor=member, now=now)
    assert (post.status, post.shown_state) == (Status.APPROVED, "held")
    posts.decide(
        post=post, hold=frozen.hold, actor=member, decision=Release.UNCHANGED, reason="Useful", answers=ANSWERS, now=now
    )
    assert again(post).shown_state == Status.SCHEDULED


def test_a_channel_added_to_a_scheduled_post_is_held_too(scheduled, newsroom, alarm, member, now):
    more = newsroom.channels.get(slug="linkedin-page")
    alarm({"channels": [more.pk]})
    placement = posts.add_placement(post=scheduled, channel=more, actor=member, now=now)
    placement.refresh_from_db()
    assert placement.held_at is not None
    assert not again(scheduled).is_held


def test_closing_a_hold_returns_nothing(scheduled, alarm, member, now):
    frozen = alarm()
    posts.end_alert(alert=frozen.hold.alert, actor=member, now=now)
    assert Hold.objects.get().closed_at == now
    assert again(scheduled).is_held and not says(scheduled)


def test_a_post_is_held_by_hand_and_released_by_somebody_who_plans(scheduled, member, reader, colleague, now):
    opened = posts.hold_post(post=scheduled, actor=member, reason="Waits for the mayor", now=now)
    with pytest.raises(NotAllowed):
        posts.decide(post=scheduled, hold=opened, actor=colleague, decision=Release.UNCHANGED, reason="Please", now=now)
    with pytest.raises(NotAllowed):
        posts.hold_post(post=scheduled, actor=reader, reason="I wish it", now=now)
    with pytest.raises(Refused, match="nothing left"):
        posts.hold_post(post=scheduled, actor=member, reason="Twice", now=now)
    posts.decide(post=scheduled, hold=opened, actor=member, decision=Release.UNCHANGED, reason="He came", now=now)
    assert again(scheduled).shown_state == Status.SCHEDULED
    assert says(scheduled)


def test_what_came_due_under_a_hold_is_told_after_the_release_and_says_why(scheduled, member, now):
    opened = posts.hold_post(post=scheduled, actor=member, reason="Waits for the mayor", now=now)
    first = Reminder.objects.filter(group_id=scheduled.pk).exclude(profile="").open().earliest("next_at")
    reminders.drain(clock=lambda: first.next_at, transport=None)
    assert not Notice.objects.filter(reminder=first).exists()
    later = first.next_at + timedelta(minutes=5)
    posts.decide(post=scheduled, hold=opened, actor=member, decision=Release.UNCHANGED, reason="He came", now=later)
    first.refresh_from_db()
    assert (first.state, first.next_at, first.reason) == (State.PENDING, later, [{"code": "resumed"}])


def test_an_outsider_holds_nothing(scheduled, outsider, now):
    with pytest.raises(NotFound):
        posts.hold_post(post=scheduled, actor=outsider, reason="Mine", now=now)


def test_the_page_says_that_it_is_held_and_offers_the_way_out(browse, scheduled, member, now):
    member.user.language = "en"
    member.user.save()
    client = browse(member)
    page = f"/w/marbourg/posts/{scheduled.pk}/"
    answer = client.post(f"{page}hold/", {"reason": "Waits for the mayor"}, follow=True)
    assert "Waits for the mayor" in answer.content.decode()
    hold = Hold.objects.get()
    assert client.get("/w/marbourg/calendar/?month=2026-05").content.decode().count("is-held") >= 2
    answer = client.post(f"{page}hold/{hold.pk}/decide/", {"decision": "redate", "reason": "Later", "on": "2031-05-28",
                                                           "at": "10:00"}, follow=True)  # fmt: skip
    assert "28 May 2031" in answer.content.decode()
    assert client.get(f"{page}hold/{hold.pk}/decide/").status_code == 404
    assert again(scheduled).shown_state == Status.SCHEDULED


def test_a_reader_may_not_hold(browse, scheduled, reader):
    assert browse(reader).get(f"/w/marbourg/posts/{scheduled.pk}/hold/").status_code == 403

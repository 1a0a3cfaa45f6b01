"""Down one step at a time, all-clear with evidence, nothing returns, debrief, changes."""

from datetime import date, timedelta

import pytest

from planner.base.errors import Invalid, NotAllowed, Refused, Stale
from planner.crisis import operations as crises
from planner.crisis.queries import held_posts
from planner.posts import operations as post_operations
from planner.posts.models import Placement, Post, PostText
from planner.posts.operations import gating
from planner.posts.rules import Release, Status, WallTime
from planner.work.models import WorkItem
from planner.workspaces.models import Workspace
from tests.crisis.conftest import ANSWERS
from tests.posts.conftest import PLANNED

LATER = WallTime(PLANNED.on + timedelta(days=1), PLANNED.at)


@pytest.fixture
def crisis(scheduled, declare):
    return declare()


def test_the_level_falls_one_step_at_a_time_with_a_reason(crisis, lead, member, now):
    with pytest.raises(Invalid, match="one step"):
        crises.change_level(crisis=crisis, level=1, reason="Calm", actor=lead, now=now)
    with pytest.raises(Invalid):
        crises.change_level(crisis=crisis, level=2, reason=" ", actor=lead, now=now)
    with pytest.raises(NotAllowed):
        crises.change_level(crisis=crisis, level=2, reason="Calm", actor=member, now=now)
    crises.change_level(crisis=crisis, level=2, reason="Calm", actor=lead, now=now)
    crisis.refresh_from_db()
    assert (crisis.level, crisis.peak, crisis.alert.level, crisis.alert.peak) == (2, 3, 2, 3)
    assert Placement.objects.filter(held_at__isnull=False).count() == 2, "falling releases nothing"


def test_rising_from_a_watch_holds_at_once(scheduled, declare, lead, now):
    crisis = declare(1)
    crises.change_level(crisis=crisis, level=3, reason="A leak", actor=lead, now=now)
    crisis.refresh_from_db()
    assert crisis.hold is not None and Post.objects.get(pk=scheduled.pk).is_held
    assert WorkItem.objects.about(crisis).filter(key="assemble").exists()


def test_rising_widens_the_hold(scheduled, declare, lead, now):
    crisis = declare(2, scope={"tags": ["nothing"]})
    assert not Post.objects.get(pk=scheduled.pk).is_held
    crises.change_level(crisis=crisis, level=3, reason="A leak", actor=lead, now=now)
    assert Post.objects.get(pk=scheduled.pk).is_held


def test_rising_judges_by_the_new_level_all_that_it_covers_now(scheduled, declare, lead, now):
    crisis = declare(2, scope={"tags": ["nothing"]})
    PostText.objects.filter(post=scheduled).update(body=SELLS)
    assert "R12" not in gating.judge(scheduled, now).blocked_by
    crises.change_level(crisis=crisis, level=3, reason="A leak", actor=lead, now=now)
    assert "R12" in gating.judge(scheduled, now).blocked_by


def test_rising_from_a_watch_to_a_part_judges_that_part_alone(scheduled, declare, lead, now):
    crisis = declare(1)
    PostText.objects.filter(post=scheduled).update(body=SELLS)
    crises.change_level(crisis=crisis, level=2, reason="More", actor=lead, scope={"tags": ["nothing"]}, now=now)
    assert "R12" not in gating.judge(scheduled, now).blocked_by


def test_somebody_else_leads(crisis, lead, member, now):
    crises.hand_over(crisis=crisis, to=member, actor=lead, now=now)
    crisis.refresh_from_db()
    assert crisis.lead == member
    with pytest.raises(Stale):
        crises.hand_over(crisis=crisis, to=member, actor=lead, now=now)


def test_the_end_needs_level_one_evidence_and_quiet(crisis, lead, now):
    with pytest.raises(Refused, match="level 1 first"):
        crises.clear(crisis=crisis, actor=lead, reason="Over", now=now)
    for level in (2, 1):
        crises.change_level(crisis=crisis, level=level, reason="Calm", actor=lead, now=now)
    with pytest.raises(Refused, match="evidence"):
        crises.clear(crisis=crisis, actor=lead, reason="Over", now=now)
    for check in crisis.checks.filter(kind="condition"):
        with pytest.raises(Invalid, match="evidence"):
            crises.tick(check=check, actor=lead, now=now)
        crises.tick(check=check, actor=lead, note="Called the provider", now=now)
    with pytest.raises(Refused, match="48 hours"):
        crises.clear(crisis=crisis, actor=lead, reason="Over", now=now + timedelta(hours=47))
    crises.clear(crisis=crisis, actor=lead, reason="Over", now=now + timedelta(hours=48))


def test_after_the_all_clear_nothing_returns_by_itself(crisis, clear, scheduled, now):
    crisis, later = clear(crisis, now)
    assert Post.objects.get(pk=scheduled.pk).is_held
    assert not Workspace.objects.get(pk=crisis.workspace_id).is_alerted
    keys = set(WorkItem.objects.about(crisis).open().values_list("key", flat=True))
    assert keys == {"closing-statement", "thanks", "post-mortem", "queue"}
    assert set(WorkItem.objects.about(crisis).filter(key="assemble").values_list("state", flat=True)) == {"dropped"}


def test_the_last_decision_finishes_the_work_of_the_queue(crisis, clear, scheduled, review, now):
    crisis, later = clear(crisis, now)
    assert crisis.checks.get(key="queue").done_at is None
    review(crisis, scheduled, at=later)
    assert crisis.checks.get(key="queue").done_at == later
    assert WorkItem.objects.about(crisis).get(key="queue").state == "done"


def test_thanks_that_are_ticked_are_asked_for_no_longer(crisis, clear, member, now):
    crisis, later = clear(crisis, now)
    crises.tick(check=crisis.checks.get(key="thanks"), actor=member, now=later)
    crises.tick(check=crisis.checks.get(key="queue"), actor=member, now=later)
    assert WorkItem.objects.about(crisis).get(key="thanks").state == "done"
    assert WorkItem.objects.about(crisis).get(key="queue").state == "open", "posts still wait"


def test_a_statement_whose_post_was_cancelled_stands_in_nobodys_way(crisis, speak, clear, member, lead, reads, now):
    statement = speak(crisis, now, upto="prepare")
    with pytest.raises(Refused, match="waits to go out") as refusal:
        clear(crisis, now)
    assert refusal.value.link == statement.link
    crisis.refresh_from_db()
    post_operations.cancel(post=Post.objects.get(pk=statement.post_id), actor=member, reason="Another one", now=now)
    assert "First words, " not in reads(member).get(crisis.link).text
    assert speak(crisis, now + timedelta(minutes=5)).published_at
    crises.clear(crisis=crisis, actor=lead, reason="Over", now=now + timedelta(hours=50))


def test_the_queue_needs_both_roles_and_each_decides_once(crisis, scheduled, review, member, lead, colleague, now):
    with pytest.raises(NotAllowed, match="together"):
        _propose(crisis, scheduled, colleague, now)
    proposal = _propose(crisis, scheduled, member, now)
    assert Post.objects.get(pk=scheduled.pk).is_held, "a proposal frees nothing"
    with pytest.raises(NotAllowed):
        crises.confirm_review(review=proposal, actor=member, now=now)
    crises.confirm_review(review=proposal, actor=lead, now=now)
    assert Post.objects.get(pk=scheduled.pk).shown_state == Status.SCHEDULED
    with pytest.raises(Stale):
        crises.confirm_review(review=proposal, actor=lead, now=now)


def _propose(crisis, post, actor, now, decision=Release.UNCHANGED):
    return crises.review(
        crisis=crisis, post=post, actor=actor, decision=decision, reason="Useful", answers=ANSWERS, now=now
    )


def test_at_level_two_the_editor_alone(scheduled, declare, member, lead, now):
    crisis = declare(2, scope={"all": True})
    with pytest.raises(NotAllowed):
        _propose(crisis, scheduled, lead, now)
    assert _propose(crisis, scheduled, member, now).settled_at
    assert Post.objects.get(pk=scheduled.pk).shown_state == Status.SCHEDULED


def test_ten_working_days_later_a_new_date_or_it_goes(crisis, clear, scheduled, review, now):
    crisis, later = clear(crisis, now)
    late = later + timedelta(days=21)
    with pytest.raises(Refused, match="Ten working days"):
        review(crisis, scheduled, at=late)
    review(crisis, scheduled, Release.REDATE, at=late, to=LATER)


def test_the_debrief_has_lessons_and_changes_that_are_looked_at_again(crisis, clear, lead, colleague, member, now):
    with pytest.raises(Refused, match="after the all-clear"):
        crises.save_lessons(crisis=crisis, lessons={"lived": "x"}, actor=member, now=now)
    crisis, later = clear(crisis, now)
    with pytest.raises(Refused, match="at least one change"):
        crises.close_debrief(crisis=crisis, actor=lead, now=later)
    change = crises.add_change(
        crisis=crisis,
        text="Test the numbers monthly",
        owner=colleague,
        due_on=date(2026, 6, 1),
        actor=member,
        now=later,
    )
    items = WorkItem.objects.about(crisis).filter(key__startswith=f"change-{change.pk}")
    days = sorted(item.due_at.astimezone(tz=None).date() for item in items)
    assert items.count() == 3 and {item.owner for item in items} == {colleague}
    assert days[1] >= date(2026, 7, 1) and days[2] >= date(2026, 8, 30)
    with pytest.raises(Refused, match="lived through"):
        crises.close_debrief(crisis=crisis, actor=lead, now=later)
    crises.save_lessons(crisis=crisis, lessons={"lived": "Fear.", "nonsense": "x"}, actor=member, now=later)
    crises.close_debrief(crisis=crisis, actor=lead, now=later)
    crisis.refresh_from_db()
    assert crisis.debriefed_at == later and crisis.lessons == {"lived": "Fear."}


def test_facts_move_between_three_lists_and_the_log_tells(crisis, member, now):
    fact = crises.add_fact(crisis=crisis, kind="check", text="Numbers of 2024", source="Nadia", actor=member, now=now)
    with pytest.raises(Invalid, match="who confirms"):
        crises.add_fact(crisis=crisis, kind="known", text="2,140 homes", actor=member, now=now)
    later = now + timedelta(hours=1)
    crises.move_fact(fact=fact, kind="known", source="The provider", actor=member, now=later)
    crisis.refresh_from_db()
    assert crisis.facts_changed_at == later
    crises.drop_fact(fact=fact, actor=member, now=later)
    with pytest.raises(Stale):
        crises.drop_fact(fact=fact, actor=member, now=later)
    assert sum("Numbers of 2024" in line.decision for line in crisis.lines.all()) == 3


SELLS = "It is the perfect time to discover our range: a special offer, while stocks last. Order now!"


def test_whoever_reviews_sees_what_the_rules_say_in_a_crisis(crisis, scheduled, member, clear, reads, now):
    PostText.objects.filter(post=scheduled).update(body=SELLS)  # as it may well have been held
    page = f"{crisis.link}queue/{scheduled.pk}/"
    seen = reads(member).get(page).content.decode()
    assert "<mark>Order now</mark>" in seen and "as in a crisis" in seen
    assert "R12" in seen
    clear(crisis, now)
    assert "as in a crisis" not in reads(member).get(page).content.decode()


def test_the_queue_is_in_order_page_by_page_and_useful_posts_come_first_at_the_end(
    scheduled, declare, clear, lead, now
):  # fmt: skip
    other = scheduled.placements.exclude(channel=scheduled.placements.first().channel).first()
    hours = [n and now + timedelta(days=n) for n in (3, 1, None, 2)]
    posts = [copy_of(scheduled, other.channel, planned_at=hour) for hour in hours]
    Post.objects.filter(pk=posts[1].pk).update(intent="promote")
    crisis = declare()
    order = [posts[1], posts[3], posts[0], scheduled, posts[2]]
    crisis.refresh_from_db()
    assert crisis.hold.waiting == 5
    assert [one.post for one in held_posts(crisis, limit=9)] == order
    assert [one.post for skip in range(5) for one in held_posts(crisis, limit=1, skip=skip)] == order
    assert len(held_posts(crisis, limit=9)[3].rows) == scheduled.placements.count() > 1
    crisis, _later = clear(crisis, now)
    assert [one.post for one in held_posts(crisis, limit=9)] == [*order[1:], posts[1]]


def copy_of(post, channel, *, planned_at):
    one = Post.objects.get(pk=post.pk)
    one.pk, one.planned_at = None, planned_at
    one._state.adding = True
    one.save(force_insert=True)
    Placement.objects.create(
        workspace=one.workspace, post=one, channel=channel, planned_at=planned_at, shown_at=planned_at,
        planned_on=planned_at and planned_at.date(), planned_time=planned_at and planned_at.time(),
    )  # fmt: skip
    return one

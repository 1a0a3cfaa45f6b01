"""Letting a held post go: one at a time, by people, with a reason, and never the fourth of a day."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.base.errors import Invalid, NotAllowed, PlannerError, Refused, Stale
from planner.posts import operations as posts
from planner.posts.models import HeldPlacement, Hold, Placement, Post
from planner.posts.operations.release import released_today
from planner.posts.rules import RELEASES_A_DAY, Intent, Release, Status, WallTime
from planner.work.models import WorkItem
from tests.posts.conftest import PARIS, PLANNED, YES, finish_before, give_role, write
from tests.posts.test_holds import ALL, ANSWERS, LATER, again, alarm  # noqa: F401


@pytest.fixture
def crisis_lead(colleague):
    give_role(colleague, "crisis_lead")
    return colleague


@pytest.fixture
def say(member, crisis_lead, now):
    """The editor and the crisis lead decide."""

    def one(post, hold, decision, **values):
        said = {
            "actor": member,
            "seconded_by": crisis_lead,
            "answers": ANSWERS,
            "reason": "We looked at it",
            "now": now,
        }
        return posts.decide(**{**said, "post": post, "hold": hold, "decision": decision, **values})

    return one


def test_release_unchanged(scheduled, alarm, say):  # noqa: F811
    frozen = alarm()
    say(scheduled, frozen.hold, Release.UNCHANGED)
    assert again(scheduled).shown_state == Status.SCHEDULED
    row = HeldPlacement.objects.first()
    assert (row.decision, row.answers, bool(row.seconded_by)) == (Release.UNCHANGED, ANSWERS, True)
    with pytest.raises(Stale):
        say(scheduled, frozen.hold, Release.UNCHANGED)


def test_two_people_decide_from_level_three_on(scheduled, alarm, say, member, crisis_lead, manager):  # noqa: F811
    frozen = alarm()
    for actor, second in ((member, None), (member, member), (crisis_lead, crisis_lead), (member, manager)):
        with pytest.raises(NotAllowed, match="together"):
            say(scheduled, frozen.hold, Release.UNCHANGED, actor=actor, seconded_by=second)
    say(scheduled, frozen.hold, Release.UNCHANGED, actor=crisis_lead, seconded_by=member)


def test_one_person_with_both_roles_is_still_one(scheduled, alarm, say, member):  # noqa: F811
    frozen = alarm()
    give_role(member, "crisis_lead")
    with pytest.raises(NotAllowed, match="together"):
        say(scheduled, frozen.hold, Release.UNCHANGED, seconded_by=member)
    with pytest.raises(NotAllowed, match="together"):
        say(scheduled, frozen.hold, Release.UNCHANGED, seconded_by=None)


def test_at_level_two_the_editor_decides_alone(scheduled, alarm, say, crisis_lead, member):  # noqa: F811
    frozen = alarm(level=2)
    with pytest.raises(NotAllowed):
        say(scheduled, frozen.hold, Release.UNCHANGED, actor=crisis_lead, seconded_by=None)
    say(scheduled, frozen.hold, Release.UNCHANGED, seconded_by=None)


def test_a_hold_that_rose_to_level_three_asks_for_two(scheduled, alarm, say, member, now):  # noqa: F811
    frozen = alarm(level=2)
    posts.change_alert(alert=frozen.hold.alert, level=3, actor=member, now=now)
    posts.change_alert(alert=frozen.hold.alert, level=1, actor=member, now=now)
    with pytest.raises(NotAllowed):
        say(scheduled, frozen.hold, Release.UNCHANGED, seconded_by=None)


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"answers": {"hurtful": "no"}}, {"decision": "everything"}])
def test_a_reason_and_three_answers_are_asked(scheduled, alarm, say, wrong):  # noqa: F811
    frozen = alarm()
    with pytest.raises(Invalid):
        say(scheduled, frozen.hold, **{"decision": Release.UNCHANGED, **wrong})


def test_a_changed_text_is_not_released_unchanged(scheduled, alarm, say, colleague, approver, now):  # noqa: F811
    frozen = alarm()
    write(scheduled, colleague, "Other words.", now + timedelta(minutes=1))
    posts.approve(answers=YES, post=again(scheduled), actor=approver, now=now + timedelta(minutes=2))
    with pytest.raises(Refused, match="changed"):
        say(again(scheduled), frozen.hold, Release.UNCHANGED, now=now + timedelta(minutes=3))
    say(again(scheduled), frozen.hold, Release.REDATE, to=LATER, now=now + timedelta(minutes=3))
    assert again(scheduled).is_held is False


def test_what_has_missed_its_hour_gets_a_new_date_or_goes(scheduled, alarm, say, out):  # noqa: F811
    frozen = alarm()
    with pytest.raises(Refused, match="hour has passed"):
        say(scheduled, frozen.hold, Release.UNCHANGED, now=out)
    with pytest.raises(Invalid):
        say(scheduled, frozen.hold, Release.REDATE, to=PLANNED, now=out)
    say(scheduled, frozen.hold, Release.REDATE, to=LATER, now=out)
    assert again(scheduled).planned_at == datetime.combine(LATER.on, LATER.at, tzinfo=PARIS)


def test_a_rewrite_goes_back_to_its_author_and_is_looked_at_again(scheduled, alarm, say, colleague, approver, now):  # noqa: F811
    frozen = alarm()
    say(scheduled, frozen.hold, Release.REWRITE)
    assert again(scheduled).shown_state == Status.DRAFT
    posts.submit(post=again(scheduled), actor=colleague, now=now)
    posts.approve(answers=YES, post=again(scheduled), actor=approver, now=now)
    assert again(scheduled).is_held, "the hold is still open"


def test_cancelled_is_gone_and_a_reopened_one_is_caught_again(scheduled, alarm, say, member, colleague, approver, now):  # noqa: F811
    frozen = alarm()
    say(scheduled, frozen.hold, Release.CANCEL)
    assert again(scheduled).status == Status.CANCELLED
    assert not WorkItem.objects.about(scheduled).open().exists()
    posts.reopen(post=again(scheduled), actor=member, now=now)
    posts.submit(post=again(scheduled), actor=colleague, now=now)
    posts.approve(answers=YES, post=again(scheduled), actor=approver, now=now)
    assert again(scheduled).is_held


def test_a_text_that_changes_after_its_release_is_held_again(scheduled, alarm, say, colleague, now):  # noqa: F811
    frozen = alarm()
    say(scheduled, frozen.hold, Release.UNCHANGED)
    write(scheduled, colleague, "Other words.", now)
    assert again(scheduled).shown_state == "held"


def test_two_holds_both_have_to_let_go(scheduled, alarm, say):  # noqa: F811
    first, second = alarm(), alarm({"posts": [scheduled.pk]}, level=2)
    say(scheduled, first.hold, Release.UNCHANGED)
    assert again(scheduled).is_held
    say(scheduled, second.hold, Release.UNCHANGED, seconded_by=None)
    assert again(scheduled).shown_state == Status.SCHEDULED


def test_the_fourth_of_the_day_on_a_channel_waits(scheduled, alarm, say, member, now):  # noqa: F811
    site = scheduled.placements.get(channel__slug="site-article").channel
    others = [_more(scheduled, site) for _n in range(RELEASES_A_DAY + 1)]
    frozen = alarm()
    for post in others[:RELEASES_A_DAY]:
        say(post, frozen.hold, Release.REDATE, to=LATER)
    with pytest.raises(Refused, match="tomorrow"):
        say(others[-1], frozen.hold, Release.REDATE, to=LATER)
    say(others[-1], frozen.hold, Release.REDATE, to=LATER, now=now + timedelta(days=1))


def test_the_day_of_three_releases_is_that_of_the_organisation(scheduled, alarm, say, member, now):  # noqa: F811
    site = scheduled.placements.get(channel__slug="site-article").channel
    others = [_more(scheduled, site) for _n in range(RELEASES_A_DAY + 2)]
    frozen, midnight = alarm(), datetime(2026, 4, 27, 22, tzinfo=UTC)  # in Paris
    for post in others[:RELEASES_A_DAY]:
        say(post, frozen.hold, Release.REDATE, to=LATER, now=midnight - timedelta(minutes=10))
    with pytest.raises(Refused, match="tomorrow"):
        say(others[-1], frozen.hold, Release.REDATE, to=LATER, now=midnight - timedelta(minutes=1))
    say(others[-1], frozen.hold, Release.REDATE, to=LATER, now=midnight + timedelta(minutes=1))
    assert released_today(scheduled.workspace, midnight + timedelta(hours=3)) == {site.pk: 1}, "22:01 elsewhere"


def _more(post, channel):
    at = datetime.combine(PLANNED.on, PLANNED.at, tzinfo=PARIS)
    one = Post.objects.create(
        workspace=post.workspace, author=post.author, planned_at=at, created_at=at, updated_at=at, intent=post.intent
    )
    Placement.objects.create(
        post=one, workspace=post.workspace, channel=channel, planned_on=PLANNED.on, planned_time=PLANNED.at,
        planned_at=at, shown_at=at,
    )  # fmt: skip
    return one


def test_promotion_waits_until_fourteen_days_after_the_all_clear(scheduled, alarm, say, member, now):  # noqa: F811
    Post.objects.filter(pk=scheduled.pk).update(intent=Intent.PROMOTE)
    frozen = alarm()
    far = WallTime((now + timedelta(days=40)).date(), time(10, 0))
    with pytest.raises(Refused, match="promotional"):
        say(scheduled, frozen.hold, Release.UNCHANGED)
    posts.end_alert(alert=frozen.hold.alert, actor=member, now=now)
    with pytest.raises(Refused, match="promotional"):
        say(again(scheduled), frozen.hold, Release.REDATE, to=far, now=now + timedelta(days=13, hours=23))
    say(again(scheduled), frozen.hold, Release.REDATE, to=far, now=now + timedelta(days=14))


# ---- whatever people do, in whatever order

ACTS = st.lists(
    st.sampled_from(
        ("hold", "hold_site", "close", "write", "submit", "approve", "schedule", "unschedule", "move", "cancel",
         "reopen", "publish", "retire", "add", "release", "redate", "rewrite", "give_up", "tomorrow")
    ), min_size=4, max_size=14,
)  # fmt: skip


class Crisis:
    def __init__(self, post, editor, lead, author, approver, now):
        self.post, self.editor, self.lead, self.author, self.approver, self.now = (
            post,
            editor,
            lead,
            author,
            approver,
            now,
        )
        self.holds, self.count = [], 0

    def do(self, act):
        self.now += timedelta(minutes=11)
        self.count += 1
        self.post = again(self.post)
        held = self.held()
        before = dict(Placement.objects.values_list("pk", "published_at"))
        status = self.post.status
        try:
            getattr(self, act)()
        except PlannerError as refusal:
            assert str(refusal)
        after = Placement.objects.in_bulk()
        for pk in held:
            assert before[pk] == after[pk].published_at, f"{act} published what was held"
            if after[pk].held_at is None:
                assert act in ("release", "redate", "rewrite", "give_up"), f"{act} freed what was held"
        if held and status != Status.SCHEDULED and self.held() == held:
            free = Placement.objects.free().filter(post=self.post).exists()
            assert again(self.post).status != Status.SCHEDULED or free, f"{act} scheduled what was held"
        undecided = set(HeldPlacement.objects.undecided().values_list("placement", flat=True))
        assert undecided == set(Placement.objects.filter(held_at__isnull=False).values_list("pk", flat=True))
        for hold in Hold.objects.all():
            waits = HeldPlacement.objects.waiting().filter(hold=hold).values("placement__post").distinct().count()
            assert hold.waiting == waits, f"{act} lost count of the queue"
        assert all(n <= RELEASES_A_DAY for n in released_today(self.post.workspace, self.now).values())

    def held(self):
        return set(Placement.objects.filter(held_at__isnull=False).values_list("pk", flat=True))

    def _hold(self, scope):
        alert = posts.raise_alert(workspace=self.post.workspace, level=3, scope=scope, actor=self.lead, now=self.now)
        frozen = posts.hold(
            workspace=self.post.workspace, scope=scope, reason="Leak", actor=self.lead, alert=alert, now=self.now
        )
        self.holds.append(frozen.hold)

    def hold(self):
        self._hold(ALL)

    def hold_site(self):
        self._hold({"channels": [self.post.placements.first().channel_id]})

    def close(self):
        if self.holds:
            posts.end_alert(alert=self.holds[self.count % len(self.holds)].alert, actor=self.lead, now=self.now)

    def write(self):
        write(self.post, self.author, f"Words {self.count}.", self.now)

    def submit(self):
        posts.submit(post=self.post, actor=self.author, now=self.now)

    def approve(self):
        posts.approve(answers=YES, post=self.post, actor=self.approver, now=self.now)

    def schedule(self):
        finish_before(self.post, self.editor, self.now, "scheduled")
        finish_before(self.post, self.editor, self.now, "published")
        posts.schedule(post=self.post, actor=self.editor, now=self.now)

    def unschedule(self):
        posts.unschedule(post=self.post, actor=self.editor, now=self.now)

    def move(self):
        posts.move(post=self.post, actor=self.editor, to=LATER, now=self.now)

    def cancel(self):
        posts.cancel(post=self.post, actor=self.editor, reason="Off", now=self.now)

    def reopen(self):
        posts.reopen(post=self.post, actor=self.editor, now=self.now)

    def add(self):
        channel = self.post.workspace.channels.exclude(placements__post=self.post).first()
        posts.add_placement(post=self.post, channel=channel, actor=self.editor, now=self.now)

    def publish(self):
        placements = list(Placement.objects.filter(post=self.post, published_at__isnull=True).select_related("post"))
        if placements:
            posts.record_publication(
                placement=placements[self.count % len(placements)], actor=self.editor, address="https://e.example/",
                published_at=self.now, now=self.now,
            )  # fmt: skip

    def retire(self):
        posts.retire(post=self.post, actor=self.editor, reason="Old", now=self.now)

    def tomorrow(self):
        self.now += timedelta(days=1)

    def _decide(self, decision, **values):
        if self.holds:
            posts.decide(
                post=self.post, hold=self.holds[self.count % len(self.holds)], actor=self.editor,
                seconded_by=self.lead, decision=decision, reason="Looked at", answers=ANSWERS, now=self.now, **values,
            )  # fmt: skip

    def release(self):
        self._decide(Release.UNCHANGED)

    def redate(self):
        self._decide(Release.REDATE, to=LATER)

    def rewrite(self):
        self._decide(Release.REWRITE)

    def give_up(self):
        self._decide(Release.CANCEL)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts=ACTS)
def test_what_is_held_leaves_by_the_queue_and_by_nothing_else(
    draft, member, crisis_lead, approver, now, acts
):  # fmt: skip
    with transaction.atomic():
        walk = Crisis(draft, member, crisis_lead, crisis_lead, approver, now)
        for act in ("submit", "approve", "schedule", *acts):
            walk.do(act)
        transaction.set_rollback(True)

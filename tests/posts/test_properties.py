"""Whatever people do, in whatever order: what is approved is the text as it stands."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.base.errors import PlannerError
from planner.posts import operations as posts
from planner.posts.models import Placement, Post
from planner.posts.operations.reading import digest_of
from planner.posts.rules import APPROVED_STATES, Status, WallTime
from planner.reminders.models import Reminder
from planner.work.models import WorkItem
from tests.posts.conftest import PLANNED, YES, finish_before, write

ACTS = (
    "write", "write_again", "placement_text", "link", "regulated", "submit", "ask_changes", "approve", "sign", "finish",
    "schedule", "unschedule", "move", "undate", "cancel", "reopen", "publish", "retire", "restore", "claims",
)  # fmt: skip


class Newsroom:
    """Does one act after the other; what is refused in words is no fault."""

    def __init__(self, post, author, editor, approver, lawyer, now):
        self.post, self.author, self.editor, self.approver, self.lawyer = post, author, editor, approver, lawyer
        self.now, self.count = now, 0

    def do(self, act):
        self.now += timedelta(minutes=7)
        self.count += 1
        try:
            getattr(self, act)()
        except PlannerError as refusal:
            assert str(refusal)
        self.post = Post.objects.get(pk=self.post.pk)

    def act(self, operation, actor, **values):
        return operation(post=self.post, actor=actor, now=self.now, **values)

    def write(self):
        write(self.post, self.author, f"Words, time {self.count}.", self.now)

    def write_again(self):
        text = self.post.texts.get(language="en")
        write(self.post, self.author, text.body, self.now, title=text.title)

    def placement_text(self):
        one = Placement.objects.filter(post=self.post).first()
        self.act(posts.save_placement_text, self.author, placement=one, language="fr", title="", body=str(self.count))

    def link(self):
        links = [{"label": str(self.count), "url": "https://example.org/"}]
        self.act(posts.update_frame, self.author, values={"links": links})

    def regulated(self):
        self.act(posts.update_frame, self.author, values={"is_regulated": not self.post.is_regulated})

    def claims(self):
        self.act(posts.update_frame, self.author, values={"has_claims": not self.post.has_claims})

    def submit(self):
        self.act(posts.submit, self.author)

    def ask_changes(self):
        self.act(posts.ask_changes, self.editor, comment="More.")

    def approve(self):
        self.act(posts.approve, self.approver, answers=YES)

    def sign(self):
        self.act(posts.sign, self.lawyer)

    def finish(self):
        finish_before(self.post, self.editor, self.now, "scheduled")
        finish_before(self.post, self.editor, self.now, "published")

    def schedule(self):
        self.act(posts.schedule, self.editor)

    def unschedule(self):
        self.act(posts.unschedule, self.editor)

    def move(self):
        self.act(posts.move, self.editor, to=WallTime(PLANNED.on + timedelta(days=self.count % 5), PLANNED.at))

    def undate(self):
        self.act(posts.move, self.editor, to=None)

    def cancel(self):
        self.act(posts.cancel, self.editor, reason="Off.")

    def reopen(self):
        self.act(posts.reopen, self.editor)

    def publish(self):
        one = Placement.objects.filter(post=self.post, published_at__isnull=True).select_related("post").first()
        if one is not None:
            posts.record_publication(
                placement=one, actor=self.editor, address="https://example.org/", published_at=self.now, now=self.now
            )

    def retire(self):
        self.act(posts.retire, self.editor, reason="Old.")

    def restore(self):
        self.act(posts.restore_revision, self.author, number=1 + self.count % 3)


def holds(post):
    """What must be true after every act."""
    approvals = posts.valid_approvals(post)
    if post.status in APPROVED_STATES:
        assert approvals
        assert {approval.digest for approval in approvals} == {digest_of(post)}
    if post.status == Status.SCHEDULED:
        assert post.planned_at is not None
        assert not WorkItem.objects.about(post).open().wanted().filter(blocking="scheduled").exists()
    if post.status in (Status.IDEA, Status.DRAFT, Status.IN_REVIEW):
        assert not approvals
        assert WorkItem.objects.about(post).get(key="approve").state == "open"
    if post.status in (Status.CANCELLED, Status.RETIRED):
        assert not WorkItem.objects.about(post).open().exists()
        assert not Reminder.objects.open().filter(group_id=post.pk).exists()
    assert (post.status == Status.PUBLISHED) <= (post.published_at is not None)
    if post.status != Status.CANCELLED:  # its channels are away, with their texts, until it is reopened
        assert posts.revision_of(post).digest == digest_of(post)
    due = set(WorkItem.objects.about(post).open().actual().values_list("pk", flat=True))
    steps = Reminder.objects.open().filter(group_id=post.pk).exclude(profile="")
    assert set(steps.values_list("subject_id", flat=True)) <= due


@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(acts=st.lists(st.sampled_from(ACTS), min_size=4, max_size=10))
def test_what_is_approved_is_always_the_text_as_it_stands(prepared, acts):
    draft, people, now = prepared
    with transaction.atomic():  # each example starts from the same draft
        newsroom = Newsroom(draft, *people, now)
        for act in acts:
            newsroom.do(act)
            holds(newsroom.post)
        transaction.set_rollback(True)


WALKS = (
    "submit approve finish schedule write approve schedule move publish publish write retire reopen",
    "submit regulated approve finish schedule sign schedule regulated schedule restore approve schedule undate",
    "submit approve finish schedule cancel reopen submit approve finish schedule publish link publish retire",
    "regulated submit sign placement_text approve finish schedule sign schedule claims finish schedule publish",
    "submit approve unschedule schedule finish schedule link write_again approve schedule ask_changes submit",
)


@pytest.mark.parametrize("walk", WALKS)
def test_the_long_ways_round_hold_too(prepared, walk):
    draft, people, now = prepared
    newsroom = Newsroom(draft, *people, now)
    seen = set()
    for act in walk.split():
        newsroom.do(act)
        holds(newsroom.post)
        seen.add(newsroom.post.status)
    assert Status.SCHEDULED in seen


@pytest.fixture
def prepared(draft, colleague, member, approver, lawyer, now):
    return draft, (colleague, member, approver, lawyer), now

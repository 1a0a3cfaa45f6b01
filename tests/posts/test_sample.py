"""The sample month comes whole and goes whole."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from planner.base.errors import NotAllowed, Refused
from planner.history.models import Entry, Revision
from planner.posts import operations as posts
from planner.posts.models import Approval, Comment, Placement, Post, PostText
from planner.posts.operations.reading import digest_of
from planner.posts.rules import Status
from planner.reminders.models import Notice, Reminder
from planner.work.models import WorkItem
from planner.workspaces.models import Membership, User, Workspace

TABLES = (
    Post, PostText, Placement, Approval, Comment, WorkItem, Reminder, Notice, Revision, Membership, User, Workspace,
)  # fmt: skip


def census():
    return {table.__name__: table.objects.count() for table in TABLES}


@pytest.fixture
def house(newsroom, manager):
    return newsroom


def test_the_month_is_believable_and_goes_without_a_trace(house, manager, draft, now):
    before, verbs = census(), Counter(Entry.objects.values_list("verb", flat=True))
    told = posts.add_sample(workspace=house, actor=manager, now=now)
    holds_every_state_around_now(told, now)
    carries_approvals_of_the_text_as_it_stands(told)
    does_not_tell_the_past_again(now)
    with pytest.raises(Refused, match="already"):
        posts.add_sample(workspace=house, actor=manager, now=now)
    posts.remove_sample(workspace=house, actor=manager, now=now)
    assert census() == before
    assert Counter(Entry.objects.values_list("verb", flat=True)) - verbs == Counter(["sample.removed"])


def holds_every_state_around_now(told, now):
    assert {post.status for post in told} == set(Status.values)
    assert len(told) >= 14
    assert Post.objects.filter(is_sample=True).count() == len(told)
    work = WorkItem.objects.filter(subject_id__in=[post.pk for post in told])
    assert work.late(now).exists()
    assert work.filter(state="done").exists()
    assert work.open().filter(is_late_start=True).exists()


def carries_approvals_of_the_text_as_it_stands(told):
    frozen = [post for post in told if post.status in ("approved", "scheduled")]
    assert [[one.digest for one in posts.valid_approvals(post)] for post in frozen] == [
        [digest_of(post)] for post in frozen
    ]


def does_not_tell_the_past_again(now):
    waiting = Reminder.objects.open()
    assert waiting.exists()
    assert not waiting.filter(next_at__lt=now).exists()


@pytest.mark.parametrize("at", ["2026-11-22T10:00+01:00", "2026-11-23T06:10+01:00"])
def test_nobody_of_the_sample_works_at_night_whenever_it_is_added(house, manager, at):
    moment = datetime.fromisoformat(at)
    told = posts.add_sample(workspace=house, actor=manager, now=moment)
    holds_every_state_around_now(told, moment)
    decided = Entry.objects.filter(verb__in=["post.created", "post.submitted", "post.approved", "post.scheduled"])
    hours = {entry.at.astimezone(ZoneInfo("Europe/Paris")) for entry in decided}
    assert hours and all(hour.weekday() < 5 and 8 <= hour.hour < 19 for hour in hours)


def test_only_a_manager_adds_and_removes_it(house, member, now):
    with pytest.raises(NotAllowed):
        posts.add_sample(workspace=house, actor=member, now=now)
    with pytest.raises(NotAllowed):
        posts.remove_sample(workspace=house, actor=member, now=now)


def test_a_sample_workspace_waits_for_somebody_and_goes_altogether(playbook_items, outsider, now):
    before = census()
    workspace = posts.open_sample_workspace(user=None, language="en", now=now)
    assert workspace.is_sample
    assert {text.language for text in PostText.objects.filter(post__workspace=workspace)} == {"fr", "en"}
    (owner,) = posts.join_sample(user=outsider.user, now=now)
    assert owner.workspace == workspace
    assert posts.join_sample(user=outsider.user, now=now) == []
    posts.remove_sample(workspace=workspace, actor=owner, now=now)
    assert census() == before
    assert not Entry.objects.filter(workspace__isnull=False).exists()


def test_work_given_to_an_invented_person_stays_when_they_go(house, manager, draft, member, now):
    posts.add_sample(workspace=house, actor=manager, now=now)
    invented = Membership.objects.filter(workspace=house, user__name="Yann Kerbrat").get()
    posts.change_people(post=draft, actor=member, author=invented, now=now)
    posts.remove_sample(workspace=house, actor=manager, now=now)
    draft.refresh_from_db()
    assert draft.author == manager
    assert not WorkItem.objects.about(draft).open().filter(owner__isnull=True).exists()


def test_who_installed_finds_the_sample_beside_their_own_workspace(browse, house, manager, now):
    sample = posts.open_sample_workspace(user=None, language="fr", now=now)
    User.objects.filter(pk=manager.user_id).update(is_superuser=True)
    page = browse(manager).get("/")
    assert [one.workspace for one in page.context["memberships"]] == [house, sample]

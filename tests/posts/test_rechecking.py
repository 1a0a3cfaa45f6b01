"""The policy asked again about what is scheduled: at night, when an alert changes, when somebody is away."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from planner.base import clock
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.posts.models import PolicyCheck, Post, PostText
from planner.posts.operations import gating
from planner.reminders.models import Reminder
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
ALL = {"all": True}


def asked(post) -> list[WorkItem]:
    return list(WorkItem.objects.about(post).filter(key__startswith="policy-").order_by("created_at"))


def sweep(now, **options) -> dict[str, int]:
    return dict(posts.recheck(now=now, **options).counts)


@pytest.fixture
def known(scheduled, now):
    """A scheduled post that the sweep has met."""
    assert sweep(now) == {"looked": 1}
    return scheduled


@pytest.fixture
def selling(known):
    """Its text is now one that no crisis would bear, behind the back of every operation."""
    PostText.objects.filter(post=known).update(body="Now is the perfect time to buy our pumps: 20 % off until Sunday!")
    return known


def away(member, manager, now):
    workspaces.add_absence(
        actor=manager, member=member, starts_on=date(2026, 5, 20), ends_on=date(2026, 5, 25), now=now
    )


def test_a_post_without_a_new_failure_is_looked_at_once_and_asks_nothing(known, now):
    assert sweep(now + MINUTE) == {}
    assert asked(known) == []
    assert PolicyCheck.objects.get(post=known).checked_at == now


class TestAnAbsence:
    def test_of_both_who_answer_gives_the_editor_one_item(self, known, answerer, member, manager, now):
        away(answerer, manager, now + MINUTE)
        assert sweep(now + 2 * MINUTE) == {"looked": 1}
        away(member, manager, now + 3 * MINUTE)
        assert sweep(now + 4 * MINUTE) == {"looked": 1, "asked": 1}
        (item,) = asked(known)
        assert item.owner == member
        assert "R07" in item.why["en"] and "R07" in item.why["fr"]
        assert now < item.due_at <= known.planned_at
        assert Reminder.objects.filter(subject_id=item.pk, profile="e-std").exists()
        assert Entry.objects.about(known).get(verb="post.policy_failed").data["rules"] == ["R07"]

    def test_is_asked_about_once(self, known, answerer, member, manager, now):
        for one in (answerer, member):
            away(one, manager, now + MINUTE)
        for minutes in (2, 3, 60 * 26, 60 * 50):
            sweep(now + minutes * MINUTE, nightly=minutes > 60)
        assert len(asked(known)) == 1

    def test_of_somebody_else_is_not_looked_at(self, known, lawyer, manager, now):
        away(lawyer, manager, now + MINUTE)
        assert sweep(now + 2 * MINUTE) == {}

    def test_that_ends_and_comes_back_is_asked_about_again(self, known, answerer, member, manager, now):
        for one in (answerer, member):
            away(one, manager, now + MINUTE)
        sweep(now + 2 * MINUTE)
        workspaces.remove_absence(actor=manager, absence=answerer.absences.get(), now=now + 3 * MINUTE)
        sweep(now + timedelta(hours=24), nightly=True)
        away(answerer, manager, now + timedelta(hours=25))
        assert sweep(now + timedelta(hours=26)) == {"looked": 1, "asked": 1}
        assert len(asked(known)) == 2


class TestAnAlert:
    def test_gives_one_item_for_a_text_that_would_profit(self, selling, manager, now):
        sweep(now + timedelta(hours=24), nightly=True)
        before = len(asked(selling))
        later = now + timedelta(hours=25)
        alert = posts.raise_alert(workspace=selling.workspace, level=2, scope=ALL, actor=manager, now=later)
        assert sweep(later + MINUTE) == {"looked": 1, "asked": 1}
        item = asked(selling)[-1]
        assert "R12" in item.why["en"] and len(asked(selling)) == before + 1
        posts.change_alert(alert=alert, level=3, actor=manager, now=later + 2 * MINUTE)
        assert sweep(later + 3 * MINUTE) == {"looked": 1}, asked(selling)[-1].why["en"]

    def test_leaves_a_decent_text_alone(self, known, manager, now):
        posts.raise_alert(workspace=known.workspace, level=2, scope=ALL, actor=manager, now=now + MINUTE)
        sweep(now + 2 * MINUTE)
        assert [one.why["en"] for one in asked(known)] == []

    def test_what_is_held_is_left_to_those_who_decide(self, selling, manager, now):
        posts.raise_alert(workspace=selling.workspace, level=3, scope=ALL, actor=manager, now=now + MINUTE)
        posts.hold(
            workspace=selling.workspace, scope=ALL, reason="Fire", actor=manager, now=now + MINUTE
        )  # fmt: skip
        assert sweep(now + 2 * MINUTE) == {}


class TestTheNight:
    def test_looks_at_all_once_and_asks_about_what_changed(self, selling, now):
        night = now + timedelta(hours=24)
        assert sweep(night, nightly=True) == {"looked": 1, "asked": 1}
        assert sweep(night + MINUTE, nightly=True) == {}
        assert "R01" in asked(selling)[0].why["en"]

    def test_leaves_what_is_further_than_thirty_days(self, scheduled, now):
        Post.objects.filter(pk=scheduled.pk).update(planned_at=now + timedelta(days=31))
        assert sweep(now, nightly=True) == {}

    def test_asks_about_a_block_that_it_meets_first_unless_it_was_let_pass(self, scheduled, now):
        PostText.objects.filter(post=scheduled).update(body="To be completed: TODO.")
        assert sweep(now, nightly=True) == {"looked": 1, "asked": 1}

    def test_stops_with_its_time_and_goes_on(self, scheduled, now):
        ticks = iter([0.0, 5.0])
        done = posts.recheck(now=now, nightly=True, monotonic=lambda: next(ticks))
        assert done.may_be_more and not PolicyCheck.objects.exists()
        assert sweep(now, nightly=True) == {"looked": 1}

    def test_a_post_that_breaks_waits_for_the_next_night(self, scheduled, now, monkeypatch):
        def breaks(*_arguments, **_named):
            raise ValueError

        monkeypatch.setattr(gating, "judge", breaks)
        assert sweep(now, nightly=True) == {"failed": 1}
        assert sweep(now + MINUTE, nightly=True) == {}

    def test_the_command_does_the_same(self, selling, now, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=24))
        said = StringIO()
        call_command("recheck", "--ahead", stdout=said)
        assert "1" in said.getvalue() and len(asked(selling)) == 1

    def test_a_done_item_is_not_asked_for_again(self, selling, member, now):
        sweep(now + timedelta(hours=24), nightly=True)
        work.complete(item=asked(selling)[0], actor=member, now=now + timedelta(hours=25))
        assert sweep(now + timedelta(hours=48), nightly=True) == {"looked": 1}
        assert len(asked(selling)) == 1

"""What acts on lateness by itself: a date without a signature, an hour that passed, an answer that is late."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from planner.base import clock
from planner.history.models import Entry
from planner.insight import queries as insight
from planner.posts import operations as posts
from planner.posts.models import Placement
from planner.posts.operations import lateness
from planner.posts.rules import Status
from planner.reminders import operations as reminders
from planner.reminders.models import Notice, Reminder
from planner.reminders.rules import State
from planner.work import operations as work
from planner.work.models import WorkItem
from tests.posts.conftest import item_of

D0 = datetime(2026, 5, 21, 8, 0, tzinfo=UTC)


def sweep(at: datetime) -> dict[str, int]:
    return dict(posts.escalate_due(now=at).counts)


def told_in(post) -> list[tuple[str, str]]:
    rows = Reminder.objects.filter(mode="tell", subject_id=post.pk).order_by("addressee")
    return [(row.addressee, row.quiet) for row in rows]


@pytest.fixture
def unsigned(draft, lawyer, member, now):
    """A regulated post that nobody has signed."""
    posts.update_frame(post=draft, actor=member, values={"is_regulated": True}, now=now)
    draft.refresh_from_db()
    Reminder.objects.filter(mode="tell").delete()
    return draft


class TestADateWithoutASignature:
    def test_stays_until_two_hours_before(self, unsigned):
        assert sweep(D0 - timedelta(hours=2, minutes=1)) == {}

    def test_is_released_then_and_its_work_and_reminders_with_it(self, unsigned):
        assert sweep(D0 - timedelta(hours=2)) == {"released": 1}
        unsigned.refresh_from_db()
        assert unsigned.planned_at is None
        assert not Placement.objects.filter(post=unsigned, planned_at__isnull=False).exists()
        assert not WorkItem.objects.about(unsigned).open().exclude(key="legal").filter(due_at__isnull=False).exists()
        assert not Reminder.objects.open().exclude(profile="").exists()
        assert Entry.objects.about(unsigned).filter(verb="post.date_released", actor=None).exists()

    def test_is_said_to_its_author_and_the_editor_quiet_hours_or_not(self, unsigned, colleague, member):
        sweep(D0 - timedelta(hours=2))
        assert told_in(unsigned) == sorted([(f"member:{colleague.pk}", "never"), (f"member:{member.pk}", "never")])

    def test_is_released_once(self, unsigned):
        sweep(D0 - timedelta(hours=2))
        assert sweep(D0 - timedelta(hours=1)) == {}

    def test_stays_once_signed(self, unsigned, colleague, lawyer, now):
        posts.submit(post=unsigned, actor=colleague, now=now)
        posts.sign(post=unsigned, actor=lawyer, now=now)
        assert sweep(D0 - timedelta(hours=1)) == {}

    def test_stays_while_a_hold_covers_it(self, unsigned, now):
        Placement.objects.filter(post=unsigned).update(held_at=now)
        assert sweep(D0 - timedelta(hours=1)) == {}

    def test_of_a_post_without_rules_of_law_is_left_alone(self, draft):
        assert sweep(D0 - timedelta(hours=1)) == {}


class TestAnHourThatPassed:
    def test_is_said_once_to_author_and_editor_and_the_state_stays(self, draft, colleague, member):
        assert sweep(D0 - timedelta(minutes=1)) == {}
        assert sweep(D0 + timedelta(minutes=1)) == {"passed": 1}
        assert sweep(D0 + timedelta(minutes=2)) == {}
        draft.refresh_from_db()
        assert (draft.status, draft.planned_at) == (Status.DRAFT, D0)
        assert told_in(draft) == sorted([(f"member:{colleague.pk}", "always"), (f"member:{member.pk}", "always")])

    def test_is_no_news_a_day_later(self, draft):
        assert sweep(D0 + timedelta(hours=25)) == {}

    def test_of_a_scheduled_post_is_not_said(self, scheduled):
        assert sweep(D0 + timedelta(minutes=1)) == {}


class TestALateAnswer:
    @pytest.fixture
    def due(self, published):
        item = item_of(published, "answer-1h")
        return item, item.due_at

    def test_becomes_the_deputys_too_after_half_an_hour(self, due, member, answerer):
        item, at = due
        assert sweep(at + timedelta(minutes=29)) == {}
        assert sweep(at + timedelta(minutes=30)) == {"shared": 1}
        item.refresh_from_db()
        assert (item.owner, item.co_owner) == (answerer, member)
        owed, late = insight.lines(member, now=at + timedelta(minutes=31))
        assert item.pk in {line.item.pk for line in late}
        assert sweep(at + timedelta(minutes=31)) == {}

    def test_may_be_finished_by_the_co_owner(self, due, member):
        item, at = due
        sweep(at + timedelta(minutes=30))
        counts = {"received": 1, "answered": 1, "private": 0, "unanswered": 0, "complaints": 0}
        work.complete(item=WorkItem.objects.get(pk=item.pk), actor=member, counts=counts, now=at + timedelta(hours=1))

    def test_stays_with_its_owner_without_a_deputy(self, due, published):
        item, at = due
        published.deputy = None
        published.save()
        assert sweep(at + timedelta(minutes=30)) == {}


def test_a_bad_one_does_not_stop_the_others(published, monkeypatch, caplog):
    share = work.share

    def broken(*, item, now):
        if item.key == "answer-1h":
            raise ValueError("broken")
        return share(item=item, now=now)

    monkeypatch.setattr(lateness.work, "share", broken)
    assert sweep(item_of(published, "answer-24h").due_at + timedelta(hours=1)) == {"failed": 1, "shared": 1}
    assert "could not be dealt with" in caplog.text


def test_a_slice_ends_with_its_time_and_the_next_one_goes_on(unsigned):
    ticks = iter(range(0, 1000, 3))
    done = posts.escalate_due(now=D0 - timedelta(hours=1), monotonic=lambda: next(ticks))
    assert done.may_be_more
    assert sweep(D0 - timedelta(hours=1)) == {"released": 1}


def test_the_command_says_what_was_done(unsigned, monkeypatch, settings):
    settings.LANGUAGE_CODE = "en"
    monkeypatch.setattr(clock, "now", lambda: D0 - timedelta(hours=1))
    said = StringIO()
    call_command("escalate_due", stdout=said)
    assert said.getvalue().startswith("Dates released: 1.")


def test_the_message_of_a_released_date_reaches_them_by_night(unsigned, colleague):
    """Through the door of every reminder."""
    at = datetime(2026, 5, 21, 6, 0, tzinfo=UTC) - timedelta(hours=7)
    posts.escalate_due(now=D0 - timedelta(hours=2))
    Reminder.objects.filter(mode="tell").update(next_at=at, due_at=at)
    reminders.drain(clock=lambda: at, transport=None)
    notice = Notice.objects.get(recipient=colleague)
    assert notice.card["en"]["note"].startswith("The date was released")
    assert notice.reminder.state == State.SENT

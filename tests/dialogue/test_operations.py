from datetime import timedelta

import pytest
import time_machine

from config.celery import NIGHTLY, app
from planner.base.errors import Invalid, NotAllowed, NotFound, Refused
from planner.dialogue import operations as dialogue
from planner.dialogue.models import Signal
from planner.dialogue.rules import Decision, State
from planner.dialogue.tasks import forget_contacts
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.reminders.models import Reminder
from planner.work import operations as work
from planner.work.models import WorkItem


def the_work(signal):
    return WorkItem.objects.about(signal).get()


def test_a_reader_writes_a_message_down_and_whoever_keeps_the_community_is_told(complaint, member):
    assert complaint.state == State.NEW
    told = Reminder.objects.get(addressee=f"member:{member.pk}")
    assert told.message["en"] == "A complaint was received: it is to be sorted"
    assert Entry.objects.about(complaint).get().verb == "signal.received"


@pytest.mark.parametrize(("given", "field"), [({"text": "  "}, "text"), ({"kind": "rumour"}, "kind")])
def test_a_message_without_words_or_kind_is_refused_beside_its_field(newsroom, reader, now, given, field):
    values = {"kind": "question", "text": "When?", "origin": "phone", "received_at": now, **given}
    with pytest.raises(Invalid) as refused:
        dialogue.receive(actor=reader, now=now, **values)
    assert refused.value.field == field
    assert not Signal.objects.exists()


def test_nobody_heard_a_message_in_the_future(newsroom, reader, now):
    with pytest.raises(Invalid):
        dialogue.receive(
            actor=reader, kind="question", text="?", origin="phone", received_at=now + timedelta(hours=1), now=now
        )


def test_sorting_dates_one_answer_from_the_hour_the_person_spoke(complaint, member, answerer, now):
    dialogue.sort(signal=complaint, actor=member, decision=Decision.ANSWER, owner=answerer, theme="waste", now=now)
    item = the_work(complaint)
    assert (item.owner, item.profile) == (answerer, "e-ans")
    assert item.due_at == now + timedelta(hours=3)  # said at nine, four working hours
    assert Reminder.objects.open().filter(subject_id=item.pk, addressee="owner").count() == 2
    complaint.refresh_from_db()
    assert (complaint.state, complaint.theme) == (State.ASSIGNED, "waste")


def test_sorting_again_hands_the_same_work_over(complaint, member, answerer, colleague, now):
    dialogue.sort(signal=complaint, actor=member, decision=Decision.ANSWER, owner=answerer, now=now)
    promised = now + timedelta(days=2)
    dialogue.sort(signal=complaint, actor=member, decision=Decision.LATER, owner=colleague, promised=promised, now=now)
    item = the_work(complaint)
    assert (item.owner, item.due_at, item.state) == (colleague, promised, "open")


def test_what_is_not_answered_keeps_its_reason_and_asks_no_work(complaint, member, answerer, now):
    dialogue.sort(signal=complaint, actor=member, decision=Decision.ANSWER, owner=answerer, now=now)
    complaint = dialogue.sort(
        signal=complaint, actor=member, decision=Decision.CANNOT, reason="The court decides in May.", now=now
    )
    assert complaint.state == State.DECLINED
    assert the_work(complaint).state == "dropped"
    reopened = dialogue.reopen(signal=complaint, actor=member, now=now)
    dialogue.sort(signal=reopened, actor=member, decision=Decision.ANSWER, owner=answerer, now=now)
    assert the_work(complaint).state == "open"


def test_writing_down_the_answer_closes_the_work_and_silences_it(complaint, member, answerer, now):
    dialogue.sort(signal=complaint, actor=member, decision=Decision.ANSWER, owner=answerer, now=now)
    with pytest.raises(Refused):
        work.complete(item=the_work(complaint), actor=answerer, now=now)
    dialogue.answer(signal=complaint, actor=answerer, text="You were right: it is Tuesday.", now=now)
    item = the_work(complaint)
    assert (item.state, item.done_by) == ("done", answerer)
    assert not Reminder.objects.open().filter(subject_id=item.pk, addressee="owner").exists()
    complaint.refresh_from_db()
    assert dialogue.close(signal=complaint, actor=answerer, now=now).closed_at == now


def test_a_message_that_waits_is_not_closed(complaint, member, now):
    with pytest.raises(Refused):
        dialogue.close(signal=complaint, actor=member, now=now)


def test_two_messages_that_say_the_same_are_counted_together(complaint, member, reader, now):
    again = dialogue.receive(
        actor=reader, kind="complaint", text="Wrong day again.", origin="phone", received_at=now, now=now
    )
    dialogue.merge(signal=again, into=complaint, actor=member, now=now)
    head = Signal.objects.heads().counted().get()
    assert (head, head.others) == (complaint, 1)
    with pytest.raises(Refused):
        dialogue.merge(signal=again, into=complaint, actor=member, now=now)


def test_a_reader_does_not_sort_and_an_outsider_finds_nothing(complaint, reader, outsider, now):
    with pytest.raises(NotAllowed):
        dialogue.sort(signal=complaint, actor=reader, decision=Decision.ANSWER, now=now)
    with pytest.raises(NotFound):
        dialogue.sort(signal=complaint, actor=outsider, decision=Decision.ANSWER, now=now)


def test_work_of_a_message_stays_apart_from_a_post_of_the_same_number(complaint, member, answerer, now):
    """Somebody leaves: the answer falls to the holder of the role, not to the deputy of a post with the same id."""
    dialogue.sort(signal=complaint, actor=member, decision=Decision.ANSWER, owner=answerer, now=now)
    posts.hand_over_work(leaver=answerer, actor=member, now=now)
    assert the_work(complaint).owner == member


# ---- improvements


@pytest.fixture
def improvement(member, appear, owe, now):
    post = appear("Le bon jour", now - timedelta(days=40), status="published", english="The right day")
    return owe(member, post, now - timedelta(days=1), key="verify")


def test_an_improvement_seen_everywhere_is_verified(improvement, member, now):
    dialogue.verify(item=improvement, actor=member, is_everywhere=True, note="Both letters, the site.", now=now)
    improvement.refresh_from_db()
    assert (improvement.state, improvement.note) == ("done", "Both letters, the site.")
    assert Entry.objects.filter(verb="improvement.verified").exists()


def test_one_that_is_not_everywhere_yet_is_looked_at_again(improvement, member, now):
    dialogue.verify(item=improvement, actor=member, is_everywhere=False, note="The site only.", now=now)
    improvement.refresh_from_db()
    assert improvement.state == "open"
    assert improvement.due_at > now + timedelta(days=27)
    assert Entry.objects.get(verb="improvement.not_yet").data["comment"] == "The site only."


def test_verifying_says_what_one_looked_at(improvement, member, now):
    with pytest.raises(Invalid):
        dialogue.verify(item=improvement, actor=member, is_everywhere=True, note=" ", now=now)


class TestForgetting:
    def closed(self, signal, at):
        Signal.objects.filter(pk=signal.pk).update(state=State.CLOSED, closed_at=at)

    def test_who_spoke_is_forgotten_a_year_after_it_is_closed_and_what_was_said_stays(self, complaint, now, settings):
        self.closed(complaint, now)
        assert dialogue.forget_contacts(now=now + timedelta(days=365)).count == 0
        done = dialogue.forget_contacts(now=now + timedelta(days=366))
        complaint.refresh_from_db()
        assert (done.count, done.may_be_more) == (1, False)
        assert (complaint.said_by, complaint.contact) == ("", "")
        assert "wrong day" in complaint.text
        assert dialogue.forget_contacts(now=now + timedelta(days=366)).count == 0

    def test_the_days_are_a_setting_and_the_night_does_it(self, complaint, now, settings):
        self.closed(complaint, now - timedelta(days=31))
        settings.CONTACT_RETENTION_DAYS = 30
        with time_machine.travel(now, tick=False):
            forget_contacts()
        complaint.refresh_from_db()
        assert complaint.contact == ""
        entry = app.conf.beat_schedule["forget_contacts"]
        assert (entry["task"], app.conf.task_routes[entry["task"]]["queue"]) == (forget_contacts.name, NIGHTLY)

    def test_what_is_open_keeps_its_person(self, complaint, now):
        dialogue.forget_contacts(now=now + timedelta(days=3000))
        complaint.refresh_from_db()
        assert complaint.contact == "01 02 03 04 05"

    def test_a_slice_without_time_left_says_that_there_is_more(self, newsroom, complaint, now, monkeypatch):
        monkeypatch.setattr(dialogue, "_AT_ONCE", 1)
        self.closed(complaint, now)
        assert dialogue.forget_contacts(now=now + timedelta(days=400), seconds=0).may_be_more

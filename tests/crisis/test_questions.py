"""Questions that come in while it lasts: in turn, answered with the words that went out, or put off until the hour."""

from datetime import timedelta

import pytest
import time_machine

from planner.base.errors import NotFound, Refused
from planner.crisis import operations as crises
from planner.crisis.queries import conduct_of, questions_in, tally_of
from planner.crisis.rules import Asked, Outcome, tally
from planner.dialogue import operations as dialogue
from planner.reminders.models import Reminder
from planner.work.models import WorkItem
from tests.crisis.conftest import TEXT

HOME = "/w/marbourg/crisis/"


@pytest.fixture
def ask(reader, newsroom):
    def one(text, at, *, origin="phone"):
        return dialogue.receive(
            actor=reader, kind="question", text=text, origin=origin, received_at=at, now=at
        )  # fmt: skip

    return one


def test_they_come_in_turn_the_most_asked_first(declare, ask, member, now):
    before = ask("Is the school open?", now - timedelta(hours=1))
    crisis = declare()
    first = ask("Is my child’s name in it?", now + timedelta(minutes=1))
    second = ask("Who has the data?", now + timedelta(minutes=2))
    third = ask("Who took the data?", now + timedelta(minutes=3))
    assert list(questions_in(crisis).in_turn()) == [first, second, third]
    dialogue.merge(signal=third, into=second, actor=member, now=now + timedelta(minutes=4))
    assert list(questions_in(crisis).in_turn()) == [second, first]
    with pytest.raises(NotFound):
        crises.answer_question(crisis=crisis, question=before, actor=member, text="Yes.", now=now)


def test_it_is_answered_with_the_words_that_went_out(declare, speak, ask, member, reads, now):
    crisis = declare()
    question = ask("Is my child’s name in it?", now + timedelta(minutes=1))
    client, page = reads(member), f"{crisis.link}questions/{question.pk}/"
    assert "Nothing has gone out yet" in client.get(page).content.decode()
    statement = speak(crisis, now + timedelta(minutes=5))
    with time_machine.travel(now + timedelta(minutes=9), tick=False):
        assert TEXT in client.get(page).content.decode()
        client.post(page, {"text": f"We do not know yet. {TEXT} Inès", "address": "https://m.example/1"})
    question.refresh_from_db()
    assert (question.state, question.decision, question.owner) == ("answered", "answer", member)
    assert statement.is_kept
    outcomes = tally_of(crisis, conduct_of(crisis.workspace)).outcomes
    assert outcomes == {Outcome.ANSWERED: 1}
    assert "Answered (1)" in client.get(f"{crisis.link}debrief/").content.decode()


def test_what_is_not_confirmed_is_put_off_until_the_promised_hour(declare, ask, member, now):
    crisis = declare()
    question = ask("How many?", now + timedelta(minutes=1))
    crises.put_off_question(crisis=crisis, question=question, actor=member, now=now + timedelta(minutes=2))
    question.refresh_from_db()
    item = WorkItem.objects.about(question).open().get()
    assert (question.state, item.owner, item.due_at, item.profile) == ("later", member, crisis.promised_at, "e-ans")
    with pytest.raises(Refused, match="No hour to come"):
        crises.put_off_question(crisis=crisis, question=question, actor=member, now=now + timedelta(hours=2))


def test_in_a_crisis_answers_are_due_around_the_clock(declare, ask, member, now):
    night = now + timedelta(hours=14)
    question = ask("Is it safe?", night)
    calm = dialogue.sort(signal=question, actor=member, decision="private", owner=member, now=night)
    assert WorkItem.objects.about(calm).open().get().due_at > night + timedelta(hours=8)
    declare(at=night)
    dialogue.sort(signal=question, actor=member, decision="private", owner=member, now=night)
    assert WorkItem.objects.about(question).open().get().due_at == night + timedelta(hours=4)


def test_danger_is_told_to_the_crisis_lead_too(declare, ask, member, lead, now):
    declare()
    question = ask("My mother does not answer.", now)
    dialogue.sort(signal=question, actor=member, decision="emergency", owner=member, now=now)
    told = Reminder.objects.filter(addressee=f"member:{lead.pk}", group_id=question.pk)
    assert [one.message["en"] for one in told] == ["Somebody is in danger: see that help was called"]


def test_the_war_room_shows_them_and_a_new_one_is_seen_by_the_poll(declare, ask, member, reads, now):
    crisis = declare()
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        client = reads(member)
        first = client.get(f"{crisis.link}now/").content.decode()
        assert "Nobody has asked yet" in first
        version = first.split("?v=")[1].split('"')[0]
        form = client.get(f"/w/marbourg/dialogue/new/?kind=question&next={crisis.link}questions/").content.decode()
        assert f'name="next" value="{crisis.link}questions/"' in form
        question = ask("Is the library open?", now + timedelta(minutes=4))
        assert "Is the library open?" in client.get(f"{crisis.link}now/?v={version}").content.decode()
        listed = client.get(f"{crisis.link}questions/").content.decode()
        assert f"questions/{question.pk}/" in listed and "the first line that fits wins" in listed
        assert client.post(f"{crisis.link}questions/{question.pk}/later/").status_code == 302


def test_only_members_read_them_and_only_those_who_may_answer_do(declare, ask, reader, outsider, reads, now):
    crisis = declare()
    question = ask("Why?", now)
    page = f"{crisis.link}questions/{question.pk}/"
    for one in (page, f"{crisis.link}questions/"):
        assert reads(outsider).get(one).status_code == 404
    assert "It was answered so" not in reads(reader).get(page).content.decode()
    assert reads(reader).post(page, {"text": "Because"}).status_code == 403


# ---- counting, purely


def asked(number, *, state="new", decision="", theme="", critical=False, joined=None):
    return Asked(number, joined, state, decision, theme, critical)


def test_criticism_and_heavy_themes_have_their_place_among_the_answers():
    sting = [asked(n, critical=True, theme="blame") for n in range(4)]
    kind = [asked(10 + n, state="answered", decision="answer", theme="hours") for n in range(6)]
    one_sided = tally([*sting, *kind], tolerance=5, weighs=5)
    assert one_sided.is_one_sided and one_sided.forgotten == ("blame",)
    assert (one_sided.critical_asked, one_sided.critical_answered) == (40, 0)
    fair = tally(
        [*kind, *(asked(20 + n, state="answered", critical=True, theme="blame") for n in range(4))],
        tolerance=5, weighs=5,
    )  # fmt: skip
    assert not fair.is_one_sided and fair.forgotten == ()


def test_what_was_joined_counts_with_its_head():
    rows = [asked(1, state="answered", theme="hours"), asked(2, state="closed", joined=1), asked(3, decision="cannot")]
    counted = tally(rows, tolerance=5, weighs=5)
    assert (counted.received, counted.joined) == (3, 1)
    assert counted.outcomes == {Outcome.ANSWERED: 2, Outcome.DECLINED: 1}


def test_nothing_asked_is_nothing_wrong():
    empty = tally([], tolerance=5, weighs=5)
    assert not empty.is_one_sided and empty.critical_answered is None and empty.received == 0

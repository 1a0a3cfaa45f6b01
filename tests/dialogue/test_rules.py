from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.worktime import WorkingCalendar
from planner.dialogue import rules
from planner.dialogue.rules import Decision, State

PARIS = WorkingCalendar("Europe/Paris")
FRIDAY = datetime(2026, 4, 24, 14, 0, tzinfo=UTC)  # 16:00 in Paris


@pytest.mark.parametrize(
    ("decision", "has_owner", "state"),
    [
        (Decision.EMERGENCY, True, State.ASSIGNED),
        (Decision.PRIVATE, True, State.PRIVATE),
        (Decision.MODERATE, False, State.DECLINED),
        (Decision.CANNOT, True, State.DECLINED),
        (Decision.LATER, True, State.LATER),
        (Decision.ANSWER, True, State.ASSIGNED),
        (Decision.ANSWER, False, State.SORTED),
    ],
)
def test_each_decision_leads_somewhere(decision, has_owner, state):
    assert rules.state_after(decision, has_owner=has_owner) == state


def test_an_ordinary_answer_is_due_four_working_hours_after_the_person_spoke():
    due = rules.due_for(Decision.ANSWER, received_at=FRIDAY, promised=None, calendar=PARIS, now=FRIDAY)
    assert due == datetime(2026, 4, 27, 10, 0, tzinfo=UTC)  # an hour on Friday, three on Monday from nine


def test_a_private_answer_is_due_within_four_hours_of_people_at_work():
    due = rules.due_for(Decision.PRIVATE, received_at=FRIDAY, promised=None, calendar=PARIS, now=FRIDAY)
    assert due == datetime(2026, 4, 27, 7, 30, tzinfo=UTC)


def test_an_emergency_is_due_at_once_and_what_is_not_answered_never():
    assert rules.due_for(Decision.EMERGENCY, received_at=FRIDAY, promised=None, calendar=PARIS, now=FRIDAY) == FRIDAY
    assert rules.due_for(Decision.MODERATE, received_at=FRIDAY, promised=None, calendar=PARIS, now=FRIDAY) is None


@given(st.sampled_from([Decision.PRIVATE, Decision.ANSWER]), st.integers(0, 60 * 24 * 30))
def test_no_answer_is_due_in_the_past(decision, minutes):
    now = FRIDAY + timedelta(minutes=minutes)
    due = rules.due_for(decision, received_at=FRIDAY, promised=None, calendar=PARIS, now=now)
    assert due is not None
    assert due >= now


@pytest.mark.parametrize(
    ("decision", "given", "field"),
    [
        ("", {}, "decision"),
        (Decision.MODERATE, {}, "reason"),
        (Decision.LATER, {"has_owner": True}, "on"),
        (Decision.LATER, {"has_owner": True, "promised": FRIDAY}, "on"),
        (Decision.PRIVATE, {}, "owner"),
        (Decision.ANSWER, {}, None),
        (Decision.CANNOT, {"reason": "The court decides."}, None),
    ],
)
def test_what_is_missing_is_said_beside_its_field(decision, given, field):
    facts = {"reason": "", "has_owner": False, "promised": None, **given}
    lacking = rules.missing_in(decision=decision, now=FRIDAY, **facts)
    assert (lacking[0] if lacking else None) == field


@given(st.text(max_size=300), st.integers(10, 90))
def test_a_shortened_text_is_one_line_that_fits(text, most):
    line = rules.shortened(text, most)
    assert len(line) <= most
    assert "\n" not in line


def test_every_template_offered_knows_what_the_message_fills_in():
    for slugs in rules.TEMPLATES.values():
        assert len(set(slugs)) == len(slugs)
        assert set(slugs) == rules.PREFILLED.keys()


def test_first_answers_hold_only_what_the_questions_can():
    template = {
        "fields": [
            {"key": "question_verbatim", "type": "longtext"},
            {"key": "asked_where", "type": "choice", "choices": [{"value": "letter"}]},
            {"key": "times_asked", "type": "number"},
            {"key": "short_answer", "type": "text"},
        ]
    }
    known = {"text": "When does\nthe pool open?", "origin": "desk", "received_at": "2026-04-27T09:00", "count": "3"}
    assert rules.first_answers("customer-question", template, known) == {
        "title": ["When does the pool open?"],
        "field-question_verbatim": ["When does\nthe pool open?"],
        "field-times_asked": ["3"],
    }
    short = {"fields": [{"key": "request", "type": "text", "max": 10}]}
    assert rules.first_answers("explain-a-no", short, known)["field-request"] == ["When…"]

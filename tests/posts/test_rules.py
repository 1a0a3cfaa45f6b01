"""The map of states, what is missing in words, answers to a template's questions: pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.posts import rules
from planner.posts.rules import TRANSITIONS, Event, Facts, OpenWork, Status

NOW = datetime(2026, 4, 27, 8, 0, tzinfo=UTC)
READY = Facts(
    status=Status.DRAFT, language="fr", now=NOW, texts={"fr": ("Titre", "Du texte.")}, audience="Eux", objective="Cela",
    intent="help", success_measure="Ceci", channels=1, author_id=1, answerer_id=2, deputy_id=3,
    planned_at=NOW + timedelta(days=5), approvals=1, is_urgent=True, confirmations=2,
)  # fmt: skip


# ---- the map


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("event", Event)
def test_every_event_in_every_state_is_on_the_map_or_refused_in_words(status, event):
    found = rules.missing_for(event, replace(READY, status=status))
    if (status, event) in TRANSITIONS:
        assert TRANSITIONS[status, event] in Status.values
        assert found == []
    else:
        assert len(str(found[0].sentence)) > 20
        assert found[0].anchor == "#state"


def test_no_state_is_a_dead_end():
    for status in Status:
        assert any(TRANSITIONS[status, event] != status for event in rules.events_from(status)), status


def test_publication_can_be_reached_from_everywhere():
    reached, size = {Status.PUBLISHED}, 0
    while len(reached) > size:
        size = len(reached)
        reached |= {Status(before) for (before, _event), after in TRANSITIONS.items() if after in reached}
    assert reached == set(Status)


def test_nothing_is_published_without_having_been_scheduled():
    into = {
        before
        for (before, event), after in TRANSITIONS.items()
        if after == Status.PUBLISHED and event != Event.PUBLISH_URGENT
    }
    assert into == {Status.SCHEDULED, Status.PUBLISHED, Status.RETIRED}


def test_the_ended_states_say_so_first():
    assert "cancelled" in str(rules.refusal(Status.CANCELLED, Event.APPROVE))
    assert "retired" in str(rules.refusal(Status.RETIRED, Event.SCHEDULE))


# ---- what is missing


@pytest.mark.parametrize(
    ("change", "anchor"),
    [
        ({"audience": " "}, "#frame"),
        ({"objective": ""}, "#frame"),
        ({"intent": ""}, "#frame"),
        ({"success_measure": ""}, "#frame"),
        ({"channels": 0}, "#channels"),
        ({"author_id": None}, "#people"),
        ({"texts": {"fr": ("", "Du texte.")}}, "#text-fr"),
        ({"texts": {"fr": ("Titre", "## La question\n\n## La réponse\n")}}, "#text-fr"),
        ({"texts": {}}, "#text-fr"),
        ({"unanswered": (("route", {"en": "How", "fr": "Comment"}),)}, "#field-route"),
    ],
)
def test_review_asks_for_each_common_field(change, anchor):
    for event, status in ((Event.SUBMIT, Status.DRAFT), (Event.APPROVE, Status.IN_REVIEW)):
        (found,) = rules.missing_for(event, replace(READY, status=status, **change))
        assert found.anchor == anchor
        assert str(found.sentence)


def test_one_language_is_enough_for_review():
    assert rules.missing_for(Event.SUBMIT, replace(READY, texts={"fr": ("", ""), "en": ("Title", "Words.")})) == []


@pytest.mark.parametrize(
    ("change", "anchor"),
    [
        ({"answerer_id": None}, "#people"),
        ({"deputy_id": None}, "#people"),
        ({"deputy_id": 2}, "#people"),
        ({"planned_at": None}, "#date"),
        ({"planned_at": NOW}, "#date"),
        ({"approvals": 0}, "#approvals"),
        ({"open_work": (OpenWork(12, "review", {"en": "Review"}, "scheduled"),)}, "#work-12"),
    ],
)
def test_scheduling_asks_for_people_date_approval_and_blocking_work(change, anchor):
    (found,) = rules.missing_for(Event.SCHEDULE, replace(READY, status=Status.APPROVED, **change))
    assert found.anchor == anchor


def test_the_final_check_blocks_publication_and_not_scheduling():
    final = (OpenWork(7, "preflight", {"en": "Final check"}, "published"),)
    assert rules.missing_for(Event.SCHEDULE, replace(READY, status=Status.APPROVED, open_work=final)) == []
    (found,) = rules.missing_for(Event.PUBLISH, replace(READY, status=Status.SCHEDULED, open_work=final))
    assert found.anchor == "#work-7"


def test_a_second_channel_is_recorded_without_asking_again():
    assert rules.missing_for(Event.PUBLISH, replace(READY, status=Status.PUBLISHED, approvals=0)) == []


# ---- answers

QUESTIONS = {
    "fields": [
        {"key": "text", "type": "text", "label": {}, "max": 5},
        {"key": "lines", "type": "list", "label": {}, "min_items": 2, "max_items": 3, "max": 4},
        {"key": "one", "type": "choice", "label": {}, "choices": [{"value": "a"}, {"value": "b"}], "required": True},
        {"key": "many", "type": "multichoice", "label": {}, "choices": [{"value": "a"}, {"value": "b"}]},
        {"key": "who", "type": "person", "label": {}},
        {"key": "names", "type": "people", "label": {}},
        {"key": "day", "type": "date", "label": {}},
        {"key": "hour", "type": "datetime", "label": {}},
        {"key": "page", "type": "url", "label": {}},
        {"key": "figure", "type": "number", "label": {}, "required": True},
        {"key": "paper", "type": "file", "label": {}},
        {"key": "sure", "type": "boolean", "label": {}, "required": True},
        {"key": "agreed", "type": "consent", "label": {}},
    ]
}


@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [
        ("text", "  abc ", "abc"),
        ("lines", "a\n\n b \n", ["a", "b"]),
        ("lines", ["a", "b"], ["a", "b"]),
        ("one", "b", "b"),
        ("many", ["a", "b"], ["a", "b"]),
        ("who", "3", 3),
        ("names", "Ana\nBo", ["Ana", "Bo"]),
        ("day", "2026-05-21", "2026-05-21"),
        ("day", NOW.date(), "2026-04-27"),
        ("hour", "2026-05-21T10:00", "2026-05-21T10:00"),
        ("page", "https://example.org/a", "https://example.org/a"),
        ("figure", "1 234,5", 1234.5),
        ("figure", 0, 0),
        ("figure", "7", 7),
        ("paper", 9, 9),
        ("sure", "on", True),
        ("sure", "true", True),
        ("sure", "false", False),
        ("sure", False, False),
        ("agreed", "Signed on Monday", "Signed on Monday"),
    ],
)
def test_answers_are_kept_in_one_form(key, given, kept):
    assert rules.validate_answers(QUESTIONS, {key: given}, members={3}, uploads={9}) == ({key: kept}, {})


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("text", "abcdef"), ("lines", "a"), ("lines", "a\nb\nc\nd"), ("lines", "a\nbbbbb"), ("one", "c"),
        ("many", ["a", "c"]), ("who", "4"), ("who", "x"), ("day", "21/05/2026"), ("day", "2026-02-30"),
        ("hour", "ten"), ("page", "javascript:alert(1)"), ("page", "example"), ("figure", "many"), ("figure", "nan"),
        ("figure", "inf"), ("paper", 8), ("unknown", "x"),
    ],
)  # fmt: skip
def test_answers_that_cannot_be_right_say_why(key, given):
    cleaned, errors = rules.validate_answers(QUESTIONS, {key: given}, members={3}, uploads={9})
    assert cleaned == {}
    assert str(errors[key])


@given(st.dictionaries(st.sampled_from([question["key"] for question in QUESTIONS["fields"]]), st.text(max_size=12)))
def test_no_answer_breaks_the_reading(values):
    cleaned, errors = rules.validate_answers(QUESTIONS, values, members=set(), uploads=set())
    assert not cleaned.keys() & errors.keys()
    assert rules.validate_answers(QUESTIONS, cleaned, members=set(), uploads=set()) == (cleaned, {})


def test_zero_and_no_are_answers_and_nothing_is_none():
    given = {"one": "a", "figure": 0, "sure": False}
    assert rules.unanswered(QUESTIONS, given) == []
    assert [key for key, _label in rules.unanswered(QUESTIONS, {**given, "sure": None})] == ["sure"]


def test_a_no_that_must_first_become_a_yes_is_still_missing():
    template = {"fields": [{"key": "safe", "type": "boolean", "label": {}, "required": True, "must_hold": True}]}
    missing = {
        answer: [key for key, _label in rules.unanswered(template, {"safe": answer})] for answer in (True, False)
    }
    assert missing == {True: [], False: ["safe"]}


@pytest.mark.parametrize(
    ("body", "says"), [("## A\n\n## B", False), ("", False), ("## A\nWords", True), ("Words", True)]
)
def test_headings_alone_say_nothing(body, says):
    assert rules.has_prose(body) is says


# ---- entries of the calendar

TEN = datetime(2026, 5, 21, 8, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 5, 21, 22, 0, tzinfo=UTC)  # in Paris


def test_the_first_shown_of_one_hour_leads_and_another_hour_has_its_own():
    later = TEN + timedelta(hours=3)
    placements = [(1, TEN, TEN + timedelta(minutes=5)), (2, TEN, TEN), (3, later, later), (4, None, None)]
    assert rules.leaders(placements, ZoneInfo("Europe/Paris")) == {2, 3}


def test_what_was_published_on_two_sides_of_midnight_is_two_entries():
    planned = MIDNIGHT - timedelta(minutes=5)
    placements = [(1, planned, planned), (2, planned, MIDNIGHT + timedelta(minutes=1))]
    assert rules.leaders(placements, ZoneInfo("Europe/Paris")) == {1, 2}
    assert rules.leaders(placements, ZoneInfo("America/Toronto")) == {1}

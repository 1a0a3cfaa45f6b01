"""The map, exhaustively: every state, event, access level, editorial role and gate. Pure.

What people try on a real post, by each way in, is in `test_gating`.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from planner.posts import rules
from planner.posts.rules import TRANSITIONS, Event, Facts, OpenWork, Status
from planner.workspaces.rules import EditorialRole, Level

NOW = datetime(2026, 4, 27, 8, 0, tzinfo=UTC)
READY = Facts(
    status=Status.DRAFT, language="fr", now=NOW, texts={"fr": ("Titre", "Du texte.")}, audience="Eux", objective="Cela",
    intent="help", success_measure="Ceci", channels=1, author_id=1, answerer_id=2, deputy_id=3,
    planned_at=NOW + timedelta(days=5), approvals=1, is_urgent=True, confirmations=2,
)  # fmt: skip

_TEXT = {"fr": "Phrase.", "en": "Sentence."}
_S, _E = Status, Event
_SCHEDULE = {(_S.APPROVED, _E.SCHEDULE)}
_GO_OUT = {(_S.SCHEDULED, _E.PUBLISH)}
_AGAIN = {(_S.PUBLISHED, _E.PUBLISH)}
_URGENT = {(status, _E.PUBLISH_URGENT) for status in (*rules.BEFORE_REVIEW, _S.PUBLISHED)}
_HELD = {(status, event) for status in _S for event in rules.LEAVES_HOLD if (status, event) in TRANSITIONS}
_REVIEW = {
    move for move in TRANSITIONS if move[1] in (_E.SUBMIT, _E.APPROVE, _E.SIGN)
}  # fmt: skip

GATES = {
    "nothing": ({}, set()),
    "a rule of the policy": ({"stopped_by": (("R01", _TEXT),)}, _SCHEDULE | _GO_OUT | _AGAIN),
    "a rule that haste does not excuse": (
        {"stopped_by": (("R19", _TEXT),)}, _SCHEDULE | _GO_OUT | _AGAIN | _URGENT,
    ),
    "a hold": ({"is_held": True}, _HELD),
    "no legal signature": ({"is_regulated": True}, _SCHEDULE | _GO_OUT),
    "four eyes": ({"approvals": 0}, _SCHEDULE | _GO_OUT),
    "two confirmations": ({"confirmations": 1}, _URGENT),
    "work to be done before": ({"open_work": (OpenWork(1, "review", _TEXT, "scheduled"),)}, _SCHEDULE | _GO_OUT),
    "the final check": ({"open_work": (OpenWork(1, "preflight", _TEXT, "published"),)}, _GO_OUT),
    "nobody who answers": ({"answerer_id": None}, _SCHEDULE),
    "no deputy": ({"deputy_id": None}, _SCHEDULE),
    "a channel that is only listened to": ({"listening": (_TEXT,)}, _SCHEDULE | _GO_OUT),
    "no date": ({"planned_at": None}, _SCHEDULE),
    "an hour that has passed": ({"planned_at": NOW}, _SCHEDULE),
    "nobody it is for": ({"audience": ""}, _REVIEW),
    "a higher room": ({"blocks": ((tuple(_E.values), _TEXT, "/w/x/"),)}, set(TRANSITIONS)),
}  # fmt: skip
"""What stands in the way, and exactly the moves that it refuses; every other move of the map is open."""


@pytest.mark.parametrize("gate", GATES)
def test_each_gate_refuses_its_moves_in_words_and_no_other(gate):
    change, refused = GATES[gate]
    for status, event in product(Status, Event):
        found = rules.missing_for(event, replace(READY, status=status, **change))
        is_open = (status, event) in TRANSITIONS and (status, event) not in refused
        assert (found == []) == is_open, (status, event, gate, found)
        assert all(str(one.sentence) and one.anchor for one in found)


@pytest.mark.parametrize("gate", GATES)
def test_gates_add_up(gate):
    change, refused = GATES[gate]
    others = [(name, GATES[name]) for name in GATES if not GATES[name][0].keys() & change.keys()]
    for (name, (also, too)), (status, event) in product(others, TRANSITIONS):
        found = rules.missing_for(event, replace(READY, status=status, **change, **also))
        assert (found == []) == ((status, event) not in refused | too), (status, event, gate, name)


BY_LEVEL = {
    Level.READER: set(),
    Level.CONTRIBUTOR: {_E.SUBMIT, _E.CHANGE, _E.CORRECT},
    Level.PLANNER: set(_E) - {_E.APPROVE, _E.SIGN},
    Level.MANAGER: set(_E) - {_E.APPROVE, _E.SIGN},
}
"""What a level may bring about without any role."""

BY_ROLE = {
    EditorialRole.EDITOR: {_E.ASK_CHANGES},
    EditorialRole.APPROVER: {_E.ASK_CHANGES, _E.APPROVE},
    EditorialRole.LEGAL: {_E.ASK_CHANGES, _E.SIGN},
}
"""What a role may bring about whatever the level; the other roles decide nothing."""


@pytest.mark.parametrize("role", ["", *EditorialRole.values])
def test_who_may_bring_an_event_about(role):
    roles = {role} - {""}
    for event, level, is_author in product(Event, Level, (False, True)):
        expected = event in BY_LEVEL[level] | BY_ROLE.get(role, set()) | ({_E.ASK_CHANGES} if is_author else set())
        found = rules.may_bring_about(event, level=level, roles=roles, is_author=is_author)
        assert found == expected, (event, level, is_author)


def test_every_state_event_level_role_and_gate_leads_where_the_map_says_or_nowhere():
    """The whole product, to the last: 8 x 15 x 4 x 15 x 2 x 16 ways to try, and no other way into the schedule."""
    into_schedule, tried = set(), 0
    for status, event, gate in product(Status, Event, GATES):
        change, refused = GATES[gate]
        is_open = not rules.missing_for(event, replace(READY, status=status, **change))
        for level, role, is_author in product(Level, ["", *EditorialRole.values], (False, True)):
            tried += 1
            may = rules.may_bring_about(event, level=level, roles={role} - {""}, is_author=is_author)
            after = rules.next_status(status, event) if is_open and may else None
            if after is None:
                continue
            assert (status, event) not in refused
            assert (after == Status.APPROVED) <= (
                event == Event.UNSCHEDULE or role in (EditorialRole.APPROVER, EditorialRole.LEGAL)
            )
            if after == Status.SCHEDULED:
                into_schedule.add((status, event, level, gate))
    assert tried == len(Status) * len(Event) * len(GATES) * len(Level) * (1 + len(EditorialRole)) * 2
    free = {gate for gate, (_change, refused) in GATES.items() if not _SCHEDULE & refused}
    planners = (Level.PLANNER, Level.MANAGER)
    assert into_schedule == {(Status.APPROVED, Event.SCHEDULE, level, gate) for level in planners for gate in free}


def test_a_refusal_of_the_policy_names_each_rule_and_leads_to_its_finding():
    stops = (("R01", {"en": "Say so.", "fr": "Dites-le."}), ("R19", {"en": "Ask.", "fr": "Demandez."}))
    found = rules.missing_for(Event.SCHEDULE, replace(READY, status=Status.APPROVED, stopped_by=stops))
    assert [one.anchor for one in found] == ["#rule-R01", "#rule-R19"]
    assert "R01" in str(found[0].sentence) and "Say so." in str(found[0].sentence)


def test_haste_is_stopped_by_few_rules_and_those_of_the_template():
    every = tuple((f"R{number:02}", _TEXT) for number in range(1, 26))
    for named in ((), ("R09",)):
        hurry = rules.rules_in_a_hurry({"rules": list(named)})
        found = rules.missing_for(Event.PUBLISH_URGENT, replace(READY, in_a_hurry=hurry, stopped_by=every))
        stopping = {one.anchor.removeprefix("#rule-") for one in found}
        assert stopping == {"R12", "R13", "R18", "R19", "R20", "R24", *named}


def test_an_open_legal_item_says_it_once():
    item = OpenWork(4, "legal", _TEXT, "scheduled")
    facts = replace(READY, status=Status.APPROVED, is_regulated=True, open_work=(item,))
    assert [one.anchor for one in rules.missing_for(Event.SCHEDULE, facts)] == ["#work-4"]
    signed = replace(READY, status=Status.APPROVED, is_regulated=True, signatures=1)
    assert rules.missing_for(Event.SCHEDULE, signed) == []

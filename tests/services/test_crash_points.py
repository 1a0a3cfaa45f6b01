"""A drain of twenty reminders, and a declaration, die at every one of their steps, on both databases."""

import json

import pytest

from tests.services.conftest import fault_row

pytestmark = pytest.mark.services

CALL = "from tests.services.crash_points import run; run()"


def test_wherever_a_declaration_dies_all_of_it_is_there_or_nothing(house):
    house.manage("load_playbook", "-v", "0")
    call = "from tests.services.crisis_crash import run; run()"
    found = json.loads(house.manage("shell", "-v", "0", "-c", call).splitlines()[-1])
    assert found["places"] > 60, "the declaration has that many places to die"
    assert (found["crises"], found["alerts"], found["holds"], found["alerted"]) == (1, 1, 1, 1)
    assert found["rows"] == found["held"] == 4
    assert min(found["silent"], found["work"], found["checks"], found["lines"]) > 1


def test_wherever_a_drain_dies_the_next_one_finds_everything(house, request, capsys):
    database = request.node.callspec.params["house"]
    found = json.loads(house.manage("shell", "-v", "0", "-c", CALL).splitlines()[-1])
    fault_row(capsys, f"crash points, {database}", found["places"], lost=0, twice=0, in_doubt=found.get("in_doubt", 0))
    assert found["places"] > 80, "the drain has that many places to die"
    assert found["in_doubt"] > 0, "some of them leave a doubt"

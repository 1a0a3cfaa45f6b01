"""At the instant of a declaration somebody schedules, publishes, moves, and reminders leave: real processes."""

import json

import pytest

from tests.services.conftest import Installation, at_one_instant

pytestmark = pytest.mark.services

ACTS = ("declare", "schedule", "move", "publish", "drain")
ALL_POSTS = 16


def test_whatever_people_do_at_that_instant_nothing_in_scope_stays_scheduled(house, tmp_path):
    house.manage("load_playbook", "-v", "0")
    house.manage("shell", "-v", "0", "-c", "from tests.services import crisis_acts; crisis_acts.newsroom()")
    go = tmp_path / "go"
    shell = "from tests.services import crisis_acts; crisis_acts.act"
    at_one_instant(house, go, {name: f"{shell}({name!r}, {str(go)!r})" for name in ACTS})
    said = house.manage(
        "shell", "-v", "0", "-c",
        "import json; from tests.services import crisis_acts; print(json.dumps(crisis_acts.verdict()))",
    )  # fmt: skip
    found = json.loads(said.splitlines()[-1])
    assert found["free"] == found["scheduled_and_free"] == found["published_and_held"] == 0
    assert found["held"] + found["published"] == ALL_POSTS
    assert found["held"] > 0
    assert found["awake"] == found["told_later"] == 0


def test_a_post_released_while_its_reminders_fall_silent_speaks_again(tmp_path, postgres):
    """On SQLite the two never meet: each waits for the other's commit."""
    house = Installation(tmp_path, postgres.ask, DATABASE_URL=postgres.url)
    house.manage("load_playbook", "-v", "0")
    said = house.manage(
        "shell", "-v", "0", "-c",
        "import json; from tests.services import crisis_acts; print(json.dumps(crisis_acts.released_while_claimed()))",
    )  # fmt: skip
    found = json.loads(said.splitlines()[-1])
    assert found["claimed"] == found["silenced"] == found["wanted"] > 0
    assert found["asleep"] == 0

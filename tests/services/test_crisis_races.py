"""At the instant of a declaration somebody schedules, publishes, moves, and reminders leave: real processes."""

import json
import subprocess
import sys

import pytest

from tests.services.conftest import Installation, on_sqlite
from tests.setup.conftest import ROOT

pytestmark = pytest.mark.services

ACTS = ("declare", "schedule", "move", "publish", "drain")
ALL_POSTS = 16


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    if request.param == "sqlite":
        return on_sqlite(tmp_path)
    server = request.getfixturevalue("postgres")
    return Installation(tmp_path, server.ask, DATABASE_URL=server.url)


def call(words: str) -> list[str]:
    return [sys.executable, "manage.py", "shell", "-v", "0", "-c", f"from tests.services import crisis_acts; {words}"]


def test_whatever_people_do_at_that_instant_nothing_in_scope_stays_scheduled(house, tmp_path):
    house.manage("load_playbook", "-v", "0")
    house.manage("shell", "-v", "0", "-c", "from tests.services import crisis_acts; crisis_acts.newsroom()")
    go = tmp_path / "go"
    crew = {
        act: subprocess.Popen(
            call(f"crisis_acts.act({act!r}, {str(go)!r})"), cwd=ROOT, env=house.env, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )
        for act in ACTS
    }  # fmt: skip
    go.touch()
    for act, one in crew.items():
        _out, words = one.communicate(timeout=200)
        assert one.returncode == 0, f"{act}: {words}"
    said = house.manage(
        "shell", "-v", "0", "-c",
        "import json; from tests.services import crisis_acts; print(json.dumps(crisis_acts.verdict()))",
    )  # fmt: skip
    found = json.loads(said.splitlines()[-1])
    assert found["free"] == found["scheduled_and_free"] == found["published_and_held"] == 0
    assert found["held"] + found["published"] == ALL_POSTS
    assert found["held"] > 0
    assert found["awake"] == found["told_later"] == 0

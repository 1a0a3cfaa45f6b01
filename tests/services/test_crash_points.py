"""A drain of twenty reminders dies at every one of its steps, on both databases: nothing lost, nothing twice."""

import json

import pytest

from tests.services.conftest import Installation, fault_row, on_sqlite

pytestmark = pytest.mark.services

CALL = "from tests.services.crash_points import run; run()"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_wherever_a_drain_dies_the_next_one_finds_everything(tmp_path, request, database, capsys):
    if database == "sqlite":
        house = on_sqlite(tmp_path)
    else:
        server = request.getfixturevalue("postgres")
        house = Installation(tmp_path, server.ask, DATABASE_URL=server.url)
    found = json.loads(house.manage("shell", "-v", "0", "-c", CALL).splitlines()[-1])
    fault_row(capsys, f"crash points, {database}", found["places"], lost=0, twice=0, in_doubt=found.get("in_doubt", 0))
    assert found["places"] > 80, "the drain has that many places to die"
    assert found["in_doubt"] > 0, "some of them leave a doubt"

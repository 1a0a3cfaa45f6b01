"""The real worker, killed twenty times during 10,000 deliveries through a mail server that misbehaves: none lost in
silence, none twice, doubts counted."""

import random

import pytest

from tests.services.conftest import Kept, expect_nothing_lost_nothing_twice, fault_row, on_sqlite
from tests.services.servers import until

pytestmark = pytest.mark.services

MANY, KILLS = 10_000, 20
REFUSED, CUT, CUT_AFTER = 12, 4, 4
WORKER = (
    "-m", "celery", "--quiet", "-A", "config", "worker", "--embedded-beat", "--pool", "solo",
    "--loglevel", "warning", "--without-gossip", "--without-mingle", "--without-heartbeat",
)  # fmt: skip


@pytest.fixture
def house(tmp_path, sink):
    """An installation of its own, with everything due."""
    installation = on_sqlite(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{sink.port}")
    installation.sow(MANY)
    return installation


def test_a_killed_worker_loses_nothing_and_tells_nobody_twice(house, sink, capsys):
    chance = random.Random(20260427)
    sink.misbehave(chance, MANY - 500, refuse=REFUSED, cut=CUT, cut_after=CUT_AFTER)
    worker = Kept("worker", WORKER, house.env, house.folder / "worker.log")
    try:
        for limit in sorted(chance.sample(range(20, MANY - 500), KILLS)):
            until(lambda limit=limit: sink.total >= limit, f"{limit} messages", within=300)
            worker.kill()
            worker.start()
        until(lambda: house.open_rows() == 0, "everything settled", within=600)
    finally:
        worker.kill()
    doubts = expect_nothing_lost_nothing_twice(house, sink, MANY, most_in_doubt=KILLS + CUT_AFTER)
    assert sink.done == {"refuse": REFUSED, "cut": CUT, "cut-after": CUT_AFTER}
    faults = f"{KILLS} workers killed, {REFUSED} refused, {CUT} cut, {CUT_AFTER} cut after the end"
    fault_row(capsys, f"{MANY:,} on SQLite, folder broker", faults, lost=0, twice=0, in_doubt=doubts)

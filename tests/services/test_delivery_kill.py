"""The real worker, killed in the middle of 1,000 deliveries: none lost in silence, none twice, doubts counted."""

import random

import pytest

from tests.services.conftest import Kept, expect_nothing_lost_nothing_twice, on_sqlite
from tests.services.servers import until

pytestmark = pytest.mark.services

MANY, KILLS = 1000, 6
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


def test_a_killed_worker_loses_nothing_and_tells_nobody_twice(house, sink):
    chance = random.Random(20260427)
    worker = Kept("worker", WORKER, house.env, house.folder / "worker.log")
    try:
        for limit in sorted(chance.sample(range(20, MANY - 100), KILLS)):
            until(lambda limit=limit: sink.total >= limit, f"{limit} messages")
            worker.kill()
            worker.start()
        until(lambda: house.open_rows() == 0, "everything settled")
    finally:
        worker.kill()
    expect_nothing_lost_nothing_twice(house, sink, MANY, most_in_doubt=KILLS)

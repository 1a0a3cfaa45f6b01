"""PostgreSQL and Redis as at scale: workers, beat, Redis and PostgreSQL itself die while 10,000 reminders leave through
a mail server that misbehaves; several drains at once."""

import random
import re
import subprocess
import sys
from contextlib import closing

import psycopg
import pytest

from tests.services.conftest import Installation, Kept, expect_nothing_lost_nothing_twice, fault_row
from tests.services.servers import until
from tests.setup.conftest import ROOT

pytestmark = pytest.mark.services

MANY, WORKERS = 10_000, 2
DEATHS = ["worker"] * 20 + ["redis"] * 3 + ["beat"] * 2 + ["postgresql"]
REFUSED, CUT, CUT_AFTER = 12, 4, 4
FIRST, LAST = 50, 9500
DELAY = 0.002
"""Seconds that the mail server takes for each: slow enough that every death falls into the middle of the work."""
WORKER = (
    "-m", "celery", "--quiet", "-A", "config", "worker", "-Q", "reminders", "--concurrency", "1",
    "--loglevel", "warning",
)  # fmt: skip
BEAT = ("-m", "celery", "--quiet", "-A", "config", "beat", "--loglevel", "warning")
AT_WORK = """
    SELECT DISTINCT application_name FROM pg_stat_activity
    WHERE query LIKE '%UPDATE planner_delivery%' AND clock_timestamp() - query_start < interval '0.5 s'
"""


@pytest.fixture
def mail(sink):
    return {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}


class Crew:
    """Two workers and the one beat, each under a restarter, as the process manager of a server would have them."""

    def __init__(self, house: Installation) -> None:
        self.house = house
        names = [f"worker-{n}" for n in range(WORKERS)]
        self.workers = [self.hire(name, WORKER) for name in names]
        self.beat = self.hire("beat", BEAT)

    def hire(self, name: str, command: tuple[str, ...]) -> Kept:
        """Its name is known to the database, which can then say who is at work."""
        env = self.house.env | {"DATABASE_URL": f"{self.house.env['DATABASE_URL']}?application_name={name}"}
        return Kept(name, command, env, self.house.folder / f"{name}.log")

    def look(self) -> None:
        for one in (*self.workers, self.beat):
            one.look()

    def until(self, true, what: str) -> None:
        until(true, f"{what}; {self.words()}", within=600, meanwhile=self.look)

    def at_work(self) -> list[Kept]:
        names = {row[0] for row in self.house.ask(AT_WORK)}
        return [one for one in self.workers if one.name in names and one.process.poll() is None]

    def words(self) -> str:
        return f"lives: {[one.lives for one in (*self.workers, self.beat)]}, logs in {self.house.folder}"

    def kill(self) -> None:
        for one in (*self.workers, self.beat):
            one.kill()


def test_whatever_dies_nothing_is_lost_or_told_twice(tmp_path, postgres, redis_server, sink, mail, capsys):
    house = Installation(tmp_path, postgres.ask, DATABASE_URL=postgres.url, REDIS_URL=redis_server.url, **mail)
    house.sow(MANY)
    sink.delay = DELAY
    chance = random.Random(20261122)
    sink.misbehave(chance, MANY - 500, refuse=REFUSED, cut=CUT, cut_after=CUT_AFTER)
    moments, deaths = sorted(chance.sample(range(FIRST, LAST), len(DEATHS))), chance.sample(DEATHS, len(DEATHS))
    crew = Crew(house)
    try:
        for limit, victim in zip(moments, deaths, strict=True):
            crew.until(lambda limit=limit: sink.total >= limit and crew.at_work(), f"{limit} messages, one at work")
            if victim == "redis":
                redis_server.die_and_return_empty()
            elif victim == "beat":
                crew.beat.kill()
            elif victim == "postgresql":
                postgres.restart()
            else:
                chance.choice(crew.at_work() or crew.workers).kill()
        crew.until(lambda: house.open_rows() == 0, "everything settled")
        assert crew.beat.lives > 1
    finally:
        crew.kill()
    at_once = WORKERS  # a restart of the database catches each worker in the middle of one message
    doubts = expect_nothing_lost_nothing_twice(house, sink, MANY, most_in_doubt=len(DEATHS) + at_once + CUT_AFTER)
    killed = ", ".join(f"{DEATHS.count(name)} {name}" for name in dict.fromkeys(DEATHS))
    faults = f"{killed}, {REFUSED} refused, {CUT} cut, {CUT_AFTER} cut after the end"
    fault_row(capsys, f"{MANY:,} on PostgreSQL and Redis", faults, lost=0, twice=0, in_doubt=doubts)
    assert house.ask("SELECT DISTINCT state FROM planner_delivery WHERE state NOT IN ('sent', 'unknown')") == []


def test_three_drains_at_once_tell_each_exactly_once(tmp_path, postgres, sink, mail):
    many, drains = 1000, 3
    house = Installation(tmp_path, postgres.ask, DATABASE_URL=postgres.url, **mail)
    house.sow(many)
    command = [sys.executable, "manage.py", "deliver_reminders"]
    waiting = "SELECT count(DISTINCT pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with closing(psycopg.connect(postgres.url)) as gate:
        gate.execute("LOCK TABLE planner_reminder IN ACCESS EXCLUSIVE MODE")
        running = [
            subprocess.Popen(command, cwd=ROOT, env=house.env, stdout=subprocess.PIPE, text=True)
            for _drain in range(drains)
        ]
        until(lambda: house.ask(waiting) == [(drains,)], "all at the gate")
        gate.rollback()
        words = [process.communicate(timeout=100)[0] for process in running]
    told = [int(re.search(r"Told: (\d+)", said).group(1)) for said in words]
    assert min(told) > 0, "all three took part"
    assert sum(told) == many
    expect_nothing_lost_nothing_twice(house, sink, many, most_in_doubt=0)


def test_a_drain_waits_for_nobody_who_changes_its_reminders_and_closes_them_later(tmp_path, postgres, sink, mail):
    """As while a crisis is declared: a drain that waited could close a circle of waits, and kill the declaration."""
    many = 50
    house = Installation(tmp_path, postgres.ask, DATABASE_URL=postgres.url, **mail)
    house.sow(many)
    sink.delay = DELAY
    command = [sys.executable, "manage.py", "deliver_reminders"]
    with closing(psycopg.connect(postgres.url)) as declaring:
        drain = subprocess.Popen(command, cwd=ROOT, env=house.env, stdout=subprocess.PIPE, text=True)
        until(lambda: sink.total > 0, "the first message")
        held = declaring.execute("SELECT id FROM planner_reminder WHERE state = 'leased' FOR NO KEY UPDATE").fetchall()
        assert len(held) == many
        drain.communicate(timeout=100)
        assert house.open_rows() == many
        assert len(house.message_ids("sent")) == many
        declaring.rollback()
    until(lambda: house.manage("deliver_reminders") and house.open_rows() == 0, "the lease over, everything closed")
    expect_nothing_lost_nothing_twice(house, sink, many, most_in_doubt=0)

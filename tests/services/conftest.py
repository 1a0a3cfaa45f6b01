"""Installations of their own, the programs that run them, and a mail server that counts."""

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from config.supervisor import die_with
from tests.services.servers import PostgreSQL, Redis
from tests.setup.conftest import ROOT, free_port

LEASE = 3
Ask = Callable[[str], list[tuple]]


# ---- mail


class Sink:
    """An SMTP server that counts what it has accepted, by Message-ID. `delay`: seconds it takes for each.

    `faults` names what it does instead of taking the nth message that it meets: `refuse` it for now, `cut` the
    connection before the message, or `cut-after` its end, when it has been taken and the sender cannot know.
    """

    def __init__(self, delay: float = 0.0) -> None:
        self.seen: Counter[str] = Counter()
        self.delay = delay
        self.faults: dict[int, str] = {}
        self.met = 0
        self.done: Counter[str] = Counter()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    @property
    def total(self) -> int:
        return sum(self.seen.values())

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        self.met += 1
        session.fault = self.faults.pop(self.met, "")
        if session.fault:
            self.done[session.fault] += 1
        if session.fault == "cut":
            server.transport.abort()
        if session.fault == "refuse":
            return "451 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.delay:
            await asyncio.sleep(self.delay)
        lines = envelope.content.decode("utf-8", "replace").splitlines()
        self.seen[next(line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("message-id:"))] += 1
        if session.fault == "cut-after":
            server.transport.abort()
        return "250 OK"

    def misbehave(self, chance: random.Random, many: int, *, refuse: int, cut: int, cut_after: int) -> None:
        """So many of each, at seeded places among the first `many` messages."""
        kinds = ["refuse"] * refuse + ["cut"] * cut + ["cut-after"] * cut_after
        self.faults = dict(zip(chance.sample(range(20, many), len(kinds)), kinds, strict=True))

    def close(self) -> None:
        self._controller.stop()


@pytest.fixture
def sink():
    handler = Sink()
    yield handler
    handler.close()


# ---- installations


class Installation:
    """The environment that its processes share, and a way to ask its database."""

    def __init__(self, folder: Path, ask: Ask, **variables: str) -> None:
        self.folder, self.ask = folder, ask
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        self.env = kept | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PLANNER_NO_BOOTSTRAP": "1",
            "PLANNER_DATA": str(folder),
            "PLANNER_URL": "http://127.0.0.1:8000",
            "PLANNER_LANGUAGE": "en",
            "REMINDER_LEASE_SECONDS": str(LEASE),
            **variables,
        }
        self.manage("migrate", "-v", "0")

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.env, check=True, stdout=subprocess.PIPE, text=True).stdout

    def sow(self, many: int, *, works: int | None = None, due_in: float = 0.0, slug: str = "marbourg") -> None:
        call = f"sow({many}, works={works}, due_in={due_in}, slug='{slug}')"
        self.manage("shell", "-v", "0", "-c", f"from tests.services.sowing import sow; {call}")

    def open_rows(self) -> int:
        return self.ask("SELECT count(*) FROM planner_reminder WHERE state IN ('pending', 'leased')")[0][0]

    def message_ids(self, state: str) -> set[str]:
        return {row[0] for row in self.ask(f"SELECT message_id FROM planner_delivery WHERE state = '{state}'")}


def on_sqlite(folder: Path, **variables: str) -> Installation:
    def ask(sql: str) -> list[tuple]:
        with closing(sqlite3.connect(f"file:{folder / 'db.sqlite3'}?mode=ro", uri=True, timeout=30)) as database:
            return database.execute(sql).fetchall()

    return Installation(folder, ask, **variables)


@pytest.fixture
def postgres():
    server = PostgreSQL()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    """An installation without a broker, on each of the databases."""
    if request.param == "sqlite":
        return on_sqlite(tmp_path)
    server = request.getfixturevalue("postgres")
    return Installation(tmp_path, server.ask, DATABASE_URL=server.url)


@pytest.fixture
def redis_server(tmp_path):
    folder = tmp_path / "redis"
    folder.mkdir()
    server = Redis(folder)
    yield server
    server.close()


# ---- programs


class Kept:
    """A program under a restarter: whatever ends it, it is started again, and nothing of its group stays."""

    def __init__(self, name: str, command: tuple[str, ...], env: dict[str, str], log: Path) -> None:
        self.name, self.command, self.env, self.log = name, command, env, log
        self.lives = 0
        self.start()

    def start(self) -> None:
        parent = os.getpid()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command], cwd=ROOT, env=self.env, start_new_session=True, stdout=log, stderr=log,
                preexec_fn=lambda: die_with(parent, signal.SIGKILL),
            )  # fmt: skip
        self.lives += 1

    def look(self) -> None:
        if self.process.poll() is not None:
            self.kill()
            self.start()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def fault_row(capsys, what: str, faults: object, *, lost: int, twice: int, in_doubt: int) -> None:
    """One line of the fault table, on the terminal whatever pytest keeps for itself."""
    with capsys.disabled():
        sys.stdout.write(f"\n{what:<44} faults {faults!s:<60} lost {lost}  twice {twice}  in doubt {in_doubt}\n")


def expect_nothing_lost_nothing_twice(house: Installation, sink: Sink, many: int, *, most_in_doubt: int) -> int:
    """What the sink has seen against what the database says: each sent once, or in doubt and listed as such.

    Returns how many are in doubt.
    """
    doubtful, sent = house.message_ids("unknown"), house.message_ids("sent")
    assert house.ask("SELECT count(*), count(DISTINCT reminder_id) FROM planner_notice") == [(many, many)]
    assert set(sink.seen.values()) == {1}, "told twice"
    assert len(doubtful) <= most_in_doubt
    assert sent <= sink.seen.keys(), "marked as sent, never left"
    assert sink.seen.keys() <= sent | doubtful, "left, and nothing says so"
    assert len(sent | doubtful) == many, "lost in silence"
    return len(doubtful)


def at_one_instant(house: Installation, go: Path, acts: dict[str, str]) -> None:
    """Run each act, words for `manage.py shell`, in its own process; all wait for the file `go`, and none fails."""
    crew = {
        name: subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", act], cwd=ROOT, env=house.env,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for name, act in acts.items()
    }  # fmt: skip
    go.touch()
    said = {name: one.communicate(timeout=200)[1] for name, one in crew.items()}
    assert {name: words for name, words in said.items() if crew[name].returncode} == {}

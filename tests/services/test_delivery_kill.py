"""The real worker, killed in the middle of 1,000 deliveries: none lost in silence, none twice, doubts counted."""

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

pytestmark = pytest.mark.services

ROOT = Path(__file__).resolve().parents[2]
MANY, KILLS, LEASE = 1000, 6, 3
PATIENCE = 150.0
WORKER = (
    "-m", "celery", "--quiet", "-A", "config", "worker", "--embedded-beat", "--pool", "solo",
    "--loglevel", "warning", "--without-gossip", "--without-mingle", "--without-heartbeat",
)  # fmt: skip

SOW = f"""
import django
django.setup()
from django.contrib.contenttypes.models import ContentType
from planner.base import clock
from planner.models import Membership, Post, Reminder, User, WorkItem, Workspace
now = clock.now()
workspace = Workspace.objects.create(name="Marbourg", slug="marbourg", languages=["fr"], created_at=now)
user = User.objects.create(name="Inès Marchetti", email="ines@example.org", password="!")
ines = Membership.objects.create(workspace=workspace, user=user, level="manager", joined_at=now)
post = Post.objects.create(workspace=workspace, author=ines, created_at=now, updated_at=now)
items = WorkItem.objects.bulk_create(
    WorkItem(
        workspace=workspace, subject=post, key=f"draft-{{n}}", owner=ines, roles=["author"], offset="D-6",
        title={{"fr": "Écrire", "en": "Write"}}, due_at=now, created_at=now,
    )
    for n in range({MANY})
)
kind = ContentType.objects.get_for_model(WorkItem)
Reminder.objects.bulk_create(
    Reminder(
        workspace=workspace, subject_type=kind, subject_id=item.pk, step="due", addressee="owner", profile="e-ans",
        work_due_at=now, due_at=now, next_at=now, quiet="never", message={{"fr": "À l’heure"}}, created_at=now,
    )
    for item in items
)
"""


class Sink:
    """An SMTP server that counts what it has accepted, by Message-ID."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    async def handle_DATA(self, server, session, envelope) -> str:
        lines = envelope.content.decode("utf-8", "replace").splitlines()
        self.seen[next(line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("message-id:"))] += 1
        return "250 OK"


@pytest.fixture
def sink():
    handler = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.port = port
    yield handler
    controller.stop()


@pytest.fixture
def installation(tmp_path, sink):
    """An installation of its own, with everything due, and the environment that its processes share."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PLANNER_NO_BOOTSTRAP": "1",
        "PLANNER_DATA": str(tmp_path),
        "PLANNER_URL": "http://127.0.0.1:8000",
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "REMINDER_LEASE_SECONDS": str(LEASE),
    }
    env.pop("DATABASE_URL", None)
    env.pop("REDIS_URL", None)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=env, check=True)
    subprocess.run([sys.executable, "-c", SOW], cwd=ROOT, env=env, check=True)
    return tmp_path, env


def until(true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.005)


class Worker:
    """One life after the other of the program that `up` keeps alive."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, *WORKER], cwd=ROOT, env=self.env, start_new_session=True)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def ask(folder: Path, sql: str) -> list[tuple]:
    with sqlite3.connect(f"file:{folder / 'db.sqlite3'}?mode=ro", uri=True, timeout=30) as database:
        return database.execute(sql).fetchall()


def test_a_killed_worker_loses_nothing_and_tells_nobody_twice(installation, sink):
    folder, env = installation
    chance = random.Random(20260427)
    worker = Worker(env)
    try:
        for limit in sorted(chance.sample(range(20, MANY - 100), KILLS)):
            until(lambda limit=limit: sum(sink.seen.values()) >= limit, f"{limit} messages")
            worker.kill()
            worker.start()
        open_rows = "SELECT count(*) FROM planner_reminder WHERE state IN ('pending', 'leased')"
        until(lambda: ask(folder, open_rows) == [(0,)], "everything settled")
    finally:
        worker.kill()
    doubtful = {row[0] for row in ask(folder, "SELECT message_id FROM planner_delivery WHERE state = 'unknown'")}
    sent = {row[0] for row in ask(folder, "SELECT message_id FROM planner_delivery WHERE state = 'sent'")}
    assert ask(folder, "SELECT count(*), count(DISTINCT reminder_id) FROM planner_notice") == [(MANY, MANY)]
    assert set(sink.seen.values()) == {1}, "told twice"
    assert len(doubtful) <= KILLS
    assert sent <= sink.seen.keys(), "marked as sent, never left"
    assert len(sent | doubtful) == MANY, "lost in silence"

"""`manage.py up` as a person runs it, in a data folder of its own."""

import http.client
import os
import re
import signal
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.setup.conftest import children_of, descendants_of, eventually, free_port, is_alive

pytestmark = pytest.mark.services

MANAGE = [sys.executable, "manage.py"]
IN_ENGLISH = {"PLANNER_NO_BOOTSTRAP": "1", "LC_ALL": "en_US.UTF-8"}


class Running:
    """One `up`: its process, its port, and the words that it said."""

    def __init__(self, process, port: int, data: Path) -> None:
        self.process, self.port, self.data = process, port, data

    @property
    def words(self) -> str:
        return self.process.output.read_text(encoding="utf-8")

    @property
    def link(self) -> str:
        return re.search(r"http://127\.0\.0\.1:\d+(/start/\S+)", self.words).group(1)

    def child(self, part: str) -> int | None:
        """The child whose command line contains this word."""
        for pid in children_of(self.process.pid):
            if part in command_line(pid):
                return pid
        return None

    def status(self, path: str) -> int | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def last_tick(self) -> str | None:
        with closing(sqlite3.connect(self.data / "db.sqlite3", timeout=30)) as database:
            row = database.execute("SELECT last_tick_at FROM planner_deliverystate").fetchone()
        return row[0] if row else None


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except OSError:
        return ""


@pytest.fixture
def up(launch, tmp_path):
    def start(*options: str, data: Path | None = None, port: int | None = None) -> Running:
        data, port = data or tmp_path / "data", port or free_port()
        command = [*MANAGE, "up", "--port", str(port), "--data", str(data), *options]
        return Running(launch(command, **IN_ENGLISH), port, data)

    return start


@pytest.fixture
def running(up):
    run = up()
    eventually(lambda: "Marronnier runs" in run.words, within=90)
    eventually(lambda: run.child("celery"))
    run.process.family.update(descendants_of(run.process.pid))
    return run


def test_the_printed_link_opens_the_first_page_and_nothing_is_an_error(running):
    assert running.status(running.link) == 200
    assert running.status("/healthz") == 200
    eventually(running.last_tick)
    assert "ERROR" not in running.words
    assert "WARNING" not in running.words
    assert "Traceback" not in running.words
    assert len(re.findall("http://", running.words)) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_stops_everything(running, number):
    family = descendants_of(running.process.pid)
    assert len(family) >= 3
    running.process.send_signal(number)
    assert running.process.wait(timeout=15) == 0
    assert not [pid for pid in family if is_alive(pid)]
    assert "Traceback" not in running.words


def test_a_killed_worker_comes_back_and_ticks(running):
    eventually(running.last_tick)  # written every ten seconds
    worker, before = running.child("celery"), running.last_tick()
    os.kill(worker, signal.SIGKILL)
    eventually(lambda: running.child("celery") not in (None, worker))
    eventually(lambda: running.last_tick() != before, within=40)


def test_a_killed_web_server_comes_back_and_answers(running):
    os.kill(running.child("gunicorn"), signal.SIGKILL)
    eventually(lambda: "is started again" in running.words)
    eventually(lambda: running.status("/healthz") == 200)


def test_a_killed_parent_leaves_no_orphan_and_frees_the_port(running):
    family = descendants_of(running.process.pid)
    running.process.kill()
    running.process.wait()
    eventually(lambda: not [pid for pid in family if is_alive(pid)])
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", running.port))


def test_a_second_up_on_the_same_data_is_refused_with_the_number_of_the_first(running, up):
    second = up(data=running.data)
    assert second.process.wait(timeout=60) == 1
    assert f"(process {running.process.pid})" in second.words
    assert len(second.words.strip().splitlines()) == 1
    assert running.status("/healthz") == 200


def test_a_busy_port_is_refused_in_one_line(up):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = up(port=port)
        assert refused.process.wait(timeout=60) == 1
    assert f"Port {port} is taken" in refused.words
    assert len(refused.words.strip().splitlines()) == 1


def test_a_second_start_prints_a_fresh_link_while_nobody_has_an_account(running, up):
    first = running.link
    running.process.terminate()
    running.process.wait(timeout=15)
    again = up(data=running.data)
    eventually(lambda: "Marronnier runs" in again.words, within=60)
    assert again.link != first
    assert again.status(again.link) == 200


def test_a_backup_taken_while_it_runs_is_restored_elsewhere_with_delivery_paused(running, up, launch, tmp_path):
    file, elsewhere = tmp_path / "all.tar.gz", tmp_path / "elsewhere"
    saved = launch([*MANAGE, "backup", str(file), "--data", str(running.data)], **IN_ENGLISH)
    assert saved.wait(timeout=60) == 0
    refused = launch([*MANAGE, "restore", str(file), "--data", str(running.data)], **IN_ENGLISH)
    assert refused.wait(timeout=60) == 1
    assert f"(process {running.process.pid})" in refused.output.read_text()
    restored = launch([*MANAGE, "restore", str(file), "--data", str(elsewhere)], **IN_ENGLISH)
    assert restored.wait(timeout=60) == 0
    with closing(sqlite3.connect(elsewhere / "db.sqlite3")) as database:
        paused_at, reason = database.execute("SELECT paused_at, pause_reason FROM planner_deliverystate").fetchone()
    assert paused_at
    assert reason == "Restored from a backup."
    again = up(data=elsewhere)
    eventually(lambda: "Marronnier runs" in again.words, within=60)
    assert again.status("/healthz") == 200


def test_the_demo_opens_one_sample_workspace_however_often_it_is_asked(up):
    first = up("--demo")
    eventually(lambda: "Marronnier runs" in first.words, within=90)
    first.process.terminate()
    first.process.wait(timeout=15)
    second = up("--demo", data=first.data)
    eventually(lambda: "Marronnier runs" in second.words, within=60)
    with closing(sqlite3.connect(first.data / "db.sqlite3", timeout=30)) as database:
        assert database.execute("SELECT count(*) FROM planner_workspace WHERE is_sample").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM planner_post WHERE is_sample").fetchone()[0] > 5

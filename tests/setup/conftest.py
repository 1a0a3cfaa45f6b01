"""Real processes, watched until something is true or a deadline has passed."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from config.supervisor import ENDINGS

ROOT = Path(__file__).resolve().parents[2]


def eventually(condition, *, within: float = 20.0):
    """The first true value of `condition()`; fails when the deadline passes."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"{condition} stayed false for {within} s")


def is_alive(pid: int) -> bool:
    """A zombie that waits for its parent's look is not alive."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def children_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) == pid and fields[0] != "Z":
                found.append(int(entry.name))
    return sorted(found)


def descendants_of(pid: int) -> list[int]:
    children = children_of(pid)
    return children + [below for child in children for below in descendants_of(child)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def heed_signals() -> None:
    """As at a terminal: tests that were started with `nohup`, or behind others, would hand down what they ignore."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_DFL)


@pytest.fixture
def launch(tmp_path):
    """Start a command with its output in a file; whatever is left at the end of the test is killed."""
    started: list[subprocess.Popen] = []

    def start(command: list[str], **environment: str) -> subprocess.Popen:
        path = tmp_path / f"output-{len(started)}"
        with path.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                preexec_fn=heed_signals,
            )
        process.output = path
        process.family = set()
        started.append(process)
        return process

    yield start
    for process in started:
        for pid in [*descendants_of(process.pid), *process.family]:
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)
        process.kill()
        process.wait()

"""The supervisor with two small programs in place of the web server and the worker."""

import json
import os
import signal
import sys
from dataclasses import asdict

import pytest

from config.supervisor import FIRST_DELAY, LONGEST_DELAY, PLAN_VARIABLE, Child, Plan, Program
from tests.setup.conftest import children_of, eventually, free_port, is_alive

SLEEPER = "import signal; signal.pause()"
STUBBORN = "import signal; signal.signal(15, signal.SIG_IGN); import os; os.write(2, b'deaf')\nwhile 1: signal.pause()"
WITH_CHILD = "import os, signal; os.fork(); signal.pause()"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.fixture
def supervise(launch):
    def start(*codes: str, port: int | None = None):
        port = port or free_port()
        server = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
        plan = Plan(
            programs=[Program("web", server), *(Program(f"p{i}", python(code)) for i, code in enumerate(codes))],
            address=("127.0.0.1", port),
            host="127.0.0.1",
            ready="it answers",
            restarting="{name} ended with {status}",
            stopping="stopping",
            patience=1.0,
        )
        process = launch([sys.executable, "-m", "config.supervisor"], **{PLAN_VARIABLE: json.dumps(asdict(plan))})
        eventually(lambda: "it answers" in process.output.read_text())
        process.family.update(children_of(process.pid))
        return process

    return start


def sleeper_of(process, *, other_than=None):
    def found():
        return [pid for pid in children_of(process.pid) if is_running(pid, "signal.pause") and pid != other_than]

    return eventually(found)[0]


def is_running(pid: int, text: str) -> bool:
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
            return text in file.read()
    except OSError:
        return False


def test_a_killed_child_is_started_again_and_the_death_is_said(supervise):
    process = supervise(SLEEPER)
    first = sleeper_of(process)
    os.kill(first, signal.SIGKILL)
    process.family.add(sleeper_of(process, other_than=first))
    assert "p0 ended with -9" in process.output.read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_everything(supervise, number):
    process = supervise(SLEEPER)
    family = children_of(process.pid)
    process.send_signal(number)
    assert process.wait(timeout=20) == 0
    assert not [pid for pid in family if is_alive(pid)]
    assert process.output.read_text().rstrip().endswith("stopping")


def test_a_child_that_does_not_listen_is_killed(supervise):
    process = supervise(STUBBORN)
    eventually(lambda: "deaf" in process.output.read_text())
    family = children_of(process.pid)
    process.terminate()
    assert process.wait(timeout=20) == 0
    assert not [pid for pid in family if is_alive(pid)]


def test_a_killed_parent_leaves_no_orphan(supervise):
    process = supervise(SLEEPER, STUBBORN)
    family = children_of(process.pid)
    assert len(family) == 3
    process.kill()
    process.wait()
    eventually(lambda: not [pid for pid in family if is_alive(pid)])


def test_what_a_dead_child_leaves_in_its_group_is_ended_too(supervise):
    process = supervise(WITH_CHILD)
    forked = sleeper_of(process)
    grandchild = eventually(lambda: children_of(forked))[0]
    process.family.add(grandchild)
    os.kill(forked, signal.SIGKILL)
    eventually(lambda: not is_alive(grandchild))


def test_the_plan_cannot_be_read_in_the_list_of_processes_nor_by_the_children(supervise):
    process = supervise(SLEEPER)
    with open(f"/proc/{process.pid}/cmdline", encoding="utf-8") as file:
        assert "it answers" not in file.read()
    with open(f"/proc/{sleeper_of(process)}/environ", encoding="utf-8") as file:
        assert PLAN_VARIABLE not in file.read()


class Dead:
    pid, returncode = 2**22 + 1, 1  # above the largest process number


def child_that_died(*, after: float, deaths: int) -> Child:
    child = Child(Program("p", []))
    for _death in range(deaths):
        child.process, child.started = Dead(), 100.0
        child.bury(100.0 + after)
    return child


def test_a_first_death_is_mended_almost_at_once():
    assert child_that_died(after=0.0, deaths=1).next_start == 100.0 + FIRST_DELAY


def test_a_child_that_keeps_dying_is_started_less_and_less_often():
    assert child_that_died(after=0.0, deaths=3).next_start == 100.0 + 4 * FIRST_DELAY
    assert child_that_died(after=0.0, deaths=30).next_start == 100.0 + LONGEST_DELAY


def test_a_child_that_lived_well_is_forgiven_its_earlier_deaths():
    assert child_that_died(after=60.0, deaths=30).next_start == 160.0 + FIRST_DELAY

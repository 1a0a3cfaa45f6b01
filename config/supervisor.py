"""Keeps a few child processes alive, and lets none outlive their parent.

Standard library only: `up` prepares everything, then replaces itself by this program, which needs a fraction of the
memory. It reads its `Plan` from the environment, as JSON, because arguments can be read by everybody on the machine.
What it promises, shown in `tests/setup/test_up.py`: a child that dies is started again; Ctrl-C and SIGTERM stop
everything within `patience` and a moment; a parent that is killed leaves no orphan, because the kernel signals each
child on its parent's death.
"""

import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

PLAN_VARIABLE = "PLANNER_PLAN"
PR_SET_PDEATHSIG = 1
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
LIVED_WELL = 10.0
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Program:
    """What to start. `orphan_signal` is what the kernel sends it if the parent dies."""

    name: str
    command: list[str]
    orphan_signal: int = signal.SIGKILL


@dataclass(frozen=True)
class Plan:
    """Everything the supervisor needs, its sentences included, so that it needs no catalogue."""

    programs: list[Program]
    address: tuple[str, int]
    host: str
    """The name that the product answers to, for the first look whether it does."""
    ready: str
    restarting: str
    stopping: str
    patience: float = 3.0

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        values: dict[str, Any] = json.loads(text)
        programs = [Program(**program) for program in values.pop("programs")]
        host, port = values.pop("address")
        return cls(programs=programs, address=(host, port), **values)


@dataclass
class Child:
    """One program, and when it may be started again."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = FIRST_DELAY
    next_start: float = field(default=0.0)

    def start(self, now: float) -> None:
        parent, orphan_signal = os.getpid(), self.program.orphan_signal
        self.process = subprocess.Popen(
            self.program.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # what matters to a person is said on the error stream
            start_new_session=True,  # Ctrl-C reaches the parent alone, which then stops all in order
            preexec_fn=lambda: die_with(parent, orphan_signal),
        )
        self.started = now

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def bury(self, now: float) -> int:
        """Note the death and when to start again: at once the first time, later and later if it keeps dying."""
        assert self.process is not None
        status = self.process.returncode
        self.send(signal.SIGKILL)  # what it may have left in its own group
        if now - self.started >= LIVED_WELL:
            self.delay = FIRST_DELAY
        self.next_start = now + self.delay
        self.delay = min(self.delay * 2, LONGEST_DELAY)
        self.process = None
        return status

    def send(self, number: int) -> None:
        """To the whole group of the child, which has the child's own number."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


def die_with(parent: int, number: int) -> None:
    """In the child, before its program: ask the kernel for a signal on the parent's death (Linux only)."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and the request
            os._exit(1)


LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Supervisor:
    """The loop: start what is due, notice deaths, wait for a signal or the next moment."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.children = [Child(program) for program in plan.programs]
        self.ending = False
        self.announced = False
        self.bell, bell_end = os.pipe()
        for end in (self.bell, bell_end):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(bell_end, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in ENDINGS:
            if signal.getsignal(number) != signal.SIG_IGN:  # `nohup` and its like are obeyed
                signal.signal(number, self.end)

    def end(self, *_: object) -> None:
        self.ending = True

    def run(self) -> None:
        while not self.ending:
            now = time.monotonic()
            for child in self.children:
                self.look_after(child, now)
            self.announce()
            self.wait(self.seconds_to_next(now))
        self.stop()

    def look_after(self, child: Child, now: float) -> None:
        if child.has_died():
            status = child.bury(now)
            say(self.plan.restarting.format(name=child.program.name, status=status), sys.stderr)
        if child.process is None and child.next_start <= now:
            child.start(now)

    def seconds_to_next(self, now: float) -> float:
        waiting = [child.next_start - now for child in self.children if child.process is None]
        return max(0.0, min(waiting, default=60.0)) if self.announced else 0.1

    def announce(self) -> None:
        """The address is printed once it answers, never before."""
        if not self.announced and answers(self.plan.address, self.plan.host):
            self.announced = True
            say(self.plan.ready, sys.stdout)

    def wait(self, seconds: float) -> None:
        select.select([self.bell], [], [], seconds)
        try:
            while os.read(self.bell, 512):
                continue
        except BlockingIOError:
            return

    def stop(self) -> None:
        """Everything gets the same polite request at once, and what has not ended in time is killed."""
        say(self.plan.stopping, sys.stdout)
        deadline = time.monotonic() + self.plan.patience
        for child in self.children:
            if child.process is not None:
                child.process.send_signal(signal.SIGTERM)
        while self.alive() and time.monotonic() < deadline:
            self.wait(deadline - time.monotonic())
        for child in self.children:
            child.send(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()

    def alive(self) -> bool:
        return any(child.process is not None and child.process.poll() is None for child in self.children)


def answers(address: tuple[str, int], host: str) -> bool:
    """Whether a page comes back, not only a connection: the web server listens before the product is loaded."""
    try:
        with socket.create_connection(address, timeout=1) as connection:
            connection.sendall(f"GET /healthz HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            return bool(connection.recv(1))
    except OSError:
        return False


def say(sentence: str, stream: Any) -> None:
    """A terminal that was closed is no reason to stop."""
    try:
        print(sentence, file=stream, flush=True)
    except OSError:
        return


def main() -> None:
    Supervisor(Plan.from_json(os.environ.pop(PLAN_VARIABLE))).run()


if __name__ == "__main__":
    main()

"""The bar of the reminder engine as one table: `python -m tests.bench.reminders`.

Each row says what was measured, the bar, and how many times better than the bar it is: below 1.00 the bar is missed.
Nothing fails here; machines differ, and the load beside each row says how busy this one was. Words after the command
choose among the groups: `sqlite`, `postgres`, `smtp`, `hard`, `up`.
"""

import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from tests.services.conftest import Installation, Sink, on_sqlite
from tests.services.servers import PostgreSQL, until
from tests.setup.conftest import ROOT, children_of, descendants_of, free_port, is_alive

MANY, FUTURE = 10_000, 100_000
WATCHED_SECONDS = 15.0
TICK = 2.0
READY_SECONDS = 5
HERTZ = os.sysconf("SC_CLK_TCK")


# ---- the table


def row(what: str, measured: float, bar: float, unit: str, *, is_floor: bool = False, note: str = "") -> None:
    """`is_floor`: the bar is the least, otherwise the most."""
    ratio = measured / bar if is_floor else bar / max(measured, 1e-9)
    sign = "≥" if is_floor else "≤"
    shown = f"{ratio:.2f}" if ratio < 100 else ">99"
    print(
        f"{what:<64} {measured:>9,.2f} {sign} {bar:>8,.1f} {unit:<5} {shown:>6}  load {os.getloadavg()[0]:.1f}{note}",
        flush=True,
    )


def drain(house: Installation, many: int) -> dict[str, float]:
    """In a process of its own: `many` become due this instant, and are delivered."""
    said = house.manage("shell", "-v", "0", "-c", f"from tests.bench import draining; draining.measure({many})")
    figures: dict[str, float] = json.loads(said.splitlines()[-1])
    return figures


def throughput(house: Installation, what: str, many: int, bar: float) -> dict[str, float]:
    figures = drain(house, many)
    note = f", {figures['cpu']:.1f} s of CPU"
    rate = figures["told"] / figures["seconds"]
    row(f"{what}, {figures['told']:,} at once", rate, bar, "/s", is_floor=True, note=note)
    return figures


# ---- groups


@contextmanager
def sown(many: int, **variables: str) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="marronnier-bench-") as folder:
        house = on_sqlite(Path(folder), REMINDER_LEASE_SECONDS="60", **variables)
        house.sow(many, due_in=86_400)
        yield house


def sqlite() -> None:
    with sown(MANY, REMINDER_TRANSPORT="null") as house:
        figures = throughput(house, "SQLite, no broker, null transport, one per commit", MANY, 5000)
    row("SQLite, no broker: lateness, half of them", figures["p50"], 2.5, "s")
    row("SQLite, no broker: lateness, 99 %", figures["p99"], 2.5, "s")


def postgres() -> None:
    """With `fsync`: a figure without it would flatter."""
    for per_commit, many, bar in ((1, 2000, 500), (20, MANY, 4000)):
        with closing(PostgreSQL(is_durable=True)) as server, tempfile.TemporaryDirectory() as folder:
            house = Installation(
                Path(folder), server.ask, DATABASE_URL=server.url, REMINDER_TRANSPORT="null",
                REMINDER_LEASE_SECONDS="60", REMINDERS_PER_COMMIT=str(per_commit),
            )  # fmt: skip
            house.sow(many, due_in=86_400)
            throughput(house, f"PostgreSQL, null transport, {per_commit} per commit", many, bar)
            if per_commit > 1:
                beside(house, f"PostgreSQL, two drains, {per_commit} per commit", many, bar)


def beside(house: Installation, what: str, many: int, bar: float) -> None:
    """Two drains share the work, as two workers do."""
    house.sow(many, works=many, due_in=86_400, slug="lac")
    before = house.ask("SELECT max(id) FROM planner_reminder")[0][0] - many
    shell = [sys.executable, "manage.py", "shell", "-v", "0", "-c"]
    due_at = f"now() + interval '{READY_SECONDS} s'"
    house.ask(f"UPDATE planner_reminder SET due_at = {due_at}, next_at = {due_at} WHERE id > {before} RETURNING 1")  # noqa: S608
    call = "from tests.bench import draining; draining.take_part()"
    drains = [subprocess.Popen([*shell, call], cwd=ROOT, env=house.env) for _drain in range(2)]
    for process in drains:
        process.wait()
    took = f"""
        SELECT count(*), extract(epoch FROM max(d.at) - min(r.due_at))
        FROM planner_delivery d JOIN planner_reminder r ON r.id = d.reminder_id
        WHERE d.state = 'sent' AND r.id > {before}
    """  # noqa: S608
    told, taken = house.ask(took)[0]
    row(f"{what}, {told:,} at once", told / float(taken), bar, "/s", is_floor=True)


def smtp() -> None:
    with closing(Sink()) as sink, sown(2000, EMAIL_URL=f"smtp://127.0.0.1:{sink.port}") as house:
        throughput(house, "SQLite, mails rendered, through a local SMTP sink", 2000, 700)
        bare = float(
            house.manage("shell", "-v", "0", "-c", f"from tests.bench import draining; draining.bare({sink.port})")
        )
        row("SMTP sink: a client that only hands over, the most there is", bare, 700, "/s", is_floor=True)


def hard() -> None:
    """What is no ordinary day: a server that refuses three in ten, and one person who owes 5,000 things."""
    with closing(Sink()) as sink, sown(2000, EMAIL_URL=f"smtp://127.0.0.1:{sink.port}") as house:
        sink.faults = {n: "refuse" for n in range(1, 2001) if n % 10 < 3}
        figures = drain(house, 2000)
        row("SMTP sink refuses 30 %: those that leave", figures["told"] / figures["seconds"], 350, "/s", is_floor=True)
        kept = "SELECT count(*) FROM planner_reminder WHERE state = 'pending' AND attempts = 1"
        row("SMTP sink refuses 30 %: refused and put off, of 600", house.ask(kept)[0][0], 600, "", is_floor=True)
    with sown(5000, REMINDER_TRANSPORT="null") as house:
        said = house.manage("shell", "-v", "0", "-c", "from tests.bench import draining; draining.morning(5000)")
        figures = json.loads(said.splitlines()[-1])
        row("One person, 5,000 for one morning: counted in", figures["seconds"], 20, "s")
        row("One person, 5,000 for one morning: e-mails", figures["told"] + figures["waiting"], 1, "")


def up() -> None:
    """What `up` costs and how fast it comes and goes, with 100,000 reminders ahead; then they fall due."""
    with tempfile.TemporaryDirectory(prefix="marronnier-bench-") as folder:
        house = on_sqlite(Path(folder), REMINDER_TRANSPORT="null", REMINDER_LEASE_SECONDS="60")
        Running(house).stop()  # the first start prepares the machine
        house.sow(FUTURE, works=MANY, due_in=86_400)
        running = Running(house)
        row("up: start until the first page", running.start_seconds, 5, "s")
        watch(running)
        lone(house)
        together(house)
        worker = running.child("celery")
        os.kill(worker, signal.SIGKILL)
        row("up: a killed worker is back", seconds(lambda: running.child("celery") not in (None, worker)), 5, "s")
        row("up: Ctrl-C until nothing runs", running.stop(), 5, "s")
        last = Running(house)
        family = last.family()
        last.process.kill()
        last.process.wait()
        gone = seconds(lambda: not any(map(is_alive, family)))
        row("up: kill -9 of the parent until no child is left", gone, 5, "s")


GROUPS: dict[str, Callable[[], None]] = {"sqlite": sqlite, "postgres": postgres, "smtp": smtp, "hard": hard, "up": up}


# ---- `up`, watched


class Running:
    def __init__(self, house: Installation) -> None:
        self.port = free_port()
        started = time.monotonic()
        command = [sys.executable, "manage.py", "up", "--port", str(self.port), "--data", str(house.folder)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=house.env, stdout=subprocess.PIPE, text=True)
        self.link = next(found for line in self.process.stdout if (found := re.search(r"/start/\S+", line))).group()
        until(lambda: self.status(self.link) == 200, "the first page", within=60)
        self.start_seconds = time.monotonic() - started
        until(lambda: self.child("celery"), "the worker", within=60)

    def status(self, path: str) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("GET", path)
            return connection.getresponse().status

    def child(self, part: str) -> int | None:
        for pid in children_of(self.process.pid):
            if part in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8"):
                return pid
        return None

    def family(self) -> list[int]:
        return [self.process.pid, *descendants_of(self.process.pid)]

    def stop(self) -> float:
        family = self.family()
        self.process.send_signal(signal.SIGINT)
        return seconds(lambda: self.process.poll() is not None and not any(map(is_alive, family)))


def seconds(true: Callable[[], object]) -> float:
    started = time.monotonic()
    until(true, "what is measured", within=60)
    return time.monotonic() - started


def cpu_seconds(pids: list[int]) -> float:
    used = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / HERTZ


def pss_megabytes(pids: list[int]) -> float:
    """Memory that several processes share is counted once."""
    lines = "".join(Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8") for pid in pids)
    return sum(map(int, re.findall(r"^Pss:\s+(\d+) kB", lines, re.MULTILINE))) / 1024


def watch(running: Running) -> None:
    """Once the worker has ticked and is as large as it gets while nothing happens."""
    time.sleep(5)
    family = running.family()
    before, started = cpu_seconds(family), time.monotonic()
    time.sleep(WATCHED_SECONDS)
    used = (cpu_seconds(family) - before) / (time.monotonic() - started)
    row(f"up, idle, {FUTURE:,} reminders ahead: CPU of all processes", used * 100, 1, "%")
    row(f"up, idle, {FUTURE:,} reminders ahead: memory (PSS)", pss_megabytes(family), 250, "MB")


def lone(house: Installation) -> None:
    worst = max(fall_due(house, f"occurrence = 0 AND subject_id % 7 = 1 LIMIT 1 OFFSET {n}")[-1] for n in range(3))
    row("up, through Celery: a lone reminder, worst of 3", worst, TICK + 0.5, "s")


def together(house: Installation) -> None:
    late = fall_due(house, f"occurrence = 0 AND state = 'pending' LIMIT {MANY}")
    row(f"up, through Celery: {len(late):,} due at once", len(late) / (late[-1] - late[0]), 3000, "/s", is_floor=True)
    row("up, through Celery: lateness, 99 %", late[int(len(late) * 0.99)], 3.5, "s")


def fall_due(house: Installation, which: str) -> list[float]:
    """The seconds by which each of these was late, sorted."""
    due = datetime.now(UTC) + timedelta(seconds=1)
    with closing(sqlite3.connect(house.folder / "db.sqlite3", timeout=30)) as database, database:
        ids = database.execute(
            f"UPDATE planner_reminder SET due_at = ?, next_at = ? WHERE id IN "  # noqa: S608 - ours
            f"(SELECT id FROM planner_reminder WHERE {which}) RETURNING id",
            (f"{due:%Y-%m-%d %H:%M:%S.%f}",) * 2,
        ).fetchall()
    first, last, moment = min(ids)[0], max(ids)[0], f"{due:%Y-%m-%d %H:%M:%S.%f}"
    sent = f"""
        SELECT at FROM planner_delivery
        WHERE state = 'sent' AND reminder_id BETWEEN {first} AND {last} AND at >= '{moment}'
    """  # noqa: S608 - ours; those that left before are not among these
    rarely = partial(time.sleep, 0.25)  # looking takes its share of the machine too
    until(lambda: len(house.ask(sent)) >= len(ids), "all delivered", within=60, meanwhile=rarely)
    return sorted((datetime.fromisoformat(at).replace(tzinfo=UTC) - due).total_seconds() for (at,) in house.ask(sent))


if __name__ == "__main__":
    started = time.monotonic()
    print(f"{'what':<64} {'measured':>9}   {'bar':>8} {'':<5} {'ratio':>6}")
    for name in sys.argv[1:] or GROUPS:
        GROUPS[name]()
    print(f"In {time.monotonic() - started:.0f} s. A ratio of 1 or more meets the bar.")

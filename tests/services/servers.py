"""Private servers for proofs and measures: PostgreSQL and Redis on free ports of this machine, gone at the end.

A server that is missing is an error in words, never a reason to leave a proof out.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import redis

from config.supervisor import die_with
from tests.setup.conftest import free_port

STARTS_WITHIN = 60.0


def until(
    true: Callable[[], object], what: str, *, within: float = 150.0, meanwhile: Callable[[], object] = bool
) -> None:
    """Look until it is true; `meanwhile` is called at every look."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"not within {within:.0f} s: {what}"
        meanwhile()
        time.sleep(0.005)


def missing(program: str, package: str) -> RuntimeError:
    return RuntimeError(f"{program} is not on this machine: apt install {package}")


class Server:
    """A process that ends with ours, even if ours is killed. Its words are in `log`."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "log"

    def run(self, command: list[str], **options: Any) -> None:
        parent = os.getpid()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=lambda: die_with(parent, signal.SIGKILL),
                **options,
            )
        until(self.is_ready, f"{command[0]} answers", within=STARTS_WITHIN, meanwhile=self.expect_alive)

    def is_ready(self) -> bool:
        raise NotImplementedError

    def expect_alive(self) -> None:
        assert self.process.poll() is None, self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self, number: int = signal.SIGINT) -> None:
        self.process.send_signal(number)
        self.process.wait(timeout=30)


class PostgreSQL(Server):
    """A new cluster. It refuses to run as root: then it runs as the user that its package made."""

    def __init__(self, *, is_durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="marronnier-postgres-"))
        super().__init__(self.folder)
        self.owner: dict[str, Any] = {}
        if os.geteuid() == 0:
            self.owner = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.folder, "postgres", "postgres")
        self.is_durable = is_durable
        self.make()
        self.start(is_durable)

    def make(self) -> None:
        options = ("--auth", "trust", "--username", "marronnier", "--encoding", "UTF8", "--locale", "C", "--no-sync")
        command = [self.program("initdb"), "--pgdata", str(self.folder / "data"), *options]
        made = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, **self.owner)
        assert made.returncode == 0, made.stdout + made.stderr

    def start(self, is_durable: bool) -> None:
        switch = "on" if is_durable else "off"
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": switch}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [self.program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), *options]
        self.run(command, cwd=self.folder, **self.owner)

    @staticmethod
    def program(name: str) -> str:
        """Debian keeps the programs of the server out of the path; the newest version is taken."""
        versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
        found = str(versions[-1]) if versions else shutil.which(name)
        if not found:
            raise missing(name, "postgresql")
        return found

    @property
    def url(self) -> str:
        return f"postgres://marronnier@127.0.0.1:{self.port}/postgres"

    def is_ready(self) -> bool:
        try:
            return self.ask("SELECT 1") == [(1,)]
        except psycopg.OperationalError:
            return False

    def ask(self, sql: str) -> list[tuple]:
        with closing(psycopg.connect(self.url, autocommit=True, connect_timeout=5)) as connection:
            return connection.execute(sql).fetchall()

    def restart(self) -> None:
        """The fast way: sessions are cut."""
        self.stop(signal.SIGINT)
        self.start(self.is_durable)

    def close(self) -> None:
        self.stop(signal.SIGINT)  # the fast way: sessions are cut
        shutil.rmtree(self.folder)


class Redis(Server):
    """Keeps nothing: after a kill it comes back empty, on the same port."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        self.start()

    def start(self) -> None:
        program = shutil.which("redis-server")
        if not program:
            raise missing("redis-server", "redis-server")
        options = {"port": str(self.port), "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": str(self.folder)}
        self.run([program, *(part for name, value in options.items() for part in (f"--{name}", value))])

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def is_ready(self) -> bool:
        try:
            with closing(redis.Redis(port=self.port)) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    def die_and_return_empty(self) -> None:
        self.stop(signal.SIGKILL)
        self.start()

    def close(self) -> None:
        self.stop(signal.SIGTERM)

"""`manage.py up`: everything that one machine needs, in one command."""

import errno
import hashlib
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from signal import SIGTERM
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError
from django.utils import translation
from django.utils.translation import gettext as _

from config.bootstrap import terminal_language
from config.supervisor import PLAN_VARIABLE, Plan, Program
from planner.base import clock, installation
from planner.base.errors import PlannerError
from planner.workspaces import operations as workspaces

EVERYWHERE = ("0.0.0.0", "::")


class Command(BaseCommand):
    help = "Prepare and run everything on this machine: database, playbook, web server, reminders."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--data", help="folder of the database and the files (default: var/)")
        parser.add_argument("--demo", action="store_true", help="add a sample workspace, to try things out")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(terminal_language()), told_in_words():
            lock = installation.hold(settings.DATA_DIR)
            refuse_busy_port(options["host"], options["port"])
            self.prepare_data(demo=options["demo"])
            collect_static_files()
            plan = plan_for(options["host"], options["port"], ready=self.greeting(options["host"], options["port"]))
        os.set_inheritable(lock.fileno(), True)
        become_supervisor(plan, options["host"], options["port"])

    def prepare_data(self, *, demo: bool) -> None:
        self.migrate()
        call_command("load_playbook", stdout=StringIO())
        if demo:
            call_command("add_sample", stdout=self.stdout)

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
        if connection.vendor == "sqlite" and executor.loader.applied_migrations:
            database = Path(settings.DATABASES["default"]["NAME"])
            copy = installation.copy_before_migrate(database, settings.DATA_DIR / "backups", clock.now())
            self.stdout.write(_("The database was copied to %(file)s before it changes.") % {"file": copy})
        self.stdout.write(_("Preparing the database…"))
        call_command("migrate", interactive=False, verbosity=0)

    def greeting(self, host: str, port: int) -> str:
        """One address: with a one-time link as long as nobody has an account."""
        address = address_of(host, port)
        if not workspaces.needs_first_account():
            later = _("To let somebody in: python3 manage.py sign_in_link EMAIL")
            return _("Marronnier runs at %(address)s") % {"address": f"{address}/"} + f"\n{later}"
        token = workspaces.make_sign_in_link(user=None, now=clock.now())
        return _("Marronnier runs. Open this link, valid once, to begin:\n%(address)s") % {
            "address": f"{address}/start/{token}/"
        }


# ---- before it runs ---------------------------------------------------------------------


@contextmanager
def told_in_words() -> Iterator[None]:
    """A refusal, or a full disk wherever it shows, is one sentence and not a traceback."""
    full = _("The disk that holds %(folder)s is full: free some space, then run it again; nothing was lost.") % {
        "folder": settings.DATA_DIR
    }
    try:
        yield
    except PlannerError as error:
        raise CommandError(str(error)) from error
    except OperationalError as error:
        if "disk is full" not in str(error):
            raise
        raise CommandError(full) from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise CommandError(full) from error


def refuse_busy_port(host: str, port: int) -> None:
    try:
        listen_once(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            free = next_free_port(host, port)
            raise CommandError(
                _("Port %(port)d is taken by another program: choose another, for instance --port %(free)d.")
                % {"port": port, "free": free}
            ) from error
        raise CommandError(
            _("Port %(port)d on %(host)s cannot be opened (%(reason)s): choose another with --port or --host.")
            % {"port": port, "host": host, "reason": error.strerror}
        ) from error


def listen_once(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        probe.listen(1)


def next_free_port(host: str, port: int) -> int:
    for candidate in range(port + 1, min(port + 100, 65535)):
        try:
            listen_once(host, candidate)
        except OSError:
            continue
        return candidate
    return 0


def collect_static_files() -> None:
    """Only when they changed: a second start takes no time for it."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    wanted = static_digest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")


def static_digest() -> str:
    """Our own files by name, size and time; those of the packages by the lock."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
    for path in sorted((settings.BASE_DIR / "planner" / "static").rglob("*")):
        about = path.stat()
        digest.update(f"{path}|{about.st_size}|{about.st_mtime_ns}".encode())
    return digest.hexdigest()


# ---- what runs ------------------------------------------------------------------------------


def address_of(host: str, port: int) -> str:
    """What people type: the setting if there is one, else this machine."""
    if "PLANNER_URL" in os.environ:
        return str(settings.PLANNER_URL)
    name = socket.gethostname() if host in EVERYWHERE else host
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"


def plan_for(host: str, port: int, *, ready: str) -> Plan:
    bound = f"[{host}]" if ":" in host else host
    return Plan(
        programs=[
            Program("web", web_command(f"{bound}:{port}"), orphan_signal=SIGTERM),
            Program("reminders", worker_command()),
        ],
        address=({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port),
        host=urlsplit(address_of(host, port)).netloc,
        ready=ready,
        restarting=_("The “{name}” process ended (status {status}); it is started again."),
        stopping=_("Stopping…"),
    )


def web_command(bind: str) -> list[str]:
    """One process: SQLite has one writer, and the rate limits live in its memory."""
    return [
        *(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", bind),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "6"),
        *("--timeout", "120", "--graceful-timeout", "2", "--log-level", "warning", "--no-control-socket"),
    ]


def worker_command() -> list[str]:
    """The `solo` pool: one process without children, so that a kill leaves nothing behind."""
    return [
        *(sys.executable, "-W", "ignore:You're running the worker with superuser"),  # in a container, often so
        *("-m", "celery", "--quiet", "-A", "config", "worker", "--embedded-beat"),
        *("-Q", "reminders,sweeps,nightly"),
        *("--pool", "solo", "--loglevel", "warning", "--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def become_supervisor(plan: Plan, host: str, port: int) -> None:
    """Replace this process by the supervisor: same number, same hold on the data, none of Django's memory."""
    os.environ["PLANNER_DATA"] = str(settings.DATA_DIR)
    os.environ["PLANNER_URL"] = address_of(host, port)
    os.environ[PLAN_VARIABLE] = json.dumps(asdict(plan))
    os.chdir(settings.BASE_DIR)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "config.supervisor"])

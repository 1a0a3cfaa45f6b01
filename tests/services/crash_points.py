"""Every place at which a drain can die: `manage.py shell -c "from tests.services.crash_points import run; run()"`.

A forked child drains twenty reminders and dies by `os._exit` at its nth step; a step is before or after a statement of
the database, or before or after a message leaves. Then a second drain, an hour of its own later, must find everything.
"""

import itertools
import json
import os
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from planner.base import clock
from planner.models import Delivery, DeliveryState, Notice, Reminder
from planner.reminders import operations as reminders
from planner.reminders.rules import DeliveryStatus, State
from tests.services.sowing import sow

MANY, DIED = 20, 9


class Letterbox:
    """A transport whose letters are lines of a file: what another process has sent is seen by all."""

    channel = "email"

    def __init__(self, path: Path, step=lambda: None) -> None:
        self.path, self.step = path, step

    def send(self, message) -> None:
        self.step()
        with self.path.open("a", encoding="ascii") as file:
            file.write(f"{message.message_id}\n")
        self.step()

    def close(self) -> None:
        """Nothing is kept open."""


class Death:
    def __init__(self, at: int) -> None:
        self.at, self.steps = at, 0

    def step(self) -> None:
        if self.steps == self.at:
            os._exit(DIED)
        self.steps += 1

    def before(self, execute, sql, params, many, context):
        self.step()
        return execute(sql, params, many, context)

    def statement(self, execute, sql, params, many, context):
        self.step()
        result = execute(sql, params, many, context)
        self.step()
        return result


def run() -> None:
    """Print what was found, as JSON: the places, and what they left behind."""
    sow(MANY)
    found: Counter[str] = Counter()
    now = clock.now() + timedelta(seconds=1)
    for at in itertools.count():
        letters = Path(tempfile.mkstemp(prefix="letters-")[1])
        code = drain_and_die(at, now, letters)
        if code == 0:
            letters.unlink()
            break
        assert code == DIED, f"the drain failed by itself at {at}"
        rescue(now, letters)
        found += check(letters, at)
        letters.unlink()
        forget()
    print(json.dumps({"places": at, **found}))  # noqa: T201 - read by the test


def drain_and_die(at: int, now, letters: Path) -> int:
    connection.close()
    pid = os.fork()
    if pid == 0:
        death, code = Death(at), 1
        try:
            with connection.execute_wrapper(death.statement):
                reminders.drain(clock=lambda: now, transport=Letterbox(letters, death.step))
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def rescue(now, letters: Path) -> None:
    """A server may still hold the rows of the dead for a moment: then the next drain takes them."""
    later = now + timedelta(seconds=settings.REMINDER_LEASE_SECONDS + 1)
    for _try in range(1000):
        reminders.drain(clock=lambda: later, transport=Letterbox(letters))
        if not Reminder.objects.open().exists():
            return
    raise AssertionError("some rows are never free again")


def check(letters: Path, at: int) -> Counter[str]:
    sent = letters.read_text(encoding="ascii").split()
    assert len(sent) == len(set(sent)), f"twice, after dying at {at}"
    doubtful = set(Delivery.objects.in_doubt().values_list("message_id", flat=True))
    assert len(doubtful) <= 1, f"more than one in doubt, after dying at {at}"
    marked = set(Delivery.objects.filter(state=DeliveryStatus.SENT).values_list("message_id", flat=True))
    assert marked <= set(sent) <= marked | doubtful, f"the books are wrong, after dying at {at}"
    assert len(marked | doubtful) == MANY, f"lost in silence, after dying at {at}"
    assert Notice.objects.count() == MANY, f"the inbox, after dying at {at}"
    assert set(Reminder.objects.values_list("state", flat=True)) == {State.SENT}, f"left open, after dying at {at}"
    return Counter(in_doubt=len(doubtful), sent=len(sent))


def forget() -> None:
    Delivery.objects.all().delete()
    Notice.objects.all().delete()
    DeliveryState.objects.all().delete()
    rows = Reminder.objects.all()
    first = rows.order_by("due_at").values_list("due_at", flat=True)[0]
    rows.update(state=State.PENDING, token=None, attempts=0, next_at=first, settled_at=None, reason=[])

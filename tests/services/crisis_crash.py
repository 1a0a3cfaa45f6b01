"""Every place at which a declaration can die: `from tests.services.crisis_crash import run; run()`.

A forked child declares and dies by `os._exit` before its nth statement, or once all of it is written. What the next
process finds is nothing of it, or all of it.
"""

import itertools
import json
import os

from django.db import connection

from planner.base import clock
from planner.crisis import operations as crises
from planner.models import (
    Alert,
    CheckLine,
    Crisis,
    Entry,
    HeldPlacement,
    Hold,
    LogLine,
    Membership,
    Placement,
    Reminder,
    WorkItem,
    Workspace,
)
from planner.reminders.rules import State
from tests.services.crash_points import DIED, Death
from tests.services.crisis_acts import newsroom

POSTS = 2
"""Approved, and as many scheduled."""


def run() -> None:
    """Print, as JSON, at how many places it can die, and what it wrote at last."""
    newsroom(POSTS)
    before, now = found(), clock.now()
    for at in itertools.count():
        code = declare_and_die(at, now)
        after = found()
        if after["crises"]:
            break
        assert code == DIED, f"the declaration failed by itself at {at}"
        assert after == before, f"half of it is there, after dying at {at}"
    assert code == DIED, "it died once more, after all was written"
    print(json.dumps({"places": at, **{key: after[key] - before[key] for key in after}}))  # noqa: T201


def declare_and_die(at: int, now) -> int:
    lead = Membership.objects.select_related("user", "workspace").get(user__name="lead")
    connection.close()
    pid = os.fork()
    if pid == 0:
        death, code = Death(at), 1
        try:
            with connection.execute_wrapper(death.before):
                crises.declare(actor=lead, level=3, title="Leak", reason="A call.", now=now)
            death.step()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def found() -> dict[str, int]:
    return {
        "crises": Crisis.objects.count(),
        "alerts": Alert.objects.count(),
        "holds": Hold.objects.count(),
        "rows": HeldPlacement.objects.count(),
        "held": Placement.objects.filter(held_at__isnull=False).count(),
        "alerted": Workspace.objects.filter(is_alerted=True).count(),
        "silent": Reminder.objects.filter(state=State.PAUSED).count(),
        "work": WorkItem.objects.count(),
        "reminders": Reminder.objects.count(),
        "checks": CheckLine.objects.count(),
        "lines": LogLine.objects.count(),
        "entries": Entry.objects.count(),
    }

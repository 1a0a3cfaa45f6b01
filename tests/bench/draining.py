"""One drain, measured in the process that does it."""

import cProfile
import json
import pstats
import smtplib
import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import get_resolver

from planner.base import clock
from planner.reminders import operations as reminders
from planner.reminders import transports
from planner.reminders.models import Delivery, Reminder
from planner.reminders.rules import UNTOLD_STATES, DeliveryStatus


def take_part() -> None:
    """One of several: ready before the reminders fall due, then as the command does."""
    get_resolver().url_patterns  # noqa: B018 - as below
    while not Reminder.objects.due(clock.now()).exists():
        time.sleep(0.01)
    deliver()


def measure(many: int) -> None:
    """`many` reminders fall due now and are delivered; prints, as JSON, the seconds of the whole drain and
    the lateness within which half and 99 % of the messages left.
    """
    now = clock.now()
    ids = Reminder.objects.order_by("pk").values_list("pk", flat=True)[:many]
    Reminder.objects.filter(pk__in=ids).update(due_at=now, next_at=now)
    get_resolver().url_patterns  # noqa: B018 - the command and the worker have read all pages before they begin
    started, due, cpu = time.monotonic(), clock.now(), time.process_time()
    told = deliver()
    seconds, cpu = time.monotonic() - started, time.process_time() - cpu
    sent = Delivery.objects.filter(state=DeliveryStatus.SENT).order_by("at").values_list("at", flat=True)
    late = [(at - due).total_seconds() for at in sent]
    half, nearly_all = late[len(late) // 2], late[int(len(late) * 0.99)]
    print(json.dumps({"told": told, "seconds": seconds, "cpu": cpu, "p50": half, "p99": nearly_all}))


def morning(many: int) -> None:
    """One person owes `many` things on one morning: they are counted at 8:30 and leave as one digest. Prints, as JSON,
    the seconds of the count, and how many messages left.
    """
    before, at = (datetime(2027, 1, 13, 8, minute, tzinfo=ZoneInfo("Europe/Paris")) for minute in (29, 30))
    ids = Reminder.objects.order_by("pk").values_list("pk", flat=True)[:many]
    nine = at.replace(hour=9, minute=0)
    Reminder.objects.filter(pk__in=ids).update(
        due_at=nine, next_at=nine, work_due_at=nine, profile="e-std", quiet="", may_join_digest=True
    )
    reminders.tick(now=before, send=lambda: None)
    started = time.monotonic()
    reminders.tick(now=at, send=lambda: None)
    seconds = time.monotonic() - started
    told = deliver(lambda: at)
    waiting = Reminder.objects.filter(pk__in=ids, state__in=UNTOLD_STATES).count()
    print(json.dumps({"seconds": seconds, "told": told, "waiting": waiting}))


def bare(port: int, many: int = 2000) -> None:
    """Prints how many mails a second, ready and of the usual size, the sink takes: what is left is the sink's."""
    text = b"Message-ID: <bare@example.org>\r\nSubject: bare\r\n\r\n" + (b"x" * 70 + b"\r\n") * 45
    with smtplib.SMTP("127.0.0.1", port) as client:
        started = time.monotonic()
        for _mail in range(many):
            client.sendmail("a@example.org", ["b@example.org"], text)
        print(many / (time.monotonic() - started))


def profile(many: int) -> None:
    """Where the time goes: `manage.py shell -c "from tests.bench import draining; draining.profile(10000)"`."""
    profiler = cProfile.Profile()
    profiler.runcall(measure, many)
    for order, only in (("tottime", ""), ("cumtime", "planner|django/db/models/query")):
        pstats.Stats(profiler).sort_stats(order).print_stats(only, 30)


def deliver(now: Callable[[], datetime] = clock.now) -> int:
    told, may_be_more = 0, True
    while may_be_more:
        one = reminders.drain(clock=now, transport=transports.configured())
        told, may_be_more = told + one.told, one.may_be_more
    return told

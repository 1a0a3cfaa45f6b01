"""One drain, measured in the process that does it."""

import cProfile
import json
import pstats
import time

from django.urls import get_resolver

from planner.base import clock
from planner.reminders import operations as reminders
from planner.reminders import transports
from planner.reminders.models import Delivery, Reminder
from planner.reminders.rules import DeliveryStatus


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


def profile(many: int) -> None:
    """Where the time goes: `manage.py shell -c "from tests.bench import draining; draining.profile(10000)"`."""
    profiler = cProfile.Profile()
    profiler.runcall(measure, many)
    for order, only in (("tottime", ""), ("cumtime", "planner|django/db/models/query")):
        pstats.Stats(profiler).sort_stats(order).print_stats(only, 30)


def deliver() -> int:
    told, may_be_more = 0, True
    while may_be_more:
        one = reminders.drain(clock=clock.now, transport=transports.configured())
        told, may_be_more = told + one.told, one.may_be_more
    return told

"""The alarm clock: a Celery app whose beat table holds the tick of delivery, and what runs each night.

The database row is the schedule; a message is a nudge that may be lost. So there is no result, no date in a message and
nothing to keep between two starts. What looks at lateness and what runs at night have queues of their own, so that they
never stand before a reminder, and work in short slices, so that a worker of all queues is soon free again. `up` runs
worker and beat in one process; at scale, any number of `celery -A config worker` and exactly one `celery -A config
beat`, each under a restarter.
"""

import logging
import os
import signal
import threading
from typing import Any

import click
from celery import Celery, bootsteps
from celery.beat import Scheduler, Service
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings  # noqa: E402 - the line above must come first

from config.broker import forget  # noqa: E402

TICK_SECONDS = 2.0
CARRY_SECONDS = 15.0
SWEEP_SECONDS = 60.0
SHEETS_SECONDS = 300.0
NIGHT_SECONDS = 12 * 3600.0
TASKS_PER_CONNECTION = 100
REMINDERS, SWEEPS, NIGHTLY = "reminders", "sweeps", "nightly"
logger = logging.getLogger(__name__)
BROKER_FOLDERS = [settings.DATA_DIR / "broker", settings.DATA_DIR / "control"]


def folder_broker() -> dict[str, Any]:
    """Without Redis, messages are files in the data folder, deleted as they are read."""
    messages, control = BROKER_FOLDERS
    for folder in BROKER_FOLDERS:
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "broker_url": "filesystem://localhost/",
        "broker_transport": "config.broker:Transport",
        "broker_transport_options": {
            "data_folder_in": str(messages),
            "data_folder_out": str(messages),
            "control_folder": str(control),
            "polling_interval": 0.1,
            "store_processed": False,
        },
        "worker_enable_remote_control": False,
    }


class Punctual(Scheduler):
    """Celery wakes 10 ms early for each entry, then asks without pause whether its time has come: half of what an idle
    worker cost.
    """

    def adjust(self, n: Any, drift: float = 0.0) -> Any:
        return n


app = Celery("marronnier")
app.conf.update({"broker_url": settings.REDIS_URL} if settings.REDIS_URL else folder_broker())
app.conf.update(
    task_default_queue=REMINDERS,
    task_routes={
        "planner.calendar.tasks.ask_to_review": {"queue": NIGHTLY},
        "planner.calendar.tasks.fill_ahead": {"queue": NIGHTLY},
        "planner.calendar.tasks.forget_sheets": {"queue": NIGHTLY},
        "planner.calendar.tasks.tell_silences": {"queue": NIGHTLY},
        "planner.crisis.tasks.ask_for_contacts": {"queue": NIGHTLY},
        "planner.crisis.tasks.ask_for_drill": {"queue": NIGHTLY},
        "planner.crisis.tasks.carry_on": {"queue": NIGHTLY},
        "planner.dialogue.tasks.forget_contacts": {"queue": NIGHTLY},
        "planner.insight.tasks.ask_to_read": {"queue": NIGHTLY},
        "planner.insight.tasks.send_sheets": {"queue": SWEEPS},
        "planner.posts.tasks.escalate_due": {"queue": SWEEPS},
        "planner.posts.tasks.recheck": {"queue": SWEEPS},
        "planner.posts.tasks.recheck_ahead": {"queue": NIGHTLY},
        "planner.reminders.tasks.carry": {"queue": SWEEPS},
        "planner.reminders.tasks.forget_old": {"queue": NIGHTLY},
    },
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    broker_connection_retry_on_startup=True,
    timezone="UTC",
    # In memory: an entry every two seconds has nothing worth a file that a kill can spoil.
    beat_scheduler="config.celery:Punctual",
    beat_schedule={
        "tick": {
            "task": "planner.reminders.tasks.tick",
            "schedule": TICK_SECONDS,
            # Late ticks are worth nothing: they expire before the next one is sent.
            "options": {"expires": TICK_SECONDS - 0.2},
        },
        "carry": {
            "task": "planner.reminders.tasks.carry",
            "schedule": CARRY_SECONDS,
            "options": {"expires": CARRY_SECONDS - 1},
        },
        "escalate_due": {
            "task": "planner.posts.tasks.escalate_due",
            "schedule": SWEEP_SECONDS,
            "options": {"expires": SWEEP_SECONDS - 5},
        },
        "recheck": {
            "task": "planner.posts.tasks.recheck",
            "schedule": SWEEP_SECONDS,
            "options": {"expires": SWEEP_SECONDS - 5},
        },
        "send_sheets": {
            "task": "planner.insight.tasks.send_sheets",
            "schedule": SHEETS_SECONDS,
            "options": {"expires": SHEETS_SECONDS - 5},
        },
        "ask_to_read": {
            "task": "planner.insight.tasks.ask_to_read",
            "schedule": crontab(hour="1", minute="50"),
            "options": {"expires": NIGHT_SECONDS},
        },
        "ask_to_review": {
            "task": "planner.calendar.tasks.ask_to_review",
            "schedule": crontab(hour="1", minute="40"),
            "options": {"expires": NIGHT_SECONDS},
        },
        "fill_ahead": {
            "task": "planner.calendar.tasks.fill_ahead",
            "schedule": crontab(hour="1", minute="20"),
            "options": {"expires": NIGHT_SECONDS},
        },
        "forget_sheets": {
            "task": "planner.calendar.tasks.forget_sheets",
            "schedule": crontab(hour="2", minute="20"),
            "options": {"expires": NIGHT_SECONDS},
        },
        "tell_silences": {
            "task": "planner.calendar.tasks.tell_silences",
            "schedule": crontab(hour="2", minute="0"),
            "options": {"expires": NIGHT_SECONDS},
        },
        "recheck_ahead": {
            "task": "planner.posts.tasks.recheck_ahead",
            "schedule": crontab(hour="3", minute="0"),
            "options": {"expires": NIGHT_SECONDS},
        },
        "ask_for_contacts": {
            "task": "planner.crisis.tasks.ask_for_contacts",
            "schedule": crontab(hour="1", minute="50"),
            "options": {"expires": NIGHT_SECONDS},
        },
        "ask_for_drill": {
            "task": "planner.crisis.tasks.ask_for_drill",
            "schedule": crontab(hour="1", minute="55"),
            "options": {"expires": NIGHT_SECONDS},
        },
        "carry_on": {
            "task": "planner.crisis.tasks.carry_on",
            "schedule": crontab(hour="1", minute="10"),
            "options": {"expires": NIGHT_SECONDS},
        },
        "forget_contacts": {
            "task": "planner.dialogue.tasks.forget_contacts",
            "schedule": crontab(hour="2", minute="20"),
            "options": {"expires": NIGHT_SECONDS},
        },
        "forget_old": {
            "task": "planner.reminders.tasks.forget_old",
            "schedule": crontab(hour="2", minute="40"),
            # A night that nobody worked is not worked twice the next.
            "options": {"expires": NIGHT_SECONDS},
        },
    },
)
if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Celery closes the database around each task. For a file that was a third of what an idle tick cost; a server may
    # have gone away meanwhile, so there it stays so.
    app.conf.update(CELERY_DB_REUSE_MAX=TASKS_PER_CONNECTION)
app.autodiscover_tasks()


class BeatThread(threading.Thread):
    """Beat inside the worker. If it fails the worker ends too, so that the parent starts both again."""

    def __init__(self, celery: Celery) -> None:
        super().__init__(name="beat", daemon=True)
        self.service = Service(celery, max_interval=1, scheduler_cls=Punctual)

    def run(self) -> None:
        try:
            self.service.start()
        except Exception:
            logger.exception("The tick stopped; the worker is started again.")
            os.kill(os.getpid(), signal.SIGTERM)

    def stop(self) -> None:
        self.service.stop()


class EmbeddedBeat(bootsteps.StartStopStep):
    """`--embedded-beat`: Celery's own `--beat` is a process that outlives a killed worker, and then there are two."""

    conditional = True

    def __init__(self, parent: Any, embedded_beat: bool = False, **options: Any) -> None:
        self.enabled = embedded_beat
        super().__init__(parent, **options)

    def create(self, parent: Any) -> Any:
        """Comes before the worker listens."""
        forget(BROKER_FOLDERS)
        return BeatThread(parent.app)


app.user_options["worker"].add(click.Option(["--embedded-beat"], is_flag=True, help="Run beat in this process."))
app.steps["worker"].add(EmbeddedBeat)

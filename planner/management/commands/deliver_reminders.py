"""`manage.py deliver_reminders`: what the worker does, once, for an installation that has cron and no worker."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from planner.base import clock
from planner.reminders import operations as reminders
from planner.reminders import transports


class Command(BaseCommand):
    help = "Deliver the reminders that are due, without broker or worker, and say what was done. Meant for cron."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            reminders.tick(now=clock.now(), send=lambda: None, is_cron=True)
            self.stdout.write(summary(self.deliver()))
            while reminders.carry(clock=clock.now).may_be_more:
                continue

    def deliver(self) -> reminders.Drained:
        """Until nothing is left: each drain ends after a while, cron comes back later."""
        whole = reminders.Drained()
        while True:
            one = reminders.drain(clock=clock.now, transport=transports.configured())
            whole.counts += one.counts
            whole.seconds += one.seconds
            whole.is_paused, whole.is_busy = one.is_paused, one.is_busy
            if not one.may_be_more:
                return whole


def summary(drained: reminders.Drained) -> str:
    """One line: what was told, what was put off, what needs somebody."""
    if drained.is_paused:
        return _("Delivery is paused: nothing was sent. Resume it on the page “Delivery”.")
    if drained.is_busy:
        return _("Another delivery is running: nothing to do here.")
    counts = drained.counts
    return _(
        "Told: %(sent)s. Put off to the recipient’s hours: %(moved)s. Gathered: %(collapsed)s. Missed: %(missed)s. "
        "Failed, to be tried again or given up: %(failed)s. In doubt: %(unknown)s. In %(seconds).1f s."
    ) % {
        "seconds": drained.seconds,
        "failed": counts["failed"] + counts["dead"],
        **{name: counts[name] for name in ("sent", "moved", "collapsed", "missed", "unknown")},
    }

"""`manage.py escalate_due`: the sweep of lateness, at once, for an installation with cron and no worker."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from planner.base import clock
from planner.posts import operations as posts


class Command(BaseCommand):
    help = "Act on lateness: release unsigned dates, tell which hours passed, share late answers. Ctrl-C, then again."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            try:
                self.stdout.write(self.escalate())
            except KeyboardInterrupt:
                self.stdout.write(_("Stopped. What was done is done; run it again for the rest."))

    def escalate(self) -> str:
        """Slice after slice, each said when it is done."""
        total: Counter[str] = Counter()
        while True:
            one = posts.escalate_due(now=clock.now())
            total += one.counts
            if not one.may_be_more:
                return summary(total)
            self.stdout.write(summary(total))


def summary(counts: Counter[str]) -> str:
    return _(
        "Dates released: %(released)s. Hours passed unapproved: %(passed)s. "
        "Answers shared with the deputy: %(shared)s. Failed, see the log: %(failed)s."
    ) % {name: counts[name] for name in ("released", "passed", "shared", "failed")}

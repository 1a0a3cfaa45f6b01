"""`manage.py recheck`: the policy asked again about what is scheduled, for an installation with cron and no worker."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from planner.base import clock
from planner.posts import operations as posts


class Command(BaseCommand):
    help = (
        "Ask the policy again about scheduled posts around which something has changed; with --ahead, about all of the "
        "next 30 days. A new failure gives the editor one work item. Ctrl-C, then again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ahead", action="store_true", help="all of the next 30 days, as each night")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            try:
                self.stdout.write(self.recheck(nightly=options["ahead"]))
            except KeyboardInterrupt:
                self.stdout.write(_("Stopped. What was done is done; run it again for the rest."))

    def recheck(self, *, nightly: bool) -> str:
        """Slice after slice, each said when it is done."""
        total: Counter[str] = Counter()
        while True:
            one = posts.recheck(now=clock.now(), nightly=nightly)
            total += one.counts
            if not one.may_be_more:
                return summary(total)
            self.stdout.write(summary(total))


def summary(counts: Counter[str]) -> str:
    return _("Posts looked at: %(looked)s. New failures: %(asked)s. Failed, see the log: %(failed)s.") % {
        name: counts[name] for name in ("looked", "asked", "failed")
    }

"""`manage.py send_sheets`: the sheets of Monday morning, for an installation that has cron and no worker."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from planner.base import clock
from planner.insight import operations as insight


class Command(BaseCommand):
    help = "On Monday morning, write each person’s week and the sheet of the editorial meeting. Meant for cron."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            sent = insight.send_sheets(now=clock.now())
            figures = {name: sent[name] for name in ("week", "meeting", "failed")}
            self.stdout.write(_("Weeks: %(week)s. Meeting sheets: %(meeting)s. Failed: %(failed)s.") % figures)

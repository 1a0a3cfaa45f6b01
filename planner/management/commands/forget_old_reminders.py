"""`manage.py forget_old_reminders`: what beat asks for each night, at once, with its progress on the terminal."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planner.base import clock
from planner.reminders import operations as reminders


class Command(BaseCommand):
    help = "Delete reminders that were settled long ago (REMINDER_RETENTION_DAYS). Stop it with Ctrl-C, run it again."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            try:
                self.stdout.write(finished(self.forget()))
            except KeyboardInterrupt:
                self.stdout.write(_("Stopped. What was deleted is deleted; run it again for the rest."))

    def forget(self) -> int:
        """Slice after slice, each said when it is done."""
        total = 0
        while True:
            one = reminders.forget_old(now=clock.now())
            total += one.count
            if not one.may_be_more:
                return total
            self.stdout.write(_("%(count)s deleted so far…") % {"count": total})


def finished(total: int) -> str:
    days = settings.REMINDER_RETENTION_DAYS
    return ngettext(
        "%(count)s reminder older than %(days)s days was deleted.",
        "%(count)s reminders older than %(days)s days were deleted.",
        total,
    ) % {"count": total, "days": days}

"""`manage.py restore FILE`: put an archive in place of the installation, with delivery paused."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from config.bootstrap import terminal_language
from planner.base import clock, installation
from planner.base.errors import PlannerError, Stale
from planner.management.commands.backup import refuse_other_databases
from planner.reminders import operations as reminders


class Command(BaseCommand):
    help = "Replace the installation by the content of a file made by `backup`; reminders stay paused until resumed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--data", help="folder of the database and the files (default: var/)")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(terminal_language()):
            refuse_other_databases()
            if not options["file"].exists():
                raise CommandError(_("There is no file %(file)s.") % {"file": options["file"]})
            try:
                with installation.held(settings.DATA_DIR):
                    self.restore(options["file"])
            except PlannerError as error:
                raise CommandError(str(error)) from error

    def restore(self, file: Path) -> None:
        """The days between the copy and now were lived elsewhere: what is overdue may have been said already."""
        with TemporaryDirectory(dir=settings.DATA_DIR) as folder:
            installation.unpack(file, Path(folder))
            connection.close()
            aside = installation.put_in_place(Path(folder), settings.DATA_DIR, Path(settings.MEDIA_ROOT), clock.now())
        call_command("migrate", interactive=False, verbosity=0)
        with suppress(Stale):  # it was paused when it was saved
            reminders.pause_delivery(actor=None, reason=_("Restored from a backup."), now=clock.now())
        if aside:
            self.stdout.write(_("What was there before is kept in %(folder)s.") % {"folder": aside})
        self.stdout.write(_("Restored. Reminders are paused: look at what is overdue, then resume them."))

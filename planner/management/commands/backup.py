"""`manage.py backup FILE`: the whole installation in one file, also while it runs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from config.bootstrap import terminal_language
from planner.base import installation


class Command(BaseCommand):
    help = "Write the database, the uploads and the secret key to one .tar.gz file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--data", help="folder of the database and the files (default: var/)")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"]
        with translation.override(terminal_language()):
            refuse_other_databases()
            if target.exists():
                raise CommandError(_("%(file)s exists already: choose another name.") % {"file": target})
            if not (settings.DATA_DIR / installation.DATABASE).exists():
                raise CommandError(_("There is no database in %(folder)s.") % {"folder": settings.DATA_DIR})
            installation.archive(settings.DATA_DIR, Path(settings.MEDIA_ROOT), target)
            self.stdout.write(_("Saved to %(file)s. It holds everything, keep it safe.") % {"file": target})


def refuse_other_databases() -> None:
    """PostgreSQL has better tools of its own than a copy made by us."""
    if connection.vendor != "sqlite":
        raise CommandError(
            _("With PostgreSQL, save with pg_dump, restore with pg_restore, and copy the folder %(media)s.")
            % {"media": settings.MEDIA_ROOT}
        )

"""`manage.py load_playbook`: the bundled playbook, from the TOML files into the database, in one transaction."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from config.bootstrap import terminal_language
from planner.base import clock
from planner.base.seeds import SeedError
from planner.playbook import operations as playbook
from planner.playbook.operations import Counts
from planner.playbook.seeds import read_all


class Command(BaseCommand):
    help = (
        "Load the bundled playbook. Everything is checked first: when a file has a fault, each one is printed with "
        "file and key, and the database stays as it was. Loading twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seeds", type=Path, default=settings.SEEDS_DIR, help="folder of the TOML files")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(terminal_language()):
            try:
                items = read_all(options["seeds"])
            except SeedError as faults:
                raise CommandError("\n".join([_("Nothing was loaded."), *faults.problems])) from faults
            self._report(playbook.upsert_bundled(items=items, now=clock.now()))

    def _report(self, counts: dict[Any, Counts]) -> None:
        columns = (
            pgettext("playbook items", "new"),
            pgettext("playbook items", "changed"),
            pgettext("playbook items", "unchanged"),
            pgettext("playbook items", "removed"),
        )
        self.stdout.write(_row("", columns))
        for kind, count in counts.items():
            self.stdout.write(_row(kind.label, (count.new, count.changed, count.unchanged, count.removed)))
        total = sum(count.changes for count in counts.values())
        self.stdout.write(ngettext("%(n)s change", "%(n)s changes", total) % {"n": total})


def _row(title: object, cells: tuple[object, ...]) -> str:
    return f"{title!s:<22}" + "".join(f"{cell!s:>12}" for cell in cells)

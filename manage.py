#!/usr/bin/env python3
"""The one way in: `up` runs everything, `test` checks everything, the rest is Django's."""

import os
import sys
from pathlib import Path

from config import bootstrap


def main() -> None:
    bootstrap.prepare(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # only now is Django sure to be there

    from planner.base import catalogs

    catalogs.compile_stale(Path(__file__).parent / "planner" / "locale")  # before Django reads them
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

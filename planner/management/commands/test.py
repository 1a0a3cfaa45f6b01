"""`manage.py test [arguments of pytest]`: everything that must hold before a change is kept."""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

MANAGE = (sys.executable, "-W", "error::RuntimeWarning", "manage.py")


@dataclass(frozen=True)
class Step:
    """One line of the result."""

    name: str
    command: Sequence[str]
    shows_output: bool = False


class Command(BaseCommand):
    help = "Run every check, then pytest. With arguments: only pytest, with these arguments."

    def run_from_argv(self, argv: list[str]) -> None:
        """Everything after `test` belongs to pytest: options too, so argparse must not see them."""
        if argv[2:] in (["--help"], ["-h"]):
            super().run_from_argv(argv)
            return
        steps = [pytest_step(argv[2:])] if argv[2:] else [*checks(), pytest_step(["-n", "2"])]
        failed = [step.name for step in steps if not self.passes(step)]
        if failed:
            self.stdout.write("FAILED: " + ", ".join(failed))
        raise SystemExit(1 if failed else 0)

    def passes(self, step: Step) -> bool:
        """All steps run, also after a failure: a person mends several things at once."""
        began = time.monotonic()
        output = None if step.shows_output else subprocess.PIPE
        done = subprocess.run(
            step.command,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            text=True,
            check=False,
        )
        if done.stdout and done.returncode:
            self.stdout.write(done.stdout)
        verdict = "FAILED" if done.returncode else "ok"
        if not step.shows_output or done.returncode:
            self.stdout.write(f"{step.name}: {verdict} ({time.monotonic() - began:.1f} s)")
        return not done.returncode


def checks() -> list[Step]:
    templates = sorted(str(path) for path in (settings.BASE_DIR / "templates").rglob("*.html"))
    tools = Path(sys.executable).parent
    return [
        Step("ruff", [str(tools / "ruff"), "check", "."]),
        Step("mypy", [sys.executable, "-m", "mypy"]),
        Step("djade", [str(tools / "djade"), "--target-version", "5.2", "--check", *templates]),
        Step("import-linter", [str(tools / "lint-imports"), "--no-cache"]),
        Step("system checks", [*MANAGE, "check", "--fail-level", "WARNING"]),
        Step("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
        Step("translations", [*MANAGE, "translations", "--check"]),
    ]


def pytest_step(arguments: Sequence[str]) -> Step:
    return Step("pytest", [sys.executable, "-m", "pytest", *arguments], shows_output=True)

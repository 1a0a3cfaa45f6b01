"""`manage.py check_text FILE`: the text rules on a Markdown or text file. Reads the seeds, no database."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.bootstrap import terminal_language
from planner.base import clock
from planner.base.errors import PlannerError
from planner.base.language import LANGUAGES, pick
from planner.base.seeds import read
from planner.policy import queries as policy
from planner.policy.rules import (
    INTENTS,
    TEXT_RULES,
    ChannelLimits,
    Context,
    Draft,
    Finding,
    House,
    Severity,
    Wording,
    check,
    check_example,
    detect_language,
    normal,
)

BLOCKED, MISUSED = 1, 2
LEVELS = range(5)


class Command(BaseCommand):
    help = (
        "Check a Markdown or text file with the text rules of the editorial policy, as bundled. `-` reads the standard "
        "input. Exit status: 0 nothing stops it, 1 a rule stops it, 2 wrong use. Reads files only, no database."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", nargs="?", help="the text, or - for the standard input")
        parser.add_argument("--language", choices=LANGUAGES, help="language of the text; found out when not given")
        parser.add_argument("--channel", metavar="SLUG", help="channel whose limits hold, such as linkedin-page")
        parser.add_argument("--intent", choices=INTENTS, default="help")
        parser.add_argument("--crisis-level", type=int, choices=LEVELS, help="judge as during an alert of this level")
        parser.add_argument("--template", default="", metavar="SLUG", help="template it follows, such as crisis-update")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--seeds", type=Path, default=settings.SEEDS_DIR, help="folder of the TOML files")
        parser.add_argument("--examples", action="store_true", help="print how each rule judges its own examples")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(terminal_language()):
            try:
                status = self._examples(options) if options["examples"] else self._check(options)
            except (PlannerError, OSError, UnicodeDecodeError) as fault:
                raise CommandError(str(fault), returncode=MISUSED) from fault
        if status:
            sys.exit(status)

    # ---- a text

    def _check(self, options: Mapping[str, Any]) -> int:
        if not options["file"]:
            raise CommandError(_("Name a file, or - for the standard input."), returncode=MISUSED)
        template = options["template"]
        if template and not (options["seeds"] / "templates" / f"{template}.toml").is_file():
            raise CommandError(_("There is no template “%(slug)s”.") % {"slug": template}, returncode=MISUSED)
        text = normal(_read(options["file"]))
        language = options["language"] or detect_language(text)
        draft, context = _case(text, language, options)
        findings = check(draft, context, only=TEXT_RULES)
        self._print_json(findings) if options["format"] == "json" else self._print_text(findings, text, language)
        return BLOCKED if any(finding.severity == Severity.BLOCK for finding in findings) else 0

    def _print_json(self, findings: Sequence[Finding]) -> None:
        rows = [
            {
                "rule": one.rule,
                "severity": str(one.severity),
                "result": str(one.result),
                "start": one.start,
                "end": one.end,
                "excerpt": one.excerpt,
                "message": pick(one.message),
                "messages": dict(one.message),
                "evidence": [
                    {"start": span.start, "end": span.end, "excerpt": span.excerpt, "reason": dict(span.reason)}
                    for span in one.evidence
                ],
            }
            for one in findings
        ]
        self.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False))

    def _print_text(self, findings: Sequence[Finding], text: str, language: str) -> None:
        for one in findings:
            line = 1 + text.count("\n", 0, one.start) if one.start is not None else "-"
            self.stdout.write(f"{one.rule}  {one.severity!s:<5}  {line!s:>4}  {pick(one.message)}")
        self.stdout.write(
            ngettext("%(n)s finding (%(language)s)", "%(n)s findings (%(language)s)", len(findings))
            % {"n": len(findings), "language": language}
        )

    # ---- the rules' own examples

    def _examples(self, options: Mapping[str, Any]) -> int:
        house = policy.bundled(options["seeds"])
        wrong = 0
        for rule in house.rules.values():
            verdicts = [_verdict(house, rule.id, code) for code in LANGUAGES]
            wrong += sum(not well for well, _said in verdicts)
            said = "  ".join(f"{code}: {told:<24}" for code, (_well, told) in zip(LANGUAGES, verdicts, strict=True))
            self.stdout.write(f"{rule.id}  {rule.slug:<20}  {said}")
        self.stdout.write(
            ngettext(
                "%(n)s example judged otherwise than declared", "%(n)s examples judged otherwise than declared", wrong
            )
            % {"n": wrong}
        )
        return BLOCKED if wrong else 0


def _verdict(house: House, rule: str, language: str) -> tuple[bool, str]:
    examples = house.rules[rule].examples[language]
    kept = check_example(house, rule, examples["pass"], language)
    broken = check_example(house, rule, examples["fail"], language)
    told = f"{_said(kept)} / {_said(broken)}"
    return not kept and bool(broken), told


def _said(findings: Sequence[Finding]) -> str:
    return ", ".join(dict.fromkeys(str(one.severity) for one in findings)) or "pass"


def _read(name: str) -> str:
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    return raw.decode("utf-8-sig")


def _case(text: str, language: str, options: Mapping[str, Any]) -> tuple[Draft, Context]:
    channel = options["channel"]
    draft = Draft(
        texts={language: Wording(body=text)},
        language=language,
        channels=(channel,) if channel else (),
        template=options["template"],
        intent=options["intent"],
    )
    today: date = clock.now().date()
    return draft, Context(
        house=policy.bundled(options["seeds"]),
        today=today,
        channels=_limits(options["seeds"], channel) if channel else {},
        level=options["crisis_level"],
    )


def _limits(seeds: Path, slug: str) -> dict[str, ChannelLimits]:
    channels = {one["slug"]: one for one in read(seeds / "channels.toml")["channel"]}
    if slug not in channels:
        known = ", ".join(channels)
        raise CommandError(
            _("There is no channel “%(slug)s”. Known: %(known)s.") % {"slug": slug, "known": known},
            returncode=MISUSED,
        )
    one = channels[slug]
    return {
        slug: ChannelLimits(
            slug,
            family=one["family"],
            title=one["title"],
            count=one["count"],
            limits=one,
            captions_required=one["captions_required"],
        )
    }

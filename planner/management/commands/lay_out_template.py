"""`manage.py lay_out_template SLUG --at ...`: the dated items that a template gives. Reads the seeds, no database."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.bootstrap import terminal_language
from planner.base.errors import PlannerError
from planner.base.holidays import COUNTRIES, public_holidays
from planner.base.worktime import WorkingCalendar
from planner.playbook.models import Kind
from planner.playbook.rules import Anchor, LaidItem, Layout, chain, lay_out
from planner.playbook.seeds import FLAGS, read_all

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
YEARS_AHEAD = 3
TRUTH = {"": True, "true": True, "yes": True, "false": False, "no": False}


class Command(BaseCommand):
    help = (
        "Print the dated work that a template gives: key, role, due, blocking. Reads the seed files, not the database."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="template, such as expert-how-to")
        parser.add_argument("--at", metavar="ISO", help="planned moment, 2026-05-21T10:00; without it nothing is dated")
        parser.add_argument(
            "--zone", default="Europe/Paris", help="time zone; a moment without offset is wall time there"
        )
        parser.add_argument("--country", default="FR", choices=COUNTRIES, help="whose public holidays count")
        parser.add_argument("--region", default="", help="region or canton, such as QC or GE")
        parser.add_argument(
            "--holiday", action="append", default=[], metavar="DAY", help="one more day off (repeatable)"
        )
        parser.add_argument(
            "--published", metavar="ISO", help="real publication: what follows it is no longer a projection"
        )
        parser.add_argument(
            "--anchor", action="append", default=[], metavar="NAME=ISO",
            help="a moment or a day from which work is counted: R (signal), S and E (event), C (crisis), or a date"
            " field of the template, as in closes_on=2026-06-01 (repeatable)",
        )  # fmt: skip
        parser.add_argument("--pace", type=float, default=1, help="multiplies the delays of a crisis: 0.5 halves them")
        parser.add_argument("--on-duty", action="store_true", help="the answerer is on duty: answers do not move")
        parser.add_argument("--regulated", action="store_true", help="the subject is regulated")
        parser.add_argument(
            "--fact", action="append", default=[], metavar="KEY=VALUE",
            help=f"a fact that conditions ask for: {', '.join(FLAGS)}, or a field, as in route=interview (repeatable)",
        )  # fmt: skip
        parser.add_argument(
            "--now", metavar="ISO",
            help="the present, from which a passed date is a late start; by default so long ago that nothing is late",
        )  # fmt: skip
        parser.add_argument("--format", choices=("table", "json"), default="table")
        parser.add_argument("--seeds", type=Path, default=settings.SEEDS_DIR, help="folder of the TOML files")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(terminal_language()):
            try:
                self._print(options)
            except (PlannerError, ValueError) as fault:
                raise CommandError(str(fault)) from fault

    def _print(self, options: Mapping[str, Any]) -> None:
        workflow, template = _payloads(options["seeds"], options["slug"])
        calendar = _calendar(options)
        layout = lay_out(
            chain(workflow, template),
            planned_at=_instant(options["at"], calendar),
            published_at=_instant(options["published"], calendar),
            calendar=calendar,
            now=_instant(options["now"], calendar) or LONG_AGO,
            facts=_facts(template, options),
            anchors=_anchors(template, options, calendar),
            pace=options["pace"],
            on_duty=options["on_duty"],
        )
        self._print_json(layout, calendar) if options["format"] == "json" else self._print_table(layout, calendar)
        self._say_compressed(layout.review_days_lost)

    def _print_json(self, layout: Layout, calendar: WorkingCalendar) -> None:
        rows = [
            {
                "key": item.task.key,
                "role": item.task.role,
                "due": _iso(item.due_at, calendar),
                "blocking": item.task.blocking or None,
                "offset": item.task.offset,
                "projection": item.is_projection,
                "late_start": item.late_start,
                "shifted_from": _iso(item.shifted_from, calendar),
            }
            for item in layout.items
        ]
        self.stdout.write(json.dumps(rows, indent=2))

    def _print_table(self, layout: Layout, calendar: WorkingCalendar) -> None:
        titles = ("key", "role", "due", "blocking", "")
        rows = [titles, *(_cells(item, calendar) for item in layout.items)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(titles))]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())

    def _say_compressed(self, lost: int) -> None:
        if lost:
            self.stderr.write(
                ngettext(
                    "compressed schedule: %(n)s day of review lost",
                    "compressed schedule: %(n)s days of review lost",
                    lost,
                )
                % {"n": lost}
            )


def _payloads(seeds: Path, slug: str) -> tuple[dict[str, Any], dict[str, Any]]:
    items = {(item.kind, item.slug): item.payload for item in read_all(seeds)}
    template = items.get((Kind.TEMPLATE, slug))
    if template is None:
        known = ", ".join(of for kind, of in items if kind == Kind.TEMPLATE)
        raise CommandError(_("There is no template “%(slug)s”. Known: %(known)s.") % {"slug": slug, "known": known})
    return items[Kind.WORKFLOW, template["workflow"]], template


def _calendar(options: Mapping[str, Any]) -> WorkingCalendar:
    own = [date.fromisoformat(day) for day in options["holiday"]]
    given = [options[name] for name in ("at", "published") if options[name]]
    moments = [_moment(text) for text in (*given, *(pair.partition("=")[2] for pair in options["anchor"]))]
    first = min((moment.year for moment in moments), default=LONG_AGO.year)
    years = range(first - 1, max((moment.year for moment in moments), default=first) + YEARS_AHEAD)
    legal = public_holidays(options["country"], options["region"], years)
    return WorkingCalendar(options["zone"], holidays=frozenset(legal) | frozenset(own))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _instant(text: str | None, calendar: WorkingCalendar) -> datetime | None:
    if not text:
        return None
    moment = _moment(text)
    return moment if moment.tzinfo else calendar.at(moment.date(), moment.time())


def _facts(template: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, object]:
    named = dict(fact.partition("=")[::2] for fact in options["fact"])
    return {
        "evergreen": template["evergreen"],
        "regulated": template["regulated"] or options["regulated"],
        **{name: TRUTH.get(value, value) for name, value in named.items()},
    }


def _anchors(template: Mapping[str, Any], options: Mapping[str, Any], calendar: WorkingCalendar) -> dict[str, Anchor]:
    """The anchors given; the name of a field stands for the anchor that the template takes from it, too."""
    given: dict[str, Anchor] = {}
    for pair in options["anchor"]:
        name, _equals, text = pair.partition("=")
        given[name] = _anchor(text, calendar)
    named = {name: given[key] for name, key in (template.get("anchors") or {}).items() if key in given}
    return {**named, **given}


def _anchor(text: str, calendar: WorkingCalendar) -> Anchor:
    return (_instant(text, calendar) if "T" in text else None) or date.fromisoformat(text)


def _iso(instant: datetime | None, calendar: WorkingCalendar) -> str | None:
    return calendar.local(instant).isoformat() if instant else None


def _cells(item: LaidItem, calendar: WorkingCalendar) -> tuple[str, ...]:
    remark = _("late start") if item.late_start else _("projection") if item.is_projection else ""
    return (item.task.key, item.task.role, _iso(item.due_at, calendar) or "-", item.task.blocking or "-", remark)

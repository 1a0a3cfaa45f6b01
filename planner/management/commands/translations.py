"""`manage.py translations`: brings the French catalogue up to date with the code, without xgettext.

For developers: it needs Babel, which only the development lock has. The msgids are the English texts.
"""

import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
import polib
from babel.messages.extract import extract_python
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

LANGUAGE = "fr"
SOURCES = ("planner", "config", "templates")
# What the arguments of each function are.
FUNCTIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), ("text",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("text", "plural")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "text")),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ("context", "text", "plural")),
}
HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=2; plural=(n > 1);",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[.\d]*[sdf]|%[sd]|\{\w*\}")
# An apostrophe or a plain space where French typography has another sign.
TYPOGRAPHY = re.compile(r"\w'\w|\w’ \w| [:;!?»%]|« ")


@dataclass(order=True)
class Message:
    """One text of the code, and the files that say it."""

    context: str
    text: str
    plural: str = ""
    files: set[str] = field(default_factory=set, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text


class Command(BaseCommand):
    help = "Update the French catalogue from the code, or check that it is complete."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if anything is missing")
        parser.add_argument("--merge", nargs="+", type=Path, default=[], metavar="FILE.json", help="texts to add")

    def handle(self, *args: Any, **options: Any) -> None:
        path, present = path_in(settings.BASE_DIR), catalogue_in(settings.BASE_DIR)
        messages = extract_all(settings.BASE_DIR)
        if options["check"]:
            self.report(list(faults(messages, present)), failing=True)
            return
        pairs = read_pairs(options["merge"])
        updated = update(messages, present, pairs)
        path.parent.mkdir(parents=True, exist_ok=True)
        updated.save(str(path))
        unused = sorted(set(pairs) - {message.key for message in messages})
        self.report([f"not said anywhere: {text}" for _context, text in unused], failing=False)
        self.report(list(faults(messages, updated)), failing=False)

    def report(self, lines: list[str], *, failing: bool) -> None:
        if lines and failing:
            raise CommandError("\n".join(lines))
        for line in lines:
            self.stdout.write(line)


# ---- what the code says --------------------------------------------------------------


def extract_all(root: Path) -> list[Message]:
    found: dict[tuple[str, str], Message] = {}
    for path in source_files(root):
        for context, text, plural in extract(path):
            message = found.setdefault((context, text), Message(context, text))
            message.plural = message.plural or plural
            message.files.add(path.relative_to(root).as_posix())
    return sorted(found.values())


def source_files(root: Path) -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts:
                yield path


def extract(path: Path) -> Iterator[tuple[str, str, str]]:
    code = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What is left of a page after `templatize` is Python with meaningless indentation.
        code = "\n".join(line.strip() for line in templatize(code, origin=str(path)).splitlines())
    names: dict[str, Any] = dict.fromkeys(FUNCTIONS)
    found: Iterable[tuple[Any, ...]] = extract_python(io.BytesIO(code.encode()), names, (), {})
    for _line, function, arguments, _comments in found:
        values = arguments if isinstance(arguments, tuple) else (arguments,)
        said = dict(zip(FUNCTIONS[function], values, strict=False))
        if said.get("text"):
            yield said.get("context") or "", said["text"], said.get("plural") or ""


# ---- the catalogue ---------------------------------------------------------------------


def path_in(root: Path) -> Path:
    return root / "planner" / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def catalogue_in(root: Path) -> polib.POFile:
    path = path_in(root)
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def read_pairs(files: Iterable[Path]) -> dict[tuple[str, str], list[str]]:
    """A text, `"one\\u0000many": ["un", "plusieurs"]` for a plural, `"context\\u0004text"` for one with a context."""
    pairs: dict[tuple[str, str], list[str]] = {}
    for file in files:
        for key, french in json.loads(file.read_text(encoding="utf-8")).items():
            context, _separator, text = key.rpartition("\u0004")
            pairs[context, text.split("\u0000")[0]] = [french] if isinstance(french, str) else french
    return pairs


def update(messages: list[Message], present: polib.POFile, pairs: dict[tuple[str, str], list[str]]) -> polib.POFile:
    """Each text once, in order; without line numbers or dates, so that a change shows only what changed."""
    known = {(entry.msgctxt or "", entry.msgid): forms(entry) for entry in present if not entry.obsolete}
    elsewhere = translated_elsewhere()
    result = polib.POFile(wrapwidth=110)
    result.metadata = HEADER
    for message in messages:
        french = pairs.get(message.key) or known.get(message.key) or []
        if any(french) or message.key not in elsewhere:
            result.append(entry_for(message, french))
    return result


def entry_for(message: Message, french: list[str]) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=message.text,
        msgctxt=message.context or None,
        occurrences=[(file, "") for file in sorted(message.files)],
    )
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = dict(enumerate((french + ["", ""])[:2]))
    else:
        entry.msgstr = french[0] if french else ""
    return entry


def forms(entry: polib.POEntry) -> list[str]:
    if entry.msgid_plural:
        return [entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural)]
    return [entry.msgstr]


def translated_elsewhere() -> set[tuple[str, str]]:
    """What Django and the installed packages say in French already."""
    folders = [Path(django.__file__).parent / "conf", *(Path(config.path) for config in apps.get_app_configs())]
    ours = Path(settings.LOCALE_PATHS[0])
    known: set[tuple[str, str]] = set()
    for folder in folders:
        catalogue = folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.mo"
        if catalogue.exists() and ours not in catalogue.parents:
            known.update((entry.msgctxt or "", entry.msgid) for entry in polib.mofile(str(catalogue)))
    return known


# ---- what is wrong with it ------------------------------------------------------------


def faults(messages: list[Message], catalogue: polib.POFile) -> Iterator[str]:
    entries = {(entry.msgctxt or "", entry.msgid): entry for entry in catalogue if not entry.obsolete}
    elsewhere = translated_elsewhere()
    for message in messages:
        entry = entries.pop(message.key, None)
        if entry is None:
            if message.key not in elsewhere:
                yield f"missing: {message.text!r} ({', '.join(sorted(message.files))})"
        else:
            yield from faults_of(message, entry)
    for entry in [*entries.values(), *catalogue.obsolete_entries()]:
        yield f"obsolete: {entry.msgid!r}"


def faults_of(message: Message, entry: polib.POEntry) -> Iterator[str]:
    if not all(forms(entry)):
        yield f"missing: {message.text!r} ({', '.join(sorted(message.files))})"
    elif entry.fuzzy:
        yield f"fuzzy: {message.text!r}"
    wanted = [set(PLACEHOLDER.findall(text)) for text in (message.text, message.plural or message.text)]
    for place, french in enumerate(forms(entry)):
        said = set(PLACEHOLDER.findall(french))
        one_in_words = place == 0 and message.plural and said < wanted[0]  # "une chose" needs no figure
        if french and said not in wanted and not one_in_words:
            yield f"placeholders differ: {message.text!r}"
        if TYPOGRAPHY.search(PLACEHOLDER.sub("x", french)):
            yield f"typography: {french!r}"

"""Reading the bundled TOML files, and saying what is wrong with them: file, key, reason.

A *check* takes a value and its place, returns the value ready to be stored, and complains at the place instead of
raising, so that one run finds every fault. Rooms put checks together into one schema per kind of file:

    role = table({"slug": required(slug), "title": required(bilingual), "advice": optional(list_of(text), [])})
    report = Report()
    value = role(read(path), Place("seeds/roles.toml", report))
    report.raise_if_any()
"""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from planner.base.errors import Invalid
from planner.base.language import LANGUAGES


class SeedError(Invalid):
    """Seed files that cannot be loaded. `problems` holds one sentence for each fault, naming file and key."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass
class Report:
    """Collects what is wrong, over all files.

    `called` gives a key the name by which its reader knows it: its place in the file, or the label of a form's field.
    """

    problems: list[str] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    """The key and the sentence of each."""
    called: Callable[[str], str] = str

    def note(self, file: str, key: str, sentence: str, values: Mapping[str, object]) -> None:
        words = sentence % {"key": self.called(key), **values}
        self.problems.append(f"{file}: {words}")
        self.faults.append((key, words))

    def raise_if_any(self) -> None:
        if self.problems:
            raise SeedError(self.problems)


@dataclass(frozen=True)
class Place:
    """A key of a file, written `fields[2].label.fr`; empty for the file as a whole."""

    file: str
    report: Report
    key: str = ""

    def child(self, name: str) -> "Place":
        return Place(self.file, self.report, f"{self.key}.{name}" if self.key else name)

    def item(self, index: int) -> "Place":
        return Place(self.file, self.report, f"{self.key}[{index}]")

    def complain(self, sentence: str, **values: object) -> None:
        """Note a fault. `sentence` is translated and holds `%(key)s` and these values."""
        self.report.note(self.file, self.key, sentence, values)


Check = Callable[[Any, Place], Any]


ABSENT: Any = object()
"""The default of an optional key that is simply left out."""


class Key(NamedTuple):
    """A key of a table: how its value is checked, and what stands for it when it is absent."""

    check: Check
    default: Any
    is_required: bool


def required(check: Check) -> Key:
    return Key(check, ABSENT, True)


def optional(check: Check, default: Any = ABSENT) -> Key:
    return Key(check, default, False)


def read(path: Path, label: str = "") -> dict[str, Any]:
    """The parsed file, which faults call `label`. Raises `SeedError` when it is missing, or not TOML in UTF-8."""
    file = label or f"{path.parent.name}/{path.name}"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise SeedError(
            [_("%(file)s: cannot be read (%(reason)s)") % {"file": file, "reason": fault.strerror}]
        ) from fault
    except UnicodeDecodeError as fault:
        raise SeedError([_("%(file)s: is not written in UTF-8") % {"file": file}]) from fault
    except tomllib.TOMLDecodeError as fault:
        raise SeedError([_("%(file)s: is not valid TOML: %(reason)s") % {"file": file, "reason": fault}]) from fault


# ---- checks on one value


def text(value: Any, place: Place) -> Any:
    """A text with something in it."""
    if not isinstance(value, str):
        place.complain(_("%(key)s must be a text"))
    elif not value.strip():
        place.complain(_("%(key)s is empty"))
    return value


def bilingual(value: Any, place: Place) -> Any:
    """A pair `{fr, en}`, both filled."""
    return _PAIR(value, place)


def anything(value: Any, place: Place) -> Any:
    """Whatever JSON can hold; a date becomes text."""
    if isinstance(value, dict):
        return {name: anything(entry, place) for name, entry in value.items()}
    if isinstance(value, list):
        return [anything(entry, place) for entry in value]
    return value.isoformat() if isinstance(value, date | time) else value


def number(value: Any, place: Place) -> Any:
    """A number, whole or not."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        place.complain(_("%(key)s must be a number"))
    return value


def boolean(value: Any, place: Place) -> Any:
    if not isinstance(value, bool):
        place.complain(_("%(key)s must be true or false"))
    return value


def day(value: Any, place: Place) -> Any:
    """A date, kept as text since the payload is JSON."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        place.complain(_("%(key)s must be a date, such as 2026-05-21"))
    return None


def wall_time(value: Any, place: Place) -> Any:
    """A day with an hour on the wall, without a zone, kept as text."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        if moment.tzinfo is None:
            return moment.isoformat()
    except (TypeError, ValueError):
        pass
    place.complain(_("%(key)s must be a day and an hour, such as 2026-05-21T10:00"))
    return None


def whole(least: int = 0) -> Check:
    """A whole number, `least` or more."""

    def check(value: Any, place: Place) -> Any:
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            place.complain(_("%(key)s must be a whole number, %(least)s or more"), least=least)
        return value

    return check


def matching(pattern: str, example: str) -> Check:
    """A text of a given form."""
    form = re.compile(pattern)

    def check(value: Any, place: Place) -> Any:
        if not isinstance(value, str) or not form.fullmatch(value):
            place.complain(_("%(key)s: “%(value)s” is not of the form %(example)s"), value=value, example=example)
        return value

    return check


slug = matching(r"[a-z0-9]+([-_][a-z0-9]+)*", "expert-how-to")


def one_of(known: Collection[Any]) -> Check:
    """One of the values known: a word of a fixed list, or the slug of another item."""

    def check(value: Any, place: Place) -> Any:
        if not isinstance(value, str | bool) or value not in known:
            listed = ", ".join(str(choice) for choice in known)
            place.complain(_("%(key)s: “%(value)s” is unknown (known: %(known)s)"), value=value, known=listed)
        return value

    return check


def readable_by(reader: Callable[[str], object]) -> Check:
    """A text that this function accepts; what it raises is a sentence for the editor of the file."""

    def check(value: Any, place: Place) -> Any:
        if not isinstance(value, str):
            return text(value, place)
        try:
            reader(value)
        except Invalid as fault:
            place.complain("%(key)s: %(reason)s", reason=fault)
        return value

    return check


# ---- checks made of checks


def list_of(check: Check, least: int = 0) -> Check:
    def check_all(value: Any, place: Place) -> Any:
        if not isinstance(value, list):
            place.complain(_("%(key)s must be a list"))
            return []
        if len(value) < least:
            place.complain(_("%(key)s needs at least %(least)s"), least=least)
        return [check(entry, place.item(index)) for index, entry in enumerate(value)]

    return check_all


def table(keys: Mapping[str, Key]) -> Check:
    """A table with these keys and no other."""

    def check(value: Any, place: Place) -> Any:
        if not isinstance(value, dict):
            place.complain(_("%(key)s must be a table"))
            return {}
        for name in sorted(value.keys() - keys.keys()):
            place.child(name).complain(_("%(key)s is not a key that this file may have"))
        checked = {name: _one(key, name, value, place) for name, key in keys.items()}
        return {name: entry for name, entry in checked.items() if entry is not ABSENT}

    return check


def mapping_of(check: Check, names: Check = slug) -> Check:
    """A table whose keys the author chooses."""

    def check_all(value: Any, place: Place) -> Any:
        if not isinstance(value, dict):
            place.complain(_("%(key)s must be a table"))
            return {}
        return {names(name, place): check(entry, place.child(name)) for name, entry in value.items()}

    return check_all


def each_once(entries: Any, place: Place, name: str = "slug") -> None:
    """Complain about every entry of a list of tables whose `name` was used before."""
    seen = set()
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        value = entry.get(name) if isinstance(entry, dict) else None
        if isinstance(value, str):
            if value in seen:
                place.item(index).child(name).complain(_("%(key)s: “%(value)s” is used twice"), value=value)
            seen.add(value)


_PAIR = table({language: required(text) for language in LANGUAGES})


def _one(key: Key, name: str, values: Mapping[str, Any], place: Place) -> Any:
    if name in values:
        return key.check(values[name], place.child(name))
    if key.is_required:
        place.child(name).complain(_("%(key)s is missing"))
    return key.default

"""Two versions of one payload (JSON): what changed between them, field by field, and taking over some of it. Pure.

A path leads to a field: `("fields", "steps", "help")` is the help of the entry whose key is `steps`. Entries of a list
are known by their `key` or `value`; lists without such names, and texts in two languages, change as a whole.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from planner.base.language import LANGUAGES

NAMES = ("key", "value")

Path = tuple[str, ...]

MISSING: Any = None
"""Stands for a field that one of the two does not have: JSON has no such value in our payloads."""


@dataclass(frozen=True)
class Change:
    """One field that differs; `before` or `after` is None where it does not exist."""

    path: Path
    before: Any
    after: Any

    @property
    def mark(self) -> str:
        """The path as a form sends it."""
        return "/".join(self.path)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every field that differs, in the order of `after`, then what only `before` has."""
    return list(_changes((), before, after))


def _changes(path: Path, before: Any, after: Any) -> Iterable[Change]:
    if before == after:
        return
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        yield Change(path, before, after)
        return
    for name in (*new, *(name for name in old if name not in new)):
        yield from _changes((*path, name), old.get(name), new.get(name))


def _parts(value: Any) -> dict[str, Any] | None:
    """The fields of a table or the named entries of a list; None for what changes as a whole."""
    if isinstance(value, Mapping) and not _is_text(value):
        return dict(value)
    name = _name_of_entries(value)
    return {entry[name]: entry for entry in value} if name else None


def _is_text(value: Mapping[str, Any]) -> bool:
    return bool(value) and value.keys() <= set(LANGUAGES) and all(isinstance(text, str) for text in value.values())


def _name_of_entries(value: Any) -> str | None:
    if not isinstance(value, list) or not value:
        return None
    for name in NAMES:
        names = [entry.get(name) if isinstance(entry, Mapping) else None for entry in value]
        if all(isinstance(one, str) and one for one in names) and len(set(names)) == len(names):
            return name
    return None


def taken_over(payload: Mapping[str, Any], wanted: Iterable[Change]) -> dict[str, Any]:
    """A copy of the payload with these changes made to it; one whose place no longer exists is left out."""
    result = deepcopy(dict(payload))
    for change in wanted:
        _set(result, change.path, change.after)
    return result


def _set(place: Any, path: Path, value: Any) -> None:
    name, rest = path[0], path[1:]
    if isinstance(place, list):
        _set_entry(place, name, rest, value)
    elif isinstance(place, dict):
        if not rest:
            _put(place, name, value)
        elif name in place:
            _set(place[name], rest, value)


def _put(place: dict[str, Any], name: str, value: Any) -> None:
    if value is MISSING:
        place.pop(name, None)
    else:
        place[name] = deepcopy(value)


def _set_entry(place: list[Any], name: str, rest: Path, value: Any) -> None:
    at = next((index for index, entry in enumerate(place) if _is_named(entry, name)), None)
    if rest:
        if at is not None:
            _set(place[at], rest, value)
    elif value is MISSING:
        if at is not None:
            del place[at]
    elif at is None:
        place.append(deepcopy(value))
    else:
        place[at] = deepcopy(value)


def _is_named(entry: Any, name: str) -> bool:
    return isinstance(entry, Mapping) and name in (entry.get(one) for one in NAMES)

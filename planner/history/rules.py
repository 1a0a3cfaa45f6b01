"""Digests and differences: pure, no database."""

import difflib
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


def normalised(value: Any) -> Any:
    """The same value with texts in NFC and with Unix line ends, so that equal texts have equal digests."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, Mapping):
        return {str(key): normalised(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [normalised(item) for item in value]
    return value


def digest(payload: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of a payload."""
    text = json.dumps(normalised(payload), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Piece:
    """A run of text: `same`, `added` or `removed`."""

    kind: str
    text: str


_WORDS = re.compile(r"\s+|[^\s]+")


def difference(before: str, after: str) -> list[Piece]:
    """Word by word, in reading order; a replaced run is shown removed, then added."""
    old, new = _WORDS.findall(normalised(before)), _WORDS.findall(normalised(after))
    return list(_pieces(old, new))


def _pieces(old: list[str], new: list[str]) -> Iterable[Piece]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[start:end]))
            continue
        if end > start:
            yield Piece("removed", "".join(old[start:end]))
        if new_end > new_start:
            yield Piece("added", "".join(new[new_start:new_end]))

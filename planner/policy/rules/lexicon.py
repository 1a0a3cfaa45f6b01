"""Word lists as people write them, compiled so that a text is read once for all of them.

One entry is a phrase: words separated by spaces. In it

- `*` at the end of a word matches any suffix: `quantité* limitée*`; alone it is any word;
- `(a|b c)` matches one of several, `(a)?` may be missing, and `?` after a word makes its last letter optional;
- `..` stands for up to four words, or none; `#` for a number;
- an entry ending in `!` must begin a sentence.

Words are those of `text.WORD`: an apostrophe or a hyphen separates, so `n'attendez pas` is `n attendez pas`.
Each entry is compiled once into a pattern tried only where its first word stands; that keeps a reading linear.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from planner.base.errors import Invalid
from planner.policy.rules.text import Reading, folded, normal

GAP = r"[ \n\t'\-]{1,4}"
LONGEST_ENTRY = 1500
MOST_REMEMBERED = 100_000

WIDE_GAP = r"[ \n\t'\-,]{1,4}"

_TOKEN = re.compile(r"\(|\)\??|\||#|\.\.|[^\W_]{2,}\?|[^\W_]+\*?|\*")


class BadEntry(Invalid):
    """An entry of a word list that cannot be read. The message is the entry itself."""


class Hit(NamedTuple):
    """An entry met in a text, in offsets of the visible text. `list` is the name of its list."""

    start: int
    end: int
    list: str
    entry: str
    weight: float


@dataclass(frozen=True)
class WordList:
    """Entries that count the same. Those of `but_not` are removed first."""

    name: str
    entries: tuple[str, ...]
    weight: float = 1.0
    but_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    list: str
    text: str
    weight: float
    match: Callable[[str, int], re.Match[str] | None]
    is_initial: bool
    is_exception: bool
    seconds: frozenset[str]
    """Words of which one must follow the first; empty where that cannot be said."""
    second_stems: tuple[str, ...]

    def may_go_on_with(self, word: str) -> bool:
        if not self.seconds and not self.second_stems:
            return True
        return word in self.seconds or word.startswith(self.second_stems)


@dataclass
class Lexicon:
    """All lists of one language, indexed by the first word of each entry."""

    lists: Sequence[WordList]
    _whole: dict[str, list[_Entry]] = field(default_factory=dict)
    _stems: dict[str, list[_Entry]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for words in self.lists:
            entries = [*((one, False) for one in words.entries), *((one, True) for one in words.but_not)]
            for text, is_exception in entries:
                compiled = compile_entry(text)
                entry = _Entry(
                    words.name,
                    text,
                    words.weight,
                    compiled.pattern.match,
                    compiled.is_initial,
                    is_exception,
                    frozenset(one for one in compiled.seconds if not one.endswith("*")),
                    tuple(one[:-1] for one in compiled.seconds if one.endswith("*")),
                )
                for first in compiled.firsts:
                    index = self._stems if first.endswith("*") else self._whole
                    index.setdefault(first.rstrip("*"), []).append(entry)

    @cached_property
    def _stem_lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(stem) for stem in self._stems}))

    @cached_property
    def _remembered(self) -> dict[tuple[str, str], tuple[_Entry, ...]]:
        """The entries that two words in a row may begin, for each pair met."""
        return {}

    def _beginning_with(self, word: str, following: str) -> tuple[_Entry, ...]:
        entries = list(self._whole.get(word, ()))
        for length in self._stem_lengths:
            if length > len(word):
                break
            entries += self._stems.get(word[:length], ())
        kept = tuple(entry for entry in entries if entry.may_go_on_with(following))
        if len(self._remembered) < MOST_REMEMBERED:
            self._remembered[word, following] = kept
        return kept

    def hits(self, reading: Reading) -> list[Hit]:
        """Every entry met, without overlap inside a list: exceptions are taken out first, then the longest wins."""
        found: dict[str, list[tuple[bool, int, int, _Entry]]] = {}
        starts = {sentence_start(reading, one.start) for one in reading.sentences}
        text, remembered = reading.folded, self._remembered
        words = [word for _start, _end, word in reading.words]
        for start, pair in zip(reading.word_starts, zip(words, [*words[1:], ""], strict=True), strict=True):
            entries = remembered.get(pair)
            if entries is None:
                entries = self._beginning_with(*pair)
            for entry in entries:
                if entry.is_initial and start not in starts:
                    continue
                match = entry.match(text, start)
                if match:
                    found.setdefault(entry.list, []).append((not entry.is_exception, start, match.end(), entry))
        return [hit for one in found.values() for hit in _without_overlap(one)]


def _without_overlap(found: list[tuple[bool, int, int, _Entry]]) -> Iterator[Hit]:
    taken: list[tuple[int, int]] = []
    if any(not counts for counts, *_rest in found):
        taken = [(start, end) for counts, start, end, _entry in found if not counts]
    reached = -1
    exceptions = iter(sorted(taken))
    current = next(exceptions, None)
    for counts, start, end, entry in sorted(found, key=lambda one: (one[1], -one[2])):
        if not counts or start < reached:
            continue
        while current and current[1] <= start:
            current = next(exceptions, None)
        if current and current[0] < end:
            continue
        reached = end
        yield Hit(start, end, entry.list, entry.text, entry.weight)


def sentence_start(reading: Reading, begin: int) -> int:
    """Where the first word of the sentence that begins there stands."""
    starts = reading.word_starts
    index = bisect_left(starts, begin)
    return starts[index] if index < len(starts) else -1


class Compiled(NamedTuple):
    """An entry as a pattern, with the words it can begin with and those of which one must follow."""

    pattern: re.Pattern[str]
    firsts: tuple[str, ...]
    seconds: tuple[str, ...]
    is_initial: bool


@lru_cache(maxsize=8192)
def compile_entry(text: str) -> Compiled:
    """An entry of a word list, ready to be met. Raises `BadEntry`."""
    wanted = folded(normal(text)).strip()
    is_initial = wanted.endswith("!")
    phrase = wanted.rstrip("!").replace("'", " ").replace("-", " ")
    tokens = _TOKEN.findall(phrase)
    if len(text) > LONGEST_ENTRY or "".join(tokens) != "".join(
        wanted.rstrip("!").replace("'", "").replace("-", "").split()
    ):
        raise BadEntry(text)
    try:
        pattern, firsts, seconds = _Parser(tokens).whole()
    except (IndexError, ValueError, StopIteration) as fault:
        raise BadEntry(text) from fault
    return Compiled(re.compile(pattern + r"(?![^\W_])"), firsts, seconds, is_initial)


class _Parser:
    """Reads the tokens of an entry from left to right. Raises where they make no sense."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = tokens
        self.at = 0
        self.seconds: tuple[str, ...] = ()

    def whole(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        pattern, firsts = self._sequence()
        seconds = self.seconds
        if self.at < len(self.tokens) or not firsts or any(first in ("", "*") for first in firsts):
            raise ValueError
        return pattern, firsts, seconds

    def _sequence(self) -> tuple[str, tuple[str, ...]]:
        """Items up to a bar or a closing bracket: pattern, and the words it can begin with."""
        items = []
        while self.at < len(self.tokens) and self.tokens[self.at] not in ("|", ")", ")?"):
            items.append(self._item())
        start = next(index for index, (_body, _firsts, is_optional) in enumerate(items) if not is_optional)
        self.seconds = _seconds(items) if start == 0 else ()
        pattern = "".join(f"(?:{body}{GAP})?" for body, _firsts, _optional in items[:start]) + items[start][0]
        for body, _firsts, is_optional in items[start + 1 :]:
            pattern += f"(?:{GAP}{body})?" if is_optional else GAP + body
        return pattern, tuple(first for _body, firsts, _optional in items[: start + 1] for first in firsts)

    def _item(self) -> tuple[str, tuple[str, ...], bool]:
        token = self.tokens[self.at]
        self.at += 1
        if token == "(":
            return self._group()
        if token == "..":
            return rf"(?:[^\W_]{{1,30}}{WIDE_GAP}){{0,3}}?[^\W_]{{1,30}}", ("",), True
        return (*_atom(token), False)

    def _group(self) -> tuple[str, tuple[str, ...], bool]:
        options: list[str] = []
        firsts: tuple[str, ...] = ()
        while True:
            pattern, own = self._sequence()
            options.append(pattern)
            firsts += own
            mark = self.tokens[self.at]
            self.at += 1
            if mark != "|":
                break
        return "(?:" + "|".join(sorted(options, key=len, reverse=True)) + ")", firsts, mark == ")?"


def _seconds(items: list[tuple[str, tuple[str, ...], bool]]) -> tuple[str, ...]:
    """What may follow the first item, when that item is a single word and something plain must follow it."""
    if len(items) < 2 or GAP in items[0][0]:
        return ()
    found: list[str] = []
    for _body, firsts, is_optional in items[1:]:
        found += firsts
        if not is_optional:
            return () if any(first in ("", "*") for first in found) else tuple(found)
    return ()


def _atom(token: str) -> tuple[str, tuple[str, ...]]:
    """A word, a stem, a number or any word: its pattern, and how the index knows it."""
    if token == "#":
        return r"\d[\d.,]{0,8}", ("",)
    if token == "*":
        return r"[^\W_]{1,30}", ("*",)
    if token.endswith("*"):
        return re.escape(token[:-1]) + r"[^\W_]{0,30}", (token,)
    if token.endswith("?"):
        return re.escape(token[:-2]) + f"{token[-2]}?" + r"(?![^\W_])", (token[:-1], token[:-2])
    return re.escape(token) + r"(?![^\W_])", (token,)


def problems(entries: Iterable[str]) -> list[str]:
    """The entries that cannot be read."""
    wrong = []
    for entry in entries:
        try:
            compile_entry(entry)
        except BadEntry:
            wrong.append(entry)
    return wrong


def lines_of(text: str) -> list[str]:
    """The entries that somebody typed, one a line, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))

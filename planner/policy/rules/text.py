"""Reading a text as its reader does: the visible words of the Markdown, and where each of them stands in the source.

Everything counts in the *normal form*: NFC, line ends as `\\n`. Every pattern here is linear: none can run away on a
hostile text.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from planner.policy.rules.draft import Span, Wording

STANDS_FOR = "\ufffc"
"""What an address, a picture or a piece of code leaves behind in the visible text."""

_SAME = str.maketrans("’‘ʼ´\u00a0\u202f\u2009‑", "''''   -")

WORD = re.compile(r"[^\W\d_]+")
LETTER_OR_DIGIT = re.compile(r"\w")

_FRONT = re.compile(r"\A---[ \t]*\n(?:(?!---[ \t]*\n)[^\n]*\n){1,80}---[ \t]*(?:\n|\Z)")
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)[^\n]*\n(?:(?! {0,3}(?:```|~~~))[^\n]*\n)*+ {0,3}(?:```|~~~)[^\n]*", re.M)
_LINE = re.compile(
    r"^(?P<rule>[ \t]*+(?:[-*_=|:][ \t]*+){3,}+$)"
    r"|^(?P<ref>[ ]{0,3}\[[^\]^\n][^\]\n]{0,100}\]:[^\n]*+)"
    r"|^(?P<lead>(?:[ \t]*+>)*+[ \t]*+"
    r"(?:\#{1,6}(?=[ \t])|(?:[-*+•]|\d{1,3}[.)])(?=[ \t])(?:[ \t]+\[[ xX]\])?|>|)[ \t]*+)",
    re.M,
)
_INLINE = re.compile(
    r"https?://[^\s<>]*+"
    r"|www\.[^\s<>]++"
    r"|!\[[^\]\n]{0,400}\]\([^)\n]{0,1000}\)"
    r"|\[\^[^\]\n]{1,50}\]:?"
    r"|\[(?=[^\]])"
    r"|\]\((?:[^()\n]{0,1000}|[^()\n]{0,500}\([^()\n]{0,300}\)[^()\n]{0,300})\)"
    r"|\]\[[^\]\n]{0,100}\]"
    r"|\]"
    r"|`[^`\n]++`"
    r"|<!--(?:[^-]|-(?!->)){0,400}+-->"
    r"|</?[A-Za-z][^<>]{0,500}>"
    r"|<https?://[^<>\s]{0,1000}>"
    r"|\*\**+"
    r"|__*+"
    r"|~~"
    r"|\|"
    r"|\\[\\`*_{}\[\]()#+\-.!|>~]"
    r"|&[a-z]{2,8};"
)
_SENTENCE_END = re.compile(r"[.!?…]+(?=[\s»”\")]|\Z)|\n")
_QUOTED = re.compile(r"«[^«»]{1,600}+»|“[^“”]{1,600}+”|\"[^\"\n]{1,300}+\"")


def normal(text: str) -> str:
    """The form in which texts are kept and offsets count."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """For comparing: one apostrophe, one space, small letters, accents kept. Never changes the length."""
    same = text.translate(_SAME)
    lowered = same.lower()
    if len(lowered) == len(same):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in same)


def words_of(text: str) -> frozenset[str]:
    """The different words of a text, for likeness between two of them."""
    return frozenset(WORD.findall(folded(text)))


@dataclass(frozen=True)
class Sentence:
    start: int
    end: int
    words: int


@dataclass
class Reading:
    """The visible text of title and body in one language.

    `folded` has the length of `visible`; `span(start, end)` says where a stretch of it stands in the source.
    """

    language: str
    sources: dict[str, str]
    visible: str = ""
    _starts: list[int] = field(default_factory=list)
    _origins: list[tuple[str, int]] = field(default_factory=list)
    _lengths: list[int] = field(default_factory=list)

    @cached_property
    def folded(self) -> str:
        return folded(self.visible)

    @cached_property
    def words(self) -> list[tuple[int, int, str]]:
        """Start, end and folded form of every word."""
        return [(found.start(), found.end(), found.group()) for found in WORD.finditer(self.folded)]

    @cached_property
    def word_starts(self) -> list[int]:
        return [start for start, _end, _word in self.words]

    @cached_property
    def sentences(self) -> list[Sentence]:
        starts = self.word_starts
        found, begin, first = [], 0, 0
        for end in (*(mark.end() for mark in _SENTENCE_END.finditer(self.visible)), len(self.visible)):
            after = bisect_right(starts, end - 1, lo=first)
            if after > first:
                found.append(Sentence(begin, end, after - first))
            begin, first = end, after
        return found

    @cached_property
    def quoted(self) -> list[tuple[int, int]]:
        """Stretches that are somebody else's words."""
        return [found.span() for found in _QUOTED.finditer(self.visible)]

    @cached_property
    def _quote_starts(self) -> list[int]:
        return [start for start, _end in self.quoted]

    def is_quoted(self, offset: int) -> bool:
        index = bisect_right(self._quote_starts, offset) - 1
        return index >= 0 and offset < self.quoted[index][1]

    def span(self, start: int, end: int) -> Span:
        """Where this stretch of the visible text stands in its source, with nothing hidden at either end."""
        place, first = self._origin(start)
        last_place, last = self._origin(max(start, end - 1))
        source = self.sources[place]
        if last_place != place:
            last = len(source) - 1
        return Span(place, first, last + 1, source[first : last + 1])

    def _origin(self, offset: int) -> tuple[str, int]:
        index = max(bisect_right(self._starts, offset) - 1, 0)
        place, origin = self._origins[index]
        return place, origin + min(offset - self._starts[index], self._lengths[index] - 1)


def read(language: str, wording: Wording, prefix: str = "") -> Reading:
    """The reading of a title and a body. Places are `<prefix>:title` and `<prefix>:body`."""
    lead = prefix or language
    reading = Reading(language, {f"{lead}:title": normal(wording.title), f"{lead}:body": normal(wording.body)})
    shown: list[str] = []
    length = 0
    for place, source in reading.sources.items():
        pieces = _title_pieces(source) if place.endswith(":title") else _pieces(source)
        for begin, end, stand_in in pieces:
            text = stand_in or source[begin:end]
            if text:
                reading._starts.append(length)
                reading._origins.append((place, begin))
                reading._lengths.append(1 if stand_in else end - begin)
                shown.append(text)
                length += len(text)
    reading.visible = "".join(shown)
    return reading


def _title_pieces(source: str) -> Iterator[tuple[int, int, str]]:
    if source.strip():
        end = len(source.rstrip())
        yield 0, end, ""
        yield end - 1, end, "\n"


def _pieces(source: str) -> Iterator[tuple[int, int, str]]:
    """What shows: begin, end, and what stands for it when it is not itself."""
    at = 0
    for begin, end, stand_in in _markup(source):
        if begin < at:
            continue
        if begin > at:
            yield at, begin, ""
        if stand_in:
            yield begin, end, stand_in
        at = end
    if at < len(source):
        yield at, len(source), ""


def _markup(source: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    front = _FRONT.match(source)
    if front:
        found.append((0, front.end(), ""))
    if "```" in source or "~~~" in source:
        found += [(one.start(), one.end(), STANDS_FOR) for one in _FENCE.finditer(source)]
    for line in _LINE.finditer(source):
        if line.end() > line.start():
            found.append((line.start(), line.end(), ""))
    for mark in _INLINE.finditer(source):
        piece = mark.group()
        if piece[0] == "_" and not _is_emphasis(source, mark.start(), mark.end()):
            continue
        found.append(_inline(piece, mark.start(), mark.end()))
    found.sort(key=lambda one: (one[0], -one[1]))
    return found


def _inline(piece: str, begin: int, end: int) -> tuple[int, int, str]:
    if piece[0] in "hw":
        bare = piece.rstrip(".,;:!?)»\"'*_]")
        return begin, begin + max(len(bare), 1), STANDS_FOR
    if piece[0] == "\\":
        return begin, begin + 1, ""
    if piece[0] in "`!|&" or piece.startswith("<http"):
        return begin, end, STANDS_FOR
    return begin, end, ""


def _is_emphasis(source: str, begin: int, end: int) -> bool:
    before, after = source[begin - 1 : begin], source[end : end + 1]
    return not (before.isalnum() and after.isalnum())


# ---- which language is it --------------------------------------------------------------

_FRENCH = frozenset(
    (
        "le", "la", "les", "des", "du", "un", "une", "et", "est", "sont", "dans", "pour", "que", "qui", "sur", "avec",
        "vous", "nous", "votre", "vos", "notre", "nos", "pas", "ne", "plus", "au", "aux", "ce", "cette", "ces", "il",
        "elle", "on", "leur", "leurs", "par", "mais", "ou", "où", "être", "avez", "avons", "sera", "son", "sa", "ses",
        "d", "l", "qu", "c", "n", "s", "j", "tout", "tous", "dès", "chez"
    )
)  # fmt: skip
_ENGLISH = frozenset(
    (
        "the", "and", "of", "to", "in", "is", "are", "for", "that", "with", "you", "your", "we", "our", "on", "this",
        "it", "be", "as", "at", "by", "from", "was", "were", "have", "has", "not", "will", "or", "an", "they", "their",
        "can", "all", "but", "if", "who", "which", "there", "been", "would", "what", "when", "more", "us", "my", "me",
        "he", "she", "his", "her", "its"
    )
)  # fmt: skip


def detect_language(text: str) -> str:
    """`fr` or `en`, by the small words; French when nothing tells."""
    words = WORD.findall(folded(text[:20_000]))
    french = sum(word in _FRENCH for word in words) + sum(any(c in "éèêàçùœîôû" for c in word) for word in words)
    return "en" if sum(word in _ENGLISH for word in words) > french else "fr"

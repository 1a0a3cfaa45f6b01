"""How a text is written, apart from what it says: measures in which advertising, belittling and plain telling differ.

Each measure is a small number, about 0 to 2, independent of length. `measures` gives them by name; what each weighs,
and in which direction, is data (`seeds/policy/tone.toml`), learnt from labelled texts (`tests/policy/weighing.py`).
Headings and list items are left out where there are full sentences: they are short in every kind of text.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from planner.policy.rules.text import Reading, Sentence

STEM = 6
"""Letters by which the words of a text are compared with those learnt."""
LEAST_COUNTED = 16
"""A text is measured as if it had so many words at least: one small word among six is no manner of writing."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "reader_owns": "votre vos ton ta tes toi te t",
        "reader": "vous tu",
        "we": "nous notre nos",
        "negation": "ne n pas ni sans aucun aucune",
        "condition": "si sinon quand lorsque",
        "reason": "car parce puisque cause raison donc mais selon",
        "past": "avons avait était étaient avaient avions été ont",
        "duty": "faut doit devez doivent peut peuvent pouvez pourra devons pouvons",
        "absolute": "tout toute toutes tous chaque jamais toujours rien seul "
        "seule seulement plus moins enfin vraiment même déjà encore",
        "third": "il on elle ils elles qui que cela ce",
    },
    "en": {
        "reader_owns": "your yours yourself",
        "reader": "you",
        "we": "we our us ours",
        "negation": "not no t nor without none neither",
        "condition": "if when unless whether until",
        "reason": "because but so according since although however though",
        "past": "was were had did been",
        "duty": "must should need can cannot may might could",
        "absolute": "all every never always ever nothing only more "
        "most just even already still forever finally any really",
        "third": "it he she they that which who there this",
    },
}  # fmt: skip
_KIND_OF: Mapping[str, Mapping[str, str]] = {
    code: {word: kind for kind, words in kinds.items() for word in words.split()} for code, kinds in _WORDS.items()
}
_VERB: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(
        r"(?:est|sont|a|ont|ai|as|va|vont|vais|peut|peuvent|doit|doivent|faut|fait|font|dit|sait|veut|vient|viennent"
        r"|suis|sommes|êtes|était|sera|seront|serait|met|prend|restent?|passent?|donne|coûte|ouvre|ferme|change|arrive"
        r"|permet|montre|porte|demande|manque|dure|compte|commence|augmente"
        r"|[^\W\d_]{2,30}(?:ez|ons|ait|aient|era|eront|ira|iront|rait|raient|(?<!m)ent))\Z"
    ),
    "en": re.compile(
        r"(?:is|are|was|were|be|been|am|has|have|had|do|does|did|will|would|can|could|should|must|may|might|s|re|ve|ll|d|m"
        r"|gets?|goes|go|comes?|makes?|takes?|needs?|know|asks?|costs?|opens?|closes?|stays?|stops?|shows?|means?|went|came"
        r"|took|made|gave|said|found|left|lost|works?|lasts?|starts?|begins?|keeps?|pays?|sells?|runs?|lies|says"
        r"|[^\W\d_]{3,30}ed)\Z"
    ),
}
_COLOUR: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(r"[^\W\d_]{3,30}(?:eux|euses?|ables?|ibles?|ifs?|ives?|iques?|ante?s?|elles?|ée?s?)\Z"),
    "en": re.compile(r"[^\W\d_]{3,30}(?:y|ing|ous|ful|ive|able|ic|est|less|ish)\Z"),
}
_TIME: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(
        r"\b\d{1,2} ?h\b|\b\d{1,2} heures?\b|\b(?:le|du|au|depuis le) \d{1,2}\b|\b(?:19|20)\d\d\b"
        r"|\b\d{1,2} (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
    ),
    "en": re.compile(
        r"\b\d{1,2}(?:[.:]\d\d)? ?(?:am|pm)\b|\b\d{1,2}(?:st|nd|rd|th)\b|\b(?:19|20)\d\d\b"
        r"|\b\d{1,2} (?:january|february|march|april|may|june|july|august|september|october|november|december)"
    ),
}
_ASKS_FACTS: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(r"\b(?:comment|que faire|pourquoi|faut-il|qu'est-ce|quand|combien|quel|quelle|où)\b"),
    "en": re.compile(r"\b(?:how|what is|should|what to|where|when|which|whether|does|is your|is it)\b"),
}
_MONEY = re.compile(r"\d[\d .,]{0,10} ?(?:€|euros?\b)|[£$€] ?\d")
_PERCENT = re.compile(r"\d ?%")
_ORDER = re.compile(r"[^\W\d_]{2,30}ez\Z")
_NO_ORDER = frozenset({"chez", "assez"})


class Traits(NamedTuple):
    """What a word is by itself."""

    kind: str
    is_verb: bool
    is_colour: bool
    is_order: bool


@lru_cache(maxsize=40_000)
def traits(language: str, word: str) -> Traits:
    """Which kind of small word it is, and whether it ends as a verb, as an adjective, as a French order."""
    return Traits(
        _KIND_OF[language].get(word, ""),
        bool(_VERB[language].match(word)),
        len(word) > 4 and bool(_COLOUR[language].match(word)),
        bool(_ORDER.match(word)) and word not in _NO_ORDER,
    )


def measures(reading: Reading) -> dict[str, float]:
    """All measures of a text, by name. Empty for a text without words."""
    words = [word for _start, _end, word in reading.words]
    if not words:
        return {}
    told: dict[str, float] = {}
    counts: dict[str, int] = dict.fromkeys(_WORDS[reading.language], 0)
    known = [traits(reading.language, word) for word in words]
    for kind, _verb, _colour, _order in known:
        if kind:
            counts[kind] += 1
    colours, letters = sum(one.is_colour for one in known), sum(map(len, words))
    size = max(len(words), LEAST_COUNTED)
    for kind, count in counts.items():
        told[kind] = 20 * count / size
    told["colour"] = 10 * colours / size
    told["long_words"] = letters / len(words) / 5
    return told | _of_sentences(reading, known) | _of_signs(reading)


def _of_sentences(reading: Reading, known: list[Traits]) -> dict[str, float]:
    starts = reading.word_starts
    short = without_verb = orders = teasing = asking = 0
    sentences = running(reading)
    for sentence in sentences:
        begin, end = bisect_left(starts, sentence.start), bisect_left(starts, sentence.end)
        own = known[begin:end]
        short += len(own) <= 4
        without_verb += not any(one.is_verb for one in own)
        orders += own[0].is_order
        text = reading.folded[sentence.start : sentence.end]
        if text.rstrip(" \n»\")'”").endswith("?"):
            facts = bool(_ASKS_FACTS[reading.language].search(text))
            asking += facts
            teasing += not facts
    many = len(sentences)
    return {
        "short": short / many,
        "no_verb": without_verb / many,
        "orders": 2 * orders / many,
        "teasing": 4 * teasing / (many + 1),
        "asking": 4 * asking / (many + 1),
        "length": sum(sentence.words for sentence in sentences) / many / 10,
    }


def _of_signs(reading: Reading) -> dict[str, float]:
    text, size = reading.folded, max(1.0, len(reading.words) / 45)
    return {
        "marks": min(reading.visible.count("!") / size, 3.0),
        "commas": text.count(",") / max(len(reading.sentences), 1),
        "colons": text.count(":") / max(len(reading.sentences), 1),
        "dates": min(len(_TIME[reading.language].findall(text)) / size, 3.0) / 2,
        "money": min(len(_MONEY.findall(text)) / size, 3.0) / 2,
        "percent": min(len(_PERCENT.findall(text)) / size, 2.0) / 2,
    }


def running(reading: Reading) -> list[Sentence]:
    """The sentences that end as sentences do; all of them where none does."""
    ended = [one for one in reading.sentences if reading.visible[one.start : one.end].rstrip(" »\")'”")[-1:] in ".!?…"]
    return ended or reading.sentences


class Stems(NamedTuple):
    """The beginnings of the words of a text, and the weight that each of them has."""

    keys: frozenset[str]
    each: float


def stems(reading: Reading) -> Stems:
    """Each beginning once, all with the same weight: the more of them, the smaller."""
    different = frozenset(word[:STEM] for _start, _end, word in reading.words)
    return Stems(different, 0.7 * min(1.0, 45 / max(len(different), 1)))

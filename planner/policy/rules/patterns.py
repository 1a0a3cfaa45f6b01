"""What a word list cannot say: prices, percentages, counted crowds, comparatives in a row, superlatives by ending.

Each pattern joins a family of signals with its points. All read the folded text, and only around the anchors without
which they cannot match: that keeps a reading fast, and linear.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

BEFORE, AFTER = 70, 60
"""How far from an anchor a pattern may begin and end."""


@dataclass(frozen=True)
class Shape:
    list: str
    weight: float
    anchors: tuple[str, ...]
    pattern: re.Pattern[str]

    def found_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it matches, once for each anchor at most."""
        reached = 0
        for at in sorted(_places(text, self.anchors)):
            if at < reached:
                continue
            for found in self.pattern.finditer(text, max(reached, at - BEFORE), at + AFTER):
                if found.start() <= at < found.end():
                    reached = found.end()
                    yield found.span()
                    break


def _places(text: str, anchors: tuple[str, ...]) -> Iterator[int]:
    for anchor in anchors:
        at = text.find(anchor)
        while at >= 0:
            yield at
            at = text.find(anchor, at + 1)


_MONEY = r"(?:€|\$|£|chf\b|euros?\b|francs?\b|livres?\b|pounds?\b)"
_SUM = r"\d[\d .,]{0,12}"
_WORD = r"[^\W\d_]{1,30}"


_SIGNS = ("€", "$", "£", "chf", "euro", "franc", "pound")


def _shape(name: str, weight: float, anchors: tuple[str, ...], *either: str) -> Shape:
    return Shape(name, weight, anchors, re.compile("|".join(either)))


SHAPES: Mapping[str, tuple[Shape, ...]] = {
    "fr": (
        _shape("promo.price", 2.0, _SIGNS, rf"\b(?:à partir de|dès|(?:pour |à )?seulement) {_SUM} ?{_MONEY}"),
        _shape(
            "promo.price",
            2.0,
            ("%",),
            r"(?<!\w)[-–−] ?\d{1,2} ?%",
            r"\bmoins \d{1,2} ?%",
            r"\b\d{1,2} ?% (?:de (?:remise|réduction|rabais)|offerts?|d'économies?|moins cher)",
        ),
        _shape(
            "promo.price",
            1.5,
            _SIGNS,
            rf"\b(?:gardez|gagnez|économisez|gagner|économiser|gardent)"
            rf"(?: {_WORD}){{0,3}} (?:jusqu'à )?{_SUM} ?{_MONEY}",
        ),
        _shape(
            "promo.price",
            1.0,
            _SIGNS,
            rf"{_SUM} ?{_MONEY} (?:par mois|/ ?mois|de bonus|offerts?|d'économies?|de remise|remboursés?)",
        ),
        _shape(
            "promo.price",
            1.0,
            (" achetés", " achetées", " commandés", " commandées"),
            rf"\b(?:deux|trois|quatre|\d) {_WORD}(?: {_WORD})? (?:achetée?s|commandée?s)",
        ),
        _shape(
            "promo.proof", 1.0, (" sur 10", " sur dix"), rf"\b(?:\d{{1,2}}|neuf|huit) (?:{_WORD} )?sur (?:10|dix)\b"
        ),
        _shape(
            "promo.proof",
            1.0,
            ("%",),
            r"\b\d{2,3} ?% (?:des|de nos|d'entre) (?:clients|inscrits|diplômés|utilisat|abonnés|élèves|participants)",
        ),
        _shape(
            "promo.proof",
            1.0,
            (" visiteurs ", " clients ", " abonnés "),
            r"\b\d[\d .]{0,9} (?:visiteurs|clients|abonnés) (?:déjà|conquis)",
        ),
        _shape("promo.superlative", 0.75, (", plus ",), rf"\bplus {_WORD}(?: {_WORD})?, plus {_WORD}"),
        _shape("min.small", 1.25, ("%",), r"\bmoins d[e'] ?\d{1,2}(?:,\d)? ?% d(?:e|es|u)\b"),
    ),
    "en": (
        _shape(
            "promo.price",
            2.0,
            ("€", "$", "£"),
            rf"\b(?:from|starting at|starts at|only|just|for only|for just) {_MONEY} ?\d",
        ),
        _shape(
            "promo.price",
            2.0,
            ("%",),
            rf"\b\d{{1,2}} ?%(?: {_WORD})? (?:off|less|discount|cheaper|extra|savings?)\b",
            r"(?<!\w)[-–−] ?\d{1,2} ?%",
        ),
        _shape(
            "promo.price",
            1.5,
            ("€", "$", "£"),
            rf"\b(?:save|keep|get|win|earn|saving)(?: {_WORD}){{0,3}} {_MONEY} ?\d",
        ),
        _shape(
            "promo.price",
            1.0,
            ("€", "$", "£"),
            rf"{_MONEY} ?\d[\d.,]{{0,12}} (?:a month|per month|off|cashback|bonus|towards)",
        ),
        _shape(
            "promo.proof",
            1.0,
            ("out of ", "in 10", "in ten"),
            rf"\b(?:\d|nine|eight) (?:{_WORD} )?(?:out of|in) (?:10|ten)\b",
        ),
        _shape(
            "promo.proof",
            1.0,
            ("%",),
            r"\b\d{2,3} ?% of (?:our |all )?(?:graduates|customers|users|clients|students|members|guests)",
        ),
        _shape(
            "promo.superlative",
            1.0,
            ("est ", "est,", "est."),
            r"\bthe (?!latest|nearest|earliest|west|rest\b|test\b|forest|interest|request|honest|guest|harvest|protest"
            r"|contest|invest|chest|priest|east|quest|eldest|oldest|modest|lowest|highest|furthest|poorest|youngest)"
            r"[^\W\d_]{2,12}est\b(?! (?:hospital|exit|station|point|date|number|bidder))",
        ),
        _shape("promo.superlative", 0.75, ("er, ",), r"\b[^\W\d_]{2,9}er, [^\W\d_]{2,9}er(?:, | and )"),
        _shape("min.small", 1.25, ("%",), r"\b(?:less|fewer) than \d{1,2}(?:\.\d)? ?% of\b"),
    ),
}

MARK = re.compile(r"!+")
EMOJI = re.compile("[\u2728\u2b50\u2764\U0001f300-\U0001faff]+")

"""What a word list cannot say: prices, percentages, counted crowds, comparatives in a row, superlatives by ending.

Each pattern joins a family of signals with its points. All read the folded text and are linear: no repetition inside a
repetition, and every open end is bounded.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    list: str
    weight: float
    pattern: re.Pattern[str]


_MONEY = r"(?:€|\$|£|chf\b|euros?\b|francs?\b|livres?\b|pounds?\b)"
_SUM = r"\d[\d .,]{0,12}"
_WORD = r"[^\W\d_]{1,30}"


def _shape(name: str, weight: float, *either: str) -> Shape:
    return Shape(name, weight, re.compile("|".join(either)))


SHAPES: Mapping[str, tuple[Shape, ...]] = {
    "fr": (
        _shape(
            "promo.price",
            2.0,
            rf"\b(?:à partir de|dès|(?:pour |à )?seulement) {_SUM} ?{_MONEY}",
            r"(?<!\w)[-–−] ?\d{1,2} ?%",
            r"\bmoins \d{1,2} ?%",
            r"\b\d{1,2} ?% (?:de (?:remise|réduction|rabais)|offerts?|d'économies?|moins cher)",
        ),
        _shape(
            "promo.price",
            1.5,
            rf"\b(?:gardez|gagnez|économisez|gagner|économiser|gardent)"
            rf"(?: {_WORD}){{0,3}} (?:jusqu'à )?{_SUM} ?{_MONEY}",
        ),
        _shape(
            "promo.price",
            1.0,
            rf"{_SUM} ?{_MONEY} (?:par mois|/ ?mois|de bonus|offerts?|d'économies?|de remise|remboursés?)",
            rf"\b(?:deux|trois|quatre|\d) {_WORD}(?: {_WORD})? (?:achetée?s|commandée?s)",
        ),
        _shape(
            "promo.proof",
            1.0,
            rf"\b(?:\d{{1,2}}|neuf|huit) (?:{_WORD} )?sur (?:10|dix)\b",
            r"\b\d{2,3} ?% (?:des|de nos|d'entre) (?:clients|inscrits|diplômés|utilisat|abonnés|élèves|participants)",
            r"\bpour \d{2} ?% des (?:inscrits|clients|diplômés|utilisat|participants)",
            r"\b\d[\d .]{0,9} (?:visiteurs|clients|abonnés) (?:déjà|conquis)",
        ),
        _shape("promo.superlative", 0.75, rf"\bplus {_WORD}(?: {_WORD})?, plus {_WORD}"),
    ),
    "en": (
        _shape(
            "promo.price",
            2.0,
            rf"\b(?:from|starting at|starts at|only|just|for only|for just) {_MONEY} ?\d",
            rf"\b\d{{1,2}} ?%(?: {_WORD})? (?:off|less|discount|cheaper|extra|savings?)\b",
            r"(?<!\w)[-–−] ?\d{1,2} ?%",
        ),
        _shape("promo.price", 1.5, rf"\b(?:save|keep|get|win|earn|saving)(?: {_WORD}){{0,3}} {_MONEY} ?\d"),
        _shape("promo.price", 1.0, rf"{_MONEY} ?\d[\d.,]{{0,12}} (?:a month|per month|off|cashback|bonus|towards)"),
        _shape(
            "promo.proof",
            1.0,
            rf"\b(?:\d|nine|eight) (?:{_WORD} )?(?:out of|in) (?:10|ten)\b",
            r"\b\d{2,3} ?% of (?:our |all )?(?:graduates|customers|users|clients|students|members|guests)",
        ),
        _shape(
            "promo.superlative",
            1.0,
            r"\bthe (?!latest|nearest|earliest|west|rest\b|test\b|forest|interest|request|honest|guest|harvest|protest"
            r"|contest|invest|chest|priest|east|quest|eldest|oldest|modest|lowest|highest|furthest|poorest|youngest)"
            r"[^\W\d_]{2,12}est\b"
            r"(?! (?:hospital|exit|station|point|date|number|bidder))",
        ),
        _shape("promo.superlative", 0.75, r"\b[^\W\d_]{2,9}er, [^\W\d_]{2,9}er(?:, | and )"),
    ),
}

MARK = re.compile(r"!+")
EMOJI = re.compile("[\u2728\u2b50\u2764\U0001f300-\U0001faff]+")

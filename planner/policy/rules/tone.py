"""The rules about tone: advertising (R01), profiting from misfortune (R12), belittling (R13).

Each is a sum that can be told. The word lists give points: those of one family up to a bound, so that a text must speak
in more than one way, or loudly; lists whose weight is below zero take points away. How the text is written adds the
rest: no list holds every phrase of an advertisement, but short sentences without verbs, hooks and orders give it away.
What style weighs is learnt from labelled texts. After work on puffery and hype, and on public apologies (Battistella,
"Sorry About That", 2014: conditions, agentless passives, the other's feelings, shifted blame).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import fsum

from planner.policy.rules.case import IN_CRISIS, Case, DoesNotApply, at_field, at_text
from planner.policy.rules.draft import Finding, Severity, Span
from planner.policy.rules.house import Rule
from planner.policy.rules.lexicon import Hit
from planner.policy.rules.patterns import EMOJI, MARK, SHAPES
from planner.policy.rules.style import STEM, measures, stems
from planner.policy.rules.text import Reading

VOICE = "promo.voice"
REASON_OF_VOICE = {"fr": "hausse la voix", "en": "raises its voice"}

_NEGATIONS = {
    "fr": re.compile(r"(?<![^\W_])(?:pas|jamais|aucune?|sans|ni|guère|non)[ '](?:[^\W_]{1,20}[ '])?\Z"),
    "en": re.compile(r"(?<![^\W_])(?:not|never|no|without|nor|t|neither|cannot|hardly) (?:[^\W_]{1,20}[ '])?\Z"),
}


RULES_OF_TONE = ("R01", "R12", "R13")
CALM = ("calm.reason", "calm.limits", "calm.source", "calm.service", "calm.trouble")
SELLING = (
    "opp", "promo.order", "promo.invite", "promo.scarcity", "promo.price", "promo.superlative", "promo.triumph",
    "promo.benefit", "promo.proof", "promo.novelty", "promo.tease", "promo.pledge",
)  # fmt: skip
_LISTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "R01": (("promo",), CALM),
    "R12": (SELLING, ("calm.crisis",)),
    "R13": (("min",), ("own",)),
}
"""For each rule: the lists that speak for the fault, and those that speak against it."""

WORDS_OF_A_TEXT = 80
"""A text up to that long is judged whole; points of a longer one are taken per so many words."""
ENOUGH_WORDS, LONG_TEXT = 16, 150
"""Between these numbers of words style weighs in full; outside, in proportion."""
DOUBT = 1.0
"""How far a text whose style says little is taken to be fine."""
MOST_OF_STYLE = 3.0
"""Style says so much at most, either way: what the lists find loudly is not outweighed."""
MOST_CALLS = 200
"""Exclamation marks and faces that are counted, at most."""
MOST_SHOWN = 40
"""Stretches that a finding names, at most."""
MIDDLE, SCALE = 3.0, 1.5
"""Points of a text as likely a fault as not, and how many a unit of likelihood makes. In doubt a text is looked at."""


@dataclass(frozen=True)
class Tone:
    """Points of a text for one rule, and the stretches that gave them, strongest first."""

    points: float
    evidence: tuple[Span, ...]
    is_shown: bool
    """Did a list or a pattern find something? What style alone says is a guess: it warns, and stops nothing."""

    def severity(self, highest: str) -> str:
        return highest if self.is_shown else Severity.WARN


def tone_from(case: Case, reading: Reading, rule: Rule, least: float) -> Tone | None:
    """What a text of so many points or more is found to be; None of fewer, or of a text without words."""
    if not reading.words:
        return None
    points = points_of(case, reading, rule)
    if points < least:
        return None
    return Tone(points, tuple(_evidence(case, reading, rule)), bool(_speaking_for(case, reading, rule.id)))


def points_of(case: Case, reading: Reading, rule: Rule) -> float:
    """Lists and style together: from `MIDDLE` points on, a reader would rather say that there is a fault."""
    weights = case.context.house.tone.get(rule.id, {}).get(reading.language)
    likelihood = points_of_lists(case, reading, rule.id)
    if weights:
        words = case.once(("stems", id(reading)), lambda: stems(reading))
        measured = case.once(("measures", id(reading)), lambda: measures(reading))
        style = sum(weights.style.get(key, 0.0) * value for key, value in measured.items())
        style += words.each * fsum(map(weights.words.__getitem__, weights.words.keys() & words.keys))
        share = share_of_style(reading)
        heard = share * (weights.base + style) - (1 - share) * DOUBT
        likelihood += max(-MOST_OF_STYLE, min(heard, MOST_OF_STYLE))
    return MIDDLE + SCALE * likelihood


def points_of_lists(case: Case, reading: Reading, rule: str) -> float:
    """What the lists alone say: families for the fault, each up to a bound, less those against it.

    Where none speaks for the fault, style alone must be surer.
    """
    declared = case.context.house.rules[rule]
    size = max(1.0, len(reading.words) / WORDS_OF_A_TEXT)
    families: dict[str, float] = {}
    for hit in _speaking_for(case, reading, rule):
        families[hit.list] = families.get(hit.list, 0.0) + hit.weight
    gained = sum(min(points / size, declared["family_cap"]) for points in families.values())
    lost = -sum(hit.weight for hit in case.hits(reading, *_LISTS[rule][1], quoted=False)) / size
    silence = 0.0 if families else declared["silence"]
    return float(declared["list_share"] * gained - declared["calm_share"] * min(lost, declared["calm_cap"]) - silence)


def share_of_style(reading: Reading) -> float:
    """How much style says: little in a few words, and less in a long text, which holds a bit of everything."""
    many = max(len(reading.words), 1)
    return min(1.0, many / ENOUGH_WORDS, LONG_TEXT / many)


def _speaking_for(case: Case, reading: Reading, rule: str) -> list[Hit]:
    """The hits that speak for the fault, strongest where they overlap, without those denied."""
    return case.once(("speaking", rule, id(reading)), lambda: _find_speaking(case, reading, rule))


def _find_speaking(case: Case, reading: Reading, rule: str) -> list[Hit]:
    names = _LISTS[rule][0]
    shapes = case.once(("shapes", id(reading)), lambda: _by_shape(reading))
    found = case.hits(reading, *names, quoted=False)
    found += [hit for hit in shapes if hit.list in names or hit.list.split(".", 1)[0] in names]
    return _strongest([hit for hit in found if not _is_negated(reading, hit)])


def _by_shape(reading: Reading) -> list[Hit]:
    """What the patterns find: prices, crowds, superlatives, exclamation marks and pictures of faces."""
    found = [
        Hit(start, end, shape.list, "", shape.weight)
        for shape in SHAPES[reading.language]
        for start, end in shape.found_in(reading.folded)
    ]
    for pattern in (MARK, EMOJI):
        found += [
            Hit(one.start(), one.end(), VOICE, "", 0.5) for one in islice(pattern.finditer(reading.visible), MOST_CALLS)
        ]
    return [hit for hit in found if not reading.is_quoted(hit.start)]


def _is_negated(reading: Reading, hit: Hit) -> bool:
    """Does one of the two words before it deny it? Entries that begin with a negation were met as a whole."""
    return bool(_NEGATIONS[reading.language].search(reading.folded, max(0, hit.start - 24), hit.start))


def _strongest(hits: list[Hit]) -> list[Hit]:
    """Where hits of several families lie on each other, the strongest counts."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda one: (one.start, -one.weight)):
        if kept and hit.start < kept[-1].end:
            if hit.weight > kept[-1].weight:
                kept[-1] = hit
            continue
        kept.append(hit)
    return kept


def _evidence(case: Case, reading: Reading, rule: Rule) -> Iterator[Span]:
    """The stretches that speak loudest; the words that weigh most when the lists have little to show."""
    house = case.context.house
    hits = sorted(_speaking_for(case, reading, rule.id), key=lambda hit: (-hit.weight, hit.start))[:MOST_SHOWN]
    for hit in hits:
        span = reading.span(hit.start, hit.end)
        reason = REASON_OF_VOICE if hit.list == VOICE else house.reason(reading.language, hit.list)
        yield Span(span.place, span.start, span.end, span.excerpt, reason)
    if len(hits) <= 1:
        reason = {code: rule.message("style")[code] for code in ("fr", "en")}
        for start, end in _telling_stretches(case, reading, rule):
            span = reading.span(start, end)
            yield Span(span.place, span.start, span.end, span.excerpt, reason)


def _telling_stretches(case: Case, reading: Reading, rule: Rule) -> list[tuple[int, int]]:
    """Where the three words stand that weigh most for the fault; else the first sentence."""
    weights = case.context.house.tone.get(rule.id, {}).get(reading.language)
    weighing = weights.words if weights else {}
    stems_of_text = {word[:STEM] for _start, _end, word in reading.words if len(word) > 3}
    telling = sorted(((weighing.get(key, 0.0), key) for key in stems_of_text), reverse=True)[:3]
    keys = {key for weight, key in telling if weight > 0}
    chosen = [(start, end) for start, end, word in reading.words if word[:STEM] in keys][:3]
    first = reading.sentences[0]
    return chosen or [(first.start, first.end)]


def _reasons(spans: Iterable[Span]) -> dict[str, str]:
    """Why, in one line: the reasons of the strongest stretches, each once, three at most."""
    different = list({span.reason.get("en", ""): span.reason for span in spans if span.reason}.values())[:3]
    return {code: ", ".join(reason[code] for reason in different) for code in ("fr", "en")}


def _finding(case: Case, rule: Rule, severity: str, key: str, found: Tone) -> Finding:
    spans = found.evidence
    return at_text(rule, severity, key, spans, points=_points(found.points), reasons=_reasons(spans))


def _points(points: float) -> dict[str, str]:
    shown = f"{points:.1f}"
    return {"fr": shown.replace(".", ","), "en": shown}


# ---- R01 ------------------------------------------------------------------------------


def promo_density(case: Case, rule: Rule) -> Iterator[Finding]:
    """R01: a text whose tone reaches the points of the rule. What declares itself as promotion is only counted."""
    for reading in case.readings:
        found = tone_from(case, reading, rule, rule["warn"])
        if not found:
            continue
        if case.draft.intent == "promote":
            yield _finding(case, rule, Severity.INFO, "declared", found)
        else:
            severity = Severity.BLOCK if found.points >= rule["block"] else Severity.WARN
            yield _finding(case, rule, found.severity(severity), "sounds", found)


# ---- R12 ------------------------------------------------------------------------------


def no_opportunism(case: Case, rule: Rule) -> Iterator[Finding]:
    """R12: nothing sells, boosts or applauds us while people suffer, nor in the days after."""
    severity = _severity_in_crisis(case, rule)
    if case.draft.intent == "promote":
        yield at_field(rule, severity, "promote", "intent")
    for reading in case.readings:
        found = tone_from(case, reading, rule, rule["least_points"])
        if found:
            yield _finding(case, rule, found.severity(severity), "profits", found)


def _severity_in_crisis(case: Case, rule: Rule) -> str:
    since = case.context.days_since_all_clear
    if case.level >= IN_CRISIS:
        return Severity.BLOCK
    if case.level == 1 or (since is not None and since <= rule["days_after"]):
        return Severity.WARN
    raise DoesNotApply


# ---- R13 ------------------------------------------------------------------------------

DELICATE = frozenset({"complaint-to-improvement", "explain-a-no", "event-replacement", "live-qa"})


def no_minimising(case: Case, rule: Rule) -> Iterator[Finding]:
    """R13: no apology with an if, no mistake without an author, nothing made small, nobody else blamed."""
    if case.is_crisis:
        severity = Severity.BLOCK
    elif case.draft.template in DELICATE or case.level >= IN_CRISIS:
        severity = Severity.WARN
    else:
        raise DoesNotApply
    for reading in case.readings:
        found = tone_from(case, reading, rule, rule["least_points"])
        if found:
            yield _finding(case, rule, found.severity(severity), "belittles", found)

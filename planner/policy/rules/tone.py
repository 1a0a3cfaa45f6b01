"""The rules about tone: advertising (R01), profiting from misfortune (R12), belittling (R13).

Each is a sum that can be told: lists of one family add points, those whose weight is below zero take some away, and a
few patterns (prices, exclamation, superlatives by their ending) join the families. What one family can add is bounded,
so that a text must speak like an advertisement in more than one way, or loudly. After work on puffery and hype
(superlatives, self-praise, unverifiable promises) and on public apologies (Battistella, "Sorry About That", 2014:
conditions, agentless passives, the other's feelings, shifted blame).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from planner.policy.rules.case import CRISIS, IN_CRISIS, Case, DoesNotApply, at_field, at_text
from planner.policy.rules.draft import Finding, Severity, Span
from planner.policy.rules.house import Rule
from planner.policy.rules.lexicon import Hit
from planner.policy.rules.patterns import EMOJI, MARK, SHAPES
from planner.policy.rules.text import Reading

VOICE = "promo.voice"
REASON_OF_VOICE = {"fr": "hausse la voix", "en": "raises its voice"}

_NEGATIONS = {
    "fr": frozenset({"pas", "jamais", "aucun", "aucune", "sans", "ni", "guère", "non"}),
    "en": frozenset({"not", "never", "no", "without", "nor", "t", "neither", "cannot", "hardly"}),
}


@dataclass(frozen=True)
class Score:
    """Points of a text, and the hits that gave them, strongest first."""

    points: float
    hits: tuple[Hit, ...]


def score(
    case: Case, reading: Reading, names: Iterable[str], calm: Iterable[str], *, cap: float, calm_cap: float
) -> Score:
    """Adds up the families `names`, each at most `cap` per hundred words, and takes `calm` away, at most `calm_cap`."""
    size = max(1.0, len(reading.words) / 100)
    wanted = tuple(names)
    found = [
        hit
        for hit in (*case.hits(reading, *wanted, quoted=False), *_by_pattern(reading, wanted))
        if not _is_negated(reading, hit)
    ]
    kept = _strongest(found)
    families: dict[str, float] = {}
    for hit in kept:
        families[hit.list] = families.get(hit.list, 0.0) + hit.weight
    gained = sum(min(points, cap * size) for points in families.values())
    soothed: dict[str, float] = {}
    for hit in case.hits(reading, *calm, quoted=False):
        soothed[hit.list] = soothed.get(hit.list, 0.0) - hit.weight
    lost = min(calm_cap * size, sum(min(points, calm_cap * size / 2) for points in soothed.values()))
    return Score(gained - lost, tuple(sorted(kept, key=lambda hit: (-hit.weight, hit.start))))


def _by_pattern(reading: Reading, names: tuple[str, ...]) -> Iterator[Hit]:
    for shape in SHAPES[reading.language]:
        if shape.list in names or "promo" in names:
            for found in shape.pattern.finditer(reading.folded):
                if not reading.is_quoted(found.start()):
                    yield Hit(found.start(), found.end(), shape.list, "", shape.weight)
    if VOICE in names or "promo" in names:
        for pattern in (MARK, EMOJI):
            for found in pattern.finditer(reading.visible):
                if not reading.is_quoted(found.start()):
                    yield Hit(found.start(), found.end(), VOICE, "", 0.5)


def _is_negated(reading: Reading, hit: Hit) -> bool:
    """Does one of the two words before it deny it? Entries that begin with a negation were met as a whole."""
    negations = _NEGATIONS[reading.language]
    before = reading.folded[max(0, hit.start - 24) : hit.start]
    for end in ".!?;:\n,":
        before = before.rsplit(end, 1)[-1]
    return bool(negations & set(before.replace("'", " ").split()[-2:]))


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


def _evidence(reading: Reading, case: Case, hits: Iterable[Hit]) -> list[Span]:
    house = case.context.house
    spans = []
    for hit in hits:
        span = reading.span(hit.start, hit.end)
        reason = REASON_OF_VOICE if hit.list == VOICE else house.reason(reading.language, hit.list)
        spans.append(Span(span.place, span.start, span.end, span.excerpt, reason))
    return spans


def _reasons(spans: Iterable[Span]) -> dict[str, str]:
    """Why, in one line: the reasons of the strongest stretches, each once, three at most."""
    different = list({span.reason.get("en", ""): span.reason for span in spans if span.reason}.values())[:3]
    return {code: ", ".join(reason[code] for reason in different) for code in ("fr", "en")}


def _finding(case: Case, rule: Rule, severity: str, key: str, reading: Reading, found: Score) -> Finding:
    spans = _evidence(reading, case, found.hits)
    return at_text(rule, severity, key, spans, points=_points(found.points), reasons=_reasons(spans))


def _points(points: float) -> dict[str, str]:
    shown = f"{points:.1f}"
    return {"fr": shown.replace(".", ","), "en": shown}


# ---- R01 ------------------------------------------------------------------------------

CALM = ("calm.reason", "calm.limits", "calm.source", "calm.service", "calm.trouble")


def promo_density(case: Case, rule: Rule) -> Iterator[Finding]:
    """R01: points per hundred words (from `least_words` on), or in all for a shorter text."""
    for reading in case.readings:
        found = score(case, reading, ("promo",), CALM, cap=rule["family_cap"], calm_cap=rule["calm_cap"])
        density = found.points / max(1.0, len(reading.words) / 100)
        long = len(reading.words) >= rule["least_words"]
        severity = None
        if found.hits and (density if long else found.points) >= rule["block"] and found.points >= rule["block_points"]:
            severity = Severity.BLOCK
        elif found.hits and (density if long else found.points) >= rule["warn"] and found.points >= rule["warn_points"]:
            severity = Severity.WARN
        if severity:
            declared = case.draft.intent == "promote"
            yield _finding(
                case,
                rule,
                Severity.INFO if declared else severity,
                "declared" if declared else "sounds",
                reading,
                found,
            )


# ---- R12 ------------------------------------------------------------------------------

SELLING = (
    "opp",
    "promo.order", "promo.invite", "promo.scarcity", "promo.price", "promo.superlative", "promo.triumph",
    "promo.benefit", "promo.exclusive", "promo.proof", "promo.novelty", "promo.tease", "promo.pledge",
)  # fmt: skip


def no_opportunism(case: Case, rule: Rule) -> Iterator[Finding]:
    """R12: nothing sells, boosts or applauds us while people suffer, nor in the days after."""
    severity = _severity_in_crisis(case, rule)
    if case.draft.intent == "promote":
        yield at_field(rule, severity, "promote", "intent")
    for reading in case.readings:
        found = score(case, reading, SELLING, ("calm.crisis",), cap=rule["family_cap"], calm_cap=rule["calm_cap"])
        if found.hits and found.points >= rule["least_points"] * max(1.0, len(reading.words) / 200):
            yield _finding(case, rule, severity, "profits", reading, found)


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
    if case.draft.template in CRISIS or case.level >= IN_CRISIS:
        severity = Severity.BLOCK
    elif case.draft.template in DELICATE:
        severity = Severity.WARN
    else:
        raise DoesNotApply
    for reading in case.readings:
        found = score(case, reading, ("min",), ("own",), cap=rule["family_cap"], calm_cap=rule["calm_cap"])
        if found.hits and found.points >= rule["least_points"] * max(1.0, len(reading.words) / 200):
            yield _finding(case, rule, severity, "belittles", reading, found)

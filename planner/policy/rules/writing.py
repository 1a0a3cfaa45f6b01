"""The rules that read the text itself, tone apart (R03, R08, R11, R14, R15, R17, R18, R20, R24)."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from math import ceil

from planner.policy.rules.case import CRISIS, NOTICES, Case, DoesNotApply, at_field, at_text, of_matches, shortened
from planner.policy.rules.draft import Finding, Span
from planner.policy.rules.house import Rule
from planner.policy.rules.text import WORD, Reading, Sentence, folded

# ---- R03, R15 ----------------------------------------------------------------------

MODEST = frozenset({"leader-narrative", *NOTICES, *CRISIS})
STORIES = frozenset({"expert-how-to", "behind-scenes", "case-story", "regulated-explainer"})


def self_reference(case: Case, rule: Rule) -> Iterator[Finding]:
    """R03: the reader comes up at least as often as we do."""
    for reading in case.readings:
        own = case.hits(reading, "self", "brand")
        readers = len(case.hits(reading, "reader"))
        total = len(own) + readers
        if total >= rule["least_hits"] and len(own) > rule["most_share"] * total:
            severity = "info" if case.draft.template in MODEST else "warn"
            spans = [reading.span(hit.start, hit.end) for hit in own]
            yield at_text(rule, severity, "self", spans, own=len(own), readers=readers)


def story_not_brand(case: Case, rule: Rule) -> Iterator[Finding]:
    """R15: our name stays rare in a story."""
    if case.draft.template not in STORIES:
        raise DoesNotApply
    for reading in case.readings:
        hits = case.hits(reading, "brand", quoted=False)
        most = ceil(len(reading.words) / rule["words"]) * rule["each"]
        if len(hits) > most:
            spans = [reading.span(hit.start, hit.end) for hit in hits]
            yield at_text(rule, "warn", "brand", spans, n=len(hits), most=most)


# ---- R08 ---------------------------------------------------------------------------

_FIGURE = re.compile(
    r"\d[\d .,]{0,20}(?:%|€|\$|£|\bchf\b|\bmillions?\b|\bmilliards?\b|\bbillions?\b|\bfois plus\b|\btimes\b|\beuros?\b)"
)
_SOURCE = re.compile(r"\bsources?\b *:|\]\(|https?://|www\.")
STRICT = frozenset({"white-paper", *CRISIS})


def sourced_figures(case: Case, rule: Rule) -> Iterator[Finding]:
    """R08: a sentence with a figure or a study, while the draft has no source."""
    if case.draft.sources:
        return
    strict = case.draft.is_regulated or case.draft.template in STRICT or case.is_crisis
    for reading in case.readings:
        studies = [hit.start for hit in case.hits(reading, "study")]
        figures = [found.start() for found in _FIGURE.finditer(reading.folded)]
        for sentence in _holding(reading, sorted([*studies, *figures])):
            span = _sentence_span(reading, sentence)
            if not _SOURCE.search(folded(span.excerpt)):
                yield at_text(rule, "block" if strict else "warn", "no_source", [span])


def _holding(reading: Reading, offsets: list[int]) -> Iterator[Sentence]:
    """The sentences in which one of these offsets falls, each once."""
    index = 0
    for sentence in reading.sentences:
        while index < len(offsets) and offsets[index] < sentence.start:
            index += 1
        if index < len(offsets) and offsets[index] < sentence.end:
            yield sentence


def _sentence_span(reading: Reading, sentence: Sentence) -> Span:
    text = reading.visible[sentence.start : sentence.end]
    begin = sentence.start + len(text) - len(text.lstrip())
    return reading.span(begin, begin + len(text.strip()))


# ---- R11 ---------------------------------------------------------------------------

PLAIN = frozenset({"participation-call", *NOTICES, *CRISIS})


def readable(case: Case, rule: Rule) -> Iterator[Finding]:
    """R11: LIX (Björnsson, 1968): words per sentence plus the percentage of words of more than six letters."""
    short = case.draft.template in PLAIN or case.is_crisis
    judged = False
    for reading in case.readings:
        words = reading.words
        if len(words) < rule["least_words"]:
            continue
        judged = True
        lix = len(words) / max(len(reading.sentences), 1) + 100 * sum(e - s > 6 for s, e, _w in words) / len(words)
        most = rule[f"{'plain' if short else 'most'}_{reading.language}"]
        if lix > most:
            yield at_field(rule, "warn", "hard", _body_of(reading), lix=round(lix), most=most)
        for sentence in reading.sentences:
            if sentence.words > rule["sentence_words"]:
                span = _sentence_span(reading, sentence)
                yield at_text(rule, "warn", "long", [span], n=sentence.words, most=rule["sentence_words"])
    if not judged:
        raise DoesNotApply


def _body_of(reading: Reading) -> str:
    return next(place for place in reading.sources if place.endswith(":body"))


# ---- R14 ---------------------------------------------------------------------------


def regulated_words(case: Case, rule: Rule) -> Iterator[Finding]:
    """R14: a word of an active sector pack asks for a legal signature on this exact version."""
    packs = case.context.organisation.sector_packs | case.draft.sector_packs
    if not packs and not case.draft.is_for_children:
        raise DoesNotApply
    if case.draft.is_signed:
        return
    if case.draft.is_for_children:
        yield at_field(rule, "block", "children", "audience")
    names = [f"sector.{pack}" for pack in sorted(packs)]
    for reading in case.readings:
        hits = case.hits(reading, *names)
        if hits:
            spans = [reading.span(hit.start, hit.end) for hit in hits]
            said = ", ".join(dict.fromkeys(shortened(span.excerpt) for span in spans))
            yield at_text(rule, "block", "word", spans, words=said)


# ---- R17, R18 ------------------------------------------------------------------------

MOST_SHOWN = 100
"""Stretches that a finding names, at most."""
_MARKS = re.compile(r"!(?: ?!)+|!")
_CAPITALS = re.compile(r"[A-ZÀ-ÖØ-ÞŒŸ]{4,}(?![^\W_])")


def no_shouting(case: Case, rule: Rule) -> Iterator[Finding]:
    """R17: few exclamation marks, few capitals."""
    for reading in case.readings:
        text = reading.visible
        marks = list(_MARKS.finditer(text))
        doubled = [found for found in marks if found.group().count("!") > 1]
        if doubled:
            yield at_text(rule, "warn", "doubled", of_matches(reading, doubled[:MOST_SHOWN]))
        elif len(marks) > max(1, len(reading.words) / rule["words_a_mark"]):
            yield at_text(rule, "warn", "marks", of_matches(reading, marks[:MOST_SHOWN]), n=len(marks))
        title = next(source for place, source in reading.sources.items() if place.endswith(":title"))
        letters = [letter for letter in title if letter.isalpha()]
        if len(letters) >= rule["title_letters"] and sum(map(str.isupper, letters)) >= rule["title_share"] * len(
            letters
        ):
            place = next(place for place in reading.sources if place.endswith(":title"))
            yield at_text(rule, "block", "title", [Span(place, 0, len(title), title)])
        known = case.context.house.acronyms
        loud = [
            found
            for found in _CAPITALS.finditer(text)
            if folded(found.group()) not in known and not text[found.start() - 1 : found.start()].isalnum()
        ]
        if len(loud) >= rule["capitals"]:
            yield at_text(rule, "warn", "capitals", of_matches(reading, loud))


_BRACKETS = re.compile(r"\{\{[^{}\n]{0,200}\}\}|(?<!!)\[([^\[\]\n]{1,200})\](?![(\[:])")
_BOX = re.compile(r"[ xX]|\^[^\]]*")


def no_placeholder(case: Case, rule: Rule) -> Iterator[Finding]:
    """R18: nothing left to be filled in. Link labels, task boxes and footnotes are not that."""
    for reading in case.readings:
        spans = [reading.span(hit.start, hit.end) for hit in case.hits(reading, "placeholder")]
        for place, source in reading.sources.items():
            if "[" not in source and "{{" not in source:
                continue
            labels = set(_LABELS.findall(source))
            for found in _BRACKETS.finditer(source):
                label = found.group(1)
                if label is None or not (_BOX.fullmatch(label) or label in labels):
                    spans.append(Span(place, found.start(), found.end(), found.group()))
        for span in sorted(spans, key=lambda one: (one.place.endswith(":body"), one.start)):
            yield at_text(rule, "block", "unfinished", [span])


_LABELS = re.compile(r"^ {0,3}\[([^\[\]\n]{1,200})\]:", re.M)

# ---- R20 ---------------------------------------------------------------------------

_NUMBER = re.compile(r"(?<![\w.\-/])[12]?\d(?:[ .\-]?\d|[ .\-]?(?<=[\d .\-])[ABab](?=[ .\-]?\d)){7,14}(?![\w\-/])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)")
_DIGITS = re.compile(r"\d[\d .\-/()]{5}")
_MAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,4}")
_PHONE = re.compile(
    r"(?<![\w./\-])(?:(?:\+|00)[1-9](?:[ .\-/]?\(?\d\)?){7,13}|0[1-9](?:[ .\-/]?\d){7,8}"
    r"|\(?[2-9]\d{2}\)?[ .\-]\d{3}[ .\-]\d{4})(?![\w/])"
)
_CA = re.compile(r"\d{3}[ \-]\d{3}[ \-]\d{3}")


def personal_data(case: Case, rule: Rule) -> Iterator[Finding]:
    """R20: national numbers with valid check digits and bank accounts; addresses and phones that are not public."""
    public = {_bare(contact) for contact in case.context.organisation.public_contacts}
    for reading in case.readings:
        for place, source in reading.sources.items():
            for severity, key, start, end in _personal(source):
                text = source[start:end]
                if _bare(text) not in public:
                    yield at_text(rule, severity, key, [Span(place, start, end, text)])


def _personal(source: str) -> Iterator[tuple[str, str, int, int]]:
    if _DIGITS.search(source):
        yield from _numbers(source)
    if "@" in source:
        for found in _MAIL.finditer(source):
            yield "warn", "mail", *found.span()


def _numbers(source: str) -> Iterator[tuple[str, str, int, int]]:
    taken: list[int] = []
    for key, pattern, holds in (("iban", _IBAN, is_iban), ("national", _NUMBER, is_national_number)):
        for found in pattern.finditer(source):
            if holds(found.group()):
                taken += found.span()
                yield "block", key, *found.span()
    taken.sort()
    for found in _PHONE.finditer(source):
        if bisect_right(taken, found.start()) % 2 == 0 and bisect_left(taken, found.end()) % 2 == 0:
            yield "warn", "phone", *found.span()


def _bare(text: str) -> str:
    """A contact without its punctuation, so that one writing of a phone number is as good as another."""
    plain = folded(text)
    if "@" in plain:
        return plain.strip()
    kept = re.sub(r"[^0-9a-z]", "", plain)
    for abroad in ("0033", "33", "0041", "41", "0032", "32"):
        if kept.startswith(abroad) and len(kept) - len(abroad) in (8, 9):
            return "0" + kept[len(abroad) :]
    return kept.removeprefix("1") if len(kept) == 11 else kept


def is_iban(text: str) -> bool:
    """ISO 13616: the country and check digits moved to the end, letters as numbers, 1 modulo 97."""
    bare = text.replace(" ", "")
    if not 15 <= len(bare) <= 34:
        return False
    return int("".join(str(int(letter, 36)) for letter in bare[4:] + bare[:4])) % 97 == 1


def is_national_number(text: str) -> bool:
    """A French, Swiss, Belgian or Canadian number whose check digits hold."""
    bare = re.sub(r"[ .\-]", "", text).upper()
    if len(bare) == 15:
        return _is_french(bare)
    if not bare.isdigit():
        return False
    if len(bare) == 13:
        return bare.startswith("756") and _is_ean(bare)
    if len(bare) == 11:
        return _is_belgian(bare)
    return len(bare) == 9 and bool(_CA.fullmatch(text)) and _is_luhn(bare)


def _is_french(bare: str) -> bool:
    body, key = bare[:13].replace("2A", "19").replace("2B", "18"), bare[13:]
    return body.isdigit() and key.isdigit() and body[0] in "12" and int(key) == 97 - int(body) % 97


def _is_ean(bare: str) -> bool:
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(bare[:12]))
    return (10 - total % 10) % 10 == int(bare[12])


def _is_belgian(bare: str) -> bool:
    month, day = int(bare[2:4]), int(bare[4:6])
    if not (month <= 12 and day <= 31):
        return False
    return any(97 - int(century + bare[:9]) % 97 == int(bare[9:]) for century in ("", "2"))


def _is_luhn(bare: str) -> bool:
    doubled = [int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(bare)]
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0


# ---- R24 ---------------------------------------------------------------------------


def both_languages(case: Case, rule: Rule) -> Iterator[Finding]:
    """R24: the languages that the organisation promises, with the same information."""
    wanted = case.context.organisation.languages
    official = case.context.organisation.official_language
    filled = {code for code, wording in case.draft.texts.items() if wording.body.strip()}
    if len(wanted) < 2 and not official:
        raise DoesNotApply
    for code in dict.fromkeys((*wanted, *filter(None, [official]))):
        if code not in filled:
            must = code == official or case.is_notice_or_crisis
            yield at_field(
                rule, "block" if must else "warn", "empty", f"{code}:body", language=_LANGUAGES.get(code, code)
            )
    if {"fr", "en"} <= filled:
        french, english = (len(WORD.findall(case.draft.texts[code].body)) for code in ("fr", "en"))
        if french and english and not rule["least_ratio"] <= french / english <= rule["most_ratio"]:
            yield at_field(rule, "info", "ratio", "en:body", french=french, english=english)


_LANGUAGES = {"fr": {"fr": "français", "en": "French"}, "en": {"fr": "anglais", "en": "English"}}

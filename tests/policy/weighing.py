"""Learns what the measures of style and the words weigh, and prints how well the three rules of tone judge.

    python -m tests.policy.weighing --held-out   each batch of texts judged with weights learnt from the other batches
    python -m tests.policy.weighing --learn      learns again from all of them, and writes seeds/policy/tone.toml

A logistic regression with a penalty on large weights, in plain Python. The points of the word lists are not learnt:
they enter with a fixed weight, so that whoever edits a list sees its effect.
"""

import math
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import django
import tomli_w

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from planner.policy import queries  # noqa: E402
from planner.policy.rules import Context, Draft, House, Wording, check, house_from  # noqa: E402
from planner.policy.rules.case import Case  # noqa: E402
from planner.policy.rules.style import measures, stems  # noqa: E402
from planner.policy.rules.tone import DOUBT, RULES_OF_TONE, points_of_lists, share_of_style  # noqa: E402
from tests.policy.labels import LANGUAGES, MEANT, TODAY, Text, of_batch  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "seeds/policy/tone.toml"
LEARNT_FROM = ("first", "second", "third", "innocent", "bundled")
JUDGED = ("first", "second", "third", "kept")
"""`kept` was written by somebody who had seen neither signals nor other texts, and nothing is learnt from it."""
ROUNDS, STEP = 300, 0.6
PENALTY = {"style": 0.006, "words": 0.004}
KEPT_WORDS = 260
HEAD = """\
# What the measures of style and the words weigh in the rules of tone (R01, R12, R13), learnt from labelled texts.
# Above zero speaks for the fault, below zero against it. Learn again: python -m tests.policy.weighing --learn

"""


@dataclass
class Example:
    text: Text
    is_fault: bool
    style: dict[str, float]
    words: dict[str, float]
    offset: float
    share: float


def examples(rule: str, language: str, batches: Iterable[str], *, learning: bool) -> list[Example]:
    faults, fine = MEANT[rule]
    if learning and rule == "R12":
        faults = faults | {"advert"}
    found = []
    for text in of_batch(language, *batches):
        if text.label in faults | fine:
            case = Case(
                Draft(texts={language: Wording(body=text.text)}, language=language),
                Context(house=queries.bundled(), today=TODAY),
            )
            reading = case.readings[0]
            found.append(
                Example(
                    text,
                    text.label in faults,
                    measures(reading),
                    stems(reading),
                    points_of_lists(case, reading, rule),
                    share_of_style(reading),
                )
            )
    return found


def learn(rule: str, known: list[Example]) -> dict[str, object]:
    """Weights that make the known texts likely. Both sides weigh the same, however many there are of each."""
    style: dict[str, float] = {}
    words: dict[str, float] = {}
    base = 0.0
    many = [sum(one.is_fault for one in known), sum(not one.is_fault for one in known)]
    for _round in range(ROUNDS):
        slope_style: dict[str, float] = {}
        slope_words: dict[str, float] = {}
        slope_base = 0.0
        for one in known:
            sum_style = sum(style.get(key, 0.0) * value for key, value in one.style.items())
            sum_words = sum(words.get(key, 0.0) * value for key, value in one.words.items())
            tone = one.share * (base + sum_style + sum_words) - (1 - one.share) * DOUBT
            error = (1 / (1 + math.exp(-tone)) - one.is_fault) / (2 * many[not one.is_fault])
            slope_base += error * one.share
            for key, value in one.style.items():
                slope_style[key] = slope_style.get(key, 0.0) + error * value * one.share
            for key, value in one.words.items():
                slope_words[key] = slope_words.get(key, 0.0) + error * value * one.share
        base -= STEP * slope_base
        for key, slope in slope_style.items():
            style[key] = style.get(key, 0.0) * (1 - STEP * PENALTY["style"]) - STEP * slope
        for key, slope in slope_words.items():
            words[key] = words.get(key, 0.0) * (1 - STEP * PENALTY["words"]) - STEP * 4 * slope
    kept = sorted(words, key=lambda key: -abs(words[key]))[:KEPT_WORDS]
    return {
        "base": round(base, 3),
        "style": {key: round(value, 3) for key, value in sorted(style.items())},
        "words": {key: round(words[key], 2) for key in sorted(kept)},
    }


def table(title: str, batches: tuple[str, ...], house: House) -> None:
    print(title)
    for rule in RULES_OF_TONE:
        for language in LANGUAGES:
            faults, fine = MEANT[rule]
            judged = [
                (text.label in faults, found(rule, text, house))
                for text in of_batch(language, *batches)
                if text.label in faults | fine
            ]
            right = sum(is_fault and said for is_fault, said in judged)
            said, true = sum(said for _fault, said in judged), sum(fault for fault, _said in judged)
            print(
                f"  {rule} {language}  {true:>3} faults, {len(judged) - true:>3} fine   "
                f"precision {right / max(said, 1):.2f}   recall {right / max(true, 1):.2f}"
            )


def found(rule: str, text: Text, house: House) -> bool:
    context = Context(house=house, today=TODAY, level=None if rule == "R01" else 3)
    draft = Draft(texts={text.language: Wording(body=text.text)}, language=text.language)
    return any(one.severity in ("warn", "block") for one in check(draft, context, only=(rule,)))


def weights_from(batches: tuple[str, ...]) -> dict[str, dict[str, dict[str, object]]]:
    return {
        rule: {code: learn(rule, examples(rule, code, batches, learning=True)) for code in LANGUAGES}
        for rule in RULES_OF_TONE
    }


def main() -> None:
    if "--learn" in sys.argv:
        TARGET.write_text(HEAD + tomli_w.dumps(weights_from(LEARNT_FROM)), encoding="utf-8")
    learnt = tuple(batch for batch in JUDGED if batch in LEARNT_FROM)
    table("the weights that ship, on the texts that they were learnt from", learnt, queries.bundled())
    if "--held-out" in sys.argv:
        declared = queries.declared(queries.folder())
        for batch in JUDGED:
            others = tuple(one for one in LEARNT_FROM if one != batch)
            house = house_from(declared["rules"], declared["words"], weights_from(others))
            table(f"the batch “{batch}”, judged with weights learnt from the others alone", (batch,), house)


if __name__ == "__main__":
    main()

"""What was declared: statements, severities, parameters and messages of the rules, and the word lists.

Everything here is data (`seeds/policy/`), which an organisation changes without a programmer. `house_from` puts the
bundled files and an organisation's own changes together.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import cached_property
from typing import Any

from django.utils import translation

from planner.base import wording
from planner.base.language import LANGUAGES, pick
from planner.policy.rules.lexicon import Lexicon, WordList
from planner.policy.rules.text import folded

INTENTS = ("help", "explain", "tell", "listen", "serve", "promote")
MACHINE_RULES = tuple(f"R{number:02}" for number in range(1, 26))
TEXT_RULES = ("R01", "R03", "R08", "R09", "R10", "R11", "R12", "R13", "R14", "R15", "R16", "R17", "R18", "R20")
"""Those that a text alone is enough for."""

Texts = Mapping[str, str]

_NAME_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Parameter:
    """A number, a word or a list that an organisation may change. `origin` says whose figure it is."""

    key: str
    value: Any
    origin: str = "house"
    label: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """A machine rule as declared."""

    id: str
    slug: str
    statement: Texts
    severities: tuple[str, ...]
    messages: Mapping[str, Texts]
    why: Texts = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    advice: tuple[str, ...] = ()
    is_overridable: bool = True
    """May the approver let a text pass in spite of a block?"""
    examples: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        return self.parameters[key].value

    def message(self, key: str, **values: Any) -> dict[str, str]:
        """The sentence in both languages; a value may itself be a pair, a day or an hour."""
        return {
            code: pick(self.messages[key], code) % {name: _said(value, code) for name, value in values.items()}
            for code in LANGUAGES
        }


def _said(value: Any, code: str) -> Any:
    """A value as people write it in a language."""
    if isinstance(value, Mapping):
        return pick(value, code)
    if isinstance(value, date | time):
        with translation.override(code):
            return wording.hour(value) if isinstance(value, time) else wording.long_day(value)
    return value


@dataclass(frozen=True)
class DeclaredList:
    """A word list as declared, in one language."""

    name: str
    language: str
    entries: tuple[str, ...]
    title: Texts = field(default_factory=dict)
    reason: Texts = field(default_factory=dict)
    weight: float = 1.0
    but_not: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    origin: str = "house"
    checked_on: str = ""


@dataclass(frozen=True)
class Weights:
    """What the measures of style and the words weigh in a rule of tone, in one language."""

    base: float
    style: Mapping[str, float]
    words: Mapping[str, float]


@dataclass(frozen=True)
class House:
    """The rules and lists in force for somebody. `number` is the version of their own changes, 0 for the bundled."""

    rules: Mapping[str, Rule]
    lists: Mapping[tuple[str, str], DeclaredList]
    tone: Mapping[str, Mapping[str, Weights]] = field(default_factory=dict)
    """By rule and language."""
    brand: tuple[str, ...] = ()
    number: int = 0

    @cached_property
    def lexicons(self) -> dict[str, Lexicon]:
        return {code: Lexicon(self._word_lists(code)) for code in LANGUAGES}

    def _word_lists(self, code: str) -> list[WordList]:
        lists = [
            WordList(one.name, one.entries, one.weight, one.but_not)
            for (language, _name), one in self.lists.items()
            if language == code
        ]
        return [*lists, WordList("brand", self.brand)] if self.brand else lists

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """What may stand in capitals, in either language."""
        return frozenset(
            folded(entry) for (_code, name), one in self.lists.items() if name == "acronyms" for entry in one.entries
        )

    def list(self, language: str, name: str) -> DeclaredList:
        return self.lists[language, name]

    def reason(self, language: str, name: str) -> Texts:
        declared = self.lists.get((language, name))
        return declared.reason if declared else {}

    def with_brand(self, names: Iterable[str]) -> "House":
        """The same, for an organisation that calls itself so: the words of the name count, its signs do not."""
        kept = tuple(filter(None, (" ".join(_NAME_WORD.findall(name)) for name in names)))
        return replace(self, brand=kept) if kept != self.brand else self


def house_from(
    rules: Sequence[Mapping[str, Any]],
    words: Mapping[str, Sequence[Mapping[str, Any]]],
    tone: Mapping[str, Mapping[str, Mapping[str, Any]]],
    own: Mapping[str, Any] | None = None,
    number: int = 0,
) -> House:
    """The house of the declared rules and lists (`words` by language), with the changes of an organisation:
    `{"parameters": {"R01": {key: value}}, "lists": {"fr": {name: {"entries": [...]}}}, "brand": [...]}`."""
    changes = own or {}
    own_values = changes.get("parameters", {})
    own_lists = changes.get("lists", {})
    declared = [_list(raw, code, own_lists.get(code, {})) for code, raws in words.items() for raw in raws]
    return House(
        rules={raw["id"]: _rule(raw, own_values.get(raw["id"], {})) for raw in rules},
        lists={(one.language, one.name): one for one in declared},
        tone={rule: {code: Weights(**one) for code, one in by_code.items()} for rule, by_code in tone.items()},
        brand=tuple(changes.get("brand", ())),
        number=number,
    )


def _rule(raw: Mapping[str, Any], own: Mapping[str, Any]) -> Rule:
    return Rule(
        id=raw["id"],
        slug=raw["slug"],
        statement=raw["statement"],
        why=raw.get("why", {}),
        severities=tuple(raw["severities"]),
        messages=raw["messages"],
        parameters={
            one["key"]: Parameter(
                one["key"],
                own.get(one["key"], one["value"]),
                "own" if one["key"] in own else one.get("origin", "house"),
                one.get("label", {}),
            )
            for one in raw.get("parameters", ())
        },
        advice=tuple(raw.get("advice", ())),
        is_overridable=raw.get("overridable", True),
        examples=raw.get("examples", {}),
    )


def _list(raw: Mapping[str, Any], code: str, own: Mapping[str, Any]) -> DeclaredList:
    mine = own.get(raw["name"], {})
    return DeclaredList(
        name=raw["name"],
        language=code,
        title=raw.get("title", {}),
        reason=raw.get("reason", {}),
        entries=tuple(mine.get("entries", raw["entries"])),
        but_not=tuple(mine.get("but_not", raw.get("but_not", ()))),
        weight=float(raw.get("weight", 1.0)),
        rules=tuple(raw.get("rules", ())),
        origin="own" if mine else raw.get("origin", "house"),
        checked_on=str(raw.get("checked_on", "")),
    )

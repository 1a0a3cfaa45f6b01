"""One draft being judged: its readings and hits made once, for all rules."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

from planner.policy.rules.draft import Context, Draft, Finding, Severity, Span
from planner.policy.rules.house import Rule
from planner.policy.rules.lexicon import Hit
from planner.policy.rules.text import Reading, read

Made = TypeVar("Made")

NOTICES = frozenset({"service-notice"})
CRISIS = frozenset({"crisis-holding", "crisis-update"})
IN_CRISIS = 2
"""From this level on a text is judged as in a crisis: a word of the crisis itself when nothing says what else it is."""


class DoesNotApply(Exception):
    """The rule has nothing to say of this draft: what it reads is not known, or it is meant for others."""


@dataclass
class Case:
    """The draft, what surrounds it, and what reading it gave."""

    draft: Draft
    context: Context

    @cached_property
    def readings(self) -> list[Reading]:
        """The texts of the draft, then the own texts of its channels."""
        texts = [read(code, wording) for code, wording in self.draft.texts.items() if wording]
        own = [
            read(key.partition("/")[2] or self.draft.language, wording, f"channel:{key}")
            for key, wording in self.draft.channel_texts.items()
            if wording
        ]
        return [*texts, *own]

    def hits(self, reading: Reading, *names: str, quoted: bool = True) -> list[Hit]:
        """The hits of these lists (`promo` stands for all of `promo.…`); `quoted=False` leaves others' words out."""
        by_list = self.once(("hits", id(reading)), lambda: self._by_list(reading))
        found = [
            hit
            for name, hits in by_list.items()
            if name in names or name.split(".", 1)[0] in names
            for hit in hits
            if quoted or not reading.is_quoted(hit.start)
        ]
        return sorted(found, key=lambda hit: (hit.start, hit.end))

    def _by_list(self, reading: Reading) -> dict[str, list[Hit]]:
        by_list: dict[str, list[Hit]] = {}
        for hit in self.context.house.lexicons[reading.language].hits(reading):
            by_list.setdefault(hit.list, []).append(hit)
        return by_list

    def once(self, key: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """What `make` gives, made once for this draft."""
        if key not in self._made:
            self._made[key] = make()
        return cast("Made", self._made[key])

    @cached_property
    def _made(self) -> dict[tuple[object, ...], object]:
        return {}

    @property
    def level(self) -> int:
        return self.context.level or 0

    @property
    def is_crisis(self) -> bool:
        """Does this text speak of the crisis? A post about something else, held meanwhile, does not."""
        return self.draft.template in CRISIS or (not self.draft.template and self.level >= IN_CRISIS)

    @property
    def is_notice_or_crisis(self) -> bool:
        return self.draft.template in NOTICES or self.is_crisis

    def needs(self, *values: object) -> None:
        """Raises `DoesNotApply` unless all of this is known."""
        if any(value is None or value == () or value == {} for value in values):
            raise DoesNotApply


def at_field(rule: Rule, severity: str, key: str, place: str, **values: Any) -> Finding:
    """A finding on a field of the draft, which has no stretch of text."""
    return Finding(rule.id, Severity(severity), rule.message(key, **values), place)


def at_text(rule: Rule, severity: str, key: str, spans: Iterable[Span], **values: Any) -> Finding:
    """A finding on a stretch of text: the first of the spans, the others being evidence too."""
    evidence = tuple(spans)
    first = evidence[0]
    return Finding(
        rule.id,
        Severity(severity),
        rule.message(key, excerpt=shortened(first.excerpt), **values),
        first.place,
        first.start,
        first.end,
        first.excerpt,
        evidence=evidence,
    )


def shortened(text: str, most: int = 60) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def of_matches(reading: Reading, matches: Iterable[Any]) -> Iterator[Span]:
    for found in matches:
        yield reading.span(found.start(), found.end())

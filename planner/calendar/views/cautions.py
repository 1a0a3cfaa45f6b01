"""What deserves a look, in words: one line for each reason, with the days on which it holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy

from planner.base import wording
from planner.base.language import pick
from planner.calendar.rules import Caution, Look, Mark
from planner.playbook.rules import SOBER_DAY

DAYS_NAMED = 4

TITLES = {
    Look.CROWDED: gettext_lazy("Crowded"),
    Look.NEAR: gettext_lazy("Too near each other"),
    Look.REPEATED: gettext_lazy("Told already"),
    Look.SAME_SUBJECT: gettext_lazy("Two on one subject"),
    Look.NOBODY: gettext_lazy("Nobody on duty"),
    Look.SOBER: gettext_lazy("Sober day"),
    Look.EMPTY_WEEK: gettext_lazy("A week without content"),
    Look.SILENT: gettext_lazy("Fallen silent"),
    Look.PROMOTION: gettext_lazy("Much promotion"),
}
SENTENCES = {
    Look.CROWDED: gettext_lazy("More than %(most)s posts on %(channel)s: choose another day for one of them."),
    Look.NEAR: gettext_lazy("Less than %(hours)s hours between two posts on %(channel)s: set them apart."),
    Look.REPEATED: gettext_lazy("“%(title)s” says nearly what “%(other)s” says: tell what is new, or put it off."),
    Look.SAME_SUBJECT: gettext_lazy("“%(title)s” and “%(other)s” are both about %(tag)s: choose another day for one."),
    Look.NOBODY: gettext_lazy("Not worked: %(day)s. Nobody is on duty to answer: name somebody, or publish earlier."),
    Look.SOBER: SOBER_DAY,
    Look.EMPTY_WEEK: gettext_lazy("Nothing appears in week %(number)s: fill an empty place, or plan something."),
    Look.SILENT: gettext_lazy("%(channel)s: nothing has appeared for twice its cadence, and nothing is planned."),
    Look.PROMOTION: gettext_lazy(
        "%(n)s posts of %(total)s promote in the thirty days up to %(last)s, which is %(percent)s%%; our limit is "
        "%(most)s%%."
    ),
}


@dataclass
class Group:
    """One reason, the days on which it holds, and the sentence when it is about no day, or about one alone."""

    look: Look
    days: list[date] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(TITLES[self.look])

    @property
    def named(self) -> list[date]:
        return self.days[:DAYS_NAMED]

    @property
    def more(self) -> int:
        return len(self.days) - len(self.named)


def sentence(one: Caution, marks: Mapping[int, Mark]) -> str:
    """What it is, and what to do."""
    return str(SENTENCES[one.look]) % {name: _said(name, value, marks) for name, value in one.values.items()}


def _said(name: str, value: Any, marks: Mapping[int, Mark]) -> Any:
    if name == "channel":
        return pick(marks[value].title)
    if isinstance(value, date):
        return wording.day(value)
    return pick(value) if isinstance(value, Mapping) else value


def grouped(found: Iterable[Caution], marks: Mapping[int, Mark]) -> list[Group]:
    """By reason, in the order of `Look`; days by their date, each once."""
    groups: dict[Look, Group] = {}
    for one in found:
        group = groups.setdefault(one.look, Group(one.look))
        if one.on is None:
            group.sentences.append(sentence(one, marks))
        elif one.on not in group.days:
            group.days.append(one.on)
    for group in groups.values():
        group.days.sort()
    return [groups[look] for look in Look if look in groups]


@cache
def _short(looks: frozenset[Look], _language: str) -> str:
    return ", ".join(str(TITLES[look]) for look in Look if look in looks)


def short(found: Iterable[Caution], language: str) -> str:
    """The reasons of a day, as its sign says them."""
    return _short(frozenset(one.look for one in found), language)

"""What the desk says of figures it has read: the sentence under the greeting, the shares of the mix. Pure.

And what a change of the policy would change in a draft, before it is kept.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from planner.policy.rules import Context, Draft, Finding, House, check
from planner.posts.rules import Intent

PROMOTION_LIMIT = 20
"""Per cent of promotional posts over thirty days, beyond which readers hear advertising."""

FEWEST_FOR_A_SHARE = 5
"""Under five posts a share says nothing."""


def in_letters(number: int) -> str:
    """Small numbers in letters, as sentences want them; the rest in digits."""
    words = (
        pgettext("number of things", "none"),
        pgettext("number of things", "one"),
        pgettext("number of things", "two"),
        pgettext("number of things", "three"),
        pgettext("number of things", "four"),
        pgettext("number of things", "five"),
        pgettext("number of things", "six"),
        pgettext("number of things", "seven"),
        pgettext("number of things", "eight"),
        pgettext("number of things", "nine"),
    )
    return words[number] if number < len(words) else str(number)


@dataclass(frozen=True)
class Load:
    """How much open work a person has: still to come, due today and for how long, late."""

    ahead: int = 0
    today: int = 0
    minutes_today: int = 0
    late: int = 0


def lead(load: Load, decisions: int, length: str) -> str:
    """What matters now, in at most three sentences. `length` says the minutes of today in words."""
    sentences = [_work(load, length)]
    if decisions:
        sentences.append(
            ngettext("%(count)s post waits for your decision.", "%(count)s posts wait for your decision.", decisions)
            % {"count": _masculine(decisions)}
        )
    if load.late:
        sentences.append(
            ngettext("%(count)s thing is late.", "%(count)s things are late.", load.late)
            % {"count": in_letters(load.late)}
        )
    return " ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences)


def _masculine(number: int) -> str:
    return pgettext("number of posts", "one") if number == 1 else in_letters(number)


def _work(load: Load, length: str) -> str:
    if load.today:
        return ngettext(
            "%(count)s thing to do today, %(length)s in all.",
            "%(count)s things to do today, %(length)s in all.",
            load.today,
        ) % {"count": in_letters(load.today), "length": length}
    if load.ahead:
        return ngettext(
            "nothing is due today, %(count)s thing is coming.", "nothing is due today, %(count)s things are coming.",
            load.ahead,
        ) % {"count": in_letters(load.ahead)}  # fmt: skip
    return _("Nothing is due for now.")


@dataclass(frozen=True)
class Share:
    """One intent's part of the mix, and where its bar is drawn, on a width of 400."""

    intent: str
    label: str
    percent: int
    x: float
    width: float


@dataclass(frozen=True)
class Mix:
    count: int
    shares: tuple[Share, ...]
    promotion: int
    limit: int = PROMOTION_LIMIT

    @property
    def is_telling(self) -> bool:
        return self.count >= FEWEST_FOR_A_SHARE

    @property
    def gauge(self) -> float:
        """How far the promotion reaches, on a width of 400 that stands for twice the limit."""
        return min(400.0, 400 * self.promotion / (2 * self.limit))


def mix(counts: Mapping[str, int]) -> Mix:
    """Shares of the intents, in their order; percentages add up to a hundred."""
    total = sum(counts.values())
    percents = _percents({intent: counts.get(intent, 0) for intent in Intent.values}, total)
    shares, x, gap = [], 0.0, 2.0
    used = [intent for intent in Intent.values if counts.get(intent)]
    room = 400 - gap * max(len(used) - 1, 0)
    for intent in used:
        width = round(room * counts[intent] / total, 1)
        shares.append(Share(intent, str(Intent(intent).label), percents[intent], round(x, 1), width))
        x += width + gap
    return Mix(total, tuple(shares), percents.get(Intent.PROMOTE.value, 0))


def _percents(counts: Mapping[str, int], total: int) -> dict[str, int]:
    """Whole percentages by the largest remainder."""
    if not total:
        return {}
    exact = {key: 100 * value / total for key, value in counts.items()}
    floor = {key: int(value) for key, value in exact.items()}
    missing = 100 - sum(floor.values())
    for key in sorted(exact, key=lambda one: floor[one] - exact[one])[:missing]:
        floor[key] += 1
    return floor


# ---- trying a change of the policy -----------------------------------------------------


def told_differently(
    draft: Draft, before: House, after: House, rules: Collection[str], today: date
) -> tuple[list[Finding], list[Finding]]:
    """What the rules would say no longer, and what they would say newly, of a draft under another house.

    Judged as in a crisis, so that the rules that only speak then are seen too.
    """
    was = check(draft, Context(house=before, today=today, level=CRISIS_LEVEL), only=rules)
    will = check(draft, Context(house=after, today=today, level=CRISIS_LEVEL), only=rules)

    def told(findings: list[Finding]) -> set[tuple[str, str, str]]:
        return {(one.rule, str(one.severity), one.place) for one in findings}

    gone = [one for one in was if (one.rule, str(one.severity), one.place) not in told(will)]
    return gone, [one for one in will if (one.rule, str(one.severity), one.place) not in told(was)]


CRISIS_LEVEL = 3

"""Days and hours as people type them, in French and English. Pure: what can be read in two ways is refused in words."""

import re
import unicodedata
from datetime import date, time

from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid

DAY_FIRST, MONTH_FIRST, ASK = "day", "month", "ask"
"""How `05/12/2026` is read: the fifth of December, the twelfth of May, or not at all."""

_MONTHS = (
    ("janvier", "january"), ("fevrier", "february"), ("mars", "march"), ("avril", "april"), ("mai", "may"),
    ("juin", "june"), ("juillet", "july"), ("aout", "august"), ("septembre", "september"), ("octobre", "october"),
    ("novembre", "november"), ("decembre", "december"),
)  # fmt: skip
_WEEKDAYS = (
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun"
)
_LEAD = re.compile(rf"^(?:(?:le|on|the) )?(?:(?:{_WEEKDAYS})\.? )?(?:(?:le|the) )?")
_YEAR_FIRST = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$", re.ASCII)
_YEAR_LAST = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$", re.ASCII)
_DAY_AND_NAME = re.compile(r"^(\d{1,2})(?:er|st|nd|rd|th)?[- ]?(?:of )?([a-z]{3,9})\.?[- ]?(\d{4})$", re.ASCII)
_NAME_AND_DAY = re.compile(r"^([a-z]{3,9})\.? ?(\d{1,2})(?:st|nd|rd|th)? (\d{4})$", re.ASCII)
_WITH_HOUR = re.compile(r"^(.*\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2})?)(?:t| (?:a |at )?)(\d.*|midi|noon)$", re.ASCII)
_HOUR = re.compile(r"^(\d{1,2})(?: ?(?:heures?|h|:|\.) ?(\d{2})?(?::\d{2})?)?(?: ?([ap])\.?m\.?)?$", re.ASCII)

_HOW_DAY = _("“%(words)s” is not a day that can be read: write it such as 2026-12-14, or 14 December 2026.")
_HOW_HOUR = _("“%(words)s” is not an hour that can be read: write it such as 09:30.")
_BOTH_WAYS = _(
    "“%(words)s” can be read in two ways: write it such as 2026-12-14, or say when you choose the file whether the day "
    "or the month comes first."
)
_NO_SUCH_DAY = _("“%(words)s”: there is no such day in the calendar.")


def folded(words: str) -> str:
    """Without accents, capitals and odd spaces: what two spellings of one name have in common."""
    apart = unicodedata.normalize("NFKD", words.replace("’", "'"))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())


def day_and_hour(words: str, first: str = ASK) -> tuple[date, time | None]:
    """The day, and the hour when it is written beside it: `14/12/2026 9h30`. Raises `Invalid`, in words."""
    text = folded(words)
    both = _WITH_HOUR.match(text)
    if both is None:
        return _day(text, words, first), None
    return _day(both[1], words, first), hour(both[2])


def _day(text: str, words: str, first: str) -> date:
    said = {"words": words.strip()}
    year, month, number = _parts(" ".join(text.replace(",", " ").split()), first, said)
    try:
        return date(year, month, number)
    except ValueError:
        raise Invalid(_NO_SUCH_DAY % said) from None


def _parts(text: str, first: str, said: dict[str, str]) -> tuple[int, int, int]:
    bare = _LEAD.sub("", text)
    if found := _YEAR_FIRST.match(bare):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _YEAR_LAST.match(bare):
        return int(found[3]), *_in_order(int(found[1]), int(found[2]), first, said)
    if found := _DAY_AND_NAME.match(bare):
        return int(found[3]), _month(found[2], said), int(found[1])
    if found := _NAME_AND_DAY.match(text) or _NAME_AND_DAY.match(bare):  # "Mar 3" is no Tuesday
        return int(found[3]), _month(found[1], said), int(found[2])
    raise Invalid(_HOW_DAY % said)


def _in_order(one: int, two: int, first: str, said: dict[str, str]) -> tuple[int, int]:
    """Month and day of two numbers of which either may be the day."""
    if one > 12 or (first == DAY_FIRST and two <= 12) or one == two:
        return two, one
    if two > 12 or first == MONTH_FIRST:
        return one, two
    raise Invalid(_BOTH_WAYS % said)


def _month(name: str, said: dict[str, str]) -> int:
    """The month of which this is the name, or its beginning."""
    found = {number for number, names in enumerate(_MONTHS, 1) if any(one.startswith(name) for one in names)}
    if len(found) != 1:
        raise Invalid(_HOW_DAY % said)
    return found.pop()


def hour(words: str) -> time:
    """`9h30`, `9 h`, `09:30`, `9:30 pm`, `midi`. Raises `Invalid`, in words."""
    text = folded(words)
    if text in ("midi", "noon"):
        return time(12)
    found = _HOUR.match(text)
    if found is None:
        raise Invalid(_HOW_HOUR % {"words": words.strip()})
    number, minutes, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= number <= 12:
        raise Invalid(_HOW_HOUR % {"words": words.strip()})
    if half:
        number = number % 12 + (12 if half == "p" else 0)
    try:
        return time(number, minutes)
    except ValueError:
        raise Invalid(_HOW_HOUR % {"words": words.strip()}) from None

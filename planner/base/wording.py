"""Days, hours and lengths as people write them in French and English, in the active zone and language."""

import re
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from planner.base import language

_NBSP = "\N{NO-BREAK SPACE}"
_DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
}  # fmt: skip
_SHORT_MONTHS = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}

Instant = datetime | date | None


def _local(value: datetime | date) -> datetime | date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def hour(value: datetime | time | None) -> str:
    """`10 h 30`, `9 h` in French; `10:30`, `9:00` in English."""
    if not isinstance(value, datetime | time):
        return ""
    moment = value if isinstance(value, time) else _local(value)
    assert isinstance(moment, time | datetime)
    return wall_hour(moment.hour, moment.minute)


def wall_hour(hours: int, minutes: int) -> str:
    """What a clock on the wall shows, in words."""
    if language.current() == "en":
        return f"{hours}:{minutes:02d}"
    return f"{hours}{_NBSP}h" + (f"{_NBSP}{minutes:02d}" if minutes else "")


def _ordinal(day_number: int, spoken: str) -> str:
    return "1er" if day_number == 1 and spoken == "fr" else str(day_number)


def date_only(value: Instant) -> str:
    """`26 novembre`, `1er mai`; `26 November`."""
    if not value:
        return ""
    here, spoken = _local(value), language.current()
    return f"{_ordinal(here.day, spoken)} {_MONTHS[spoken][here.month - 1]}"


def day(value: Instant) -> str:
    """`jeudi 26 novembre`; `Thursday 26 November`."""
    if not value:
        return ""
    return f"{weekday(value)} {date_only(value)}"


def long_day(value: Instant) -> str:
    """The day with its year: `jeudi 26 novembre 2026`."""
    return f"{day(value)} {_local(value).year}" if value else ""


def short_day(value: Instant) -> str:
    """`jeu. 26 nov.`; `Thu 26 Nov`."""
    if not value:
        return ""
    here, spoken = _local(value), language.current()
    return f"{_short(here, spoken)} {_ordinal(here.day, spoken)} {_SHORT_MONTHS[spoken][here.month - 1]}"


def weekday(value: Instant) -> str:
    """`jeudi`; `Thursday`."""
    return _DAYS[language.current()][_local(value).weekday()] if value else ""


def short_weekday(value: Instant) -> str:
    """`jeu.`; `Thu`."""
    return _short(_local(value), language.current()) if value else ""


def _short(here: date, spoken: str) -> str:
    return _DAYS[spoken][here.weekday()][:3] + ("." if spoken == "fr" else "")


def month(value: Instant) -> str:
    """`novembre 2026`; `November 2026`."""
    return f"{_MONTHS[language.current()][_local(value).month - 1]} {_local(value).year}" if value else ""


def moment(value: datetime | None) -> str:
    """`jeudi 26 novembre, 10 h 30`; `Thursday 26 November, 10:30`."""
    return f"{day(value)}, {hour(value)}" if value else ""


def near_day(value: Instant, today: date) -> str:
    """As people say it: today, tomorrow, yesterday, the weekday within six days, else the short date."""
    if not value:
        return ""
    here = _local(value)
    on = here.date() if isinstance(here, datetime) else here
    distance = (on - today).days
    if distance in (-1, 0, 1):
        return {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}[distance]
    words = weekday(on) if 1 < distance < 7 else short_day(on)
    return words[0].upper() + words[1:]


def minutes(value: int | str | None) -> str:
    """`20 min`, `1 h 30`, `2 h`: how long something takes."""
    if value is None or value == "":
        return ""
    hours, rest = divmod(int(value), 60)
    if not hours:
        return f"{rest}{_NBSP}min"
    return f"{hours}{_NBSP}h" + (f"{_NBSP}{rest:02d}" if rest else "")


def mark(offset: str) -> str:
    """Where a date lies from publication, as people write it: `J-8` for D-8 in French, `J` for D0, `H+24`."""
    short = "D" if offset == "D0" else offset
    if short.startswith("D"):
        return f"J{short[1:]}" if language.current() == "fr" else short
    found = _FROM_ELSEWHERE.fullmatch(short)
    return _from_elsewhere(*found.groups()) if found else short


def step(at: str) -> str:
    """When a reminder is sent, counted from the due date: `-2wd@09:00` is “2 working d before, 09:00”."""
    found = _STEP.fullmatch(at)
    if found is None:
        return at
    sign, amount, unit, hour = found.groups()
    spoken = language.current()
    words = _SIDES[spoken][sign if int(amount) else "0"].format(f"{amount}{_NBSP}{_unit(unit, amount)}")
    return f"{words}, {hour}" if hour else words


_STEP = re.compile(r"([+-]?)(\d+)(wd|wh|d|h|min)(?:@(\d\d:\d\d))?")
_SIDES = {
    "fr": {"-": "{} avant", "+": "{} après", "": "{} après", "0": "le jour même"},
    "en": {"-": "{} before", "+": "{} after", "": "{} after", "0": "the day itself"},
}


def repetition(rule: str) -> str:
    """`FREQ=MONTHLY;BYDAY=2TH` is “each month, second Thursday”; a rule that says more is shown as it is written."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    spoken = language.current()
    days = [_DAY_OF_RULE.fullmatch(day) for day in filter(None, parts.get("BYDAY", "").split(","))]
    every = _EVERY[spoken].get(parts.get("FREQ", ""))
    if every is None or parts.keys() - {"FREQ", "BYDAY", "BYMONTH"} or not all(days):
        return rule
    named = [_day_of_rule(found[1], found[2]) for found in days if found]
    months = [_MONTHS[spoken][int(month) - 1] for month in filter(None, parts.get("BYMONTH", "").split(","))]
    return ", ".join([every, *([f"{_IN[spoken]} {', '.join(months)}"] if months else []), *named])


def _day_of_rule(number: str, code: str) -> str:
    spoken = language.current()
    said = _DAYS[spoken][_CODES.index(code)]
    return f"{_NTH[spoken][number]} {said}" if number else said


_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY_OF_RULE = re.compile(rf"([1-4]|-1)?({'|'.join(_CODES)})")
_EVERY = {
    "fr": {"DAILY": "chaque jour", "WEEKLY": "chaque semaine", "MONTHLY": "chaque mois", "YEARLY": "chaque année"},
    "en": {"DAILY": "each day", "WEEKLY": "each week", "MONTHLY": "each month", "YEARLY": "each year"},
}
_IN = {"fr": "en", "en": "in"}
_NTH = {
    "fr": {"1": "premier", "2": "deuxième", "3": "troisième", "4": "quatrième", "-1": "dernier"},
    "en": {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"},
}

_FROM_ELSEWHERE = re.compile(r"([SERC]|[a-z][a-z0-9_]*)(?:([+-])(\d+)(wd|wh|d|h|min)?)?0?")
_ANCHORS = {
    "fr": {"S": "début", "E": "fin", "R": "réception", "C": "déclaration"},
    "en": {"S": "start", "E": "end", "R": "received", "C": "declared"},
}
_UNITS_OF_ONE = {"fr": {"wd": "j ouvré", "wh": "h ouvrée"}, "en": {}}
_UNITS = {
    "fr": {"wd": "j ouvrés", "wh": "h ouvrées", "d": "j", "h": "h", "min": "min"},
    "en": {"wd": "working d", "wh": "working h", "d": "d", "h": "h", "min": "min"},
}


def _unit(unit: str, amount: str) -> str:
    spoken = language.current()
    return (_UNITS_OF_ONE[spoken].get(unit) if int(amount) == 1 else None) or _UNITS[spoken][unit]


def _from_elsewhere(anchor: str, sign: str | None, amount: str | None, unit: str | None) -> str:
    """From an event, a signal, a crisis, or the date of a field, which is called by its key."""
    spoken = language.current()
    said = _ANCHORS[spoken].get(anchor) or anchor.replace("_", " ")
    if not amount or int(amount) == 0:
        return said
    return f"{said} {'−' if sign == '-' else '+'}{_NBSP}{amount}{_NBSP}{_unit(unit or 'wd', amount)}"  # noqa: RUF001

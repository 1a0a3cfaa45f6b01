"""What every page may use without loading it: icons, bilingual data, dates and hours in words, chips of state."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from planner.base import clock, language, markdown
from planner.posts.rules import Status
from planner.reminders.models import Notice
from planner.workspaces.models import Channel, Membership, User
from planner.workspaces.rules import Act
from planner.workspaces.rules import may as level_allows

register = template.Library()

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


@register.simple_tag
def icon(name: str, css: str = "i") -> SafeString:
    """A drawing of the sprite, silent for screen readers: `{% icon "bell" %}`, states as `{% icon "s-draft" "s" %}`."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static("planner/icons.svg"), name
    )


# ---- texts


@register.filter
def pick(text: Mapping[str, str] | str | None) -> str:
    """A bilingual value in the page's language."""
    return language.pick(text)


@register.filter
def markdown_html(text: str) -> SafeString:
    """Safe HTML of a Markdown text."""
    return markdown.render(text)


# ---- days and hours: an instant is shown in the zone of the page


def _local(value: datetime | date) -> datetime | date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def hour(value: datetime | time | None) -> str:
    """`10 h 30`, `9 h` in French; `10:30`, `9:00` in English."""
    if value is None or value == "":
        return ""
    moment = value if isinstance(value, time) else _local(value)
    assert isinstance(moment, time | datetime)
    if language.current() == "en":
        return f"{moment.hour}:{moment.minute:02d}"
    return f"{moment.hour}{_NBSP}h" + (f"{_NBSP}{moment.minute:02d}" if moment.minute else "")


def _ordinal(day_number: int) -> str:
    return "1er" if day_number == 1 and language.current() == "fr" else str(day_number)


@register.filter
def date_only(value: Instant) -> str:
    """`26 novembre`, `1er mai`; `26 November`."""
    if not value:
        return ""
    here, spoken = _local(value), language.current()
    return f"{_ordinal(here.day)} {_MONTHS[spoken][here.month - 1]}"


@register.filter
def day(value: Instant) -> str:
    """`jeudi 26 novembre`; `Thursday 26 November`."""
    if not value:
        return ""
    return f"{weekday(value)} {date_only(value)}"


@register.filter
def long_day(value: Instant) -> str:
    """The day with its year: `jeudi 26 novembre 2026`."""
    return f"{day(value)} {_local(value).year}" if value else ""


@register.filter
def short_day(value: Instant) -> str:
    """`jeu. 26 nov.`; `Thu 26 Nov`."""
    if not value:
        return ""
    here, spoken = _local(value), language.current()
    return f"{short_weekday(value)} {_ordinal(here.day)} {_SHORT_MONTHS[spoken][here.month - 1]}"


@register.filter
def weekday(value: Instant) -> str:
    """`jeudi`; `Thursday`."""
    return _DAYS[language.current()][_local(value).weekday()] if value else ""


@register.filter
def short_weekday(value: Instant) -> str:
    """`jeu.`; `Thu`."""
    return weekday(value)[:3] + ("." if value and language.current() == "fr" else "")


@register.filter
def month(value: Instant) -> str:
    """`novembre 2026`; `November 2026`."""
    return f"{_MONTHS[language.current()][_local(value).month - 1]} {_local(value).year}" if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """`jeudi 26 novembre, 10 h 30`; `Thursday 26 November, 10:30`."""
    return f"{day(value)}, {hour(value)}" if value else ""


@register.filter
def minutes(value: int | None) -> str:
    """`20 min`, `1 h 30`, `2 h`: how long something takes."""
    if value is None or value == "":
        return ""
    hours, rest = divmod(int(value), 60)
    if not hours:
        return f"{rest}{_NBSP}min"
    return f"{hours}{_NBSP}h" + (f"{_NBSP}{rest:02d}" if rest else "")


# ---- chips and marks

_CLASS = {Status.IN_REVIEW.value: "review", Status.RETIRED.value: "cancelled"}


@register.filter
def state_class(status: str) -> str:
    """The CSS class that gives a state its ink and its tint: `is-review`."""
    return f"is-{_CLASS.get(status, status)}"


def _state_label(status: str) -> str:
    if status in Status.values:
        return str(Status(status).label)
    return {"late": _("Late"), "held": _("Held")}.get(status, status)


@register.simple_tag
def state(status: str) -> SafeString:
    """The chip of a state: its glyph and its word. `late` and `held` are known beside the states of a post."""
    css = state_class(status)
    return format_html('<span class="state {}">{}{}</span>', css, icon(f"s-{css[3:]}", "s"), _state_label(status))


@register.simple_tag
def state_glyph(status: str) -> SafeString:
    """The glyph alone where there is no room, with its word for screen readers."""
    return format_html('{}<span class="sr">{}, </span>', icon(f"s-{state_class(status)[3:]}", "s"), _state_label(status))


@register.simple_tag(takes_context=True)
def who(context: Mapping[str, Any], person: Membership | User | None, size: str = "") -> SafeString:
    """Somebody's initials in a circle, silent: write the name beside it. `{% who membership "big" %}`."""
    user = person.user if isinstance(person, Membership) else person
    if user is None:
        return format_html('<span class="who {}" aria-hidden="true">?</span>', size)
    mine = "me" if user == context.get("user") else ""
    return format_html(
        '<span class="{}" aria-hidden="true" title="{}">{}</span>',
        re.sub(" +", " ", f"who {mine} {size}").strip(), user, user.initials,
    )  # fmt: skip


@register.simple_tag
def channel_mark(channel: "Channel | Any") -> SafeString:
    """A channel in two letters: filled when it is ours, outlined when it is rented."""
    css = "ch own" if channel.owned else "ch"
    return format_html('<abbr class="{}" title="{}">{}</abbr>', css, language.pick(channel.title), channel.mark)


@register.filter
def may(membership: Membership | None, act: str) -> bool:
    """Does the access level allow the act? `{% if membership|may:"plan" %}` shows or hides; operations decide."""
    return membership is not None and level_allows(membership.level, Act(act))


@register.simple_tag(takes_context=True)
def unread_reminders(context: Mapping[str, Any]) -> int:
    """How many reminders wait in the reader's inbox, for the rail."""
    membership = context.get("membership")
    if membership is None:
        return 0
    return Notice.objects.waiting(clock.now()).filter(recipient=membership).count()


@register.filter
def mark(offset: str) -> str:
    """Where a date lies from publication, as people write it: `J-8` for D-8 in French, `J` for D0, `H+24`."""
    short = "D" if offset == "D0" else offset
    return f"J{short[1:]}" if short.startswith("D") and language.current() == "fr" else short

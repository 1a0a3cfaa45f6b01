"""What every page may use without loading it: icons, bilingual data, dates and hours in words, chips of state."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from planner.base import clock, language, markdown, wording
from planner.posts.rules import Status
from planner.reminders.models import Notice
from planner.workspaces.models import Channel, Membership, User
from planner.workspaces.rules import Act
from planner.workspaces.rules import may as level_allows

register = template.Library()


@register.simple_tag
@cache
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

for _word in (
    wording.hour, wording.date_only, wording.day, wording.long_day, wording.short_day, wording.weekday,
    wording.short_weekday, wording.month, wording.moment, wording.near_day, wording.minutes, wording.mark,
):  # fmt: skip
    register.filter(_word)


# ---- chips and marks

_CLASS = {Status.IN_REVIEW.value: "review", Status.RETIRED.value: "cancelled"}


@register.filter
def state_class(status: str) -> str:
    """The CSS class that gives a state its ink and its tint: `is-review`."""
    return f"is-{_CLASS.get(status, status)}"


@register.simple_tag
def state_label(status: str) -> str:
    if status in Status.values:
        return str(Status(status).label)
    return {"late": _("Late"), "held": _("Held")}.get(status, status)


@register.simple_tag
def state(status: str) -> SafeString:
    """The chip of a state: its glyph and its word. `late` and `held` are known beside the states of a post."""
    css = state_class(status)
    return format_html('<span class="state {}">{}{}</span>', css, icon(f"s-{css[3:]}", "s"), state_label(status))


@register.simple_tag
def state_glyph(status: str) -> SafeString:
    """The glyph alone where there is no room, with its word for screen readers."""
    return format_html('{}<span class="sr">{}, </span>', icon(f"s-{state_class(status)[3:]}", "s"), state_label(status))


@register.simple_tag(takes_context=True)
def who(context: Mapping[str, Any], person: Membership | User | None, size: str = "") -> SafeString:
    """Somebody's initials in a circle, silent: write the name beside it. `{% who membership "big" %}`."""
    user = person.user if isinstance(person, Membership) else person
    if user is None:
        return format_html('<span class="who {}" aria-hidden="true">?</span>', size)
    mine = "me" if user == context.get("user") else ""
    css = " ".join(filter(None, ("who", mine, size)))
    return format_html('<span class="{}" aria-hidden="true" title="{}">{}</span>', css, user, user.initials)


@register.simple_tag
def channel_mark(channel: "Channel | Any", alone: bool = False) -> SafeString:
    """A channel in two letters: filled when it is ours, outlined when it is rented. Silent, with its name beside it;
    `{% channel_mark channel alone=True %}` is read as its name.
    """
    css, read = "ch own" if channel.owned else "ch", mark_safe('role="img"' if alone else 'aria-hidden="true"')
    return format_html(
        '<abbr class="{}" {} title="{}">{}</abbr>', css, read, language.pick(channel.title), channel.mark
    )


@register.filter
def may(membership: Membership | None, act: str) -> bool:
    """Does the access level allow the act? `{% if membership|may:"plan" %}` shows or hides; operations decide."""
    return membership is not None and level_allows(membership.level, Act(act))


_PLACES = {
    "settings/people/": "people", "settings/roles/": "people", "settings/absences/": "people",
    "settings/invitations/": "people", "settings/": "settings", "policy/": "settings", "posts/overrides/": "settings",
    "posts/": "calendar", "work/": "calendar", "calendar/": "calendar", "playbook/": "playbook", "inbox/": "inbox",
    "dialogue/": "dialogue", "crisis/": "crisis",
}  # fmt: skip
"""Entries of the rail, by how the addresses below a workspace begin; the longest beginning counts."""


@register.simple_tag(takes_context=True)
def place(context: Mapping[str, Any]) -> str:
    """The entry of the rail under which the page stands. By its address: a room may have a page below another's."""
    match = context["request"].resolver_match if "request" in context else None
    start, below, route = match.route.partition("w/<slug:workspace>/") if match else ("", "", "")
    if start or not below:
        return ""
    found = [beginning for beginning in _PLACES if route.startswith(beginning)]
    return _PLACES[max(found, key=len)] if found else "desk"


@register.simple_tag(takes_context=True)
def unread_reminders(context: Mapping[str, Any]) -> int:
    """How many reminders wait in the reader's inbox, for the rail."""
    membership = context.get("membership")
    if membership is None:
        return 0
    return Notice.objects.unread_count(membership, clock.now())

"""What every page may use without loading it: icons, bilingual data, dates in words."""

from collections.abc import Mapping

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from planner.base import language, markdown

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "i") -> SafeString:
    """A drawing of the sprite, silent for screen readers: `{% icon "bell" %}`, states as `{% icon "s-draft" "s" %}`."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static("planner/icons.svg"), name
    )


@register.filter
def pick(text: Mapping[str, str] | str | None) -> str:
    """A bilingual value in the page's language."""
    return language.pick(text)


@register.filter
def markdown_html(text: str) -> SafeString:
    """Safe HTML of a Markdown text."""
    return markdown.render(text)

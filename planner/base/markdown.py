"""Markdown to HTML that cannot harm: rendered first, sanitised after, always."""

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe

_TAGS = {
    "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h2", "h3", "h4", "h5",
    "h6", "table", "thead", "tbody", "tr", "th", "td", "sup", "abbr", "dl", "dt", "dd",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "abbr": {"title"}, "th": {"scope"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


def render(text: str) -> SafeString:
    """Safe HTML of a Markdown text. Headings start at level 3, so that a page keeps its own outline."""
    html = markdown.markdown(text, extensions=["extra", "sane_lists"], output_format="html")
    for level in (4, 3, 2, 1):
        html = html.replace(f"<h{level}", f"<h{level + 2}").replace(f"</h{level}>", f"</h{level + 2}>")
    clean = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer nofollow"
    )
    return mark_safe(clean)  # sanitised on the line above

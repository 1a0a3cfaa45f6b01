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
    """Safe HTML of a Markdown text. Headings start at level 3, so that a page keeps its own outline.

    `##`, with which the parts of a template begin, is level 3 as `#` is; those below follow.
    """
    html = markdown.markdown(text, extensions=["extra", "sane_lists"], output_format="html")
    for level, shown in ((4, 5), (3, 4), (2, 3), (1, 3)):
        html = html.replace(f"<h{level}", f"<h{shown}").replace(f"</h{level}>", f"</h{shown}>")
    clean = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer nofollow"
    )
    return mark_safe(clean)  # sanitised on the line above

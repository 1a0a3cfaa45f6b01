"""Texts that come from data exist in both languages as `{"fr": ..., "en": ...}`."""

from collections.abc import Mapping

from django.utils import translation

LANGUAGES = ("fr", "en")


def current() -> str:
    """`fr` or `en`: the language of the page being made."""
    return "en" if (translation.get_language() or "fr").startswith("en") else "fr"


def pick(text: Mapping[str, str] | str | None, language: str | None = None) -> str:
    """The text in `language` (default: the page's), else in the other one, else nothing."""
    if not text:
        return ""
    if isinstance(text, str):
        return text
    wanted = language or current()
    return text.get(wanted) or next((value for value in text.values() if value), "")

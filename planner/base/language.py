"""Texts that come from data exist in both languages as `{"fr": ..., "en": ...}`."""

from collections.abc import Mapping

from django.utils import translation
from django.utils.functional import Promise

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


def in_both(sentence: str | Promise, **values: object) -> dict[str, str]:
    """A lazily translated sentence in each language, its values filled in, to be kept as data."""
    texts = {}
    for code in LANGUAGES:
        with translation.override(code):
            texts[code] = str(sentence) % values if values else str(sentence)
    return texts

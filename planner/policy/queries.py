"""Reading the bundled policy from the seed files, once per change of the files."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from planner.base.language import LANGUAGES
from planner.base.seeds import read
from planner.policy.rules.house import House, house_from


def bundled(folder: Path | None = None) -> House:
    """The rules and lists as bundled, before any organisation changes them."""
    place = (folder or Path(settings.SEEDS_DIR)) / "policy"
    stamps = tuple((place / name).stat().st_mtime_ns for name in _names())
    return _bundled(place, stamps)


def _names() -> tuple[str, ...]:
    return ("rules.toml", "tone.toml", *(f"words.{code}.toml" for code in LANGUAGES))


@lru_cache(maxsize=8)
def _bundled(place: Path, stamps: tuple[int, ...]) -> House:
    return house_from(**declared(place))


def declared(place: Path) -> dict[str, Any]:
    """The rules, the word lists by language and the weights of style, as the files hold them."""
    return {
        "rules": read(place / "rules.toml")["rule"],
        "words": {code: read(place / f"words.{code}.toml")["list"] for code in LANGUAGES},
        "tone": read(place / "tone.toml"),
    }

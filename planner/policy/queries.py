"""Reading the policy: as bundled in the seed files, and as an organisation has changed it."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from planner.base.language import LANGUAGES
from planner.base.seeds import read
from planner.policy.rules.house import House, house_from

if TYPE_CHECKING:
    from planner.policy.models import Charter, PolicyVersion
    from planner.workspaces.models import Workspace


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def of(self, workspace: "Workspace") -> "PolicyVersionQuerySet":
        return self.filter(workspace=workspace)

    def last_of(self, workspace: "Workspace") -> "PolicyVersion | None":
        """The version in force; none where everything is as bundled."""
        return self.of(workspace).order_by("-number").first()


class CharterQuerySet(models.QuerySet["Charter"]):
    def of(self, workspace: "Workspace") -> "CharterQuerySet":
        return self.filter(workspace=workspace)

    def last_of(self, workspace: "Workspace") -> "Charter | None":
        return self.of(workspace).select_related("owner__user").order_by("-number").first()

    def last_major_of(self, workspace: "Workspace") -> "Charter | None":
        """The last version that everybody was asked to read."""
        return self.of(workspace).filter(is_major=True).order_by("-number").first()


# ---- the bundled policy ------------------------------------------------------------------


def folder(seeds: Path | None = None) -> Path:
    return (seeds or Path(settings.SEEDS_DIR)) / "policy"


def stamps(seeds: Path | None = None) -> tuple[int, ...]:
    """When the files last changed: what is remembered of them holds until then."""
    return tuple((folder(seeds) / name).stat().st_mtime_ns for name in _NAMES)


def bundled(seeds: Path | None = None) -> House:
    """The rules and lists as bundled, before any organisation changes them."""
    return _bundled(folder(seeds), stamps(seeds))


_NAMES = ("rules.toml", "tone.toml", *(f"words.{code}.toml" for code in LANGUAGES))


@lru_cache(maxsize=8)
def _bundled(place: Path, _stamps: tuple[int, ...]) -> House:
    return house_from(**declared(place))


def declared(place: Path) -> dict[str, Any]:
    """The rules, the word lists by language and the weights of style, as the files hold them."""
    return {
        "rules": read(place / "rules.toml")["rule"],
        "words": {code: read(place / f"words.{code}.toml")["list"] for code in LANGUAGES},
        "tone": read(place / "tone.toml"),
    }


def bundled_charter(seeds: Path | None = None) -> dict[str, str]:
    """The charter as bundled, by language."""
    return {code: (folder(seeds) / f"charter.{code}.md").read_text(encoding="utf-8") for code in LANGUAGES}

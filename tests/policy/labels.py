"""The labelled texts: one a line, `label | sector | kind of text | text`.

Labels: advert, honest; opportunist, decent (in a crisis); belittling, frank (about a fault of one's own). They are
what a reader says, never what a rule says: when a rule is wrong, the rule changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from planner.base.seeds import read

FOLDER = Path(__file__).parent / "labelled"
LANGUAGES = ("fr", "en")
TODAY = date(2026, 5, 4)
SHORTEST_PARAGRAPH = 14
"""Words from which a paragraph or sentence of what is bundled is a text by itself."""
SENTENCE = "sentence"
MEANT: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "R01": (frozenset({"advert"}), frozenset({"honest", "decent", "frank"})),
    "R12": (frozenset({"opportunist"}), frozenset({"decent", "frank", "honest"})),
    "R13": (frozenset({"belittling"}), frozenset({"frank", "decent", "honest"})),
}
"""For each rule of tone: the labels it must find, and those it must leave alone."""


@dataclass(frozen=True)
class Text:
    language: str
    label: str
    sector: str
    kind: str
    text: str


def of_batch(language: str, *batches: str) -> Iterator[Text]:
    """The texts of some batches in one language."""
    for batch in batches:
        if batch == "bundled":
            yield from _bundled(language)
            continue
        for line in (FOLDER / f"{batch}.{language}.txt").read_text(encoding="utf-8").splitlines():
            if line.strip():
                label, sector, kind, text = (part.strip() for part in line.split("|", 3))
                yield Text(language, label, sector, kind, text)


def _bundled(language: str) -> Iterator[Text]:
    """Honest texts: the filled examples of the templates and the charter, whole and by paragraph, and what the rest of
    the playbook says."""
    seeds = Path(settings.SEEDS_DIR)
    for path in sorted((seeds / "templates").glob("*.toml")):
        example = read(path)["example"][language]
        yield from _by_paragraph(language, path.stem, "\n\n".join([example["title"], *example["body"].values()]))
    charter = (seeds / f"policy/charter.{language}.md").read_text(encoding="utf-8")
    yield from _by_paragraph(language, "charter", charter)
    others = [path for path in seeds.rglob("*.toml") if path.parent.name != "policy"]
    for text in sorted({text for path in others for text in _said(read(path), language)}):
        if len(text.split()) >= SHORTEST_PARAGRAPH:
            yield Text(language, "honest", "playbook", SENTENCE, text)


def _said(declared: Any, language: str) -> Iterator[str]:
    """Every sentence of a file that exists in both languages."""
    if isinstance(declared, dict):
        if isinstance(declared.get("fr"), str) and isinstance(declared.get("en"), str):
            yield declared[language]
        for one in declared.values():
            yield from _said(one, language)
    elif isinstance(declared, list):
        for one in declared:
            yield from _said(one, language)


def _by_paragraph(language: str, sector: str, text: str) -> Iterator[Text]:
    yield Text(language, "honest", sector, "long", text)
    for paragraph in text.split("\n\n"):
        if len(paragraph.split()) >= SHORTEST_PARAGRAPH:
            yield Text(language, "honest", sector, "paragraph", paragraph)

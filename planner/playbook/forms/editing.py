"""Any item of the playbook as a form: built from its content, without a class for each kind.

A field is named by its place and how it is read: `fields.2.label.fr:text`, `tasks.0.minutes:number`. `content_of` turns
what was sent back into content as it stands, unfinished or not, so that nothing typed is lost; `tidied` takes the empty
ones away before the content is checked. `acted` adds, removes and moves the entries of a list, which works without
JavaScript: it sends the whole form, and shows it again.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from planner.base.errors import Words
from planner.base.language import LANGUAGES, pick
from planner.playbook import seeds
from planner.playbook.forms.labels import LANGUAGE_LABELS, WORDS_OF, label_of
from planner.playbook.models import Kind

KEPT = ("slug", "id", "version", "origin", "source", "advice", "code", "number")
"""What an item is, rather than what it says: not in the form."""

KEPT_OF: Mapping[str, tuple[str, ...]] = {Kind.RULE: ("returns",), Kind.CRISIS: ("hold",)}
"""What the product acts on, whatever the words: not in the form of these kinds either."""


def kept(kind: str) -> tuple[str, ...]:
    """The keys of an item that its form neither shows nor changes."""
    return (*KEPT, *KEPT_OF.get(kind, ()))


PAIR: dict[str, Any] = {"fr": "", "en": ""}

_TASK: dict[str, Any] = {
    "key": "",
    "title": PAIR,
    "why": PAIR,
    "verb": PAIR,
    "roles": [],
    "offset": "",
    "repeat": "",
    "condition": "",
    "blocking": "",
    "minutes": None,
    "reminder": "",
    "counts": False,
    "checklist": [],
}
_POINT: dict[str, Any] = {"key": "", "text": PAIR, "help": PAIR}
_FIELD: dict[str, Any] = {
    "key": "",
    "label": PAIR,
    "help": PAIR,
    "type": "text",
    "required": False,
    "must_hold": False,
    "choices": [],
    "max": None,
    "min_items": None,
    "max_items": None,
}
_BLOCK: dict[str, Any] = {
    "key": "",
    "heading": PAIR,
    "prompt": PAIR,
    "min_words": None,
    "max_words": None,
    "from_fields": [],
}

BLANKS: Mapping[str, Any] = {
    "fields": _FIELD,
    "choices": {"value": "", "label": PAIR},
    "body": _BLOCK,
    "tasks": _TASK,
    "tasks_add": _TASK,
    "tasks_override": {name: value for name, value in _TASK.items() if name != "counts"},
    "items": _POINT,
    "sources": {"label": "", "url": "", "document": "", "read_on": ""},
    "rhythm": {
        "every_minutes": None,
        "at": [],
        "since": "",
        "until": "",
        "for_hours": None,
        "working_days": False,
        "internal": False,
    },
    **dict.fromkeys(("when", "when_not", "success", "agenda", "checklist", "lines"), PAIR),
}
"""A new entry of each list. Other lists take the shape of their first entry."""

_POINTS = (
    *("triggers", "exceptions", "questions", "do", "do_not", "places", "states", "selection", "columns", "habits"),
    *("conditions", "closing", "sections", "no_go", "reasons", "offers", "duties", "notes", "points", "barriers"),
)

BLANKS_OF: Mapping[str, Mapping[str, Any]] = {
    Kind.REMINDER_PROFILE: {
        "steps": {
            "key": "",
            "title": PAIR,
            "to": "",
            "at": "",
            "mode": "",
            "ask": PAIR,
            "lines": [],
            "only_if": "",
            "every": "",
            "until": "",
            "up": [],
            "card": PAIR,
        }
    },
    Kind.CRISIS: {
        **dict.fromkeys(_POINTS, _POINT),
        "outside": {**_POINT, "role": "", "offset": ""},
        "decisions": {**_POINT, "decision": ""},
        "sorting": {**_POINT, "outcome": ""},
        "steps": {**_POINT, "minute": None},
        "outcomes": {**_POINT, "from_score": None},
    },
    Kind.STAGE: {"conditions": {"measure": "", "at_least": None}},
    Kind.ASSESSMENT: {
        **dict.fromkeys(_POINTS, _POINT),
        "facts": {**_POINT, "answer": ""},
        "steps": {
            **_POINT,
            "stage": "",
            "role": "",
            "within": None,
            "only_if_regulated": False,
            "templates": [],
            "checklists": [],
            "cadences": [],
        },
    },
}
"""The same for the lists that mean something else in one kind."""

FIXED = frozenset({"dimensions", "scales", "grades"})
"""Lists of which the product counts the entries: their words are changed, their number is not."""

TOP: Mapping[str, Mapping[str, Any]] = {
    Kind.TEMPLATE: {
        "title": PAIR,
        "summary": PAIR,
        "situation": PAIR,
        "purpose": PAIR,
        "when": [],
        "when_not": [],
        "intent": "",
        "default_channels": [],
        "evergreen": False,
        "regulated": False,
        "fields": [],
        "body": [],
        "workflow": "",
        "planned": "",
        "anchors": {"S": "", "E": "", "R": ""},
        "tasks_add": [],
        "tasks_override": [],
        "tasks_remove": [],
        "rules": [],
        "human_rules": [],
        "gates": [],
        "own_texts": {},
        "success": [],
        "example": {},
    },
    Kind.WORKFLOW: {"title": PAIR, "summary": PAIR, "planned": "", "tasks": []},
    Kind.CHECKLIST: {"title": PAIR, "summary": PAIR, "when": PAIR, "items": []},
    Kind.REMINDER_PROFILE: {"title": PAIR, "summary": PAIR, "digest": False, "quiet": "", "steps": []},
    Kind.CADENCE: {"title": PAIR, "summary": PAIR, "why": PAIR, "checklist": "", "templates": [], "people": None},
    Kind.OBSERVANCE: {
        "title": PAIR,
        "angle": PAIR,
        "note": PAIR,
        "template": "",
        "month": None,
        "when": {"day": None, "weekday": "", "nth": None, "before": None, "easter": None, "days": None},
    },
    Kind.CRISIS: {"title": PAIR, "summary": PAIR},
    Kind.QUESTION: {"title": PAIR, "follow_up": PAIR, "evidence": PAIR},
    Kind.STAGE: {"title": PAIR, "summary": PAIR, "conditions": [], "audit_again_months": None},
    Kind.ASSESSMENT: {"title": PAIR, "summary": PAIR},
    Kind.RULE: {"title": PAIR, "statement": PAIR, "help": PAIR, "why": PAIR},
    Kind.GATE: {"title": PAIR, "statement": PAIR, "why": PAIR},
}
"""What an item may say, in the order of its form; what it says besides comes after."""

LEVEL: Mapping[str, Any] = {
    "title": PAIR,
    "summary": PAIR,
    "triggers": [],
    "hold_text": PAIR,
    "statement_text": PAIR,
    "statement_minutes": None,
    "draft_working_hours": None,
    "rhythm_text": PAIR,
    "rhythm": [],
    "declared_by_text": PAIR,
    "declared_by": [],
    "delay_percent": None,
    "quiet_hours": None,
    "post_mortem_working_days": None,
}
"""What a level of a crisis may say; what is left out does not exist at that level."""

_DECLARED = frozenset(
    {"draft_working_hours", "declared_by", "delay_percent", "quiet_hours", "post_mortem_working_days"}
)
"""What only a level that is declared has: nobody declares level 0."""

SHORT = frozenset({"title", "label", "verb", "heading", "situation"})
"""Texts of one line."""


# ---- from content to fields


@dataclass
class Node:
    """A field of the form, or a group of them."""

    name: str
    label: Words
    widget: str
    """`line`, `long`, `number`, `flag`, `pick`, `lines`, `hidden`, `group`, `pair`, `list`."""
    value: Any = ""
    choices: list[tuple[str, Words]] = field(default_factory=list)
    children: "list[Node]" = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    place: str = ""
    """Where the value stands in the content, without how it is read."""
    language: str = ""
    can_move: bool = False
    is_fixed: bool = False
    """A list to which nothing is added, and of which nothing is taken away."""

    @property
    def id(self) -> str:
        return "in-" + self.place.replace(".", "-")

    @property
    def error_id(self) -> str:
        return f"{self.id}-error"

    @property
    def has_errors(self) -> bool:
        return bool(self.errors) or any(child.has_errors for child in self.children)

    @property
    def said(self) -> str:
        """What an entry of a list says first: its title, or its number."""
        named = next((child for child in self.children if child.widget == "pair"), None)
        return pick({child.language: str(child.value) for child in named.children}) if named else ""


@dataclass(frozen=True)
class Offered:
    """What may be chosen: by the name of a list, value and words."""

    choices: Mapping[str, list[tuple[str, Words]]]

    def of(self, key: str) -> list[tuple[str, Words]] | None:
        return self.choices.get(WORDS_OF.get(key, key))


def fields_of(
    kind: str,
    content: Mapping[str, Any],
    offered: Offered,
    faults: Iterable[tuple[str, str]],
    present: Mapping[str, Any],
) -> list[Node]:
    """The form of an item, in its order, with what is wrong beside each field.

    `content` is what stands in the form, `present` the item as it is: what it says keeps its field, empty or not.
    """
    errors: dict[str, list[str]] = {}
    for key, sentence in faults:
        errors.setdefault(_place_of(key), []).append(sentence)
    builder = _Builder(kind, offered, errors, {str(one.get("key")): one for one in content.get("fields") or ()})
    full = _completed(kind, content, present)
    return [builder.node(key, key, value) for key, value in full.items() if key not in kept(kind)]


def _place_of(key: str) -> str:
    """`fields[2].label.fr` as `fields.2.label.fr`."""
    return re.sub(r"\[(\d+)\]", r".\1", key)


def _shape_of(kind: str, present: Mapping[str, Any]) -> Mapping[str, Any]:
    if kind != Kind.CRISIS or "declared_by_text" not in present:
        return TOP.get(kind, {})
    return LEVEL if present.get("number") else {name: LEVEL[name] for name in LEVEL if name not in _DECLARED}


def _completed(kind: str, content: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """The content with every field that it may have, in the order of the form."""
    shape = _shape_of(kind, present)
    full = {key: content.get(key, deepcopy(blank)) for key, blank in shape.items()}
    for key, blank in shape.items():
        if isinstance(blank, dict) and isinstance(full[key], dict):
            full[key] = {**blank, **full[key]}
    full.update({key: value for key, value in content.items() if key not in full})
    full.update({key: _emptied(value) for key, value in present.items() if key not in full})
    if kind == Kind.TEMPLATE:
        full["example"] = _examples(content)
        full["own_texts"] = _own_texts(content)
    return full


def _examples(content: Mapping[str, Any]) -> dict[str, Any]:
    """One place for each text, each question and each part of the text, whatever the example has so far."""
    written = content.get("example") or {}
    questions, parts = _keys(content.get("fields")), _keys(content.get("body"))
    channels = content.get("default_channels") or ()
    return {
        code: {
            **{name: (written.get(code) or {}).get(name, "") for name in seeds.EXAMPLE_TEXTS},
            "fields": {key: _kept(written, code, "fields").get(key, "") for key in questions},
            "body": {key: _kept(written, code, "body").get(key, "") for key in parts},
            "channel_texts": {slug: _kept(written, code, "channel_texts").get(slug, "") for slug in channels},
            "sources": (written.get(code) or {}).get("sources", []),
        }
        for code in LANGUAGES
    }


def _own_texts(content: Mapping[str, Any]) -> dict[str, Any]:
    """A place for each channel that is offered: the question whose answer is its text, or none."""
    chosen = content.get("own_texts") or {}
    offered = [slug for slug in content.get("default_channels") or () if slug]
    return {slug: chosen.get(slug, "") for slug in dict.fromkeys([*offered, *chosen])}


def _kept(written: Mapping[str, Any], code: str, part: str) -> Mapping[str, Any]:
    kept: Mapping[str, Any] = (written.get(code) or {}).get(part) or {}
    return kept


def _keys(entries: Any) -> list[str]:
    return [str(entry["key"]) for entry in entries or () if isinstance(entry, Mapping) and entry.get("key")]


class _Builder:
    def __init__(
        self, kind: str, offered: Offered, errors: Mapping[str, list[str]], questions: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self.kind = kind
        self.offered = offered
        self.errors = errors
        self.questions = questions

    def node(self, place: str, key: str, value: Any) -> Node:
        node = self._made(place, key, value)
        node.errors = [*node.errors, *self.errors.get(place, ())]
        return node

    def _made(self, place: str, key: str, value: Any) -> Node:
        if key in _NAMES:
            return Node(f"{place}:text", label_of(key), "hidden", value, place=place)
        if _is_pair(value):
            return self._pair(place, key, value)
        if isinstance(value, Mapping):
            return self._group(place, key, value)
        if place.startswith("example.") and ".fields." in place:
            return self._answer(place, key, value)
        if isinstance(value, list):
            return self._list(place, key, value)
        return self._single(place, key, value)

    def _pair(self, place: str, key: str, value: Mapping[str, Any]) -> Node:
        widget = "line" if key in SHORT else "long"
        texts = [
            Node(
                f"{place}.{code}:text",
                LANGUAGE_LABELS[code],
                widget,
                value.get(code, ""),
                errors=list(self.errors.get(f"{place}.{code}", ())),
                place=f"{place}.{code}",
                language=code,
            )
            for code in LANGUAGES
        ]
        return Node("", label_of(key), "pair", children=texts, place=place)

    def _group(self, place: str, key: str, value: Mapping[str, Any]) -> Node:
        label = LANGUAGE_LABELS[key] if key in LANGUAGES else label_of(key)
        children = [self.node(f"{place}.{name}", name, entry) for name, entry in value.items()]
        return Node("", label, "group", children=children, place=place, language=key if key in LANGUAGES else "")

    def _list(self, place: str, key: str, value: list[Any]) -> Node:
        choices = self.offered.of(key)
        if choices is not None:
            return self._choices(place, key, value, choices)
        blank = _blank_of(self.kind, key)
        if blank is None and all(isinstance(entry, str | int) for entry in value):
            kind = "numbers" if key in _NUMBERS else "lines"
            return Node(f"{place}:{kind}", label_of(key), "lines", "\n".join(map(str, value)), place=place)
        entries = [self._entry(f"{place}.{index}", key, entry, blank) for index, entry in enumerate(value)]
        return Node("", label_of(key), "list", children=entries, place=place, is_fixed=key in FIXED)

    def _choices(self, place: str, key: str, value: list[Any], choices: list[tuple[str, Words]]) -> Node:
        """Each one chosen, in its order, and an empty place for one more."""
        entries = [
            Node(f"{at}:text", label_of(key), "pick", entry, _with_empty(choices, entry), place=at)
            for at, entry in ((f"{place}.{index}", entry) for index, entry in enumerate([*value, ""]))
        ]
        for entry in entries:
            entry.errors = list(self.errors.get(entry.place, ()))
        return Node("", label_of(key), "picks", children=entries, place=place)

    def _entry(self, place: str, key: str, entry: Any, blank: Any) -> Node:
        if isinstance(blank, dict) and blank is not PAIR and isinstance(entry, Mapping):
            entry = {**deepcopy(blank), **entry}
        node = self.node(place, key, entry)
        node.can_move = not place.endswith(".0")
        return node

    def _single(self, place: str, key: str, value: Any) -> Node:
        if place.startswith("own_texts."):
            channels = dict(self.offered.of("default_channels") or ())
            questions = _with_empty(self.offered.of("from_fields") or (), value)
            return Node(f"{place}:text", channels.get(key, key), "pick", value, questions, place=place)
        choices = self.offered.of(key)
        if choices is not None:
            kind = "choice" if key == "quiet" else "text"
            shown = str(value).lower() if isinstance(value, bool) else value
            return Node(f"{place}:{kind}", label_of(key), "pick", shown, _with_empty(choices, shown), place=place)
        if isinstance(value, bool):
            return Node(f"{place}:flag", label_of(key), "flag", value, place=place)
        if value is None or isinstance(value, int | float) or key in _NUMBERS:
            return Node(f"{place}:number", label_of(key), "number", "" if value is None else value, place=place)
        widget = "long" if ".body." in place or len(str(value)) > 70 else "line"
        return Node(f"{place}:text", self._named(place, key), widget, value, place=place)

    def _named(self, place: str, key: str) -> Words:
        return key if ".body." in place else label_of(key)

    def _answer(self, place: str, key: str, value: Any) -> Node:
        """An answer of the example, as its question asks for it."""
        question = self.questions.get(key, {})
        label = pick(question.get("label")) or key
        kind = question.get("type", "text")
        if kind in ("list", "people", "multichoice"):
            text = "\n".join(map(str, value)) if isinstance(value, list) else value
            return Node(f"{place}:lines", label, "lines", text, place=place)
        if kind == "boolean":
            return Node(f"{place}:flag", label, "flag", bool(value), place=place)
        if kind == "number":
            return Node(f"{place}:number", label, "number", value, place=place)
        if kind == "choice":
            choices = [
                (one["value"], pick(one.get("label"))) for one in question.get("choices") or () if one.get("value")
            ]
            return Node(f"{place}:text", label, "pick", value, _with_empty(choices, value), place=place)
        return Node(f"{place}:text", label, "long" if len(str(value)) > 70 else "line", value, place=place)


_NUMBERS = frozenset(
    {
        *("minutes", "max", "min_items", "max_items", "min_words", "max_words", "people", "month", "lead_weeks"),
        *("statement_minutes", "draft_working_hours", "delay_percent", "legal_minutes", "quiet_hours"),
        *("post_mortem_working_days", "every_minutes", "for_hours", "minute", "from_score", "check_after_days"),
        *("releases_a_day", "promotional_after_days", "unreviewed_after_working_days", "call_card_after_missed"),
        *("private_answer_hours", "critical_share_tolerance_points", "theme_share_percent", "mentions_percent"),
        *("late_within_working_days", "audit_again_months", "at_least", "at_most", "within", "evidence_from"),
        *("without_evidence_counts", "evidence_months", "provisional_questions", "provisional_respondents", "spread"),
        *("weakest", "minutes_least", "minutes_most", "leaders_least", "leaders_most"),
    }
)
"""Fields that hold a number, whatever was typed in them."""

_NAMES = ("key", "value", "id", "slug")
"""What an entry of a list is called by the product: hidden, and kept."""


def _blank_of(kind: str, key: str) -> Any:
    """A new entry of this list, where its shape is known."""
    return BLANKS_OF.get(kind, {}).get(key, BLANKS.get(key))


def _is_pair(value: Any) -> bool:
    """Also when one of the languages is still to be written."""
    return (
        isinstance(value, Mapping)
        and bool(value)
        and value.keys() <= set(LANGUAGES)
        and not any(isinstance(text, Mapping) for text in value.values())
    )


def _with_empty(choices: Iterable[tuple[str, Words]], value: Any) -> list[tuple[str, Words]]:
    """The choices after an empty one, and the present value even when it is no longer offered."""
    known = [("", "—"), *choices]
    return known if value in {one for one, _words in known} else [*known, (str(value), str(value))]


# ---- from fields to content

_PLACE = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_-]+)*")


def content_of(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The content that a form sent, with empty fields where nothing was typed."""
    tree: dict[str, Any] = {}
    for name, text in sent.items():
        place, _colon, kind = name.partition(":")
        if kind in _READ_BY and _PLACE.fullmatch(place):
            _plant(tree, place.split("."), _READ_BY[kind](str(text).replace("\r\n", "\n")))
    listed: dict[str, Any] = _listed(tree)
    return listed


def _plant(tree: dict[str, Any], path: list[str], value: Any) -> None:
    *groups, last = path
    for name in groups:
        inner = tree.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        tree = inner
    tree.setdefault(last, value)


def _listed(tree: Any) -> Any:
    """Groups whose names are all numbers are lists, in the order of the numbers."""
    if not isinstance(tree, dict):
        return tree
    if tree and all(name.isdigit() for name in tree):
        return [_listed(tree[name]) for name in sorted(tree, key=int)]
    return {name: _listed(value) for name, value in tree.items()}


def _number(text: str) -> Any:
    """A number, nothing, or what was typed instead, which the check will name."""
    typed = text.strip().replace(",", ".")
    try:
        return float(typed) if "." in typed else int(typed)
    except ValueError:
        return typed or None


_CHOICES = {"true": True, "false": False}

_READ_BY: Mapping[str, Callable[[str], Any]] = {
    "text": lambda text: text.strip(),
    "number": _number,
    "flag": lambda text: text == "on",
    "choice": lambda text: _CHOICES.get(text, text),
    "lines": lambda text: [line.strip() for line in text.split("\n") if line.strip()],
    "numbers": lambda text: [_number(line) for line in text.split("\n") if line.strip()],
}


def acted(kind: str, content: Mapping[str, Any], act: str) -> dict[str, Any]:
    """The content after a button of a list: `add:fields`, `remove:fields.2`, `up:fields.2`."""
    what, _colon, place = act.partition(":")
    path = place.split(".")
    result = deepcopy(dict(content))
    if what == "add":
        entries = _at(result, path[:-1], path[-1], [])
        if isinstance(entries, list):
            entries.append(_blank(kind, path[-1], entries))
    elif path[-1].isdigit():
        entries, at = _at(result, path[:-2], path[-2], []), int(path[-1])
        if isinstance(entries, list) and at < len(entries):
            entry = entries.pop(at)
            if what != "remove":
                entries.insert(max(0, at - 1) if what == "up" else at, entry)
    return result


def _at(content: Any, path: list[str], name: str, default: Any) -> Any:
    for step in path:
        content = content[int(step)] if isinstance(content, list) else content.setdefault(step, {})
    return content[int(name)] if isinstance(content, list) else content.setdefault(name, default)


def _blank(kind: str, key: str, entries: list[Any]) -> Any:
    """Every field that the list is known to have, and those that its first entry has besides."""
    known, first = deepcopy(_blank_of(kind, key)), _emptied(entries[0]) if entries else None
    if isinstance(known, dict) and isinstance(first, dict):
        return {**first, **known}
    return known or first or deepcopy(_POINT)


def _emptied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _emptied(entry) for name, entry in value.items()}
    if isinstance(value, bool):
        return False
    return [] if isinstance(value, list) else "" if isinstance(value, str) else None


def tidied(content: Any) -> Any:
    """Without what is empty; new entries of a list get their key from what they are called."""
    if isinstance(content, Mapping):
        kept = {name: tidied(value) for name, value in content.items()}
        return {name: value for name, value in kept.items() if not _is_empty(value)}
    if isinstance(content, list):
        kept_entries = [tidied(entry) for entry in content]
        return _with_keys([entry for entry in kept_entries if not _says_nothing(entry)])
    return content


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", {}, [])


def _says_nothing(entry: Any) -> bool:
    """An entry with nothing but boxes that are not ticked."""
    if isinstance(entry, Mapping):
        return all(_says_nothing(value) for name, value in entry.items() if name != "type")
    return entry is False or _is_empty(entry) or entry == []


def _with_keys(entries: list[Any]) -> list[Any]:
    taken = {str(entry[name]) for entry in entries if isinstance(entry, Mapping) for name in _NAMES if name in entry}
    for entry in entries:
        if not isinstance(entry, dict) or not entry.keys().isdisjoint(_NAMES):
            continue
        texts = (entry.get(name) for name in ("label", "title", "heading", "text"))
        said = next((text for text in texts if isinstance(text, Mapping)), None)
        if said is None or set(entry) <= set(LANGUAGES):
            continue
        is_choice = "label" in entry and "type" not in entry
        separator = "_" if "type" in entry or "heading" in entry else "-"
        key = _free(_as_key(pick(said, "en"), separator), separator, taken)
        taken.add(key)
        entry["value" if is_choice else "key"] = key
    return entries


def _as_key(text: str, separator: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))
    words = re.findall(r"[a-z0-9]+", plain)[:4]
    key = separator.join(words)[:30].strip(separator)
    return key if key[:1].isalpha() else f"n{separator}{key}".strip(separator)


def _free(key: str, separator: str, taken: set[str]) -> str:
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}{separator}{number}"
    return free


def called(key: str) -> str:
    """A key of the content as the form calls it: `fields[2].label.fr` is “Questions 3, Question (français)”."""
    names: list[str] = []
    for part in key.split("."):
        name, _bracket, index = part.partition("[")
        if name in LANGUAGES and names:
            names[-1] += f" ({LANGUAGE_LABELS[name]})"
        else:
            numbers = "".join(f" {int(number) + 1}" for number in re.findall(r"\d+", index))
            names.append(f"{label_of(name)}{numbers}")
    return _("“%(field)s”") % {"field": ", ".join(names)}

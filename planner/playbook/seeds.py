"""The files of the bundled playbook: one schema per kind, all faults found before anything is written.

`read_all(folder)` gives the items ready for `operations.upsert_bundled`, or raises one `SeedError` that names every
fault with its file and key. A new kind of file is a schema and a line in `read_all`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from planner.base.language import LANGUAGES
from planner.base.repeats import parse_repeat
from planner.base.seeds import (
    ABSENT,
    Check,
    Key,
    Place,
    Report,
    SeedError,
    anything,
    bilingual,
    boolean,
    day,
    each_once,
    list_of,
    mapping_of,
    matching,
    number,
    one_of,
    optional,
    read,
    readable_by,
    required,
    slug,
    table,
    text,
    wall_time,
    whole,
)
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.rules import (
    FIELD_ANCHORS,
    WEEKDAYS,
    AdviceKind,
    BadOffset,
    BadSeason,
    parse_condition,
    parse_offset,
    parse_task_repeat,
    span_in,
)
from planner.workspaces.models import Workspace
from planner.workspaces.rules import CHANNEL_LIMITS, Count, EditorialRole

INTENTS = ("help", "explain", "tell", "listen", "serve", "promote")
FIELD_TYPES = (
    "text",
    "longtext",
    "list",
    "choice",
    "multichoice",
    "person",
    "people",
    "date",
    "datetime",
    "url",
    "number",
    "file",
    "boolean",
    "consent",
)
CHOICE_TYPES = ("choice", "multichoice")
DATE_TYPES = ("date", "datetime")
FLAGS = ("has_claims", "regulated", "evergreen", "identifiable", "urgent")
"""Facts of a post that a task's condition may ask for; besides, the fields of the template."""
ORIGINS = ("corpus", "house", "public")
BLOCKED_STATUSES = ("scheduled", "published")
MODES = ("remind", "copy", "co-owner", "call-card")
ADDRESSEES = ("owner", "second")
CADENCE_FORMS = ("meeting", "slot", "rota", "checklist")
REGIONS = ("shared", "france", "quebec", "suisse-romande", "belgique-francophone")

MACHINE_RULES = tuple(f"R{number:02}" for number in range(1, 26))
HUMAN_RULES = tuple(f"H{number:02}" for number in range(1, 11))
GATES = tuple(f"G{number}" for number in range(1, 8))

ACTING: Mapping[str, Collection[str]] = {
    "rule": (*MACHINE_RULES, *HUMAN_RULES),
    "gate": GATES,
    "report": (
        "ad-spend",
        "answers",
        "complaints",
        "effort-return",
        "exec-example",
        "lifetime",
        "mix",
        "regularity",
        "voices",
    ),
    "policy": ("acknowledgement", "charter", "permissions-map"),
    "field": ("audience", "customer_moment", "success_measure"),
    "product": (
        "approvals",
        "author-load",
        "calendar",
        "channel-register",
        "own-copy",
        "share-kit",
        "silence-alarm",
    ),
}
"""What may put a piece of advice into practice without being an item of these files, or before it is one."""

word = matching(r"[a-z][a-z0-9_]*", "key_question")
task_key = matching(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", "answer-24h")
advice_id = matching(r"A\d{2,3}", "A28")
question_id = matching(r"Q\d{2}", "Q07")
crisis_offset = matching(r"C\+[1-9]\d{0,3}(min|h)", "C+10min")
_HOUR = r"@([01]\d|2[0-3]):[0-5]\d"
instant = matching(
    rf"(0|[+-][1-9]\d{{0,3}})(wd|d|wh|h|min)({_HOUR})?|(mon|tue|wed|thu|fri|sat|sun){_HOUR}|open", "-2wd@09:00"
)
again = matching(rf"\+[1-9]\d{{0,3}}((wd|d){_HOUR}|h|min)", "+15min")


@dataclass(frozen=True)
class SeedItem:
    """One item of the bundled playbook, checked."""

    kind: Kind
    slug: str
    version: int
    payload: dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What items may refer to: read from all the files before any of them is checked."""

    roles: Collection[str]
    profiles: Collection[str]
    channels: Collection[str]
    workflows: Mapping[str, Mapping[str, str]]
    """Workflow slug -> the keys of its tasks, with their offsets."""
    themes: Mapping[str, Collection[str]]
    """Source file -> themes."""
    advice: Collection[str]
    """Ids of the register."""
    acting: Mapping[str, Collection[str]]
    """Kind -> slugs of all that may put a piece of advice into practice."""


def read_all(folder: Path) -> tuple[SeedItem, ...]:
    """Every item of the folder, checked. Raises `SeedError` with all faults; reads files only."""
    files = _Files(folder)
    known = _known(files)
    files.report.raise_if_any()  # else everything that refers to an unreadable file would be called unknown
    items = [
        *files.entries(Kind.SOURCE, "sources.toml", "source", _source()),
        *files.entries(Kind.ROLE, "roles.toml", "role", _role(known)),
        *files.entries(Kind.REMINDER_PROFILE, "reminder_profiles.toml", "profile", _profile(known)),
        *files.entries(Kind.CHANNEL, "channels.toml", "channel", _channel(known), once=("slug", "mark")),
        *files.each(Kind.WORKFLOW, "workflows", lambda raw: _workflow(known)),
        *files.each(Kind.TEMPLATE, "templates", lambda raw: _template(known, raw)),
        *files.entries(Kind.ADVICE, "advice.toml", "advice", _advice(known), once=("id",)),
        *files.each(Kind.CHECKLIST, "checklists", lambda raw: _checklist(known)),
        *files.each(Kind.CRISIS, "crisis", lambda raw: _crisis(known, raw)),
        *files.entries(Kind.QUESTION, f"{AUDIT}/questions.toml", "question", _question(known), once=("id",)),
        *files.entries(Kind.STAGE, f"{AUDIT}/stages.toml", "stage", _stage(known)),
        *(files.one(Kind.ASSESSMENT, f"{AUDIT}/{page}.toml", _audit(known, page)) for page in ASSESSMENT_PAGES),
        *files.entries(Kind.CADENCE, "calendar/cadences.toml", "cadence", _cadence(known)),
        *files.entries(Kind.OBSERVANCE, "calendar/observances.toml", "observance", _observance(known)),
    ]
    items += _policy(files, known)
    files.check("meta.toml", _meta())
    _in_sequence(files)
    files.report.raise_if_any()
    return tuple(items)


class _Files:
    """The folder, each file parsed once; what cannot be read is noted and stands empty."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.report = Report()
        self._parsed: dict[str, dict[str, Any]] = {}
        self._unreadable: set[str] = set()

    def raw(self, name: str) -> dict[str, Any]:
        if name not in self._parsed:
            try:
                self._parsed[name] = read(self.folder / name, self.label(name))
            except SeedError as fault:
                self.report.problems.extend(fault.problems)
                self._parsed[name] = {}
                self._unreadable.add(name)
        return self._parsed[name]

    def label(self, name: str) -> str:
        return f"{self.folder.name}/{name}"

    def names(self, subfolder: str) -> list[str]:
        return [f"{subfolder}/{path.name}" for path in sorted((self.folder / subfolder).glob("*.toml"))]

    def check(self, name: str, schema: Check) -> Any:
        raw = self.raw(name)
        return {} if name in self._unreadable else schema(raw, Place(self.label(name), self.report))

    def has(self, name: str) -> bool:
        return (self.folder / name).exists()

    def prose(self, name: str) -> str:
        """The text of a file that is not TOML; empty when there is none."""
        return (self.folder / name).read_text(encoding="utf-8") if self.has(name) else ""

    def entries(
        self, kind: Kind, name: str, key: str, schema: Check, once: Sequence[str] = ("slug",), beside: str = ""
    ) -> list[SeedItem]:
        """The items of a file that holds several, as `[[key]]`. The first key of `once` is their slug.

        `beside` is what else the file holds, and is read apart.
        """

        def several(value: Any, place: Place) -> Any:
            for unique in once:
                each_once(value, place, unique)
            return list_of(schema, least=1)(value, place)

        others = {beside: optional(anything)} if beside else {}
        checked = self.check(name, table({key: required(several), **others}))
        return [_item(kind, payload, once[0]) for payload in checked.get(key, ())]

    def each(self, kind: Kind, subfolder: str, schema_for: Callable[[Mapping[str, Any]], Check]) -> list[SeedItem]:
        """The items of a folder that holds one a file, named after its slug."""
        return [self.one(kind, name, schema_for(self.raw(name))) for name in self.names(subfolder)]

    def one(self, kind: Kind, name: str, schema: Check) -> SeedItem:
        """The item of a file that holds one, named after its slug."""
        payload = self.check(name, schema)
        if payload and payload.get("slug") != Path(name).stem:
            Place(self.label(name), self.report, "slug").complain(
                _("%(key)s must be the name of the file, “%(name)s”"), name=Path(name).stem
            )
        return _item(kind, payload)


def _item(kind: Kind, payload: Mapping[str, Any], named_by: str = "slug") -> SeedItem:
    return SeedItem(kind, payload.get(named_by, ""), payload.get("version", 1), dict(payload))


# ---- what refers to what


def _known(files: _Files) -> Known:
    roles = _column(files.raw("roles.toml").get("role"), "slug")
    profiles = _column(files.raw("reminder_profiles.toml").get("profile"), "slug")
    channels = _column(files.raw("channels.toml").get("channel"), "slug")
    workflows = {str(raw.get("slug")): _offsets(raw) for raw in map(files.raw, files.names("workflows"))}
    return Known(
        roles=roles,
        profiles=profiles,
        channels=channels,
        workflows=workflows,
        themes={
            str(entry.get("file")): _names(entry.get("themes"))
            for entry in _tables(files.raw("sources.toml").get("source"))
        },
        advice=_column(files.raw("advice.toml").get("advice"), "id"),
        acting={
            **ACTING,
            "role": roles,
            "reminder_profile": profiles,
            "channel": channels,
            "workflow": list(workflows),
            "template": [Path(name).stem for name in files.names("templates")],
            "checklist": [Path(name).stem for name in files.names("checklists")],
            "crisis": [Path(name).stem for name in files.names("crisis")],
            "question": _column(files.raw(f"{AUDIT}/questions.toml").get("question"), "id"),
            "stage": _column(files.raw(f"{AUDIT}/stages.toml").get("stage"), "slug"),
            "assessment": ASSESSMENT_PAGES,
            "cadence": _column(files.raw("calendar/cadences.toml").get("cadence"), "slug"),
        },
    )


# ---- what an organisation writes

IN_FOLDERS = {
    Kind.WORKFLOW: "workflows",
    Kind.TEMPLATE: "templates",
    Kind.CHECKLIST: "checklists",
    Kind.CRISIS: "crisis",
    Kind.ASSESSMENT: "assessment",
}
"""The kinds that have a file for each item."""

IN_FILES = {
    Kind.REMINDER_PROFILE: ("reminder_profiles.toml", "profile"),
    Kind.CADENCE: ("calendar/cadences.toml", "cadence"),
    Kind.OBSERVANCE: ("calendar/observances.toml", "observance"),
    Kind.QUESTION: ("assessment/questions.toml", "question"),
    Kind.STAGE: ("assessment/stages.toml", "stage"),
    Kind.RULE: ("policy/rules.toml", "human"),
    Kind.GATE: ("policy/gates.toml", "gate"),
}
"""The kinds that have one file for all their items, with the name of its tables."""


def _named_by(kind: str) -> str:
    """The key by which an item is called in its file."""
    return "id" if kind in (Kind.QUESTION, Kind.RULE, Kind.GATE) else "slug"


def known_to(workspace: Workspace) -> Known:
    """What items of an organisation may refer to: what its playbook holds."""
    visible = PlaybookItem.objects.visible_to(workspace)
    slugs: dict[str, list[str]] = {}
    for kind, name in visible.values_list("kind", "slug"):
        slugs.setdefault(kind, []).append(name)
    whole = list(visible.of_kinds(Kind.WORKFLOW, Kind.SOURCE))
    sources = [item.payload for item in whole if item.kind == Kind.SOURCE]
    return Known(
        roles=slugs.get(Kind.ROLE, []),
        profiles=slugs.get(Kind.REMINDER_PROFILE, []),
        channels=slugs.get(Kind.CHANNEL, []),
        workflows={item.slug: _offsets(item.payload) for item in whole if item.kind == Kind.WORKFLOW},
        themes={source["file"]: _names(source["themes"]) for source in sources},
        advice=slugs.get(Kind.ADVICE, []),
        acting={kind: [*ACTING.get(kind, ()), *slugs.get(kind, ())] for kind in {*ACTING, *Kind.values}},
    )


def check_item(kind: str, payload: Mapping[str, Any], known: Known, report: Report) -> dict[str, Any]:
    """One item as its file would be checked; what is wrong is noted in the report, by key."""
    checked: dict[str, Any] = _schema(kind, known, payload)(payload, Place("", report))
    return checked


def read_own(folder: Path, workspace: Workspace) -> tuple[list[SeedItem], list[str]]:
    """The items of an organisation's files, checked against its playbook and one another, and all that is wrong."""
    files = _Files(folder)
    known = _with_files(known_to(workspace), files)
    items = []
    for kind in IN_FOLDERS:
        items += [files.one(kind, name, _schema(kind, known, files.raw(name))) for name in _names_of(files, kind)]
    for kind, (name, key) in IN_FILES.items():
        if files.has(name):
            items += files.entries(kind, name, key, _schema(kind, known, {}), once=(_named_by(kind),))
    return items, files.report.problems


def _schema(kind: str, known: Known, raw: Mapping[str, Any]) -> Check:
    schemas: dict[str, Callable[[], Check]] = {
        Kind.REMINDER_PROFILE: lambda: _profile(known),
        Kind.WORKFLOW: lambda: _workflow(known),
        Kind.TEMPLATE: lambda: _template(known, raw),
        Kind.CHECKLIST: lambda: _checklist(known),
        Kind.CRISIS: lambda: _crisis(known, raw),
        Kind.CADENCE: lambda: _cadence(known),
        Kind.OBSERVANCE: lambda: _observance(known),
        Kind.QUESTION: lambda: _question(known),
        Kind.STAGE: lambda: _stage(known),
        Kind.ASSESSMENT: lambda: _audit(known, str(raw.get("slug"))),
        Kind.RULE: lambda: _human_rule(known),
        Kind.GATE: lambda: _declared(known, GATES, {}),
    }
    return schemas[kind]()


def _names_of(files: _Files, kind: Kind) -> list[str]:
    """The files of a kind that has one for each item; those beside them hold other kinds."""
    shared = {name for name, _key in IN_FILES.values()}
    return [name for name in files.names(IN_FOLDERS[kind]) if name not in shared]


def _with_files(known: Known, files: _Files) -> Known:
    """And what the files bring along themselves."""
    brought = {kind: [Path(name).stem for name in _names_of(files, kind)] for kind in IN_FOLDERS}
    for kind, (name, key) in IN_FILES.items():
        brought[kind] = _column(files.raw(name).get(key), _named_by(kind)) if files.has(name) else []
    workflows = {str(raw.get("slug")): _offsets(raw) for raw in map(files.raw, files.names("workflows"))}
    return replace(
        known,
        profiles=[*known.profiles, *brought[Kind.REMINDER_PROFILE]],
        workflows={**known.workflows, **workflows},
        acting={
            **known.acting,
            **{kind: [*known.acting.get(kind, ()), *names] for kind, names in brought.items()},
        },
    )


def _offsets(raw: Mapping[str, Any]) -> dict[str, str]:
    return {str(task.get("key")): str(task.get("offset")) for task in _tables(raw.get("tasks"))}


def _tables(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _names(value: Any) -> list[str]:
    return list(value) if isinstance(value, dict) else []


def _column(value: Any, key: str) -> list[str]:
    return [entry[key] for entry in _tables(value) if isinstance(entry.get(key), str)]


# ---- one schema per kind


def _meta() -> Check:
    return table(
        {
            "format": required(whole(1)),
            "languages": required(list_of(one_of(LANGUAGES), least=len(LANGUAGES))),
            "title": required(bilingual),
        }
    )


def _source() -> Check:
    return table(
        {
            "slug": required(slug),
            "version": optional(whole(1), 1),
            "file": required(text),
            "title": required(bilingual),
            "themes": required(mapping_of(bilingual)),
        }
    )


def _role(known: Known) -> Check:
    return _sourced(known, {"slug": required(one_of(EditorialRole.values)), "summary": required(bilingual)})


def _profile(known: Known) -> Check:
    step = table(
        {
            "key": required(task_key),
            "to": required(one_of([*ADDRESSEES, *known.roles])),
            "at": required(instant),
            "mode": required(one_of(MODES)),
            "title": required(bilingual),
            "ask": optional(bilingual),
            "lines": optional(list_of(bilingual)),
            "only_if": optional(one_of(["nothing-done"])),
            "every": optional(again),
            "until": optional(one_of(["acknowledged"])),
            "up": optional(list_of(one_of(known.roles))),
            "card": optional(bilingual),
        }
    )
    return _sourced(
        known,
        {
            "code": required(matching(r"E-[A-Z]+", "E-STD")),
            "summary": required(bilingual),
            "digest": required(boolean),
            "quiet": required(one_of([True, False, "unless-on-duty"])),
            "steps": required(_list_of_unique(step)),
        },
    )


def _channel(known: Known) -> Check:
    limit = optional(whole(1))
    return _sourced(
        known,
        {
            "mark": required(matching(r"[A-Z][a-z]", "Li")),
            "family": required(slug),
            "owned": required(boolean),
            "count": required(one_of(Count.values)),
            **dict.fromkeys(CHANNEL_LIMITS, limit),
            "captions_required": optional(boolean, False),
            "notes": optional(bilingual, {}),
            "checked_on": required(day),
        },
    )


def _workflow(known: Known) -> Check:
    return _sourced(
        known,
        {
            "code": required(matching(r"W-[A-Z]+", "W-STD")),
            "summary": required(bilingual),
            "planned": optional(_offset({})),
            "tasks": required(_list_of_unique(_task(known, _Asked({}, {})))),
        },
    )


def _template(known: Known, raw: Mapping[str, Any]) -> Check:
    """The schema of one template: its fields and its workflow decide what the rest of the file may name."""
    fields = _tables(raw.get("fields"))
    asked = _asked(fields)
    chain = known.workflows.get(str(raw.get("workflow")), {})
    added = _column(raw.get("tasks_add"), "key")
    check = _sourced(
        known,
        {
            "purpose": required(bilingual),
            "situation": required(bilingual),
            "summary": required(bilingual),
            "when": required(list_of(bilingual, least=1)),
            "when_not": optional(list_of(bilingual), []),
            "intent": required(one_of(INTENTS)),
            "default_channels": required(list_of(one_of(known.channels), least=1)),
            "own_texts": optional(mapping_of(one_of(_column(fields, "key")), one_of(known.channels)), {}),
            "evergreen": optional(boolean, False),
            "regulated": optional(boolean, False),
            "fields": required(_list_of_unique(_field())),
            "body": required(_list_of_unique(_block(_column(fields, "key")))),
            "workflow": required(one_of(known.workflows)),
            "anchors": optional(table(dict.fromkeys(FIELD_ANCHORS, optional(one_of(asked.dates)))), {}),
            "planned": optional(_offset(asked.dates)),
            "tasks_add": optional(_list_of_unique(_added_task(known, asked, chain), least=0), []),
            "tasks_override": optional(_list_of_unique(_changed_task(known, asked, chain), least=0), []),
            "tasks_remove": optional(list_of(one_of([key for key in chain if key not in added])), []),
            "rules": required(list_of(one_of(MACHINE_RULES))),
            "human_rules": required(list_of(one_of(HUMAN_RULES))),
            "gates": optional(list_of(one_of(GATES)), []),
            "success": required(list_of(bilingual, least=1)),
            "example": required(table(dict.fromkeys(LANGUAGES, required(_example(raw))))),
        },
    )

    def with_dates(value: Any, place: Place) -> Any:
        anchors = raw.get("anchors") if isinstance(raw.get("anchors"), dict) else {}
        for anchor in sorted(_events_in(raw, chain) - (anchors or {}).keys()):
            place.child("anchors").child(anchor).complain(
                _("%(key)s is missing: tasks are counted from it, so say which date field gives it")
            )
        return check(value, place)

    return with_dates


def _events_in(raw: Mapping[str, Any], chain: Mapping[str, str]) -> set[str]:
    """The anchors of an event from which tasks of the template or its workflow are counted."""
    changes = [*_tables(raw.get("tasks_add")), *_tables(raw.get("tasks_override"))]
    offsets = {**chain, **{str(task.get("key")): str(task["offset"]) for task in changes if "offset" in task}}
    removed = raw.get("tasks_remove") or ()
    kept = [offset for key, offset in offsets.items() if key not in removed]
    return {offset[0] for offset in (*kept, str(raw.get("planned", ""))) if offset[:1] in ("S", "E")}


def _advice(known: Known) -> Check:
    check = table(
        {
            "id": required(advice_id),
            "heart": required(boolean),
            "kind": required(one_of(AdviceKind.values)),
            "source": required(_theme(known)),
            "statement": required(bilingual),
            "note": optional(bilingual, {}),
            "embodied_by": required(list_of(_acting(known))),
        }
    )

    def with_heart(value: Any, place: Place) -> Any:
        if isinstance(value, dict) and value.get("heart") is True and value.get("embodied_by") == []:
            place.child("embodied_by").complain(_("%(key)s is empty: the heart of the advice must lead somewhere"))
        return check(value, place)

    return with_heart


def _acting(known: Known) -> Check:
    def check(value: Any, place: Place) -> Any:
        slugs = known.acting.get(str(value.get("kind")), ()) if isinstance(value, dict) else ()
        return table({"kind": required(one_of(known.acting)), "slug": required(one_of(slugs))})(value, place)

    return check


def _in_sequence(files: _Files) -> None:
    """The ids of the register are stable names: none may be left out, or change place."""
    for index, entry in enumerate(_tables(files.raw("advice.toml").get("advice"))):
        wanted = f"A{index + 1:02}"
        if entry.get("id") != wanted:
            place = Place(files.label("advice.toml"), files.report, f"advice[{index}].id")
            place.complain(_("%(key)s must be %(wanted)s, the next of the register"), wanted=wanted)
            return


def _checklist(known: Known) -> Check:
    return _sourced(known, {"summary": required(bilingual), "when": required(bilingual), "items": required(_points())})


def _points(**more: Key) -> Check:
    """A list of sentences, each with what helps to act on it, and these keys besides."""
    point = {"key": required(task_key), "text": required(bilingual), "help": required(bilingual), **more}
    return _list_of_unique(table(point))


def _cadence(known: Known) -> Check:
    check = _sourced(
        known,
        {
            "form": required(one_of(CADENCE_FORMS)),
            "summary": required(bilingual),
            "why": required(bilingual),
            "repeat": required(readable_by(parse_repeat)),
            "at": required(matching(r"([01]\d|2[0-3]):[0-5]\d", "09:30")),
            "minutes": required(whole(1)),
            "roles": required(list_of(one_of(known.roles), least=1)),
            "everyone": optional(boolean, False),
            "people": optional(whole(1)),
            "templates": optional(list_of(one_of(known.acting["template"])), []),
            "checklist": optional(one_of(known.acting["checklist"])),
            "reminder": required(one_of(known.profiles)),
            "agenda": required(list_of(bilingual, least=1)),
            "output": required(bilingual),
        },
    )

    def as_its_form_asks(value: Any, place: Place) -> Any:
        if isinstance(value, dict):
            if value.get("form") == "slot" and not value.get("templates"):
                place.child("templates").complain(_("%(key)s: an empty slot needs a template to ask for"))
            if (value.get("form") == "rota") != ("people" in value):
                place.child("people").complain(_("%(key)s: exactly a rota says how many people share a turn"))
        return check(value, place)

    return as_its_form_asks


def _observance(known: Known) -> Check:
    when = table(
        {
            "day": optional(whole(1)),
            "weekday": optional(one_of(WEEKDAYS)),
            "nth": optional(whole(-1)),
            "before": optional(whole(1)),
            "easter": optional(whole(-60)),
            "days": optional(whole(1)),
        }
    )
    check = _sourced(
        known,
        {
            "month": required(whole(1)),
            "when": optional(when, {}),
            "regions": required(list_of(one_of(REGIONS), least=1)),
            "angle": required(bilingual),
            "note": optional(bilingual, {}),
            "template": optional(one_of(known.acting["template"])),
            "lead_weeks": required(whole(1)),
            "check_date_each_year": required(boolean),
            "sober": required(boolean),
            "checked_on": optional(day),
        },
    )

    def with_its_days(value: Any, place: Place) -> Any:
        before = len(place.report.problems)
        checked = check(value, place)
        if len(place.report.problems) == before:
            try:
                span_in(_ORDINARY_YEAR, checked["month"], checked["when"])
            except BadSeason as fault:
                place.child("when").complain("%(key)s: %(reason)s", reason=fault)
            if checked["origin"] == "public" and "checked_on" not in checked:
                place.child("checked_on").complain(_("%(key)s is missing: a public fact says when it was checked"))
        return checked

    return with_its_days


_ORDINARY_YEAR = 2027
"""Not a leap year: what is not in it does not come back each year."""


def _sourced(known: Known, keys: Mapping[str, Key]) -> Check:
    """What every item has, and these keys."""
    check = table(
        {
            "slug": required(slug),
            "version": required(whole(1)),
            "title": required(bilingual),
            "origin": required(one_of(ORIGINS)),
            "source": required(list_of(_theme(known))),
            "advice": required(list_of(_in_register(known))),
            **keys,
        }
    )

    def with_source(value: Any, place: Place) -> Any:
        if isinstance(value, dict) and value.get("origin") == "corpus" and value.get("source") == []:
            place.child("source").complain(_("%(key)s is empty, but the origin is “corpus”"))
        return check(value, place)

    return with_source


def _in_register(known: Known) -> Check:
    """The id of a piece of advice. The whole register would be too long to be listed in a fault."""

    def check(value: Any, place: Place) -> Any:
        if value not in known.advice:
            place.complain(_("%(key)s: “%(value)s” is not in advice.toml"), value=value)
        return value

    return check


def _theme(known: Known) -> Check:
    def check(value: Any, place: Place) -> Any:
        themes = known.themes.get(str(value.get("file")), ()) if isinstance(value, dict) else ()
        return table({"file": required(one_of(known.themes)), "theme": required(one_of(themes))})(value, place)

    return check


def _list_of_unique(check: Check, name: str = "key", least: int = 1) -> Check:
    def check_all(value: Any, place: Place) -> Any:
        each_once(value, place, name)
        return list_of(check, least)(value, place)

    return check_all


# ---- policy

SEVERITIES = ("block", "warn", "info")
RULES_FILE, GATES_FILE = "policy/rules.toml", "policy/gates.toml"


def _policy(files: _Files, known: Known) -> list[SeedItem]:
    """The rules, the gates, the word lists and the charter."""
    once = ("id", "slug")
    items = [
        *files.entries(Kind.RULE, RULES_FILE, "rule", _machine_rule(known), once=once, beside="human"),
        *files.entries(Kind.RULE, RULES_FILE, "human", _human_rule(known), once=once, beside="rule"),
        *files.entries(Kind.GATE, GATES_FILE, "gate", _declared(known, GATES, {}), once=once),
    ]
    for code in LANGUAGES:
        lists = files.entries(Kind.WORDS, f"policy/words.{code}.toml", "list", _word_list(code), once=("name",))
        items += [replace(one, slug=f"{one.slug.replace('.', '-')}-{code}") for one in lists]
    return items + _charter(files)


def _declared(known: Known, ids: Collection[str], more: Mapping[str, Key]) -> Check:
    """A rule or a gate. What is left out is a house rule in its first version."""
    return table(
        {
            "id": required(one_of(ids)),
            "slug": required(slug),
            "version": optional(whole(1), 1),
            "title": optional(bilingual, {}),
            "statement": required(bilingual),
            "why": optional(bilingual, {}),
            "origin": optional(one_of(ORIGINS), "house"),
            "source": optional(list_of(_theme(known)), []),
            "advice": optional(list_of(_in_register(known)), []),
            **more,
        }
    )


def _machine_rule(known: Known) -> Check:
    parameter = table(
        {
            "key": required(word),
            "value": required(anything),
            "origin": optional(one_of(ORIGINS), "house"),
            "label": optional(bilingual, {}),
        }
    )
    return _declared(
        known,
        MACHINE_RULES,
        {
            "severities": required(list_of(one_of(SEVERITIES), least=1)),
            "messages": required(mapping_of(bilingual)),
            "parameters": optional(_list_of_unique(parameter, least=0), []),
            "overridable": optional(boolean, True),
            "examples": optional(anything, {}),
        },
    )


def _human_rule(known: Known) -> Check:
    """A question that a reviewer answers; `returns`: a no sends the draft back."""
    return _declared(known, HUMAN_RULES, {"help": optional(bilingual, {}), "returns": optional(boolean, False)})


def _word_list(code: str) -> Check:
    check = table(
        {
            "name": required(matching(r"[a-z]+([._-][a-z0-9]+)*", "promo.order")),
            "version": optional(whole(1), 1),
            "title": required(bilingual),
            "reason": optional(bilingual, {}),
            "rules": required(list_of(one_of(MACHINE_RULES))),
            "weight": optional(number, 1),
            "origin": optional(one_of(ORIGINS), "house"),
            "checked_on": optional(day),
            "entries": required(list_of(text, least=1)),
            "but_not": optional(list_of(text), []),
        }
    )

    def in_its_language(value: Any, place: Place) -> Any:
        return {**check(value, place), "language": code}

    return in_its_language


def _charter(files: _Files) -> list[SeedItem]:
    """The written policy: one Markdown file for each language, the first heading being its title."""
    texts = {code: files.prose(f"policy/charter.{code}.md") for code in LANGUAGES}
    for code, written in texts.items():
        if not written.strip():
            Place(files.label(f"policy/charter.{code}.md"), files.report).complain(_("the text is missing"))
    titles = {code: written.strip().partition("\n")[0].lstrip("# ") for code, written in texts.items()}
    return [SeedItem(Kind.CHARTER, "charter", 1, {"slug": "charter", "version": 1, "title": titles, "text": texts})]


# ---- crisis

CRISIS_LEVELS = tuple(f"level-{number}" for number in range(5))
HOLD_SCOPES = ("none", "chosen", "all-but-notices", "all-but-safety")
TRIAGE_STATES = ("new", "sorted", "assigned", "answered", "later", "private", "declined", "closed")
REVIEW_DECISIONS = ("release", "rewrite", "redate", "cancel")


def _crisis(known: Known, raw: Mapping[str, Any]) -> Check:
    """The schema of one file of the crisis folder: its slug decides. Durations and counts are house defaults."""
    role = one_of(known.roles)
    pages: dict[str, dict[str, Key]] = {
        **{slug: _level(role, slug) for slug in CRISIS_LEVELS},
        "hold": {
            "outside": required(_points(role=required(role), offset=required(crisis_offset))),
            "exceptions": required(_points()),
            "questions": required(_points()),
            "decisions": required(_points(decision=required(one_of(REVIEW_DECISIONS)))),
            "releases_a_day": required(whole(1)),
            "promotional_after_days": required(whole(1)),
            "unreviewed_after_working_days": required(whole(1)),
        },
        "updates": {
            "do": required(_points()),
            "do_not": required(_points()),
            "call_card_after_missed": required(whole(1)),
        },
        "listings": {"places": required(_points())},
        "triage": {
            "states": required(_points()),
            "sorting": required(_points(outcome=required(one_of(TRIAGE_STATES)))),
            "selection": required(_points()),
            "private_answer_hours": required(whole(1)),
            "critical_share_tolerance_points": required(whole()),
            "theme_share_percent": required(whole(1)),
        },
        "log": {"columns": required(_points()), "habits": required(_points())},
        "all-clear": {
            "conditions": required(_points()),
            "closing": required(_points()),
            "mentions_percent": required(whole(100)),
        },
        "post-mortem": {"sections": required(_points()), "check_after_days": required(list_of(whole(1), least=1))},
        "drill": {"minutes": required(whole(1)), "steps": required(_points(minute=required(whole())))},
        "live-gate": {
            "questions": required(_points(vital=optional(boolean, False))),
            "no_go": required(_points()),
            "outcomes": required(_points(from_score=required(whole()))),
        },
        "cancellation": {
            "reasons": required(_points()),
            "offers": required(_points()),
            "duties": required(_points()),
            "late_within_working_days": required(whole(1)),
        },
    }
    page = pages.get(str(raw.get("slug")), {})
    return _sourced(known, {"slug": required(one_of(pages)), "summary": required(bilingual), **page})


CHOOSING_LEVEL = "level-2"
"""The level at which whoever declares it chooses what is held."""


def _level(role: Check, level: str) -> dict[str, Key]:
    """A crisis level. What is left out does not exist at that level: no hold, no statement, no delay."""
    scopes = [scope for scope in HOLD_SCOPES if scope != "chosen" or level == CHOOSING_LEVEL]
    clock_time = matching(r"([01]\d|2[0-3]):[0-5]\d", "16:00")
    rhythm = table(
        {
            "every_minutes": optional(whole(1)),
            "at": optional(list_of(clock_time, least=1)),
            "since": optional(clock_time),
            "until": optional(clock_time),
            "for_hours": optional(whole(1)),
            "working_days": optional(boolean, False),
            "internal": optional(boolean, False),
        }
    )

    def with_hours(value: Any, place: Place) -> Any:
        before = len(place.report.problems)
        checked = rhythm(value, place)
        if len(place.report.problems) == before:
            if "every_minutes" not in checked and "at" not in checked:
                place.child("every_minutes").complain(_("%(key)s is missing: say how often, or at which hours"))
            since, until = checked.get("since", ""), checked.get("until", "")
            if bool(since) != bool(until) or since > until:
                place.child("until").complain(_("%(key)s: a rhythm that rests has two hours, the earlier one first"))
        return checked

    return {
        "number": required(whole()),
        "triggers": required(_points()),
        "hold": required(one_of(scopes)),
        "hold_text": required(bilingual),
        "statement_text": required(bilingual),
        "statement_minutes": optional(whole(1)),
        "draft_working_hours": optional(whole(1)),
        "rhythm_text": required(bilingual),
        "rhythm": optional(list_of(with_hours), []),
        "declared_by": optional(list_of(role), []),
        "declared_by_text": required(bilingual),
        "delay_percent": optional(whole(1)),
        "reviewed_by": optional(list_of(role), []),
        "legal_minutes": optional(whole(1)),
        "quiet_hours": optional(whole(1)),
        "post_mortem_working_days": optional(whole(1)),
    }


# ---- the audit with leaders

AUDIT = "assessment"
ASSESSMENT_PAGES = ("reading", "conversation", "pre-check", "barriers", "next-steps")
DIMENSIONS = tuple("ABCDEF")
ANSWER_SCALES = ("common", "who", "everyone")
FACT_ANSWERS = ("boolean", "date")


def _question(known: Known) -> Check:
    return table(
        {
            "id": required(question_id),
            "version": required(whole(1)),
            "title": required(bilingual),
            "dimension": required(one_of(DIMENSIONS)),
            "scale": required(one_of(ANSWER_SCALES)),
            "evidence": required(bilingual),
            "follow_up": required(bilingual),
            "not_applicable": required(boolean),
            "origin": required(one_of(("corpus", "house"))),
            "source": required(list_of(_theme(known))),
            "advice": required(list_of(_in_register(known))),
        }
    )


def _stage(known: Known) -> Check:
    """A stage, and what must all hold to reach it: the index, a dimension or a question is at least so much."""
    condition = table(
        {
            "measure": required(one_of(("index", *DIMENSIONS, *known.acting["question"]))),
            "at_least": required(_up_to_a_hundred),
        }
    )
    return _sourced(
        known,
        {
            "number": required(whole(1)),
            "summary": required(bilingual),
            "audit_again_months": required(whole(1)),
            "conditions": optional(list_of(condition), []),
        },
    )


def _up_to_a_hundred(value: Any, place: Place) -> Any:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 100:
        place.complain(_("%(key)s must be a number from 0 to 100"))
    return value


def _audit(known: Known, page: str) -> Check:
    """The schema of one page of the audit."""
    role = one_of(known.roles)
    pages: dict[str, dict[str, Key]] = {
        "reading": {
            **dict.fromkeys(
                (
                    "evidence_from",
                    "without_evidence_counts",
                    "evidence_months",
                    "provisional_questions",
                    "provisional_respondents",
                    "spread",
                    "weakest",
                ),
                required(whole(1)),
            ),
            "dimensions": required(_list_of_unique(_dimension, "id", least=len(DIMENSIONS))),
            "scales": required(_list_of_unique(_scale, "slug", least=len(ANSWER_SCALES))),
            "notes": required(_points()),
        },
        "conversation": {
            **dict.fromkeys(("minutes_least", "minutes_most", "leaders_least", "leaders_most"), required(whole(1))),
            "points": required(_points()),
        },
        "pre-check": {"facts": required(_points(answer=required(one_of(FACT_ANSWERS))))},
        "barriers": {"barriers": required(_points())},
        "next-steps": {
            "at_most": required(whole(1)),
            "reminder": required(one_of(known.profiles)),
            "steps": required(
                _points(
                    stage=required(one_of(known.acting["stage"])),
                    role=required(role),
                    within=required(whole(1)),
                    only_if_regulated=optional(boolean, False),
                    templates=optional(list_of(one_of(known.acting["template"])), []),
                    checklists=optional(list_of(one_of(known.acting["checklist"])), []),
                    cadences=optional(list_of(one_of(known.acting["cadence"])), []),
                )
            ),
        },
    }
    return _sourced(known, {"slug": required(one_of(pages)), "summary": required(bilingual), **pages.get(page, {})})


_dimension = table({"id": required(one_of(DIMENSIONS)), "title": required(bilingual), "text": required(bilingual)})
_scale = table(
    {
        "slug": required(one_of(ANSWER_SCALES)),
        "title": required(bilingual),
        "grades": required(list_of(bilingual, least=5)),
    }
)


# ---- tasks


@dataclass(frozen=True)
class _Asked:
    """What a template asks: its fields, with the values of those that are chosen from a list, and those with a date."""

    choices: Mapping[str, Collection[str]]
    dates: Collection[str]


def _asked(fields: Sequence[Mapping[str, Any]]) -> _Asked:
    return _Asked(
        choices={str(entry.get("key")): _column(entry.get("choices"), "value") for entry in fields},
        dates=[str(entry.get("key")) for entry in fields if entry.get("type") in DATE_TYPES],
    )


def _task_keys(known: Known, asked: _Asked) -> dict[str, Check]:
    return {
        "title": bilingual,
        "why": bilingual,
        "verb": bilingual,
        "roles": list_of(one_of(known.roles), least=1),
        "offset": _offset(asked.dates),
        "condition": _condition(asked.choices),
        "blocking": one_of(BLOCKED_STATUSES),
        "minutes": whole(1),
        "reminder": one_of(known.profiles),
        "counts": boolean,
        "checklist": list_of(bilingual),
        "repeat": readable_by(parse_task_repeat),
    }


_TASK_DEFAULTS: dict[str, Any] = {"condition": "", "blocking": "", "counts": False, "checklist": [], "repeat": ABSENT}


def _task(known: Known, asked: _Asked, key: Check = task_key) -> Check:
    checks = _task_keys(known, asked)
    return table(
        {
            "key": required(key),
            **{
                name: optional(check, _TASK_DEFAULTS[name]) if name in _TASK_DEFAULTS else required(check)
                for name, check in checks.items()
            },
        }
    )


def _added_task(known: Known, asked: _Asked, chain: Collection[str]) -> Check:
    def new_key(value: Any, place: Place) -> Any:
        if value in chain:
            place.complain(_("%(key)s: “%(value)s” is a task of the workflow already: override it"), value=value)
        return task_key(value, place)

    return _task(known, asked, new_key)


def _changed_task(known: Known, asked: _Asked, chain: Collection[str]) -> Check:
    checks = _task_keys(known, asked)
    return table({"key": required(one_of(chain)), **{name: optional(check) for name, check in checks.items()}})


def _offset(dates: Collection[str]) -> Check:
    """An offset of the grammar, from a date field only if there is one of that name."""

    def read_offset(value: str) -> None:
        offset = parse_offset(value)
        if offset.is_from_field and offset.anchor not in dates:
            raise BadOffset(_("“%(offset)s” is counted from a field that is not a date asked for.") % {"offset": value})

    return readable_by(read_offset)


def _condition(choices: Mapping[str, Collection[str]]) -> Check:
    """A flag of the post, an answer to one of the template's fields, or a choice in it."""

    def check(value: Any, place: Place) -> Any:
        before = len(place.report.problems)
        readable_by(parse_condition)(value, place)
        if len(place.report.problems) == before:
            fact, wanted, _negated = parse_condition(value)
            if not (fact in (*FLAGS, *choices) if wanted is None else wanted in choices.get(fact, ())):
                place.complain(_("%(key)s: the condition “%(value)s” is unknown"), value=value)
        return value

    return check


# ---- fields, body, example


def _field() -> Check:
    choice = table({"value": required(slug), "label": required(bilingual)})
    check = table(
        {
            "key": required(word),
            "label": required(bilingual),
            "type": required(one_of(FIELD_TYPES)),
            "required": optional(boolean, False),
            "must_hold": optional(boolean, False),
            "help": required(bilingual),
            "choices": optional(_list_of_unique(choice, "value"), []),
            "max": optional(whole(1)),
            "min_items": optional(whole(1)),
            "max_items": optional(whole(1)),
        }
    )

    def with_choices(value: Any, place: Place) -> Any:
        """And only what must be answered by yes or no can have to be a yes."""
        asks_yes_or_no = isinstance(value, dict) and value.get("type") == "boolean" and value.get("required") is True
        if isinstance(value, dict) and value.get("must_hold") is True and not asks_yes_or_no:
            place.child("must_hold").complain(_("%(key)s: only a yes or no that needs an answer can have to be a yes"))
        if isinstance(value, dict) and (value.get("type") in CHOICE_TYPES) != ("choices" in value):
            place.child("choices").complain(_("%(key)s: exactly the fields that are chosen from a list have choices"))
        return check(value, place)

    return with_choices


def _block(fields: Collection[str]) -> Check:
    return table(
        {
            "key": required(word),
            "heading": required(bilingual),
            "prompt": required(bilingual),
            "min_words": optional(whole(0), 0),
            "max_words": optional(whole(1)),
            "from_fields": optional(list_of(one_of(fields)), []),
        }
    )


def _example(raw: Mapping[str, Any]) -> Check:
    """A filled template in one language: every required field, every block, own texts of its channels, nothing else."""
    fields = {entry["key"]: entry for entry in _tables(raw.get("fields")) if isinstance(entry.get("key"), str)}
    blocks = _column(raw.get("body"), "key")
    channels = [slug for slug in raw.get("default_channels") or () if isinstance(slug, str)]
    document = table(
        {"label": required(text), "url": optional(text), "document": optional(text), "read_on": required(day)}
    )
    return table(
        {
            **dict.fromkeys(EXAMPLE_TEXTS, required(text)),
            "fields": required(
                table(
                    {
                        key: (required if entry.get("required") else optional)(_answer(entry))
                        for key, entry in fields.items()
                    }
                )
            ),
            "body": required(table({key: required(text) for key in blocks})),
            "channel_texts": optional(table(dict.fromkeys(channels, optional(text))), {}),
            "sources": optional(list_of(document), []),
        }
    )


EXAMPLE_TEXTS = ("title", "audience", "objective", "business_objective", "success_measure", "key_question")


def _answer(entry: Mapping[str, Any]) -> Check:
    """What an example may hold for a field of this type."""
    chosen = one_of(_column(entry.get("choices"), "value"))
    by_type: dict[str, Check] = {
        "list": list_of(text, least=1),
        "people": list_of(text, least=1),
        "multichoice": list_of(chosen, least=1),
        "choice": chosen,
        "boolean": boolean,
        "number": whole(),
        "date": day,
        "datetime": wall_time,
    }
    return by_type.get(str(entry.get("type")), text)

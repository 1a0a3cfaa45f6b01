"""A spreadsheet brought in: which column says what, and what each line would make. Pure.

Nothing is guessed: what can be read in two ways is a fault, said beside its cell. Start with `read_line`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from planner.base import wording, written
from planner.base.errors import Invalid
from planner.base.language import in_both
from planner.base.tables import TOP
from planner.base.worktime import WorkingCalendar
from planner.base.written import folded
from planner.posts.rules import Intent, WallTime

KEPT_DAYS = 7
"""So long a spreadsheet waits to be brought in, or mended, before its words are forgotten. A house default."""

USUAL_HOUR = time(10)
"""Where a day is given without an hour, as the page of a new post does."""


class Column(TextChoices):
    TITLE = "title", gettext_lazy("Title")
    DAY = "day", gettext_lazy("Day")
    HOUR = "hour", gettext_lazy("Hour")
    ZONE = "zone", gettext_lazy("Time zone")
    CHANNELS = "channels", gettext_lazy("Channels")
    TEMPLATE = "template", gettext_lazy("Template")
    AUTHOR = "author", gettext_lazy("Author")
    TEXT = "text", gettext_lazy("Text")
    REMARK = "remark", gettext_lazy("Remark")
    INTENT = "intent", gettext_lazy("Intent")
    LANGUAGE = "language", gettext_lazy("Language")
    INITIATIVE = "initiative", gettext_lazy("Initiative")
    STATE = "state", gettext_lazy("State")
    ADDRESS = "address", gettext_lazy("Address")
    MEND = "mend", gettext_lazy("What to mend")


NOT_TAKEN = (Column.STATE, Column.ADDRESS)
"""What our own export says and nobody may bring in: a state is reached by people, an address by appearing."""

_HEADINGS: dict[Column, str] = {
    Column.TITLE: "titre, title, sujet, subject, topic, intitule, nom, name, headline",
    Column.DAY: "jour, day, date, quand, when, parution, date de parution, date de publication, jour de parution, "
    "date de diffusion, date prevue, publication date, publish date, publishing date, date of publication, planned for",
    Column.HOUR: "heure, hour, time, horaire, heure de parution, heure de publication, publication time, publish time",
    Column.ZONE: "fuseau horaire, fuseau, time zone, timezone",
    Column.CHANNELS: "canal, canaux, channel, channels, support, supports, reseau, reseaux, reseau social, "
    "reseaux sociaux, plateforme, plateformes, platform, platforms, network, networks, media, medias",
    Column.TEMPLATE: "modele, template, gabarit, modele de contenu",
    Column.AUTHOR: "auteur, autrice, auteur·rice, auteur/autrice, auteur.e, author, owner, responsable, redacteur, "
    "redactrice, redaction, writer, qui, who, pilote, porteur, assigned to, redige par, written by",
    Column.TEXT: "texte, text, corps, body, contenu, content, copy, caption, legende, message, post text",
    Column.REMARK: "remarque, remarques, remark, remarks, brief, note, notes, commentaire, commentaires, comment, "
    "comments, description, consigne, consignes, precisions",
    Column.INTENT: "intention, intent",
    Column.LANGUAGE: "langue, language, lang",
    Column.INITIATIVE: "initiative, campagne, campaign, projet, project",
    Column.STATE: "etat, state, statut, status",
    Column.ADDRESS: "adresse, address, url, lien, link",
    Column.MEND: "a corriger, what to mend",
}
_COLUMN_OF = {name: column for column, names in _HEADINGS.items() for name in names.split(", ")}
_ASIDE = re.compile(r"\([^)]*\)|[:*?]|\bn°")

Columns = Mapping[Column, int]
"""Where each column stands, the first counted 0."""


def columns_of(heads: Sequence[str]) -> dict[Column, int]:
    """What each heading means; the first of two that mean the same counts."""
    found: dict[Column, int] = {}
    for place, head in enumerate(heads):
        column = _COLUMN_OF.get(folded(_ASIDE.sub(" ", head)))
        if column is not None:
            found.setdefault(column, place)
    return found


def known_in(rows: Sequence[Sequence[str]]) -> int:
    """How many headings are understood in the row that has most of them; a row with a title goes first."""
    return max((_weight(row) for row in rows), default=0)


def _weight(row: Sequence[str]) -> int:
    columns = columns_of(row)
    return len(columns) + (len(Column) if Column.TITLE in columns else 0)


def heading_row(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows holds the headings. Raises `Invalid`, in words, when none names a title."""
    top = rows[:TOP]
    weights = [_weight(row) for row in top]
    best = max(weights, default=0)
    if best < len(Column):
        first = next((row for row in top if any(row)), [])
        raise Invalid(
            _("No column is called “Title”. The first line of this file reads: %(heads)s. Name the columns, or start "
              "from our file.") % {"heads": ", ".join(one for one in first[:12] if one) or "—"}
        )  # fmt: skip
    return weights.index(best)


# ---- what a cell may name


@dataclass(frozen=True)
class Names:
    """Things of a workspace that a cell may name: the words that it shows for each, and all the names each goes by."""

    shown: Mapping[int, str]
    names: Mapping[int, frozenset[str]]

    def find(self, words: str) -> list[int]:
        """Those of exactly this name; with none, those of whose name these are words: one, if it is clear."""
        wanted = folded(words)
        exact = [pk for pk, names in self.names.items() if wanted in names]
        if exact:
            return exact
        pieces = _pieces(wanted)
        return [pk for pk, names in self.names.items() if pieces and any(pieces <= _pieces(one) for one in names)]


def named(things: Iterable[tuple[int, str, Iterable[str]]]) -> Names:
    """From `(key, words shown, other names)`."""
    rows = [(pk, shown, others) for pk, shown, others in things]
    every = {pk: frozenset(folded(one) for one in (shown, *others) if one) for pk, shown, others in rows}
    return Names({pk: shown for pk, shown, _others in rows}, every)


@lru_cache(maxsize=4096)
def _pieces(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", words))


@dataclass(frozen=True)
class Known:
    """What lines are read against."""

    calendar: WorkingCalendar
    now: datetime
    first: str
    """See `written.DAY_FIRST`."""
    languages: Sequence[str]
    channels: Names
    templates: Names
    people: Names
    initiatives: Names
    closed: Callable[[date], str] = lambda _day: ""
    """Why nothing new is planned on a day; empty when something may be."""
    special: Callable[[date], Sequence[str]] = lambda _day: ()
    """What is to be known of a day: a holiday, a sober day."""


# ---- lines


@dataclass(frozen=True)
class Fault:
    """Why a line cannot come in, beside its cell: what is there, and what to do."""

    column: Column
    sentence: str


@dataclass(frozen=True)
class Line:
    """What one line of the file says. `number` is that of the row in the spreadsheet."""

    number: int
    title: str
    wall: WallTime | None = None
    channels: tuple[int, ...] = ()
    template: int | None = None
    author: int | None = None
    text: str = ""
    remark: str = ""
    intent: str = ""
    language: str = ""
    initiative: int | None = None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def piece(self) -> tuple[Any, ...]:
        """All that it says but the channels: lines that agree in it are one post on several channels."""
        return (
            self.title, self.wall, self.template, self.author, self.text, self.remark, self.intent, self.language,
            self.initiative,
        )  # fmt: skip

    def fault_of(self, column: Column) -> str:
        return next((fault.sentence for fault in self.faults if fault.column == column), "")


@dataclass
class _Reading:
    """One line while it is read: a fault of one cell does not keep the others from being read."""

    cells: Mapping[Column, str]
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def said(self, column: Column) -> str:
        return self.cells.get(column, "")

    def take(self, column: Column, read: Callable[[str], Any], nothing: Any = None) -> Any:
        words = self.said(column)
        if not words:
            return nothing
        try:
            return read(words)
        except Invalid as fault:
            self.faults.append(Fault(column, str(fault)))
            return nothing


def read_line(number: int, cells: Sequence[str], columns: Columns, known: Known) -> Line:
    """What a line would make, with every fault of it."""
    row = _Reading({column: cells[place] for column, place in columns.items() if place < len(cells)})
    return Line(
        number=number,
        title=_title(row),
        wall=_wall(row, known),
        channels=row.take(Column.CHANNELS, lambda words: _channels(words, known.channels), ()),
        template=row.take(Column.TEMPLATE, lambda words: _one(words, known.templates, _NO_TEMPLATE)),
        author=row.take(Column.AUTHOR, lambda words: _one(words, known.people, _NOBODY)),
        text=row.said(Column.TEXT),
        remark=row.take(Column.REMARK, _remark, ""),
        intent=row.take(Column.INTENT, _intent, ""),
        language=row.take(Column.LANGUAGE, lambda words: _language(words, known.languages), known.languages[0]),
        initiative=row.take(Column.INITIATIVE, lambda words: _one(words, known.initiatives, _NO_INITIATIVE)),
        faults=tuple(row.faults),
        warnings=tuple(row.warnings),
    )


_LONGEST_TITLE, _LONGEST_REMARK = 200, 5000


def _title(row: _Reading) -> str:
    title = " ".join(row.said(Column.TITLE).split())
    if not title:
        row.faults.append(Fault(Column.TITLE, _("Give a title, even a provisional one.")))
    if len(title) > _LONGEST_TITLE:
        row.faults.append(Fault(Column.TITLE, _("A title has 200 characters at most.")))
    return title


def _remark(words: str) -> str:
    if len(words) > _LONGEST_REMARK:
        raise Invalid(_("A remark has %(most)s characters at most.") % {"most": _LONGEST_REMARK})
    return words


def _wall(row: _Reading, known: Known) -> WallTime | None:
    """Day and hour on the wall of the workspace; nothing for a line without a day, which waits beside the calendar."""
    day, beside = row.take(Column.DAY, lambda words: written.day_and_hour(words, known.first), (None, None))
    at = row.take(Column.HOUR, written.hour) or beside
    zone = row.take(Column.ZONE, _zone)
    if day is None:
        if at is not None and not row.said(Column.DAY):
            row.faults.append(Fault(Column.DAY, _("There is an hour and no day: give the day, or take the hour away.")))
        return None
    if at is None:
        at = USUAL_HOUR
        if not row.said(Column.HOUR):
            row.warnings.append(_("No hour is given: %(hour)s is taken.") % {"hour": wording.hour(USUAL_HOUR)})
    wall: WallTime | None = row.take(Column.DAY, lambda _words: _moved(WallTime(day, at), zone, known))
    if wall is not None:
        row.take(Column.DAY, lambda _words: _open(wall, known, row.warnings))
    return wall


def _moved(wall: WallTime, zone: ZoneInfo | None, known: Known) -> WallTime:
    """The same instant on the wall of the workspace, when the file gives another zone."""
    if not 1900 < wall.on.year < FARTHEST_YEAR:
        raise Invalid(_("This day is too far away."))
    if zone is None or zone.key == known.calendar.zone:
        return wall
    here = known.calendar.local(datetime.combine(wall.on, wall.at, zone).astimezone(UTC))
    return WallTime(here.date(), here.time())


FARTHEST_YEAR = 2100


def _open(wall: WallTime, known: Known, warnings: list[str]) -> None:
    """May something new be planned there? What is to be known of the day is added to the warnings."""
    if known.calendar.at(wall.on, wall.at) <= known.now:
        raise Invalid(_("A post cannot be planned into the past: choose an hour to come."))
    closed = known.closed(wall.on)
    if closed:
        raise Invalid(closed)
    warnings.extend(known.special(wall.on))


def _zone(words: str) -> ZoneInfo:
    try:
        return ZoneInfo(words)
    except (KeyError, ValueError, OSError):  # no such name, or that of a folder
        raise Invalid(
            _("“%(words)s” is no time zone that is known: write it such as Europe/Paris, or leave it out.")
            % {"words": words}
        ) from None


_AND = re.compile(r"[;,|/+&\n]| et | and ")
_NAMED = 12

_NO_CHANNEL = gettext_lazy("No channel in use is called “%(words)s”. There are: %(known)s.")
_NO_TEMPLATE = gettext_lazy("No template is called “%(words)s”. There are: %(known)s. Leave it empty to have none.")
_NOBODY = gettext_lazy("Nobody here is called “%(words)s”. There are: %(known)s. Leave it empty to be the author.")
_NO_INITIATIVE = gettext_lazy(
    "No initiative is called “%(words)s”. There are: %(known)s. Open it first, or leave it out."
)
_SEVERAL = gettext_lazy("“%(words)s” may be several: %(known)s. Write the whole name.")


def _one(words: str, names: Names, unknown: Any) -> int:
    found = names.find(words)
    if len(found) == 1:
        return found[0]
    sentence, listed = (_SEVERAL, found) if found else (unknown, list(names.shown))
    more = ["…"] if len(listed) > _NAMED else []
    known = [names.shown[pk] for pk in listed[:_NAMED]] + more
    raise Invalid(str(sentence) % {"words": words, "known": " · ".join(known) or "—"})


def _channels(words: str, names: Names) -> tuple[int, ...]:
    """One name, or several with commas, semicolons, slashes or "and" between them."""
    whole = names.find(words)
    if len(whole) == 1:
        return tuple(whole)
    parts = [part.strip() for part in _AND.split(words) if part.strip()]
    return tuple(dict.fromkeys(_one(part, names, _NO_CHANNEL) for part in parts))


@lru_cache(maxsize=1)
def _intents() -> dict[str, str]:
    labels = {folded(words): one.value for one in Intent for words in in_both(one.label).values()}
    return {**labels, **{value: value for value in Intent.values}}


def _intent(words: str) -> str:
    found = _intents().get(folded(words))
    if found is None:
        known = ", ".join(str(label) for label in Intent.labels)
        raise Invalid(_("“%(words)s” is no intent. There are: %(known)s.") % {"words": words, "known": known})
    return found


_SPOKEN = {"fr": "fr", "francais": "fr", "french": "fr", "en": "en", "anglais": "en", "english": "en"}


def _language(words: str, languages: Sequence[str]) -> str:
    found = _SPOKEN.get(folded(words), "")
    if found not in languages:
        raise Invalid(_("Choose one of the languages of the workspace: %(known)s.") % {"known": ", ".join(languages)})
    return found


def day_warnings(day: date, feast: str | None, sober: Sequence[str]) -> list[str]:
    """What is to be known of a day on which something would appear: it stops nothing. `sober` are sentences."""
    holiday = _("%(day)s is a holiday: %(name)s.") % {"day": wording.day(day), "name": feast}
    return [*([holiday] if feast else []), *sober]


# ---- all the lines together


class Verdict(TextChoices):
    NEW = "new", pgettext_lazy("line of a spreadsheet", "will be made")
    JOINS = "joins", pgettext_lazy("line of a spreadsheet", "one more channel")
    HERE = "here", pgettext_lazy("line of a spreadsheet", "here already")
    TWIN = "twin", pgettext_lazy("line of a spreadsheet", "twice in this file")
    MEND = "mend", pgettext_lazy("line of a spreadsheet", "to mend")


@dataclass(frozen=True)
class Judged:
    """A line, what becomes of it, and the number of the earlier line that it repeats or goes with."""

    line: Line
    verdict: Verdict
    other: int | None = None


GOOD = (Verdict.NEW, Verdict.JOINS)
"""What comes in without being asked for."""

MOST_WITH_TEMPLATE = 300
"""Lines that name a template, in one act: each makes a dozen pieces of work and their reminders."""


def too_much(lines: Iterable[Line]) -> str:
    """Why so many lines cannot come in at once; empty when they can."""
    count = sum(line.template is not None for line in lines)
    if count <= MOST_WITH_TEMPLATE:
        return ""
    return _(
        "%(count)s lines name a template, and each makes a dozen pieces of work: at most %(most)s come in at once. Cut "
        "the file in parts."
    ) % {"count": count, "most": MOST_WITH_TEMPLATE}


Stands = Callable[[Line], bool]


def judge(lines: Iterable[Line], is_here: Stands) -> list[Judged]:
    """What becomes of each line, in their order."""
    seen: dict[tuple[Any, ...], tuple[int, set[int]]] = {}
    made: dict[tuple[Any, ...], int] = {}
    found = []
    for line in lines:
        if line.faults:
            found.append(Judged(line, Verdict.MEND))
            continue
        number, channels = seen.setdefault(line.piece, (line.number, set()))
        if number != line.number and channels >= set(line.channels):
            found.append(Judged(line, Verdict.TWIN, number))
            continue
        channels.update(line.channels)
        if is_here(line):
            found.append(Judged(line, Verdict.HERE))
        elif line.piece in made:
            found.append(Judged(line, Verdict.JOINS, made[line.piece]))
        else:
            made[line.piece] = line.number
            found.append(Judged(line, Verdict.NEW))
    return found


def pieces(judged: Iterable[Judged], *, again: bool) -> list[Line]:
    """The posts to make: lines that agree in all but their channel are one. `again`: those that are here too."""
    wanted = {*GOOD, *((Verdict.HERE,) if again else ())}
    gathered: dict[tuple[Any, ...], list[Line]] = {}
    for one in judged:
        if one.verdict in wanted:
            gathered.setdefault(one.line.piece, []).append(one.line)
    return [_together(lines) for lines in gathered.values()]


def _together(lines: Sequence[Line]) -> Line:
    if len(lines) == 1:
        return lines[0]
    channels = dict.fromkeys(channel for line in lines for channel in line.channels)
    return Line(**{**vars(lines[0]), "channels": tuple(channels)})


def told(post: int, line: Line) -> dict[str, Any]:
    """What a spreadsheet remembers of a post that it made."""
    on = line.wall.on.isoformat() if line.wall else None
    return {"post": post, "title": line.title, "on": on, "channels": list(line.channels)}


def mark_of(judged: Iterable[Judged]) -> list[Any]:
    """What a preview promised, without its words: the same in every language, to be digested."""
    return [
        [
            one.line.number, one.verdict.value, one.line.title, str(one.line.wall), list(one.line.channels),
            one.line.template, one.line.author, one.line.intent, one.line.language, one.line.initiative,
        ]
        for one in judged
    ]  # fmt: skip

"""Who may do what: one table. Who stands in for whom, which places and holidays we know. Pure, no database."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Generic, TypeVar

from django.db.models import IntegerChoices, TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, Words
from planner.base.holidays import public_holidays


class Level(TextChoices):
    """Access levels. Approving and signing never come from here, only from editorial roles."""

    READER = "reader", _("Reader")
    CONTRIBUTOR = "contributor", _("Contributor")
    PLANNER = "planner", _("Planner")
    MANAGER = "manager", _("Manager")


class EditorialRole(TextChoices):
    """The roles of the playbook: who does what in a text's life."""

    AUTHOR = "author", _("Author (subject owner)")
    EXPERT = "expert", _("Expert")
    EDITOR = "editor", _("Editor")
    COMMUNITY = "community", _("Community manager")
    ANSWERER = "answerer", _("Named answerer")
    DEPUTY = "deputy", _("Deputy answerer")
    LEGAL = "legal", _("Legal and compliance")
    APPROVER = "approver", _("Communications director")
    SPOKESPERSON = "spokesperson", _("Spokesperson")
    LEADER = "leader", _("Leader")
    ANALYST = "analyst", _("Analyst")
    CRISIS_LEAD = "crisis_lead", _("Crisis lead")
    CRISIS_DEPUTY = "crisis_deputy", _("Crisis deputy")
    LOG_KEEPER = "log_keeper", _("Log keeper")


class Act(TextChoices):
    """What a member may do by access level."""

    READ = "read", _("Read everything of the workspace")
    COMMENT = "comment", _("Comment, complete one’s own work")
    WRITE = "write", _("Write texts, answer questions, add files")
    PROPOSE = "propose", _("Propose a post without a date")
    PLAN = "plan", _("Plan, move and cancel posts, hand out work")
    RECORD = "record", _("Record a publication")
    MANAGE_PEOPLE = "manage_people", _("Invite people, give levels and roles")
    MANAGE_SETTINGS = "manage_settings", _("Change settings, channels and holidays")
    MANAGE_DELIVERY = "manage_delivery", _("Pause delivery, settle reminders in doubt")


_READER = frozenset({Act.READ})
_CONTRIBUTOR = _READER | {Act.COMMENT, Act.WRITE, Act.PROPOSE}
_PLANNER = _CONTRIBUTOR | {Act.PLAN, Act.RECORD}
_MANAGER = _PLANNER | {Act.MANAGE_PEOPLE, Act.MANAGE_SETTINGS, Act.MANAGE_DELIVERY}

MAY: dict[str, frozenset[Act]] = {
    Level.READER: _READER,
    Level.CONTRIBUTOR: _CONTRIBUTOR,
    Level.PLANNER: _PLANNER,
    Level.MANAGER: _MANAGER,
}


def may(level: str, act: Act) -> bool:
    """Does this access level allow the act?"""
    return act in MAY[level]


# ---- levels that open the admin ----------------------------------------------------

ADMIN_LEVELS = (Level.PLANNER, Level.MANAGER)
"""Whoever plans or manages somewhere may enter `/admin/`; what they find there is their own workspaces."""

FOUNDER_ROLES = (EditorialRole.EDITOR, EditorialRole.APPROVER, EditorialRole.AUTHOR, EditorialRole.ANSWERER)
"""What the person who opens a workspace holds, until colleagues come."""


# ---- sectors -------------------------------------------------------------------------


class Sector(TextChoices):
    """Packs of regulated words; none is on unless somebody says so."""

    FINANCE = "finance", _("Bank and finance")
    INSURANCE = "insurance", _("Insurance")
    HEALTH = "health", _("Health")
    CHILDREN = "children", _("Children")
    ENVIRONMENT = "environment", _("Environment")
    EMPLOYMENT = "employment", _("Employment")
    PUBLIC_BODY = "public-body", _("Public body")
    ALCOHOL_GAMBLING = "alcohol-gambling", _("Alcohol and gambling")


# ---- channels --------------------------------------------------------------------------


class Pace(IntegerChoices):
    """How often something appears on a channel at least, in days."""

    DAY = 1, _("every day")
    HALF_WEEK = 4, _("twice a week")
    WEEK = 7, _("every week")
    FORTNIGHT = 14, _("every two weeks")
    MONTH = 31, _("every month")
    QUARTER = 92, _("every quarter")


class ChannelStage(TextChoices):
    """How far we are with a channel: we listen before we speak, and try one at a time."""

    LISTENING = "listening", _("listening")
    READY = "ready", _("ready")
    TESTING = "testing", _("trying it out")
    REGULAR = "regular", _("regular")
    COMMUNITY = "community", _("community")


LEAST_DAYS = {ChannelStage.READY: 30, ChannelStage.REGULAR: 60}
"""Days spent in the stage before: a month of listening, two months of trying. House defaults."""

MOST_TESTED = 2
"""Channels tried out at one time: one, or two when the director allows the second."""


def may_reach(stage: str, wanted: str, *, days: int, tested: int, by_director: bool) -> Words:
    """Why a channel may not go to this stage yet, in words; empty when it may. Back is always allowed.

    `days` are those spent in its stage, `tested` the other channels that are being tried out.
    """
    order = list(ChannelStage)
    step = order.index(ChannelStage(wanted)) - order.index(ChannelStage(stage))
    if step > 1:
        return _("One step after the other: the next stage is “%(stage)s”.") % {
            "stage": order[order.index(ChannelStage(stage)) + 1].label
        }
    least = LEAST_DAYS.get(ChannelStage(wanted), 0) if step == 1 else 0
    if least and days < least:
        return _("It has been in this stage for %(days)s days: the next one comes after %(least)s.") % {
            "days": days, "least": least,
        }  # fmt: skip
    if step == 1 and wanted == ChannelStage.TESTING and tested >= (MOST_TESTED if by_director else 1):
        return _("One channel is tried out at a time; the communications director may allow a second.")
    return ""


CHANNEL_LIMITS: Mapping[str, Words] = {
    "body_hard": _("Text: most that is accepted there"),
    "body_advised": _("Text: most that is advised"),
    "body_advised_words_min": _("Text: fewest words advised"),
    "body_advised_words_max": _("Text: most words advised"),
    "title_hard": _("Title: most characters accepted"),
    "title_advised": _("Title: most characters advised"),
    "alt_max": _("Description of an image: most characters"),
    "hashtags_advised": _("Hashtags: most that are advised"),
}
"""The limits that a channel may have; a missing one is not enforced."""


class Count(TextChoices):
    """How the length of a text is counted."""

    CHARS = "chars", _("in characters")
    GRAPHEMES = "graphemes", _("in signs: an emoji is one")
    X = "x", _("as on X: a link is 23, an emoji is 2")
    GSM = "gsm", _("as a text message")
    WORDS = "words", _("in words")


# ---- places ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A country or region that the first page offers: its public holidays are known, its clock is set."""

    country: str
    region: str
    name: Words
    zone: str

    @property
    def code(self) -> str:
        return f"{self.country}-{self.region}" if self.region else self.country


_CANTONS = {
    "AG": _("Aargau"), "AI": _("Appenzell Innerrhoden"), "AR": _("Appenzell Ausserrhoden"), "BE": _("Bern"),
    "BL": _("Basel-Landschaft"), "BS": _("Basel-Stadt"), "FR": _("Fribourg"), "GE": _("Geneva"), "GL": _("Glarus"),
    "GR": _("Graubünden"), "JU": _("Jura"), "LU": _("Lucerne"), "NE": _("Neuchâtel"), "NW": _("Nidwalden"),
    "OW": _("Obwalden"), "SG": _("St. Gallen"), "SH": _("Schaffhausen"), "SO": _("Solothurn"), "SZ": _("Schwyz"),
    "TG": _("Thurgau"), "TI": _("Ticino"), "UR": _("Uri"), "VD": _("Vaud"), "VS": _("Valais"), "ZG": _("Zug"),
    "ZH": _("Zurich"),
}  # fmt: skip

PLACES: dict[str, Place] = {
    place.code: place
    for place in (
        Place("FR", "", _("France"), "Europe/Paris"),
        Place("FR", "57", _("France, Moselle"), "Europe/Paris"),
        Place("FR", "6AE", _("France, Alsace"), "Europe/Paris"),
        Place("FR", "971", _("France, Guadeloupe"), "America/Guadeloupe"),
        Place("FR", "972", _("France, Martinique"), "America/Martinique"),
        Place("FR", "973", _("France, French Guiana"), "America/Cayenne"),
        Place("FR", "974", _("France, Réunion"), "Indian/Reunion"),
        Place("FR", "976", _("France, Mayotte"), "Indian/Mayotte"),
        Place("BE", "", _("Belgium"), "Europe/Brussels"),
        Place("LU", "", _("Luxembourg"), "Europe/Luxembourg"),
        Place("CA", "QC", _("Québec"), "America/Toronto"),
        *(
            Place(
                "CH", code, format_lazy("{country}, {canton}", country=_("Switzerland"), canton=name), "Europe/Zurich"
            )
            for code, name in _CANTONS.items()
        ),
    )
}


def place_of(country: str, region: str) -> Place:
    """The offered place, or the country with an unknown region: raises `Invalid` in words."""
    place = PLACES.get(f"{country}-{region}" if region else country)
    if place is None:
        raise Invalid(_("Choose a place of the list: its public holidays are known."), field="place")
    return place


def official_language_of(country: str, region: str) -> str:
    """The language that the law wants in every text: French in Québec, none elsewhere."""
    return "fr" if (country, region) == ("CA", "QC") else ""


# ---- who does what on which day -----------------------------------------------------------


@dataclass(frozen=True)
class Assigned:
    """A member who holds a role, and the second person, if any. Given in the order of `position`."""

    role: str
    person_id: int
    second_id: int | None = None


@dataclass(frozen=True)
class Away:
    """A member's absence, both days included."""

    member_id: int
    starts_on: date
    ends_on: date


Person = TypeVar("Person")


@dataclass(frozen=True)
class Resolution(Generic[Person]):
    """Who does the work of a role on a day.

    `member` is empty only when the workspace has nobody left. `is_vacant`: nobody holds the role, so the editor (else
    a manager) was taken. `stood_in_for`: the holder who is away that day.
    """

    member: Person | None
    is_vacant: bool = False
    stood_in_for: Person | None = None


@dataclass(frozen=True)
class RoleBook(Generic[Person]):
    """Roles, second persons and absences of one workspace over some days, read once and asked often.

    `people` holds the active members by id, in the order of seniority; whoever is not in it is never chosen.
    Absences outside the days for which the book was loaded are not known to it.
    """

    people: Mapping[int, Person]
    managers: Sequence[int] = ()
    assigned: Sequence[Assigned] = ()
    away: Sequence[Away] = ()

    # ---- facts

    def holders(self, role: str) -> list[Person]:
        """All active holders of a role, the first one first."""
        return [self.people[entry.person_id] for entry in self._entries(role)]

    def first(self, role: str) -> Person | None:
        """The first active holder, away or not."""
        return next(iter(self.holders(role)), None)

    def second(self, role: str) -> Person | None:
        """The second person of the first holder."""
        entry = next(iter(self._entries(role)), None)
        return self._person(entry.second_id) if entry else None

    def holds(self, member_id: int, role: str) -> bool:
        """Does this member hold the role, or stand as second person of somebody who does?

        A second person acts with the same right: that is what they are for.
        """
        return member_id in self.people and any(
            member_id in (entry.person_id, entry.second_id) for entry in self._entries(role)
        )

    def is_absent(self, member_id: int, day: date) -> bool:
        return any(one.member_id == member_id and one.starts_on <= day <= one.ends_on for one in self.away)

    # ---- decisions

    def fallback(self, role: str) -> Person | None:
        """Whose the work of `role` is, away or not: its first holder, else the editor, else a manager."""
        return self.first(role) or self.first(EditorialRole.EDITOR) or self._person(next(iter(self.managers), None))

    def member(self, addressee: str) -> Person | None:
        """The active member of `member:<id>`, or whoever the work of a role falls to."""
        kind, _colon, number = addressee.partition(":")
        return self._person(int(number)) if kind == "member" else self.fallback(addressee)

    def resolve(self, role: str, day: date) -> Resolution[Person]:
        """Who does the work of `role` on `day`: holder, second person, other holder, editor, manager, in that order."""
        holder = self.first(role)
        if holder is None:
            return Resolution(self._somebody(day), is_vacant=True)
        chosen = next(self._present(self._line(role), day), None)
        if chosen is None:
            chosen = self._somebody(day, but=holder) or holder
        return Resolution(chosen, stood_in_for=None if chosen is holder else holder)

    def stand_in(self, member_id: int, role: str, day: date) -> Person | None:
        """Who is told instead of this member on `day`: the member when present, else their second person for the role,
        another holder of it, the editor, a manager. When everybody is away, the member; who left counts as away."""
        own = (entry.second_id for entry in self._entries(role, active=False) if entry.person_id == member_id)
        line = chain((member_id,), own, self._line(role))
        return next(self._present(line, day), None) or self._somebody(day) or self._person(member_id)

    # ---- how

    def _entries(self, role: str, *, active: bool = True) -> list[Assigned]:
        return [
            entry for entry in self.assigned if entry.role == role and (not active or entry.person_id in self.people)
        ]

    def _line(self, role: str) -> Iterator[int | None]:
        """Holder, second, next holder, their second, and so on."""
        for entry in self._entries(role):
            yield entry.person_id
            yield entry.second_id

    def _person(self, member_id: int | None) -> Person | None:
        return self.people.get(member_id) if member_id is not None else None

    def _present(self, line: Iterable[int | None], day: date) -> Iterator[Person]:
        for member_id in line:
            person = self._person(member_id)
            if member_id is not None and person is not None and not self.is_absent(member_id, day):
                yield person

    def _somebody(self, day: date, but: Person | None = None) -> Person | None:
        """The editor's line, then the managers: first those who are there, then anybody of them."""
        line = [*self._line(EditorialRole.EDITOR), *self.managers]
        there = self._present(line, day)
        anybody = (person for person in map(self._person, line) if person is not None)
        return next((person for person in chain(there, anybody) if person is not but), None)


# ---- public holidays -------------------------------------------------------------------------


class Holidays(Mapping[date, str]):
    """The closed days of a workspace: the legal list with the organisation's own changes.

    Years are read when they are asked for, so that work in two years' time falls right too. Iterating goes over the
    years of `around` and those asked for since.
    """

    def __init__(
        self,
        country: str,
        region: str,
        *,
        opened: Collection[date] = (),
        closed: Mapping[date, str] | None = None,
        around: Iterable[date] = (),
        language: str = "fr",
    ) -> None:
        self._place = (country, region, language)
        self._opened = frozenset(opened)
        self._closed = dict(closed or {})
        self._years: dict[int, dict[date, str]] = {}
        for year in {day.year for day in around}:
            self._of(year)

    def _of(self, year: int) -> dict[date, str]:
        if year not in self._years:
            country, region, language = self._place
            legal = legal_days(country, region, year, language)
            own = {day: name for day, name in self._closed.items() if day.year == year}
            self._years[year] = {day: name for day, name in sorted({**legal, **own}.items()) if day not in self._opened}
        return self._years[year]

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in self._of(day.year)

    def __getitem__(self, day: date) -> str:
        return self._of(day.year)[day]

    def __iter__(self) -> Iterator[date]:
        return chain.from_iterable(self._years[year] for year in sorted(self._years))

    def __len__(self) -> int:
        return sum(map(len, self._years.values()))


@lru_cache(maxsize=256)
def legal_days(country: str, region: str, year: int, language: str) -> Mapping[date, str]:
    """The public holidays of one year by law, named in `fr` or `en`."""
    return MappingProxyType(public_holidays(country, region, [year], language))


# ---- whose turn it is -----------------------------------------------------------------


def rota(
    days: Iterable[date], people: Sequence[int], last: Mapping[int, date], is_away: Callable[[int, date], bool]
) -> dict[date, int]:
    """Who answers on each day: of those present, whoever had a turn least recently; who never had one comes first.

    `people` in the order of seniority, which settles what is equal; `last` the latest turn of each. A day on which
    everybody is away has nobody.
    """
    latest, turns = dict(last), {}
    for day in sorted(days):
        present = [person for person in people if not is_away(person, day)]
        if present:
            turns[day] = min(present, key=lambda person: latest.get(person, date.min))
            latest[turns[day]] = day
    return turns

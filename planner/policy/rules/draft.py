"""What a rule may know (`Draft`, `Context`) and what it says (`Finding`). All frozen, all plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from planner.base.language import pick
from planner.base.worktime import WorkingCalendar

if TYPE_CHECKING:
    from planner.policy.rules.house import House


class Severity(TextChoices):
    BLOCK = "block", _("Stops it")
    WARN = "warn", _("To look at")
    INFO = "info", _("Good to know")


class Result(TextChoices):
    PASS = "pass", _("Kept")
    FAIL = "fail", _("Not kept")
    NOT_APPLICABLE = "not-applicable", _("Does not apply")
    ERROR = "error", _("Could not be checked")


# ---- the draft ------------------------------------------------------------------------


@dataclass(frozen=True)
class Wording:
    """Title and body (Markdown) in one language."""

    title: str = ""
    body: str = ""

    def __bool__(self) -> bool:
        return bool(self.title.strip() or self.body.strip())


@dataclass(frozen=True)
class Medium:
    """A picture, a video, or another file. `has_words`: captions or a transcript."""

    name: str
    kind: str = "image"
    alt: str = ""
    is_decorative: bool = False
    has_words: bool = False


@dataclass(frozen=True)
class Shown:
    """Somebody shown, and their consent: `given`, `missing` or `withdrawn`; without channels it covers all of them."""

    name: str
    consent: str = "missing"
    expires_on: date | None = None
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Draft:
    """One piece of content as it would go out. People are ids that `Context.people` knows."""

    texts: Mapping[str, Wording] = field(default_factory=dict)
    language: str = "fr"
    channel_texts: Mapping[str, Wording] = field(default_factory=dict)
    """Own texts of channels, by slug in the language of the draft and by `slug/code` in another; a channel without any
    uses the text of the draft."""
    channels: tuple[str, ...] = ()
    template: str = ""
    intent: str = "help"
    audience: str = ""
    objective: str = ""
    success_measure: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    disclosure: str = ""
    """What is said of paid or tied links."""
    media: tuple[Medium, ...] = ()
    people_shown: tuple[Shown, ...] = ()
    is_regulated: bool = False
    sector_packs: frozenset[str] = frozenset()
    """Of the draft itself, beside those of the organisation."""
    is_for_children: bool = False
    is_evergreen: bool = False
    is_signed: bool = False
    """Legal has signed this exact version."""
    review_on: date | None = None
    planned_at: datetime | None = None
    author: int | None = None
    answerer: int | None = None
    deputy: int | None = None
    byline: int | None = None
    """Whoever signs the text, when it is not the one who wrote it."""
    is_byline_leader: bool = False
    drafted_with_help: bool = False
    approved_by: frozenset[int] = frozenset()
    """Who approved this exact version."""
    post: int | None = None
    """Its id, so that it is not compared with itself."""


# ---- what surrounds it --------------------------------------------------------------------


@dataclass(frozen=True)
class ChannelLimits:
    """A channel as R09 and R23 need it; the keys of `limits` are those of the playbook's channels."""

    slug: str
    family: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    count: str = "chars"
    limits: Mapping[str, Any] = field(default_factory=dict)
    captions_required: bool = False


@dataclass(frozen=True)
class Person:
    """A member: active or not, a shared account or not, and the days (both ends included) they are away."""

    id: int
    name: str = ""
    is_active: bool = True
    is_shared: bool = False
    away: tuple[tuple[date, date], ...] = ()

    def is_away(self, day: date) -> bool:
        return not self.is_active or any(first <= day <= last for first, last in self.away)


@dataclass(frozen=True)
class OtherPost:
    """Another post of the organisation. `words` is the set of words of its text, for likeness."""

    post: int
    title: str = ""
    intent: str = "help"
    planned_at: datetime | None = None
    channels: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    is_out: bool = True
    """Published or scheduled; neither held nor cancelled."""


@dataclass(frozen=True)
class Organisation:
    """What the rules must know of whoever publishes."""

    languages: tuple[str, ...] = ("fr",)
    official_language: str = ""
    """The language that may never be missing."""
    sector_packs: frozenset[str] = frozenset()
    public_contacts: frozenset[str] = frozenset()
    """E-mail addresses, phone and account numbers that are public."""
    partners: frozenset[str] = frozenset()
    """Hosts of partners whose links must be disclosed."""


@dataclass(frozen=True)
class Context:
    """All that surrounds a draft. What is not known is left out, and the rules that need it do not apply."""

    house: "House"
    today: date
    organisation: Organisation = field(default_factory=Organisation)
    channels: Mapping[str, ChannelLimits] = field(default_factory=dict)
    people: Mapping[int, Person] = field(default_factory=dict)
    on_duty: frozenset[date] = frozenset()
    """Days on which somebody is on answer duty."""
    calendar: WorkingCalendar | None = None
    other_posts: tuple[OtherPost, ...] = ()
    level: int | None = None
    """Level of the alert that covers this draft, 0 to 4; None when there is none."""
    days_since_all_clear: int | None = None


# ---- what is found --------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """A stretch of a text, in characters of its normal form, and why it counts."""

    place: str
    start: int
    end: int
    excerpt: str
    reason: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """What a rule has to say. `place` is `fr:body`, `en:title`, `channel:<slug>:body` or the name of a field;
    `evidence` lists every stretch that counted, the first of which is `start` to `end`."""

    rule: str
    severity: Severity
    message: Mapping[str, str]
    place: str = ""
    start: int | None = None
    end: int | None = None
    excerpt: str = ""
    result: Result = Result.FAIL
    evidence: tuple[Span, ...] = ()

    def __str__(self) -> str:
        return pick(self.message)

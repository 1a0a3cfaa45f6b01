"""Pure decisions of delivery: states, steps of a profile, when a person may be reached, what is told together, why."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from planner.base import wording
from planner.base.errors import Invalid, Words
from planner.base.language import pick
from planner.base.worktime import LONGEST_CLOSURE, NoWorkingTime, WorkingCalendar
from planner.workspaces.rules import EditorialRole

if TYPE_CHECKING:
    from planner.workspaces.models import Membership


class State(TextChoices):
    PENDING = "pending", _("waiting for its hour")
    LEASED = "leased", _("being delivered")
    PAUSED = "paused", _("paused with its post")
    SENT = "sent", _("sent")
    COLLAPSED = "collapsed", _("told with a later one")
    MISSED = "missed", _("missed")
    SUPERSEDED = "superseded", _("replaced after a move")
    CANCELLED = "cancelled", _("no longer needed")
    DEAD = "dead", _("given up")


OPEN_STATES = (State.PENDING.value, State.LEASED.value)
UNTOLD_STATES = (*OPEN_STATES, State.PAUSED.value)
"""What a move or a completion still closes: a paused row is never claimed, but it is not over."""
REOPENED_STATES = (State.SUPERSEDED.value, State.CANCELLED.value)
"""What a move back may wake up. Never `sent`: nobody is told twice."""


class DeliveryStatus(TextChoices):
    PENDING = "pending", _("waiting")
    SENDING = "sending", _("leaving")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    UNKNOWN = "unknown", _("in doubt")


@dataclass(frozen=True)
class Card:
    """What a reminder says in one language: a verb and a title, why it matters, minutes needed, one link.

    `link` has no host: mails put `PLANNER_URL` before it. `action` is the word on its button.
    """

    what: str
    why: str
    minutes: int
    link: str
    action: str
    lines: tuple[str, ...] = ()
    """What the reader may choose from, such as three suggestions."""
    groups: tuple[Mapping[str, Any], ...] = ()
    """A sheet: `{"title", "lines": [{"what", "when", "link", "note"}]}`; links without host, or empty."""
    part: str = ""
    whole: str = ""
    """`what` in two: a digest groups the parts under their whole, such as the work under the title of its post."""


class Subject(Protocol):
    """What this room asks of a thing that is due. Work items and posts implement it.

    A model may also offer `for_reminders(ids) -> {id: subject}`, which loads many with all that `card` and `person`
    need, so that these ask no query each; `role`, the editorial role that owns the work; and `is_begun`: is some of it
    done? The model of a group may offer `silent_among(ids) -> ids`: those under a hold, whose steps wait.
    """

    pk: Any

    def card(self, language: str) -> Card: ...

    def is_open(self) -> bool: ...

    def person(self, addressee: str) -> "Membership | None": ...


# ---- the steps of a profile -----------------------------------------------------------


@dataclass(frozen=True)
class Offset:
    """How far from the due time: `amount` of `unit`, for days at a local hour.

    Units: `wd` working days and `d` calendar days (both with an hour), `wh` working hours, `h` and `min` by the clock;
    `week` is a day of the week in which the work is due (0 Monday), and `open` the moment at which it is planned.
    """

    amount: int
    unit: str
    at: time | None = None


_OFFSET = re.compile(r"([+-]?\d{1,4})(wd|wh|min|h|d)(?:@(\d{2}):(\d{2}))?")


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OF_THE_WEEK = re.compile(rf"({'|'.join(_WEEKDAYS)})@([01]\d|2[0-3]):([0-5]\d)")


def read_offset(text: str) -> Offset:
    """`-2wd@09:00`, `0d@09:00`, `+4wh`, `-15min`, `mon@08:30`, `open`. Raises `Invalid`, naming what cannot be read."""
    if text == "open":
        return Offset(0, "open")
    if weekday := _OF_THE_WEEK.fullmatch(text):
        return Offset(_WEEKDAYS.index(weekday[1]), "week", time(int(weekday[2]), int(weekday[3])))
    found = _OFFSET.fullmatch(text)
    wrong = Invalid(
        gettext("“%(text)s” does not say when to remind: write -2wd@09:00, +4wh or -15min.") % {"text": text}
    )
    if found is None:
        raise wrong
    amount, unit = int(found[1]), found[2]
    needs_hour = unit in ("wd", "d")
    if needs_hour != (found[3] is not None) or (unit == "wh" and amount < 0):
        raise wrong
    try:
        moment = time(int(found[3]), int(found[4])) if needs_hour else None
    except ValueError:
        raise wrong from None
    return Offset(amount, unit, moment)


@dataclass(frozen=True)
class Step:
    """One message of a profile: to whom, when, and in which tone (`remind`, `copy`, `co-owner`, `call-card`)."""

    key: str
    addressee: str
    at_offset: Offset
    mode: str = "remind"
    title: Mapping[str, str] = field(default_factory=dict, hash=False)
    details: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What else the row must know when it is told: see `details_of`."""


_REPEATING = ("every", "until", "up", "card")


def details_of(step: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a step that its row keeps: `ask` (what to ask by phone), `lines` (what to choose from), `only_if`,
    and for a step that comes again: `every`, `until`, `up` (who gets the call cards), `card` (their title), `to` and
    `title`.
    """
    kept = {name: step[name] for name in ("ask", "lines", "only_if", *_REPEATING) if step.get(name)}
    return kept | {"to": step["to"], "title": dict(step.get("title", {}))} if "every" in kept else kept


def steps_of(profile: Mapping[str, Any]) -> tuple[Step, ...]:
    """The steps of a profile's payload (see `seeds/reminder_profiles.toml`), in their order."""
    return tuple(
        Step(
            key=step["key"],
            addressee=step["to"],
            at_offset=read_offset(step["at"]),
            mode=step.get("mode", "remind"),
            title=step.get("title", {}),
            details=details_of(step),
        )
        for step in profile.get("steps", ())
    )


def quiet_of(profile: Mapping[str, Any]) -> str:
    """The `quiet` of a profile as rows keep it: `always`, `unless-on-duty` or `never`."""
    quiet = profile.get("quiet", True)
    return "unless-on-duty" if quiet == "unless-on-duty" else "always" if quiet else "never"


def moments(
    steps: Iterable[Step], *, work_due_at: datetime, calendar: WorkingCalendar, opened_at: datetime | None = None
) -> list[tuple[Step, datetime]]:
    """The instant of each step, counted from the due time in the organisation's calendar.

    A step of the due day itself never comes after the work is due. `opened_at`: when the work is planned.
    """
    due = work_due_at.astimezone(UTC)
    opened = opened_at.astimezone(UTC) if opened_at else due
    return [
        (step, opened if step.at_offset.unit == "open" else _moment(step.at_offset, due, calendar)) for step in steps
    ]


def _moment(offset: Offset, due: datetime, calendar: WorkingCalendar) -> datetime:
    if offset.at is None:
        if offset.unit == "wh":
            return calendar.add_working_hours(due, offset.amount)
        return due + timedelta(**{"hours" if offset.unit == "h" else "minutes": offset.amount})
    due_day = calendar.local(due).date()
    if offset.unit == "week":
        return calendar.at(due_day + timedelta(days=offset.amount - due_day.weekday()), offset.at)
    days = calendar.shift(due_day, offset.amount) if offset.unit == "wd" else due_day + timedelta(days=offset.amount)
    instant = calendar.at(days, offset.at)
    return min(instant, due) if offset.amount <= 0 else instant


@dataclass(frozen=True)
class Planned:
    """A row to be: its step, its instant, and whether it is told now, later, or with a later one."""

    step: Step
    due_at: datetime
    state: str
    is_late: bool = False
    occurrence: int = 0


@dataclass(frozen=True)
class Asked:
    """One turn of a step that comes again."""

    occurrence: int
    due_at: datetime
    addressee: str
    mode: str
    title: Mapping[str, str] = field(hash=False)


UNANSWERED = 2
"""After so many unanswered messages, the next one is a card for the next person up (A23)."""


def asked_next(
    details: Mapping[str, Any], *, occurrence: int, due_at: datetime, after: datetime, calendar: WorkingCalendar
) -> Asked:
    """The next turn, after `after`, of a step whose turn `occurrence` was due at `due_at`; what passed is skipped.

    The third, sixth... turn is not one more message to the same person, but a call card for the next person up; the
    last one of `up` gets those that follow.
    """
    every = read_offset(details["every"])
    while due_at <= after:
        due_at, occurrence = _moment(every, due_at, calendar), occurrence + 1
    up = details.get("up", ())
    cards, is_message = divmod(occurrence + 1, UNANSWERED + 1)
    if is_message or not up:
        return Asked(occurrence, due_at, details["to"], "remind", details["title"])
    return Asked(occurrence, due_at, up[min(cards, len(up)) - 1], "call-card", details.get("card") or details["title"])


def plan(timed: Sequence[tuple[Step, datetime]], now: datetime) -> list[Planned]:
    """What scheduling makes of the steps: those to come wait; of those past, one is told now.

    The one is the last that goes to the owner: an escalation that nobody was asked about before would be unjust.
    """
    past = [(step, at) for step, at in timed if at <= now]
    asks = [one for one in past if one[0].addressee == "owner"] or past
    told = max(asks, key=lambda one: one[1])[0] if asks else None
    return [
        Planned(step, at, State.PENDING)
        if at > now
        else Planned(step, now, State.PENDING, is_late=step.at_offset.unit != "open")
        if step is told
        else Planned(step, at, State.COLLAPSED)
        for step, at in timed
    ]


# ---- when a person may be reached -------------------------------------------------------

QUIET_FROM, QUIET_TO = time(19, 0), time(7, 30)


@dataclass(frozen=True)
class PersonTime:
    """The recipient's own days and hours: zone, working days, closed days, absences (both days included)."""

    zone: str
    days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    holidays: Mapping[date, str] | Collection[date] = field(default=frozenset(), hash=False)
    absences: tuple[tuple[date, date], ...] = ()
    quiet_from: time = QUIET_FROM
    quiet_to: time = QUIET_TO
    on_duty: bool = False

    def takes_messages_on(self, day: date) -> bool:
        return (
            day.weekday() in self.days
            and day not in self.holidays
            and not any(start <= day <= end for start, end in self.absences)
        )


def permitted_at(instant: datetime, recipient: PersonTime, quiet: str) -> datetime:
    """The first instant, not before the asked one, at which this person may be told; in UTC.

    `quiet`: `always` respects the person's hours and days, `unless-on-duty` does unless they are on duty, `never`
    does not (a crisis). Raises `NoWorkingTime` when ten years hold no such moment.
    """
    instant = instant.astimezone(UTC)
    if quiet == "never" or (quiet == "unless-on-duty" and recipient.on_duty):
        return instant
    zone = ZoneInfo(recipient.zone)
    here = instant.astimezone(zone)
    if _is_heard(here, recipient):
        return instant
    day = here.date()
    for _day in range(LONGEST_CLOSURE):
        if recipient.takes_messages_on(day):
            opening = datetime.combine(day, recipient.quiet_to, tzinfo=zone).astimezone(UTC)
            # A wall time that a clock change skips comes out later, perhaps on another day: it is checked again.
            if opening >= instant and _is_heard(opening.astimezone(zone), recipient):
                return opening
        day += timedelta(days=1)
    raise NoWorkingTime(gettext("There is no hour within ten years at which this person may be told."))


def _is_heard(here: datetime, recipient: PersonTime) -> bool:
    return recipient.quiet_to <= here.time() < recipient.quiet_from and recipient.takes_messages_on(here.date())


# ---- the digest of a morning ----------------------------------------------------------------

COUNTED_AT = time(8, 30)
"""Local hour of the recipient at which all that is due that day is counted."""
MOST_ALONE = 5
"""More than so many are one digest."""
AFTER_THE_COUNT = time(8, 31)
"""What waited through the night leaves a minute to the count."""


def counted_between(zone: str, since: datetime, until: datetime) -> date | None:
    """The day whose count falls into this stretch of time, for people of this zone; the first bound is left out."""
    here = until.astimezone(ZoneInfo(zone))
    for day in (here.date(), here.date() - timedelta(days=1)):
        at = datetime.combine(day, COUNTED_AT, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        if since < at <= until:
            return day
    return None


def day_ends(day: date, zone: str) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def after_the_count(instant: datetime, zone: str) -> datetime:
    """For what may join a digest: not between midnight and the count of the recipient's morning."""
    here = instant.astimezone(ZoneInfo(zone))
    if here.time() >= AFTER_THE_COUNT:
        return instant
    return datetime.combine(here.date(), AFTER_THE_COUNT, tzinfo=here.tzinfo).astimezone(UTC)


# ---- what a person chooses ----------------------------------------------------------------

SHORTEST_HEARING = timedelta(hours=8)
"""How long a person may be told things on a working day, at least: quiet hours are not a way to be told nothing."""


class Kind(TextChoices):
    """What a message is about, as people choose which of them also come by e-mail."""

    WORK = "work", _("Work of mine that falls due")
    ANSWERS = "answers", _("Questions and comments to answer")
    PEOPLE = "people", _("What people hand me, ask me or tell me")
    WEEK = "week", _("My week, on Monday morning")
    MEETING = "meeting", _("The sheet for the editorial meeting, when I am the editor")
    CRISIS = "crisis", _("A crisis")


class Way(TextChoices):
    """Where a workspace is told things, besides its people."""

    CHAT = "chat", _("A chat room")
    WEBHOOK = "webhook", _("A webhook: a program of ours")


CARRIED_KINDS: dict[str, Words] = {
    Kind.CRISIS: Kind.CRISIS.label,
    Kind.ANSWERS: Kind.ANSWERS.label,
    Kind.WORK: _("Work that falls due"),
    Kind.PEOPLE: _("What people hand, ask or tell each other"),
}
"""What an outlet may be told, in its own words; a sheet is for one person."""
SHEETS = (Kind.WEEK, Kind.MEETING)
"""What comes on Monday, or does not come at all when it is switched off."""
CHOSEN_KINDS = (Kind.WORK, Kind.ANSWERS, Kind.PEOPLE, *SHEETS)
"""A crisis is no choice: it always comes."""
MORNING = "morning"
"""The digest of one morning."""
_KINDS = {"e-ans": Kind.ANSWERS, Kind.WEEK.value: Kind.WEEK, Kind.MEETING.value: Kind.MEETING}


def kind_of(profile: str, quiet: str) -> Kind:
    """The kind of a row: what nobody may silence is a crisis, what has no profile comes from people."""
    if quiet == "never":
        return Kind.CRISIS
    if not profile:
        return Kind.PEOPLE
    return _KINDS.get(profile, Kind.WORK)


@dataclass(frozen=True)
class Chosen:
    """How one person wants to be told. `days` empty: those of the organisation."""

    by_email: frozenset[str] = frozenset(CHOSEN_KINDS)
    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_TO
    days: frozenset[int] = frozenset()

    def comes_by_email(self, kind: str) -> bool:
        return kind == Kind.CRISIS or kind in self.by_email


def check_chosen(chosen: Chosen) -> None:
    """Refuses, in words and beside its field, what would leave no time to be told."""
    if not chosen.by_email <= frozenset(CHOSEN_KINDS):
        raise Invalid(gettext("Choose among the kinds of messages that are offered."), field="by_email")
    if not chosen.days <= frozenset(range(7)):
        raise Invalid(gettext("Choose days of the week."), field="days")
    opens, closes = (
        timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)
        for moment in (chosen.quiet_until, chosen.quiet_from)
    )
    if closes <= opens:
        raise Invalid(gettext("The last hour must come after the first."), field="quiet_from")
    if closes - opens < SHORTEST_HEARING:
        raise Invalid(
            gettext("Leave at least %(hours)s hours in a day: reminders need some time in which to reach you.")
            % {"hours": SHORTEST_HEARING // timedelta(hours=1)},
            field="quiet_from",
        )


# ---- failures ---------------------------------------------------------------------------

MOST_ATTEMPTS = 8
FIRST_BACKOFF = timedelta(seconds=30)


def backoff(attempts: int) -> timedelta:
    """How long to wait after that many failures: 30 s, 1 min 30, 4 min 30… about nine hours in all before giving up."""
    threes: int = 3 ** max(0, min(attempts, MOST_ATTEMPTS) - 1)
    return FIRST_BACKOFF * threes


# ---- a row as a drain reads it ----------------------------------------------------------------


class Due(NamedTuple):
    """The columns of a reminder that delivery decides by. A tuple, because thousands are read at once."""

    pk: int
    workspace_id: int
    subject_type_id: int
    subject_id: int
    group_type_id: int | None
    group_id: int | None
    addressee: str
    work_due_at: datetime
    due_at: datetime
    next_at: datetime
    state: str
    profile: str
    mode: str
    quiet: str
    message: Mapping[str, str]
    attempts: int
    reason: "list[Reason]"
    step: str
    occurrence: int
    details: Mapping[str, Any] | None
    may_join_digest: bool

    @property
    def subject_key(self) -> tuple[int, int]:
        return (self.subject_type_id, self.subject_id)

    @property
    def is_late_start(self) -> bool:
        """The work was due when it was planned: a compressed schedule makes several at once."""
        return any(reason.get("code") == "late-start" for reason in self.reason)

    @property
    def is_one_of_several(self) -> bool:
        """Told at once with others of its group, by a compressed schedule or after a hold."""
        return any(reason.get("code") in ("late-start", "resumed") for reason in self.reason)


# ---- what is told together ----------------------------------------------------------------


@dataclass(frozen=True)
class Sibling:
    """A due or told row about the same subject, with the person it would reach."""

    id: int
    person_id: int | None
    due_at: datetime
    work_due_at: datetime
    state: str
    is_step: bool


def told_with(row: Sibling, others: Iterable[Sibling]) -> Sibling | None:
    """The row with which this step is told, if any: one person, one subject, one message.

    Steps that have all passed give way to the last of them; a step gives way to a message of the same instant. A
    message (an assignment, a mention) gives way to nothing. Whoever looks, and in whatever order, decides the same.
    """
    if not row.is_step:
        return None
    return next((other for other in others if _replaces(other, row)), None)


def _replaces(other: Sibling, row: Sibling) -> bool:
    if other.id == row.id or other.person_id != row.person_id or other.person_id is None:
        return False
    if not other.is_step:
        return other.due_at == row.due_at
    if other.state == State.SENT and other.work_due_at != row.work_due_at:
        return False
    return (other.due_at, other.id) > (row.due_at, row.id)


# ---- why, in words --------------------------------------------------------------------------

_SENTENCES: dict[str, Words] = {
    "owner": _("This work is yours."),
    "second": _("You are the second person for this work."),
    "role": _("You are told as: %(role)s."),
    "personal": _("Somebody wrote to you or handed you something."),
    "absent": _("%(name)s is away: you are told instead."),
    "left": _("%(name)s is no longer a member: you are told instead."),
    "vacant": _("Nobody holds the role “%(role)s”: you are told instead."),
    "quiet": _("It was due on %(from)s and waited until %(until)s, outside your quiet hours and days off."),
    "late-start": _("The work began late: earlier reminders are gathered in this one."),
    "resumed": _("The post was held meanwhile: earlier reminders are gathered in this one."),
    "digest": _("Gathered with the others of that morning in one e-mail."),
    "sheet": _("It comes on Monday morning; you can switch it off on the page “How I am told”."),
    "one-mail": _("The mail of another piece of work on the same post names this one too."),
    "told-together": _("Told with a later reminder of the same work."),
    "missed": _("Delivery was stopped for longer than %(hours)s hours: it was not sent afterwards."),
    "done": _("The work was done before."),
    "dropped": _("The work was dropped before."),
    "acknowledged": _("%(name)s said that they take care of it."),
    "begun": _("Something was done already this week."),
    "subject-ended": _("What the work was about has ended."),
    "closed": _("The work was finished before the message left."),
    "gone": _("What the reminder was about no longer exists."),
    "moved": _("The date changed: other reminders replace this one."),
    "nobody": _("There is nobody left to tell in this workspace."),
    "broken": _("The message could not be prepared: “%(answer)s”."),
    "refused": _("The mail server refused the message: “%(answer)s”."),
    "unreachable": _("The mail server cannot be reached: “%(answer)s”."),
    "cut": _("The connection was cut at the moment of sending: perhaps it left, perhaps not."),
    "in-doubt": _("The process stopped while the message was leaving: perhaps it left, perhaps not."),
    "given-up": _("Given up; tries: %(attempts)s."),
    "outlet-refused": _("The other side refused the message: “%(answer)s”."),
    "switched-off": _("It waited when this was switched off."),
    "retry": _("Next try on %(until)s."),
    "it-went": _("%(name)s said that the message had arrived."),
    "sent-again": _("%(name)s asked to send it again."),
    "tested": _("You asked for a test on the page “Delivery”."),
}

Reason = Mapping[str, Any]
CRISIS_PHONES = (
    EditorialRole.CRISIS_LEAD, EditorialRole.CRISIS_DEPUTY, EditorialRole.SPOKESPERSON, EditorialRole.APPROVER
)  # fmt: skip
"""Whose numbers stand first in what is told during a crisis."""
_ROLES = {role.value: role.label for role in EditorialRole}
ADDRESSEES: dict[str, Words] = {"owner": _("whoever owns the work"), "second": _("the second person"), **_ROLES}


ACKNOWLEDGED = "acknowledged"
"""The `until` of a step that comes again until somebody says that they take care of it."""


def role_in(role: str, language: str) -> str:
    with translation.override(language):
        return str(_ROLES.get(role, role))


def what_to_ask(details: Mapping[str, Any], language: str) -> str:
    """What a call card gives to ask on the telephone."""
    if asked := details.get("ask"):
        return pick(asked, language)
    with translation.override(language):
        return gettext("What is in the way? What would help? When can it be done?")


def sentence(reasons: Iterable[Reason], language: str, zone: str = "UTC") -> str:
    """Why a row is where it is, or why somebody got it, in words; instants are shown in `zone`."""
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        return " ".join(_words(reason) for reason in reasons)


def _words(reason: Reason) -> str:
    code = str(reason.get("code", ""))
    words = str(_SENTENCES.get(code, code))
    return words % {key: _value(key, value) for key, value in reason.items()} if "%(" in words else words


def _value(key: str, value: Any) -> str:
    if key in ("from", "until"):
        return wording.moment(datetime.fromisoformat(value))
    if key == "role":
        return str(_ROLES.get(value, value))
    return pick(value) if isinstance(value, Mapping) else str(value)


def says_its_hour(row: Due, now: datetime, zone: str) -> bool:
    """Do the words of this step (“due today”, “in two working days”) hold now, for whoever lives in `zone`?

    Not when its hour had passed as the work was planned, nor on another day than it was written for (an outage, a
    night), nor after the hour of the work itself.
    """
    if row.mode != "remind":
        return True
    here = ZoneInfo(zone)
    is_its_day = now.astimezone(here).date() == row.due_at.astimezone(here).date()
    return is_its_day and not row.is_late_start and not row.due_at < row.work_due_at <= now


def note_of(row: Due, language: str, now: datetime, zone: str) -> str:
    """What a reminder says of the hour of its work: the words of its step, or the date where these no longer hold."""
    said = row.message.get(language) or next(iter(row.message.values()), "")
    if not said or says_its_hour(row, now, zone):
        return said
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        words = _("Was due on %(moment)s") if row.work_due_at <= now else _("Due on %(moment)s")
        return words % {"moment": wording.moment(row.work_due_at)}


# ---- health -------------------------------------------------------------------------------------


class Settlement(TextChoices):
    """What a person says of a message in doubt."""

    IT_WENT = "it-went", _("It arrived")
    SEND_AGAIN = "send-again", _("Send it again")


QUEUES = ("reminders", "sweeps", "nightly")
OLD_TICK, OVERDUE = 60.0, 60.0
"""Seconds after which a worker that says nothing, or a row that waits, is a fault."""
CRON_PATIENCE = 3600.0
"""With cron, delivery comes when cron comes: once an hour at least."""


PROBLEMS: dict[str, Words] = {
    "no-tick": _("Delivery has never run. Start it with `manage.py up`, a worker, or cron."),
    "old-tick": _("Delivery does not answer: the worker, or cron, has stopped. Look at its log and start it again."),
    "overdue": _("Reminders are overdue and do not leave. Look at the log of the worker."),
}


def problems(*, tick_age: float | None, overdue: float, is_paused: bool, is_cron: bool) -> list[str]:
    """Why delivery is not ready: `no-tick`, `old-tick`, `overdue`. A pause is somebody's decision, not a fault."""
    patience = CRON_PATIENCE if is_cron else 0.0
    found: list[str] = []
    if tick_age is None:
        found.append("no-tick")
    elif tick_age > max(OLD_TICK, patience):
        found.append("old-tick")
    if overdue > max(OVERDUE, patience) and not is_paused:
        found.append("overdue")
    return found


# ---- a test to oneself ------------------------------------------------------------------------------


class Trial(TextChoices):
    """What becomes of a test, as the page says it. Two of them carry the code of a transport's failure."""

    SENT = "sent", _("The mail server took the test. If it does not arrive, look among the junk.")
    REFUSED = "refused", _("The mail server refused the test:")
    UNREACHABLE = "unreachable", _("The mail server cannot be reached:")
    UNCERTAIN = "uncertain", _("The connection was cut at the moment of sending: perhaps the test left, perhaps not:")
    NO_SERVER = "no-server", _("No mail server is set up: nothing was sent. Set EMAIL_URL to send e-mails.")
    OUTLET_SENT = "outlet-sent", _("The other side took the test.")
    OUTLET_REFUSED = "outlet-refused", _("The other side refused the test:")
    OUTLET_UNREACHABLE = "outlet-unreachable", _("The other side cannot be reached:")
    OUTLET_UNCERTAIN = "outlet-uncertain", _("The connection was cut: perhaps the test arrived, perhaps not:")
    SENDS_NOTHING = "sends-nothing", _("This installation sends nothing (REMINDER_TRANSPORT is “null”).")


# ---- a table to take away ---------------------------------------------------------------------------

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(text: str) -> str:
    """A spreadsheet must read the words of others as words, never as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text

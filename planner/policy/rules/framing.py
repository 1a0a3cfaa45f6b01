"""The rules about the frame of a post: for whom, why, who answers, when (R02, R04 to R07, R19, R21, R25)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from planner.policy.rules.case import Case, DoesNotApply, at_field
from planner.policy.rules.draft import Finding, Person, Wording
from planner.policy.rules.house import Rule
from planner.policy.rules.lexicon import Lexicon, WordList
from planner.policy.rules.text import folded, read

MIX_DAYS = 30


def promo_mix(case: Case, rule: Rule) -> Iterator[Finding]:
    """R02: the share of promotional posts over the thirty days that end on the day of this one."""
    case.needs(case.draft.planned_at)
    day = _local_day(case)
    first = day - timedelta(days=MIX_DAYS - 1)
    intents = [
        post.intent
        for post in case.context.other_posts
        if post.is_out and post.post != case.draft.post and post.planned_at
        if first <= _day_of(case, post.planned_at) <= day
    ]
    intents.append(case.draft.intent)
    if len(intents) < rule["least_posts"]:
        raise DoesNotApply
    share = 100 * intents.count("promote") / len(intents)
    if share <= rule["warn_percent"]:
        return
    is_promotional = case.draft.intent == "promote"
    severity = "block" if share > rule["block_percent"] and is_promotional else "warn"
    key = "own" if is_promotional else "others"
    yield at_field(
        rule, severity, key, "intent", percent=round(share), n=intents.count("promote"), total=len(intents),
        most=rule["warn_percent"],
    )  # fmt: skip


def audience(case: Case, rule: Rule) -> Iterator[Finding]:
    """R04: a sentence that says who precisely."""
    text = case.draft.audience.strip()
    if not text:
        yield at_field(rule, "block", "empty", "audience")
    elif _names_everybody(case, text):
        yield at_field(rule, "block", "generic", "audience", audience=text)
    elif len(text) < rule["least_characters"]:
        yield at_field(rule, "block", "short", "audience", least=rule["least_characters"])


def _names_everybody(case: Case, text: str) -> bool:
    """Is the whole sentence one of the generic names, in either language?"""
    plain = folded(text).strip(" .!")
    return any(
        plain == folded(entry)
        for (_language, name), one in case.context.house.lists.items()
        if name == "generic"
        for entry in one.entries
    )


def objective_first(case: Case, rule: Rule) -> Iterator[Finding]:
    """R05: the aim and its measure are said, and the aim does not begin with a tool."""
    if not case.draft.objective.strip():
        yield at_field(rule, "block", "no_objective", "objective")
    elif _starts_with_a_tool(case):
        yield at_field(rule, "warn", "tool", "objective")
    if not case.draft.success_measure.strip():
        yield at_field(rule, "block", "no_measure", "success_measure")


def _starts_with_a_tool(case: Case) -> bool:
    reading = read(case.draft.language, Wording(body=case.draft.objective))
    for (code, name), one in case.context.house.lists.items():
        if name == "tool":
            hits = Lexicon([WordList(name, one.entries)]).hits(read(code, Wording(body=case.draft.objective)))
            if any(hit.start == reading.words[0][0] for hit in hits if reading.words):
                return True
    return False


def human_answerer(case: Case, rule: Rule) -> Iterator[Finding]:
    """R06: two different people, here and real."""
    people = case.context.people
    for key in ("answerer", "deputy"):
        chosen = getattr(case.draft, key)
        person = people.get(chosen) if chosen is not None else None
        if chosen is None:
            yield at_field(rule, "block", f"no_{key}", key)
        elif person is None or not person.is_active:
            yield at_field(rule, "block", "left", key, name=person.name if person else "?")
        elif person.is_shared:
            yield at_field(rule, "block", "shared", key, name=person.name)
    if case.draft.answerer is not None and case.draft.answerer == case.draft.deputy:
        yield at_field(rule, "block", "same", "deputy")


def answer_window(case: Case, rule: Rule) -> Iterator[Finding]:
    """R07: somebody is there during the day after publication."""
    case.needs(case.draft.planned_at)
    first, last = _window(case)
    pair = [case.context.people.get(one) for one in (case.draft.answerer, case.draft.deputy) if one is not None]
    known = [one for one in pair if one is not None]
    if len(known) == 2:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        alone = next((day for day in days if all(one.is_away(day) for one in known)), None)
        if alone:
            yield at_field(rule, "block", "both_away", "planned_at", day=alone, names=_names(known))
            return
    yield from _quiet_hours(case, rule, first, last)


def _names(people: list[Person]) -> dict[str, str]:
    names = [one.name for one in people]
    return {"fr": " et ".join(names), "en": " and ".join(names)}


def _window(case: Case) -> tuple[date, date]:
    assert case.draft.planned_at is not None
    first = _day_of(case, case.draft.planned_at)
    return first, _day_of(case, case.draft.planned_at + timedelta(hours=24))


def _quiet_hours(case: Case, rule: Rule, first: date, last: date) -> Iterator[Finding]:
    calendar = case.context.calendar
    if calendar is None or case.draft.planned_at is None or case.context.on_duty & {first, last}:
        return
    here = calendar.local(case.draft.planned_at)
    opens, closes = calendar.at(first, calendar.starts), calendar.at(first, calendar.ends)
    left = closes - max(case.draft.planned_at, opens) if calendar.is_working_day(first) else timedelta()
    if left < timedelta(hours=rule["least_hours"]):
        yield at_field(rule, "warn", "late", "planned_at", hour=here.time(), least=rule["least_hours"])
    elif not calendar.is_working_day(last):
        yield at_field(rule, "warn", "closed", "planned_at", day=last)


def consent(case: Case, rule: Rule) -> Iterator[Finding]:
    """R19: each person shown has agreed, still agrees, and agreed to these channels."""
    day = _local_day(case) if case.draft.planned_at else case.context.today
    for person in case.draft.people_shown:
        missing = sorted(set(case.draft.channels) - person.channels) if person.channels else []
        if person.consent != "given":
            key = "withdrawn" if person.consent == "withdrawn" else "missing"
            yield at_field(rule, "block", key, "people_shown", name=person.name)
        elif person.expires_on and person.expires_on < day:
            yield at_field(rule, "block", "expired", "people_shown", name=person.name, day=person.expires_on)
        elif missing:
            yield at_field(rule, "block", "channel", "people_shown", name=person.name, channels=", ".join(missing))


def review_date(case: Case, rule: Rule) -> Iterator[Finding]:
    """R21: what lasts has somebody and a day to look at it again."""
    if not case.draft.is_evergreen:
        raise DoesNotApply
    if case.draft.review_on is None:
        yield at_field(rule, "block", "no_date", "review_on")
    elif (case.draft.review_on - case.context.today).days > rule["most_days"]:
        yield at_field(rule, "warn", "far", "review_on", most=rule["most_days"])
    if case.draft.author is None:
        yield at_field(rule, "block", "no_owner", "author")


def true_voice(case: Case, rule: Rule) -> Iterator[Finding]:
    """R25: a leader who signs what somebody else wrote says so, and has approved this very version."""
    draft = case.draft
    if draft.byline is None or not draft.is_byline_leader or draft.byline == draft.author:
        raise DoesNotApply
    if not draft.drafted_with_help:
        yield at_field(rule, "block", "not_said", "byline")
    if draft.byline not in draft.approved_by:
        yield at_field(rule, "block", "not_read", "byline")


def _local_day(case: Case) -> date:
    assert case.draft.planned_at is not None
    return _day_of(case, case.draft.planned_at)


def _day_of(case: Case, instant: datetime) -> date:
    return case.context.calendar.local(instant).date() if case.context.calendar else instant.date()

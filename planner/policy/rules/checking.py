"""Running the rules."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from planner.base.worktime import WorkingCalendar
from planner.policy.rules import channels, framing, tone, writing
from planner.policy.rules.case import Case, DoesNotApply
from planner.policy.rules.draft import (
    ChannelLimits,
    Context,
    Draft,
    Finding,
    Medium,
    Organisation,
    OtherPost,
    Person,
    Result,
    Severity,
    Shown,
    Wording,
)
from planner.policy.rules.house import House, Rule

Judge = Callable[[Case, Rule], Iterator[Finding]]

JUDGES: Mapping[str, Judge] = {
    "R01": tone.promo_density,
    "R02": framing.promo_mix,
    "R03": writing.self_reference,
    "R04": framing.audience,
    "R05": framing.objective_first,
    "R06": framing.human_answerer,
    "R07": framing.answer_window,
    "R08": writing.sourced_figures,
    "R09": channels.channel_fit,
    "R10": channels.accessible_media,
    "R11": writing.readable,
    "R12": tone.no_opportunism,
    "R13": tone.no_minimising,
    "R14": writing.regulated_words,
    "R15": writing.story_not_brand,
    "R16": channels.disclosed_links,
    "R17": writing.no_shouting,
    "R18": writing.no_placeholder,
    "R19": framing.consent,
    "R20": writing.personal_data,
    "R21": framing.review_date,
    "R22": channels.rhythm,
    "R23": channels.adapt_per_channel,
    "R24": writing.both_languages,
    "R25": framing.true_voice,
}

COULD_NOT = {
    "fr": "Cette règle n’a pas pu être vérifiée. Relisez vous-même, et dites-le à la personne qui gère l’outil.",
    "en": "This rule could not be checked. Read the text yourself, and tell whoever manages the tool.",
}


@dataclass(frozen=True)
class Outcome:
    """What one rule said of a draft."""

    rule: str
    result: Result
    findings: tuple[Finding, ...] = ()


def check(draft: Draft, context: Context, only: Collection[str] | None = None) -> list[Finding]:
    """All that the rules (or `only` some of them, by id) have to say, in the order of the rules. An empty list is well.

    A rule that breaks down gives one finding of severity `warn` and result `error`: never a pass.
    """
    return [finding for outcome in outcomes(draft, context, only) for finding in outcome.findings]


def outcomes(draft: Draft, context: Context, only: Collection[str] | None = None) -> list[Outcome]:
    """The same, with what was kept and what did not apply."""
    case = Case(draft, context)
    wanted = [rule for key, rule in context.house.rules.items() if key in JUDGES and (only is None or key in only)]
    return [_outcome(case, rule) for rule in wanted]


def _outcome(case: Case, rule: Rule) -> Outcome:
    try:
        findings = tuple(JUDGES[rule.id](case, rule))
    except DoesNotApply:
        return Outcome(rule.id, Result.NOT_APPLICABLE)
    except Exception:  # a fault in one rule must neither hide the others nor let the text through
        return Outcome(rule.id, Result.ERROR, (Finding(rule.id, Severity.WARN, COULD_NOT, result=Result.ERROR),))
    return Outcome(rule.id, Result.FAIL if findings else Result.PASS, findings)


# ---- examples -----------------------------------------------------------------------


def check_example(house: House, rule: str, example: Mapping[str, Any], language: str) -> list[Finding]:
    """What the rule says of one of its declared examples."""
    return check(draft_from(example, language), context_from(example.get("context", {}), house), only=(rule,))


def draft_from(values: Mapping[str, Any], language: str) -> Draft:
    """A draft from plain values: `title` and `body` are in `language`; all else is named as in `Draft`."""
    own = {name: values[name] for name in _names(Draft) if name in values}
    texts = {code: Wording(**wording) for code, wording in own.pop("texts", {}).items()}
    if "body" in values or "title" in values:
        texts[language] = Wording(values.get("title", ""), values.get("body", ""))
    return replace(
        Draft(texts=texts, language=language),
        **{name: _DRAFTED.get(name, _as_it_is)(value) for name, value in own.items()},
    )


def context_from(values: Mapping[str, Any], house: House) -> Context:
    """A context from plain values, named as in `Context`."""
    calendar = values.get("calendar")
    today = _day(values.get("today", "2026-05-04"))
    base = Context(
        house=house.with_brand(values.get("brand", ())),
        today=today,
        calendar=WorkingCalendar(calendar) if calendar else None,
    )
    named = {name: values[name] for name in _SURROUNDED if name in values}
    return replace(base, **{name: _SURROUNDED[name](value) for name, value in named.items()})


def _names(of: type) -> list[str]:
    return [one.name for one in fields(of)]


def _as_it_is(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _instant(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _person(raw: Mapping[str, Any]) -> Person:
    return Person(**{**raw, "away": tuple((_day(first), _day(last)) for first, last in raw.get("away", ()))})


def _shown(raw: Mapping[str, Any]) -> Shown:
    until = raw.get("expires_on")
    return Shown(
        **{**raw, "expires_on": _day(until) if until else None, "channels": frozenset(raw.get("channels", ()))}
    )


def _other(raw: Mapping[str, Any]) -> OtherPost:
    at = raw.get("planned_at")
    return OtherPost(
        **{
            **raw,
            "planned_at": _instant(at) if at else None,
            "channels": frozenset(raw.get("channels", ())),
            "words": frozenset(raw.get("words", ())),
        }
    )


def _organisation(raw: Mapping[str, Any]) -> Organisation:
    sets = {name: frozenset(raw[name]) for name in ("sector_packs", "public_contacts", "partners") if name in raw}
    return Organisation(
        languages=tuple(raw.get("languages", ("fr",))), official_language=raw.get("official_language", ""), **sets
    )


_DRAFTED: Mapping[str, Callable[[Any], Any]] = {
    "channel_texts": lambda raw: {slug: Wording(**wording) for slug, wording in raw.items()},
    "media": lambda raw: tuple(Medium(**one) for one in raw),
    "people_shown": lambda raw: tuple(_shown(one) for one in raw),
    "sector_packs": frozenset,
    "approved_by": frozenset,
    "review_on": _day,
    "planned_at": _instant,
}
_SURROUNDED: Mapping[str, Callable[[Any], Any]] = {
    "organisation": _organisation,
    "channels": lambda raw: {one["slug"]: ChannelLimits(**one) for one in raw},
    "people": lambda raw: {one["id"]: _person(one) for one in raw},
    "on_duty": lambda raw: frozenset(_day(one) for one in raw),
    "other_posts": lambda raw: tuple(_other(one) for one in raw),
    "level": int,
    "days_since_all_clear": int,
}

"""Pure decisions: steps and their instants, the hours of people, what is told together, why in words."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.errors import Invalid
from planner.base.worktime import NoWorkingTime, WorkingCalendar
from planner.reminders import rules
from planner.reminders.rules import PersonTime, Sibling, State
from tests.reminders.conftest import PROFILES

PARIS = WorkingCalendar(zone="Europe/Paris", holidays={date(2026, 5, 14): "Ascension"})


def hours(slug: str, due: datetime) -> dict[str, str]:
    timed = rules.moments(rules.steps_of(PROFILES[slug]), work_due_at=due, calendar=PARIS)
    return {step.key: PARIS.local(at).strftime("%a %d %H:%M") for step, at in timed}


# ---- steps


def test_everyday_work_is_counted_in_working_days_over_a_holiday():
    assert hours("e-std", datetime(2026, 5, 18, 15, 0, tzinfo=UTC)) == {
        "ahead": "Wed 13 09:00", "due-day": "Mon 18 09:00", "editor-told": "Tue 19 09:00",
        "approver-calls": "Wed 20 09:00",
    }  # fmt: skip


def test_a_signature_escalates_by_working_hours():
    """Due on Friday at 17:00: four working hours later is Monday at 13:00."""
    assert hours("e-legal", datetime(2026, 5, 22, 15, 0, tzinfo=UTC))["approver-calls"] == "Mon 25 13:00"


def test_answers_are_counted_by_the_clock_across_the_change_of_hour():
    """Two in the morning comes twice on 25 October: four hours later is four elapsed hours."""
    due = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    assert hours("e-ans", due) == {
        "ahead": "Sun 25 01:15", "due": "Sun 25 01:30", "deputy-joins": "Sun 25 02:00", "editor-calls": "Sun 25 02:30",
        "approver-calls": "Sun 25 04:30",
    }  # fmt: skip


def test_the_message_of_the_day_never_comes_after_the_hour():
    assert hours("e-std", datetime(2026, 5, 18, 6, 0, tzinfo=UTC))["due-day"] == "Mon 18 08:00"


@pytest.mark.parametrize("text", ["", "2", "-2wd", "-2wd@9:00", "-2wd@25:00", "+4h@09:00", "-4wh", "soon"])
def test_an_offset_that_cannot_be_read_is_named(text):
    with pytest.raises(Invalid) as refused:
        rules.read_offset(text)
    assert text in str(refused.value)


@pytest.mark.parametrize(("quiet", "kept"), [(True, "always"), (False, "never"), ("unless-on-duty", "unless-on-duty")])
def test_the_quiet_of_a_profile_is_kept_in_one_word(quiet, kept):
    assert rules.quiet_of({"quiet": quiet}) == kept


# ---- hours of people

ZONES = st.sampled_from(
    ["Europe/Paris", "Europe/Zurich", "America/Toronto", "America/Martinique", "Indian/Reunion", "Australia/Lord_Howe",
     "Pacific/Auckland", "America/St_Johns", "Asia/Kathmandu"]
)  # fmt: skip
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
INSTANTS = st.integers(0, 7 * 365 * 24 * 60).map(lambda n: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@st.composite
def people(draw) -> PersonTime:
    starts = draw(st.lists(DAYS, max_size=2))
    return PersonTime(
        zone=draw(ZONES),
        days=frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
        holidays=frozenset(draw(st.lists(DAYS, max_size=8))),
        absences=tuple((start, start + timedelta(days=draw(st.integers(0, 40)))) for start in starts),
    )


@given(instant=INSTANTS, person=people())
def test_nobody_is_told_in_their_quiet_hours_nor_on_a_day_off(instant, person):
    here = rules.permitted_at(instant, person, "always").astimezone(ZoneInfo(person.zone))
    assert time(7, 30) <= here.time() < time(19, 0)
    assert here.weekday() in person.days and here.date() not in person.holidays
    assert not any(start <= here.date() <= end for start, end in person.absences)


@given(instant=INSTANTS, person=people(), quiet=st.sampled_from(["always", "unless-on-duty", "never"]))
def test_the_permitted_instant_is_never_earlier_and_stays_where_it_is(instant, person, quiet):
    permitted = rules.permitted_at(instant, person, quiet)
    assert permitted >= instant
    assert rules.permitted_at(permitted, person, quiet) == permitted


@given(instant=INSTANTS, later=st.timedeltas(timedelta(), timedelta(days=4)), person=people())
def test_what_is_due_first_may_be_told_first(instant, later, person):
    first, second = (rules.permitted_at(at, person, "always") for at in (instant, instant + later))
    assert first <= second


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2026-03-27T18:59", "2026-03-27T18:59"),
        ("2026-03-27T19:00", "2026-03-30T07:30"),  # a Friday evening; the clocks change on Sunday
        ("2026-03-30T07:29", "2026-03-30T07:30"),
        ("2026-03-30T07:30", "2026-03-30T07:30"),
    ],
)
def test_the_edges_of_the_day_are_those_of_the_clock_on_the_wall(asked, told):
    zone = ZoneInfo("Europe/Paris")
    instant = datetime.fromisoformat(asked).replace(tzinfo=zone)
    permitted = rules.permitted_at(instant, PersonTime(zone="Europe/Paris"), "always")
    assert permitted.astimezone(zone).isoformat()[:16] == told


def test_a_person_on_duty_is_told_at_night_when_the_profile_allows_it():
    night = datetime(2026, 3, 27, 23, 0, tzinfo=UTC)
    on_duty = PersonTime(zone="Europe/Paris", on_duty=True)
    assert rules.permitted_at(night, on_duty, "unless-on-duty") == night
    assert rules.permitted_at(night, on_duty, "always") > night


def test_a_person_who_is_never_there_is_said_so():
    for_ever = PersonTime(zone="Europe/Paris", absences=((date(2026, 1, 1), date(2100, 1, 1)),))
    with pytest.raises(NoWorkingTime):
        rules.permitted_at(datetime(2026, 3, 27, tzinfo=UTC), for_ever, "always")


# ---- failures, and what is told together


def test_tries_are_further_and_further_apart_and_end_within_a_working_day():
    waits = [rules.backoff(n) for n in range(1, rules.MOST_ATTEMPTS)]
    assert waits == sorted(set(waits)) and waits[0] == timedelta(seconds=30)
    assert sum(waits, timedelta()) < timedelta(hours=12)


MINUTES = st.integers(0, 5).map(lambda n: datetime(2026, 3, 27, 9, n, tzinfo=UTC))


@st.composite
def siblings(draw) -> list[Sibling]:
    rows = draw(st.lists(st.tuples(st.integers(1, 2), MINUTES, st.booleans()), min_size=1, max_size=6))
    due = datetime(2026, 3, 27, tzinfo=UTC)
    return [
        Sibling(n, person, at, due, State.PENDING.value, is_step) for n, (person, at, is_step) in enumerate(rows, 1)
    ]


@given(rows=siblings())
def test_each_person_keeps_exactly_one_of_the_steps_unless_a_message_says_it(rows):
    for person in {row.person_id for row in rows}:
        steps = [row for row in rows if row.person_id == person and row.is_step]
        left = [row for row in steps if rules.told_with(row, rows) is None]
        last = max(steps, key=lambda row: (row.due_at, row.id), default=None)
        said = last is not None and any(
            row.person_id == person and not row.is_step and row.due_at == last.due_at for row in rows
        )
        assert left == ([last] if last is not None and not said else [])


# ---- in words


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", sorted(rules._SENTENCES))
def test_every_reason_has_words_in_both_languages(code, language):
    reason = {
        "code": code, "role": "editor", "name": "Karim", "answer": "451 later", "hours": 24, "attempts": 8,
        "from": "2026-03-28T08:00:00+00:00", "until": "2026-03-30T05:30:00+00:00",
    }  # fmt: skip
    words = rules.sentence([reason], language, "Europe/Paris")
    assert words and "%(" not in words and words != code


def test_the_hours_of_a_reason_are_those_of_the_reader():
    reason = {"code": "retry", "until": "2026-03-30T05:30:00+00:00"}
    assert "7:30" in rules.sentence([reason], "en", "Europe/Paris")
    assert "1:30" in rules.sentence([reason], "en", "America/Toronto")


def test_several_reasons_make_one_paragraph():
    both = [{"code": "absent", "name": "Karim"}, {"code": "late-start"}]
    assert rules.sentence(both, "en").count(".") == 2


# ---- health


@pytest.mark.parametrize(
    ("tick_age", "overdue", "is_paused", "is_cron", "found"),
    [
        (2, 0, False, False, []),
        (None, 0, False, False, ["no-tick"]),
        (61, 0, False, False, ["old-tick"]),
        (2, 61, False, False, ["overdue"]),
        (2, 90000, True, False, []),
        (61, 90000, True, False, ["old-tick"]),
        (900, 900, False, True, []),
        (7200, 7200, False, True, ["old-tick", "overdue"]),
    ],
)
def test_delivery_is_ready_or_says_why_not(tick_age, overdue, is_paused, is_cron, found):
    assert rules.problems(tick_age=tick_age, overdue=overdue, is_paused=is_paused, is_cron=is_cron) == found

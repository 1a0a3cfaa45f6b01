"""Days and hours as people type them: what can be read in two ways is refused."""

from datetime import date, time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from planner.base.errors import Invalid
from planner.base.wording import _MONTHS
from planner.base.written import ASK, DAY_FIRST, MONTH_FIRST, day_and_hour, hour


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


DAY = date(2026, 12, 14)


@pytest.mark.parametrize(
    "words",
    [
        "2026-12-14", "2026/12/14", "2026.12.14", "14/12/2026", "14-12-2026", "14.12.2026", "14 12 2026", "12/14/2026",
        "14 décembre 2026", "14 DÉCEMBRE 2026", "lundi 14 décembre 2026", "le lundi 14 décembre 2026", "14 déc. 2026",
        "lun. 14 déc. 2026", "14-déc-2026", "14 decembre 2026", "14 December 2026", "December 14, 2026", "Dec 14, 2026",
        "Monday, 14 December 2026", "Monday December 14th, 2026", "the 14th of December 2026",
        "14\u00a0décembre\u00a02026",
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(words):
    assert day_and_hour(words) == (DAY, None)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("1er mai 2026", date(2026, 5, 1)), ("mar. 3 mars 2026", date(2026, 3, 3)), ("Mar 3, 2026", date(2026, 3, 3)),
        ("3 août 2026", date(2026, 8, 3)), ("29 févr. 2028", date(2028, 2, 29)), ("5/5/2026", date(2026, 5, 5)),
        ("1 juil. 2026", date(2026, 7, 1)), ("2 May 2026", date(2026, 5, 2)), ("2nd May 2026", date(2026, 5, 2)),
    ],
)  # fmt: skip
def test_other_days_are_read_too(words, day):
    assert day_and_hour(words) == (day, None)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("2026-12-14 09:30", time(9, 30)), ("2026-12-14T09:30:00", time(9, 30)), ("14/12/2026 9h30", time(9, 30)),
        ("14 décembre 2026 à 9 h 30", time(9, 30)), ("December 14, 2026 at 2 pm", time(14)),
        ("14/12/2026 midi", time(12)),
    ],
)  # fmt: skip
def test_an_hour_may_stand_beside_the_day(words, at):
    assert day_and_hour(words) == (DAY, at)


def test_two_numbers_that_may_both_be_the_day_are_read_only_when_somebody_said_which():
    with pytest.raises(Invalid, match="two ways"):
        day_and_hour("05/12/2026", ASK)
    assert day_and_hour("05/12/2026", DAY_FIRST)[0] == date(2026, 12, 5)
    assert day_and_hour("05/12/2026", MONTH_FIRST)[0] == date(2026, 5, 12)
    for first in (ASK, DAY_FIRST, MONTH_FIRST):
        assert day_and_hour("12/14/2026", first)[0] == day_and_hour("14/12/2026", first)[0] == DAY


@pytest.mark.parametrize(
    "words",
    ["", "bientôt", "14 décembre", "14/12", "14/12/26", "31/11/2026", "2026-02-30", "46370", "32 mai 2026",
     "14 ju 2026", "14 mxrs 2026", "semaine 50", "00/00/2026", "14/13/2026 x", "2026-12-14 25:00"],
)  # fmt: skip
def test_what_is_no_whole_day_is_refused_in_words(words):
    with pytest.raises(Invalid) as refusal:
        day_and_hour(words, DAY_FIRST)
    assert str(refusal.value)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("9h30", time(9, 30)), ("9 h 30", time(9, 30)), ("9 h", time(9)), ("09h", time(9)), ("09:30", time(9, 30)),
        ("9:30:00", time(9, 30)), ("9.30", time(9, 30)), ("9", time(9)), ("9 heures", time(9)), ("noon", time(12)),
        ("9 heures 30", time(9, 30)), ("9:30 am", time(9, 30)), ("9:30 p.m.", time(21, 30)), ("12 am", time(0)),
        ("12 pm", time(12)), ("Midi", time(12)), ("9\u00a0h\u00a030", time(9, 30)), ("0h15", time(0, 15)),
    ],
)  # fmt: skip
def test_an_hour_is_read_as_people_write_it(words, at):
    assert hour(words) == at


@pytest.mark.parametrize("words", ["", "matin", "25:00", "9:75", "13 pm", "0 am", "9h3", "930", "9-10"])
def test_what_is_no_hour_is_refused_in_words(words):
    with pytest.raises(Invalid, match="09:30"):
        hour(words)


@given(st.dates(date(1000, 1, 1), date(9998, 12, 31)), st.sampled_from(["fr", "en"]))
def test_every_day_is_read_from_its_own_words(day, spoken):
    name = _MONTHS[spoken][day.month - 1]
    assert day_and_hour(f"{day.day} {name} {day.year}")[0] == day
    assert day_and_hour(day.isoformat())[0] == day
    assert day_and_hour(f"{day:%d/%m/%Y}", DAY_FIRST)[0] == day
    assert day_and_hour(f"{day:%m/%d/%Y}", MONTH_FIRST)[0] == day


@given(st.text(max_size=40), st.sampled_from([ASK, DAY_FIRST, MONTH_FIRST]))
def test_any_words_are_a_day_or_a_refusal(words, first):
    for read in (lambda: day_and_hour(words, first), lambda: hour(words)):
        try:
            read()
        except Invalid as refusal:
            assert str(refusal)

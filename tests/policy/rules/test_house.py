"""The house of an organisation: its name is a brand, whatever signs it is written with."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.policy.queries import bundled
from planner.policy.rules.lexicon import compile_entry


@pytest.mark.parametrize(
    ("name", "brand"),
    [
        ("Example: the town of Lindenvale", ("Example the town of Lindenvale",)),
        ("L’Office n° 12 (Est)", ("L Office n 12 Est",)),
        ("A*B | C#", ("A B C",)),
        ("…", ()),
    ],
)
def test_the_words_of_a_name_are_its_brand(name, brand):
    assert bundled().with_brand([name]).brand == brand


@given(st.text(max_size=150))
def test_any_name_makes_entries_that_can_be_met(name):
    for entry in bundled().with_brand([name]).brand:
        assert compile_entry(entry).firsts


def test_a_day_and_an_hour_are_said_as_people_write_them():
    rules = bundled().rules
    late = rules["R07"].message("late", hour=time(15, 30), least=2)
    ended = rules["R19"].message("expired", name="Omar", day=date(2026, 11, 30))
    assert "15\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30" in late["fr"] and "15:30" in late["en"]
    assert "lundi 30 novembre 2026" in ended["fr"] and "on Monday 30 November 2026" in ended["en"]

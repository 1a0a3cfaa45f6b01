"""The house of an organisation: its name is a brand, whatever signs it is written with."""

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

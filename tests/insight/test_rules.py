import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from planner.insight import rules
from planner.insight.rules import Load, lead
from planner.posts.rules import Intent

COUNTS = st.dictionaries(st.sampled_from(Intent.values), st.integers(min_value=1, max_value=40))


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_the_lead_says_what_is_due_today_then_who_waits_then_what_is_late():
    said = lead(Load(ahead=4, today=2, minutes_today=30, late=1), 2, "30 min")
    assert said == "Two things to do today, 30 min in all. Two posts wait for your decision. One thing is late."


def test_the_lead_says_that_nothing_is_due_today_but_something_comes():
    assert lead(Load(ahead=1), 0, "") == "Nothing is due today, one thing is coming."


def test_the_lead_of_an_empty_desk_is_calm():
    assert lead(Load(), 0, "") == "Nothing is due for now."


@pytest.mark.parametrize(("number", "words"), [(1, "one"), (9, "nine"), (10, "10"), (12, "12")])
def test_small_numbers_are_in_letters(number, words):
    assert rules.in_letters(number) == words


@given(COUNTS)
def test_the_shares_of_the_mix_add_up_to_a_hundred_and_stay_within_the_drawing(counts):
    mix = rules.mix(counts)
    assert mix.count == sum(counts.values())
    assert sum(share.percent for share in mix.shares) == (100 if counts else 0)
    ends = [share.x + share.width for share in mix.shares]
    assert all(end <= 400.5 for end in ends)
    starts = [share.x for share in mix.shares]
    assert starts == sorted(starts)


def test_the_gauge_reaches_the_limit_in_its_middle_and_never_leaves_the_drawing():
    assert rules.mix({"help": 4, "promote": 1}).gauge == 200
    assert rules.mix({"promote": 5}).gauge == 400


def test_a_share_of_four_posts_says_nothing():
    assert not rules.mix({"help": 3, "promote": 1}).is_telling
    assert rules.mix({"help": 4, "promote": 1}).is_telling

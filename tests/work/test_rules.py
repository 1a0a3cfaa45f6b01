"""Figures of an answer, and what a new layout does to a date: pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.errors import Invalid
from planner.playbook.rules import LaidItem, Task
from planner.work import rules

NOW = datetime(2026, 4, 27, 8, 0, tzinfo=UTC)
TASK = Task(key="frame", title={"en": "Frame"}, roles=("author",), offset="D-8")


def figures(received=0, answered=0, private=0, unanswered=0, complaints=0):
    return {
        "received": received, "answered": answered, "private": private, "unanswered": unanswered,
        "complaints": complaints,
    }  # fmt: skip


@given(st.lists(st.integers(0, 50), min_size=5, max_size=5), st.sampled_from(["", "Spam."]))
def test_figures_are_kept_exactly_when_they_can_be_right(numbers, reason):
    counts = figures(*numbers)
    received, answered, private, unanswered, complaints = numbers
    can_be = answered + private + unanswered <= received and complaints <= received and (not unanswered or reason)
    if can_be:
        assert rules.read_counts({name: str(number) for name, number in counts.items()}, reason) == counts
    else:
        with pytest.raises(Invalid):
            rules.read_counts(counts, reason)


@pytest.mark.parametrize("name", rules.COUNTS)
@pytest.mark.parametrize("wrong", [None, "", "two", -1, "1.5", "-3"])
def test_a_figure_that_is_none_is_refused_beside_its_field(name, wrong):
    with pytest.raises(Invalid) as refusal:
        rules.read_counts({**figures(5), name: wrong}, "")
    assert refusal.value.field == name


@pytest.mark.parametrize(
    ("counts", "field"),
    [
        (figures(received=2, answered=3), "received"),
        (figures(received=1, complaints=2), "complaints"),
        (figures(received=1, unanswered=1), "note"),
    ],
)
def test_a_refusal_stands_beside_the_figure_that_causes_it(counts, field):
    with pytest.raises(Invalid) as refusal:
        rules.read_counts(counts, " ")
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("offset", "follows"), [("D-8", False), ("D0", False), ("D+2", True), ("H+1", True), ("S+2wd", False)]
)
def test_what_follows_a_publication(offset, follows):
    assert rules.follows_publication(offset) is follows


def relaid(late, due, *, had, projection=False, flagged=False):
    laid = LaidItem(TASK, due, late_start=late)
    return rules.due_after_relay(laid, due_at=had, was_projection=projection, was_late_start=flagged)


def test_overdue_work_keeps_its_date_and_its_lateness():
    friday = NOW - timedelta(days=3)
    assert relaid(True, NOW, had=friday) == (friday, False)
    assert relaid(True, NOW, had=friday, flagged=True) == (friday, True)


def test_work_to_come_that_falls_into_the_past_is_due_now():
    assert relaid(True, NOW, had=NOW + timedelta(days=3)) == (NOW, True)
    assert relaid(True, NOW, had=None) == (NOW, True)


def test_a_projection_that_becomes_real_in_the_past_is_due_now():
    assert relaid(True, NOW, had=NOW - timedelta(days=9), projection=True) == (NOW, True)


def test_overdue_work_that_gets_a_day_to_come_is_no_longer_late():
    later = NOW + timedelta(days=3)
    assert relaid(False, later, had=NOW - timedelta(days=3), flagged=True) == (later, False)

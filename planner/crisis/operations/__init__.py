"""Every write on a crisis, called as `crises.<verb>(...)`. Start with `declare`; each act is a line of the log."""

from planner.crisis.operations.cell import ask_for_contacts, ask_for_drill
from planner.crisis.operations.declare import Consequences, consequences, declare, notices_of
from planner.crisis.operations.ending import (
    add_change,
    change_level,
    clear,
    close_debrief,
    hand_over,
    passing_of,
    save_lessons,
)
from planner.crisis.operations.lists import add_fact, drop_fact, move_fact, tick
from planner.crisis.operations.log import note
from planner.crisis.operations.planning import carry_on
from planner.crisis.operations.questions import answer_question, put_off_question
from planner.crisis.operations.reviewing import confirm_review, may_confirm, review
from planner.crisis.operations.statements import (
    confirm_statement,
    prepare_statement,
    record_statement,
    said_last,
    speaks,
    tell_inside,
)

__all__ = [
    "Consequences", "add_change", "add_fact", "answer_question", "ask_for_contacts", "ask_for_drill", "carry_on",
    "change_level", "clear", "close_debrief", "confirm_review", "confirm_statement", "consequences", "declare",
    "drop_fact", "hand_over", "may_confirm", "move_fact", "note", "notices_of", "passing_of", "prepare_statement",
    "put_off_question", "record_statement", "review", "said_last", "save_lessons", "speaks", "tell_inside", "tick",
]  # fmt: skip

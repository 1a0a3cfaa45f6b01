"""What stands in a span of days, read in a fixed number of queries whatever the size. Start with `days`."""

from planner.calendar.queries.chosen import chosen
from planner.calendar.queries.days import MOST_LISTED, Sums, Watch, entries, standing, sums
from planner.calendar.queries.house import House, house
from planner.calendar.queries.lists import (
    BOARD_COUNTED,
    FOUND_COUNTED,
    Placed,
    Tray,
    Undated,
    board,
    done_of_late,
    found,
    has_any_post,
    missing_of,
    moved,
    next_work,
    placed,
    titles,
    tray,
    waiting,
    work_of_day,
)
from planner.calendar.queries.silence import Silent, silent

__all__ = [
    "BOARD_COUNTED",
    "FOUND_COUNTED",
    "MOST_LISTED",
    "House",
    "Placed",
    "Silent",
    "Sums",
    "Tray",
    "Undated",
    "Watch",
    "board",
    "chosen",
    "done_of_late",
    "entries",
    "found",
    "has_any_post",
    "house",
    "missing_of",
    "moved",
    "next_work",
    "placed",
    "silent",
    "standing",
    "sums",
    "titles",
    "tray",
    "waiting",
    "work_of_day",
]

"""What stands in a span of days, read in a fixed number of queries whatever the size. Start with `days`."""

from planner.calendar.queries.days import entries, standing, sums
from planner.calendar.queries.house import House, house
from planner.calendar.queries.lists import Tray, Undated, has_any_post, titles, tray, waiting, work_of_day

__all__ = [
    "House",
    "Tray",
    "Undated",
    "entries",
    "has_any_post",
    "house",
    "standing",
    "sums",
    "titles",
    "tray",
    "waiting",
    "work_of_day",
]

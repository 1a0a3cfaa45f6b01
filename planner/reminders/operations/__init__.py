"""Every write about reminders, called as `reminders.<verb>(...)`. One file for each subject."""

from planner.reminders.operations.claim import claim_due
from planner.reminders.operations.delivery import deliver, drain, flag_stuck, tick
from planner.reminders.operations.schedule import Wanted, cancel, notify, schedule_many, supersede

__all__ = [
    "Wanted",
    "cancel",
    "claim_due",
    "deliver",
    "drain",
    "flag_stuck",
    "notify",
    "schedule_many",
    "supersede",
    "tick",
]

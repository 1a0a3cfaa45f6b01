"""Every write about reminders, called as `reminders.<verb>(...)`. One file for each subject."""

from planner.reminders.operations.schedule import Wanted, cancel, notify, schedule_many, supersede

__all__ = ["Wanted", "cancel", "notify", "schedule_many", "supersede"]

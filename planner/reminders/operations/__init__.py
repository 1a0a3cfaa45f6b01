"""Every write about reminders, called as `reminders.<verb>(...)`. One file for each subject."""

from planner.reminders.operations.claim import claim_due
from planner.reminders.operations.control import pause_delivery, resume_delivery, retry_dead, settle_unknown
from planner.reminders.operations.delivery import Drained, deliver, drain, flag_stuck, tick
from planner.reminders.operations.digest import count_mornings, send_sheet
from planner.reminders.operations.health import Health, health, note_worker, watch
from planner.reminders.operations.inbox import bring_back, mark_done, mark_seen, snooze
from planner.reminders.operations.outlets import (
    Carried,
    add_outlet,
    carry,
    remove_outlet,
    retry_errand,
    switch_outlet,
    try_outlet,
)
from planner.reminders.operations.pause import pause_groups, resume_groups
from planner.reminders.operations.preferences import change_preferences, chosen_by, stop_emails
from planner.reminders.operations.retention import Forgotten, forget_old
from planner.reminders.operations.schedule import Wanted, cancel, notify, schedule_many, supersede
from planner.reminders.operations.trial import Tried, send_test

__all__ = [
    "Carried",
    "Drained",
    "Forgotten",
    "Health",
    "Tried",
    "Wanted",
    "add_outlet",
    "bring_back",
    "cancel",
    "carry",
    "change_preferences",
    "chosen_by",
    "claim_due",
    "count_mornings",
    "deliver",
    "drain",
    "flag_stuck",
    "forget_old",
    "health",
    "mark_done",
    "mark_seen",
    "note_worker",
    "notify",
    "pause_delivery",
    "pause_groups",
    "remove_outlet",
    "resume_delivery",
    "resume_groups",
    "retry_dead",
    "retry_errand",
    "schedule_many",
    "send_sheet",
    "send_test",
    "settle_unknown",
    "snooze",
    "stop_emails",
    "supersede",
    "switch_outlet",
    "tick",
    "try_outlet",
    "watch",
]

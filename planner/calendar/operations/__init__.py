"""Every write of the calendar, called as `calendar.<verb>(...)`: moving what stands in it, what comes
back, views, links."""

from planner.calendar.operations.duties import swap_turns
from planner.calendar.operations.incoming import (
    MOST_BACK,
    Look,
    bring_in,
    forget_sheets,
    look_at,
    take_back,
    upload_sheet,
)
from planner.calendar.operations.links import open_feed, publish_view, read_feed, read_link, revoke_feed, revoke_link
from planner.calendar.operations.moving import change_owner, move, shift, steps_to, undo, undoable
from planner.calendar.operations.rhythms import (
    Filled,
    fill,
    fill_ahead,
    move_occurrence,
    skip,
    switch_off,
    switch_on,
    take_up,
)
from planner.calendar.operations.seasons import TEMPLATE, ask_to_review, begin_feast, begin_season
from planner.calendar.operations.silences import Told, tell_silences
from planner.calendar.operations.views import delete_view, save_view, share_view

__all__ = [
    "MOST_BACK",
    "TEMPLATE",
    "Filled",
    "Look",
    "Told",
    "ask_to_review",
    "begin_feast",
    "begin_season",
    "bring_in",
    "change_owner",
    "delete_view",
    "fill",
    "fill_ahead",
    "forget_sheets",
    "look_at",
    "move",
    "move_occurrence",
    "open_feed",
    "publish_view",
    "read_feed",
    "read_link",
    "revoke_feed",
    "revoke_link",
    "save_view",
    "share_view",
    "shift",
    "skip",
    "steps_to",
    "swap_turns",
    "switch_off",
    "switch_on",
    "take_back",
    "take_up",
    "tell_silences",
    "undo",
    "undoable",
    "upload_sheet",
]

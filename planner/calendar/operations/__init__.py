"""Every write of the calendar, called as `calendar.<verb>(...)`: moving what stands in it, views, links."""

from planner.calendar.operations.links import open_feed, publish_view, read_feed, read_link, revoke_feed, revoke_link
from planner.calendar.operations.moving import (
    Effects,
    Step,
    change_owner,
    move,
    preview,
    shift,
    steps_to,
    undo,
    undoable,
)
from planner.calendar.operations.views import delete_view, save_view, share_view

__all__ = [
    "Effects",
    "Step",
    "change_owner",
    "delete_view",
    "move",
    "open_feed",
    "preview",
    "publish_view",
    "read_feed",
    "read_link",
    "revoke_feed",
    "revoke_link",
    "save_view",
    "share_view",
    "shift",
    "steps_to",
    "undo",
    "undoable",
]

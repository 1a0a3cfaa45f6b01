"""Every write on posts, called as `posts.<verb>(...)`. One file for each subject; start with `create` and `states`."""

from planner.posts.operations.comments import comment
from planner.posts.operations.create import Preview, PreviewItem, create_from_template, preview, propose
from planner.posts.operations.frame import InvalidAnswers, change_people, update_frame
from planner.posts.operations.moves import add_placement, cancel_placement, move, unpin
from planner.posts.operations.publishing import record_publication
from planner.posts.operations.reading import facts_of, missing, revision_of, valid_approvals
from planner.posts.operations.sample import (
    add_sample,
    join_sample,
    open_sample_workspace,
    remove_sample,
    samples_to_join,
)
from planner.posts.operations.states import (
    Move,
    approve,
    ask_changes,
    cancel,
    develop,
    possible_moves,
    reopen,
    retire,
    schedule,
    sign,
    submit,
    unschedule,
)
from planner.posts.operations.texts import (
    Conflict,
    discard_typing,
    keep_typing,
    restore_revision,
    save_placement_text,
    save_text,
)
from planner.posts.operations.upkeep import (
    ZoneShift,
    change_zone,
    hand_over_work,
    preview_zone_change,
    relay_open_work,
)
from planner.posts.operations.uploads import add_upload, describe_upload, remove_upload

__all__ = [
    "Conflict",
    "InvalidAnswers",
    "Move",
    "Preview",
    "PreviewItem",
    "ZoneShift",
    "add_placement",
    "add_sample",
    "add_upload",
    "approve",
    "ask_changes",
    "cancel",
    "cancel_placement",
    "change_people",
    "change_zone",
    "comment",
    "create_from_template",
    "describe_upload",
    "develop",
    "discard_typing",
    "facts_of",
    "hand_over_work",
    "join_sample",
    "keep_typing",
    "missing",
    "move",
    "open_sample_workspace",
    "possible_moves",
    "preview",
    "preview_zone_change",
    "propose",
    "record_publication",
    "relay_open_work",
    "remove_sample",
    "remove_upload",
    "reopen",
    "restore_revision",
    "retire",
    "revision_of",
    "samples_to_join",
    "save_placement_text",
    "save_text",
    "schedule",
    "sign",
    "submit",
    "unpin",
    "unschedule",
    "update_frame",
    "valid_approvals",
]

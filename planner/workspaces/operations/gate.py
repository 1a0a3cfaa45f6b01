"""May this member do this, here? Asked first by every operation of every room."""

from typing import Any

from django.utils.translation import gettext as _

from planner.base.errors import NotAllowed, NotFound
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import MAY, Act, Level, may


def require(membership: Membership, act: Act) -> None:
    """Raises `NotAllowed`, in words, unless the member is active and their access level allows the act."""
    if membership.left_at is not None or not membership.user.is_active:
        raise NotAllowed(_("You are no longer a member of this workspace."))
    if not may(membership.level, act):
        raise NotAllowed(
            _("This needs the level “%(level)s”: ask a manager of the workspace.") % {"level": lowest_level(act).label}
        )


def lowest_level(act: Act) -> Level:
    """The first level, from below, that allows the act."""
    return next(Level(level) for level, acts in MAY.items() if act in acts)


def lock(workspace: Workspace) -> Workspace:
    """The workspace's row, locked until the end of the transaction. Always the first lock taken.

    `FOR NO KEY UPDATE`, as every lock of the product on a row that is not about to go: PostgreSQL checks each foreign
    key of an insert with a `KEY SHARE` of the row it names, and `FOR UPDATE` would make everybody wait for that.
    """
    return Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)


def same_house(actor: Membership, thing: Any) -> None:
    """Raises `NotFound` when `thing` belongs to another workspace than the actor."""
    if thing.workspace_id != actor.workspace_id:
        raise NotFound(_("There is no such thing in this workspace."))

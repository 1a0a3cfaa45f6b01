"""What the pages of this room know about their reader."""

from planner.workspaces.access import MemberRequest


def zone_of(request: MemberRequest) -> str:
    """The reader's own zone, else that of the workspace."""
    return request.user.time_zone or request.workspace.time_zone

"""Every write about people and places, called as `workspaces.<verb>(...)`. One file for each subject."""

from planner.workspaces.operations.absences import add_absence, remove_absence
from planner.workspaces.operations.blackouts import add_blackout, refuse_blackout, remove_blackout, why_closed
from planner.workspaces.operations.channels import (
    add_audience,
    describe_channel,
    move_channel_on,
    save_channel,
    use_audience,
    use_channel,
)
from planner.workspaces.operations.duties import clear_rota, fill_rota, on_duty, swap, turns
from planner.workspaces.operations.gate import lock, require, same_house
from planner.workspaces.operations.invitations import (
    accept_invitation,
    find_invitation,
    invite,
    revoke_invitation,
)
from planner.workspaces.operations.people import (
    change_level,
    change_profile,
    describe_member,
    leave,
    remove_member,
)
from planner.workspaces.operations.roles import (
    assign_role,
    person_for_role,
    put_first,
    remove_role,
    role_book,
    roles_held,
    set_second,
)
from planner.workspaces.operations.settings import (
    change_settings,
    change_zone,
    create_workspace,
    may_open_a_workspace,
)
from planner.workspaces.operations.sign_in import (
    find_sign_in_link,
    first_account,
    make_sign_in_link,
    needs_first_account,
    use_sign_in_link,
)
from planner.workspaces.operations.worktime import (
    change_holiday,
    change_working_time,
    feasts,
    remove_holiday_change,
    working_calendar,
)

__all__ = [
    "accept_invitation",
    "add_absence",
    "add_audience",
    "add_blackout",
    "assign_role",
    "change_holiday",
    "change_level",
    "change_profile",
    "change_settings",
    "change_working_time",
    "change_zone",
    "clear_rota",
    "create_workspace",
    "describe_channel",
    "move_channel_on",
    "describe_member",
    "feasts",
    "fill_rota",
    "find_invitation",
    "find_sign_in_link",
    "first_account",
    "invite",
    "leave",
    "lock",
    "make_sign_in_link",
    "may_open_a_workspace",
    "needs_first_account",
    "on_duty",
    "person_for_role",
    "put_first",
    "refuse_blackout",
    "remove_absence",
    "remove_blackout",
    "remove_holiday_change",
    "remove_member",
    "remove_role",
    "require",
    "revoke_invitation",
    "role_book",
    "roles_held",
    "same_house",
    "save_channel",
    "set_second",
    "swap",
    "turns",
    "use_audience",
    "use_channel",
    "why_closed",
    "use_sign_in_link",
    "working_calendar",
]

"""Composition only: every table of the product."""

from planner.calendar.models import Feed, Occurrence, PublicLink, Rhythm, SavedView
from planner.crisis.models import Change, CheckLine, Crisis, Fact, LogLine, Proposal, Statement
from planner.dialogue.models import Signal
from planner.history.models import Entry, Revision
from planner.playbook.models import PlaybookItem
from planner.policy.models import Acknowledgement, Charter, PolicyVersion
from planner.posts.models import (
    Alert,
    Application,
    Approval,
    Block,
    Buffer,
    Comment,
    Consent,
    HeldPlacement,
    Hold,
    HoldException,
    Initiative,
    Placement,
    Post,
    PostText,
    Upload,
)
from planner.reminders.models import (
    Delivery,
    DeliveryState,
    Digest,
    Errand,
    Notice,
    Outlet,
    Preference,
    Reminder,
    Worker,
)
from planner.work.models import WorkItem
from planner.workspaces.models import (
    Absence,
    Audience,
    Blackout,
    Channel,
    Duty,
    HolidayChange,
    Invitation,
    Membership,
    RoleAssignment,
    SignInLink,
    User,
    Workspace,
)

__all__ = [
    "Absence", "Alert", "Application", "Approval", "Audience", "Block", "Buffer", "Channel", "Comment", "Consent",
    "Delivery", "DeliveryState", "Digest", "Entry", "Errand", "HeldPlacement", "Hold", "HoldException",
    "HolidayChange", "Initiative", "Invitation", "Membership", "Notice", "Outlet", "Placement", "PlaybookItem",
    "Post", "PostText", "Preference", "Reminder", "Revision", "RoleAssignment", "SignInLink", "Signal", "Upload",
    "User", "WorkItem", "Worker", "Workspace",
]  # fmt: skip
__all__ += ["Change", "CheckLine", "Crisis", "Fact", "LogLine", "Proposal", "Statement"]
__all__ += ["Blackout", "Feed", "PublicLink", "SavedView"]
__all__ += ["Acknowledgement", "Charter", "PolicyVersion"]
__all__ += ["Duty", "Occurrence", "Rhythm"]

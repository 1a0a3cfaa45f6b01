"""Composition only: every table of the product."""

from planner.calendar.models import Feed, Import, Occurrence, Partner, PublicLink, Rhythm, SavedView, Silence
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
    Guest,
    HeldPlacement,
    Hold,
    HoldException,
    Initiative,
    Override,
    Placement,
    PolicyCheck,
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
    "Absence", "Acknowledgement", "Alert", "Application", "Approval", "Audience", "Blackout", "Block", "Buffer",
    "Change", "Channel", "Charter", "CheckLine", "Comment", "Consent", "Crisis", "Delivery", "DeliveryState",
    "Digest", "Duty", "Entry", "Errand", "Fact", "Feed", "Guest", "HeldPlacement", "Hold", "HoldException",
    "HolidayChange", "Import", "Initiative", "Invitation", "LogLine", "Membership", "Notice", "Occurrence", "Outlet",
    "Override", "Partner", "Placement", "PlaybookItem",
    "PolicyCheck", "PolicyVersion", "Post", "PostText", "Preference", "Proposal", "PublicLink", "Reminder",
    "Revision", "Rhythm", "RoleAssignment", "SavedView", "SignInLink", "Signal", "Silence", "Statement", "Upload",
    "User", "WorkItem", "Worker", "Workspace",
]  # fmt: skip

"""Who may do what: one table. Pure, no database."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """Access levels. Approving and signing never come from here, only from editorial roles."""

    READER = "reader", _("Reader")
    CONTRIBUTOR = "contributor", _("Contributor")
    PLANNER = "planner", _("Planner")
    MANAGER = "manager", _("Manager")


class EditorialRole(TextChoices):
    """The roles of the playbook: who does what in a text's life."""

    AUTHOR = "author", _("Author (subject owner)")
    EXPERT = "expert", _("Expert")
    EDITOR = "editor", _("Editor")
    COMMUNITY = "community", _("Community manager")
    ANSWERER = "answerer", _("Named answerer")
    DEPUTY = "deputy", _("Deputy answerer")
    LEGAL = "legal", _("Legal and compliance")
    APPROVER = "approver", _("Communications director")
    SPOKESPERSON = "spokesperson", _("Spokesperson")
    LEADER = "leader", _("Leader")
    ANALYST = "analyst", _("Analyst")
    CRISIS_LEAD = "crisis_lead", _("Crisis lead")
    CRISIS_DEPUTY = "crisis_deputy", _("Crisis deputy")
    LOG_KEEPER = "log_keeper", _("Log keeper")


class Act(TextChoices):
    """What a member may do by access level."""

    READ = "read", _("Read everything of the workspace")
    COMMENT = "comment", _("Comment, complete one’s own work")
    WRITE = "write", _("Write texts, answer questions, add files")
    PROPOSE = "propose", _("Propose a post without a date")
    PLAN = "plan", _("Plan, move and cancel posts, hand out work")
    RECORD = "record", _("Record a publication")
    MANAGE_PEOPLE = "manage_people", _("Invite people, give levels and roles")
    MANAGE_SETTINGS = "manage_settings", _("Change settings, channels and holidays")
    MANAGE_DELIVERY = "manage_delivery", _("Pause delivery, settle reminders in doubt")


_READER = frozenset({Act.READ})
_CONTRIBUTOR = _READER | {Act.COMMENT, Act.WRITE, Act.PROPOSE}
_PLANNER = _CONTRIBUTOR | {Act.PLAN, Act.RECORD}
_MANAGER = _PLANNER | {Act.MANAGE_PEOPLE, Act.MANAGE_SETTINGS, Act.MANAGE_DELIVERY}

MAY: dict[str, frozenset[Act]] = {
    Level.READER: _READER,
    Level.CONTRIBUTOR: _CONTRIBUTOR,
    Level.PLANNER: _PLANNER,
    Level.MANAGER: _MANAGER,
}


def may(level: str, act: Act) -> bool:
    """Does this access level allow the act?"""
    return act in MAY[level]

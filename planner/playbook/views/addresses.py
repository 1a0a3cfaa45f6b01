"""Where each kind of item has its page, and the kinds that have a list."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Words
from planner.playbook.models import Kind
from planner.workspaces.models import Workspace

OWN_PAGES = {
    Kind.TEMPLATE: "playbook:template",
    Kind.CHECKLIST: "playbook:checklist",
    Kind.WORKFLOW: "playbook:workflow",
    Kind.ADVICE: "playbook:advice_item",
}
"""The kinds that have a page of their own; the others share one."""

LISTED = (
    Kind.WORKFLOW,
    Kind.CHECKLIST,
    Kind.CADENCE,
    Kind.OBSERVANCE,
    Kind.REMINDER_PROFILE,
    Kind.CRISIS,
    Kind.RULE,
    Kind.GATE,
    Kind.WORDS,
    Kind.CHARTER,
    Kind.ASSESSMENT,
    Kind.QUESTION,
    Kind.STAGE,
    Kind.CHANNEL,
    Kind.ROLE,
)
"""The kinds that have a list, in the order in which pages name them."""


PLURALS: dict[str, Words] = {
    Kind.TEMPLATE: _("Templates"),
    Kind.WORKFLOW: _("Workflows"),
    Kind.CHECKLIST: _("Checklists"),
    Kind.CADENCE: _("Cadences"),
    Kind.OBSERVANCE: _("Seasonal topics"),
    Kind.REMINDER_PROFILE: _("Reminder profiles"),
    Kind.CRISIS: _("Crisis conduct"),
    Kind.RULE: _("Rules"),
    Kind.GATE: _("Gates"),
    Kind.WORDS: _("Word lists"),
    Kind.CHARTER: _("Editorial policy"),
    Kind.ASSESSMENT: _("Executive audit"),
    Kind.QUESTION: _("Questions to leaders"),
    Kind.STAGE: _("Maturity stages"),
    Kind.CHANNEL: _("Channels"),
    Kind.ROLE: _("Roles"),
}


READING = "reading"
"""The page of the audit that says what is scored, and how."""


def link_to(workspace: Workspace, kind: str, slug: str) -> str:
    """The page of an item."""
    if kind in OWN_PAGES:
        return reverse(OWN_PAGES[Kind(kind)], kwargs={"workspace": workspace.slug, "slug": slug})
    return reverse("playbook:item", kwargs={"workspace": workspace.slug, "kind": kind, "slug": slug})

"""Views saved under a name."""

from datetime import datetime
from urllib.parse import urlencode

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, NotAllowed, NotFound
from planner.calendar.models import SavedView
from planner.calendar.rules import PAGES, Filter
from planner.history import operations as history
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, may

history.register(
    {
        "view.saved": gettext_lazy("saved a view of the calendar"),
        "view.shared": gettext_lazy("shared a view of the calendar"),
        "view.unshared": gettext_lazy("took back a shared view of the calendar"),
        "view.deleted": gettext_lazy("deleted a view of the calendar"),
    }
)

MOST_VIEWS = 40


@transaction.atomic
def save_view(
    *, actor: Membership, name: str, page: str, wanted: Filter, is_shared: bool = False, now: datetime
) -> SavedView:
    """Keep a filter under a name, for oneself or for all; the same name again replaces it. Sharing needs to plan."""
    workspaces.require(actor, Act.PLAN if is_shared else Act.READ)
    name = name.strip()
    if not name or len(name) > 60:
        raise Invalid(_("Give the view a name, of 60 characters at most."), field="name")
    if page not in PAGES:
        raise Invalid(_("There is no such page of the calendar."))
    query = urlencode(wanted.pairs())
    if len(query) > 2000:
        raise Invalid(_("This filter is too long to be kept: choose fewer things."))
    own = SavedView.objects.filter(owner=actor)
    if own.count() >= MOST_VIEWS and not own.filter(name=name).exists():
        raise Invalid(_("You have %(most)s views: delete one first.") % {"most": MOST_VIEWS}, field="name")
    view, _created = SavedView.objects.update_or_create(
        owner=actor,
        name=name,
        defaults={
            "workspace": actor.workspace, "page": page, "query": query, "is_shared": is_shared, "created_at": now,
        },
    )  # fmt: skip
    _record("view.saved", actor, view, now)
    return view


@transaction.atomic
def share_view(*, actor: Membership, view: SavedView, is_shared: bool, now: datetime) -> SavedView:
    """Show it to everybody here, or to its owner alone."""
    workspaces.require(actor, Act.PLAN)
    _must_be_theirs(actor, view)
    SavedView.objects.filter(pk=view.pk).update(is_shared=is_shared)
    view.is_shared = is_shared
    _record("view.shared" if is_shared else "view.unshared", actor, view, now)
    return view


@transaction.atomic
def delete_view(*, actor: Membership, view: SavedView, now: datetime) -> None:
    """With its feeds and public links, which answer no longer."""
    _must_be_theirs(actor, view)
    _record("view.deleted", actor, view, now)
    view.delete()


def _must_be_theirs(actor: Membership, view: SavedView) -> None:
    workspaces.require(actor, Act.READ)
    if view.workspace_id != actor.workspace_id:
        raise NotFound(_("There is no such thing in this workspace."))
    if view.owner_id != actor.pk and not (view.is_shared and may(actor.level, Act.MANAGE_SETTINGS)):
        raise NotAllowed(_("A view is changed by the person who saved it; a shared one by a manager too."))


def _record(verb: str, actor: Membership, view: SavedView, now: datetime) -> None:
    data = {"name": view.name, "query": view.query}
    history.record(verb=verb, actor=actor, workspace=actor.workspace, subject=view, data=data, now=now)

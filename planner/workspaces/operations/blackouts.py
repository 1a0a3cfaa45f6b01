"""Days on which nothing new is planned, and the refusal that names them."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base import wording
from planner.base.errors import Invalid, Refused, Stale
from planner.history import operations as history
from planner.workspaces.models import Blackout, Membership, Workspace
from planner.workspaces.operations.gate import lock, require, same_house
from planner.workspaces.rules import Act

history.register(
    {
        "blackout.added": gettext_lazy("closed days to new publications"),
        "blackout.removed": gettext_lazy("opened days to publications again"),
    }
)


@transaction.atomic
def add_blackout(*, actor: Membership, name: str, starts_on: date, ends_on: date, now: datetime) -> Blackout:
    """Close some days, both included. What is planned there already stays, and is shown; nothing new goes in."""
    require(actor, Act.MANAGE_SETTINGS)
    if not name.strip():
        raise Invalid(_("Say why, in a few words: the refusal will name it."), field="name")
    if ends_on < starts_on:
        raise Invalid(_("The last day comes before the first: turn them round."), field="ends_on")
    workspace = lock(actor.workspace)
    window = Blackout.objects.create(workspace=workspace, name=name.strip(), starts_on=starts_on, ends_on=ends_on)
    _record("blackout.added", actor, window, now)
    return window


@transaction.atomic
def remove_blackout(*, actor: Membership, blackout: Blackout, now: datetime) -> None:
    """Open these days again."""
    require(actor, Act.MANAGE_SETTINGS)
    same_house(actor, blackout)
    lock(actor.workspace)
    _record("blackout.removed", actor, blackout, now)
    deleted, _rows = Blackout.objects.filter(pk=blackout.pk).delete()
    if not deleted:
        raise Stale(_("These days were opened a moment ago."))


def refuse_blackout(workspace: Workspace, day: date, windows: Iterable[Blackout] | None = None) -> None:
    """Raises `Refused`, naming the window, when nothing new may be planned on this day. One query, none with `windows`:
    those of the workspace around it."""
    windows = Blackout.objects.filter(workspace=workspace).touching(day, day) if windows is None else windows
    closing = [window for window in windows if window.starts_on <= day <= window.ends_on]
    window = min(closing, key=lambda one: one.starts_on, default=None)
    if window is None:
        return
    raise Refused(
        why_closed(window), field="on", link=reverse("workspaces:blackouts", kwargs={"workspace": workspace.slug})
    )


def why_closed(window: Blackout) -> str:
    """The refusal that names the window."""
    return _("Nothing new is planned from %(first)s to %(last)s: %(name)s. Choose another day.") % {
        "first": wording.day(window.starts_on), "last": wording.day(window.ends_on), "name": window.name,
    }  # fmt: skip


def _record(verb: str, actor: Membership, window: Blackout, now: datetime) -> None:
    data = {"name": window.name, "starts_on": f"{window.starts_on}", "ends_on": f"{window.ends_on}"}
    history.record(verb=verb, actor=actor, workspace=actor.workspace, subject=actor.workspace, data=data, now=now)

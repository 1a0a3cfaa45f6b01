"""A workspace is opened, named, and set to its clock."""

import zoneinfo
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, NotAllowed, Stale
from planner.base.language import LANGUAGES
from planner.history import operations as history
from planner.workspaces.models import Membership, User, Workspace
from planner.workspaces.operations.gate import lock, require
from planner.workspaces.operations.roles import append_role
from planner.workspaces.operations.staff import keep_admin_door
from planner.workspaces.rules import FOUNDER_ROLES, Act, Level, Sector, official_language_of, place_of

history.register(
    {
        "workspace.created": gettext_lazy("opened this workspace"),
        "workspace.settings_changed": gettext_lazy("changed the settings"),
        "workspace.zone_changed": gettext_lazy("changed the time zone"),
    }
)


@transaction.atomic
def create_workspace(
    *,
    actor: User,
    name: str,
    language: str,
    country: str,
    region: str = "",
    sectors: Sequence[str] = (),
    now: datetime,
    is_sample: bool = False,
) -> Workspace:
    """Open a workspace; whoever opens it manages it, and holds the roles that a first post needs.

    Texts are written in `language` first, the other one second. The place gives the clock and the public holidays.
    """
    if not is_sample and not may_open_a_workspace(actor):
        raise NotAllowed(_("Only somebody who manages a workspace here may open another one."))
    place = place_of(country, region)
    official = official_language_of(country, region)
    _check(name, [language], sectors, official)
    workspace = _insert(
        Workspace(
            name=name.strip(),
            slug=_free_slug(name),
            languages=[language, *(other for other in LANGUAGES if other != language)],
            official_language=official,
            time_zone=place.zone,
            country=country,
            region=region,
            sectors=list(sectors),
            is_sample=is_sample,
            created_at=now,
        )
    )
    founder = Membership.objects.create(workspace=workspace, user=actor, level=Level.MANAGER, joined_at=now)
    for role in FOUNDER_ROLES:
        append_role(founder, role)
    keep_admin_door(actor)
    history.record(verb="workspace.created", actor=actor, workspace=workspace, subject=workspace, now=now)
    return workspace


def _insert(workspace: Workspace) -> Workspace:
    try:
        with transaction.atomic():
            workspace.save(force_insert=True)
    except IntegrityError:
        raise Stale(_("Somebody opened a workspace of the same name at the same instant: try again.")) from None
    return workspace


def may_open_a_workspace(user: User) -> bool:
    """Whoever is a guest somewhere is a guest: they manage nothing, so they open nothing."""
    places = Membership.objects.active().filter(user=user, workspace__is_sample=False)
    return user.is_superuser or not places.exists() or places.filter(level=Level.MANAGER).exists()


@transaction.atomic
def change_settings(
    *,
    actor: Membership,
    name: str,
    languages: Sequence[str],
    sectors: Sequence[str] = (),
    official_language: str = "",
    now: datetime,
) -> Workspace:
    """Change the name, the languages in order, the sectors, and the language that may never be missing."""
    require(actor, Act.MANAGE_SETTINGS)
    _check(name, languages, sectors, official_language)
    workspace = lock(actor.workspace)
    before = {field: getattr(workspace, field) for field in _SETTINGS}
    after = dict(zip(_SETTINGS, (name.strip(), list(languages), list(sectors), official_language), strict=True))
    for field, value in after.items():
        setattr(workspace, field, value)
    workspace.save(update_fields=_SETTINGS)
    changed = {field: [before[field], after[field]] for field in _SETTINGS if before[field] != after[field]}
    history.record(
        verb="workspace.settings_changed", actor=actor, workspace=workspace, subject=workspace, data=changed, now=now
    )
    return workspace


@transaction.atomic
def change_zone(*, actor: Membership, zone: str, now: datetime) -> Workspace:
    """Set the clock of the workspace. Wall times stay; the rooms that keep instants derive them again."""
    require(actor, Act.MANAGE_SETTINGS)
    if zone not in zoneinfo.available_timezones():
        raise Invalid(_("“%(zone)s” is not a time zone.") % {"zone": zone}, field="zone")
    workspace = lock(actor.workspace)
    before, workspace.time_zone = workspace.time_zone, zone
    workspace.save(update_fields=["time_zone"])
    history.record(
        verb="workspace.zone_changed",
        actor=actor,
        workspace=workspace,
        subject=workspace,
        data={"before": before, "after": zone},
        now=now,
    )
    return workspace


_SETTINGS = ("name", "languages", "sectors", "official_language")


def _check(name: str, languages: Sequence[str], sectors: Sequence[str], official: str) -> None:
    if not name.strip():
        raise Invalid(_("Give the name of the organisation."), field="name")
    if not languages or not set(languages) <= set(LANGUAGES):
        raise Invalid(_("Choose at least one language."), field="languages")
    if official and official not in LANGUAGES:
        raise Invalid(_("Choose a language of the list."), field="official_language")
    if not set(sectors) <= set(Sector.values):
        raise Invalid(_("Choose sectors of the list."), field="sectors")


def _free_slug(name: str) -> str:
    """The name as an address, with a number when another workspace has it."""
    base = slugify(name)[:50].strip("-") or "planning"
    taken = set(Workspace.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next((slug for slug in (base, *numbered) if slug not in taken), f"{base}-{uuid4().hex[:8]}")

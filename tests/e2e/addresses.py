"""Every page that a browser can open, found in the URL table, so that a new one is walked without being named here."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from planner.base import clock
from planner.calendar import operations as calendar
from planner.calendar.models import Occurrence
from planner.crisis import operations as crises
from planner.dialogue import operations as dialogue
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Placement, Post, Upload
from planner.work.models import WorkItem
from planner.workspaces.models import Channel, Membership, RoleAssignment, User, Workspace

VISITOR_PAGES = (
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/signup/",
    "/nowhere/",
)


def sample_values(workspace: Workspace) -> dict[str, Any]:
    """One thing of each kind that an address may name."""
    post = Post.objects.filter(workspace=workspace, placements__isnull=False, texts__isnull=False).latest("planned_at")
    item = WorkItem.objects.about(post).first() or WorkItem.objects.filter(workspace=workspace).latest("pk")
    return {
        "workspace": workspace.slug, "post": post.pk, "item": item.pk, "code": post.language, "slug": "expert-how-to",
        "member": Membership.objects.filter(workspace=workspace).latest("pk").pk,
        "placement": Placement.objects.filter(post=post).latest("pk").pk,
        "assignment": RoleAssignment.objects.filter(workspace=workspace).latest("pk").pk,
        "upload": getattr(Upload.objects.filter(workspace=workspace).first(), "pk", 0), "number": 1,
        "year": 2026, "month": 11, "day": 11, "event": "cancel", "absence": 0, "audience": 0,
        "invitation": 0, "change": 0, "blackout": 0, "view": 0, "feed": 0, "link": 0, "entry": 0, "kind": "csv",
    }  # fmt: skip


def furnish(house: Any) -> dict[str, Any]:
    """One of each thing that the sample has not: what somebody told us, a campaign, what comes back, a reader without
    an account, a chat room, and a drill of a crisis with its first words. Returns the values of their addresses.
    """
    workspace, actor, now = house.workspace, house.membership, clock.now()
    today = now.date()
    signal = dialogue.receive(
        actor=actor, kind="complaint", text="On attend trois semaines une réponse.", origin="desk", received_at=now,
        said_by="Une habitante", now=now,
    )  # fmt: skip
    initiative = posts.open_initiative(
        actor=actor, now=now,
        brief={
            "title": "L’hiver ensemble", "aim": "Que chacun sache où se chauffer.", "metric": "Visites de la page",
            "starts_on": today, "ends_on": today + timedelta(days=30), "proof_on": None, "owner": actor,
        },
    )  # fmt: skip
    cadence = PlaybookItem.objects.get(workspace=None, kind="cadence", slug="weekly-editorial")
    rhythm = calendar.switch_on(
        item=cadence, actor=actor, owner=actor, starts_on=today + timedelta(days=1), at=time(9), minutes=30, now=now
    )
    post = Post.objects.filter(workspace=workspace, status="in_review").latest("pk")
    _guest, token = posts.invite_guest(post=post, actor=actor, name="Awa Diop", days=7, now=now)
    crisis = crises.declare(
        actor=actor, level=2, title="Fuite d’eau", reason="Une conduite a cédé rue du Moulin.", is_drill=True,
        scope={"posts": [post.pk]}, now=now,
    )  # fmt: skip
    lines = f"Titre;Jour;Canal;Statut;Cible\nLa cantine;{today + timedelta(days=9)};Inconnu;Fait;Tous\nLe marché;;\n"
    sheet = calendar.upload_sheet(actor=actor, name="planning.csv", content=lines.encode(), first="day", now=now)
    return {
        "sheet": sheet.pk, "signal": signal.pk, "initiative": initiative.pk, "rhythm": rhythm.pk, "token": token,
        "crisis": crisis.pk,
        "occurrence": Occurrence.objects.filter(rhythm=rhythm).earliest("pk").pk, "rule": "r01", "stage": "running",
        "kind": "template", "language": "fr",
        "name": "acronyms",
    }  # fmt: skip


def _named(patterns: list[Any], space: str = "", above: tuple[str, ...] = ()) -> Iterator[tuple[str, list[str]]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            if one.app_name != "admin":
                inner = f"{space}{one.namespace}:" if one.namespace else space
                yield from _named(one.url_patterns, inner, (*above, *_words(one)))
        elif isinstance(one, URLPattern) and one.name:
            yield f"{space}{one.name}", [*above, *_words(one)]


def _words(pattern: URLPattern | URLResolver) -> list[str]:
    """The words that a path asks for: read in its route, because converters gather those of its children in use."""
    return re.findall(r"<(?:\w+:)?(\w+)>", str(pattern.pattern))


OTHERWISE: dict[str, dict[str, Any]] = {
    "calendar:import_start": {"kind": "csv"},
    "crisis:prepare": {"kind": "holding"},
    "playbook:advice_item": {"slug": "A41"},
    "playbook:checklist": {"slug": "team-rhythm"},
    "playbook:item": {"kind": "channel", "slug": "site-article"},
    "playbook:listing": {"kind": "cadence"},
    "playbook:workflow": {"slug": "w-std"},
    "policy:words": {"name": "acronyms"},
}
"""Where an address goes by a word that means something else elsewhere."""


def candidates(house: Any) -> list[str]:
    """Addresses of the product, its values filled in. Channels and templates both go by `slug`."""
    workspace = house.workspace
    values = {**sample_values(workspace), **furnish(house)}
    found = []
    for name, wanted in _named(get_resolver().url_patterns):
        if name in ("account_logout",) or not all(key in values for key in wanted):
            continue
        chosen = {key: values[key] for key in wanted}
        chosen |= {key: value for key, value in OTHERWISE.get(name, {}).items() if key in chosen}
        if name.startswith("workspaces:channel"):
            chosen["slug"] = Channel.objects.filter(workspace=workspace).latest("pk").slug
        try:
            found.append(reverse(name, kwargs=chosen))
        except NoReverseMatch:
            continue
    return [
        *dict.fromkeys([*found, reverse("calendar:month", kwargs={"workspace": workspace.slug}) + "?month=2027-02"])
    ]


def _shown_in_the_admin(user: User) -> list[dict[str, Any]]:
    request = RequestFactory().get(reverse("admin:index"))
    request.user = user
    return admin.site.get_app_list(request)


def admin_candidates(user: User) -> list[str]:
    """The index, and for each model its list, its form to add, and its form, history and deletion of one row."""
    found = [reverse("admin:index")]
    listed = [model["model"] for room in _shown_in_the_admin(user) for model in room["models"]]
    for model in listed:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.order_by("-pk").first()
        found.append(reverse(f"{base}_changelist"))
        if model._meta.app_label == "planner":
            found.append(reverse(f"{base}_add"))
        if row is not None:
            found += [reverse(f"{base}_{page}", args=[row.pk]) for page in ("change", "history", "delete")]
    return found


def pages(client: Client, addresses: list[str]) -> list[str]:
    """Those that answer a GET with a page of their own; forms that only take POST, downloads, and pieces of a
    page are none."""
    answers = ((address, client.get(address)) for address in addresses)
    return [
        address
        for address, answer in answers
        if answer.status_code == 200
        and answer.headers["Content-Type"].startswith("text/html")
        and b"<html" in answer.content
        and "attachment" not in answer.headers.get("Content-Disposition", "")
    ]

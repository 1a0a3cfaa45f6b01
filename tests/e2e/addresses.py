"""Every page that a browser can open, found in the URL table, so that a new one is walked without being named here."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

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


def _named(patterns: list[Any], space: str = "", above: tuple[str, ...] = ()) -> Iterator[tuple[str, list[str]]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            if one.app_name != "admin":
                inner = f"{space}{one.namespace}:" if one.namespace else space
                yield from _named(one.url_patterns, inner, (*above, *one.pattern.converters))
        elif isinstance(one, URLPattern) and one.name:
            yield f"{space}{one.name}", [*above, *one.pattern.converters]


def candidates(workspace: Workspace) -> list[str]:
    """Addresses of the product, its values filled in. Channels and templates both go by `slug`."""
    values = sample_values(workspace)
    found = []
    for name, wanted in _named(get_resolver().url_patterns):
        if name in ("account_logout",) or not all(key in values for key in wanted):
            continue
        chosen = {key: values[key] for key in wanted}
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
    """Those that answer a GET with a page of their own; forms that only take POST and downloads are not pages."""
    answers = ((address, client.get(address)) for address in addresses)
    return [
        address
        for address, answer in answers
        if answer.status_code == 200
        and answer.headers["Content-Type"].startswith("text/html")
        and "attachment" not in answer.headers.get("Content-Disposition", "")
    ]

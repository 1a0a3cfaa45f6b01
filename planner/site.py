"""The admin in our own look: one login, one bar, rooms as headings. Rooms register on `site` in their `admin.py`.

Imports base only. What has a state is changed there by the same operations as everywhere else.
"""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

ROOMS = {
    "workspaces": _("People and places"),
    "playbook": _("Playbook"),
    "posts": _("Posts"),
    "work": _("Work"),
    "calendar": _("Calendar"),
    "reminders": _("Reminders"),
    "history": _("History"),
}


OTHERS = {"mfa": _("Second factor")}
"""Applications of others that are shown too. Groups and addresses are not: they open nothing here."""


def room_of(model: type[Model]) -> str:
    """The room whose `models.py` defines the table: `planner.posts.models` gives `posts`."""
    package, _dot, rest = model.__module__.partition(".")
    return rest.split(".")[0] if package == "planner" else ""


class PlannerAdminSite(admin.AdminSite):
    """Open to staff alone; people sign in, sign out and change their password where everybody does."""

    site_header = "Marronnier"
    site_title = "Marronnier"
    index_title = _("Administration")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The one sign-in of the product, second factor included; somebody who is not staff is told so."""
        wanted = request.GET.get("next", "")
        safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
        target = wanted if safe else reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(target, reverse("account_login"))
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(target)

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_logout")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Our one application cut into its rooms, then what is shown of others."""
        listed: list[Any] = super().get_app_list(request, app_label)
        ours = [app for app in listed if app["app_label"] == apps.get_app_config("planner").label]
        others = [{**app, "name": OTHERS[app["app_label"]]} for app in listed if app["app_label"] in OTHERS]
        return [room for app in ours for room in self._by_room(app)] + others

    def _by_room(self, app: dict[str, Any]) -> list[dict[str, Any]]:
        known = [(name, [m for m in app["models"] if room_of(m["model"]) == room]) for room, name in ROOMS.items()]
        rest = [m for m in app["models"] if room_of(m["model"]) not in ROOMS]
        return [{**app, "name": name, "models": models} for name, models in [*known, (app["name"], rest)] if models]


site = admin.site

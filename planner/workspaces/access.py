"""The gatekeeper: every page of a workspace passes here, so that no view can forget to ask who is there.

Addresses with a `workspace` slug answer 404 to anybody who is not an active member. Views get `request.membership`.
"""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation

from planner.base.errors import PlannerError
from planner.workspaces.models import Membership, User, Workspace

_Handler = Callable[[HttpRequest], HttpResponse]


class MemberRequest(HttpRequest):
    """A request that passed the gate: a signed-in person, in one workspace."""

    user: User
    membership: Membership
    workspace: Workspace
    htmx: Any


class ReaderMiddleware:
    """The page speaks the signed-in person's language; a visitor's comes from the browser."""

    def __init__(self, get_response: _Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language() or "fr"
        return self.get_response(request)


class GatekeeperMiddleware:
    """Finds the membership behind `/w/<workspace>/`, shows refusals in words."""

    def __init__(self, get_response: _Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Take `workspace` out of the address and put the membership on the request, or stop here."""
        slug = kwargs.get("workspace")
        match = request.resolver_match
        if slug is None or (match is not None and match.app_name == "admin"):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else f"/w/{slug}/")
        members = Membership.objects.active().with_people()
        membership = get_object_or_404(members, user=request.user, workspace__slug=slug)
        del kwargs["workspace"]
        request.membership = membership  # type: ignore[attr-defined]
        request.workspace = membership.workspace  # type: ignore[attr-defined]
        timezone.activate(zoneinfo.ZoneInfo(membership.workspace.time_zone))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal that no form caught is still a sentence, on a page with a way back."""
        if not isinstance(exception, PlannerError):
            return None
        if exception.status == 404:
            raise Http404 from exception
        return render(request, "planner/refused.html", {"refusal": exception}, status=exception.status)


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """What every page shows around its content: who, where."""
    membership = getattr(request, "membership", None)
    return {"membership": membership, "workspace": membership.workspace if membership else None}

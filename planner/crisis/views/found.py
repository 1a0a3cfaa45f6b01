"""The crisis that an address names, in the member's own workspace."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from planner.base.errors import Words
from planner.base.forms import OperationForm
from planner.crisis.models import Crisis
from planner.crisis.queries import open_in
from planner.workspaces.access import MemberRequest


def crisis_of(request: MemberRequest, crisis: int) -> Crisis:
    """The crisis with its people; 404 outside the workspace."""
    found = next((one for one in open_in(request.workspace) if one.pk == crisis), None)
    found = found or Crisis.objects.with_people().filter(workspace=request.workspace, pk=crisis).first()
    if found is None:
        raise Http404
    found.workspace = request.workspace
    return found


def page(
    request: MemberRequest,
    crisis: Crisis,
    form: OperationForm,
    act: Words,
    button: Words,
    hint: Words = "",
    **more: Any,
) -> HttpResponse:
    """One act with its form; a refusal keeps what was typed."""
    context = {"crisis": crisis, "form": form, "act": act, "button": button, "hint": hint, **more}
    return render(request, "planner/crisis/act.html", context, status=form.refusal.status if form.refusal else 200)

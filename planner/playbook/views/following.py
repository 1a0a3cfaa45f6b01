"""One workflow: the work that every template of its kind dates, and the templates that follow it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from planner.base.errors import Words
from planner.playbook import rules
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.views.advising import embodied
from planner.playbook.views.showing import owning
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import EditorialRole


@dataclass(frozen=True)
class Line:
    task: rules.Task
    role: Words


@require_safe
def workflow(request: MemberRequest, slug: str) -> HttpResponse:
    items = PlaybookItem.objects.visible_to(request.workspace).of_kinds(Kind.WORKFLOW, Kind.TEMPLATE)
    item, followers = _apart(items, slug)
    if item is None:
        raise Http404
    tasks = rules.chain(item.payload, {})  # as a template takes it that changes nothing
    return render(
        request,
        "planner/playbook/workflow.html",
        {
            "item": item,
            "lines": [Line(task, EditorialRole(task.role).label) for task in tasks],
            "followers": sorted(followers, key=lambda follower: rules.fold(follower.title)),
            **owning(request, item),
            "embodied": embodied(item, request.workspace),
        },
    )


def _apart(items: Iterable[PlaybookItem], slug: str) -> tuple[PlaybookItem | None, list[PlaybookItem]]:
    kept = list(items)
    item = next((one for one in kept if one.kind == Kind.WORKFLOW and one.slug == slug), None)
    return item, [one for one in kept if one.kind == Kind.TEMPLATE and one.payload["workflow"] == slug]

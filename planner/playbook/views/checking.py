"""One checklist, to read and to print."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.views.advising import embodied
from planner.playbook.views.showing import owning
from planner.workspaces.access import MemberRequest


@require_safe
def checklist(request: MemberRequest, slug: str) -> HttpResponse:
    item = PlaybookItem.objects.visible_to(request.workspace).of_kind(Kind.CHECKLIST).filter(slug=slug).first()
    if item is None:
        raise Http404
    return render(
        request,
        "planner/playbook/checklist.html",
        {
            "item": item,
            "checklist": item.payload,
            **owning(request, item),
            "embodied": embodied(item, request.workspace),
        },
    )

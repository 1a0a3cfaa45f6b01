"""What stands above every page while a crisis lasts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template

from planner.base import clock
from planner.crisis.models import Crisis

register = template.Library()


@register.simple_tag(takes_context=True)
def open_crises(context: Mapping[str, Any]) -> list[Crisis]:
    """The open crises of the workspace, the gravest first; no query on a calm day."""
    workspace = context.get("workspace")
    if workspace is None or not workspace.is_alerted:
        return []
    found = list(Crisis.objects.open().filter(workspace=workspace).with_people().order_by("-level", "declared_at"))
    for crisis in found:
        crisis.workspace = workspace
    return found


@register.filter
def is_overdue(crisis: Crisis, now: datetime | None = None) -> bool:
    """Has its promised hour passed in silence?"""
    return crisis.is_overdue(now or clock.now())

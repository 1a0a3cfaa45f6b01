"""What stands above every page while a crisis lasts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template

from planner.base import clock
from planner.crisis.models import Crisis
from planner.crisis.queries import open_in

register = template.Library()


@register.simple_tag(takes_context=True)
def open_crises(context: Mapping[str, Any]) -> list[Crisis]:
    """The open crises of the workspace, the gravest first; no query on a calm day."""
    workspace = context.get("workspace")
    return open_in(workspace) if workspace else []


@register.filter
def is_overdue(crisis: Crisis, now: datetime | None = None) -> bool:
    """Has its promised hour passed in silence?"""
    return crisis.is_overdue(now or clock.now())

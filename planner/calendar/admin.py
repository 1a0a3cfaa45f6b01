"""The admin of what comes back, looked at only: the pages of the calendar switch it on and off, skip and move it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from planner.base.admin import LookedAtAdmin
from planner.calendar.models import Occurrence, Rhythm
from planner.site import site
from planner.workspaces.models import Membership
from planner.workspaces.rules import ADMIN_LEVELS


class _Seen(LookedAtAdmin):
    """Rows of the workspaces in which the reader plans or manages."""

    list_filter = (("workspace", admin.RelatedOnlyFieldListFilter),)

    def seen_by(self, request: HttpRequest) -> QuerySet[Any]:
        places = Membership.objects.active().filter(user_id=request.user.pk or 0, level__in=ADMIN_LEVELS)
        rows: QuerySet[Any] = self.model._default_manager.filter(workspace__in=places.values("workspace"))
        return rows


@admin.register(Rhythm, site=site)
class RhythmAdmin(_Seen):
    list_display = ("__str__", "form", "at", "owner", "starts_on", "ends_on", "switched_off_at", "workspace")
    list_select_related = ("item", "owner__user", "workspace")
    ordering = ("item__slug", "pk")
    shown = (
        "__str__", "form", "repeat", "at", "minutes", "starts_on", "ends_on", "owner", "switched_on_by",
        "switched_on_at", "switched_off_at", "looked_at",
    )  # fmt: skip


@admin.register(Occurrence, site=site)
class OccurrenceAdmin(_Seen):
    list_display = ("__str__", "held_on", "held_at", "day", "skipped_at", "application", "workspace")
    list_select_related = ("rhythm__item", "application__template", "workspace")
    date_hierarchy = "held_on"
    shown = ("__str__", "day", "held_on", "held_at", "skipped_at", "reason", "application")

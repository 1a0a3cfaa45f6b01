"""The engine's tables, to be looked at by those who manage: what happens to them is decided on the delivery page."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from planner.base import language
from planner.base.admin import LookedAtAdmin
from planner.reminders import rules
from planner.reminders.models import Delivery, Notice, Reminder
from planner.site import site
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, may


class EngineAdmin(LookedAtAdmin):
    """Rows of the workspaces whose delivery this person manages."""

    workspace_path = "workspace"

    def seen_by(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.all()
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.workspace_path}__in": self._places(request)})

    def _places(self, request: HttpRequest) -> list[int]:
        mine = Membership.objects.active().filter(user_id=request.user.pk or 0).values_list("workspace_id", "level")
        return [workspace for workspace, level in mine if may(level, Act.MANAGE_DELIVERY)]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and (request.user.is_superuser or self._places(request)))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    @admin.display(description=_("why"))
    def why(self, row: Any) -> str:
        return rules.sentence(row.reason, language.current())


@admin.register(Reminder, site=site)
class ReminderAdmin(EngineAdmin):
    list_display = ("due_at", "step", "addressee", "state", "next_at", "workspace")
    list_filter = ("state", ("workspace", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("workspace",)
    ordering = ("-due_at", "-id")
    shown = (
        "workspace", "step", "addressee", "profile", "mode", "quiet", "work_due_at", "due_at", "next_at", "state",
        "attempts", "why", "created_at", "settled_at",
    )  # fmt: skip


@admin.register(Notice, site=site)
class NoticeAdmin(EngineAdmin):
    list_display = ("born_at", "recipient", "what", "done_at", "snoozed_until", "workspace")
    list_filter = (("workspace", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("workspace", "recipient__user")
    shown = ("workspace", "recipient", "what", "why", "born_at", "seen_at", "done_at", "snoozed_until")

    @admin.display(description=_("what"))
    def what(self, notice: Notice) -> str:
        return str(notice.card.get(language.current(), {}).get("what", ""))

    @admin.display(description=_("why"))
    def why(self, row: Notice) -> str:
        return rules.sentence(row.card.get("because", ()), language.current())


@admin.register(Delivery, site=site)
class DeliveryAdmin(EngineAdmin):
    workspace_path = "reminder__workspace"
    list_display = ("at", "recipient", "channel", "state", "attempts")
    list_filter = ("state", "channel")
    list_select_related = ("recipient__user",)
    ordering = ("-at", "-id")
    shown = ("recipient", "channel", "state", "attempts", "why", "message_id", "at")

"""The admin of people and places: what is edited here goes through the same operations as in the pages.

Managers see their own workspaces, superusers all of them; only a manager of the workspace itself may change anything.
What reaches the posts (holidays, the zone, somebody leaving) is changed in the settings, which date open work again.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db.models import ForeignKey, Model, QuerySet, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from planner.base import clock
from planner.base.errors import NotAllowed, PlannerError
from planner.site import site
from planner.workspaces import operations as workspaces
from planner.workspaces.models import (
    Absence,
    Audience,
    Blackout,
    Channel,
    Duty,
    HolidayChange,
    Membership,
    RoleAssignment,
    User,
    Workspace,
)
from planner.workspaces.rules import Level


def managed_by(user: Any) -> QuerySet[Workspace]:
    """The workspaces that somebody sees in the admin."""
    every = Workspace.objects.all()
    if user.is_superuser:
        return every
    places = Membership.objects.active().filter(user_id=user.pk, level=Level.MANAGER)
    return every.filter(pk__in=places.values("workspace"))


class ManagedAdmin(admin.ModelAdmin):
    """Rows of the workspaces that the reader manages; nothing can be changed unless a subclass says so."""

    workspace_path = "workspace"
    """From the row to its workspace."""
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return (
            super().get_queryset(request).filter(**{f"{self.workspace_path}__in": managed_by(request.user)}).distinct()
        )

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Membership:
            members = Membership.objects.active().with_people().filter(workspace__in=managed_by(request.user))
            kwargs["queryset"] = members.order_by("workspace__name", "user__name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # ---- who may enter

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._manages(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._manages(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def _manages(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and managed_by(request.user).exists())

    def actor(self, request: HttpRequest, workspace_id: int) -> Membership:
        """The reader as a member of that workspace: operations ask the rest."""
        members = Membership.objects.active().with_people().filter(workspace_id=workspace_id)
        found = members.filter(user_id=request.user.pk or 0).first()
        if found is None:
            raise NotAllowed(_("Only a member of that workspace may change this."))
        return found

    # ---- refusals in words

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except PlannerError as refusal:
            return self._refused(request, refusal)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().delete_view(request, *args, **kwargs)
        except PlannerError as refusal:
            return self._refused(request, refusal)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changelist_view(request, *args, **kwargs)
        except PlannerError as refusal:
            return self._refused(request, refusal)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for one in queryset:
            self.delete_model(request, one)

    def _refused(self, request: HttpRequest, refusal: PlannerError) -> HttpResponse:
        self.message_user(request, str(refusal), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())


class Addable(ManagedAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._manages(request)


class Changeable(ManagedAdmin):
    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._manages(request)


class Deletable(ManagedAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._manages(request)


@admin.register(User, site=site)
class UserAdmin(ManagedAdmin):
    """Looked at only: people change their own profile."""

    workspace_path = "memberships__workspace"
    list_display = ("name", "email", "language", "last_login")
    search_fields = ("name", "email")
    fields = ("name", "email", "language", "time_zone", "phone", "is_active", "last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        if request.user.is_superuser:  # also those who have joined nothing yet
            return User.objects.all()
        return super().get_queryset(request)


@admin.register(Workspace, site=site)
class WorkspaceAdmin(Changeable):
    workspace_path = "pk"
    list_display = ("name", "slug", "country", "region", "time_zone")
    fields = (
        "name", "official_language", "slug", "languages", "sectors", "time_zone", "country", "region", "working_days",
        "day_starts", "day_ends", "is_sample", "created_at",
    )  # fmt: skip
    readonly_fields = fields[2:]

    def save_model(self, request: HttpRequest, obj: Workspace, form: Any, change: bool) -> None:
        workspaces.change_settings(
            actor=self.actor(request, obj.pk),
            name=obj.name,
            languages=obj.languages,
            sectors=obj.sectors,
            official_language=obj.official_language,
            now=clock.now(),
        )


@admin.register(Membership, site=site)
class MembershipAdmin(Changeable):
    """The level is changed here; taking somebody's access away is done in the pages, which hand the work over."""

    list_display = ("user", "workspace", "level", "job", "joined_at", "left_at")
    list_filter = ("level", ("workspace", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "workspace")
    search_fields = ("user__name", "user__email")
    fields = ("user", "workspace", "level", "job", "is_shared_account", "joined_at", "left_at")
    readonly_fields = ("user", "workspace", "job", "is_shared_account", "joined_at", "left_at")

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        member = Membership.objects.with_people().get(pk=obj.pk)
        actor = self.actor(request, obj.workspace_id)
        workspaces.change_level(actor=actor, member=member, level=obj.level, now=clock.now())


@admin.register(RoleAssignment, site=site)
class RoleAssignmentAdmin(Addable, Changeable, Deletable):
    list_display = ("role", "person", "second", "position", "workspace")
    list_filter = ("role", ("workspace", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("person__user", "second__user", "workspace")
    fields = ("role", "person", "second")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("role", "person") if obj else ()

    def save_model(self, request: HttpRequest, obj: RoleAssignment, form: Any, change: bool) -> None:
        actor = self.actor(request, obj.person.workspace_id)
        if change:
            workspaces.set_second(actor=actor, assignment=obj, second=obj.second, now=clock.now())
            return
        given = workspaces.assign_role(
            actor=actor, member=obj.person, role=obj.role, second=obj.second, now=clock.now()
        )
        obj.pk, obj.workspace_id = given.pk, given.workspace_id

    def delete_model(self, request: HttpRequest, obj: RoleAssignment) -> None:
        workspaces.remove_role(actor=self.actor(request, obj.workspace_id), assignment=obj, now=clock.now())


@admin.register(Absence, site=site)
class AbsenceAdmin(Addable, Deletable):
    workspace_path = "membership__workspace"
    list_display = ("membership", "starts_on", "ends_on", "reason")
    list_select_related = ("membership__user",)
    fields = ("membership", "starts_on", "ends_on", "reason")

    def save_model(self, request: HttpRequest, obj: Absence, form: Any, change: bool) -> None:
        announced = workspaces.add_absence(
            actor=self.actor(request, obj.membership.workspace_id),
            member=obj.membership,
            starts_on=obj.starts_on,
            ends_on=obj.ends_on,
            reason=obj.reason,
            now=clock.now(),
        )
        obj.pk = announced.pk

    def delete_model(self, request: HttpRequest, obj: Absence) -> None:
        actor = self.actor(request, obj.membership.workspace_id)
        workspaces.remove_absence(actor=actor, absence=obj, now=clock.now())


@admin.register(HolidayChange, site=site)
class HolidayChangeAdmin(ManagedAdmin):
    """Looked at only: the settings change it and date open work again."""

    list_display = ("day", "name", "closed", "workspace")
    list_select_related = ("workspace",)


@admin.register(Blackout, site=site)
class BlackoutAdmin(ManagedAdmin):
    """Looked at only: the settings close and open days."""

    list_display = ("name", "starts_on", "ends_on", "workspace")
    list_select_related = ("workspace",)


@admin.register(Duty, site=site)
class DutyAdmin(ManagedAdmin):
    """Looked at only: the rota gives the turns, and people swap them on its page."""

    list_display = ("day", "member", "workspace")
    list_select_related = ("member__user", "workspace")


@admin.register(Channel, site=site)
class ChannelAdmin(Changeable):
    list_display = ("__str__", "family", "owned", "is_used", "owner", "workspace")
    formfield_overrides = {URLField: {"assume_scheme": "https", "widget": AdminURLFieldWidget}}
    list_filter = ("is_used", "family", ("workspace", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("owner__user", "workspace")
    fields = (
        "is_used",
        "address",
        "owner",
        "deputy",
        "pace",
        "workspace",
        "slug",
        "title",
        "mark",
        "family",
        "limits",
        "notes",
    )
    readonly_fields = fields[5:]

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        workspaces.save_channel(
            actor=self.actor(request, obj.workspace_id),
            channel=obj,
            address=obj.address,
            owner=obj.owner,
            deputy=obj.deputy,
            is_used=obj.is_used,
            pace=obj.pace,
            now=clock.now(),
        )


@admin.register(Audience, site=site)
class AudienceAdmin(Changeable):
    list_display = ("sentence", "is_used", "workspace")
    list_select_related = ("workspace",)
    fields = ("sentence", "is_used", "workspace")
    readonly_fields = ("sentence", "workspace")

    def save_model(self, request: HttpRequest, obj: Audience, form: Any, change: bool) -> None:
        if "is_used" in form.changed_data:
            actor = self.actor(request, obj.workspace_id)
            workspaces.use_audience(actor=actor, audience=obj, is_used=obj.is_used, now=clock.now())

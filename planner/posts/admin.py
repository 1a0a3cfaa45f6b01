"""The admin of posts: planned from a template and moved, through the same operations as in the pages."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from planner.base import clock
from planner.base.admin import LookedAtAdmin, OperationModelForm
from planner.base.errors import NotFound
from planner.base.language import LANGUAGES
from planner.playbook.models import Kind, PlaybookItem
from planner.posts import operations as posts
from planner.posts import rules
from planner.posts.models import Approval, Override, Placement, Post
from planner.posts.rules import PostValues, WallTime
from planner.site import site
from planner.workspaces.models import Channel, Membership, Workspace
from planner.workspaces.rules import ADMIN_LEVELS


def places_of(request: HttpRequest) -> QuerySet[Membership]:
    """The memberships with which somebody plans."""
    return Membership.objects.active().with_people().filter(user_id=request.user.pk or 0, level__in=ADMIN_LEVELS)


def actor_in(request: HttpRequest, workspace: Workspace) -> Membership:
    """The reader as a member of that workspace; operations ask the rest."""
    found = places_of(request).filter(workspace=workspace).first()
    if found is None:
        raise NotFound(_("This post does not exist, or no longer."))
    return found


_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class WallTimeForm(OperationModelForm):
    """A day and an hour on the wall of the workspace."""

    on = forms.DateField(label=_("Publication"), required=False, widget=_DAY)
    at = forms.TimeField(label=_("Hour"), required=False, widget=_HOUR)

    class Meta:
        model = Post
        fields = ()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("on") and not values.get("at") and "at" not in self.errors:
            self.add_error("at", _("Give an hour too."))
        if values.get("at") and not values.get("on") and "on" not in self.errors:
            self.add_error("on", _("Give a day too."))
        return values

    def wall(self) -> WallTime | None:
        on, at = self.cleaned_data.get("on"), self.cleaned_data.get("at")
        return WallTime(on, at) if on and at else None


class PlanForm(WallTimeForm):
    """A post from a template. What is not asked here is written on the post's own page."""

    workspace = forms.ModelChoiceField(label=_("Workspace"), queryset=Workspace.objects.none())
    template = forms.ModelChoiceField(label=_("Template"), queryset=PlaybookItem.objects.none())
    title = forms.CharField(label=_("Title"), max_length=200)
    language = forms.ChoiceField(label=_("Language"), choices=[("fr", "Français"), ("en", "English")])
    channels = forms.ModelMultipleChoiceField(label=_("Channels"), queryset=Channel.objects.none(), required=False)
    author = forms.ModelChoiceField(label=_("Author"), queryset=Membership.objects.none(), required=False)
    audience = forms.CharField(label=_("Who precisely, in one sentence"), max_length=300, required=False)
    objective = forms.CharField(label=_("What changes for them"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Workspace.objects.filter(pk__in=places_of(self.request).values("workspace"))
        offered: dict[str, QuerySet[Any]] = {
            "workspace": mine,
            "template": templates_for(mine),
            "channels": Channel.objects.used().filter(workspace__in=mine).order_by("workspace", "position"),
            "author": Membership.objects.active().with_people().filter(workspace__in=mine),
        }
        for name, rows in offered.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        if mine.count() == 1:
            self.fields["workspace"].initial = mine.get().pk
            self.fields["language"].initial = mine.get().main_language

    def operate(self) -> Post:
        values = self.cleaned_data
        frame = PostValues(audience=values["audience"], objective=values["objective"])
        if values["author"]:
            frame["author"] = values["author"]
        return posts.create_from_template(
            actor=actor_in(self.request, values["workspace"]),
            template=values["template"],
            planned=self.wall(),
            channels=list(values["channels"]),
            values=frame,
            title=values["title"],
            language=values["language"] if values["language"] in LANGUAGES else "fr",
            now=clock.now(),
        )


def templates_for(workspaces: QuerySet[Workspace]) -> QuerySet[PlaybookItem]:
    """The bundled templates and the own ones of these workspaces; the operation asks which workspace may use which."""
    in_use = PlaybookItem.objects.in_use().of_kind(Kind.TEMPLATE)
    return (in_use.filter(workspace__isnull=True) | in_use.filter(workspace__in=workspaces)).order_by("slug")


class MoveForm(WallTimeForm):
    """Another date and hour for the whole post; both empty takes the date away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.planned_at is not None:
            here = self.instance.planned_at.astimezone(ZoneInfo(self.instance.workspace.time_zone))
            self.initial = {"on": here.date(), "at": here.time(), **self.initial}

    def operate(self) -> Post:
        actor = actor_in(self.request, self.instance.workspace)
        return posts.move(post=self.instance, actor=actor, to=self.wall(), now=clock.now())


@admin.register(Post, site=site)
class PostAdmin(LookedAtAdmin):
    form = MoveForm
    list_display = ("__str__", "status", "planned_at", "published_at", "author", "workspace")
    list_filter = ("status", ("workspace", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("author__user", "workspace")
    search_fields = ("texts__title",)
    shown = (
        "__str__", "status", "planned_at", "published_at", "author", "answerer", "deputy", "language", "audience",
        "objective", "intent", "has_claims", "is_regulated", "is_evergreen", "review_days_lost", "created_at",
    )  # fmt: skip

    def seen_by(self, request: HttpRequest) -> QuerySet[Any]:
        return Post.objects.filter(workspace__in=places_of(request).values("workspace")).prefetch_related("texts")

    def asked(self, request: HttpRequest, obj: Any) -> tuple[str, ...]:
        if obj is None:
            return (
                "workspace",
                "template",
                "title",
                "language",
                "on",
                "at",
                "channels",
                "author",
                "audience",
                "objective",
            )
        return () if obj.status in rules.FROZEN else ("on", "at")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = PlanForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return places_of(request).exists()


class OfAPostAdmin(LookedAtAdmin):
    """Rows of the posts that somebody sees, to be looked at."""

    def seen_by(self, request: HttpRequest) -> QuerySet[Any]:
        mine = places_of(request).values("workspace")
        rows: QuerySet[Any] = self.model._default_manager.filter(post__workspace__in=mine)
        return rows.prefetch_related("post__texts")


@admin.register(Placement, site=site)
class PlacementAdmin(OfAPostAdmin):
    list_display = ("post", "channel", "planned_at", "published_at", "address")
    list_select_related = ("post__workspace", "channel")
    shown = ("post", "channel", "planned_at", "planned_zone", "published_at", "address", "recorded_by", "cancelled_at")


@admin.register(Approval, site=site)
class ApprovalAdmin(OfAPostAdmin):
    list_display = ("post", "role", "person", "decision", "at", "voided_at")
    list_select_related = ("post__workspace", "person__user")
    shown = ("post", "role", "person", "decision", "comment", "revision_number", "digest", "at", "voided_at")


@admin.register(Override, site=site)
class OverrideAdmin(OfAPostAdmin):
    list_display = ("post", "rule", "severity", "person", "at", "voided_at")
    list_select_related = ("post__workspace", "person__user")
    shown = ("post", "rule", "person", "reason", "revision_number", "digest", "at", "voided_at")

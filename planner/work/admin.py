"""The admin of work: looked at, and completed through `operations.complete`, by those who plan."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from planner.base import clock
from planner.base.admin import LookedAtAdmin, OperationModelForm
from planner.base.errors import NotFound
from planner.base.language import pick
from planner.site import site
from planner.work import operations as work
from planner.work import rules
from planner.work.models import WorkItem
from planner.work.rules import WorkState
from planner.workspaces.models import Membership
from planner.workspaces.rules import ADMIN_LEVELS


class CompleteForm(OperationModelForm):
    """Closing a piece of work, with its figures when it answers the public."""

    is_done = forms.BooleanField(label=_("This work is done"))
    received = forms.IntegerField(label=rules.COUNT_LABELS["received"], min_value=0, required=False)
    answered = forms.IntegerField(label=rules.COUNT_LABELS["answered"], min_value=0, required=False)
    private = forms.IntegerField(label=rules.COUNT_LABELS["private"], min_value=0, required=False)
    unanswered = forms.IntegerField(label=rules.COUNT_LABELS["unanswered"], min_value=0, required=False)
    complaints = forms.IntegerField(label=rules.COUNT_LABELS["complaints"], min_value=0, required=False)
    closing_note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    beside = {"note": "closing_note"}

    class Meta:
        model = WorkItem
        fields = ()

    def operate(self) -> WorkItem:
        members = Membership.objects.active().with_people()
        actor = members.filter(user_id=self.request.user.pk or 0, workspace=self.instance.workspace).first()
        if actor is None:
            raise NotFound(_("This work does not exist, or no longer."))
        return work.complete(
            item=self.instance,
            actor=actor,
            counts={name: self.cleaned_data.get(name) for name in rules.COUNTS},
            note=self.cleaned_data["closing_note"],
            now=clock.now(),
        )


@admin.register(WorkItem, site=site)
class WorkItemAdmin(LookedAtAdmin):
    form = CompleteForm
    list_display = ("__str__", "post_title", "owner", "due_at", "state", "workspace")
    list_filter = ("state", ("workspace", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("owner__user", "workspace")
    ordering = ("due_at", "pk")
    search_fields = ("key", "title", "subject_title")
    shown = ("__str__", "post_title", "owner", "due_at", "is_pinned", "is_late_start", "state", "done_at", "note")

    def seen_by(self, request: HttpRequest) -> QuerySet[Any]:
        places = Membership.objects.active().filter(user_id=request.user.pk or 0, level__in=ADMIN_LEVELS)
        return WorkItem.objects.filter(workspace__in=places.values("workspace"))

    def asked(self, request: HttpRequest, obj: Any) -> tuple[str, ...]:
        if obj is None or obj.state != WorkState.OPEN or not obj.applies:
            return ()
        return ("is_done", *(rules.COUNTS if obj.needs_counts else ()), "closing_note")

    @admin.display(description=_("Post"))
    def post_title(self, item: WorkItem) -> str:
        return pick(item.subject_title)

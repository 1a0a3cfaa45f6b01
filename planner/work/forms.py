"""Forms about one piece of work."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.base.forms import OperationForm
from planner.base.language import pick
from planner.base.worktime import WorkingCalendar
from planner.work.models import WorkItem
from planner.work.rules import COUNT_LABELS, COUNTS
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import Act, Level, may


class CompleteForm(OperationForm):
    """Closing work: its checklist, its figures when it is an answer, a note."""

    def __init__(self, item: WorkItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if item.checklist:
            self.fields["ticked"] = ticks_of(item)
        if item.needs_counts:
            self.fields.update({name: _figure(name) for name in COUNTS})
        self.fields["note"] = forms.CharField(
            label=_("Note, if it helps the next person"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def ticked(self) -> list[int]:
        return [int(line) for line in self.cleaned_data.get("ticked", ())]

    def counts(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in COUNTS if name in self.cleaned_data}


def ticks_of(item: WorkItem) -> forms.MultipleChoiceField:
    """The lines of a checklist, by their place."""
    return forms.MultipleChoiceField(
        label=_("Checklist"),
        required=False,
        choices=[(str(place), pick(line)) for place, line in enumerate(item.checklist)],
        initial=[str(place) for place in item.ticked],
        widget=forms.CheckboxSelectMultiple,
    )


def _figure(name: str) -> forms.IntegerField:
    return forms.IntegerField(label=COUNT_LABELS[name], min_value=0, widget=forms.NumberInput(attrs={"min": 0}))


class TickForm(OperationForm):
    def __init__(self, item: WorkItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ticked"] = ticks_of(item)

    def ticked(self) -> list[int]:
        return [int(line) for line in self.cleaned_data["ticked"]]


class OwnerForm(OperationForm):
    """Somebody who may act here."""

    owner = forms.ModelChoiceField(label=_("Who does it"), queryset=Membership.objects.none())

    def __init__(self, workspace: Workspace, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [level for level in Level.values if may(level, Act.COMMENT)]
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = workspace.memberships.active().filter(level__in=levels).select_related("user")


class DueForm(OperationForm):
    """A day and an hour on the wall of the workspace."""

    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    at = forms.TimeField(label=_("Hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def instant(self, calendar: WorkingCalendar) -> datetime:
        return calendar.at(self.cleaned_data["on"], self.cleaned_data["at"])


class DropForm(OperationForm):
    reason = forms.CharField(label=_("Why it is not needed"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

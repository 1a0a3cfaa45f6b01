"""Forms of the calendar."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.base import wording, written
from planner.base.forms import OperationForm
from planner.calendar.models import Occurrence
from planner.playbook.models import PlaybookItem
from planner.workspaces.models import Duty, Membership, Workspace
from planner.workspaces.rules import Act, Level, may


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def _hour() -> forms.TimeInput:
    return forms.TimeInput({"type": "time"}, format="%H:%M")


class MoveForm(OperationForm):
    """A day and an hour for what stands on `source`; the hour stays when none is given."""

    post = forms.IntegerField(widget=forms.HiddenInput)
    source = forms.DateField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    on = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    at = forms.TimeField(
        label=_("Hour"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=_("Empty, it keeps its hour."),
    )  # fmt: skip


class ViewForm(OperationForm):
    """A name for what is shown."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    is_shared = forms.BooleanField(label=_("Show it to everybody here"), required=False)


class FeedForm(OperationForm):
    """Which view a calendar program reads, and whether it rings."""

    view = forms.TypedChoiceField(label=_("What it shows"), coerce=int, empty_value=None, required=False)
    alarm_minutes = forms.TypedChoiceField(
        label=_("Ring"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("never")), (15, _("15 minutes before")), (60, _("1 hour before")), (1440, _("1 day before"))],
    )


class LinkForm(OperationForm):
    """For how long a public page answers."""

    view = forms.TypedChoiceField(label=_("View"), coerce=int)
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=366, initial=30)


class SwitchOnForm(OperationForm):
    """Who holds a cadence, from when, at what hour."""

    owner = forms.ModelChoiceField(label=_("Who holds it"), queryset=Membership.objects.none())
    starts_on = forms.DateField(label=_("From"), widget=_day())
    ends_on = forms.DateField(label=_("Until"), required=False, widget=_day(), help_text=_("Empty, it has no end."))
    at = forms.TimeField(label=_("Hour"), widget=_hour(), help_text=_("On the clock of the workspace, all year."))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480)

    def __init__(self, workspace: Workspace, item: PlaybookItem, data: Any = None, **initial: Any) -> None:
        given = {"at": item.payload["at"], "minutes": item.payload["minutes"], **initial}
        super().__init__(data, initial=given)
        levels = [level for level in Level.values if may(level, Act.COMMENT)]
        people = workspace.memberships.active().filter(level__in=levels).select_related("user")
        cast("forms.ModelChoiceField[Membership]", self.fields["owner"]).queryset = people


class SwapForm(OperationForm):
    """With which coming turn of a colleague."""

    other = forms.ModelChoiceField(label=_("In exchange for"), queryset=Duty.objects.none())

    def __init__(self, duty: Duty, today: date, data: Any = None) -> None:
        super().__init__(data)
        field = cast("forms.ModelChoiceField[Duty]", self.fields["other"])
        field.queryset = Duty.objects.ahead(duty.workspace, today).exclude(member=duty.member_id)
        field.label_from_instance = lambda obj: f"{obj.member}, {wording.day(obj.day)}"  # type: ignore[method-assign]


class SkipForm(OperationForm):
    """Why one day is left out."""

    reason = forms.CharField(label=_("Why, in a sentence"), max_length=300)


class MoveOccurrenceForm(OperationForm):
    """Another day for one time only."""

    on = forms.DateField(label=_("Day"), widget=_day())
    at = forms.TimeField(label=_("Hour"), widget=_hour())

    def __init__(self, occurrence: Occurrence, data: Any = None) -> None:
        super().__init__(data, initial={"on": occurrence.held_on, "at": occurrence.held_at})


class SheetForm(OperationForm):
    """A spreadsheet to bring in, and how its days are written."""

    beside = {"": "file"}
    file = forms.FileField(
        label=_("The spreadsheet"), widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_("CSV or XLSX (its first sheet), with a line of headings: title, day, hour, channels, author…"),
    )  # fmt: skip
    first = forms.ChoiceField(
        label=_("A day such as 05/12/2026 is"),
        choices=[
            (written.DAY_FIRST, _("5 December: the day comes first")),
            (written.MONTH_FIRST, _("12 May: the month comes first")),
            (written.ASK, _("not to be guessed: say which lines have one")),
        ],
    )  # fmt: skip

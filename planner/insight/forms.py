"""Forms of the settings whose change reaches the posts: working time, holidays, the zone."""

import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.base.forms import OperationForm
from planner.workspaces.models import Workspace

WEEK = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")), (5, _("Saturday")),
    (6, _("Sunday")),
]  # fmt: skip


class DayInput(forms.DateInput):
    input_type = "date"


class HourInput(forms.TimeInput):
    input_type = "time"


class WorkingTimeForm(OperationForm):
    """Days and hours at which people here are at work."""

    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        choices=WEEK,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("The working week has no working day: choose at least one.")},
    )
    day_starts = forms.TimeField(label=_("The day starts at"), widget=HourInput(format="%H:%M"))
    day_ends = forms.TimeField(label=_("The day ends at"), widget=HourInput(format="%H:%M"))

    def __init__(self, workspace: Workspace, data: Any = None) -> None:
        own = {name: getattr(workspace, name) for name in ("working_days", "day_starts", "day_ends")}
        super().__init__(data, initial=own)


class ClosedDayForm(OperationForm):
    """A day of our own on which nobody works."""

    day = forms.DateField(label=_("Day"), widget=DayInput(format="%Y-%m-%d"))
    name = forms.CharField(label=_("Name"), max_length=120)


class OpenDayForm(OperationForm):
    """A legal holiday on which we work."""

    day = forms.DateField(widget=forms.HiddenInput)


def _zones() -> list[tuple[str, str]]:
    towns = (zone for zone in sorted(zoneinfo.available_timezones()) if "/" in zone)
    return [(zone, zone.replace("_", " ")) for zone in towns if not zone.startswith("Etc/")]


class ZoneForm(OperationForm):
    """The clock of the workspace."""

    zone = forms.ChoiceField(label=_("Time zone"), choices=_zones)

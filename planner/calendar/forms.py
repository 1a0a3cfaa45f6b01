"""Forms of the calendar."""

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.base.forms import OperationForm


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

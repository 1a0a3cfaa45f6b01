"""What people type about reminders: a day to put one off to, a reason to pause."""

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.base.forms import OperationForm


class SnoozeForm(OperationForm):
    until = forms.DateField(label=_("Remind me on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class PauseForm(OperationForm):
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("Everybody who manages this installation reads it."),
    )

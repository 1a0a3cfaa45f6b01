"""The one form of the playbook's pages: for when would this be."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WhenForm(forms.Form):
    """A day and an hour on the wall of the workspace, read from the address."""

    on = forms.DateField(label=_("Publication"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    at = forms.TimeField(label=_("Hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

"""For when would this be; which file is to be imported."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WhenForm(forms.Form):
    """A day and an hour on the wall of the workspace, read from the address."""

    on = forms.DateField(label=_("Publication"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    at = forms.TimeField(label=_("Hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class ImportForm(forms.Form):
    """A file that another workspace exported."""

    MOST_BYTES = 2_000_000

    file = forms.FileField(label=_("The file of a playbook"), help_text=_("A ZIP file, as “Export” gives it."))

    def clean_file(self) -> bytes:
        given = self.cleaned_data["file"]
        if given.size > self.MOST_BYTES:
            raise forms.ValidationError(_("This file is too large: two megabytes at most."))
        content: bytes = given.read()
        return content

"""What people type about reminders: when to come back, how they want to be told, why to pause, what to look for."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from planner.base.forms import OperationForm
from planner.reminders.rules import CARRIED_KINDS, CHOSEN_KINDS, Chosen, DeliveryStatus, Kind, Way
from planner.workspaces.models import Membership, Workspace


class HourInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SnoozeForm(OperationForm):
    until = forms.DateField(label=_("Remind me on"), widget=DayInput())


class PauseForm(OperationForm):
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("Everybody who manages this installation reads it."),
    )


class PreferencesForm(OperationForm):
    """How I want to be told. Days that are those of the organisation follow the organisation."""

    by_email = forms.MultipleChoiceField(
        label=_("Also by e-mail"),
        choices=[(kind.value, kind.label) for kind in CHOSEN_KINDS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Everything comes to your inbox here in any case, but for the two sheets of Monday, which do not come "
            "at all when they are not ticked. A crisis always comes by e-mail too."
        ),
    )
    quiet_until = forms.TimeField(label=_("From"), widget=HourInput())
    quiet_from = forms.TimeField(label=_("Until"), widget=HourInput())
    days = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
        help_text=_("Public holidays and your absences stay free of messages."),
    )

    def __init__(self, chosen: Chosen, house_days: Collection[int], data: Any = None) -> None:
        initial = {
            "by_email": sorted(chosen.by_email),
            "quiet_until": chosen.quiet_until,
            "quiet_from": chosen.quiet_from,
            "days": sorted(chosen.days or house_days),
        }
        super().__init__(data, initial=initial)
        self._house_days = frozenset(house_days)
        self.fields["days"].choices = [(day, capfirst(name)) for day, name in WEEKDAYS.items()]  # type: ignore[attr-defined]

    @property
    def values(self) -> Chosen:
        days = frozenset(self.cleaned_data["days"])
        return Chosen(
            by_email=frozenset(self.cleaned_data["by_email"]),
            quiet_from=self.cleaned_data["quiet_from"],
            quiet_until=self.cleaned_data["quiet_until"],
            days=frozenset() if days == self._house_days else days,
        )


class OutletForm(OperationForm):
    """Where else this workspace is told things."""

    way = forms.ChoiceField(label=_("Where to"), choices=Way.choices)
    title = forms.CharField(label=_("Name"), max_length=80, help_text=_("By which you will know it: “Newsroom”."))
    address = forms.CharField(
        label=_("Address"),
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "For a webhook, https://. For a chat room, slack://, workflows:// (Teams), discord://, matrixs://, "
            "mmosts:// (Mattermost), rockets:// or ntfys://, as apprise writes it. It is never shown again."
        ),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What it is told"),
        choices=[(str(kind), label) for kind, label in CARRIED_KINDS.items()],
        initial=[Kind.CRISIS, Kind.ANSWERS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For whom, what, and a link. Never why, nor a private remark."),
    )
    language = forms.ChoiceField(label=_("In which language"), choices=[("fr", "Français"), ("en", "English")])


class LogForm(forms.Form):
    """Which deliveries to show. All may stay empty."""

    state = forms.ChoiceField(label=_("State"), required=False)
    person = forms.ModelChoiceField(
        Membership.objects.none(), label=_("Person"), required=False, empty_label=_("Everybody")
    )
    first = forms.DateField(label=_("First day"), required=False, widget=DayInput())
    last = forms.DateField(label=_("Last day"), required=False, widget=DayInput())

    def __init__(self, workspace: Workspace, data: Any) -> None:
        super().__init__(data)
        states, people = self.fields["state"], self.fields["person"]
        states.choices = [("", _("All of them")), *DeliveryStatus.choices]  # type: ignore[attr-defined]
        members = Membership.objects.with_people().filter(workspace=workspace)  # also those who left
        people.queryset = members.order_by("user__name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day comes before the first."))
        return values

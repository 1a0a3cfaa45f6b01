"""Forms of people and places. Each one's valid values go to one operation."""

import zoneinfo
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from planner.base.forms import OperationForm
from planner.workspaces.models import Channel, Membership, User, Workspace
from planner.workspaces.rules import CHANNEL_LIMITS, ChannelStage, Count, EditorialRole, Level, Pace, Sector

LANGUAGE_NAMES = [("fr", "Français"), ("en", "English")]
NEW_PASSWORD = {"autocomplete": "new-password"}


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


# ---- doors


class FirstAccountForm(OperationForm):
    """The first account: three questions."""

    name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("You will sign in with it; reminders go there once mail is set up."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("Ten characters or more. A sentence is easiest to remember."),
        strip=False,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
    )


class SignInForm(OperationForm):
    """Signing in with a one-time link, with a new password for whoever lost the old one."""

    password = forms.CharField(
        label=_("New password"),
        help_text=_("Ten characters or more. Leave it empty to keep the one you have."),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
    )


class AcceptForm(OperationForm):
    """An invited person opens an account."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        help_text=_("Ten characters or more. A sentence is easiest to remember."),
        strip=False,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
    )


# ---- people


class InviteForm(OperationForm):
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    level = forms.ChoiceField(
        label=_("Access level"),
        choices=Level.choices,
        initial=Level.CONTRIBUTOR,
        help_text=_("What the person may do here. Approving and signing come from roles alone."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Editorial roles"),
        choices=EditorialRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class LevelForm(OperationForm):
    level = forms.ChoiceField(label=_("Access level"), choices=Level.choices)


class JobForm(OperationForm):
    """What somebody does here."""

    job = forms.CharField(label=_("Job"), max_length=120, required=False)
    department = forms.CharField(
        label=_("Department"), max_length=80, required=False,
        help_text=_("The pair of the week brings people of two departments together."),
    )  # fmt: skip
    is_shared_account = forms.BooleanField(
        label=_("Several people share this account"),
        required=False,
        help_text=_("Then nobody can tell who acted: a shared account should not approve."),
    )


class PersonField(forms.ModelChoiceField):
    """A member of the workspace, active."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Membership.objects.none(), **options)

    def offer(self, workspace: Workspace, but: Sequence[int] = ()) -> None:
        members = Membership.objects.active().with_people().filter(workspace=workspace)
        self.queryset = members.exclude(pk__in=but).order_by("user__name")


class RoleForm(OperationForm):
    """A role for one member, with a second person."""

    role = forms.ChoiceField(label=_("Role"))
    second = PersonField(
        label=_("Second person"),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Steps in on days of absence."),
    )

    def __init__(self, member: Membership, held: Sequence[str], data: Any = None) -> None:
        super().__init__(data)
        free = [(value, label) for value, label in EditorialRole.choices if value not in held]
        self.fields["role"].choices = free  # type: ignore[attr-defined]
        self.fields["second"].offer(member.workspace, but=[member.pk])  # type: ignore[attr-defined]


class SecondForm(OperationForm):
    """The second person of a role that is already held."""

    second = PersonField(label=_("Second person"), required=False, empty_label=_("Nobody yet"))

    def __init__(self, member: Membership, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["second"].offer(member.workspace, but=[member.pk])  # type: ignore[attr-defined]


class AbsenceForm(OperationForm):
    starts_on = forms.DateField(label=_("First day"), widget=DayInput)
    ends_on = forms.DateField(label=_("Last day"), widget=DayInput)
    reason = forms.CharField(
        label=_("Reason"), max_length=120, required=False, help_text=_("Everybody in the workspace can read it.")
    )


def zones() -> list[tuple[str, str]]:
    """Every time zone with a town in its name."""
    towns = (zone for zone in sorted(zoneinfo.available_timezones()) if "/" in zone)
    return [(zone, zone.replace("_", " ")) for zone in towns if not zone.startswith(("Etc/", "SystemV/", "posix/"))]


class ProfileForm(OperationForm):
    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(
        label=_("Language"), choices=LANGUAGE_NAMES, help_text=_("Of the pages and of the messages you receive.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, help_text=_("Reminders keep your quiet hours by this clock.")
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("For urgent calls: colleagues of your workspaces can see it."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(self, user: User, data: Any = None) -> None:
        own = {field: getattr(user, field) for field in ("name", "language", "time_zone", "phone")}
        super().__init__(data, initial=own)
        self.fields["time_zone"].choices = [("", _("That of the workspace")), *zones()]  # type: ignore[attr-defined]


# ---- places


LANGUAGES_IN_ORDER = [
    ("fr", _("French alone")),
    ("en", _("English alone")),
    ("fr,en", _("French, then English")),
    ("en,fr", _("English, then French")),
]


class SettingsForm(OperationForm):
    name = forms.CharField(label=_("Name of the organisation"), max_length=150)
    languages = forms.ChoiceField(label=_("Languages of the texts"), choices=LANGUAGES_IN_ORDER)
    official_language = forms.ChoiceField(
        label=_("Language that may never be missing"),
        choices=[("", _("None")), ("fr", _("French")), ("en", _("English"))],
        required=False,
        help_text=_("A post waits until its text exists in this language. In Québec the law asks for French."),
    )
    sectors = forms.MultipleChoiceField(
        label=_("Sectors"),
        choices=Sector.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each brings the regulated words for which a lawyer is asked."),
    )

    def __init__(self, workspace: Workspace, data: Any = None) -> None:
        own = {
            "name": workspace.name,
            "languages": ",".join(workspace.languages),
            "official_language": workspace.official_language,
            "sectors": workspace.sectors,
        }
        super().__init__(data, initial=own)

    def values(self) -> dict[str, Any]:
        """What `change_settings` takes."""
        return {**self.cleaned_data, "languages": self.cleaned_data["languages"].split(",")}


class ChannelForm(OperationForm):
    is_used = forms.BooleanField(label=_("We use this channel"), required=False)
    address = forms.URLField(
        label=_("Address"), required=False, assume_scheme="https", help_text=_("Where people find us there.")
    )
    owner = PersonField(
        label=_("Who answers for it"),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Publishes and listens."),
    )
    deputy = PersonField(label=_("Second person"), required=False, empty_label=_("Nobody yet"))
    pace = forms.TypedChoiceField(
        label=_("Something appears here at least"),
        choices=[("", _("No cadence declared")), *Pace.choices],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_(
            "When nothing has appeared for twice as long and nothing is planned, the desk says so and whoever answers "
            "for the channel is told once."
        ),
    )

    def __init__(self, channel: Channel, data: Any = None) -> None:
        own = {
            "is_used": channel.is_used,
            "address": channel.address,
            "owner": channel.owner_id,
            "deputy": channel.deputy_id,
            "pace": channel.pace,
        }
        super().__init__(data, initial=own)
        for name in ("owner", "deputy"):
            self.fields[name].offer(channel.workspace)  # type: ignore[attr-defined]


class ChannelStageForm(OperationForm):
    """How far we are with a channel."""

    stage = forms.ChoiceField(
        label=_("How far we are with it"), choices=ChannelStage.choices,
        help_text=_(
            "Listen for thirty days before you speak, then try it out for sixty days and some eight posts, one channel "
            "at a time. Nothing is scheduled on a channel that is still being listened to."
        ),
    )  # fmt: skip

    def __init__(self, channel: Channel, data: Any = None) -> None:
        super().__init__(data, initial={"stage": channel.stage})


class ChannelLimitsForm(OperationForm):
    """What a channel is called, what is noted of it, what fits there. Without a figure there is no limit."""

    count = forms.ChoiceField(label=_("How length is counted"), choices=Count.choices)
    captions_required = forms.BooleanField(label=_("A video needs captions"), required=False)

    def __init__(self, channel: Channel, data: Any = None) -> None:
        super().__init__(data, initial=dict(channel.limits))
        texts: dict[str, forms.Field] = {}
        for code, language in LANGUAGE_NAMES:
            lang = {"lang": code}
            texts[f"title_{code}"] = forms.CharField(
                label=format_lazy("{}, {}", _("Name"), language), max_length=120, widget=forms.TextInput(lang),
                initial=channel.title.get(code),
            )  # fmt: skip
            texts[f"notes_{code}"] = forms.CharField(
                label=format_lazy("{}, {}", _("Notes"), language), max_length=600, required=False,
                widget=forms.Textarea({"rows": 3, **lang}), initial=channel.notes.get(code),
            )  # fmt: skip
        figures = {
            name: forms.IntegerField(label=cast("str", label), min_value=1, max_value=1_000_000, required=False)
            for name, label in CHANNEL_LIMITS.items()
        }
        self.fields = {**texts, "count": self.fields["count"], **figures, **self.fields}

    def values(self) -> dict[str, Any]:
        """What `describe_channel` takes."""
        given = self.cleaned_data
        codes = [code for code, _language in LANGUAGE_NAMES]
        return {
            "title": {code: given[f"title_{code}"] for code in codes},
            "notes": {code: given[f"notes_{code}"] for code in codes},
            "limits": {name: given[name] for name in ("count", "captions_required", *CHANNEL_LIMITS)},
        }


class BlackoutForm(OperationForm):
    """Days on which nothing new is planned."""

    name = forms.CharField(
        label=_("Why, in a few words"), max_length=120, help_text=_("The refusal says it: “municipal elections”.")
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class AudienceForm(OperationForm):
    sentence = forms.CharField(
        label=_("Who precisely, in one sentence"),
        max_length=200,
        help_text=_("“People who take the 24 bus to work”, rather than “the general public”."),
    )

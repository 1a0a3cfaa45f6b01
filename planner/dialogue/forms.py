"""Forms about what people say to us."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from planner.base.forms import OperationForm
from planner.base.worktime import WorkingCalendar
from planner.dialogue.models import Signal
from planner.dialogue.rules import Decision, Kind, Origin
from planner.posts.models import Post
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import Act, Level, may

MOST_OFFERED = 50
"""Messages or posts in a list to choose from: the latest."""


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _hour() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ReceiveForm(OperationForm):
    """What was said, where, when, by whom."""

    kind = forms.ChoiceField(label=_("What is it"), choices=Kind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What was said"), max_length=10_000, widget=_lines(6),
        help_text=_("In the person’s own words, as far as you have them. No need to tidy them up."),
    )  # fmt: skip
    origin = forms.ChoiceField(label=_("Where it reached us"), choices=Origin.choices)
    on = forms.DateField(
        label=_("Received on"), widget=_day(), help_text=_("When the person said it: their answer is dated from there.")
    )
    at = forms.TimeField(label=_("Hour"), widget=_hour())
    said_by = forms.CharField(
        label=_("Who said it"), required=False, max_length=150,
        help_text=_("A name only if the person gave it. Nothing of it is published."),
    )  # fmt: skip
    contact = forms.CharField(label=_("How to reach them"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = settings.CONTACT_RETENTION_DAYS
        self.fields["contact"].help_text = ngettext(
            "Name and contact are forgotten %(days)s day after the message is closed.",
            "Name and contact are forgotten %(days)s days after the message is closed.",
            days,
        ) % {"days": days}

    def values(self, calendar: WorkingCalendar) -> dict[str, Any]:
        kept = {key: self.cleaned_data[key] for key in ("kind", "text", "origin", "said_by", "contact")}
        return {**kept, "received_at": calendar.at(self.cleaned_data["on"], self.cleaned_data["at"])}


def people_who_answer(workspace: Workspace) -> Any:
    """Active members whose level lets them close work of their own."""
    levels = [level for level in Level.values if may(level, Act.COMMENT)]
    return workspace.memberships.active().filter(level__in=levels).select_related("user")


class SortForm(OperationForm):
    """The first line that fits, who answers, and when if it is later."""

    decision = forms.ChoiceField(
        label=_("What becomes of it"), choices=Decision.choices, widget=forms.RadioSelect,
        help_text=_("The first line that fits wins."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        label=_("Who answers"), queryset=Membership.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    on = forms.DateField(label=_("Answer promised for"), required=False, widget=_day())
    at = forms.TimeField(label=_("Hour"), required=False, widget=_hour())
    reason = forms.CharField(
        label=_("Why it is not answered"), required=False, max_length=500, widget=_lines(2),
        help_text=_("Asked when it is not answered. One sentence that could be said to the person."),
    )  # fmt: skip
    theme = forms.CharField(
        label=_("Theme"), required=False, max_length=80, help_text=_("In two words: waste, opening hours, bills.")
    )
    is_critical = forms.BooleanField(label=_("It criticises us"), required=False)

    def __init__(self, signal: Signal, calendar: WorkingCalendar, data: Any = None) -> None:
        keys = ("decision", "owner", "reason", "theme", "is_critical")
        super().__init__(data, initial={key: getattr(signal, key) for key in keys})
        self.calendar = calendar
        cast("forms.ModelChoiceField[Membership]", self.fields["owner"]).queryset = people_who_answer(signal.workspace)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("on") and not values.get("at") and "at" not in self.errors:
            self.add_error("at", _("Give an hour too."))
        return values

    def values(self) -> dict[str, Any]:
        kept = {key: self.cleaned_data[key] for key in ("decision", "owner", "reason", "theme", "is_critical")}
        on, at = self.cleaned_data["on"], self.cleaned_data["at"]
        promised: datetime | None = self.calendar.at(on, at) if on and at else None
        return {**kept, "promised": promised}


class AnswerForm(OperationForm):
    """What a person answered, to be kept beside the question."""

    text = forms.CharField(label=_("What was answered"), max_length=10_000, widget=_lines(4))
    address = forms.URLField(label=_("Where it can be read"), required=False, max_length=500, assume_scheme="https")


class MergeForm(OperationForm):
    """Another message that says the same."""

    into = forms.ModelChoiceField(label=_("It says the same as"), queryset=Signal.objects.none())

    def __init__(self, signal: Signal, data: Any = None) -> None:
        super().__init__(data)
        others = Signal.objects.filter(workspace=signal.workspace, kind=signal.kind).heads().exclude(pk=signal.pk)
        field = cast("forms.ModelChoiceField[Signal]", self.fields["into"])
        field.queryset = others
        recent = [(one.pk, str(one)) for one in others.order_by("-received_at")[:MOST_OFFERED]]
        field.choices = cast(Any, [("", _("Choose a message")), *recent])
        self.has_choices = bool(recent)


class LeadForm(OperationForm):
    """A post made before that answers the message."""

    post = forms.ModelChoiceField(label=_("Which post"), queryset=Post.objects.none())

    def __init__(self, signal: Signal, data: Any = None) -> None:
        super().__init__(data)
        field = cast("forms.ModelChoiceField[Post]", self.fields["post"])
        field.queryset = Post.objects.filter(workspace=signal.workspace)
        latest = field.queryset.prefetch_related("texts").order_by("-created_at")[:MOST_OFFERED]
        field.choices = cast(Any, [("", _("Choose a post")), *((post.pk, str(post)) for post in latest)])


class VerifyForm(OperationForm):
    """Does the change exist everywhere?"""

    is_everywhere = forms.TypedChoiceField(
        label=_("Does the change exist everywhere?"),
        choices=[("yes", _("Yes, everywhere, past cases included")), ("no", _("Not yet"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What you looked at, and what you found"), max_length=2000, widget=_lines(3),
        help_text=_("The places, files or people checked: the next person starts from there."),
    )  # fmt: skip
    again_on = forms.DateField(
        label=_("Look again on"), required=False, widget=_day(), help_text=_("Without a day: in four weeks.")
    )

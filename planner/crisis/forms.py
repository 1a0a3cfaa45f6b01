"""Forms of the crisis room: few fields, each with what it is for."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.base import wording
from planner.base.forms import OperationForm
from planner.base.language import pick
from planner.base.worktime import WorkingCalendar
from planner.crisis.rules import FactKind
from planner.posts.models import Initiative, Post
from planner.posts.rules import FROZEN, QUESTIONS, Release, WallTime, scope_of
from planner.workspaces.models import Channel, Membership, Workspace


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def hour_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class ScopeFields(OperationForm):
    """Channels, initiatives, tags and posts that level 2 holds; the other levels hold all or nothing."""

    everything = forms.BooleanField(label=_("Everything that is planned"), required=False)
    channels = forms.ModelMultipleChoiceField(
        label=_("These channels"), queryset=Channel.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    initiatives = forms.ModelMultipleChoiceField(
        label=_("These initiatives"), queryset=Initiative.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    tags = forms.CharField(label=_("These tags"), required=False, max_length=200, help_text=_("Separated by commas."))
    posts = forms.ModelMultipleChoiceField(
        label=_("These posts"), queryset=Post.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("The next ones that are planned."),
    )  # fmt: skip
    scoped: ClassVar = ("everything", "channels", "initiatives", "tags", "posts")

    def offer(self, workspace: Workspace, by_channel: Mapping[int, int], now: datetime) -> None:
        field: Any = self.fields["channels"]
        field.queryset = workspace.channels.used()
        field.label_from_instance = lambda one: f"{one} ({by_channel.get(one.pk, 0)})"
        self._choose("initiatives", Initiative.objects.filter(workspace=workspace, ends_on__gte=now.date()))
        planned = Post.objects.filter(workspace=workspace, planned_at__gte=now).exclude(status__in=FROZEN)
        self._choose("posts", planned.prefetch_related("texts").order_by("planned_at", "pk")[:MOST_POSTS])

    def _choose(self, name: str, rows: Any) -> None:
        """What is offered is what may be chosen; a workspace that has none of it is not asked."""
        found = list(rows)
        field: Any = self.fields[name]
        if not found:
            del self.fields[name]
            return
        field.queryset = rows.model.objects.filter(pk__in=[one.pk for one in found])
        field.choices = [(one.pk, _offered(one)) for one in found]

    def scope(self) -> dict[str, Any]:
        values = self.cleaned_data
        return scope_of(
            everything=values["everything"],
            channels=[channel.pk for channel in values["channels"]],
            initiatives=[initiative.pk for initiative in values.get("initiatives", ())],
            posts=[post.pk for post in values.get("posts", ())],
            tags=[tag.strip() for tag in values["tags"].split(",") if tag.strip()],
        )


MOST_POSTS = 40
"""Posts offered by hand."""


def _offered(one: Any) -> str:
    if not isinstance(one, Post):
        return str(one)
    return f"{one.title()}, {wording.short_day(one.planned_at)}, {wording.hour(one.planned_at)}"


def _safety(words: Any) -> forms.BooleanField:
    return forms.BooleanField(label=words, required=False)


class DeclareForm(ScopeFields):
    """Level, what is happening, why. Everything else has an answer already."""

    level = forms.TypedChoiceField(
        label=_("Level"), coerce=int, choices=[(n, str(n)) for n in range(1, 5)], widget=forms.RadioSelect
    )
    title = forms.CharField(label=_("What is happening, in a few words"), max_length=150)
    reason = forms.CharField(
        label=_("Why this level"), max_length=500, widget=_lines(2),
        help_text=_("What you know now, and from whom. Everybody will read it."),
    )  # fmt: skip

    def __init__(
        self, workspace: Workspace, by_channel: Mapping[int, int], notices: Iterable[Post], now: datetime, *args: Any,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.offer(workspace, by_channel, now)
        self.notices = list(notices)
        for post in self.notices:
            self.fields[f"pass_{post.pk}"] = forms.CharField(label=post.title(), required=False, max_length=300)
            self.fields[f"safe_{post.pk}"] = _safety(_("It protects lives (asked at level 4)"))

    def excepted(self) -> dict[int, str]:
        return {
            post.pk: self.cleaned_data[f"pass_{post.pk}"].strip()
            for post in self.notices
            if self.cleaned_data.get(f"pass_{post.pk}", "").strip()
        }

    def safety(self) -> list[int]:
        return [post.pk for post in self.notices if self.cleaned_data.get(f"safe_{post.pk}")]

    def passing(self) -> list[Any]:
        """The fields of the notices, for the page."""
        return [self[f"{name}_{post.pk}"] for post in self.notices for name in ("pass", "safe")]


class LevelForm(ScopeFields):
    level = forms.TypedChoiceField(label=_("New level"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why"), max_length=500, widget=_lines(2))
    field_order = ("level", "reason", *ScopeFields.scoped)

    def __init__(self, levels: Iterable[tuple[int, str]], passing: Iterable[Post], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level: Any = self.fields["level"]
        level.choices = list(levels)
        self.passing = list(passing)
        for post in self.passing:
            words = _("At level 4: “%(notice)s” protects lives, and goes on") % {"notice": post.title()}
            self.fields[f"safe_{post.pk}"] = _safety(words)

    def offer_levels(self, numbers: Collection[int]) -> None:
        level: Any = self.fields["level"]
        level.choices = [choice for choice in level.choices if choice[0] in numbers]

    def safety(self) -> list[int]:
        return [post.pk for post in self.passing if self.cleaned_data.get(f"safe_{post.pk}")]


class LeadForm(OperationForm):
    to = forms.ModelChoiceField(label=_("Who leads now"), queryset=Membership.objects.none())
    instead_of = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, workspace: Workspace, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = workspace.memberships.active().select_related("user")


class ReasonForm(OperationForm):
    reason = forms.CharField(label=_("Why"), max_length=500, widget=_lines(2))


class FactForm(OperationForm):
    kind = forms.ChoiceField(label=_("List"), choices=FactKind.choices)
    text = forms.CharField(label=_("In one sentence"), max_length=300)
    source = forms.CharField(label=_("Confirmed by whom, or who checks it"), max_length=200, required=False)


class MoveFactForm(OperationForm):
    kind = forms.ChoiceField(label=_("List"), choices=FactKind.choices, widget=forms.RadioSelect)
    source = forms.CharField(label=_("Confirmed by whom, or who checks it"), max_length=200, required=False)


class TickForm(OperationForm):
    """`undo` says what the page offered, lest two people who tick at once take each other's tick back."""

    undo = forms.BooleanField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(label=_("Note"), max_length=300, required=False, widget=_lines(2))


class NoteForm(OperationForm):
    """A line of the log, with its columns."""

    decision = forms.CharField(label=_("Decision"), max_length=2000, widget=_lines(2))
    rejected = forms.CharField(label=_("What was set aside"), max_length=1000, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)
    decider = forms.CharField(label=_("Who decides"), max_length=150, required=False)
    known_then = forms.CharField(label=_("What was known then"), max_length=1000, required=False)
    review_on = forms.DateField(label=_("Look again on"), required=False, widget=day_input())
    review_hour = forms.TimeField(label=_("Hour"), required=False, widget=hour_input())

    def review_at(self, calendar: WorkingCalendar) -> datetime | None:
        on, at = self.cleaned_data.get("review_on"), self.cleaned_data.get("review_hour")
        return calendar.at(on, at) if on and at else None


class PromiseForm(OperationForm):
    """The hour that the statement promises."""

    on = forms.DateField(label=_("Next words on"), widget=day_input())
    at = forms.TimeField(label=_("Hour"), widget=hour_input())

    def instant(self, calendar: WorkingCalendar) -> datetime:
        return calendar.at(self.cleaned_data["on"], self.cleaned_data["at"])


class ConfirmForm(OperationForm):
    """The questions that a person asks of the text, each to be answered with yes; and a reason, for the director."""

    despite = forms.CharField(
        label=_("Why it may pass in spite of what the policy says"), max_length=500, widget=_lines(2), required=False,
        help_text=_("For the director alone, in 20 characters or more. It stands in the log."),
    )  # fmt: skip

    def __init__(self, questions: Iterable[Any], lets_pass: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [one.slug for one in questions]
        for one in questions:
            self.fields[one.slug] = forms.BooleanField(
                label=pick(one.payload["statement"]), help_text=pick(one.payload.get("help")), required=False
            )
        if not lets_pass:
            del self.fields["despite"]
        self.order_fields((*self.asked, "despite"))

    def answered(self) -> list[str]:
        return [key for key in self.asked if self.cleaned_data[key]]


class InsideForm(OperationForm):
    text = forms.CharField(
        label=_("Where things stand"), max_length=2000, widget=_lines(4),
        help_text=_("What changed, what is still not known, what colleagues may say. It stands in the log."),
    )  # fmt: skip


class AnswerForm(OperationForm):
    """What a person answered: the words that went out, or their own."""

    text = forms.CharField(
        label=_("What was answered"), max_length=10_000, widget=_lines(8),
        help_text=_("The words that went out stand here. Put the answer to this question first, and end with your "
                    "first name."),
    )  # fmt: skip
    address = forms.URLField(label=_("Where it can be read"), required=False, max_length=500, assume_scheme="https")


class RecordForm(OperationForm):
    """Where a statement is out, and at what hour; some channels have no address."""

    beside = {"published_at": "on"}
    address = forms.URLField(label=_("Address of what was published"), max_length=500, assume_scheme="https",
                             required=False)  # fmt: skip
    on = forms.DateField(label=_("Published on"), widget=day_input())
    at = forms.TimeField(label=_("Hour"), widget=hour_input())

    def published_at(self, calendar: WorkingCalendar) -> datetime:
        return calendar.at(self.cleaned_data["on"], self.cleaned_data["at"])


class ReviewForm(OperationForm):
    """Three questions, four decisions, a reason."""

    decision = forms.ChoiceField(label=_("What becomes of it"), choices=Release.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why"), max_length=500, widget=_lines(2))
    on = forms.DateField(label=_("New day"), required=False, widget=day_input(), help_text=_("For a new date only."))
    at = forms.TimeField(label=_("Hour"), required=False, widget=hour_input())

    def __init__(self, texts: Mapping[str, Mapping[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, words in QUESTIONS.items():
            point = texts.get(key, {})
            self.fields[key] = forms.ChoiceField(
                label=pick(point.get("text")) or words, choices=[("yes", _("Yes")), ("no", _("No"))],
                widget=forms.RadioSelect, help_text=pick(point.get("help")),
            )  # fmt: skip
        self.order_fields((*QUESTIONS, "decision", "reason", "on", "at"))

    def answers(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in QUESTIONS}

    def to(self) -> WallTime | None:
        """The new day and hour, when the decision is a new date."""
        values = self.cleaned_data
        both = values["decision"] == Release.REDATE and values.get("on") and values.get("at")
        return WallTime(values["on"], values["at"]) if both else None


class ChangeForm(OperationForm):
    text = forms.CharField(label=_("What changes"), max_length=300)
    owner = forms.ModelChoiceField(label=_("Who does it"), queryset=Membership.objects.none())
    due_on = forms.DateField(label=_("By when"), widget=day_input())

    def __init__(self, workspace: Workspace, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.queryset = workspace.memberships.active().select_related("user")


class LessonsForm(OperationForm):
    """One box for each heading of the debrief."""

    def __init__(self, sections: Iterable[Mapping[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for point in sections:
            self.fields[point["key"]] = forms.CharField(
                label=pick(point["text"]), help_text=pick(point.get("help")), required=False, max_length=5000,
                widget=_lines(3), show_hidden_initial=True,
            )  # fmt: skip

    def written(self) -> dict[str, str]:
        """What this person changed; the rest may be another's by now."""
        return {key: self.cleaned_data[key] for key in self.changed_data}

    def before(self) -> dict[str, str]:
        """What stood there when they opened the page."""
        return {key: self.data.get(self[key].html_initial_name, "") for key in self.changed_data}

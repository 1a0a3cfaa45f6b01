"""Forms of a post: its frame, its template's questions, its texts, its dates, its people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Words
from planner.base.forms import OperationForm
from planner.base.language import pick
from planner.base.worktime import WorkingCalendar
from planner.playbook.models import Kind, PlaybookItem
from planner.posts import rules
from planner.posts.models import Consent, Initiative, Placement, Post, Upload
from planner.posts.operations import Brief, Given
from planner.posts.operations.questions import HumanQuestion
from planner.posts.rules import Intent, Moment, PostValues, Release, Said, WallTime
from planner.workspaces.models import Audience, Channel, Membership, Workspace
from planner.workspaces.rules import Act, Level, Sector, may

LANGUAGE_NAMES = {"fr": "Français", "en": "English"}


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def hour_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def _wide() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "wide"})


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def people_who_may(workspace: Workspace, act: Act) -> QuerySet[Membership]:
    """Active members whose access level allows the act."""
    levels = [level for level in Level.values if may(level, act)]
    return workspace.memberships.active().filter(level__in=levels).select_related("user")


class WhenFields(OperationForm):
    """A day and an hour on the wall of the workspace; both or none."""

    on = forms.DateField(label=_("Publication"), required=False, widget=day_input())
    at = forms.TimeField(label=_("Hour"), required=False, widget=hour_input())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("on") and not values.get("at") and "at" not in self.errors:
            self.add_error("at", _("Give an hour too."))
        if values.get("at") and not values.get("on") and "on" not in self.errors and self.needs_day:
            self.add_error("on", _("Give a day too."))
        return values

    needs_day = True

    def planned(self) -> WallTime | None:
        on, at = self.cleaned_data.get("on"), self.cleaned_data.get("at")
        return WallTime(on=on, at=at) if on and at else None


# ---- the questions of a template


def question_field(question: Mapping[str, Any], members: QuerySet[Membership], files: Iterable[Any]) -> forms.Field:
    """A form field for one question. Whether it is required is asked before review, not while one writes."""
    kind = question["type"]
    values: dict[str, Any] = {
        "label": pick(question["label"]),
        "help_text": pick(question.get("help")),
        "required": False,
    }
    if kind in ("choice", "multichoice"):
        choices = [(choice["value"], pick(choice["label"])) for choice in question.get("choices") or ()]
        if kind == "multichoice":
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **values)
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **values)
    if kind == "person":
        return forms.ModelChoiceField(members, empty_label=str(_("Nobody yet")), **values)
    if kind == "file":
        chosen = [("", _("None yet: add the file to the post first"))] + [(file.pk, file.name) for file in files]
        return forms.ChoiceField(choices=chosen, **values)
    if kind == "boolean" and question.get("required"):  # a box cannot say no
        return forms.ChoiceField(choices=[("true", _("Yes")), ("false", _("No"))], widget=forms.RadioSelect, **values)
    if kind == "boolean":
        return forms.BooleanField(**values)
    return forms.CharField(widget=_widget_of(question), **values)


def _widget_of(question: Mapping[str, Any]) -> forms.Widget:
    attrs = {"maxlength": question["max"]} if question.get("max") and question["type"] == "text" else {}
    kinds: dict[str, forms.Widget] = {
        "longtext": _lines(5),
        "list": _lines(max(3, question.get("min_items") or 0)),
        "people": _lines(3),
        "consent": _lines(2),
        "date": day_input(),
        "datetime": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        "url": forms.URLInput(attrs={"placeholder": "https://"}),
        "number": forms.NumberInput(attrs={"step": "any"}),
    }
    if question["type"] == "text" and (question.get("max") or 0) > 120:
        return forms.Textarea(attrs={"rows": 2, **attrs})
    return kinds.get(question["type"], forms.TextInput(attrs=attrs))


def shown_answer(question: Mapping[str, Any], answer: Any) -> Any:
    """A kept answer as its field shows it: lists line by line."""
    if question["type"] in ("list", "people") and isinstance(answer, list):
        return "\n".join(answer)
    return str(answer).lower() if isinstance(answer, bool) and question.get("required") else answer


CONSENT_PARTS = ("people", "channels", "given_on", "expires_on")
"""What a consent says besides its scope, which is the answer itself."""


@dataclass(frozen=True)
class Asked:
    """A question, its field, and those that belong to the same answer: the file to add, who agreed until when."""

    question: Mapping[str, Any]
    field: forms.BoundField
    beside: list[forms.BoundField]

    @property
    def is_begun(self) -> bool:
        """Is something said beside the answer already, or wrong there?"""
        return any(one.value() or one.errors for one in self.beside)

    @property
    def names(self) -> list[str]:
        return [self.field.name, *(one.name for one in self.beside)]


class QuestionsMixin(forms.Form):
    """Adds one field for each question of a template, called `field-<key>`, and reads them back together."""

    template: Mapping[str, Any]
    members: QuerySet[Membership]

    def add_questions(
        self,
        template: Mapping[str, Any],
        answers: Mapping[str, Any],
        members: QuerySet[Membership],
        files: Iterable[Any],
    ) -> None:
        self.template, self.members = template, members
        for question in template.get("fields") or ():
            name = f"field-{question['key']}"
            self.fields[name] = question_field(question, members, files)
            self.initial.setdefault(name, shown_answer(question, answers.get(question["key"])))

    def questions(self) -> list["Asked"]:
        """Each question with its field, in the order of the template."""
        return [self.asked(question) for question in self.template.get("fields") or ()]

    def asked(self, question: Mapping[str, Any]) -> "Asked":
        key = question["key"]
        beside = (f"upload-{key}", *(f"consent-{key}-{part}" for part in CONSENT_PARTS))
        return Asked(question, self[f"field-{key}"], [self[name] for name in beside if name in self.fields])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        raw = {
            question["key"]: values.get(f"field-{question['key']}") for question in self.template.get("fields") or ()
        }
        self.answers, wrong = rules.validate_answers(self.template, raw)
        for key, words in wrong.items():
            self.add_error(f"field-{key}", cast(str, words))
        return values

    answers: dict[str, Any]


# ---- the frame


class FrameFields(QuestionsMixin, OperationForm):
    """What every post says of itself, before any text."""

    audience = forms.CharField(
        label=_("For whom precisely, in one sentence"), required=False, max_length=300,
        help_text=_("Someone’s name could be put to it: “those who have composted for less than two years”."),
        widget=forms.TextInput(attrs={"list": "audiences", "class": "wide"}),
    )  # fmt: skip
    objective = forms.CharField(
        label=_("What changes for them"), required=False, max_length=300, widget=_wide(),
        help_text=_("What they will know or be able to do afterwards."),
    )  # fmt: skip
    business_objective = forms.CharField(
        label=_("What it serves for us"), required=False, max_length=300, widget=_wide()
    )
    success_measure = forms.CharField(
        label=_("How we will know that it worked"), required=False, max_length=300, widget=_wide(),
        help_text=_("A sign one can see: fewer calls, questions answered, a form filled in right."),
    )  # fmt: skip
    intent = forms.ChoiceField(label=_("Intent"), choices=Intent.choices, required=False)
    key_question = forms.CharField(
        label=_("The real question that this answers"), required=False, max_length=300, widget=_wide()
    )
    customer_moment = forms.ChoiceField(
        label=_("Where the reader stands with us"), required=False, choices=[("", _("Not said")), *Moment.choices]
    )
    has_claims = forms.BooleanField(
        label=_("It contains figures or claims to check"), required=False,
        help_text=_("Then somebody checks them before the post is scheduled."),
    )  # fmt: skip
    is_regulated = forms.BooleanField(
        label=_("The subject is regulated"), required=False,
        help_text=_("Then legal signs the exact text before the post is scheduled."),
    )  # fmt: skip
    sector_pack = forms.ChoiceField(
        label=_("Which rules"), required=False, choices=[("", _("None in particular")), *Sector.choices]
    )
    is_evergreen = forms.BooleanField(
        label=_("It lasts"), required=False, help_text=_("Then it is looked at again, half a year after publication.")
    )

    frame_keys = ("audience", "objective", "business_objective", "success_measure", "intent", "key_question")
    flag_keys = ("has_claims", "is_regulated", "sector_pack", "is_evergreen", "customer_moment")

    def drop_shared_questions(self) -> None:
        """A template that asks the key question itself leaves no second place to answer it."""
        asked = {question["key"] for question in self.template.get("fields") or ()}
        for key in rules.SHARED:
            if key in asked:
                self.fields.pop(key, None)

    def frame_fields(self) -> list[forms.BoundField]:
        return [self[key] for key in self.frame_keys if key in self.fields]

    def flag_fields(self) -> list[forms.BoundField]:
        return [self[key] for key in self.flag_keys if key in self.fields]

    def values(self) -> PostValues:
        """What was filled in, for an operation."""
        plain = {key: self.cleaned_data[key] for key in (*self.frame_keys, *self.flag_keys) if key in self.cleaned_data}
        return cast(PostValues, {**plain, "fields": self.answers})


@dataclass(frozen=True)
class Step:
    """What is asked at once when the questions come one by one: names of fields, under a heading."""

    heading: Words
    names: list[str]
    asked: Asked | None = None


class NewPostForm(WhenFields, FrameFields):
    """A post from a template, in the order of thought: what, for whom, the questions, then where and when."""

    title = forms.CharField(
        label=_("Working title"),
        max_length=200,
        widget=_wide(),
        help_text=_("It may change until the day of publication."),
    )
    language = forms.ChoiceField(label=_("First language"))
    channels = forms.ModelMultipleChoiceField(
        label=_("Channels"), queryset=Channel.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    author = forms.ModelChoiceField(label=_("Author"), queryset=Membership.objects.none(), required=False)
    needs_day = False

    def __init__(
        self, template: PlaybookItem, membership: Membership, *args: Any, waiting: Iterable[Any] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        workspace = membership.workspace
        self.add_questions(template.payload, {}, people_who_may(workspace, Act.READ), waiting)
        self.drop_shared_questions()
        self._add_files()
        self._add_consents(Channel.objects.used().filter(workspace=workspace))
        _choose(self.fields["language"], [(code, LANGUAGE_NAMES[code]) for code in workspace.languages])
        _offer(self.fields["channels"], Channel.objects.used().filter(workspace=workspace))
        _offer(self.fields["author"], people_who_may(workspace, Act.WRITE))
        if not may(membership.level, Act.PLAN):
            for name in ("on", "at", "author"):
                del self.fields[name]

    def _add_files(self) -> None:
        """A file may come with the answers: it waits for the post."""
        for key in self._asked_for("file"):
            chosen = cast(forms.ChoiceField, self.fields[f"field-{key}"])
            chosen.choices = [("", _("None yet")), *list(cast(Any, chosen.choices))[1:]]
            self.fields[f"upload-{key}"] = forms.FileField(
                label=_("Add a file"), required=False, help_text=_("It is kept as soon as you go on.")
            )

    def _add_consents(self, channels: QuerySet[Channel]) -> None:
        """A consent is a sentence, and who gave it, for which channels, when and until when."""
        for key in self._asked_for("consent"):
            parts: dict[str, forms.Field] = {
                "people": forms.CharField(
                    label=_("Who agreed"), required=False, widget=_lines(2), help_text=_("One name a line.")
                ),
                "channels": forms.MultipleChoiceField(
                    label=_("For which channels"),
                    required=False,
                    choices=[(one.slug, str(one)) for one in channels],
                    widget=forms.CheckboxSelectMultiple,
                    help_text=_("None ticked: for all of them."),
                ),
                "given_on": forms.DateField(label=_("Given on"), required=False, widget=day_input()),
                "expires_on": forms.DateField(label=_("Until"), required=False, widget=day_input()),
            }
            self.fields.update({f"consent-{key}-{part}": field for part, field in parts.items()})

    def _asked_for(self, kind: str) -> list[str]:
        return [one["key"] for one in self.template.get("fields") or () if one["type"] == kind]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for key in self._asked_for("consent"):
            given, expires = (values.get(f"consent-{key}-{part}") for part in ("given_on", "expires_on"))
            if given and expires and expires < given:
                self.add_error(f"consent-{key}-expires_on", _("The last day comes before the first."))
        return values

    def values(self) -> PostValues:
        author = self.cleaned_data.get("author")
        return cast(PostValues, {**super().values(), **({"author": author} if author else {})})

    def consents(self, today: date) -> list[Given]:
        """One consent for each person named, with the scope that the answer says."""
        found = []
        for key in self._asked_for("consent"):
            part = {name: self.cleaned_data.get(f"consent-{key}-{name}") for name in CONSENT_PARTS}
            scope = str(self.answers.get(key) or "").strip()
            for person in filter(None, map(str.strip, str(part["people"] or "").splitlines())):
                found.append(
                    Given(
                        person=person,
                        scope=scope or str(_("To be shown and quoted in this post")),
                        given_on=part["given_on"] or today,
                        expires_on=part["expires_on"],
                        channels=tuple(part["channels"] or ()),
                    )
                )
        return found

    def steps(self) -> list[Step]:
        """The same fields, one thought at a time."""
        frame = [Step(field.label, [field.name]) for field in self.frame_fields() if field.name != "intent"]
        questions = [Step(asked.field.label, asked.names, asked) for asked in self.questions()]
        facts: list[str] = [name for name in ("intent", *self.flag_keys) if name in self.fields]
        where: list[str] = [name for name in ("channels", "on", "at", "author") if name in self.fields]
        return [
            Step(_("A working title"), ["title", "language"]),
            *frame,
            *questions,
            Step(_("What it contains"), facts),
            Step(_("Where and when"), where),
        ]


def _choose(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    cast(forms.ChoiceField, field).choices = choices


def _offer(field: forms.Field, queryset: QuerySet[Any]) -> None:
    cast("forms.ModelChoiceField[Any]", field).queryset = queryset


class FrameForm(FrameFields):
    """The frame of a post that exists; carries the version it was read at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    tags = forms.CharField(label=_("Tags, separated by commas"), required=False, max_length=300)
    review_on = forms.DateField(label=_("To be looked at again on"), required=False, widget=day_input())

    def __init__(self, post: Post, data: Any = None) -> None:
        initial = {key: getattr(post, key) for key in (*self.frame_keys, *self.flag_keys, "review_on", "version")}
        super().__init__(data, initial={**initial, "tags": ", ".join(post.tags)})
        members = people_who_may(post.workspace, Act.READ)
        self.add_questions(post.template_payload, post.fields, members, post.uploads.all())
        self.drop_shared_questions()

    def values(self) -> PostValues:
        tags = [tag.strip() for tag in self.cleaned_data["tags"].split(",") if tag.strip()]
        return cast(PostValues, {**super().values(), "tags": tags, "review_on": self.cleaned_data["review_on"]})


class SourceForm(forms.Form):
    """Where a fact comes from. An empty row is no source."""

    label = forms.CharField(label=_("Source"), required=False, max_length=200)
    url = forms.URLField(label=_("Address"), required=False, assume_scheme="https")
    read_on = forms.DateField(label=_("Read on"), required=False, widget=day_input())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if (values.get("url") or values.get("read_on")) and not values.get("label"):
            self.add_error("label", _("Give the source a name."))
        return values


SourceFormSet = forms.formset_factory(SourceForm, extra=2, max_num=30)


def sources_of(rows: Any) -> list[dict[str, str]]:
    """The sources of a valid `SourceFormSet`, without its empty rows."""
    named = [row.cleaned_data for row in rows.forms if row.cleaned_data.get("label")]
    return [
        {"label": row["label"], "url": row.get("url") or "", "read_on": str(row.get("read_on") or "")} for row in named
    ]


class PeopleForm(OperationForm):
    """Who writes, who answers, who stands in."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    author = forms.ModelChoiceField(label=_("Author"), queryset=Membership.objects.none())
    answerer = forms.ModelChoiceField(
        label=_("Who answers"), queryset=Membership.objects.none(), required=False,
        help_text=_("Their name is given to the readers; they read and answer once the post is out."),
    )  # fmt: skip
    deputy = forms.ModelChoiceField(
        label=_("Who answers when they cannot"), queryset=Membership.objects.none(), required=False
    )
    answer_until = forms.DateField(label=_("We answer until"), required=False, widget=day_input())

    def __init__(self, post: Post, data: Any = None) -> None:
        keys = ("version", "author", "answerer", "deputy", "answer_until")
        super().__init__(data, initial={key: getattr(post, key) for key in keys})
        for name in ("author", "answerer", "deputy"):
            _offer(self.fields[name], people_who_may(post.workspace, Act.WRITE))

    def values(self) -> PostValues:
        keys = ("author", "answerer", "deputy", "answer_until")
        return cast(PostValues, {key: self.cleaned_data[key] for key in keys})


# ---- texts


class TextForm(OperationForm):
    """Title and text in one language, and the revision that the writer started from."""

    base_revision = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=200, required=False, widget=_wide())
    body = forms.CharField(
        label=_("Text"), required=False, max_length=200_000, widget=forms.Textarea(attrs={"rows": 24, "class": "write"})
    )


class PlacementTextForm(OperationForm):
    """A channel's own text; empty means the text of the post."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False, widget=_wide())
    body = forms.CharField(label=_("Text"), required=False, max_length=200_000, widget=_lines(14))


# ---- dates, publication, talk, files


class MoveForm(WhenFields):
    """A new day and hour, for the whole post or for one of its placements; empty takes the date away."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    placement = forms.ModelChoiceField(
        label=_("What moves"), queryset=Placement.objects.none(), required=False, empty_label=_("All the channels")
    )

    def __init__(self, post: Post, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["placement"], post.placements.open().select_related("channel"))
        cast(Any, self.fields["placement"]).label_from_instance = lambda placement: str(placement.channel)


class RecordForm(OperationForm):
    """What was really published, where and when."""

    beside = {"published_at": "on"}
    address = forms.URLField(
        label=_("Address of what was published"), max_length=500, assume_scheme="https",
        help_text=_("Copy it from the page itself, where readers find it."),
    )  # fmt: skip
    on = forms.DateField(label=_("Published on"), widget=day_input())
    at = forms.TimeField(label=_("Hour"), widget=hour_input())

    def published_at(self, calendar: WorkingCalendar) -> datetime:
        return calendar.at(self.cleaned_data["on"], self.cleaned_data["at"])


class ReasonForm(OperationForm):
    """Why: a sentence that stays in the history."""

    reason = forms.CharField(label=_("Why"), max_length=500, widget=_lines(2))


class ReleaseForm(WhenFields):
    """What becomes of a held post, and why."""

    decision = forms.ChoiceField(label=_("What becomes of it"), choices=Release.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why"), max_length=500, widget=_lines(2))
    field_order: tuple[str, ...] = ("decision", "reason", "on", "at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("New day")
        self.fields["on"].help_text = _("For a new date only.")


class ChangesForm(OperationForm):
    comment = forms.CharField(
        label=_("What should change, and why"), max_length=2000, widget=_lines(4),
        help_text=_("The author is told at once, with these words."),
    )  # fmt: skip


class OverrideForm(OperationForm):
    """Why a text passes in spite of a rule."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("In twenty characters or more. It stands in the history and on the page of the quarterly review."),
        widget=_lines(3),
    )


class AsideForm(OperationForm):
    """Why a warning counts for nothing this once."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("In ten characters or more. Colleagues will read it."),
        widget=_lines(3),
    )  # fmt: skip


class DecisionForm(OperationForm):
    comment = forms.CharField(label=_("A word for the author"), required=False, max_length=2000, widget=_lines(2))


class ApprovalForm(DecisionForm):
    """The questions that a person asks of the text, each with yes, no or does not apply, and why for a no."""

    def __init__(self, asked: Sequence[HumanQuestion], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for one in asked:
            self.fields[one.rule] = forms.ChoiceField(
                label=pick(one.statement), help_text=pick(one.help), choices=Said.choices, widget=forms.RadioSelect,
                error_messages={"required": _("Answer this question: yes, no, or it does not apply.")},
            )  # fmt: skip
            self.fields[f"{one.rule}_comment"] = forms.CharField(
                label=_("Why, when it is no"), required=False, max_length=500
            )
        self.order_fields([*(name for one in asked for name in (one.rule, f"{one.rule}_comment")), "comment"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for one in self.asked:
            if values.get(one.rule) == Said.NO and not values.get(f"{one.rule}_comment"):
                self.add_error(f"{one.rule}_comment", _("Say why in a sentence: the author reads it."))
        return values

    def rows(self) -> list[tuple[HumanQuestion, forms.BoundField, forms.BoundField]]:
        """Each question with its answer and its reason."""
        return [(one, self[one.rule], self[f"{one.rule}_comment"]) for one in self.asked]

    def values(self) -> dict[str, Any]:
        """What the operation asks for."""
        said = self.cleaned_data
        return {
            "comment": said["comment"],
            "answers": {
                one.rule: {"said": said[one.rule], "comment": said[f"{one.rule}_comment"]} for one in self.asked
            },
        }


class CommentForm(OperationForm):
    body = forms.CharField(label=_("Your remark"), max_length=5000, widget=_lines(2))
    is_for_guests = forms.BooleanField(
        label=_("Readers without an account may see it"), required=False,
        help_text=_("Otherwise it stays inside."),
    )  # fmt: skip


class GuestForm(OperationForm):
    name = forms.CharField(label=_("Who will read"), max_length=150, help_text=_("As the team and they will read it."))
    days = forms.IntegerField(
        label=_("Days until the link expires"), min_value=1, max_value=rules.LONGEST_INVITATION, initial=14
    )
    is_awaited = forms.BooleanField(
        label=_("Approving waits for their agreement"), required=False,
        help_text=_("The text is then approved only once they agree with it exactly as it stands."),
    )  # fmt: skip


class OpinionForm(OperationForm):
    """What an invited reader says; `digest` is that of the text which they saw."""

    body = forms.CharField(label=_("Your remark"), required=False, max_length=5000, widget=_lines(4))
    digest = forms.CharField(widget=forms.HiddenInput)


class UploadForm(OperationForm):
    file = forms.FileField(label=_("File"))
    alt = forms.CharField(
        label=_("What one sees in it, when it is an image"), required=False, max_length=300,
        help_text=_("For those who cannot see it. In a sentence, without “image of”."),
    )  # fmt: skip


class ConsentForm(OperationForm):
    """Who agreed to what, for which channels, until when, and where it is written."""

    person = forms.CharField(label=_("Who agreed"), max_length=150)
    scope = forms.CharField(
        label=_("To what"), max_length=500, widget=_lines(2),
        help_text=_("Which words, which pictures, for what purpose."),
    )  # fmt: skip
    channels = forms.MultipleChoiceField(
        label=_("For which channels"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for all of them."),
    )  # fmt: skip
    given_on = forms.DateField(label=_("Given on"), widget=day_input())
    expires_on = forms.DateField(label=_("Until"), required=False, widget=day_input())
    evidence = forms.ModelChoiceField(
        label=_("Where it is written"), queryset=Upload.objects.none(), required=False,
        empty_label=_("On paper, or elsewhere"), help_text=_("Add the file to the post first, then choose it here."),
    )  # fmt: skip

    def __init__(self, post: Post, *args: Any, consent: Consent | None = None, **kwargs: Any) -> None:
        if consent is not None:
            own = ("person", "scope", "channels", "given_on", "expires_on", "evidence")
            kwargs["initial"] = {name: getattr(consent, name) for name in own}
        super().__init__(*args, **kwargs)
        named = Q(is_used=True) | Q(slug__in=consent.channels if consent else ())
        channels = Channel.objects.filter(named, workspace=post.workspace)
        _choose(self.fields["channels"], [(one.slug, str(one)) for one in channels])
        _offer(self.fields["evidence"], post.uploads.all())

    def given(self) -> Given:
        return Given(**{**self.cleaned_data, "channels": tuple(self.cleaned_data["channels"])})


class InitiativeForm(OperationForm):
    """People and aim first, dates afterwards."""

    title = forms.CharField(label=_("Title"), max_length=150, widget=_wide())
    aim = forms.CharField(
        label=_("What should be different afterwards"), max_length=300, widget=_lines(2),
        help_text=_("For whom, and what they will do or know that they do not today."),
    )  # fmt: skip
    metric = forms.CharField(
        label=_("How one will see it"), max_length=300, required=False, widget=_wide(),
        help_text=_("One figure or one sign, and who looks at it."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(label=_("Who answers for it"), queryset=Membership.objects.none())
    starts_on = forms.DateField(label=_("First day"), widget=day_input())
    ends_on = forms.DateField(label=_("Last day"), widget=day_input())
    proof_on = forms.DateField(
        label=_("First proof expected on"), required=False, widget=day_input(),
        help_text=_("The day on which one decides to go on, to change or to stop."),
    )  # fmt: skip

    def __init__(self, workspace: Workspace, initiative: Initiative | None = None, data: Any = None) -> None:
        keys = ("title", "aim", "metric", "owner", "starts_on", "ends_on", "proof_on")
        super().__init__(data, initial={key: getattr(initiative, key) for key in keys} if initiative else {})
        _offer(self.fields["owner"], people_who_may(workspace, Act.WRITE))

    def brief(self) -> Brief:
        return cast(Brief, dict(self.cleaned_data))


class StageForm(OperationForm):
    """What it brought, or why it stops."""

    outcome = forms.CharField(label=_("What it brought"), required=False, max_length=2000, widget=_lines(3))


class JoinForm(OperationForm):
    """The initiative that a post serves."""

    initiative = forms.ModelChoiceField(
        label=_("Initiative"), queryset=Initiative.objects.none(), required=False, empty_label=_("None")
    )

    def __init__(self, post: Post, data: Any = None) -> None:
        super().__init__(data, initial={"initiative": post.initiative_id})
        _offer(self.fields["initiative"], Initiative.objects.filter(workspace=post.workspace))


class ChecklistForm(OperationForm):
    """A checklist of the playbook, for somebody, by a day."""

    checklist = forms.ModelChoiceField(label=_("Checklist"), queryset=PlaybookItem.objects.none())
    owner = forms.ModelChoiceField(label=_("Who goes through it"), queryset=Membership.objects.none())
    due_on = forms.DateField(label=_("By"), widget=day_input())

    def __init__(self, workspace: Workspace, data: Any = None) -> None:
        super().__init__(data)
        _offer(self.fields["checklist"], PlaybookItem.objects.visible_to(workspace).of_kind(Kind.CHECKLIST))
        _offer(self.fields["owner"], people_who_may(workspace, Act.COMMENT))


class AltForm(OperationForm):
    """The description of an image, in each language of the workspace."""

    def __init__(self, languages: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in languages:
            self.fields[code] = forms.CharField(label=LANGUAGE_NAMES[code], required=False, max_length=300)


def audiences_of(workspace: Workspace) -> list[str]:
    """The sentences to choose from, in use."""
    return list(Audience.objects.filter(workspace=workspace, is_used=True).values_list("sentence", flat=True))

"""Forms of the policy. Each one's valid values go to one operation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planner.base.forms import OperationForm
from planner.base.language import pick
from planner.policy.models import Charter
from planner.policy.rules import Rule
from planner.policy.rules.house import DeclaredList
from planner.policy.rules.lexicon import lines_of
from planner.workspaces.models import Membership, Workspace

_REASON = _("Colleagues read it in the list of versions, and at the quarterly review.")


class WordsForm(OperationForm):
    """A word list, one entry a line."""

    entries = forms.CharField(
        label=_("Entries, one a line"),
        help_text=_(
            "A star matches any ending: “offre*”. (a|b) is one or the other, (a)? may be missing, .. stands for up to "
            "four words, # for a number. Accents count."
        ),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )
    but_not = forms.CharField(
        label=_("But not"),
        required=False,
        help_text=_("Taken out first, such as “appel gratuit”."),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )
    reason = forms.CharField(label=_("Why this change"), required=False, max_length=300, help_text=_REASON)
    sample = forms.CharField(label=_("A text to try it on"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, words: DeclaredList, number: int, data: Any = None) -> None:
        initial = {"entries": "\n".join(words.entries), "but_not": "\n".join(words.but_not), "number": number}
        super().__init__(data, initial=initial)

    def lists(self) -> dict[str, list[str]]:
        """The two lists that were typed."""
        return {name: lines_of(self.cleaned_data[name]) for name in ("entries", "but_not")}


class FiguresForm(OperationForm):
    """The figures of a rule; one that is left as bundled stays so."""

    reason = forms.CharField(label=_("Why this change"), max_length=300, help_text=_REASON)
    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, rule: Rule, bundled: Rule, number: int, data: Any = None, typed: dict[str, str] | None = None
    ) -> None:
        """`typed`: figures to begin from in place of those in force."""
        super().__init__(data, initial={"number": number, **(typed or {})})
        self.bundled = bundled
        own: dict[str, forms.Field] = {}
        for key, parameter in rule.parameters.items():
            label, value = pick(parameter.label) or key, parameter.value
            if isinstance(value, list):
                own[key] = forms.CharField(
                    label=label, initial="\n".join(value), widget=forms.Textarea(attrs={"rows": 5})
                )
            elif isinstance(value, float):
                own[key] = forms.FloatField(label=label, initial=value, min_value=0)
            else:
                own[key] = forms.IntegerField(label=label, initial=value, min_value=0)
        self.fields = {**own, **self.fields}

    def values_to_keep(self) -> dict[str, Any]:
        """Only those that differ from the bundled ones."""
        read = {
            key: lines_of(value) if isinstance(self.bundled[key], list) else value
            for key, value in self.cleaned_data.items()
            if key in self.bundled.parameters
        }
        return {key: value for key, value in read.items() if value != self.bundled[key]}


class DayInput(forms.DateInput):
    input_type = "date"


class CharterForm(OperationForm):
    """A new version of the charter."""

    text_fr = forms.CharField(label=_("Text in French"), widget=forms.Textarea(attrs={"rows": 18, "lang": "fr"}))
    text_en = forms.CharField(label=_("Text in English"), widget=forms.Textarea(attrs={"rows": 18, "lang": "en"}))
    owner = forms.ModelChoiceField(label=_("Who answers for it"), queryset=Membership.objects.none())
    review_on = forms.DateField(label=_("Next review"), widget=DayInput(format="%Y-%m-%d"))
    is_major = forms.BooleanField(label=_("Ask everybody to read it again"), required=False)

    def __init__(self, workspace: Workspace, text: dict[str, str], last: Charter | None, data: Any = None) -> None:
        initial: dict[str, Any] = {f"text_{code}": written for code, written in text.items()}
        if last is not None:
            initial |= {"owner": last.owner_id, "review_on": last.review_on}
        super().__init__(data, initial=initial)
        people = Membership.objects.active().filter(workspace=workspace).select_related("user")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "text": {code: given[f"text_{code}"] for code in ("fr", "en")},
            **{key: given[key] for key in ("owner", "review_on", "is_major")},
        }

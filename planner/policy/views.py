"""The pages of the policy: what we allow ourselves, its rules and figures, its word lists, its charter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from planner.base import clock
from planner.base.errors import Words
from planner.base.language import LANGUAGES, pick
from planner.base.markdown import render as markdown
from planner.policy import operations as policy
from planner.policy import queries
from planner.policy.forms import CharterForm, FiguresForm, WordsForm
from planner.policy.models import Acknowledgement, Charter, PolicyVersion
from planner.policy.rules import TEXT_RULES, Context, Draft, Finding, House, Rule, Wording, check
from planner.policy.rules.house import DeclaredList
from planner.workspaces.access import MemberRequest

_PAGE = require_http_methods(["GET", "HEAD", "POST"])
LANGUAGE_NAMES: dict[str, str] = {"fr": "Français", "en": "English"}


@dataclass(frozen=True)
class Row:
    """A rule or a list as the index shows it."""

    key: str
    title: str
    is_own: bool
    count: int = 0
    severities: Sequence[Words] = ()


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """All rules and lists, which of them the organisation changed, and its last versions."""
    house = policy.house_of(request.workspace)
    lists = {
        LANGUAGE_NAMES[code]: (code, [_list_row(one) for one in house.lists.values() if one.language == code])
        for code in LANGUAGES
    }
    context = {
        "rules": [_rule_row(rule) for rule in house.rules.values()],
        "lists": lists,
        "versions": PolicyVersion.objects.of(request.workspace).select_related("made_by__user")[:10],
        "charter": Charter.objects.last_of(request.workspace),
        "may_change": policy.may_change(request.membership),
    }
    return render(request, "planner/policy/index.html", context)


def _rule_row(rule: Rule) -> Row:
    is_own = any(one.origin == "own" for one in rule.parameters.values())
    return Row(rule.id, pick(rule.statement), is_own, severities=[SEVERITIES[one] for one in rule.severities])


def _list_row(one: DeclaredList) -> Row:
    return Row(one.name, pick(one.title), one.origin == "own", len(one.entries))


SEVERITIES: dict[str, Words] = {
    "block": gettext_lazy("stops"),
    "warn": gettext_lazy("warns"),
    "info": gettext_lazy("tells"),
}


@_PAGE
def rule(request: MemberRequest, rule: str) -> HttpResponse:
    """A rule: what it asks, why, its figures, its examples. `act=look` comes back with figures that were typed."""
    house, number = _in_force(request)
    found = house.rules.get(rule.upper())
    if found is None:
        raise Http404
    posted, bundled = _posted(request), queries.bundled().rules[found.id]
    if posted and posted.get("act") == "look":
        form = FiguresForm(found, bundled, number, typed=posted.dict())
    else:
        form = FiguresForm(found, bundled, number, posted)
    if form.is_valid() and form.attempt(
        lambda: policy.change_parameters(
            actor=request.membership,
            rule=found.id,
            values=form.values_to_keep(),
            reason=form.cleaned_data["reason"],
            number=form.cleaned_data["number"],
            now=clock.now(),
        )
    ):
        messages.success(request, _("The rule is changed. What is checked from now on follows it."))
        return redirect("policy:rule", workspace=request.workspace.slug, rule=found.id.lower())
    context = {
        "rule": found,
        "statement": pick(found.statement),
        "why": pick(found.why),
        "examples": _examples(found),
        "reads_texts": found.id in TEXT_RULES,
        "form": form,
        "may_change": policy.may_change(request.membership),
    }
    return render(request, "planner/policy/rule.html", context, status=_status(form))


def _examples(rule: Rule) -> list[tuple[str, str]]:
    """The texts that keep and break the rule, in the reader's language; none for a rule that reads no text."""
    declared: dict[str, Any] = pick(rule.examples) or {}  # type: ignore[assignment]
    kinds = (("pass", _("Kept")), ("fail", _("Not kept")))
    return [(label, declared[kind]["body"]) for kind, label in kinds if declared.get(kind, {}).get("body")]


@_PAGE
def words(request: MemberRequest, language: str, name: str) -> HttpResponse:
    """A word list in a form, with a box to try a change on a text before it is kept."""
    house, number = _in_force(request)
    found = house.lists.get((language, name))
    if found is None:
        raise Http404
    form = WordsForm(found, number, _posted(request))
    tried: list[Effect] | None = None
    if form.is_valid():
        if request.POST.get("act") == "try":
            changes = policy.changed(_own_changes(request), ("lists", language, name), form.lists())
            tried = _try(house, policy.with_changes(changes), language, form)
        elif form.attempt(lambda: _keep(request, language, name, form)):
            messages.success(request, _("The list is changed. What is checked from now on follows it."))
            return redirect("policy:words", workspace=request.workspace.slug, language=language, name=name)
    context = {
        "words": found,
        "title": pick(found.title),
        "reason": pick(found.reason),
        "language_name": LANGUAGE_NAMES[language],
        "form": form,
        "tried": tried,
        "may_change": policy.may_change(request.membership),
    }
    return render(request, "planner/policy/words.html", context, status=_status(form))


def _keep(request: MemberRequest, language: str, name: str, form: WordsForm) -> PolicyVersion:
    return policy.change_words(
        actor=request.membership,
        language=language,
        name=name,
        **form.lists(),
        reason=form.cleaned_data["reason"],
        number=form.cleaned_data["number"],
        now=clock.now(),
    )


@dataclass(frozen=True)
class Effect:
    """What the rules say of the sample: before or after the change."""

    label: Words
    findings: list[Finding]


def _try(before: House, after: House, language: str, form: WordsForm) -> list[Effect]:
    draft = Draft(texts={language: Wording(body=form.cleaned_data["sample"])}, language=language)
    rules = before.rules.keys() & {"R01", "R03", "R08", "R12", "R13", "R14", "R16", "R17", "R18"}
    today = timezone.localdate(clock.now())

    def judged(house: House) -> list[Finding]:
        return check(draft, Context(house=house, today=today, level=3), only=rules)

    return [Effect(_("Today"), judged(before)), Effect(_("With this change"), judged(after))]


# ---- the charter ----------------------------------------------------------------------------


@_PAGE
def charter(request: MemberRequest) -> HttpResponse:
    """The written policy as it holds, who answers for it, who has read it; a form for its next version."""
    last = Charter.objects.last_of(request.workspace)
    text = last.text if last else queries.bundled_charter()
    may_change = policy.may_change(request.membership)
    form = CharterForm(request.workspace, text, last, _posted(request))
    if form.is_valid() and form.attempt(
        lambda: policy.write_charter(actor=request.membership, **form.values(), now=clock.now())
    ):
        messages.success(request, _("The policy is kept as a new version."))
        return redirect("policy:charter", workspace=request.workspace.slug)
    given = Acknowledgement.objects.filter(charter__workspace=request.workspace, charter=last)
    context = {
        "charter": last,
        "html": markdown(pick(text).partition("\n")[2]),
        "title": pick(text).partition("\n")[0].lstrip("# "),
        "form": form,
        "may_change": may_change,
        "given": list(given.select_related("member__user")) if last else [],
        "has_read": last is not None and policy.has_read(request.membership, last, timezone.localdate(clock.now())),
    }
    return render(request, "planner/policy/charter.html", context, status=_status(form))


# ---- how --------------------------------------------------------------------------------------


def _in_force(request: MemberRequest) -> tuple[House, int]:
    house = policy.house_of(request.workspace)
    return house, house.number


def _own_changes(request: MemberRequest) -> dict[str, Any]:
    version = PolicyVersion.objects.last_of(request.workspace)
    return dict(version.changes) if version else {}


def _posted(request: MemberRequest) -> Any:
    """What was sent, by somebody who may change the policy; nothing when the page is only looked at."""
    if request.method != "POST":
        return None
    policy.require_change(request.membership)
    return request.POST


def _status(form: Any) -> int:
    return form.refusal.status if form.refusal else 200

"""What a change of a word list or of figures would change in the last posts, before it is kept; and saying that one has
read the policy, which closes work. Stands here, above the posts and the work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from planner.base import clock
from planner.base.errors import Invalid
from planner.base.language import pick
from planner.insight import operations as insight
from planner.insight.queries import last_drafts
from planner.insight.rules import told_differently
from planner.policy import operations as policy
from planner.policy.models import Charter, PolicyVersion
from planner.policy.queries import bundled
from planner.policy.rules import TEXT_RULES, Draft, Finding
from planner.policy.rules.lexicon import lines_of, problems
from planner.posts.models import Post
from planner.workspaces.access import MemberRequest

LAST_POSTS = 200


@dataclass(frozen=True)
class Difference:
    """A post that would be judged otherwise: what would be said no longer, and what would be said newly."""

    post: Post
    gone: list[Finding]
    new: list[Finding]


@require_POST
def try_words(request: MemberRequest, language: str, name: str) -> HttpResponse:
    """The last posts under the list as it is, and under the list as typed."""
    policy.require_change(request.membership)
    words = policy.house_of(request.workspace).lists.get((language, name))
    if words is None:
        raise Http404
    typed = {key: lines_of(request.POST.get(key, "")) for key in ("entries", "but_not")}
    wrong = problems([*typed["entries"], *typed["but_not"]])
    posts = last_drafts(request.workspace, LAST_POSTS)
    context = {
        "title": pick(words.title),
        "page": reverse(
            "policy:words", kwargs={"workspace": request.workspace.slug, "language": language, "name": name}
        ),
        "keep": _("Keep this list"),
        "again": "try",
        "posts": len(posts),
        "differences": [] if wrong else _judged(request, posts, ("lists", language, name), typed, words.rules),
        "wrong": wrong,
        "typed": {key: "\n".join(lines) for key, lines in typed.items()},
    }
    return _shown(request, context)


@require_POST
def try_figures(request: MemberRequest, rule: str) -> HttpResponse:
    """The last posts under the figures of a rule as they are, and under those typed."""
    policy.require_change(request.membership)
    declared = bundled().rules.get(rule.upper())
    if declared is None or declared.id not in TEXT_RULES:
        raise Http404
    page = reverse("policy:rule", kwargs={"workspace": request.workspace.slug, "rule": rule})
    typed = {key: request.POST[key] for key in declared.parameters if key in request.POST}
    posts = last_drafts(request.workspace, LAST_POSTS)
    try:
        figures = policy.figures_typed(declared, typed)
    except Invalid as refusal:
        messages.error(request, str(refusal))
        return redirect(page)
    context = {
        "title": declared.id,
        "page": page,
        "keep": _("Keep these figures"),
        "again": "look",
        "posts": len(posts),
        "differences": _judged(request, posts, ("parameters", declared.id), figures, [declared.id]),
        "typed": typed,
        "is_reason_asked": True,
    }
    return _shown(request, context)


def _judged(
    request: MemberRequest,
    posts: Iterable[tuple[Post, Draft]],
    path: Sequence[str],
    own: Mapping[str, Any],
    rules: Iterable[str],
) -> list[Difference]:
    """Those that would be judged otherwise, were this part of the policy so."""
    before, version = policy.house_of(request.workspace), PolicyVersion.objects.last_of(request.workspace)
    changes = policy.changed(version.changes if version else {}, path, own)
    after, today = policy.with_changes(changes).with_brand(before.brand), timezone.localdate(clock.now())
    asked = set(rules) & set(TEXT_RULES)
    judged = [Difference(post, *told_differently(draft, before, after, asked, today)) for post, draft in posts]
    return [one for one in judged if one.gone or one.new]


def _shown(request: MemberRequest, context: dict[str, Any]) -> HttpResponse:
    words = {key: request.POST.get(key, "") for key in ("reason", "number")}
    may_change = policy.may_change(request.membership)
    return render(request, "planner/insight/try_policy.html", {**context, **words, "may_change": may_change})


@require_POST
def say_read(request: MemberRequest) -> HttpResponse:
    """The member says that they have read the version shown."""
    number = request.POST.get("number", "")
    shown = (
        Charter.objects.of(request.workspace)
        .filter(number=int(number) if number.isdecimal() and len(number) < 9 else 0)
        .first()
    )
    if shown is None:
        raise Http404
    insight.say_read(actor=request.membership, charter=shown, now=clock.now())
    messages.success(request, _("Thank you. It is written down."))
    return redirect("policy:charter", workspace=request.workspace.slug)

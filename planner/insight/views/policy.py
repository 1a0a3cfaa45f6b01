"""What a change of a word list would change in the last posts, before it is kept; and saying that one has read the
policy, which closes work. Stands here, above the posts and the work."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from planner.base import clock
from planner.base.language import pick
from planner.insight import operations as insight
from planner.insight.queries import last_drafts
from planner.insight.rules import told_differently
from planner.policy import operations as policy
from planner.policy.models import Charter, PolicyVersion
from planner.policy.rules import TEXT_RULES, Finding
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
    before = policy.house_of(request.workspace)
    words = before.lists.get((language, name))
    if words is None:
        raise Http404
    entries, but_not = (lines_of(request.POST.get(key, "")) for key in ("entries", "but_not"))
    wrong = problems([*entries, *but_not])
    posts = last_drafts(request.workspace, LAST_POSTS)
    differences: list[Difference] = []
    if not wrong:
        version = PolicyVersion.objects.last_of(request.workspace)
        own = {"entries": entries, "but_not": but_not}
        changes = policy.changed(version.changes if version else {}, ("lists", language, name), own)
        after = policy.with_changes(changes).with_brand(before.brand)
        today = timezone.localdate(clock.now())
        rules = set(words.rules) & set(TEXT_RULES)
        for post, draft in posts:
            gone, new = told_differently(draft, before, after, rules, today)
            if gone or new:
                differences.append(Difference(post, gone, new))
    context = {
        "words": words,
        "title": pick(words.title),
        "posts": len(posts),
        "differences": differences,
        "wrong": wrong,
        "entries": "\n".join(entries),
        "but_not": "\n".join(but_not),
        "reason": request.POST.get("reason", ""),
        "number": request.POST.get("number", ""),
        "may_change": policy.may_change(request.membership),
    }
    return render(request, "planner/insight/try_words.html", context)


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

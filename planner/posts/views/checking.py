"""What the editorial policy says of a post, beside the text while one types."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from planner.base import clock
from planner.policy.rules import Wording
from planner.posts.forms import TextForm
from planner.posts.models import Post
from planner.posts.operations import findings
from planner.posts.views.found import known_language, post_of
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act


@require_POST
def check_typing(request: MemberRequest, post: int, code: str) -> HttpResponse:
    """What the policy says of the text that somebody is typing: nothing is kept."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    known_language(request, code)
    form = TextForm(request.POST)
    typed = of_typing(found, code, form, clock.now()) if form.is_valid() else []
    return render(request, "planner/posts/_findings.html", {"findings": typed, "post": found, "too_long": form.errors})


def of_typing(post: Post, code: str, form: TextForm, now: datetime) -> list[findings.Line]:
    """Only what concerns the text in this language: the rest of the post has its own page."""
    wording = Wording(form.cleaned_data["title"], form.cleaned_data["body"])
    return findings.of_post(post, now, {code: wording}, within=f"{code}:")

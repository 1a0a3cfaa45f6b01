"""The post that an address names, in the member's own workspace."""

from django.db.models import Prefetch
from django.http import Http404

from planner.base import language
from planner.posts.models import Placement, Post
from planner.workspaces.access import MemberRequest


def post_of(request: MemberRequest, post: int) -> Post:
    """The post with its people, texts and placements; 404 outside the workspace."""
    found = (
        Post.objects.filter(workspace=request.workspace, pk=post)
        .select_related("author__user", "answerer__user", "deputy__user", "template")
        .prefetch_related("texts", Prefetch("placements", Placement.objects.select_related("channel")))
        .first()
    )
    if found is None:
        raise Http404
    found.workspace = request.workspace
    return found


def placement_of(post: Post, placement: int) -> Placement:
    """One of the post's placements, as loaded with it."""
    for one in post.placements.all():
        if one.pk == placement:
            one.post = post
            return one
    raise Http404


def known_language(request: MemberRequest, code: str) -> str:
    """The language of an address; 404 when the organisation does not write in it."""
    if code not in (request.workspace.languages or language.LANGUAGES):
        raise Http404
    return code

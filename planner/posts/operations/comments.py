"""Remarks of colleagues beside a post."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid
from planner.base.language import in_both
from planner.posts.models import Comment, Post
from planner.posts.operations import writing
from planner.reminders import operations as reminders
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act

LONGEST = 5000


@transaction.atomic
def comment(*, post: Post, actor: Membership, body: str, is_for_guests: bool = False, now: datetime) -> Comment:
    """Leave a remark; the author is told, unless it is theirs. It stays inside unless it is for invited readers too."""
    post = writing.opened(post, actor, Act.COMMENT)
    body = read_remark(body)
    remark = Comment.objects.create(post=post, author=actor, body=body, is_for_guests=is_for_guests, at=now)
    writing.write_down("post.commented", post, actor, now, comment=remark.pk)
    if post.author_id != actor.pk and post.author.is_active:
        reminders.notify(
            workspace=post.workspace,
            subject=post,
            group=post,
            person=post.author,
            message=in_both(
                _("%(person)s left a remark: %(remark)s"), person=str(actor), remark=" ".join(body.split())[:200]
            ),
            actor=actor,
            now=now,
        )
    return remark


def read_remark(body: str) -> str:
    """The words of a remark. Raises `Invalid` when there are none, or too many."""
    body = body.strip()
    if not body:
        raise Invalid(_("Write your remark first."), field="body")
    if len(body) > LONGEST:
        raise Invalid(_("A remark has %(most)s characters at most.") % {"most": LONGEST}, field="body")
    return body

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
def comment(*, post: Post, actor: Membership, body: str, now: datetime) -> Comment:
    """Leave a remark; the author is told, unless it is theirs."""
    post = writing.opened(post, actor, Act.COMMENT)
    body = body.strip()
    if not body:
        raise Invalid(_("Write your remark first."), field="body")
    if len(body) > LONGEST:
        raise Invalid(_("A remark has %(most)s characters at most.") % {"most": LONGEST}, field="body")
    remark = Comment.objects.create(post=post, author=actor, body=body, at=now)
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

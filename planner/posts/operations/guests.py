"""Readers without an account: by a personal link they read one post, remark, and say whether they agree.

Approving stays with the people who hold the role; it may be made to wait for a reader's agreement with the exact text.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base import language
from planner.base.errors import Invalid, NotFound, Refused, Stale, Words
from planner.base.language import in_both
from planner.history import operations as history
from planner.posts import rules
from planner.posts.models import Comment, Guest, Post
from planner.posts.operations import reading, writing
from planner.posts.operations.comments import read_remark
from planner.posts.rules import Opinion
from planner.reminders import operations as reminders
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.operations.tokens import digest_of, new_token
from planner.workspaces.rules import Act

history.register(
    {
        "post.guest_invited": gettext_lazy("asked somebody without an account to read this post"),
        "post.guest_revoked": gettext_lazy("took back the link of a reader without an account"),
        "post.guest_remarked": gettext_lazy("left a remark, as an invited reader"),
        "post.guest_agreed": gettext_lazy("agreed with the text, as an invited reader"),
        "post.guest_asked": gettext_lazy("asked for changes, as an invited reader"),
    }
)

SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last reading is written down."""


REMARKED = gettext_lazy("%(person)s left a remark: %(remark)s")
AGREED = gettext_lazy("%(person)s agrees with the text as it stands")
ASKED = gettext_lazy("%(person)s asks for changes: %(remark)s")


@transaction.atomic
def invite_guest(
    *, post: Post, actor: Membership, name: str, days: int, is_awaited: bool = False, now: datetime
) -> tuple[Guest, str]:
    """A personal link to this post for somebody without an account; the token is given this once."""
    post = writing.opened(post, actor, Act.PLAN)
    writing.must_be_writable(post)
    name = " ".join(name.split())
    if not name:
        raise Invalid(_("Say who will read."), field="name")
    if not 1 <= days <= rules.LONGEST_INVITATION:
        raise Invalid(_("Choose between one day and %(most)s days.") % {"most": rules.LONGEST_INVITATION}, field="days")
    token = new_token()
    guest = Guest.objects.create(
        post=post, name=name[:150], is_awaited=is_awaited, token_digest=digest_of(token), language=language.current(),
        invited_by=actor, created_at=now, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    writing.write_down("post.guest_invited", post, actor, now, name=guest.name)
    return guest, token


@transaction.atomic
def revoke_guest(*, guest: Guest, actor: Membership, now: datetime) -> None:
    """The link answers 404 from now on, and nothing waits for its reader any longer; what they said stays."""
    post = writing.opened(guest.post, actor, Act.PLAN)
    if not Guest.objects.filter(pk=guest.pk, post=post, revoked_at__isnull=True).update(revoked_at=now):
        raise Stale(_("This link was taken back a moment ago."))
    writing.write_down("post.guest_revoked", post, actor, now, name=guest.name)


def read_guest(*, token: str, now: datetime) -> Guest | None:
    """The reader of a token, if their link still answers; that it was read is written down."""
    found = (
        Guest.objects.open(now)
        .select_related("post__workspace", "post__author__user", "invited_by__user")
        .filter(token_digest=digest_of(token))
        .first()
    )
    if found is not None and (found.last_read_at is None or found.last_read_at + SEEN_EVERY <= now):
        Guest.objects.filter(pk=found.pk).update(last_read_at=now)
    return found


@transaction.atomic
def remark_as_guest(*, token: str, body: str, now: datetime) -> Comment:
    """A remark of the reader, which the team and the other readers see; the author is told."""
    guest = _opened(token, now)
    remark = _remark(guest, body, now)
    _tell(guest, "post.guest_remarked", REMARKED, remark.body, now)
    return remark


@transaction.atomic
def give_opinion(*, token: str, opinion: str, body: str = "", digest: str, now: datetime) -> Guest:
    """Whether the reader agrees with the text whose digest they saw; asking for changes says which.

    Raises `Stale` when the text has changed since.
    """
    guest = _opened(token, now)
    if opinion not in Opinion.values:
        raise Invalid(_("Choose one of the two."), field="opinion")
    if guest.post.status in (*rules.FROZEN, rules.Status.PUBLISHED):
        raise Refused(_("This text is out, or was given up: it waits for no opinion any longer."))
    if digest != reading.digest_of(guest.post):
        raise Stale(_("The text has changed since you opened this page: read it again, then say what you think."))
    if opinion == Opinion.ASKS and not body.strip():
        raise Invalid(_("Say what should change, and why."), field="body")
    if body.strip():
        _remark(guest, body, now)
    Guest.objects.filter(pk=guest.pk).update(opinion=opinion, opinion_digest=digest, opinion_at=now)
    guest.refresh_from_db(fields=["opinion", "opinion_digest", "opinion_at"])
    if opinion == Opinion.ASKS:
        _tell(guest, "post.guest_asked", ASKED, body.strip(), now)
    else:
        _tell(guest, "post.guest_agreed", AGREED, body.strip(), now)
    return guest


def _opened(token: str, now: datetime) -> Guest:
    guest = read_guest(token=token, now=now)
    if guest is None:
        raise NotFound(_("This link answers no longer: ask for another one."))
    workspaces.lock(guest.post.workspace)
    return guest


def _remark(guest: Guest, body: str, now: datetime) -> Comment:
    if Comment.objects.filter(guest=guest).count() >= rules.MOST_REMARKS:
        raise Refused(_("You have left %(most)s remarks here: please call instead.") % {"most": rules.MOST_REMARKS})
    return Comment.objects.create(post=guest.post, guest=guest, is_for_guests=True, body=read_remark(body), at=now)


def _tell(guest: Guest, verb: str, said: Words, remark: str, now: datetime) -> None:
    """A line of history under the reader's name, and word to the author and to whoever invited them."""
    post = guest.post
    history.record(
        verb=verb, now=now, workspace=post.workspace, name=guest.name, subject=post,
        data={"title": post.title(), "comment": remark},
    )  # fmt: skip
    for person in {post.author, guest.invited_by}:
        if person.is_active:
            reminders.notify(
                workspace=post.workspace, subject=post, group=post, person=person,
                message=in_both(said, person=guest.name, remark=" ".join(remark.split())[:200]), actor=None, now=now,
            )  # fmt: skip

"""Writing: what one types is kept, what one saves is a revision, and nobody's text is lost when two people write."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotFound, PlannerError
from planner.base.language import LANGUAGES
from planner.history.models import Revision
from planner.posts.models import Buffer, Placement, Post, PostText
from planner.posts.operations import reading, writing
from planner.posts.operations.create import titles_of
from planner.work import operations as work
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act

Written = dict[str, str]
"""Title and body."""


class Conflict(PlannerError):
    """Somebody else saved this text meanwhile. Both texts are here, and mine is kept in the private buffer.

    `revision` is the number to give as `base_revision` when saving again; `base` is what both started from.
    """

    def __init__(self, *, mine: Written, theirs: Written, base: Written, revision: int, by: str, language: str) -> None:
        super().__init__(
            _("%(person)s saved this text while you were writing. Both texts are shown below: nothing is lost.")
            % {"person": by or _("Somebody")}
        )
        self.mine, self.theirs, self.base = mine, theirs, base
        self.revision, self.by, self.language = revision, by, language


def save_text(
    *, post: Post, actor: Membership, language: str, title: str, body: str, base_revision: int, now: datetime
) -> Revision:
    """Save title and body in one language as a new revision; the same text again changes nothing.

    `base_revision` is the number of the revision on the page where one began to write. When somebody else changed the
    text of this language since, raises `Conflict` with both texts, and keeps mine in the buffer. Whoever saves in
    another language at the same time is no conflict.
    """
    _check(language, title)
    mine = {"title": title.strip(), "body": body}
    try:
        return _save_text(post, actor, language, mine, base_revision, now)
    except Conflict:
        keep_typing(
            post=post, actor=actor, language=language, title=title, body=body, base_revision=base_revision, now=now
        )
        raise


@transaction.atomic
def _save_text(
    post: Post, actor: Membership, language: str, mine: Written, base_revision: int, now: datetime
) -> Revision:
    post = writing.opened(post, actor, Act.WRITE)
    writing.must_be_writable(post)
    _refuse_conflict(post, language, mine, base_revision)
    Buffer.objects.filter(post=post, person=actor, language=language).delete()
    if mine == _text_of(reading.payload_of(post), language):
        return reading.revision_of(post) or writing.save_revision(post, actor, now)
    PostText.objects.update_or_create(post=post, language=language, defaults={**mine, "updated_at": now})
    _forget_texts(post)
    revision = writing.save_revision(post, actor, now)
    writing.keep(post, now)
    work.rename(subject=post, subject_title=titles_of(post))
    writing.write_down("post.text_saved", post, actor, now, language=language, revision=revision.number)
    return revision


def _check(language: str, title: str) -> None:
    if language not in LANGUAGES:
        raise Invalid(_("Choose a language of the list."), field="language")
    if len(title.strip()) > 200:
        raise Invalid(_("A title has 200 characters at most."), field="title")


def _text_of(payload: dict[str, Any], language: str) -> Written:
    text = payload.get("texts", {}).get(language) or {}
    return {"title": text.get("title", ""), "body": text.get("body", "")}


def _refuse_conflict(post: Post, language: str, mine: Written, base_revision: int) -> None:
    last = reading.revision_of(post)
    if last is None or last.number <= base_revision:
        return
    theirs = _text_of(last.payload, language)
    base = Revision.objects.of(post).numbered(base_revision)
    before = _text_of(base.payload, language) if base else {"title": "", "body": ""}
    if theirs in (before, mine):
        return
    raise Conflict(
        mine=mine,
        theirs=theirs,
        base=before,
        revision=last.number,
        by=_last_writer(post, language, theirs),
        language=language,
    )


def _last_writer(post: Post, language: str, theirs: Written) -> str:
    """Who saved the text that stands: the oldest of the latest revisions that hold it."""
    name = ""
    for revision in Revision.objects.of(post).select_related("actor").order_by("-number"):
        if _text_of(revision.payload, language) != theirs:
            break
        name = str(revision.actor) if revision.actor else ""
    return name


def _forget_texts(post: Post) -> None:
    """A prefetched list of texts is out of date now."""
    getattr(post, "_prefetched_objects_cache", {}).pop("texts", None)


@transaction.atomic
def keep_typing(
    *, post: Post, actor: Membership, language: str, title: str, body: str, base_revision: int, now: datetime
) -> Buffer:
    """Keep what somebody is typing, for them alone; no revision, no history."""
    workspaces.require(actor, Act.WRITE)
    _check(language, "")
    if post.workspace_id != actor.workspace_id:
        raise NotFound(_("This post does not exist, or no longer."))
    buffer, _created = Buffer.objects.update_or_create(
        post=post,
        person=actor,
        language=language,
        defaults={"title": title[:200], "body": body, "base_revision": base_revision, "saved_at": now},
    )
    return buffer


@transaction.atomic
def discard_typing(*, post: Post, actor: Membership, language: str, now: datetime) -> None:
    """Throw away what I was typing; the saved text stays."""
    workspaces.require(actor, Act.WRITE)
    Buffer.objects.filter(post=post, post__workspace=actor.workspace, person=actor, language=language).delete()


@transaction.atomic
def restore_revision(*, post: Post, actor: Membership, number: int, now: datetime) -> Revision:
    """Make the texts of an earlier revision the present ones, as a new revision; files stay as they are.

    Texts of channels that are no longer on the post are left out.
    """
    post = writing.opened(post, actor, Act.WRITE)
    writing.must_be_writable(post)
    wanted = Revision.objects.of(post).numbered(number)
    if wanted is None:
        raise NotFound(_("This revision does not exist."))
    _write_texts(post, wanted.payload["texts"], now)
    own = wanted.payload["placements"]
    for placement in Placement.objects.filter(post=post, cancelled_at__isnull=True).select_related("channel"):
        placement.text = own.get(placement.channel.slug, {})
        placement.save(update_fields=["text"])
    writing.keep(post, now, links=wanted.payload["links"])
    revision = writing.save_revision(post, actor, now)
    work.rename(subject=post, subject_title=titles_of(post))
    writing.write_down("post.restored", post, actor, now, number=number, revision=revision.number)
    return revision


def _write_texts(post: Post, texts: dict[str, Written], now: datetime) -> None:
    PostText.objects.filter(post=post).exclude(language__in=texts).update(title="", body="", updated_at=now)
    for language, text in texts.items():
        PostText.objects.update_or_create(post=post, language=language, defaults={**text, "updated_at": now})
    _forget_texts(post)


@transaction.atomic
def save_placement_text(
    *, post: Post, placement: Placement, actor: Membership, language: str, title: str, body: str, now: datetime
) -> Revision:
    """Give a channel a text of its own in one language; both empty means the post's text again."""
    _check(language, title)
    post = writing.opened(post, actor, Act.WRITE)
    writing.must_be_writable(post)
    placement = placement_of(post, placement)
    own = {code: text for code, text in placement.text.items() if code != language}
    if title.strip() or body.strip():
        own[language] = {"title": title.strip(), "body": body}
    Placement.objects.filter(pk=placement.pk).update(text=own)
    revision = writing.save_revision(post, actor, now)
    writing.keep(post, now)
    writing.write_down(
        "post.text_saved", post, actor, now, language=language, channel=placement.channel.slug, revision=revision.number
    )
    return revision


def placement_of(post: Post, placement: Placement) -> Placement:
    """The placement read again, if it is one of this post and not cancelled."""
    found = (
        Placement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("channel")
        .filter(pk=placement.pk, post=post, cancelled_at__isnull=True)
        .first()
    )
    if found is None:
        raise NotFound(_("This post is not on that channel, or no longer."))
    return found

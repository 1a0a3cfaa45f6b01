"""Files of a post: checked by their content, kept with their digest, part of what is approved."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotFound, Refused
from planner.base.language import LANGUAGES
from planner.posts.models import Application, Post, Upload
from planner.posts.operations import sniffing, writing
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act

LONGEST_ALT = 500


@transaction.atomic
def add_upload(
    *, post: Post, actor: Membership, file: File, name: str = "", alt: Mapping[str, str] | None = None, now: datetime
) -> Upload:
    """Keep a file with the post. Raises `Invalid` in words for a file too large, empty, or of a kind not allowed.

    The file's content decides, not its name; a new file is a change of what was approved.
    """
    post = writing.opened(post, actor, Act.WRITE)
    writing.must_be_writable(post)
    upload = _checked(file, name)
    if post.uploads.filter(digest=upload.digest).exists():
        raise Refused(_("The post has this very file already."), field="file")
    upload.workspace, upload.post, upload.alt, upload.uploaded_by, upload.at = (
        post.workspace, post, _described(alt or {}), actor, now,
    )  # fmt: skip
    upload.save(force_insert=True)
    writing.keep(post, now)
    writing.save_revision(post, actor, now)
    writing.write_down("post.upload_added", post, actor, now, name=upload.name, digest=upload.digest)
    return upload


def _checked(file: File, name: str = "") -> Upload:
    """A file that may be kept: its row, which is not saved yet."""
    name = _clean_name(name or str(file.name or ""))
    content = _content(file)
    kind = sniffing.media_type(name, content)
    if kind is None:
        raise Invalid(
            _("This kind of file cannot be kept: choose %(kinds)s. Drawings (SVG), web pages and programs are refused.")
            % {"kinds": ", ".join(sniffing.ENDINGS)},
            field="file",
        )
    digest = hashlib.sha256(content).hexdigest()
    upload = Upload(name=name, media_type=kind, size=len(content), digest=digest)
    upload.file = ContentFile(content, name=f"{digest[:20]}{PurePath(name).suffix.lower()}")
    return upload


@transaction.atomic
def add_waiting_upload(*, application: Application, actor: Membership, file: File, now: datetime) -> Upload:
    """Keep a file with an application, for the post to come; the same file again is the one that waits already."""
    workspaces.require(actor, Act.PROPOSE)
    if application.person_id != actor.pk or application.made_at is not None:
        raise NotFound(_("These answers do not exist, or no longer."))
    upload = _checked(file)
    waiting = application.uploads.filter(digest=upload.digest).first()
    if waiting is not None:
        return waiting
    upload.workspace, upload.application, upload.uploaded_by, upload.at = actor.workspace, application, actor, now
    upload.save(force_insert=True)
    return upload


def _content(file: File) -> bytes:
    most = settings.UPLOAD_MAX_BYTES
    content = file.read(most + 1)
    content = content if isinstance(content, bytes) else content.encode()
    if not content:
        raise Invalid(_("This file is empty."), field="file")
    if len(content) > most:
        raise Invalid(
            _("This file is too large: %(most)s MB at most.") % {"most": max(1, most // (1024 * 1024))}, field="file"
        )
    return content


def _clean_name(name: str) -> str:
    """The last part of the name, without control characters."""
    short = re.sub(r"[\x00-\x1f\x7f]", "", name.replace("\\", "/").rsplit("/", 1)[-1]).strip()
    if not short:
        raise Invalid(_("Give the file a name."), field="file")
    stem, dot, ending = short.rpartition(".")
    return short if len(short) <= 200 else f"{stem[: 199 - len(ending)]}{dot}{ending}"


def _described(alt: Mapping[str, str]) -> dict[str, str]:
    texts = {code: str(alt.get(code) or "").strip() for code in LANGUAGES}
    if any(len(text) > LONGEST_ALT for text in texts.values()):
        raise Invalid(_("A description has %(most)s characters at most.") % {"most": LONGEST_ALT}, field="alt")
    return {code: text for code, text in texts.items() if text}


@transaction.atomic
def describe_upload(*, upload: Upload, actor: Membership, alt: Mapping[str, str], now: datetime) -> Upload:
    """Say what an image shows, in each language, for those who do not see it."""
    post, upload = _opened(upload, actor)
    upload.alt = _described(alt)
    upload.save(update_fields=["alt"])
    writing.keep(post, now)
    writing.save_revision(post, actor, now)
    writing.write_down("post.upload_described", post, actor, now, name=upload.name)
    return upload


@transaction.atomic
def remove_upload(*, upload: Upload, actor: Membership, now: datetime) -> None:
    """Take a file away from the post, and from the disk once that is certain."""
    post, upload = _opened(upload, actor)
    storage, path = upload.file.storage, str(upload.file.name)
    upload.delete()
    writing.keep(post, now)
    writing.save_revision(post, actor, now)
    writing.write_down("post.upload_removed", post, actor, now, name=upload.name)
    transaction.on_commit(lambda: storage.delete(path))


def _opened(upload: Upload, actor: Membership) -> tuple[Post, Upload]:
    if upload.post is None:
        raise NotFound(_("This file does not exist, or no longer."))
    post = writing.opened(upload.post, actor, Act.WRITE)
    writing.must_be_writable(post)
    found = Upload.objects.select_for_update(no_key=True).filter(pk=upload.pk, post=post).first()
    if found is None:
        raise NotFound(_("This file does not exist, or no longer."))
    return post, found

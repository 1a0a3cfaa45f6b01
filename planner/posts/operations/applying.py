"""Applying a template takes its time: what one types is kept on the server until the post is made, and after."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.files.storage import Storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import NotFound
from planner.playbook.models import Kind, PlaybookItem
from planner.posts.models import Application, Post
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act

Typed = Mapping[str, Sequence[str]]
"""What stands in a form, by the name of the field."""

LONGEST_ANSWER = 50_000


@transaction.atomic
def start_application(
    *,
    actor: Membership,
    template: PlaybookItem,
    answers: Typed | None = None,
    origin: str = "",
    received_at: datetime | None = None,
    source: Post | None = None,
    now: datetime,
) -> Application:
    """Begin to apply a template, with what is known already; whoever began before finds their own answers again.

    `origin` keeps apart what starts from different things; `received_at` is when the message reached us, from which `R`
    is counted; `source` is the post from which the new one is made.
    """
    workspaces.require(actor, Act.PROPOSE)
    if template.kind != Kind.TEMPLATE or template.workspace_id not in (None, actor.workspace_id):
        raise NotFound(_("This template is not in your playbook."))
    if source is not None:
        workspaces.same_house(actor, source)
    application, _is_new = Application.objects.open().get_or_create(
        person=actor,
        template=template,
        origin=origin,
        defaults={
            "workspace": actor.workspace,
            "answers": _readable(answers or {}),
            "received_at": received_at,
            "source": source,
            "started_at": now,
            "saved_at": now,
        },
    )
    return application


@transaction.atomic
def keep_answers(*, application: Application, actor: Membership, answers: Typed, now: datetime) -> Application:
    """Keep what stands in the form; fields that are not named stay as they were. No history: nothing happened yet."""
    application = _own(application, actor)
    application.answers = {**application.answers, **_readable(answers)}
    application.saved_at = now
    application.save(update_fields=["answers", "saved_at"])
    return application


@transaction.atomic
def discard_application(*, application: Application, actor: Membership, now: datetime) -> None:
    """Throw away what I had typed, and the files that waited with it."""
    application = _own(application, actor)
    files = [(upload.file.storage, str(upload.file.name)) for upload in application.uploads.all()]
    application.delete()
    transaction.on_commit(lambda: _forget(files))


def _forget(files: Sequence[tuple[Storage, str]]) -> None:
    for storage, name in files:
        storage.delete(name)


def _own(application: Application, actor: Membership) -> Application:
    """The application read again under lock, for the person whose it is."""
    workspaces.require(actor, Act.PROPOSE)
    found = Application.objects.select_for_update(no_key=True).filter(pk=application.pk, person=actor).first()
    if found is None or found.made_at is not None:
        raise NotFound(_("These answers do not exist, or no longer."))
    return found


def _readable(answers: Typed) -> dict[str, list[str]]:
    return {str(name): [str(value)[:LONGEST_ANSWER] for value in values] for name, values in answers.items()}


def settle_application(application: Application, post: Post, actor: Membership, now: datetime) -> None:
    """The post is made: its files follow, and the answers are kept on it alone. For `create`, in its transaction."""
    application = _own(application, actor)
    application.uploads.update(post=post, application=None)
    application.answers, application.post, application.made_at = {}, post, now
    application.save(update_fields=["answers", "post", "made_at"])

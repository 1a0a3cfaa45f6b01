"""Writing down what happened. Every operation of every room ends with `record`."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.contrib.contenttypes.models import ContentType
from django.db import models

from planner.base.errors import Words
from planner.history import rules
from planner.history.models import Entry, Revision

if TYPE_CHECKING:
    from planner.workspaces.models import Membership, User, Workspace

_SENTENCES: dict[str, Words] = {}


def register(sentences: Mapping[str, Words]) -> None:
    """Give each verb of a room its sentence, such as `{"post.created": _("created this post")}`."""
    twice = sentences.keys() & _SENTENCES.keys()
    if twice:
        raise ValueError(f"verbs registered twice: {sorted(twice)}")
    _SENTENCES.update(sentences)


def sentence(verb: str) -> Words:
    """The words that follow the person's name. A verb that no room registered is a mistake of ours."""
    return _SENTENCES[verb]


def _user(actor: "Membership | User | None") -> "User | None":
    found: Any = getattr(actor, "user", actor)  # a membership has a user, a user is one
    return cast("User | None", found)


def record(
    *,
    verb: str,
    now: datetime,
    workspace: "Workspace | None",
    actor: "Membership | User | None" = None,
    name: str = "",
    subject: models.Model | None = None,
    data: Mapping[str, Any] | None = None,
) -> Entry:
    """Write one line of history. `actor` empty means that the product acted by itself (a sweep, a command), or
    somebody without an account, whose `name` is given.

    Raises KeyError when no room has registered the verb.
    """
    sentence(verb)
    user = _user(actor)
    return Entry.objects.create(
        workspace=workspace,
        actor=user,
        actor_name=str(user) if user else name,
        verb=verb,
        subject_type=ContentType.objects.get_for_model(subject) if subject else None,
        subject_id=subject.pk if subject else None,
        data=dict(data or {}),
        at=now,
    )


def revise(
    *,
    subject: models.Model,
    workspace: "Workspace",
    payload: Mapping[str, Any],
    actor: "Membership | User | None",
    now: datetime,
) -> Revision:
    """Keep a numbered copy of `payload`; when nothing changed since the last one, return that one.

    Call it with the subject's row locked: the unique constraint turns a race into an IntegrityError.
    """
    last = Revision.objects.of(subject).order_by("-number").first()
    mark = rules.digest(payload)
    if last is not None and last.digest == mark:
        return last
    number = last.number + 1 if last else 1
    return Revision.objects.create(
        workspace=workspace,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        number=number,
        payload=rules.normalised(payload),
        digest=mark,
        actor=_user(actor),
        at=now,
    )

"""What acts on lateness by itself. Reminders only tell: here a date is released, and a deputy becomes co-owner."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from planner.base.language import in_both
from planner.posts import rules
from planner.posts.models import Placement, Post
from planner.posts.operations import reading, writing
from planner.posts.rules import Event, Status
from planner.reminders import operations as reminders
from planner.reminders.models import Reminder
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.work.rules import WorkState
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import EditorialRole

SIGNED_BEFORE = timedelta(hours=2)
"""Without a legal signature so long before the planned hour, the date is released."""
DEPUTY_AFTER = timedelta(minutes=30)
"""An answer that is so late is its deputy's too."""
TOLD_WITHIN = timedelta(hours=24)
"""An hour that passed longer ago is no news: the page of the post says it."""
SLICE_SECONDS = 2.0
logger = logging.getLogger(__name__)

_RELEASED = _("The date was released: no legal signature two hours before. The slot is free again")
_HOUR_PASSED = _("The hour of this post passed without an approval: it cannot go out as it stands")


@dataclass
class Escalated:
    """What one sweep did: `released`, `passed`, `shared`, `failed`. `may_be_more`: it stopped because of its time."""

    counts: Counter[str] = field(default_factory=Counter)
    may_be_more: bool = False


def escalate_due(
    *, now: datetime, seconds: float = SLICE_SECONDS, monotonic: Callable[[], float] = time.monotonic
) -> Escalated:
    """Release dates without a legal signature, say which hours passed unapproved, share late answers with the deputy.

    For `seconds`, one post or work item in each transaction: a bad one is written to the log, and the others go on. It
    may be stopped at any moment and run again.
    """
    done, ends = Escalated(), monotonic() + seconds
    acts: tuple[tuple[str, models.QuerySet[Any], Callable[[Any, datetime], bool]], ...] = (
        ("released", _unsigned(now), _release),
        ("passed", _hour_passed(now), _say_that_the_hour_passed),
        ("shared", WorkItem.objects.late_answers(now - DEPUTY_AFTER), _share),
    )
    for name, rows, act in acts:
        for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
            if monotonic() >= ends:
                done.may_be_more = True
                return done
            done.counts[_try(name, act, rows, pk, now)] += 1
    del done.counts[""]
    return done


def _try(name: str, act: Callable[[Any, datetime], bool], rows: "models.QuerySet[Any]", pk: int, now: datetime) -> str:
    """The name of what was done, `failed`, or nothing when somebody was quicker."""
    try:
        found = rows.filter(pk=pk).first()
        return name if found is not None and act(found, now) else ""
    except OperationalError:
        raise
    except Exception:
        logger.exception("%s: number %s could not be dealt with; the others go on.", name, pk)
        return "failed"


# ---- a date without a legal signature


def _unsigned(now: datetime) -> "models.QuerySet[Post]":
    kind = ContentType.objects.get_for_model(Post)
    unsigned = WorkItem.objects.filter(
        subject_type=kind, subject_id=OuterRef("pk"), key="legal", state=WorkState.OPEN, applies=True
    )
    dated = Post.objects.filter(planned_at__lte=now + SIGNED_BEFORE, published_at__isnull=True)
    return dated.exclude(status__in=rules.FROZEN).filter(Exists(unsigned)).exclude(pk__in=_held())


def _held() -> "models.QuerySet[Any]":
    """No clock decides about what a hold covers."""
    return Post.objects.silenced().order_by().values("pk")


@transaction.atomic
def _release(post: Post, now: datetime) -> bool:
    workspaces.lock(post.workspace)
    found = _unsigned(now).select_for_update(of=("self",), no_key=True).select_related("workspace", "author__user")
    again = found.filter(pk=post.pk).first()
    if again is None:
        return False
    before = again.planned_at
    placements = list(Placement.objects.filter(post=again).open().select_for_update(no_key=True))
    for placement in placements:
        writing.place(placement, None, None, "")
    Placement.objects.bulk_update(placements, writing.PLACED)
    if again.status == Status.SCHEDULED:
        writing.move_state(again, Event.UNSCHEDULE, now)
    writing.keep(again, now, planned_at=None)
    writing.relay(again, now)
    writing.write_down("post.date_released", again, None, now, before=before.isoformat() if before else None)
    _tell(again, _RELEASED, now, quiet="never")
    return True


# ---- an hour that passed


def _hour_passed(now: datetime) -> "models.QuerySet[Post]":
    told = Reminder.objects.filter(
        subject_type=ContentType.objects.get_for_model(Post),
        subject_id=OuterRef("pk"),
        mode="tell",
        work_due_at=OuterRef("planned_at"),
    )
    passed = Post.objects.filter(planned_at__lte=now, planned_at__gt=now - TOLD_WITHIN, published_at__isnull=True)
    return passed.filter(status__in=UNAPPROVED).filter(~Exists(told)).exclude(pk__in=_held())


UNAPPROVED = (Status.DRAFT, Status.IN_REVIEW)


@transaction.atomic
def _say_that_the_hour_passed(post: Post, now: datetime) -> bool:
    """The post keeps its state. Told once for each planned hour: the row carries that hour."""
    workspaces.lock(post.workspace)
    if not _hour_passed(now).filter(pk=post.pk).exists() or post.planned_at is None:
        return False
    writing.write_down("post.hour_passed", post, None, now, planned_at=post.planned_at.isoformat())
    _tell(post, _HOUR_PASSED, post.planned_at)
    return True


# ---- a late answer


def _share(item: WorkItem, now: datetime) -> bool:
    return work.share(item=item, now=now) is not None


# ---- telling


def _tell(post: Post, sentence: Any, now: datetime, quiet: str = "always") -> None:
    """The author and the editor, each once."""
    book = reading.book_of(post.workspace, now)
    people: Iterable[Membership | None] = (post.author, book.fallback(EditorialRole.EDITOR))
    for person in {one.pk: one for one in people if one is not None}.values():
        reminders.notify(
            workspace=post.workspace, subject=post, group=post, person=person, message=in_both(sentence), actor=None,
            now=now, quiet=quiet,
        )  # fmt: skip

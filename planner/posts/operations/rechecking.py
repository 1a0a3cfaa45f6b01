"""The policy asked again about what is scheduled: what was right when it was scheduled may be wrong today.

Each night over the next 30 days; within a minute when an alert changes or somebody who is named is away. The history
says what has happened since a post was looked at, so nothing has to be announced to this file. A failure that is new
gives the editor one work item; the post itself stays as it is.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planner.base.language import LANGUAGES, in_both, pick
from planner.base.worktime import DUE_TIME
from planner.history.models import Entry
from planner.playbook.rules import LaidItem, Layout, Task
from planner.policy.rules import Severity
from planner.posts.models import PolicyCheck, Post
from planner.posts.operations import checking, gating, reading, writing
from planner.posts.rules import Status
from planner.work import operations as work
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import EditorialRole

AHEAD = timedelta(days=30)
"""How far ahead scheduled posts are looked at again."""
A_NIGHT = timedelta(hours=20)
"""A post that was looked at so recently has been looked at this night."""
REMEMBERED = timedelta(days=2)
"""What happened earlier, a night has dealt with."""
SLICE_SECONDS = 1.5
A_SLICE, READ_AT_ONCE = 200, 20
logger = logging.getLogger(__name__)

_ALERTS = ("alert.raised", "alert.changed", "alert.ended")
_ABSENCE = "absence.added"
_FAILS = (Severity.BLOCK, Severity.WARN)

_TITLE = _("Look at what the policy finds now")
_WHY = _("Since this post was scheduled, something around it has changed.")
_VERB = _("Read the findings")


@dataclass
class Rechecked:
    """What one slice did: `looked`, `asked`, `failed`. `may_be_more`: it stopped because of its time."""

    counts: Counter[str] = field(default_factory=Counter)
    may_be_more: bool = False


def recheck(
    *, now: datetime, nightly: bool = False, seconds: float = SLICE_SECONDS,
    monotonic: Callable[[], float] = time.monotonic,
) -> Rechecked:  # fmt: skip
    """Ask the policy again about the scheduled posts of the next 30 days: all of them when `nightly`, else those around
    which something has changed.

    For `seconds`, one post in each transaction: a bad one is written to the log, and the others go on. It may be
    stopped at any moment and run again: a post that was looked at is not looked at twice. What surrounds them all
    is read once a slice, but for alerts and absences.
    """
    done, ends = Rechecked(), monotonic() + seconds
    for workspace in Workspace.objects.filter(is_sample=False).order_by("pk"):
        stale = _unseen_this_night(workspace, now) if nightly else _stirred(workspace, now)
        rows = list(stale.order_by("planned_at", "pk").values_list("pk", flat=True)[: A_SLICE + 1])
        known = checking.Known(is_slow=True)
        read = stale.select_related("workspace", "author__user").prefetch_related(*checking.READ)
        for some in _batched(rows[:A_SLICE]):
            posts = list(read.filter(pk__in=some))
            beside = replace(known, together=checking.Together(posts, now))
            for post in posts:
                if monotonic() >= ends:
                    done.may_be_more = True
                    return done
                done.counts.update(_try(stale, post, now, beside))
        done.may_be_more = done.may_be_more or len(rows) > A_SLICE
    return done


def _batched(rows: list[int]) -> Iterator[list[int]]:
    """So many posts are read at once."""
    return (rows[start : start + READ_AT_ONCE] for start in range(0, len(rows), READ_AT_ONCE))


# ---- which posts


def _scheduled(workspace: Workspace, now: datetime) -> "models.QuerySet[Post]":
    """Those that a person does not already look at again because they are held."""
    coming = Post.objects.filter(
        workspace=workspace, status=Status.SCHEDULED, planned_at__gt=now, planned_at__lte=now + AHEAD
    )
    return coming.exclude(pk__in=Post.objects.silenced().filter(workspace=workspace).order_by().values("pk"))


def _unseen_this_night(workspace: Workspace, now: datetime) -> "models.QuerySet[Post]":
    return _scheduled(workspace, now).filter(_not_looked_at_since(now - A_NIGHT))


def _stirred(workspace: Workspace, now: datetime) -> "models.QuerySet[Post]":
    """Those never looked at, and those that an alert or an absence told since then may concern."""
    told = Entry.objects.filter(workspace=workspace, at__gt=now - REMEMBERED)
    stirred = Q(policy_check__isnull=True)
    alert = told.filter(verb__in=_ALERTS).order_by("-at").values_list("at", flat=True).first()
    if alert:
        stirred |= _not_looked_at_since(alert)
    kind = ContentType.objects.get_for_model(Membership)
    for member, at in told.filter(verb=_ABSENCE, subject_type=kind).values_list("subject_id", "at"):
        stirred |= (Q(author=member) | Q(answerer=member) | Q(deputy=member)) & _not_looked_at_since(at)
    return _scheduled(workspace, now).filter(stirred)


def _not_looked_at_since(at: datetime) -> Q:
    return Q(policy_check__isnull=True) | Q(policy_check__checked_at__lt=at)


# ---- looking


def _try(stale: "models.QuerySet[Post]", post: Post, now: datetime, known: checking.Known) -> tuple[str, ...]:
    """`looked`, with `asked` or not; nothing when somebody was quicker. `failed`: it waits for the next night."""
    try:
        return _look(stale, post, now, known)
    except OperationalError:
        raise
    except Exception:
        logger.exception("Post %s could not be looked at again; the others go on.", post.pk)
        PolicyCheck.objects.update_or_create(post=post, defaults={"checked_at": now})
        return ("failed",)


def _look(stale: "models.QuerySet[Post]", post: Post, now: datetime, known: checking.Known) -> tuple[str, ...]:
    verdict = gating.judge(post, now, known=known)
    failing: dict[str, str] = {}
    for one in verdict.findings:
        if one.severity in _FAILS and not verdict.is_passed(one) and failing.get(one.rule) != Severity.BLOCK:
            failing[one.rule] = str(one.severity)
    return _keep(stale, post, failing, verdict, now)


@transaction.atomic
def _keep(
    stale: "models.QuerySet[Post]", post: Post, failing: dict[str, str], verdict: gating.Verdict, now: datetime
) -> tuple[str, ...]:
    """Write down what fails, and ask about what is new, unless somebody looked or took the post out meanwhile."""
    workspaces.lock(post.workspace)
    before = PolicyCheck.objects.filter(post=post).first()
    if not stale.filter(pk=post.pk).exists():
        return ()
    if before:
        PolicyCheck.objects.filter(pk=before.pk).update(checked_at=now, failing=failing)
    else:
        PolicyCheck.objects.update_or_create(post=post, defaults={"checked_at": now, "failing": failing})
    new = _new(before.failing if before else None, failing)
    if new:
        _ask(post, new, verdict, now)
    return ("looked", "asked") if new else ("looked",)


def _new(before: Mapping[str, str] | None, failing: Mapping[str, str]) -> list[str]:
    """The rules that fail now and did not. At the first look, those that would have stopped the scheduling."""
    if before is None:
        return [rule for rule, severity in failing.items() if severity == Severity.BLOCK]
    return [
        rule
        for rule, severity in failing.items()
        if rule not in before or (severity == Severity.BLOCK and before[rule] != Severity.BLOCK)
    ]


def _ask(post: Post, new: list[str], verdict: gating.Verdict, now: datetime) -> None:
    """One work item for the editor, due the next working day or before the post goes out."""
    calendar = reading.calendar_of(post.workspace, now, post.planned_at)
    due_at = calendar.at(calendar.shift(calendar.local(now).date(), 1), DUE_TIME)
    if post.planned_at is not None:
        due_at = max(now, min(due_at, post.planned_at))
    why = in_both(_WHY)
    task = Task(
        key=f"policy-{now:%Y%m%d%H%M%S}",
        title=in_both(_TITLE),
        why={
            code: " ".join([why[code], *(f"{rule}: {pick(verdict.house.rules[rule].statement, code)}" for rule in new)])
            for code in LANGUAGES
        },
        verb=in_both(_VERB),
        roles=(EditorialRole.EDITOR,),
        offset="R+1wd",
        minutes=15,
        reminder="e-std",
    )
    work.plan_items(
        workspace=post.workspace,
        subject=post,
        group=post,
        tasks=[task],
        layout=Layout((LaidItem(task, due_at),)),
        people={EditorialRole.EDITOR: reading.book_of(post.workspace, now).fallback(EditorialRole.EDITOR)},
        subject_title={code: post.title(code) for code in LANGUAGES},
        actor=None,
        is_pinned=True,
        now=now,
    )
    writing.write_down("post.policy_failed", post, None, now, rules=new)

"""Holding what was to appear, and catching what becomes ready meanwhile. What lets it go is `release`.

A hold is two statements whatever its size: an INSERT ... SELECT of what each placement was, an UPDATE that freezes
them; a third stops those of their reminders that are about to leave, and the others fall silent at their hour. The
post's own state stays what it is: held is a fact about its placements.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.history import operations as history
from planner.posts import rules
from planner.posts.models import Alert, HeldPlacement, Hold, HoldException, Placement, Post
from planner.posts.operations import freezing, reading, writing
from planner.posts.rules import Release, Status
from planner.reminders import operations as reminders
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import Act, EditorialRole, may

# ---- alerts: what the rules read


@transaction.atomic
def raise_alert(
    *, workspace: Workspace, level: int, scope: Mapping[str, Any], actor: Membership, now: datetime
) -> Alert:
    """Say that something is wrong. The room above has asked whether this person may; it closes it with `end_alert`."""
    Workspace.objects.filter(pk=workspace.pk).update(is_alerted=True)
    alert = Alert.objects.create(workspace=workspace, level=level, peak=level, scope=dict(scope), since=now)
    history.record(verb="alert.raised", now=now, workspace=workspace, actor=actor, subject=alert, data={"level": level})
    return alert


@transaction.atomic
def change_alert(
    *, alert: Alert, level: int, scope: Mapping[str, Any] | None = None, actor: Membership, now: datetime
) -> Alert:
    """Another level of the same alert, over another `scope` where one is given; the highest level is remembered, and
    decides who releases."""
    peak = max(alert.peak, level)
    alert.scope = dict(scope or alert.scope)
    found = Alert.objects.filter(pk=alert.pk, level=alert.level, until__isnull=True)
    changed = found.update(level=level, peak=peak, scope=alert.scope)
    if changed != 1:
        raise Stale(_("The level has just been changed by somebody else: look at it again."))
    before, alert.level, alert.peak = alert.level, level, peak
    Hold.objects.filter(alert=alert).update(level=peak)
    history.record(
        verb="alert.changed", now=now, workspace=alert.workspace, actor=actor, subject=alert,
        data={"before": before, "level": level},
    )  # fmt: skip
    return alert


@transaction.atomic
def end_alert(*, alert: Alert, actor: Membership, now: datetime) -> Alert:
    """All clear. Its holds catch nothing new; what they hold stays held until people decide, one by one."""
    if Alert.objects.filter(pk=alert.pk, until__isnull=True).update(until=now, level=0) != 1:
        raise Stale(_("This alert has ended already."))
    alert.level, alert.until = 0, now
    others = Alert.objects.active().filter(workspace=alert.workspace)
    Workspace.objects.filter(pk=alert.workspace_id).update(is_alerted=others.exists())
    for hold in Hold.objects.open().filter(alert=alert):
        close_hold(hold=hold, actor=actor, now=now)
    history.record(verb="alert.ended", now=now, workspace=alert.workspace, actor=actor, subject=alert)
    return alert


# ---- holding


@dataclass(frozen=True)
class Frozen:
    """What opening a hold did: how many placements it covers."""

    hold: Hold
    placements: int


@transaction.atomic
def hold(
    *,
    workspace: Workspace,
    scope: Mapping[str, Any],
    reason: str,
    actor: Membership,
    alert: Alert | None = None,
    excepted: Mapping[int, str] | None = None,
    link: str = "",
    now: datetime,
) -> Frozen:
    """Freeze all that has not appeared in a scope, but for `excepted` (post id: reason). Never releases anything.

    For the room above, which has locked the workspace and asked whether this person may. By hand, see `hold_post`.
    """
    if not reason.strip():
        raise Invalid(_("Give the reason in a sentence."), field="reason")
    opened = Hold.objects.create(
        workspace=workspace, alert=alert, level=alert.peak if alert else 0, scope=dict(scope), reason=reason.strip(),
        link=link, opened_by=actor, opened_at=now,
    )  # fmt: skip
    _let_pass(opened, excepted or {}, actor, now)
    covered = Placement.objects.to_hold(workspace, scope).exclude(post__in=list(excepted or ()))
    freezing.count_all(opened, covered)
    freezing.insert(opened, covered, now)
    count = freezing.freeze(HeldPlacement.objects.filter(hold=opened), now)
    reminders.pause_groups(groups=Post.objects.silenced().filter(workspace=workspace), now=now)
    history.record(
        verb="hold.opened", now=now, workspace=workspace, actor=actor, subject=opened,
        data={"reason": opened.reason, "scope": opened.scope, "placements": count},
    )  # fmt: skip
    return Frozen(opened, count)


def _let_pass(opened: Hold, excepted: Mapping[int, str], actor: Membership, now: datetime) -> None:
    if any(not reason.strip() for reason in excepted.values()):
        raise Invalid(_("Say why this post may go on while the rest is held."), field="reason")
    posts = set(Post.objects.filter(workspace=opened.workspace, pk__in=list(excepted)).values_list("pk", flat=True))
    if posts != set(excepted):
        raise NotFound(_("This post does not exist, or no longer."))
    HoldException.objects.bulk_create(
        HoldException(hold=opened, post_id=pk, reason=reason.strip(), by=actor, at=now)
        for pk, reason in excepted.items()
    )


@transaction.atomic
def close_hold(*, hold: Hold, actor: Membership, now: datetime) -> Hold:
    """It catches nothing new. What it holds stays held: nothing returns by itself."""
    if Hold.objects.filter(pk=hold.pk, closed_at__isnull=True).update(closed_at=now) != 1:
        raise Stale(_("This hold is closed already."))
    hold.closed_at = now
    history.record(
        verb="hold.closed", now=now, workspace=hold.workspace, actor=actor, subject=hold,
        data={"waiting": hold.waiting},
    )  # fmt: skip
    return hold


@transaction.atomic
def widen_hold(
    *, hold: Hold, scope: Mapping[str, Any], excepted: Collection[int] = (), actor: Membership, now: datetime
) -> int:
    """Cover more: what has a row already keeps it. Returns how many placements were added."""
    Hold.objects.filter(pk=hold.pk).update(scope=dict(scope))
    hold.scope = dict(scope)
    known = HeldPlacement.objects.filter(hold=hold).values("placement")
    passing = HoldException.objects.filter(hold=hold).values("post")
    added = Placement.objects.to_hold(hold.workspace, scope).exclude(pk__in=known).exclude(post__in=passing)
    before = HeldPlacement.objects.filter(hold=hold).count()
    freezing.count_all(hold, added)
    freezing.insert(hold, added, now)
    freezing.freeze(HeldPlacement.objects.undecided().filter(hold=hold), now)
    reminders.pause_groups(groups=Post.objects.silenced().filter(workspace=hold.workspace), now=now)
    count = HeldPlacement.objects.filter(hold=hold).count() - before
    history.record(
        verb="hold.opened", now=now, workspace=hold.workspace, actor=actor, subject=hold,
        data={"reason": hold.reason, "scope": hold.scope, "placements": count},
    )  # fmt: skip
    return count


@transaction.atomic
def let_pass(*, hold: Hold, post: Post, reason: str, actor: Membership, now: datetime) -> None:
    """Name an exception before the post is held. What is held already leaves by the queue alone."""
    if HeldPlacement.objects.undecided().filter(hold=hold, placement__post=post).exists():
        raise Refused(rules.HELD, link=hold.link or post.link)
    _let_pass(hold, {post.pk: reason}, actor, now)
    writing.write_down("post.excepted", post, actor, now, reason=reason.strip())


@transaction.atomic
def stop_passing(*, hold: Hold, posts: Collection[int], actor: Membership, now: datetime) -> int:
    """These posts are exceptions no longer: the next widening holds them. Returns how many were."""
    rows = HoldException.objects.filter(hold=hold, post__in=list(posts))
    count = rows.count()
    rows.delete()
    history.record(
        verb="hold.narrowed", now=now, workspace=hold.workspace, actor=actor, subject=hold, data={"posts": list(posts)}
    )
    return count


@transaction.atomic
def hold_post(*, post: Post, actor: Membership, reason: str, version: int | None = None, now: datetime) -> Hold:
    """Hold one post by hand: somebody who plans, or who holds the role editor, approver or legal."""
    post = writing.opened(post, actor, Act.READ, version)  # the role decides, or the level
    if not _may_hold(post, actor, now):
        raise NotAllowed(_("A post is held by somebody who plans, the editor, the director or legal."))
    writing.must_be_writable(post)
    if not Placement.objects.free().filter(post=post).exists():
        raise Refused(_("There is nothing left to hold: it has appeared everywhere, or is held already."))
    scope = rules.scope_of(posts=[post.pk])
    opened = Hold.objects.create(
        workspace=post.workspace, scope=scope, reason=_said(reason), link=f"{post.link}#held", opened_by=actor,
        opened_at=now,
    )  # fmt: skip
    covered = Placement.objects.open().filter(post=post)
    freezing.count_all(opened, covered)
    freezing.insert(opened, covered, now)
    freezing.freeze(HeldPlacement.objects.filter(hold=opened), now)
    freezing.silence(post, now)
    writing.keep(post, now)
    writing.write_down("post.held", post, actor, now, reason=opened.reason)
    return opened


def _said(reason: str) -> str:
    if not reason.strip():
        raise Invalid(_("Give the reason in a sentence."), field="reason")
    return reason.strip()


def _may_hold(post: Post, actor: Membership, now: datetime) -> bool:
    book = reading.book_of(post.workspace, now)
    roles = (EditorialRole.EDITOR, EditorialRole.APPROVER, EditorialRole.LEGAL)
    return may(actor.level, Act.PLAN) or any(book.holds(actor.pk, role) for role in roles)


# ---- gate G1


def must_be_free(post: Post, placement: Placement | None = None) -> None:
    """Refuse in words what would make a held post, or one held placement of it, leave otherwise than by the queue."""
    held = placement.held_at is not None if placement else post.is_held
    if held:
        raise Refused(rules.HELD, link=f"{post.link}#held")


def catch(post: Post, actor: Membership, now: datetime) -> bool:
    """Hold what became ready while an open hold covers it. True when the post is held on all its channels now.

    A decision to rewrite or to cancel was about the text as it was: once approved again, it is looked at again.
    """
    if post.status in rules.CAUGHT:
        before = freezing.queues_of(post)
        for one in Hold.objects.open().filter(workspace=post.workspace).exclude(exceptions__post=post):
            _catch(one, post, actor, now)
        freezing.recount(post, before)
    return post.is_held


def _catch(opened: Hold, post: Post, actor: Membership, now: datetime) -> None:
    covered = Placement.objects.open().filter(post=post).in_scope(opened.scope)
    rows = HeldPlacement.objects.filter(hold=opened, placement__in=covered)
    again = rows.filter(decision__in=(Release.REWRITE, Release.CANCEL))
    count = again.update(decision="", decided_at=None, decided_by=None, seconded_by=None, was=post.status, held_at=now)
    missing = covered.exclude(held__hold=opened)
    if not missing.exists() and not count:
        return
    freezing.insert(opened, missing, now)
    freezing.freeze(rows.undecided(), now)
    freezing.silence(post, now)
    writing.write_down("post.caught", post, actor, now, reason=opened.reason)


def was_scheduled(post: Post) -> None:
    """Somebody scheduled it while it was held: a release puts it into the schedule."""
    HeldPlacement.objects.undecided().filter(placement__post=post).update(was=Status.SCHEDULED)

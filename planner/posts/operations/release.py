"""The way out of a hold: one post at a time, by people, with a reason. There is no other, and none for many at once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.history.models import Revision
from planner.playbook.models import Kind, PlaybookItem
from planner.posts import rules
from planner.posts.models import HeldPlacement, Hold, Placement, Post
from planner.posts.operations import freezing, gating, reading, states, writing
from planner.posts.rules import Event, Release, Status, WallTime
from planner.reminders import operations as reminders
from planner.work import operations as work
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import Act, EditorialRole, RoleBook, may

CRISIS_ROLES = (EditorialRole.CRISIS_LEAD, EditorialRole.CRISIS_DEPUTY)
TWO_FROM = 3
"""From this level on, the editor and the crisis lead decide together."""


def release_roles(book: RoleBook[Membership], actor: Membership) -> frozenset[str]:
    """Which sides of a release this person may stand for: `editor`, `crisis`. A vacant role falls to the managers."""

    def stands_for(roles: Collection[str]) -> bool:
        if any(book.holds(actor.pk, role) for role in roles):
            return True
        return not any(book.holders(role) for role in roles) and actor.pk in book.managers

    sides = {"editor": (EditorialRole.EDITOR,), "crisis": CRISIS_ROLES}
    return frozenset(side for side, roles in sides.items() if stands_for(roles))


def may_release(book: RoleBook[Membership], hold: Hold, actor: Membership, second: Membership | None) -> bool:
    """By hand: the editor, or somebody who plans. Level 2: the editor. From level 3 on: two people, one a side."""
    mine = release_roles(book, actor)
    if hold.level < TWO_FROM:
        return "editor" in mine or (hold.level == 0 and may(actor.level, Act.PLAN))
    if second is None or second.pk == actor.pk:
        return False
    other = release_roles(book, second)
    return ("editor" in mine and "crisis" in other) or ("crisis" in mine and "editor" in other)


@transaction.atomic
def decide(
    *,
    post: Post,
    hold: Hold,
    actor: Membership,
    decision: str,
    reason: str,
    answers: Mapping[str, str] | None = None,
    seconded_by: Membership | None = None,
    to: WallTime | None = None,
    placements: Collection[int] | None = None,
    now: datetime,
) -> Post:
    """Decide about one post under one hold (about some of its placements with `placements`); the only way out.

    Under a crisis the three questions are answered first. `release` needs the text exactly as it was held and an hour
    to come; `redate` a new hour to come; `rewrite` sends the text back to its author; `cancel` gives up what has not
    appeared. Of those that go out again, so many a day on each channel at most, and promotion some days later: see
    `pace_of`.
    A placement that another hold covers too stays held until that one is decided as well.
    """
    post = writing.opened(post, actor, Act.READ)  # the role decides, not the level
    hold = _hold_of(post, hold)
    book = reading.book_of(post.workspace, now)
    if not may_release(book, hold, actor, seconded_by):
        raise NotAllowed(_who(hold))
    rows = _rows(post, hold, placements)
    said = _checked(hold, decision, reason, answers)
    queues = freezing.queues_of(post)
    was_silent = post.is_held
    _CHECKS.get(decision, _nothing)(post, hold, rows, to, now)
    if decision in rules.RELEASES:
        _refuse_what_the_policy_stops(post, rows, now)
    _close(rows, decision, said, answers, actor, seconded_by, now)
    _APPLY.get(decision, _nothing)(post, rows, actor, said, to, now)
    _free(post, rows, was_silent, now)
    freezing.recount(post, queues)
    writing.keep(post, now)
    writing.write_down(
        "post.reviewed", post, actor, now, decision=decision, reason=said, hold=hold.pk,
        second=str(seconded_by or ""), to=f"{to.on} {to.at}" if to else "",
    )  # fmt: skip
    if decision in rules.RELEASES:
        _back_into_the_schedule(post, rows, actor, now)
    return post


def _hold_of(post: Post, hold: Hold) -> Hold:
    found = Hold.objects.filter(pk=hold.pk, workspace=post.workspace).select_related("alert").first()
    if found is None:
        raise NotFound(_("There is no such hold here."))
    return found


def _who(hold: Hold) -> Any:
    if hold.level < TWO_FROM:
        return _("The editor decides about held posts: ask them, or their second person.")
    return _("At this level the editor and the crisis lead decide together: two people, one for each role.")


def _rows(post: Post, hold: Hold, placements: Collection[int] | None) -> list[HeldPlacement]:
    rows = HeldPlacement.objects.waiting().filter(hold=hold, placement__post=post)
    if placements is not None:
        rows = rows.filter(placement__in=placements)
    found = list(rows.select_related("placement__channel").select_for_update(of=("self",), no_key=True))
    if not found:
        raise Stale(_("Nothing of this post waits for a decision here: somebody was quicker."))
    return found


def _checked(hold: Hold, decision: str, reason: str, answers: Mapping[str, str] | None) -> str:
    if decision not in Release.values:
        raise Invalid(_("Choose what becomes of it."), field="decision")
    if not reason.strip():
        raise Invalid(_("Give the reason in a sentence."), field="reason")
    missing = [key for key in rules.QUESTIONS if not (answers or {}).get(key)] if hold.level else []
    if missing:
        raise Invalid(_("Answer the three questions first."), field=missing[0])
    return reason.strip()


# ---- may it go out again?


def _nothing(*_arguments: Any) -> None:
    return None


def _unchanged(post: Post, hold: Hold, rows: Sequence[HeldPlacement], to: WallTime | None, now: datetime) -> None:
    if not is_unchanged(post, rows):
        raise Refused(
            _("The text has changed since it was held: send it back for a rewrite, or have it approved and give it a "
              "new date."), link=post.link,
        )  # fmt: skip
    if any(row.placement.planned_at is not None and row.placement.planned_at <= now for row in rows):
        raise Refused(_("Its hour has passed meanwhile: give it a new date, or cancel it."))
    if any(row.placement.planned_at is None for row in rows):
        raise Refused(_("It has no date: give it one, or send it back for a rewrite."))
    _room(post, hold, rows, now)


def is_unchanged(post: Post, rows: Sequence[HeldPlacement]) -> bool:
    """Is the text, in all its languages and channels, what it was when the first of these was held?"""
    since = min(row.held_at for row in rows)
    revision = Revision.objects.of(post).filter(at__lte=since).order_by("-number").first()
    return revision is not None and revision.digest == reading.digest_of(post)


def _redated(post: Post, hold: Hold, rows: Sequence[HeldPlacement], to: WallTime | None, now: datetime) -> None:
    if to is None:
        raise Invalid(_("Give the new day and hour."), field="on")
    writing.instant_of(post, to, now)
    _room(post, hold, rows, now)


def _rewritten(post: Post, hold: Hold, rows: Sequence[HeldPlacement], to: WallTime | None, now: datetime) -> None:
    if post.status == Status.PUBLISHED:
        raise Refused(_("It has appeared on one channel already: give the others a new date, or cancel them."))


def _room(post: Post, hold: Hold, rows: Sequence[HeldPlacement], now: datetime) -> None:
    """After a crisis people start again slowly, and with what is useful."""
    if not hold.level:
        return
    many, days = pace_of(post.workspace)
    if post.intent == rules.Intent.PROMOTE and not _may_promote(hold, days, now):
        raise Refused(
            _("A promotional post waits until %(days)s days after the all-clear. It can be sent back for a rewrite or "
              "cancelled.") % {"days": days}
        )  # fmt: skip
    today = released_today(post.workspace, now)
    for row in rows:
        if today.get(row.placement.channel_id, 0) >= many:
            raise Refused(
                _("Released on %(channel)s today: %(many)s already. The next one is for tomorrow.")
                % {"many": many, "channel": row.placement.channel}
            )


def _refuse_what_the_policy_stops(post: Post, rows: Sequence[HeldPlacement], now: datetime) -> None:
    """What would be in the schedule again is judged again, as the day has it: in a crisis, as in a crisis."""
    scheduled = post.status in (Status.SCHEDULED, Status.PUBLISHED) or any(row.was == Status.SCHEDULED for row in rows)
    found = rules.stopped(gating.judge(post, now).stops) if scheduled else []
    if found:
        raise Refused(reading.refused_by("", found), link=found[0].link_from(post.link))


def pace_of(workspace: Workspace) -> tuple[int, int]:
    """How many go out again in a day on one channel, and after how many days promotion: as the playbook has it here."""
    pages = PlaybookItem.objects.visible_to(workspace).of_kind(Kind.CRISIS).filter(slug="hold")
    page = pages.values_list("payload", flat=True).first() or {}
    return (
        int(page.get("releases_a_day", rules.RELEASES_A_DAY)),
        int(page.get("promotional_after_days", rules.PROMOTION_WAITS_DAYS)),
    )


def _may_promote(hold: Hold, days: int, now: datetime) -> bool:
    return hold.closed_at is not None and now >= hold.closed_at + timedelta(days=days)


def released_today(workspace: Workspace, now: datetime) -> dict[int, int]:
    """How many placements the queue has let go today, in the workspace's own day, by channel."""
    calendar = reading.calendar_of(workspace)
    start = calendar.at(calendar.local(now).date(), time(0))
    rows = HeldPlacement.objects.filter(hold__workspace=workspace, hold__level__gt=0, released_at__gte=start)
    counted = rows.order_by().values("placement__channel").annotate(n=Count("placement", distinct=True))
    return {row["placement__channel"]: row["n"] for row in counted}


_CHECKS: dict[str, Any] = {
    Release.UNCHANGED: _unchanged,
    Release.REDATE: _redated,
    Release.REWRITE: _rewritten,
}


# ---- what the decision does


def _close(
    rows: Sequence[HeldPlacement], decision: str, reason: str, answers: Mapping[str, str] | None, actor: Membership,
    second: Membership | None, now: datetime,
) -> None:  # fmt: skip
    changed = HeldPlacement.objects.undecided().filter(pk__in=[row.pk for row in rows]).update(
        decision=decision, reason=reason, answers=dict(answers or {}), decided_at=now, decided_by=actor,
        seconded_by=second, **({"released_at": now} if decision in rules.RELEASES else {}),
    )  # fmt: skip
    if changed != len(rows):
        raise Stale(_("Somebody has just decided about this post: look at it again."))


def _send_back(
    post: Post, rows: Sequence[HeldPlacement], actor: Membership, reason: str, to: WallTime | None, now: datetime
) -> None:
    if rules.next_status(post.status, Event.ASK_CHANGES) is not None:
        states.ask_changes(post=post, actor=actor, comment=reason, now=now, is_allowed=True)
        post.refresh_from_db()


def _place(
    post: Post, rows: Sequence[HeldPlacement], actor: Membership, reason: str, to: WallTime | None, now: datetime
) -> None:
    if to is None:
        return
    placements = [row.placement for row in rows]
    for placement in placements:
        writing.place(placement, to, writing.instant_of(post, to, now), post.workspace.time_zone)
    Placement.objects.bulk_update(placements, writing.PLACED)
    writing.keep(post, now, planned_at=writing.earliest(post))


def _give_up(
    post: Post, rows: Sequence[HeldPlacement], actor: Membership, reason: str, to: WallTime | None, now: datetime
) -> None:
    ids = [row.placement_id for row in rows]
    rest = Placement.objects.filter(post=post, cancelled_at__isnull=True).exclude(pk__in=ids)
    if not rest.exists():
        states.end(post, actor, reason, now)
        return
    Placement.objects.filter(pk__in=ids).update(cancelled_at=now)
    if post.status == Status.PUBLISHED and not Placement.objects.open().filter(post=post).exists():
        work.settle(subject=post, key="publish", actor=actor, now=now)
    writing.keep(post, now, planned_at=writing.earliest(post))


_APPLY: dict[str, Any] = {Release.REWRITE: _send_back, Release.REDATE: _place, Release.CANCEL: _give_up}


def _free(post: Post, rows: Sequence[HeldPlacement], was_silent: bool, now: datetime) -> None:
    """Free again are those about which no hold waits for a decision; the post's reminders come back with the first."""
    waiting = HeldPlacement.objects.undecided().filter(placement=OuterRef("pk"))
    freed = Placement.objects.filter(~Exists(waiting), pk__in=[row.placement_id for row in rows])
    freed.update(held_at=None)
    post.__dict__.pop("is_held", None)
    writing.relay(post, now)  # before its reminders come back: a layout would have them begin anew, and say so
    if was_silent and not post.is_held and post.status not in rules.FROZEN:
        reminders.resume_groups(groups=Post.objects.filter(pk=post.pk), now=now)


def _back_into_the_schedule(post: Post, rows: Sequence[HeldPlacement], actor: Membership, now: datetime) -> None:
    """What somebody scheduled while it was held goes back to where it was sent."""
    wanted = any(row.was == Status.SCHEDULED for row in rows) and post.status == Status.APPROVED
    if wanted and not post.is_held and not gating.missing(post, Event.SCHEDULE, now):
        writing.move_state(post, Event.SCHEDULE, now)
        writing.write_down("post.scheduled", post, actor, now)


def hold_facts(post: Post) -> list[HeldPlacement]:
    """The decisions that wait for this post, the oldest hold first, for its page."""
    rows = HeldPlacement.objects.waiting().filter(placement__post=post).select_related("hold__opened_by__user")
    return list(rows.order_by("hold__opened_at", "hold_id", "id"))

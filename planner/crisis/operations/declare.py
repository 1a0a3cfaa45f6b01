"""Declaring: one transaction under the workspace's lock. Everything is held, work is dated, the log is open."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotAllowed, Refused
from planner.crisis import rules
from planner.crisis.models import CheckLine, Crisis
from planner.crisis.operations import log, planning, promises
from planner.crisis.operations.statements import judge_again, own_words
from planner.crisis.queries import conduct_of
from planner.crisis.rules import CheckKind, Conduct
from planner.posts import operations as posts
from planner.posts.models import Placement, Post
from planner.posts.rules import FROZEN, NO_SCOPE
from planner.reminders.models import Reminder
from planner.reminders.rules import OPEN_STATES
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import Act, RoleBook


@dataclass(frozen=True)
class Consequences:
    """What declaring would do, shown before the act."""

    placements: int
    posts: int
    reminders: int
    by_channel: Mapping[int, int]


def consequences(*, workspace: Workspace) -> Consequences:
    """What would be held if everything were, and by channel. Reads only, four queries."""
    covered = Placement.objects.to_hold(workspace, {"all": True}).order_by()
    rows = list(covered.values_list("channel_id", "post_id"))
    by_channel: dict[int, int] = {}
    for channel, _post in rows:
        by_channel[channel] = by_channel.get(channel, 0) + 1
    silent = Reminder.objects.filter(
        workspace=workspace, state__in=OPEN_STATES, group_id__in=covered.values("post_id")
    ).exclude(profile="")
    return Consequences(len(rows), len({post for _channel, post in rows}), silent.count(), by_channel)


def notices_of(workspace: Workspace) -> Any:
    """What may be named as an exception: service notices that are on their way."""
    ours = Post.objects.filter(workspace=workspace, template__slug=rules.NOTICE, published_at__isnull=True)
    return ours.exclude(status__in=FROZEN).prefetch_related("texts").order_by("planned_at", "pk")


@transaction.atomic
def declare(
    *,
    actor: Membership,
    level: int,
    title: str,
    reason: str,
    triggers: Collection[str] = (),
    scope: Mapping[str, Any] | None = None,
    excepted: Mapping[int, str] | None = None,
    safety: Collection[int] = (),
    is_drill: bool = False,
    now: datetime,
) -> Crisis:
    """Declare a level from 1 to 4: alert, hold, silence, work, lists, log, in one go or not at all.

    Levels 1 and 2 by any member; 3 and 4 by the crisis lead, their deputy or the director. Level 2 holds the `scope`
    that is chosen, 3 and 4 hold everything but the notices named in `excepted` (post id: reason); at level 4 those
    alone that are said to protect lives (`safety`). The words of a crisis that is open already go on, when they bear
    this one too.
    A drill is declared in a sample workspace only.
    """
    workspaces.require(actor, Act.READ)
    workspace = workspaces.lock(actor.workspace)
    conduct, book = conduct_of(workspace), workspaces.role_book(workspace)
    page = _level_of(conduct, level)
    if not rules.may_declare(page, book, actor.pk):
        raise NotAllowed(
            _("Levels 3 and 4 are declared by the crisis lead, their deputy or the director. Declare level 2 now, and "
              "call one of them.")
        )  # fmt: skip
    if is_drill and not workspace.is_sample:
        raise Refused(_("A drill is declared in a sample workspace, where nothing real is held."))
    _check(title, reason)
    wide = _scope(page, scope)
    if Crisis.objects.open().filter(workspace=workspace, scope_key=rules.scope_key(wide)).exists():
        raise Refused(_("A crisis is open for this already: change its level instead."), link=_open_link(workspace))
    crisis = _create(workspace, actor, level, title, reason, triggers, wide, is_drill, book, page, now)
    if page["hold"] != "none":
        _must_protect(page, excepted or {}, safety)
        _hold(crisis, page, excepted or {}, actor, now)
        planning.list_outside(crisis, conduct, page, book, now)
    planning.plan_work(crisis, conduct, page, book, actor, now)
    promises.plan_update(crisis, page, book, actor, now)
    _lists(crisis, conduct, book)
    judge_again(crisis, book, actor, now)
    log.tell(
        "crisis.declared", crisis, actor, now, _("%(who)s declares level %(level)s. Reason: %(reason)s"),
        values={"who": str(actor), "level": level, "reason": crisis.reason}, reason=crisis.reason, decider=str(actor),
    )  # fmt: skip
    return crisis


def _level_of(conduct: Conduct, level: int) -> Mapping[str, Any]:
    if not conduct.is_loaded:
        raise Refused(_("The conduct of a crisis is not in the playbook: load the playbook first."))
    if not 1 <= level <= rules.HIGHEST:
        raise Invalid(_("Choose a level from 1 to 4."), field="level")
    return conduct.level(level)


def _check(title: str, reason: str) -> None:
    if not title.strip():
        raise Invalid(_("Say in a few words what is happening."), field="title")
    if not reason.strip():
        raise Invalid(_("Give the reason in a sentence."), field="reason")


def _scope(page: Mapping[str, Any], scope: Mapping[str, Any] | None) -> dict[str, Any]:
    if page["hold"] in rules.HOLDS_ALL:
        return {"all": True}
    if page["hold"] == "none":
        return {}
    if not scope:
        raise Invalid(NO_SCOPE, field="scope")
    return dict(scope)


def _open_link(workspace: Workspace) -> str:
    found = Crisis.objects.open().filter(workspace=workspace).first()
    return found.link if found else ""


def _create(
    workspace: Workspace, actor: Membership, level: int, title: str, reason: str, triggers: Collection[str],
    scope: dict[str, Any], is_drill: bool, book: RoleBook[Membership], page: Mapping[str, Any], now: datetime,
) -> Crisis:  # fmt: skip
    alert = posts.raise_alert(workspace=workspace, level=level, scope=scope or {"all": True}, actor=actor, now=now)
    title = title.strip()
    calendar = workspaces.working_calendar(workspace, around=[now.date()])
    crisis = Crisis(
        workspace=workspace, title=rules.marked_as_drill(title, workspace.main_language) if is_drill else title,
        reason=reason.strip(), level=level, peak=level, scope=scope, scope_key=rules.scope_key(scope),
        triggers=sorted(triggers), alert=alert, declared_by=actor, declared_at=now,
        lead=planning.leader_of(book, calendar.local(now).date()) or actor, is_drill=is_drill, facts_changed_at=now,
    )  # fmt: skip
    crisis.first_words_due_at = rules.first_words_at(page, now)
    crisis.promised_at = crisis.first_words_due_at or promises.next_hour(crisis, page, now)
    crisis.save(force_insert=True)
    return crisis


def _must_protect(page: Mapping[str, Any], excepted: Collection[int], safety: Collection[int]) -> None:
    if page["hold"] == rules.SAFETY_ALONE and not set(excepted) <= set(safety):
        raise Refused(
            _("At this level only notices that protect lives go on: say so beside each of them, or let them be held.")
        )


def _hold(
    crisis: Crisis, page: Mapping[str, Any], excepted: Mapping[int, str], actor: Membership, now: datetime
) -> None:
    if excepted:
        known = set(notices_of(crisis.workspace).filter(pk__in=list(excepted)).values_list("pk", flat=True))
        if known != set(excepted):
            raise Refused(_("Only service notices may go on: take the others out of the exceptions."))
    frozen = posts.hold(
        workspace=crisis.workspace, scope=crisis.scope, reason=crisis.title, actor=actor, alert=crisis.alert,
        excepted={**own_words(crisis.workspace), **excepted}, link=f"{crisis.link}queue/", now=now,
    )  # fmt: skip
    crisis.hold = frozen.hold
    Crisis.objects.filter(pk=crisis.pk).update(hold=frozen.hold)
    log.tell(
        "crisis.declared", crisis, actor, now,
        _("Held: %(held)s publications; their reminders are silent. Exceptions named: %(passing)s."),
        values={"held": frozen.placements, "passing": len(excepted)},
    )  # fmt: skip
    for post in Post.objects.filter(pk__in=list(excepted)).prefetch_related("texts"):
        log.tell(
            "crisis.declared", crisis, actor, now, _("Let pass: “%(post)s”. %(reason)s"),
            values={"post": post.title(), "reason": excepted[post.pk]}, reason=excepted[post.pk],
        )  # fmt: skip


def _lists(crisis: Crisis, conduct: Conduct, book: RoleBook[Membership]) -> None:
    """What else is ticked by hand, from the playbook: places, conditions; the steps of a drill."""
    lists = [
        (CheckKind.PLACE, conduct.points("listings", "places")),
        (CheckKind.CONDITION, conduct.points("all-clear", "conditions")),
        (CheckKind.DRILL, conduct.points("drill", "steps") if crisis.is_drill else ()),
    ]
    people = planning.people_of(crisis, book)
    CheckLine.objects.bulk_create(
        planning.check_line(crisis, kind, point, position, people.get(point.get("role", "")))
        for kind, points in lists
        for position, point in enumerate(points)
    )

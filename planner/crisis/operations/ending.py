"""Another level, who leads, the all-clear with its evidence, the debrief and what changes afterwards."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotAllowed, Refused, Stale
from planner.base.language import LANGUAGES, in_both, pick
from planner.base.worktime import DUE_TIME
from planner.crisis import rules
from planner.crisis.models import Change, CheckLine, Crisis
from planner.crisis.operations import log, planning, promises
from planner.crisis.operations.statements import judge_again, own_words
from planner.crisis.queries import conduct_of
from planner.crisis.rules import CheckKind
from planner.playbook.rules import LaidItem, Layout, Task
from planner.posts import operations as posts
from planner.posts.models import HeldPlacement, Post
from planner.posts.rules import FROZEN, NO_SCOPE
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, EditorialRole

OVER = _("The crisis is over.")
CHECKS = (30, 90)
"""Days after which a change is looked at again, where the playbook has no others."""


def _led(crisis: Crisis, actor: Membership) -> Crisis:
    crisis = log.opened(crisis, actor)
    book = workspaces.role_book(crisis.workspace)
    if not rules.leads(book, actor.pk, crisis.lead_id):
        raise NotAllowed(_("This belongs to whoever leads the crisis, the crisis lead, their deputy or the director."))
    return crisis


@transaction.atomic
def change_level(
    *, crisis: Crisis, level: int, reason: str, actor: Membership, scope: Mapping[str, object] | None = None,
    safety: Collection[int] = (), now: datetime,
) -> Crisis:  # fmt: skip
    """Up at once, by those who may declare that level; down one step at a time, by those who lead. With a reason.

    Rising to a level that holds more holds more at once: at level 4 the notices let pass before go on only when they
    are said to protect lives (`safety`). Confirmed words that are not out yet, of this crisis or another, are judged at
    the new level. Falling releases nothing.
    """
    crisis = log.opened(crisis, actor)
    if crisis.cleared_at is not None:
        raise Refused(OVER)
    conduct, book = conduct_of(crisis.workspace), workspaces.role_book(crisis.workspace)
    refusal = rules.step_refusal(crisis.level, level)
    if refusal:
        raise Invalid(refusal, field="level")
    if not reason.strip():
        raise Invalid(_("Give the reason in a sentence."), field="reason")
    page = conduct.level(level)
    may = (
        rules.may_declare(page, book, actor.pk) if level > crisis.level else rules.leads(book, actor.pk, crisis.lead_id)
    )
    if not may:
        raise NotAllowed(_("This belongs to whoever leads the crisis, the crisis lead, their deputy or the director."))
    before = crisis.level
    crisis.level, crisis.peak = level, max(crisis.peak, level)
    Crisis.objects.filter(pk=crisis.pk).update(level=level, peak=crisis.peak)
    wide = _wide(crisis, page, scope) if level > before else {}
    posts.change_alert(alert=crisis.alert, level=level, scope=wide, actor=actor, now=now)
    if level > before:
        _stop_what_protects_nobody(crisis, page, safety, actor, now)
        _hold_more(crisis, wide, actor, now)
        if crisis.hold is not None and not crisis.checks.filter(kind=CheckKind.OUTSIDE).exists():
            planning.list_outside(crisis, conduct, page, book, now)
        judge_again(crisis, book, actor, now)
        planning.plan_work(crisis, conduct, page, book, actor, now)
    sooner = promises.next_hour(crisis, page, now)
    first = (
        rules.first_words_at(page, now) if not crisis.statements.filter(published_at__isnull=False).exists() else None
    )
    promises.renew(crisis, page, book, _soonest(crisis.promised_at, first or sooner, now), actor, now)
    log.tell(
        "crisis.level_changed", crisis, actor, now, _("%(who)s: from level %(before)s to level %(level)s. %(reason)s"),
        values={"who": str(actor), "before": before, "level": level, "reason": reason.strip()}, reason=reason.strip(),
        decider=str(actor),
    )  # fmt: skip
    return crisis


def _soonest(promised: datetime | None, of_level: datetime | None, now: datetime) -> datetime | None:
    """A promise that was made in public stays; a quicker level may only make it sooner."""
    hours = [hour for hour in (promised, of_level) if hour is not None]
    return min(hours) if hours else None


def passing_of(crisis: Crisis) -> list[Post]:
    """The notices that the hold lets pass, without the crisis's own words."""
    if crisis.hold is None:
        return []
    named = Post.objects.filter(hold_exceptions__hold=crisis.hold, statement__isnull=True, published_at__isnull=True)
    return list(named.exclude(status__in=FROZEN).prefetch_related("texts").order_by("planned_at", "pk"))


def _stop_what_protects_nobody(
    crisis: Crisis, page: Mapping[str, object], safety: Collection[int], actor: Membership, now: datetime
) -> None:
    if page["hold"] != rules.SAFETY_ALONE or crisis.hold is None:
        return
    for post in passing_of(crisis):
        if post.pk not in safety:
            posts.stop_passing(hold=crisis.hold, posts=[post.pk], actor=actor, now=now)
            log.tell(
                "crisis.level_changed", crisis, actor, now,
                _("No longer let pass, as it protects no life: “%(post)s”."), values={"post": post.title()},
            )  # fmt: skip


def _wide(crisis: Crisis, page: Mapping[str, object], scope: Mapping[str, object] | None) -> dict[str, object]:
    """What this level covers; empty when it holds nothing."""
    if page["hold"] == "none":
        return {}
    wide = {"all": True} if page["hold"] in rules.HOLDS_ALL else dict(scope or crisis.scope)
    if not wide:
        raise Invalid(NO_SCOPE, field="scope")
    return wide


def _hold_more(crisis: Crisis, wide: Mapping[str, object], actor: Membership, now: datetime) -> None:
    if not wide:
        return
    others = Crisis.objects.open().filter(workspace=crisis.workspace, scope_key=rules.scope_key(wide))
    if others.exclude(pk=crisis.pk).exists():
        raise Refused(_("A crisis is open for this already: change its level instead."), link=others[0].link)
    if crisis.hold is None:
        frozen = posts.hold(
            workspace=crisis.workspace, scope=wide, reason=crisis.title, actor=actor, alert=crisis.alert,
            excepted=own_words(crisis.workspace), link=f"{crisis.link}queue/", now=now,
        )  # fmt: skip
        crisis.hold, count = frozen.hold, frozen.placements
    else:
        count = posts.widen_hold(hold=crisis.hold, scope=wide, actor=actor, now=now)
    crisis.scope, crisis.scope_key = dict(wide), rules.scope_key(wide)
    Crisis.objects.filter(pk=crisis.pk).update(hold=crisis.hold, scope=wide, scope_key=crisis.scope_key)
    log.tell("crisis.level_changed", crisis, actor, now, _("Held: %(held)s publications more."), values={"held": count})


@transaction.atomic
def hand_over(
    *, crisis: Crisis, to: Membership, instead_of: int | None = None, actor: Membership, now: datetime
) -> Crisis:
    """Somebody else leads now; the deputy may take over by themselves. Not once it is somebody else than the page said
    (`instead_of`)."""
    crisis = _led(crisis, actor)
    if instead_of is not None and crisis.lead is not None and crisis.lead_id != instead_of:
        raise Stale(_("%(who)s leads since a moment ago: look at it again.") % {"who": crisis.lead})
    if to.workspace_id != crisis.workspace_id or not to.is_active:
        raise Invalid(_("Choose somebody who is a member here."), field="to")
    changed = Crisis.objects.filter(pk=crisis.pk, lead=crisis.lead_id).exclude(lead=to).update(lead=to)
    if changed != 1:
        raise Stale(_("This person leads already."))
    log.tell(
        "crisis.handed_over", crisis, actor, now, _("%(who)s hands over to %(to)s."),
        values={"who": str(actor), "to": str(to)},
    )  # fmt: skip
    _hand_over_the_work(crisis, to, actor)
    crisis.lead = to
    return crisis


def _hand_over_the_work(crisis: Crisis, to: Membership, actor: Membership) -> None:
    """Whoever is relieved goes home: what is still to be done as crisis lead is asked of the relief."""
    open_work = WorkItem.objects.about(crisis).open().filter(roles__0=EditorialRole.CRISIS_LEAD)
    items = list(open_work.filter(owner=crisis.lead))
    flag = in_both(_("Handed over by %(who)s"), who=str(actor))
    work.hand_over(items=items, to={item.pk: (to, False) for item in items}, flag=flag)


# ---- the all-clear


@transaction.atomic
def clear(*, crisis: Crisis, actor: Membership, reason: str, now: datetime) -> Crisis:
    """The all-clear: from level 1, with the evidence of each condition, after the hours without a new fact.

    Nothing that is held returns. What is left is dated: closing words, thanks, the queue, the debrief.
    """
    crisis = _led(crisis, actor)
    if crisis.cleared_at is not None:
        raise Stale(OVER)
    if not reason.strip():
        raise Invalid(_("Give the reason in a sentence."), field="reason")
    _ready(crisis, now)
    changed = Crisis.objects.filter(pk=crisis.pk, cleared_at__isnull=True)
    changed.update(cleared_at=now, level=0, promised_at=None)
    crisis.cleared_at, crisis.level, crisis.promised_at = now, 0, None
    posts.end_alert(alert=crisis.alert, actor=actor, now=now)
    work.suspend(subject=crisis, code="crisis-over", words=in_both(OVER), now=now)
    _plan_the_rest(crisis, actor, now)
    log.tell(
        "crisis.cleared", crisis, actor, now, _("%(who)s declares the all-clear. %(reason)s"),
        values={"who": str(actor), "reason": reason.strip()}, reason=reason.strip(), decider=str(actor),
    )  # fmt: skip
    return crisis


def _ready(crisis: Crisis, now: datetime) -> None:
    if crisis.level > 1:
        raise Refused(_("Come down to level 1 first, one step at a time."), link=f"{crisis.link}level/")
    missing = crisis.checks.filter(kind=CheckKind.CONDITION, done_at__isnull=True)
    if missing.exists():
        raise Refused(
            _("These conditions still need their evidence: %(missing)s.")
            % {"missing": "; ".join(pick(one.text) for one in missing)}, link=f"{crisis.link}clear/",
        )  # fmt: skip
    waiting = crisis.statements.waiting().first()
    if waiting is not None:
        raise Refused(_("A statement waits to go out: publish it, or cancel its post, first."), link=waiting.link)
    hours = rules.quiet_hours(crisis.peak, conduct_of(crisis.workspace))
    if not crisis.is_drill and now < crisis.facts_changed_at + timedelta(hours=hours):
        raise Refused(
            _("A new fact came less than %(hours)s hours ago: wait until that time has passed.") % {"hours": hours}
        )


def _plan_the_rest(crisis: Crisis, actor: Membership, now: datetime) -> None:
    conduct = conduct_of(crisis.workspace)
    calendar = workspaces.working_calendar(crisis.workspace, around=[now.date()])
    today = calendar.local(now).date()
    CheckLine.objects.bulk_create(
        CheckLine(
            crisis=crisis, kind=CheckKind.CLOSING, key=point["key"], text=point["text"], help=point.get("help", {}),
            owner=crisis.lead, position=position,
        )
        for position, point in enumerate(conduct.points("all-clear", "closing"))
    )  # fmt: skip
    debrief = int(conduct.level(crisis.peak).get("post_mortem_working_days") or 5)
    unreviewed = conduct.number("hold", "unreviewed_after_working_days", 10)
    held = HeldPlacement.objects.waiting().filter(hold=crisis.hold).exists() if crisis.hold else False
    rows = [
        ("closing-statement", EditorialRole.SPOKESPERSON, _("Publish the closing words"), 1, True),
        ("thanks", EditorialRole.CRISIS_LEAD, _("Thank the teams and those who helped, one by one"), 1, True),
        ("post-mortem", EditorialRole.CRISIS_LEAD, _("Hold the debrief, without blame"), debrief, True),
        (rules.QUEUE, EditorialRole.EDITOR, _("Finish the queue: a new date, or cancelled"), unreviewed, held),
    ]
    tasks = [_after(key, role, in_both(words)) for key, role, words, _days, wanted in rows if wanted]
    dates = {key: calendar.at(calendar.shift(today, days), DUE_TIME) for key, _role, _words, days, _wanted in rows}
    _dated(crisis, tasks, dates, actor, now)


def _after(key: str, role: str, title: Mapping[str, str]) -> Task:
    return Task(key=key, title=title, roles=(role,), offset="C+4h", minutes=30, reminder="e-std")


def _dated(
    crisis: Crisis, tasks: list[Task], dates: Mapping[str, datetime], actor: Membership, now: datetime,
    owner: Membership | None = None,
) -> None:  # fmt: skip
    people = planning.people_of(crisis, workspaces.role_book(crisis.workspace))
    if owner is not None:
        people = {task.role: owner for task in tasks}
    work.plan_items(
        workspace=crisis.workspace, subject=crisis, group=crisis, tasks=tasks,
        layout=Layout(tuple(LaidItem(task, dates[task.key]) for task in tasks)), people=people,
        subject_title=dict.fromkeys(LANGUAGES, crisis.title), actor=actor, now=now,
    )  # fmt: skip


# ---- the debrief


@transaction.atomic
def save_lessons(
    *, crisis: Crisis, lessons: Mapping[str, str], before: Mapping[str, str] | None = None, actor: Membership,
    now: datetime,
) -> Crisis:  # fmt: skip
    """Keep what was written under each heading of the debrief, until it is closed.

    `before` is what stood there when the page was opened: nobody writes over what somebody else wrote meanwhile.
    """
    crisis = log.opened(crisis, actor, Act.COMMENT)
    _over(crisis)
    if crisis.debriefed_at is not None:
        raise Stale(_("The debrief is closed already."))
    _refuse_to_write_over(crisis, lessons, before or {})
    known = {point["key"] for point in conduct_of(crisis.workspace).points("post-mortem", "sections")}
    crisis.lessons = {**crisis.lessons, **{key: _lines(text) for key, text in lessons.items() if key in known}}
    Crisis.objects.filter(pk=crisis.pk).update(lessons=crisis.lessons)
    log.tell("crisis.debriefed", crisis, actor, now, _("%(who)s writes the debrief."), values={"who": str(actor)})
    return crisis


def _refuse_to_write_over(crisis: Crisis, lessons: Mapping[str, str], before: Mapping[str, str]) -> None:
    for key, opened_with in before.items():
        there = crisis.lessons.get(key, "")
        if there not in (_lines(opened_with), _lines(lessons.get(key, ""))):
            raise Stale(
                _("Somebody has written here meanwhile: “%(there)s”. Keep your words, open the page again and put both "
                  "together.") % {"there": there}, field=key,
            )  # fmt: skip


def _lines(text: str) -> str:
    """As it is kept: a browser sends its own ends of lines."""
    return text.replace("\r\n", "\n").strip()


def _over(crisis: Crisis) -> None:
    if crisis.cleared_at is None:
        raise Refused(_("The debrief comes after the all-clear."), link=crisis.link)


@transaction.atomic
def add_change(
    *, crisis: Crisis, text: str, owner: Membership, due_on: date, actor: Membership, now: datetime
) -> Change:
    """Something that we change, by somebody, by a day; looked at again after the days of the playbook."""
    crisis = log.opened(crisis, actor, Act.COMMENT)
    _over(crisis)
    if not text.strip():
        raise Invalid(_("Say in a sentence what changes."), field="text")
    if owner.workspace_id != crisis.workspace_id or not owner.is_active:
        raise Invalid(_("Choose somebody who is a member here."), field="owner")
    change = Change.objects.create(crisis=crisis, text=text.strip(), owner=owner, due_on=due_on, created_at=now)
    calendar = workspaces.working_calendar(crisis.workspace, around=[due_on])
    dates = {f"change-{change.pk}": calendar.at(calendar.next_working_day(due_on), DUE_TIME)}
    titles = {f"change-{change.pk}": dict.fromkeys(LANGUAGES, change.text)}
    page = conduct_of(crisis.workspace, "post-mortem").pages.get("post-mortem", {})
    for days in page.get("check_after_days") or CHECKS:
        key = f"change-{change.pk}-d{days}"
        dates[key] = calendar.at(calendar.next_working_day(due_on + timedelta(days=days)), DUE_TIME)
        titles[key] = in_both(_("Check that it has changed: %(change)s"), change=change.text)
    tasks = [_after(key, EditorialRole.AUTHOR, titles[key]) for key in dates]
    _dated(crisis, tasks, dates, actor, now, owner)
    log.tell(
        "crisis.change", crisis, actor, now, _("Changes: %(change)s (%(who)s)"),
        values={"change": change.text, "who": str(owner)},
    )  # fmt: skip
    return change


@transaction.atomic
def close_debrief(*, crisis: Crisis, actor: Membership, now: datetime) -> Crisis:
    """The debrief is done: what people lived through is written, and at least one change has an owner and a date."""
    crisis = _led(crisis, actor)
    _over(crisis)
    if not crisis.changes.exists():
        raise Refused(_("Name at least one change, with its owner and a date."), link=f"{crisis.link}debrief/")
    if not any(crisis.lessons.values()):
        raise Refused(_("Write at least what people lived through."), link=f"{crisis.link}debrief/")
    if Crisis.objects.filter(pk=crisis.pk, debriefed_at__isnull=True).update(debriefed_at=now) != 1:
        raise Stale(_("The debrief is closed already."))
    crisis.debriefed_at = now
    work.settle(subject=crisis, key="post-mortem", actor=actor, now=now)
    log.tell("crisis.debriefed", crisis, actor, now, _("%(who)s closes the debrief."), values={"who": str(actor)})
    return crisis

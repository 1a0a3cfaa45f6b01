"""What is known, unknown and to check; what is ticked by hand."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotFound, Stale
from planner.base.language import pick
from planner.crisis.models import CheckLine, Crisis, Fact
from planner.crisis.operations import log
from planner.crisis.operations.planning import settle_outside
from planner.crisis.queries import conduct_of
from planner.crisis.rules import QUEUE, CheckKind, FactKind
from planner.work import operations as work
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act


@transaction.atomic
def add_fact(
    *, crisis: Crisis, kind: str, text: str, source: str = "", due_at: datetime | None = None, actor: Membership,
    now: datetime,
) -> Fact:  # fmt: skip
    """A line of one of the three lists. What is known names who confirms it."""
    crisis = log.opened(crisis, actor, Act.COMMENT)
    _check(kind, text, source)
    fact = Fact.objects.create(
        crisis=crisis, kind=kind, text=text.strip(), source=source.strip(), due_at=due_at, created_at=now,
        changed_at=now,
    )  # fmt: skip
    _told(crisis, fact, actor, now)
    return fact


@transaction.atomic
def move_fact(*, fact: Fact, kind: str, source: str = "", actor: Membership, now: datetime) -> Fact:
    """To another list: confirmed, or no longer sure."""
    crisis = log.opened(fact.crisis, actor, Act.COMMENT)
    _check(kind, fact.text, source or (fact.source if kind != FactKind.KNOWN else ""))
    changed = Fact.objects.filter(pk=fact.pk, crisis=crisis, kind=fact.kind, dropped_at__isnull=True).exclude(kind=kind)
    if changed.update(kind=kind, source=source.strip() or fact.source, due_at=None, changed_at=now) != 1:
        raise Stale(_("This line has just been changed by somebody else: look at it again."))
    fact.refresh_from_db()
    _told(crisis, fact, actor, now)
    return fact


@transaction.atomic
def drop_fact(*, fact: Fact, actor: Membership, now: datetime) -> Fact:
    """It was wrong. The log keeps what we believed, and until when."""
    crisis = log.opened(fact.crisis, actor, Act.COMMENT)
    changed = Fact.objects.filter(pk=fact.pk, crisis=crisis, dropped_at__isnull=True)
    if changed.update(dropped_at=now, changed_at=now) != 1:
        raise Stale(_("This line has just been changed by somebody else: look at it again."))
    Crisis.objects.filter(pk=crisis.pk).update(facts_changed_at=now)
    log.tell("crisis.fact", crisis, actor, now, _("Found wrong: %(fact)s"), values={"fact": fact.text})
    fact.refresh_from_db()
    return fact


def _check(kind: str, text: str, source: str) -> None:
    if kind not in FactKind.values:
        raise Invalid(_("Choose the list."), field="kind")
    if not text.strip():
        raise Invalid(_("Say it in one sentence."), field="text")
    if kind == FactKind.KNOWN and not source.strip():
        raise Invalid(_("Say who confirms it: without a name it is not known, it is to check."), field="source")


_MOVED = {
    FactKind.KNOWN: _("Known: %(fact)s%(source)s"),
    FactKind.UNKNOWN: _("Unknown: %(fact)s"),
    FactKind.TO_CHECK: _("To check: %(fact)s%(source)s"),
}


def _told(crisis: Crisis, fact: Fact, actor: Membership, now: datetime) -> None:
    Crisis.objects.filter(pk=crisis.pk).update(facts_changed_at=now)
    source = f" ({fact.source})" if fact.source else ""
    values = {"fact": fact.text, "source": source}
    log.tell("crisis.fact", crisis, actor, now, _MOVED[FactKind(fact.kind)], values=values)


@transaction.atomic
def tick(*, check: CheckLine, actor: Membership, note: str = "", done: bool = True, now: datetime) -> CheckLine:
    """Tick a line by hand, or take the tick back. A condition of the all-clear asks for its evidence."""
    crisis = log.opened(check.crisis, actor, Act.COMMENT)
    if done and check.kind == CheckKind.CONDITION and not note.strip():
        raise Invalid(_("Give the evidence: who checked, with whom, at what hour."), field="note")
    rows = CheckLine.objects.filter(pk=check.pk, crisis=crisis, done_at__isnull=done)
    values = {"done_at": now, "done_by": actor} if done else {"done_at": None, "done_by": None}
    if rows.update(**values, note=note.strip()) != 1:
        if not CheckLine.objects.filter(pk=check.pk, crisis=crisis).exists():
            raise NotFound(_("There is no such line here."))
        raise Stale(_("This line has just been changed by somebody else: look at it again."))
    check.refresh_from_db()
    if done and check.kind == CheckKind.OUTSIDE:
        settle_outside(crisis, conduct_of(crisis.workspace, "hold"), actor, now)
    if done and check.kind == CheckKind.CLOSING and check.key != QUEUE:
        work.settle(subject=crisis, key=check.key, actor=actor, now=now)
    words = _("%(who)s ticks: %(line)s. %(note)s") if done else _("%(who)s takes the tick back: %(line)s. %(note)s")
    line = pick(check.text, crisis.workspace.main_language)
    log.tell("crisis.ticked", crisis, actor, now, words, values={"who": str(actor), "line": line, "note": check.note})
    return check

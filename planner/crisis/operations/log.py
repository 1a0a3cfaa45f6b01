"""Writing down: lines of the log, and the entry of history that every act leaves."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotFound
from planner.base.language import in_both, pick
from planner.crisis.models import Crisis, LogLine
from planner.crisis.rules import LineKind
from planner.history import operations as history
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act

history.register(
    {
        "crisis.declared": _("declared a crisis"),
        "crisis.level_changed": _("changed the level of the crisis"),
        "crisis.handed_over": _("handed over the lead of the crisis"),
        "crisis.cleared": _("declared the all-clear"),
        "crisis.debriefed": _("closed the debrief"),
        "crisis.noted": _("wrote a line of the log"),
        "crisis.fact": _("changed the three lists"),
        "crisis.ticked": _("ticked a line by hand"),
        "crisis.statement": _("prepared a statement"),
        "crisis.confirmed": _("confirmed a statement"),
        "crisis.unconfirmed": _("raised the level: a statement is to be confirmed again"),
        "crisis.spoke": _("recorded a statement as published"),
        "crisis.told": _("told colleagues where things stand"),
        "crisis.reviewed": _("decided about a held post"),
        "crisis.change": _("named a change after the crisis"),
    }
)


def opened(crisis: Crisis, actor: Membership, act: Act = Act.READ) -> Crisis:
    """The crisis read again, the workspace locked first, for a member of its workspace."""
    workspaces.require(actor, act)
    workspaces.lock(actor.workspace)
    found = (
        Crisis.objects.with_people().select_for_update(of=("self",), no_key=True)
        .filter(pk=crisis.pk, workspace=actor.workspace).first()
    )  # fmt: skip
    if found is None:
        raise NotFound(_("There is no such crisis here."))
    return found


def tell(verb: str, crisis: Crisis, actor: Membership, now: datetime, said: Any, **more: Any) -> LogLine:
    """One line of the log and one entry of history for an act: a lazy sentence, and its `values`."""
    values = more.pop("values", {})
    words = in_both(said, **values)
    history.record(verb=verb, now=now, workspace=crisis.workspace, actor=actor, subject=crisis, data={"said": words})
    return write(crisis, actor, now, pick(words, crisis.workspace.main_language), LineKind.ACT, **more)


def write(crisis: Crisis, actor: Membership, now: datetime, decision: str, kind: str, **more: Any) -> LogLine:
    return LogLine.objects.create(
        crisis=crisis, kind=kind, at=now, writer=str(actor), decision=decision,
        is_sample=crisis.workspace.is_sample, **more,
    )  # fmt: skip


@transaction.atomic
def note(
    *,
    crisis: Crisis,
    actor: Membership,
    decision: str,
    rejected: str = "",
    reason: str = "",
    decider: str = "",
    known_then: str = "",
    review_at: datetime | None = None,
    corrects: LogLine | None = None,
    now: datetime,
) -> LogLine:
    """Write a line by hand, by anybody who may comment. A correction names the line that it corrects."""
    crisis = opened(crisis, actor, Act.COMMENT)
    if not decision.strip():
        raise Invalid(_("Say in a sentence what was decided, or what happened."), field="decision")
    if corrects is not None and corrects.crisis_id != crisis.pk:
        raise NotFound(_("There is no such line in this log."))
    history.record(verb="crisis.noted", now=now, workspace=crisis.workspace, actor=actor, subject=crisis)
    return write(
        crisis, actor, now, decision.strip(), LineKind.CORRECTION if corrects else LineKind.DECISION,
        rejected=rejected.strip(), reason=reason.strip(), decider=decider.strip() or str(actor),
        known_then=known_then.strip(), review_at=review_at, corrects=corrects,
    )  # fmt: skip

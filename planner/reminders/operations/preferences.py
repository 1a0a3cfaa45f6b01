"""How a person wants to be told: which messages also come by e-mail, at which hours, on which days. One's own only."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid
from planner.history import operations as history
from planner.reminders import rules
from planner.reminders.models import Preference
from planner.reminders.rules import CHOSEN_KINDS, Chosen
from planner.workspaces.models import Membership

history.register({"preferences.changed": gettext_lazy("changed how they are told")})


def chosen_by(member: Membership) -> Chosen:
    """What this person chose, or what everybody gets who never chose."""
    kept = Preference.objects.filter(membership=member).first()
    return kept.chosen if kept else Chosen()


@transaction.atomic
def change_preferences(*, actor: Membership, values: Chosen, now: datetime) -> Preference:
    """One's own choice. A crisis and the inbox are no choice: they always come."""
    rules.check_chosen(values)
    kept, _is_new = Preference.objects.update_or_create(
        membership=actor,
        defaults={
            "by_email": sorted(values.by_email),
            "quiet_from": values.quiet_from,
            "quiet_until": values.quiet_until,
            "days": sorted(values.days),
            "updated_at": now,
        },
    )
    history.record(
        verb="preferences.changed",
        now=now,
        workspace=actor.workspace,
        actor=actor,
        subject=kept,
        data={"by_email": sorted(values.by_email)},
    )
    return kept


@transaction.atomic
def stop_emails(*, actor: Membership, kind: str, now: datetime) -> Preference:
    """No more e-mails of one kind; everything else stays as chosen."""
    if kind not in CHOSEN_KINDS:
        raise Invalid(_("These messages cannot be switched off."))
    Preference.objects.select_for_update(no_key=True).filter(membership=actor).first()
    chosen = chosen_by(actor)
    return change_preferences(actor=actor, values=replace(chosen, by_email=chosen.by_email - {kind}), now=now)

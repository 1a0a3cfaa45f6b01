"""The working calendar: days, hours, and the public holidays with what the organisation changed in them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base import language
from planner.base.errors import Invalid, Refused, Stale
from planner.base.worktime import WorkingCalendar
from planner.history import operations as history
from planner.workspaces.models import HolidayChange, Membership, Workspace
from planner.workspaces.operations.gate import lock, require, same_house
from planner.workspaces.rules import Act, Holidays, legal_days

history.register(
    {
        "holiday.changed": gettext_lazy("changed the list of holidays"),
        "holiday.restored": gettext_lazy("went back to the legal list of holidays"),
        "workspace.working_time_changed": gettext_lazy("changed the working days and hours"),
    }
)


def working_calendar(
    workspace: Workspace, *, around: Iterable[date] | None = None, changes: Iterable[HolidayChange] | None = None
) -> WorkingCalendar:
    """Working days and hours with the holidays of every year that is asked for; one query, none with `changes`.

    `around` only says which years `calendar.holidays` shows when one iterates over it.
    """
    changes = list(HolidayChange.objects.filter(workspace=workspace) if changes is None else changes)
    holidays = Holidays(
        workspace.country,
        workspace.region,
        opened=[change.day for change in changes if not change.closed],
        closed={change.day: change.name for change in changes if change.closed},
        around=around or (),
        language=language.current(),
    )
    return WorkingCalendar(
        zone=workspace.time_zone,
        days=frozenset(workspace.working_days),
        starts=workspace.day_starts,
        ends=workspace.day_ends,
        holidays=holidays,
    )


def feasts(calendar: WorkingCalendar, days: Iterable[date]) -> dict[date, str]:
    """The closed ones of these days, by name."""
    names = calendar.holidays
    return {day: names[day] for day in days if day in names} if isinstance(names, Mapping) else {}


@transaction.atomic
def change_working_time(
    *, actor: Membership, working_days: Sequence[int], day_starts: time, day_ends: time, now: datetime
) -> Workspace:
    """Change the working week. Open items are laid again by the room that owns them."""
    require(actor, Act.MANAGE_SETTINGS)
    workspace = lock(actor.workspace)
    days = sorted(set(working_days))
    WorkingCalendar(zone=workspace.time_zone, days=frozenset(days), starts=day_starts, ends=day_ends)
    workspace.working_days, workspace.day_starts, workspace.day_ends = days, day_starts, day_ends
    workspace.save(update_fields=["working_days", "day_starts", "day_ends"])
    history.record(
        verb="workspace.working_time_changed",
        actor=actor,
        workspace=workspace,
        subject=workspace,
        data={"days": days, "starts": f"{day_starts:%H:%M}", "ends": f"{day_ends:%H:%M}"},
        now=now,
    )
    return workspace


@transaction.atomic
def change_holiday(
    *, actor: Membership, day: date, name: str = "", closed: bool = True, now: datetime
) -> HolidayChange:
    """Close a day of our own, or work on a legal holiday (`closed=False`). One change for each day: the last one."""
    require(actor, Act.MANAGE_SETTINGS)
    workspace = lock(actor.workspace)
    legal = legal_days(workspace.country, workspace.region, day.year, language.current()).get(day)
    if closed and legal:
        raise Refused(
            _("%(name)s is already a holiday by law: nothing has to be added.") % {"name": legal}, field="day"
        )
    if closed and not name.strip():
        raise Invalid(_("Give this day a name, so that everybody sees why it is closed."), field="name")
    if not closed and not legal:
        raise Refused(_("That day is no legal holiday: it is a working day already."), field="day")
    change, _created = HolidayChange.objects.update_or_create(
        workspace=workspace, day=day, defaults={"name": name.strip() or legal or "", "closed": closed}
    )
    _record("holiday.changed", actor, change, now)
    return change


@transaction.atomic
def remove_holiday_change(*, actor: Membership, change: HolidayChange, now: datetime) -> None:
    """Take a change back: that day follows the legal list again."""
    require(actor, Act.MANAGE_SETTINGS)
    same_house(actor, change)
    lock(actor.workspace)
    _record("holiday.restored", actor, change, now)
    deleted, _rows = HolidayChange.objects.filter(pk=change.pk).delete()
    if not deleted:
        raise Stale(_("This change was taken back a moment ago."))


def _record(verb: str, actor: Membership, change: HolidayChange, now: datetime) -> None:
    data = {"day": change.day.isoformat(), "name": change.name, "closed": change.closed}
    history.record(verb=verb, actor=actor, workspace=actor.workspace, subject=actor.workspace, data=data, now=now)

"""The rota of answering as work: each turn is somebody's, with its reminders, and follows whoever has it."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from planner.base import wording
from planner.base.language import LANGUAGES, in_both
from planner.base.worktime import DUE_TIME, WorkingCalendar
from planner.calendar import rules
from planner.calendar.models import Rhythm
from planner.playbook.rules import LaidItem, Layout, Task
from planner.reminders import operations as reminders
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Duty, Membership

_VERB = _("See the turns")
_YOURS_NOW = _("This turn of answering is yours now; it was with %(person)s")


def follow_rota(*, rhythm: Rhythm, days: Collection[date], actor: Membership | None = None, now: datetime) -> None:
    """Give each of these days its work: to the person of its turn, else to whoever holds the cadence.

    Work that has another owner by now is handed over, and whoever gets it is told, unless they did it themselves.
    """
    calendar = workspaces.working_calendar(rhythm.workspace, around=days)
    turns = {one.day: one.member for one in Duty.objects.ahead(rhythm.workspace, min(days, default=now.date()))}
    mine = {item.key: item for item in WorkItem.objects.about(rhythm).select_related("owner__user")}
    for day in days:
        item, person = mine.get(_key(day)), turns.get(day) or rhythm.owner
        if item is None and calendar.at(day, DUE_TIME) > now:
            _plan(rhythm, day, person, calendar, now)
        elif item is not None and item.is_open() and person is not None and item.owner_id != person.pk:
            _hand_over(rhythm, item, person, actor, now)


def _key(day: date) -> str:
    return f"turn-{day.isoformat()}"


def _plan(rhythm: Rhythm, day: date, person: Membership | None, calendar: WorkingCalendar, now: datetime) -> None:
    payload = rhythm.item.payload
    task = Task(
        key=_key(day),
        title=payload["title"],
        why=payload["why"],
        verb=in_both(_VERB),
        roles=tuple(payload["roles"][:1]),
        offset="R+0wd",
        minutes=rhythm.minutes,
        reminder=payload["reminder"],
        checklist=tuple(payload["agenda"]),
    )
    work.plan_items(
        workspace=rhythm.workspace,
        subject=rhythm,
        group=rhythm,
        tasks=[task],
        layout=Layout((LaidItem(task, calendar.at(day, DUE_TIME)),)),
        people={task.role: person},
        subject_title=day_in_both(day),
        actor=None,
        now=now,
    )


def _hand_over(rhythm: Rhythm, item: WorkItem, person: Membership, actor: Membership | None, now: datetime) -> None:
    before = item.owner
    work.hand_over(items=[item], to={item.pk: (person, False)}, flag={})
    if actor is None or person.pk != actor.pk:
        reminders.notify(
            workspace=rhythm.workspace, subject=item, group=rhythm, person=person,
            message=in_both(_YOURS_NOW, person=before or _("nobody")), actor=actor, now=now,
        )  # fmt: skip


def day_in_both(day: date) -> dict[str, str]:
    """A day in the words of each language, which lists and reminders show beside the work."""
    said = {}
    for code in LANGUAGES:
        with translation.override(code):
            said[code] = wording.day(day)
    return said


@transaction.atomic
def swap_turns(*, duty: Duty, other: Duty, actor: Membership, today: date, now: datetime) -> None:
    """Exchange two coming turns with their work; whoever did not ask for it is told."""
    workspaces.swap(duty=duty, other=other, actor=actor, today=today, now=now)
    on = Rhythm.objects.on().select_related("workspace", "item", "owner__user")
    rhythm = on.filter(workspace=actor.workspace, item__slug=rules.DUTY).first()
    if rhythm is not None:
        follow_rota(rhythm=rhythm, days=[duty.day, other.day], actor=actor, now=now)

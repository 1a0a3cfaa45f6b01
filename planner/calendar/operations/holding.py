"""The work that one day of a cadence is: of whoever holds it, of two who share a turn, or of everybody."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from planner.base.language import in_both
from planner.calendar import rules
from planner.calendar.models import Occurrence, Partner, Rhythm
from planner.calendar.operations.duties import day_in_both
from planner.playbook.rules import LaidItem, Layout, Task
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, RoleBook, may

KEY = "hold"
_VERB = _("See what it holds")
_NO_LONGER = "no-longer-theirs"
_NO_LONGER_WORDS = _("Somebody else has this turn.")
_WITH = _("%(day)s, with %(person)s")

Book = RoleBook[Membership]


def plan_work(occurrence: Occurrence, person: Membership | None, now: datetime, *, key: str = KEY) -> None:
    """Make the day the work of this person."""
    task = _task(occurrence, key)
    work.plan_items(
        workspace=occurrence.workspace,
        subject=occurrence,
        group=occurrence,
        tasks=[task],
        layout=Layout((LaidItem(task, occurrence.starts_at),)),
        people={task.role: person},
        subject_title=day_in_both(occurrence.held_on),
        actor=None,
        now=now,
    )


def _task(occurrence: Occurrence, key: str) -> Task:
    payload = occurrence.rhythm.item.payload
    return Task(
        key=key,
        title=payload["title"],
        why=payload["why"],
        verb=in_both(_VERB),
        roles=tuple(payload["roles"][:1]),
        offset="R+0wd",
        minutes=occurrence.rhythm.minutes,
        reminder=payload["reminder"],
        checklist=tuple(payload["agenda"]),
    )


def date_work(occurrence: Occurrence, now: datetime) -> None:
    """Let the work of the day follow its hour, and be called by its day."""
    task = _task(occurrence, KEY)
    keys = WorkItem.objects.about(occurrence).values_list("key", flat=True)
    dated = [LaidItem(replace(task, key=key), occurrence.starts_at) for key in keys]
    work.relay(subject=occurrence, group=occurrence, layout=Layout(tuple(dated)), now=now)
    work.rename(subject=occurrence, subject_title=day_in_both(occurrence.held_on))
    partners = [one.person for one in occurrence.partners.select_related("person__user")]
    _name_each_other(occurrence, partners)


# ---- work of several people


def is_shared(rhythm: Rhythm) -> bool:
    """Is a day of it the work of several: two of a rota, or everybody who adds a line to a list?"""
    return rhythm.form == rules.ROTA or (rhythm.form == rules.LIST and bool(rhythm.item.payload.get("everyone")))


def share_out(occurrence: Occurrence, book: Book, today: date, now: datetime) -> None:
    """Give each of those whose turn it is their own work; who is away that day, or left, has none.

    A pair is known up to the end of next week. Running it twice changes nothing.
    """
    is_pair = occurrence.rhythm.form == rules.ROTA
    if occurrence.starts_at <= now or (is_pair and occurrence.held_on > rules.last_day_named(today)):
        return
    people = _pair(occurrence, book) if is_pair else _everybody(occurrence, book)
    wanted = {f"{KEY}-{person.pk}": person for person in people}
    known = set(WorkItem.objects.about(occurrence).values_list("key", flat=True))
    for key in wanted.keys() - known:
        plan_work(occurrence, wanted[key], now, key=key)
    gone = known - wanted.keys()
    if gone:
        work.suspend(subject=occurrence, code=_NO_LONGER, words=in_both(_NO_LONGER_WORDS), keys=gone, now=now)
    if WorkItem.objects.about(occurrence).keyed(wanted).filter(flag__code=_NO_LONGER).exists():
        work.resume(subject=occurrence, codes=[_NO_LONGER], keys=wanted)
        date_work(occurrence, now)
    if is_pair:
        _name_each_other(occurrence, people)


def _able(book: Book, day: date) -> list[Membership]:
    return [
        person
        for person in book.people.values()
        if may(person.level, Act.COMMENT) and not person.is_shared_account and not book.is_absent(person.pk, day)
    ]


def _everybody(occurrence: Occurrence, book: Book) -> list[Membership]:
    return _able(book, occurrence.held_on)


def _pair(occurrence: Occurrence, book: Book) -> list[Membership]:
    """Those who have the turn, or two others once one of them cannot."""
    able = {person.pk: person for person in _able(book, occurrence.held_on)}
    named = [one.person_id for one in occurrence.partners.all()]
    if len(named) == 2 and able.keys() >= set(named):
        return [able[pk] for pk in named]
    met, last = _history(occurrence)
    chosen = rules.pair_up({pk: person.department for pk, person in able.items()}, met, last)
    occurrence.partners.all().delete()
    Partner.objects.bulk_create(Partner(occurrence=occurrence, person_id=pk) for pk in chosen or ())
    return [able[pk] for pk in chosen or ()]


def _history(occurrence: Occurrence) -> tuple[Mapping[frozenset[int], date], Mapping[int, date]]:
    """When two were last paired, and when each last had a turn, of the same cadence."""
    others = Partner.objects.filter(
        occurrence__workspace=occurrence.workspace_id, occurrence__rhythm__item__slug=occurrence.rhythm.item.slug
    ).exclude(occurrence=occurrence)
    days: dict[int, tuple[date, set[int]]] = {}
    for pk, day, person in others.order_by("occurrence__held_on").values_list(
        "occurrence_id", "occurrence__held_on", "person_id"
    ):
        days.setdefault(pk, (day, set()))[1].add(person)
    met = {frozenset(people): day for day, people in days.values()}
    last = {person: day for day, people in days.values() for person in people}
    return met, last


def _name_each_other(occurrence: Occurrence, people: Sequence[Membership]) -> None:
    """Each one’s work says with whom."""
    day = day_in_both(occurrence.held_on)
    for person in people:
        other = next((one for one in people if one.pk != person.pk), None)
        if other is not None:
            words = {code: said % {"day": day[code], "person": other} for code, said in in_both(_WITH).items()}
            work.rename(subject=occurrence, subject_title=words, keys=_keys([person]))


def _keys(people: Collection[Membership]) -> list[str]:
    return [f"{KEY}-{person.pk}" for person in people]

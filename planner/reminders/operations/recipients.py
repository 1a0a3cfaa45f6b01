"""Who is told, found when the row is claimed: the person meant, their second while they are away, the editor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from planner.base.worktime import WorkingCalendar
from planner.reminders.models import Outlet, Preference
from planner.reminders.rules import CRISIS_PHONES, Chosen, Due, PersonTime, Reason, Subject
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import EditorialRole, RoleBook

_BACK, _AHEAD = timedelta(days=40), timedelta(days=800)
PERSONAL = "member:"
_NOTHING_CHOSEN = Chosen()


@dataclass(frozen=True)
class Recipient:
    """The person to tell, and why it is them."""

    person: Membership
    why: tuple[Reason, ...]


@dataclass
class House:
    """One workspace during one drain: its calendar, its roles and absences, what its people chose, read once."""

    workspace: Workspace
    calendar: WorkingCalendar
    book: RoleBook[Membership]
    chosen: Mapping[int, Chosen]
    outlets: tuple[Outlet, ...] = ()
    on_duty: int | None = None
    """Whose turn it is today to answer the public."""
    _times: dict[int, PersonTime] = field(default_factory=dict)
    _phones: dict[int, list[tuple[str, Membership]]] = field(default_factory=dict)

    @classmethod
    def read(cls, workspace: Workspace, now: datetime) -> "House":
        today = now.date()
        return cls(
            workspace=workspace,
            calendar=workspaces.working_calendar(workspace, around=[today]),
            book=workspaces.role_book(workspace, day_from=today - _BACK, day_to=today + _AHEAD),
            chosen={
                one.membership_id: one.chosen for one in Preference.objects.filter(membership__workspace=workspace)
            },
            on_duty=workspaces.on_duty(workspace, now.astimezone(ZoneInfo(workspace.time_zone)).date()),
            outlets=tuple(Outlet.objects.filter(workspace=workspace, is_on=True)),
        )

    def today(self, now: datetime) -> date:
        """Absences are days of the workspace's calendar."""
        return now.astimezone(ZoneInfo(self.workspace.time_zone)).date()

    def time_of(self, person: Membership) -> PersonTime:
        """The recipient's own hours: their zone, the days and hours they chose, the holidays, their absences."""
        if person.pk not in self._times:
            chosen = self.choice_of(person)
            self._times[person.pk] = PersonTime(
                zone=person.user.time_zone or self.workspace.time_zone,
                days=chosen.days or self.calendar.days,
                holidays=self.calendar.holidays,
                absences=tuple(
                    (away.starts_on, away.ends_on) for away in self.book.away if away.member_id == person.pk
                ),
                quiet_from=chosen.quiet_from,
                quiet_to=chosen.quiet_until,
                on_duty=person.pk == self.on_duty,
            )
        return self._times[person.pk]

    def choice_of(self, person: Membership) -> Chosen:
        return self.chosen.get(person.pk, _NOTHING_CHOSEN)

    def phones(self, reader: Membership) -> list[tuple[str, Membership]]:
        """Whom to ring in a crisis, with their roles: those who left a number, without the reader."""
        if reader.pk not in self._phones:
            self._phones[reader.pk] = self._phones_for(reader)
        return self._phones[reader.pk]

    def _phones_for(self, reader: Membership) -> list[tuple[str, Membership]]:
        first = [(str(role), self.book.first(role)) for role in CRISIS_PHONES]
        found = [(role, person) for role, person in first if person and person.user.phone and person.pk != reader.pk]
        return [one for place, one in enumerate(found) if one[1].pk not in {other.pk for _role, other in found[:place]}]

    def recipient(self, row: Due, subject: Subject, day: date) -> Recipient | None:
        """The person to tell on `day`, or nobody when the one who was written to has left."""
        if row.addressee.startswith(PERSONAL):
            person = self.book.people.get(int(row.addressee.removeprefix(PERSONAL)))
            why: Reason = row.reason[0] if row.profile and row.reason else {"code": "personal"}  # a digest says its own
            return self._present(person, self._seconds_of(person), day, why) if person else None
        person = subject.person(row.addressee)
        role = row.addressee if row.addressee not in ("owner", "second") else str(getattr(subject, "role", ""))
        if person is None or person.pk not in self.book.people:
            why = {"code": "left", "name": str(person)} if person else {"code": "vacant", "role": role}
            other = self.book.resolve(role or EditorialRole.EDITOR, day).member
            return Recipient(other, (why,)) if other else None
        return self._present(person, self._line(row, subject, person, role), day, self._why(row, role))

    def _why(self, row: Due, role: str) -> Reason:
        if row.addressee in ("owner", "second"):
            return {"code": row.addressee}
        is_vacant = role in EditorialRole.values and self.book.first(role) is None
        return {"code": "vacant" if is_vacant else "role", "role": role}

    def _line(self, row: Due, subject: Subject, person: Membership, role: str) -> Iterator[Membership | None]:
        """Who stands in, in order: the subject's own second, the role's, the editor, a manager."""
        if row.addressee == "owner":
            yield subject.person("second")
        for second in self.book.assigned:
            if second.role == role and second.person_id == person.pk:
                yield self.book.people.get(second.second_id or 0)
        yield from self._anybody()

    def _seconds_of(self, person: Membership | None) -> Iterator[Membership | None]:
        for entry in self.book.assigned:
            if person is not None and entry.person_id == person.pk:
                yield self.book.people.get(entry.second_id or 0)
        yield from self._anybody()

    def _anybody(self) -> Iterator[Membership | None]:
        yield from self.book.holders(EditorialRole.EDITOR)
        yield self.book.second(EditorialRole.EDITOR)
        yield from map(self.book.people.get, self.book.managers)

    def _present(self, person: Membership, line: Iterator[Membership | None], day: date, why: Reason) -> Recipient:
        """The person, or the first of the line who is there; when everybody is away, the person, on their return."""
        if not self.book.is_absent(person.pk, day):
            return Recipient(person, (why,))
        for other in line:
            if other is not None and other.pk in self.book.people and not self.book.is_absent(other.pk, day):
                return Recipient(other, ({"code": "absent", "name": str(person)},))
        return Recipient(person, (why,))

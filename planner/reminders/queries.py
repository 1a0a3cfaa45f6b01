"""Reading reminders, notices and deliveries."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

from planner.reminders.rules import OPEN_STATES, DeliveryStatus, State

if TYPE_CHECKING:
    from planner.reminders.models import Delivery, Errand, Notice, Reminder
    from planner.workspaces.models import Membership, Workspace


def _written_out(table: str, states: Iterable[str]) -> RawSQL:
    """The condition of a partial index, word for word: with parameters SQLite does not recognise it."""
    listed = ", ".join(f"'{state}'" for state in states)
    return RawSQL(f'"{table}"."state" IN ({listed})', (), output_field=models.BooleanField())


def _watched() -> RawSQL:
    return _written_out("planner_delivery", (DeliveryStatus.SENDING.value, DeliveryStatus.UNKNOWN.value))


@models.ForeignKey.register_lookup
@models.BigAutoField.register_lookup
@models.PositiveBigIntegerField.register_lookup
class Among(models.Lookup):
    """`pk__among=ids`: as `pk__in` for a set of numbers, written out. Django handles each of two hundred parameters
    several times in each statement, which was a tenth of a drain."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        column, params = self.process_lhs(compiler, connection)
        if not self.rhs:
            raise EmptyResultSet
        return f"{column} IN ({', '.join(str(int(number)) for number in self.rhs)})", tuple(params)


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def open(self) -> "ReminderQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def due(self, now: datetime) -> "ReminderQuerySet":
        """What a drain may claim."""
        return self.filter(_written_out("planner_reminder", OPEN_STATES), next_at__lte=now)

    def about(self, subject_type_id: int, subject_ids: Iterable[int]) -> "ReminderQuerySet":
        return self.filter(subject_type=subject_type_id, subject_id__among=set(subject_ids))

    def settled(self) -> "ReminderQuerySet":
        """Over: nothing will ever come of these, unless somebody asks. A paused row is not over."""
        return self.exclude(state__in=(*OPEN_STATES, State.PAUSED)).filter(settled_at__isnull=False)

    def not_told(self) -> "ReminderQuerySet":
        """Given up or missed: listed, because nobody got them."""
        return self.filter(_written_out("planner_reminder", (State.DEAD.value, State.MISSED.value)))


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, member: "Membership") -> "NoticeQuerySet":
        return self.filter(recipient=member)

    def waiting(self, now: datetime) -> "NoticeQuerySet":
        return self.filter(done_at__isnull=True).exclude(snoozed_until__gt=now)

    def snoozed(self, now: datetime) -> "NoticeQuerySet":
        return self.filter(done_at__isnull=True, snoozed_until__gt=now)

    def done(self) -> "NoticeQuerySet":
        return self.filter(done_at__isnull=False)

    def unread_count(self, member: "Membership", now: datetime) -> int:
        """For the mark beside the inbox."""
        return self.of(member).waiting(now).count()


class ErrandQuerySet(models.QuerySet["Errand"]):
    def due(self, now: datetime) -> "ErrandQuerySet":
        """What may be carried: waiting, for an outlet that is switched on."""
        waiting = (DeliveryStatus.PENDING, DeliveryStatus.FAILED)
        return self.filter(next_at__lte=now, state__in=waiting, outlet__is_on=True)

    def needing_somebody(self) -> "ErrandQuerySet":
        """Given up, or in doubt."""
        return self.filter(state__in=(DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN), next_at__isnull=True)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def in_doubt(self) -> "DeliveryQuerySet":
        return self.filter(_watched(), state=DeliveryStatus.UNKNOWN)

    def of_workspace(self, workspace: "Workspace") -> "DeliveryQuerySet":
        return self.filter(reminder__workspace=workspace)

    def log(
        self, *, state: str, person: "Membership | None", first: date | None, last: date | None, zone: tzinfo
    ) -> "DeliveryQuerySet":
        """The latest first; the days, both included, are those of `zone`."""
        rows = self.order_by("-at", "-id")
        if state:
            rows = rows.filter(state=state)
        if person is not None:
            rows = rows.filter(recipient=person)
        if first is not None:
            rows = rows.filter(at__gte=datetime.combine(first, time.min, tzinfo=zone))
        if last is not None:
            rows = rows.filter(at__lt=datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone))
        return rows

    def with_cards(self) -> "DeliveryQuerySet":
        """Each with its person, and with `card`: what the notice of the same reminder says."""
        said = apps.get_model("planner", "Notice")._default_manager.filter(
            reminder=models.OuterRef("reminder"), recipient=models.OuterRef("recipient")
        )
        return self.select_related("recipient__user").annotate(card=models.Subquery(said.values("card")[:1]))

    def stuck(self, before: datetime) -> "DeliveryQuerySet":
        """Leaving since before that instant: whoever was sending it has died."""
        return self.filter(_watched(), state=DeliveryStatus.SENDING, at__lt=before)

"""Whatever happens to a work, nobody is told twice, at night, or once it is done; every step has its end."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.posts.models import Placement, Post
from planner.reminders import operations as reminders
from planner.reminders import rules
from planner.reminders.models import Delivery, Notice, Reminder
from planner.reminders.rules import State
from planner.work.models import WorkItem
from planner.workspaces.models import Absence, HolidayChange, RoleAssignment
from tests.reminders.conftest import PROFILES

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)  # the week before clocks go forward
ENDS = {State.SENT, State.COLLAPSED, State.MISSED, State.CANCELLED, State.SUPERSEDED, State.DEAD}
HOURS = st.integers(1, 20 * 24)
EVENTS = st.tuples(HOURS, st.sampled_from(["move", "move-back", "complete", "reopen", "hold", "release", "fail"]))


@pytest.fixture
def people(workspace, member, colleague, manager):
    for person, role in ((colleague, "editor"), (manager, "approver"), (colleague, "crisis_deputy")):
        RoleAssignment.objects.create(workspace=workspace, role=role, person=person)


class Undo(Exception):
    """Ends an example: the database is as before it."""


@settings(max_examples=8, suppress_health_check=list(HealthCheck))  # each example undoes what it wrote
@given(
    slug=st.sampled_from(sorted(PROFILES)),
    due=st.integers(-24, 10 * 24),
    zone=st.sampled_from(["Europe/Paris", "America/Toronto", "Pacific/Auckland"]),
    away=st.none() | st.tuples(st.integers(0, 20), st.integers(0, 10)),
    holiday=st.integers(0, 25),
    events=st.lists(EVENTS, max_size=5),
    every=st.sampled_from([1, 3, 7]),
)
def test_every_step_is_told_once_or_ends_with_a_reason(
    people, workspace, member, post, channel, make_item, office, slug, due, zone, away, holiday, events, every
):
    try:
        with transaction.atomic():
            Placement.objects.create(post=post, workspace=workspace, channel=channel)
            story = Story(workspace, member, post, make_item, type(office)(), slug, START + timedelta(hours=due), zone)
            if away:
                first = START.date() + timedelta(days=away[0])
                Absence.objects.create(membership=member, starts_on=first, ends_on=first + timedelta(days=away[1]))
            HolidayChange.objects.create(workspace=workspace, day=START.date() + timedelta(days=holiday), name="x")
            story.live(sorted(events), every)
            story.check()
            raise Undo
    except Undo:
        return


class Story:
    """One work through some weeks: its events, and drains every few hours."""

    def __init__(self, workspace, member, post, make_item, office, slug, due, zone) -> None:
        self.workspace, self.post, self.office, self.slug = workspace, post, office, slug
        member.user.time_zone = zone
        member.user.save()
        self.first = self.due = due
        self.item = make_item(owner=member, due_at=due)
        self.done_at: datetime | None = None
        self.held: list[tuple[datetime, datetime | None]] = []
        lasts = timedelta(days=1) if slug == "e-crisis" else timedelta(days=35)  # each quarter of an hour for ever
        self.until = max(due, START) + lasts
        self.schedule(START)

    def live(self, events, every: int) -> None:
        """Each drain comes up to `every` hours after the next row falls due or the next thing happens."""
        at, until = START, self.until
        while at < until:
            coming = [START + timedelta(hours=hours) for hours, _name in events[:1]]
            coming += Reminder.objects.open().order_by("next_at").values_list("next_at", flat=True)[:1]
            at = max(min(coming, default=until), at) + timedelta(hours=every)
            while events and START + timedelta(hours=events[0][0]) <= at:
                getattr(self, events.pop(0)[1].replace("-", "_"))(at)
            reminders.tick(now=at, send=lambda: None)
            reminders.drain(clock=lambda at=at: at, transport=self.office)

    def schedule(self, now) -> None:
        wanted = reminders.Wanted(self.item, self.post, PROFILES[self.slug], self.slug, self.due)
        reminders.schedule_many(workspace=self.workspace, wanted=[wanted], now=now)

    def move(self, now, to: datetime | None = None) -> None:
        if self.done_at is None:
            self.due = to or self.due + timedelta(days=2)
            WorkItem.objects.filter(pk=self.item.pk).update(due_at=self.due)
            reminders.supersede(subjects=[self.item], now=now)
            self.schedule(now)

    def move_back(self, now) -> None:
        self.move(now, self.first)

    def complete(self, now) -> None:
        if self.done_at is None:
            self.done_at = now
            WorkItem.objects.filter(pk=self.item.pk).update(state="done", done_at=now)
            reminders.cancel(subjects=[self.item], reason="done", now=now)

    def reopen(self, now) -> None:
        if self.done_at is not None:
            self.done_at = None
            WorkItem.objects.filter(pk=self.item.pk).update(state="open", done_at=None)
            self.schedule(now)

    def hold(self, now) -> None:
        if not self.held or self.held[-1][1] is not None:
            self.held.append((now, None))
        Placement.objects.filter(post=self.post).update(held_at=now)
        reminders.pause_groups(groups=Post.objects.filter(pk=self.post.pk), now=now)

    def release(self, now) -> None:
        if self.held and self.held[-1][1] is None:
            self.held[-1] = (self.held[-1][0], now)
        Placement.objects.filter(post=self.post).update(held_at=None)
        reminders.resume_groups(groups=Post.objects.filter(pk=self.post.pk), now=now)

    def fail(self, now) -> None:
        self.office.answers.append(OSError("broken"))

    def check(self) -> None:
        assert len(self.office.sent) == len(set(self.office.sent)), "the same message twice"
        assert Delivery.objects.count() == Delivery.objects.values("reminder", "recipient").distinct().count()
        for notice in Notice.objects.select_related("recipient__user", "reminder"):
            self.check_hour(notice)
        if self.done_at is not None:
            assert not Notice.objects.filter(born_at__gt=self.done_at, reminder__profile=self.slug).exists()
        for row in Reminder.objects.exclude(state__in=(State.PENDING, State.PAUSED)):
            assert row.state in ENDS, row.state
            assert row.reason or row.state == State.SENT, f"{row} ends without a reason"
        self.check_silence()
        self.check_waiting()

    def check_silence(self) -> None:
        for since, until in self.held:
            told = Notice.objects.filter(born_at__gt=since, born_at__lt=until or self.until + timedelta(days=1))
            assert not told.exclude(reminder__profile="").exists(), "told under a hold"

    def check_hour(self, notice) -> None:
        if notice.reminder.quiet == "never":
            return
        here = notice.born_at.astimezone(ZoneInfo(notice.recipient.user.time_zone or self.workspace.time_zone))
        assert rules.QUIET_TO <= here.time() < rules.QUIET_FROM, here
        assert here.weekday() < 5, here
        closed = HolidayChange.objects.filter(day=here.date()).exists()
        assert not closed, here
        assert not Absence.objects.filter(
            membership=notice.recipient, starts_on__lte=here.date(), ends_on__gte=here.date()
        ).exists()

    def check_waiting(self) -> None:
        """What still waits after all that time is held, or comes again."""
        for row in Reminder.objects.filter(state=State.PENDING):
            assert "every" in (row.details or {}) or row.due_at > self.until - timedelta(days=4), row


# ---- clocks


def plan(make_item, schedule, many: int, due_at: datetime, profile: str = "e-std"):
    items = [make_item(due_at=due_at) for _n in range(many)]
    schedule(*items, profile=profile)
    return items


DUE = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)
AHEAD = datetime(2026, 4, 28, 7, 0, tzinfo=UTC)


def test_a_clock_that_stands_still_delivers_all_and_ends(make_item, schedule, drain, office):
    plan(make_item, schedule, 7, DUE)
    for _again in range(3):
        drain(AHEAD, batch=2)
    assert len(office.sent) == len(set(office.sent)) == 7


def test_a_clock_that_jumps_back_an_hour_tells_nobody_twice(make_item, schedule, drain, office):
    """In the middle of a batch, then once more from the earlier hour on."""
    plan(make_item, schedule, 6, DUE)
    hours = iter([AHEAD, AHEAD, AHEAD, AHEAD - timedelta(hours=1)])
    last = AHEAD - timedelta(hours=1)
    reminders.drain(clock=lambda: next(hours, last), transport=office, batch=3)
    for minute in range(0, 130, 5):
        drain(last + timedelta(minutes=minute))
    assert len(office.sent) == len(set(office.sent)) == 6
    assert set(Reminder.objects.filter(step="ahead").values_list("state", flat=True)) == {State.SENT}


def test_a_lease_taken_before_the_clock_jumped_back_ends_by_itself(make_item, schedule, drain, office):
    plan(make_item, schedule, 2, DUE)
    assert reminders.claim_due(now=AHEAD, channel="email", houses={}).jobs
    drain(AHEAD - timedelta(hours=1))
    assert office.sent == []
    drain(AHEAD + timedelta(minutes=2))
    assert len(office.sent) == len(set(office.sent)) == 2


@pytest.mark.parametrize("monday", [date(2026, 3, 30), date(2026, 10, 26)])
def test_a_reminder_of_the_monday_after_a_change_of_clocks_comes_at_nine(make_item, schedule, drain, monday):
    due = datetime(monday.year, monday.month, monday.day, 15, 0, tzinfo=UTC)
    schedule(make_item(due_at=due), at=due - timedelta(days=6))
    at = due - timedelta(days=5)
    while at < due:
        drain(at)
        at += timedelta(minutes=15)
    notice = Notice.objects.get(reminder__step="due-day")
    assert notice.born_at.astimezone(ZoneInfo("Europe/Paris")).strftime("%a %H:%M") == "Mon 09:00"
    assert Notice.objects.count() == 2

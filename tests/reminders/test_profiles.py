"""The bundled profiles as people feel them: who is told what, when, and who is given what is needed to call."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.worktime import WorkingCalendar
from planner.reminders import operations as reminders
from planner.reminders import rules
from planner.reminders.models import Notice, Reminder
from planner.reminders.rules import State
from planner.work.models import WorkItem
from planner.workspaces.models import RoleAssignment
from tests.reminders.conftest import PROFILES

PARIS = WorkingCalendar(zone="Europe/Paris")
NIGHT = datetime(2026, 4, 27, 22, 0, tzinfo=UTC)  # midnight in Paris


def minutes(many: float) -> datetime:
    return NIGHT + timedelta(minutes=many)


@pytest.fixture
def cell(workspace, member, colleague, manager):
    """Inès leads, Karim is the deputy, Maud is the director; two of them left a number."""
    for person, role in ((member, "crisis_lead"), (colleague, "crisis_deputy"), (manager, "approver")):
        RoleAssignment.objects.create(workspace=workspace, role=role, person=person)
    for person, phone in ((member, "+33 6 00 00 00 01"), (colleague, "+33 6 00 00 00 02")):
        person.user.phone = phone
        person.user.save()


@pytest.fixture
def crisis(cell, make_item, schedule):
    """Work of the crisis lead, due in thirty minutes, in the middle of the night."""
    item = make_item(due_at=minutes(30), role="crisis_lead")
    schedule(item, profile="e-crisis", at=NIGHT)
    return item


def run_until(drain, last: float, step: int = 5) -> None:
    for minute in range(0, int(last) + 1, step):
        drain(minutes(minute))


def when_told() -> list[tuple[int, str, str]]:
    notices = Notice.objects.order_by("id").select_related("recipient__user", "reminder")
    return [
        (int((one.born_at - NIGHT).total_seconds() // 60), str(one.recipient).split()[0], one.reminder.step)
        for one in notices
    ]


# ---- crisis


def test_a_crisis_tells_by_night_until_somebody_answers_and_gives_the_next_ones_what_to_call(crisis, drain):
    run_until(drain, 90)
    assert when_told() == [
        (0, "Inès", "opening"), (20, "Inès", "ahead"), (30, "Inès", "due"), (40, "Karim", "deputy-calls"),
        (45, "Inès", "again"), (50, "Maud", "approver-calls"), (60, "Inès", "again"), (75, "Karim", "again"),
        (90, "Inès", "again"),
    ]  # fmt: skip


def test_the_third_message_is_a_call_card_with_the_number_and_what_to_ask(crisis, drain):
    run_until(drain, 75)
    card = Notice.objects.get(reminder__addressee="crisis_deputy", reminder__step="again").card["en"]
    assert card["call"] == {
        "name": "Inès Marchetti", "phone": "+33 6 00 00 00 01",
        "ask": "Have you seen the message? Is it done, or who can do it now?",
    }  # fmt: skip
    assert card["note"] == "Two messages without an answer: call"


def test_numbers_stand_first_without_the_readers_own(crisis, drain):
    drain(NIGHT)
    card = Notice.objects.get().card["en"]
    assert card["phones"] == [{"role": "Crisis deputy", "name": "Karim Belhadj", "phone": "+33 6 00 00 00 02"}]


def test_saying_that_one_takes_care_of_it_stops_it_for_everybody(crisis, drain, colleague):
    run_until(drain, 40)
    notice = Notice.objects.get(recipient=colleague)
    reminders.mark_done(notice=notice, actor=colleague, now=minutes(41))
    before = Notice.objects.count()
    run_until(drain, 300)
    assert Notice.objects.count() == before
    stopped = Reminder.objects.get(step="again")
    assert stopped.state == State.CANCELLED
    assert rules.sentence(stopped.reason, "en") == "Karim Belhadj said that they take care of it."


def test_putting_the_first_message_away_does_not_silence_what_comes_once_the_work_is_late(crisis, drain, member):
    drain(NIGHT)
    reminders.mark_done(notice=Notice.objects.get(), actor=member, now=minutes(1))
    run_until(drain, 45)
    assert [step for _at, _who, step in when_told()] == ["opening", "ahead", "due", "deputy-calls", "again"]


def test_finished_work_is_silent(crisis, drain):
    run_until(drain, 45)
    WorkItem.objects.update(state="done", done_at=minutes(46))
    before = Notice.objects.count()
    run_until(drain, 200)
    assert Notice.objects.count() == before
    assert not Reminder.objects.open().exists()


def test_an_outage_does_not_pour_out_each_quarter_of_an_hour(crisis, drain):
    run_until(drain, 45)
    drain(minutes(400))
    told = [step for at, who, step in when_told() if at == 400 and who == "Inès"]
    assert told == ["again"]
    assert Reminder.objects.open().get().due_at > minutes(400)


def test_a_turn_told_late_is_told_once_whoever_plans_it(cell, make_item, schedule, drain):
    """Planned when it was late already: the turn to come is planned once."""
    item = make_item(due_at=minutes(0), role="crisis_lead")
    schedule(item, profile="e-crisis", at=minutes(50))
    run_until(drain, 90)
    hours = [at for at, who, _step in when_told() if who == "Inès"]
    assert len(hours) == len(set(hours))


# ---- a leader's week


@pytest.fixture
def week(make_item, schedule, now):
    """Due on Friday at 17:00, planned on Monday morning before the message."""
    lines = [{"fr": f"Proposition {n}", "en": f"Suggestion {n}"} for n in range(1, 6)]
    item = make_item(due_at=datetime(2026, 5, 1, 15, 0, tzinfo=UTC), checklist=lines)
    WorkItem.objects.update(profile="e-exec")
    schedule(item, profile="e-exec", at=datetime(2026, 4, 27, 5, 0, tzinfo=UTC))
    return item


MONDAY = datetime(2026, 4, 27, 6, 30, tzinfo=UTC)
THURSDAY = datetime(2026, 4, 30, 6, 30, tzinfo=UTC)


def test_a_leader_gets_three_suggestions_on_monday_and_one_more_message_on_thursday(week, drain, told):
    drain(MONDAY)
    assert Notice.objects.get().card["en"]["lines"] == ["Suggestion 1", "Suggestion 2", "Suggestion 3"]
    drain(THURSDAY)
    drain(THURSDAY + timedelta(days=20))
    assert told() == [("Inès Marchetti", "monday"), ("Inès Marchetti", "thursday")]


def test_thursday_is_silent_once_something_is_done(week, drain, told):
    drain(MONDAY)
    WorkItem.objects.update(ticked=[0])
    drain(THURSDAY)
    assert told() == [("Inès Marchetti", "monday")]
    assert Reminder.objects.get(step="thursday").state == State.CANCELLED


# ---- what lasts


def test_what_lasts_is_asked_weekly_then_by_phone_then_of_the_editor_each_week(
    workspace, colleague, make_item, schedule, drain, told
):
    RoleAssignment.objects.create(workspace=workspace, role="editor", person=colleague)
    due = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)
    schedule(make_item(due_at=due), profile="e-evg")
    for day in range(80):
        drain(datetime(2026, 5, 11, 7, 0, tzinfo=UTC) + timedelta(days=day))
    assert [step for _who, step in told()] == [
        "ahead", "due-day", "week-1", "week-2", "editor-calls", "editor-chooses", "editor-chooses", "editor-chooses",
        "editor-chooses", "editor-chooses",
    ]  # fmt: skip
    last = Notice.objects.order_by("-id").first()
    assert last.card["en"]["lines"] == [
        "Refresh: correct it, and date the next review", "Keep it, with a written reason",
        "Retire it, and say where to go instead",
    ]  # fmt: skip


# ---- as they are written down


@pytest.mark.parametrize(
    ("slug", "quiet", "digest"),
    [
        ("e-std", "always", True), ("e-legal", "always", False), ("e-ans", "unless-on-duty", False),
        ("e-long", "always", True), ("e-evg", "always", True), ("e-exec", "always", False),
        ("e-crisis", "never", False),
    ],
)  # fmt: skip
def test_who_may_be_told_at_any_hour_and_what_may_join_a_digest(slug, quiet, digest):
    assert (rules.quiet_of(PROFILES[slug]), PROFILES[slug]["digest"]) == (quiet, digest)


@given(
    turn=st.integers(0, 40),
    minutes_later=st.integers(0, 10_000),
    every=st.sampled_from(["+15min", "+2h", "+1d@09:00", "+5wd@09:00"]),
)
def test_turns_always_go_forward_and_each_third_is_a_card(turn, minutes_later, every):
    details = {"every": every, "to": "owner", "title": {"fr": "a", "en": "a"}, "up": ["editor", "approver"]}
    after = NIGHT + timedelta(minutes=minutes_later)
    found = rules.asked_next(details, occurrence=turn, due_at=NIGHT, after=after, calendar=PARIS)
    assert found.due_at > after
    assert found.occurrence > turn
    assert (found.mode == "call-card") == (found.occurrence % 3 == 2) == (found.addressee != "owner")

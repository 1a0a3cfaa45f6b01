"""What only people decide: doubts, another try, a pause; and what people do with their own inbox."""

from datetime import UTC, date, datetime, timedelta

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.history.models import Entry
from planner.reminders import operations as reminders
from planner.reminders.models import Delivery, DeliveryState, Notice, Reminder
from planner.reminders.rules import DeliveryStatus, State
from planner.reminders.transports import TransportError, Uncertain

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)
AHEAD = datetime(2026, 4, 28, 7, 0, tzinfo=UTC)
LATER = AHEAD + timedelta(hours=1)


@pytest.fixture
def planned(make_item, schedule):
    item = make_item(due_at=DUE)
    schedule(item)
    return item


@pytest.fixture
def doubt(planned, drain, office) -> Delivery:
    office.answers = [Uncertain("cut")]
    drain(AHEAD)
    return Delivery.objects.in_doubt().get()


@pytest.fixture
def dead(planned, drain, office) -> Reminder:
    office.answers = [TransportError("550 no such user", permanent=True)]
    drain(AHEAD)
    return Reminder.objects.not_told().get()


@pytest.fixture
def notice(planned, drain) -> Notice:
    drain(AHEAD)
    return Notice.objects.get()


# ---- doubts


def test_a_manager_says_that_the_message_arrived(doubt, manager, drain, office):
    reminders.settle_unknown(delivery=doubt, actor=manager, outcome="it-went", now=LATER)
    drain(LATER)
    assert office.sent == []
    doubt.refresh_from_db()
    assert doubt.state == DeliveryStatus.SENT and doubt.reason == [{"code": "it-went", "name": "Maud Gérante"}]
    assert Entry.objects.get(verb="delivery.settled").actor == manager.user


def test_a_manager_has_it_sent_again_once_under_the_same_message_id(doubt, manager, drain, office):
    reminders.settle_unknown(delivery=doubt, actor=manager, outcome="send-again", now=LATER)
    drain(LATER)
    drain(LATER)
    assert office.sent == [doubt.message_id]
    assert Notice.objects.count() == 1


def test_two_managers_settle_a_doubt_once(doubt, manager):
    for outcome in ("send-again", "it-went"):
        reminders.settle_unknown(delivery=doubt, actor=manager, outcome="it-went", now=LATER)
        with pytest.raises((Stale, Refused)):
            reminders.settle_unknown(delivery=doubt, actor=manager, outcome=outcome, now=LATER)
        Delivery.objects.update(state=DeliveryStatus.UNKNOWN)


def test_what_is_no_longer_needed_is_not_sent_again(doubt, manager):
    Reminder.objects.filter(pk=doubt.reminder_id).update(state=State.SUPERSEDED)
    with pytest.raises(Refused):
        reminders.settle_unknown(delivery=doubt, actor=manager, outcome="send-again", now=LATER)
    doubt.refresh_from_db()
    assert doubt.state == DeliveryStatus.UNKNOWN


def test_only_a_manager_of_the_same_workspace_decides(doubt, member, outsider):
    with pytest.raises(NotAllowed):
        reminders.settle_unknown(delivery=doubt, actor=member, outcome="it-went", now=LATER)
    with pytest.raises(NotFound):
        reminders.settle_unknown(delivery=doubt, actor=outsider, outcome="it-went", now=LATER)


def test_an_outcome_of_another_kind_is_refused(doubt, manager):
    with pytest.raises(Invalid):
        reminders.settle_unknown(delivery=doubt, actor=manager, outcome="perhaps", now=LATER)


# ---- given up, missed


def test_what_was_given_up_gets_another_try(dead, manager, drain, office):
    assert dead.state == State.DEAD
    reminders.retry_dead(reminder=dead, actor=manager, now=LATER)
    drain(LATER)
    assert len(office.sent) == 1
    assert not Reminder.objects.not_told().exists()


def test_what_was_missed_may_be_told_after_all(planned, manager, drain, office):
    Reminder.objects.exclude(step="ahead").delete()
    after = AHEAD + timedelta(hours=30)
    drain(after)
    missed = Reminder.objects.not_told().get()
    assert missed.state == State.MISSED
    reminders.retry_dead(reminder=missed, actor=manager, now=after)
    drain(after)
    assert len(office.sent) == 1


def test_a_planner_does_not_ask_for_another_try(dead, member):
    with pytest.raises(NotAllowed):
        reminders.retry_dead(reminder=dead, actor=member, now=LATER)


# ---- pause


def test_while_delivery_is_paused_nobody_is_told_and_then_everybody(planned, manager, drain, told):
    reminders.pause_delivery(actor=manager, reason="The mail server moves.", now=AHEAD)
    assert drain(AHEAD).is_paused and told() == []
    assert reminders.tick(now=AHEAD, send=lambda: None) == 0
    reminders.resume_delivery(actor=manager, now=LATER)
    drain(LATER)
    assert len(told()) == 1
    assert set(Entry.objects.values_list("verb", flat=True)) == {"delivery.paused", "delivery.resumed"}


def test_a_pause_during_a_drain_stops_it_after_the_batch(make_item, schedule, manager, drain, office, told):
    schedule(*[make_item(due_at=DUE) for _n in range(4)])
    deliver = office.send

    def send(message):
        if not office.sent:
            reminders.pause_delivery(actor=manager, reason="Stop.", now=AHEAD)
        deliver(message)

    office.send = send
    assert drain(AHEAD, batch=2).is_paused
    assert len(told()) == 2


def test_a_pause_has_a_reason_and_a_manager(manager, member, db):
    with pytest.raises(Invalid):
        reminders.pause_delivery(actor=manager, reason=" ", now=AHEAD)
    with pytest.raises(NotAllowed):
        reminders.pause_delivery(actor=member, reason="No.", now=AHEAD)
    with pytest.raises(Stale):
        reminders.resume_delivery(actor=manager, now=AHEAD)


def test_the_product_pauses_itself_after_a_restore_paused_before_or_not(manager, db):
    reminders.pause_delivery(actor=manager, reason="The first reason.", now=AHEAD)
    reminders.pause_delivery(actor=None, reason="Restored.", now=LATER)
    state = DeliveryState.objects.get()
    assert (state.paused_at, state.pause_reason) == (AHEAD, "The first reason.")


# ---- one's own inbox


def test_a_reminder_put_away_leaves_the_list(notice, member):
    reminders.mark_done(notice=notice, actor=member, now=LATER)
    assert Notice.objects.unread_count(member, LATER) == 0
    with pytest.raises(Stale):
        reminders.mark_done(notice=notice, actor=member, now=LATER)


def test_a_reminder_put_off_comes_back_at_nine_of_that_day_as_new(notice, member):
    reminders.mark_seen(actor=member, now=LATER)
    reminders.snooze(notice=notice, actor=member, until=date(2026, 5, 4), now=LATER)
    back_at = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
    assert Notice.objects.unread_count(member, back_at - timedelta(seconds=1)) == 0
    assert Notice.objects.of(member).waiting(back_at).get().seen_at is None


def test_nine_is_nine_where_the_person_is(notice, member):
    member.user.time_zone = "America/Toronto"
    back = reminders.snooze(notice=notice, actor=member, until=date(2026, 5, 4), now=LATER)
    assert back.snoozed_until == datetime(2026, 5, 4, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize("until", [date(2026, 4, 28), date(2026, 4, 1), date(2028, 1, 1)])
def test_a_reminder_is_put_off_to_a_day_to_come_within_a_year(notice, member, until):
    with pytest.raises(Invalid):
        reminders.snooze(notice=notice, actor=member, until=until, now=LATER)


def test_what_was_put_off_or_away_is_taken_back(notice, member):
    reminders.mark_done(notice=notice, actor=member, now=LATER)
    reminders.bring_back(notice=notice, actor=member, now=LATER)
    assert Notice.objects.unread_count(member, LATER) == 1


def test_nobody_touches_the_inbox_of_somebody_else(notice, manager):
    for act in (
        lambda: reminders.mark_done(notice=notice, actor=manager, now=LATER),
        lambda: reminders.snooze(notice=notice, actor=manager, until=date(2026, 5, 4), now=LATER),
        lambda: reminders.bring_back(notice=notice, actor=manager, now=LATER),
    ):
        with pytest.raises(NotFound):
            act()


def test_reading_all_marks_ones_own_alone(notice, manager, member):
    assert reminders.mark_seen(actor=manager, now=LATER) == 0
    assert reminders.mark_seen(actor=member, now=LATER) == 1


# ---- health


def test_health_says_how_long_something_waits(planned, drain):
    reminders.tick(now=AHEAD, send=lambda: None)
    health = reminders.health(now=AHEAD + timedelta(seconds=90))
    assert (health.tick_age, health.overdue) == (90, 90)
    assert health.problems == ["old-tick", "overdue"]
    later = AHEAD + timedelta(seconds=90)
    reminders.tick(now=later, send=lambda: drain(later))
    assert reminders.health(now=later).problems == []


def test_health_takes_few_statements(planned, django_assert_num_queries):
    with django_assert_num_queries(5):
        reminders.health(now=AHEAD)

"""Delivering: once, to the right person, at the right hour; and what happens when something fails."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from planner.reminders import operations as reminders
from planner.reminders.models import Delivery, DeliveryState, Notice, Reminder
from planner.reminders.rules import MOST_ATTEMPTS, DeliveryStatus, State
from planner.reminders.transports import TransportError, Uncertain, Unreachable
from planner.work.models import WorkItem
from planner.work.rules import WorkState
from planner.workspaces.models import Absence, RoleAssignment

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 4, 27, 8, 0, tzinfo=UTC)
DUE = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)  # Thursday 17:00 in Paris
AHEAD = datetime(2026, 4, 28, 7, 0, tzinfo=UTC)  # Tuesday 09:00 in Paris
DUE_DAY = datetime(2026, 4, 30, 7, 0, tzinfo=UTC)


@pytest.fixture
def planned(make_item, schedule):
    """Work due on Thursday at 17:00, its reminders written on Monday."""
    item = make_item(due_at=DUE)
    schedule(item)
    return item


def row(step: str = "ahead") -> Reminder:
    return Reminder.objects.get(step=step)


def codes(reminder: Reminder) -> list[str]:
    return [reason["code"] for reason in reminder.reason]


# ---- once


def test_nothing_is_told_before_its_hour(planned, drain, office, told):
    drain(AHEAD - timedelta(seconds=1))
    assert told() == [] and office.sent == []


def test_a_due_reminder_reaches_the_inbox_and_leaves_by_mail(planned, drain, office, told, member):
    done = drain(AHEAD)
    assert done.told == 1
    assert told() == [("Inès Marchetti", "ahead")]
    assert office.sent == [f"<reminder-{row().pk}-{member.pk}@127.0.0.1>"]
    assert row().state == State.SENT and codes(row()) == ["owner"]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == (DeliveryStatus.SENT, 1)


def test_the_card_is_kept_in_both_languages(planned, drain):
    drain(AHEAD)
    card = Notice.objects.get().card
    assert "Compost d’hiver" in card["fr"]["what"] and "Winter compost" in card["en"]["what"]
    assert (card["en"]["minutes"], card["en"]["action"], card["en"]["note"]) == (20, "Write", "In two working days")
    assert card["fr"]["link"].startswith("/w/marbourg/")


def test_the_sweep_run_twice_gives_one_message(planned, drain, office, told):
    drain(AHEAD)
    drain(AHEAD)
    assert len(office.sent) == len(told()) == 1


def test_each_step_comes_at_its_own_time(planned, manager, drain, office, told):
    for day in range(8):
        drain(AHEAD + timedelta(days=day))
    assert [step for _who, step in told()] == ["ahead", "due-day", "editor-told", "approver-calls"]
    assert len(office.sent) == 4


def test_completed_work_is_silent(planned, drain, office, told):
    WorkItem.objects.filter(pk=planned.pk).update(state=WorkState.DONE, done_at=MONDAY)
    reminders.cancel(subjects=[planned], reason="done", now=MONDAY)
    drain(AHEAD)
    assert told() == [] and office.sent == []


def test_work_closed_without_a_word_to_this_room_is_silent_too(planned, drain, office, told):
    WorkItem.objects.filter(pk=planned.pk).update(state=WorkState.DROPPED)
    drain(AHEAD)
    assert told() == [] and row().state == State.CANCELLED and codes(row()) == ["closed"]


def test_work_that_no_longer_exists_is_silent(planned, drain, told):
    WorkItem.objects.all().delete()
    drain(AHEAD)
    assert told() == [] and codes(row()) == ["gone"]


def test_without_a_transport_the_inbox_is_enough(planned, drain, told):
    drain(AHEAD, transport=None)
    assert len(told()) == 1 and row().state == State.SENT
    assert not Delivery.objects.exists()


def test_somebody_without_an_address_is_told_in_the_inbox(planned, drain, office, told, member):
    member.user.email = ""
    member.user.save(update_fields=["email"])
    drain(AHEAD)
    assert len(told()) == 1 and office.sent == [] and row().state == State.SENT


# ---- to the right person


def absent(membership, first: date, last: date) -> None:
    Absence.objects.create(membership=membership, starts_on=first, ends_on=last)


def test_the_second_person_is_told_while_the_owner_is_away(planned, drain, told, member, colleague, workspace):
    RoleAssignment.objects.create(workspace=workspace, role="author", person=member, second=colleague)
    absent(member, date(2026, 4, 28), date(2026, 4, 28))
    drain(AHEAD)
    drain(DUE_DAY)
    assert told() == [("Karim Belhadj", "ahead"), ("Inès Marchetti", "due-day")]
    assert codes(row()) == ["absent"] and row().reason[0]["name"] == "Inès Marchetti"


def test_the_editor_is_told_when_the_second_is_away_too(planned, drain, told, member, colleague, manager, workspace):
    RoleAssignment.objects.create(workspace=workspace, role="author", person=member, second=colleague)
    RoleAssignment.objects.create(workspace=workspace, role="editor", person=manager)
    for person in (member, colleague):
        absent(person, date(2026, 4, 28), date(2026, 4, 28))
    drain(AHEAD)
    assert told() == [("Maud Gérante", "ahead")]


def test_when_everybody_is_away_the_owner_is_told_on_return(planned, drain, office, told, member):
    absent(member, date(2026, 4, 28), date(2026, 4, 29))
    drain(AHEAD)
    back = datetime(2026, 4, 30, 6, 31, tzinfo=UTC)  # the count of that morning comes first
    assert told() == [] and row().next_at == back
    drain(back)
    assert told() == [("Inès Marchetti", "ahead")]


def test_an_empty_role_falls_to_a_manager_who_learns_why(planned, drain, told, manager):
    Reminder.objects.exclude(step="editor-told").delete()
    drain(datetime(2026, 5, 4, 7, 0, tzinfo=UTC))
    assert told() == [("Maud Gérante", "editor-told")]
    assert row("editor-told").reason[0] == {"code": "vacant", "role": "editor"}


def test_work_of_somebody_who_left_is_told_to_who_is_there(planned, drain, told, member, manager):
    member.left_at = MONDAY
    member.save(update_fields=["left_at"])
    drain(AHEAD)
    assert told() == [("Maud Gérante", "ahead")]
    assert row().reason[0] == {"code": "left", "name": "Inès Marchetti"}


def test_with_nobody_left_the_row_is_given_up_in_words(planned, drain, told, member):
    member.left_at = MONDAY
    member.save(update_fields=["left_at"])
    drain(AHEAD)
    assert told() == [] and row().state == State.DEAD and codes(row()) == ["nobody"]


def test_a_call_card_says_whom_to_ring(planned, drain, member, manager, workspace):
    member.user.phone = "06 00 00 00 27"
    member.user.save(update_fields=["phone"])
    RoleAssignment.objects.create(workspace=workspace, role="approver", person=manager)
    Reminder.objects.exclude(step="approver-calls").delete()
    drain(datetime(2026, 5, 5, 7, 0, tzinfo=UTC))
    notice = Notice.objects.get()
    assert notice.recipient == manager
    assert notice.card["en"]["call"] == {
        "name": "Inès Marchetti", "phone": "06 00 00 00 27",
        "ask": "What is in the way? What would help? When can it be done?",
    }  # fmt: skip
    assert notice.card["en"]["minutes"] == 0, "the twenty minutes are those of whoever does the work"


# ---- at the right hour


def at_once(person, subject, workspace, now, **fields) -> Reminder:
    return reminders.notify(
        workspace=workspace, subject=subject, group=None, person=person, message={"fr": "À vous", "en": "Yours"},
        actor=None, now=now, **fields,
    )  # fmt: skip


def test_a_message_of_the_night_waits_for_the_morning_and_says_so(item, workspace, member, drain, told):
    night = datetime(2026, 4, 27, 21, 0, tzinfo=UTC)
    at_once(member, item, workspace, night)
    drain(night)
    assert told() == []
    waiting = Reminder.objects.get()
    assert waiting.next_at == datetime(2026, 4, 28, 5, 30, tzinfo=UTC) and codes(waiting)[-1] == "quiet"
    drain(waiting.next_at)
    assert len(told()) == 1
    assert "quiet" in [reason["code"] for reason in Notice.objects.get().card["because"]]


def test_quiet_hours_are_those_of_the_recipient(item, workspace, member, drain, told):
    """23:00 in Paris is 17:00 in Montréal."""
    member.user.time_zone = "America/Toronto"
    member.user.save(update_fields=["time_zone"])
    evening = datetime(2026, 4, 27, 21, 0, tzinfo=UTC)
    at_once(member, item, workspace, evening)
    drain(evening)
    assert len(told()) == 1


def test_a_crisis_message_does_not_wait(item, workspace, member, drain, told):
    night = datetime(2026, 4, 26, 1, 0, tzinfo=UTC)
    at_once(member, item, workspace, night, quiet="never")
    drain(night)
    assert len(told()) == 1


def test_a_weekend_of_quiet_is_no_outage(item, workspace, member, drain, told):
    friday_evening = datetime(2026, 4, 24, 18, 0, tzinfo=UTC)
    at_once(member, item, workspace, friday_evening)
    drain(datetime(2026, 4, 27, 6, 0, tzinfo=UTC))
    assert len(told()) == 1


def test_what_waited_through_an_outage_longer_than_the_grace_is_missed_and_listed(planned, drain, office, told):
    Reminder.objects.exclude(step="ahead").delete()
    drain(AHEAD + timedelta(hours=25))
    assert told() == [] and office.sent == []
    assert row().state == State.MISSED and Reminder.objects.not_told().get() == row()


def test_within_the_grace_it_is_told_late(planned, drain, told):
    drain(AHEAD + timedelta(hours=8))
    assert len(told()) == 1


def notes() -> dict[str, str]:
    card = Notice.objects.latest("pk").card
    return {language: card[language]["note"] for language in ("fr", "en")}


def test_told_on_another_day_than_it_was_written_for_it_names_the_date(planned, drain, settings):
    settings.REMINDER_GRACE_HOURS = 48
    drain(AHEAD + timedelta(hours=24))
    assert notes() == {"fr": "Pour le jeudi 30 avril, 17\u00a0h", "en": "Due on Thursday 30 April, 17:00"}


def test_told_after_the_hour_of_the_work_it_does_not_say_today(make_item, schedule, drain, now):
    schedule(make_item(due_at=now - timedelta(days=3)))
    drain(now)
    assert notes()["en"] == "Was due on Friday 24 April, 10:00"


# ---- told together


def test_steps_that_all_passed_collapse_into_the_last_for_each_person(planned, drain, told, settings):
    settings.REMINDER_GRACE_HOURS = 24 * 30
    drain(DUE_DAY + timedelta(hours=1))
    assert told() == [("Inès Marchetti", "due-day")]
    assert row("ahead").state == State.COLLAPSED and codes(row("ahead")) == ["told-together"]


def test_a_compressed_schedule_is_one_mail_to_each_person(make_item, colleague, schedule, office, drain, told, now):
    """Eight pieces of work due at once are eight lines of an inbox, and one mail that names them all."""
    mine = [make_item(due_at=now) for _n in range(3)]
    schedule(*mine, make_item(due_at=now, owner=colleague))
    assert drain(now).told == 4
    assert sorted(who for who, _step in told()) == ["Inès Marchetti"] * 3 + ["Karim Belhadj"]
    assert sorted(office.people) == ["Inès Marchetti", "Karim Belhadj"]
    gathered = next(message for message in office.messages if str(message.recipient) == "Inès Marchetti")
    links = [gathered.card["fr"]["link"], *(other["fr"]["link"] for other in gathered.card["also"])]
    assert sorted(links) == sorted(item.link for item in mine)
    assert drain(now).told == 0


def test_a_gathered_mail_that_fails_says_the_same_at_its_next_try(make_item, schedule, office, drain, now):
    schedule(*(make_item(due_at=now) for _n in range(3)))
    office.answers = [TransportError("450 later")]
    drain(now)
    assert office.messages == []
    drain(now + timedelta(minutes=10))
    (mail,) = office.messages
    assert len(mail.card["also"]) == 2


def test_ordinary_reminders_of_one_post_stay_apart(make_item, schedule, office, drain):
    due = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)
    schedule(make_item(due_at=due), make_item(due_at=due))
    drain(AHEAD)
    assert len(office.messages) == 2


def test_a_late_step_is_not_told_after_a_later_one(planned, drain, told, settings):
    settings.REMINDER_GRACE_HOURS = 24 * 30
    Reminder.objects.filter(step="ahead").update(next_at=DUE_DAY + timedelta(minutes=5))
    drain(DUE_DAY)
    drain(DUE_DAY + timedelta(minutes=5))
    assert told() == [("Inès Marchetti", "due-day")] and row("ahead").state == State.COLLAPSED


def test_a_step_gives_way_to_a_message_of_the_same_instant(planned, workspace, member, drain, told):
    at_once(member, planned, workspace, AHEAD)
    drain(AHEAD)
    assert len(told()) == 1 and row().state == State.COLLAPSED


def test_two_works_are_two_messages(make_item, schedule, drain, told):
    items = [make_item(due_at=DUE) for _n in range(2)]
    schedule(*items)
    drain(AHEAD)
    assert len(told()) == 2


# ---- failures


def test_mail_down_the_message_is_in_the_inbox_and_mail_is_tried_again(planned, drain, office, told):
    office.answers = [Unreachable("refused")] * 2
    drain(AHEAD)
    assert len(told()) == 1
    assert row().state == State.PENDING and row().next_at == AHEAD + timedelta(seconds=30)
    assert codes(row()) == ["unreachable", "retry"]
    drain(row().next_at)
    assert row().next_at == AHEAD + timedelta(seconds=30 + 90)
    drain(row().next_at)
    assert row().state == State.SENT and len(office.sent) == 1 and len(told()) == 1


def test_a_dead_server_is_not_knocked_at_for_each_message(make_item, schedule, drain, office, told):
    schedule(*[make_item(due_at=DUE) for _n in range(5)])
    office.answers = [Unreachable("refused")]
    assert drain(AHEAD).counts["failed"] == 5
    assert office.sent == [] and len(told()) == 5


def test_after_the_last_try_the_row_is_given_up_in_words(planned, drain, office):
    office.answers = [TransportError("451 try later")] * MOST_ATTEMPTS
    at = AHEAD
    for _n in range(MOST_ATTEMPTS):
        drain(at)
        at = max(row().next_at, at)
    assert row().state == State.DEAD and codes(row()) == ["refused", "given-up"]
    assert Delivery.objects.get().state == DeliveryStatus.FAILED
    drain(at + timedelta(days=1))
    assert office.sent == []


def test_an_address_that_does_not_exist_is_given_up_at_once(planned, drain, office):
    office.answers = [TransportError("550 no such user", permanent=True)]
    drain(AHEAD)
    assert row().state == State.DEAD


def test_one_refused_message_does_not_stop_the_next(make_item, schedule, drain, office):
    schedule(*[make_item(due_at=DUE) for _n in range(3)])
    office.answers = [TransportError("550 no", permanent=True), RuntimeError("a template is broken")]
    done = drain(AHEAD)
    assert (done.told, done.counts["failed"]) == (1, 2)


def test_a_connection_cut_after_the_message_is_in_doubt_and_never_sent_again(planned, drain, office):
    office.answers = [Uncertain("cut")]
    drain(AHEAD)
    drain(AHEAD + timedelta(hours=2))
    assert office.sent == []
    assert Delivery.objects.in_doubt().get().reason[0]["code"] == "cut"
    assert row().state == State.SENT


def test_a_subject_that_fails_is_put_off_and_the_others_are_told(make_item, schedule, drain, told, monkeypatch):
    items = [make_item(due_at=DUE) for _n in range(3)]
    schedule(*items)
    whole = WorkItem.card

    def card(self, language):
        if self.pk == items[0].pk:
            raise LookupError("no page")
        return whole(self, language)

    monkeypatch.setattr(WorkItem, "card", card)
    drain(AHEAD)
    assert len(told()) == 2
    bad = Reminder.objects.get(subject_id=items[0].pk, step="ahead")
    assert bad.state == State.PENDING and bad.attempts == 1 and codes(bad) == ["broken", "retry"]
    assert "no page" in bad.reason[0]["answer"]


def test_a_batch_that_cannot_be_loaded_is_claimed_row_by_row(make_item, schedule, drain, told, monkeypatch):
    items = [make_item(due_at=DUE) for _n in range(3)]
    schedule(*items)
    whole = WorkItem.for_reminders

    def load(ids):
        if items[1].pk in ids:
            raise LookupError("cannot load")
        return whole(ids)

    monkeypatch.setattr(WorkItem, "for_reminders", load)
    drain(AHEAD)
    assert len(told()) == 2
    assert codes(Reminder.objects.get(subject_id=items[1].pk, step="ahead")) == ["broken", "retry"]


# ---- changes while a batch is on its way


def test_work_completed_while_the_batch_is_leaving_is_not_mailed(make_item, schedule, drain, office):
    items = [make_item(due_at=DUE) for _n in range(2)]
    schedule(*items)
    deliver = office.send

    def send(message):
        reminders.cancel(subjects=[items[1]], reason="done", now=AHEAD)
        deliver(message)

    office.send = send
    drain(AHEAD)
    assert len(office.sent) == 1
    assert Reminder.objects.get(subject_id=items[1].pk, step="ahead").state == State.CANCELLED


def test_nothing_is_sent_after_the_fence_of_the_lease(make_item, schedule, drain, office):
    schedule(*[make_item(due_at=DUE) for _n in range(3)])
    seconds = [0.0]
    deliver = office.send

    def slow(message):
        seconds[0] += 30
        deliver(message)

    office.send = slow
    drain(AHEAD, monotonic=lambda: seconds[0], seconds=40)
    assert len(office.sent) == 2
    assert Reminder.objects.due(AHEAD).count() == 1
    office.send = deliver
    drain(AHEAD)
    assert len(office.sent) == len(set(office.sent)) == 3


def test_a_worker_that_wakes_up_after_its_lease_sends_nothing_more(make_item, schedule, drain, office, told):
    """Another one took over: whatever the first still wants to write or send no longer carries the right token."""
    schedule(*[make_item(due_at=DUE) for _n in range(2)])
    deliver, other = office.send, type(office)()

    def sleeps(message):
        later = AHEAD + timedelta(seconds=61)
        DeliveryState.objects.update(draining=None)
        reminders.drain(clock=lambda: later, transport=other)
        deliver(message)

    office.send = sleeps
    drain(AHEAD)
    assert len(office.sent) == 1, "the one that was already leaving"
    assert len(other.sent) == 1, "the one that was not"
    assert Delivery.objects.in_doubt().count() == 1
    assert not set(office.sent) & set(other.sent)
    assert len(told()) == 2


def test_several_deliveries_may_share_a_commit(make_item, schedule, drain, office, settings):
    settings.REMINDERS_PER_COMMIT = 20
    schedule(*[make_item(due_at=DUE) for _n in range(45)])
    office.answers = [None] * 3 + [TransportError("450 later")]
    assert drain(AHEAD).told == 44
    assert Delivery.objects.filter(state=DeliveryStatus.SENT).count() == 44
    drain(AHEAD + timedelta(seconds=30))
    assert len(office.sent) == len(set(office.sent)) == 45


def test_more_than_one_batch_is_drained(make_item, schedule, drain, told):
    schedule(*[make_item(due_at=DUE) for _n in range(10)])
    assert drain(AHEAD, batch=4).told == 10
    assert len(told()) == 10


def test_a_drain_stops_after_its_time_and_says_that_there_may_be_more(planned, drain):
    assert drain(AHEAD, seconds=0).may_be_more


def test_a_batch_takes_a_fixed_number_of_statements(make_item, schedule, drain, django_assert_max_num_queries):
    schedule(*[make_item(due_at=DUE) for _n in range(30)])
    with django_assert_max_num_queries(30 + 45):
        assert drain(AHEAD).told == 30


# ---- tick, turns, pause


def test_a_tick_starts_a_drain_only_if_something_is_due(planned):
    sent = []
    assert reminders.tick(now=MONDAY, send=lambda: sent.append(1)) == 0
    assert reminders.tick(now=AHEAD, send=lambda: sent.append(1)) == 1
    assert sent == [1]
    assert DeliveryState.objects.get().last_tick_at == AHEAD


def test_a_tick_is_written_every_ten_seconds_at_most(db, django_assert_num_queries):
    reminders.tick(now=MONDAY, send=lambda: None)
    with django_assert_num_queries(3):
        reminders.tick(now=MONDAY + timedelta(seconds=8), send=lambda: None)
    assert DeliveryState.objects.get().last_tick_at == MONDAY
    reminders.tick(now=MONDAY + timedelta(seconds=10), send=lambda: None)
    assert DeliveryState.objects.get().last_tick_at == MONDAY + timedelta(seconds=10)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets several drains run")
def test_on_sqlite_one_drain_runs_at_a_time(planned, office, drain, told):
    deliver, second = office.send, []

    def send(message):
        second.append(drain(AHEAD))
        deliver(message)

    office.send = send
    assert not drain(AHEAD).is_busy
    assert [one.is_busy for one in second] == [True]


def test_what_was_leaving_when_its_process_died_is_seen_even_if_its_work_was_done_since(planned, drain, office):
    drain(AHEAD)
    Delivery.objects.update(state=DeliveryStatus.SENDING)
    Reminder.objects.update(state=State.CANCELLED)
    later = AHEAD + timedelta(seconds=61)
    sent = []
    assert reminders.tick(now=later, send=lambda: sent.append(1)) == 1
    assert drain(later).counts["unknown"] == 1
    assert Delivery.objects.in_doubt().count() == 1


def test_nobody_is_asked_to_ring_themselves(planned, drain, member, workspace):
    RoleAssignment.objects.create(workspace=workspace, role="approver", person=member)
    Reminder.objects.exclude(step="approver-calls").delete()
    drain(datetime(2026, 5, 5, 7, 0, tzinfo=UTC))
    card = Notice.objects.get().card["fr"]
    assert (card["call"], card["minutes"]) == (None, 20)

"""The schedule: rows are written once, moved, silenced, woken up, and never sent twice."""

from datetime import UTC, datetime, timedelta

import pytest

from planner.reminders import operations as reminders
from planner.reminders.models import Notice, Reminder
from planner.reminders.rules import State

pytestmark = pytest.mark.django_db


def states(item) -> dict[str, str]:
    rows = Reminder.objects.filter(subject_id=item.pk, work_due_at=item.due_at)
    return dict(rows.values_list("step", "state"))


def test_each_step_of_the_profile_gets_its_row(item, schedule):
    item.due_at = datetime(2026, 5, 21, 15, 0, tzinfo=UTC)
    rows = {row.step: row for row in schedule(item)}
    assert {step: row.due_at.isoformat() for step, row in rows.items()} == {
        "ahead": "2026-05-19T07:00:00+00:00",
        "due-day": "2026-05-21T07:00:00+00:00",
        "editor-told": "2026-05-22T07:00:00+00:00",
        "approver-calls": "2026-05-26T07:00:00+00:00",  # Whit Monday is closed
    }
    assert all(row.next_at == row.due_at and row.state == State.PENDING for row in rows.values())
    assert rows["editor-told"].addressee == "editor"
    assert rows["ahead"].message["en"] == "In two working days"


def test_scheduling_twice_changes_nothing(item, schedule):
    first = {row.pk for row in schedule(item)}
    assert {row.pk for row in schedule(item)} == first
    assert Reminder.objects.count() == 4


def test_a_late_start_tells_one_message_not_three(make_item, schedule, now):
    item = make_item(due_at=now + timedelta(hours=1))
    schedule(item)
    assert states(item) == {
        "ahead": State.COLLAPSED, "due-day": State.PENDING, "editor-told": State.PENDING,
        "approver-calls": State.PENDING,
    }  # fmt: skip
    assert Reminder.objects.get(step="due-day").next_at == now


def test_work_long_overdue_asks_its_owner_before_anybody_calls(make_item, schedule, now):
    item = make_item(due_at=now - timedelta(days=20))
    schedule(item)
    assert Reminder.objects.due(now).values_list("step", flat=True).get() == "due-day"
    assert Reminder.objects.filter(state=State.COLLAPSED).count() == 3


def test_a_move_replaces_the_open_rows(item, schedule, now):
    schedule(item)
    later = item.due_at + timedelta(days=7)
    reminders.supersede(subjects=[item], now=now)
    schedule(item, due_at=later)
    assert set(states(item).values()) == {State.SUPERSEDED}
    assert Reminder.objects.open().filter(work_due_at=later).count() == 4


def test_moving_back_onto_a_sent_step_does_not_fail_and_does_not_send_it_again(item, schedule, now):
    schedule(item)
    Reminder.objects.filter(step="ahead").update(state=State.SENT)
    moved = now + timedelta(minutes=1)
    reminders.supersede(subjects=[item], now=moved)
    schedule(item, due_at=item.due_at + timedelta(days=7), at=moved)
    back = now + timedelta(minutes=2)
    reminders.supersede(subjects=[item], now=back)
    schedule(item, at=back)
    assert states(item) == {
        "ahead": State.SENT, "due-day": State.PENDING, "editor-told": State.PENDING, "approver-calls": State.PENDING
    }  # fmt: skip


def test_a_change_that_keeps_the_date_keeps_what_was_waiting(make_item, schedule, now):
    """A post edited on a Sunday must not lose the editor's message that waits for Monday."""
    item = make_item(due_at=now + timedelta(days=1))
    schedule(item)
    waiting = now + timedelta(days=6)
    Reminder.objects.filter(step="editor-told").update(next_at=waiting)
    edited = now + timedelta(days=5)
    reminders.supersede(subjects=[item], now=edited)
    schedule(item, at=edited)
    row = Reminder.objects.get(step="editor-told")
    assert (row.state, row.next_at) == (State.PENDING, waiting)


def test_completed_work_is_silent_and_leaves_the_inbox(item, schedule, member, workspace, now):
    sent = schedule(item)[0]
    Reminder.objects.filter(pk=sent.pk).update(state=State.SENT)
    notice = Notice.objects.create(workspace=workspace, reminder=sent, recipient=member, card={}, born_at=now)
    assert reminders.cancel(subjects=[item], reason="done", now=now) == 3
    assert not Reminder.objects.open().exists()
    notice.refresh_from_db()
    assert notice.done_at == now


def test_reopened_work_wakes_its_reminders_up(item, schedule, now):
    schedule(item)
    reminders.cancel(subjects=[item], reason="done", now=now)
    schedule(item, at=now + timedelta(hours=1))
    assert set(states(item).values()) == {State.PENDING}


def test_a_new_date_puts_away_the_message_that_names_the_old_one(item, schedule, member, workspace, now):
    sent = schedule(item)[0]
    Reminder.objects.filter(pk=sent.pk).update(state=State.SENT)
    notice = Notice.objects.create(workspace=workspace, reminder=sent, recipient=member, card={}, born_at=now)
    schedule(item, due_at=item.due_at + timedelta(days=7))
    notice.refresh_from_db()
    assert notice.done_at == now


def test_scheduling_many_works_takes_a_fixed_number_of_statements(make_item, schedule, django_assert_max_num_queries):
    items = [make_item() for _n in range(40)]
    schedule(items[0])
    with django_assert_max_num_queries(16):
        schedule(*items)
    assert Reminder.objects.count() == 160


def test_the_same_words_at_the_same_instant_are_one_message(workspace, item, member, colleague, now):
    def tell(words: str) -> Reminder:
        return reminders.notify(
            workspace=workspace, subject=item, group=None, person=member, message={"en": words}, actor=colleague,
            now=now,
        )  # fmt: skip

    assert tell("Changes asked") == tell("Changes asked")
    assert tell("Review asked") != tell("Changes asked")
    assert Reminder.objects.due(now).count() == 2


def test_a_move_leaves_personal_messages_alone(workspace, item, member, colleague, now):
    reminders.notify(
        workspace=workspace, subject=item, group=None, person=member, message={"en": "Yours"}, actor=colleague, now=now
    )
    assert reminders.supersede(subjects=[item], now=now) == 0


def test_among_finds_what_in_finds(item, schedule):
    first, *others = [row.pk for row in schedule(item)]
    for ids in (set(), {first}, {first, *others}):
        for field in ("pk", "workspace_id"):
            same = [Reminder.objects.filter(**{f"{field}__{way}": ids}) for way in ("among", "in")]
            assert set(same[0]) == set(same[1])
        left = [Reminder.objects.exclude(**{f"pk__{way}": ids}) for way in ("among", "in")]
        assert set(left[0]) == set(left[1])

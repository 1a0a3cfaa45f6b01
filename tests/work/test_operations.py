"""Closing work, handing it over, pinning and dropping it: who may, what follows, what is refused in words."""

from datetime import timedelta

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.reminders.models import Notice, Reminder
from planner.work import operations as work
from planner.work import rules
from planner.work.models import WorkItem
from planner.workspaces.models import Absence
from tests.posts.conftest import finish, give_role, item_of

COUNTS = {"received": 3, "answered": 2, "private": 1, "unanswered": 0, "complaints": 1}


def waiting(item):
    return Reminder.objects.open().filter(subject_id=item.pk, subject_type__model="workitem")


# ---- completing


def test_the_owner_completes_and_nothing_more_is_told(draft, colleague, now):
    frame = item_of(draft, "frame")
    assert waiting(frame).exists()
    done = work.complete(item=frame, actor=colleague, ticked=[0, 2], note=" Done. ", now=now)
    assert (done.state, done.done_at, done.done_by, done.note, done.ticked) == ("done", now, colleague, "Done.", [0, 2])
    assert not waiting(frame).exists()
    entry = Entry.objects.about(draft).get(verb="work.completed")
    assert (entry.actor, entry.data["key"]) == (colleague.user, "frame")


def test_messages_about_finished_work_leave_the_inbox(draft, colleague, workspace, now):
    frame = item_of(draft, "frame")
    row = waiting(frame).first()
    Reminder.objects.filter(pk=row.pk).update(state="sent")
    Notice.objects.create(workspace=workspace, reminder=row, recipient=colleague, card={}, born_at=now)
    work.complete(item=frame, actor=colleague, now=now)
    assert Notice.objects.get().done_at == now


def test_somebody_who_plans_may_complete_for_the_owner(draft, member, now):
    assert work.complete(item=item_of(draft, "frame"), actor=member, now=now).done_by == member


def test_a_colleague_may_not_and_is_told_whose_it_is(draft, answerer, colleague, now):
    with pytest.raises(NotAllowed, match=str(colleague)):
        work.complete(item=item_of(draft, "frame"), actor=answerer, now=now)


def test_the_second_person_completes_while_the_owner_is_away(draft, answerer, colleague, now):
    give_role(colleague, "author", second=answerer)
    with pytest.raises(NotAllowed):
        work.complete(item=item_of(draft, "frame"), actor=answerer, now=now)
    Absence.objects.create(membership=colleague, starts_on=now.date(), ends_on=now.date())
    assert work.complete(item=item_of(draft, "frame"), actor=answerer, now=now).done_by == answerer


def test_the_deputy_answers_while_the_answerer_is_away(published, answerer, colleague, member, out):
    posts.change_people(post=published, actor=member, deputy=colleague, now=out)
    Absence.objects.create(membership=answerer, starts_on=out.date(), ends_on=out.date())
    answer = item_of(published, "answer-1h")
    assert work.complete(item=answer, actor=colleague, counts=COUNTS, now=out).done_by == colleague


def test_the_deputy_joins_once_an_answer_is_late(published, answerer, colleague, member, out):
    posts.change_people(post=published, actor=member, deputy=colleague, now=out)
    answer = item_of(published, "answer-1h")
    with pytest.raises(NotAllowed):
        work.complete(item=answer, actor=colleague, counts=COUNTS, now=answer.due_at)
    late = answer.due_at + timedelta(minutes=31)
    assert work.complete(item=answer, actor=colleague, counts=COUNTS, now=late).done_by == colleague


def test_readers_and_outsiders_complete_nothing(draft, reader, outsider, now):
    frame = item_of(draft, "frame")
    WorkItem.objects.filter(pk=frame.pk).update(owner=reader)
    for actor, error in ((reader, NotAllowed), (outsider, NotFound)):
        for act in (work.complete, work.reopen):
            with pytest.raises(error):
                act(item=frame, actor=actor, now=now)
        with pytest.raises(error):
            work.tick(item=frame, actor=actor, ticked=[0], now=now)


@pytest.mark.parametrize("key", sorted({*rules.DECIDED_ON_THE_POST} - {"answer-signal"}))
def test_what_is_decided_on_the_post_is_not_ticked_off(draft, member, lawyer, now, key):
    posts.update_frame(post=draft, actor=member, values={"is_regulated": True}, now=now)
    item = item_of(draft, key)
    with pytest.raises(Refused) as refusal:
        work.complete(item=item, actor=member, now=now)
    assert refusal.value.link == f"{draft.link}#work-{item.pk}"


def test_the_second_to_complete_is_told(draft, colleague, member, now):
    frame = item_of(draft, "frame")
    work.complete(item=frame, actor=colleague, now=now)
    with pytest.raises(Stale):
        work.complete(item=frame, actor=member, now=now)


def test_work_that_does_not_apply_is_not_closed(draft, member, now):
    with pytest.raises(Refused, match="not needed"):
        work.complete(item=item_of(draft, "facts"), actor=member, now=now)


def test_answers_close_with_their_figures_only(published, answerer, out):
    answer = item_of(published, "answer-1h")
    with pytest.raises(Invalid) as refusal:
        work.complete(item=answer, actor=answerer, now=out)
    assert refusal.value.field == "received"
    with pytest.raises(Invalid) as refusal:
        work.complete(item=answer, actor=answerer, counts={**COUNTS, "received": 4, "unanswered": 1}, now=out)
    assert refusal.value.field == "note"
    done = work.complete(
        item=answer, actor=answerer, counts={**COUNTS, "received": 4, "unanswered": 1}, note="An insult.", now=out
    )
    assert done.counts == {**COUNTS, "received": 4, "unanswered": 1}


# ---- checklist, and back


def test_lines_are_ticked_and_unticked(draft, colleague, now):
    frame = item_of(draft, "frame")
    assert work.tick(item=frame, actor=colleague, ticked=[2, 0, 0], now=now).ticked == [0, 2]
    assert work.tick(item=frame, actor=colleague, ticked=[], now=now).ticked == []
    with pytest.raises(Invalid):
        work.tick(item=frame, actor=colleague, ticked=[99], now=now)


def test_work_taken_up_again_reminds_again(draft, colleague, now):
    frame = item_of(draft, "frame")
    before = set(waiting(frame).values_list("step", "due_at"))
    finish(draft, colleague, now, "frame")
    again = work.reopen(item=frame, actor=colleague, now=now)
    assert (again.state, again.done_at, again.done_by) == ("open", None, None)
    assert set(waiting(frame).values_list("step", "due_at")) == before


def test_a_decision_is_not_reopened_by_hand(approved, member, now):
    with pytest.raises(Refused, match="undone there"):
        work.reopen(item=item_of(approved, "approve"), actor=member, now=now)


def test_work_of_a_cancelled_post_comes_back_with_it_alone(draft, member, now):
    posts.cancel(post=draft, actor=member, reason="Off.", now=now)
    with pytest.raises(Refused, match="reopen it first"):
        work.reopen(item=item_of(draft, "frame"), actor=member, now=now)


# ---- handing over, pinning, dropping


def test_who_gets_work_is_told(draft, member, answerer, now):
    item = work.reassign(item=item_of(draft, "perf"), owner=answerer, actor=member, now=now)
    assert (item.owner, item.is_role_vacant) == (answerer, False)
    assert Reminder.objects.filter(addressee=f"member:{answerer.pk}", subject_id=item.pk).exists()


def test_work_goes_only_to_members_who_may_act(draft, member, reader, outsider, now):
    for somebody in (reader, outsider):
        with pytest.raises(Invalid) as refusal:
            work.reassign(item=item_of(draft, "frame"), owner=somebody, actor=member, now=now)
        assert refusal.value.field == "owner"


def test_a_contributor_hands_out_pins_and_drops_nothing(draft, colleague, answerer, now):
    frame = item_of(draft, "frame")
    with pytest.raises(NotAllowed):
        work.reassign(item=frame, owner=answerer, actor=colleague, now=now)
    with pytest.raises(NotAllowed):
        work.pin(item=frame, due_at=now + timedelta(days=1), actor=colleague, now=now)
    with pytest.raises(NotAllowed):
        work.drop(item=frame, actor=colleague, reason="No.", now=now)


def test_a_pinned_date_reminds_from_its_own_hour(draft, member, now):
    frame = item_of(draft, "frame")
    due = now + timedelta(days=9)
    work.pin(item=frame, due_at=due, actor=member, now=now)
    assert set(waiting(frame).values_list("work_due_at", flat=True)) == {due}
    with pytest.raises(Invalid) as refusal:
        work.pin(item=frame, due_at=now, actor=member, now=now)
    assert refusal.value.field == "due_at"


def test_a_pinned_projection_is_real(draft, member, now):
    thanks = item_of(draft, "thank-manager")
    assert not waiting(thanks).exists()
    work.pin(item=thanks, due_at=now + timedelta(days=9), actor=member, now=now)
    assert waiting(thanks).exists()


def test_work_is_dropped_with_a_reason_unless_it_blocks(draft, member, now):
    perf = item_of(draft, "perf")
    with pytest.raises(Invalid):
        work.drop(item=perf, actor=member, reason=" ", now=now)
    assert work.drop(item=perf, actor=member, reason="Counted elsewhere.", now=now).state == "dropped"
    with pytest.raises(Refused, match="cannot go out"):
        work.drop(item=item_of(draft, "review"), actor=member, reason="No time.", now=now)


# ---- as a subject of reminders


def test_the_card_says_what_why_and_where_in_the_reader_s_language(draft):
    frame = WorkItem.for_reminders([item_of(draft, "frame").pk])[item_of(draft, "frame").pk]
    english, french = frame.card("en"), frame.card("fr")
    assert "A compost that smells of forest" in english.what
    assert english.what != french.what
    assert english.action == "Frame"
    assert french.action == "Cadrer"
    assert english.minutes == 15
    assert english.link == f"{draft.link}#work-{frame.pk}"


def test_people_are_found_by_addressee(draft, colleague, member, approver, answerer):
    frame, answer = item_of(draft, "frame"), item_of(draft, "answer-1h")
    assert frame.person("owner") == colleague
    assert frame.person("editor") == member
    assert frame.person("approver") == approver
    assert frame.person("legal") is None
    assert frame.person(f"member:{answerer.pk}") == answerer
    assert answer.person("second") == draft.deputy


def test_only_actual_open_work_is_open_for_reminders(draft, colleague, now):
    assert item_of(draft, "frame").is_open()
    assert not item_of(draft, "answer-1h").is_open()
    assert not item_of(draft, "legal").is_open()
    finish(draft, colleague, now, "frame")
    assert not item_of(draft, "frame").is_open()

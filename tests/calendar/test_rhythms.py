"""What comes back: on, ahead, one day at a time, off."""

from datetime import date, datetime, time, timedelta

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused
from planner.calendar import operations as calendar
from planner.calendar.models import Occurrence, Rhythm
from planner.history.models import Entry
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.rules import WallTime
from planner.reminders.models import Reminder
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Absence, Duty

pytestmark = pytest.mark.usefixtures("newsroom")


@pytest.fixture
def switch(workspace, member, now):
    """`switch("weekly-editorial")` switches a cadence on as Inès would, from today, at the hours of the playbook."""

    def one(slug: str, **changes) -> Rhythm:
        item = PlaybookItem.objects.visible_to(workspace).of_kind("cadence").get(slug=slug)
        given = {
            "actor": member, "owner": member, "starts_on": date(2026, 4, 27), "now": now,
            "at": time.fromisoformat(item.payload["at"]), "minutes": item.payload["minutes"], **changes,
        }  # fmt: skip
        return calendar.switch_on(item=item, **given)

    return one


def works(rhythm) -> list[WorkItem]:
    return list(WorkItem.objects.filter(subject_id__in=rhythm.occurrences.values("pk"), key="hold").order_by("due_at"))


def test_a_meeting_stands_thirteen_weeks_ahead_and_is_work_for_three(switch, member):
    rhythm = switch("weekly-editorial", at=time(14, 0))
    days = [one.held_on for one in rhythm.occurrences.all()]
    assert (days[0], days[-1], len(days)) == (date(2026, 4, 27), date(2026, 7, 27), 14)
    items = works(rhythm)
    assert [item.due_at.date() for item in items] == days[:4]
    assert {(item.owner, item.profile) for item in items} == {(member, "e-std")}
    assert Reminder.objects.open().filter(subject_id=items[1].pk, addressee="owner").exists()
    assert Entry.objects.about(rhythm).get().verb == "rhythm.switched_on"


def test_the_sweep_fills_what_has_come_nearer_and_changes_nothing_twice(switch, now):
    rhythm = switch("weekly-editorial")
    later = now + timedelta(weeks=2)
    assert calendar.fill_ahead(now=later).rhythms == 1
    count, worked = rhythm.occurrences.count(), len(works(rhythm))
    Rhythm.objects.update(looked_at=now)
    assert calendar.fill_ahead(now=later).failed == 0
    assert (rhythm.occurrences.count(), len(works(rhythm))) == (count, worked)
    assert count > 13 and rhythm.occurrences.last().day == date(2026, 8, 10)


def test_one_bad_cadence_stops_no_other(switch, now):
    bad, good = switch("weekly-editorial"), switch("exec-slot")
    Rhythm.objects.filter(pk=bad.pk).update(repeat="FREQ=NEVER")
    done = calendar.fill_ahead(now=now + timedelta(weeks=1))
    assert (done.rhythms, done.failed, done.may_be_more) == (2, 1, False)
    assert good.occurrences.last().day == date(2026, 7, 31)


def test_a_slice_without_time_left_says_that_there_is_more(switch, now):
    switch("weekly-editorial")
    assert calendar.fill_ahead(now=now + timedelta(days=1), seconds=0).may_be_more


def test_the_hour_of_the_wall_stays_when_the_clock_changes_and_when_the_workspace_changes_its_zone(
    switch, workspace, manager, now
):
    rhythm = switch("weekly-editorial", starts_on=date(2026, 4, 27))
    first = rhythm.occurrences.first()
    assert first.starts_at.hour == 8
    workspaces.change_zone(actor=manager, zone="America/Toronto", now=now)
    calendar.fill_ahead(now=now + timedelta(days=1))
    assert works(rhythm)[-1].due_at.hour == 14


def test_a_leaders_quarter_of_an_hour_is_work_and_an_empty_place_is_not(switch):
    assert {item.profile for item in works(switch("exec-slot"))} == {"e-exec"}
    assert works(switch("content-mining")) == []


def test_the_same_cadence_is_not_switched_on_twice(switch):
    switch("weekly-editorial")
    with pytest.raises(Refused):
        switch("weekly-editorial")


@pytest.mark.parametrize(("change", "field"), [({"ends_on": date(2026, 4, 1)}, "ends_on")])
def test_what_cannot_be_right_is_said_beside_its_field(switch, change, field):
    with pytest.raises(Invalid) as refused:
        switch("weekly-editorial", **change)
    assert refused.value.field == field


def test_whoever_contributes_does_not_switch_and_an_outsider_finds_nothing(switch, colleague, outsider, now):
    with pytest.raises(NotAllowed):
        switch("weekly-editorial", actor=colleague)
    rhythm = switch("weekly-editorial")
    with pytest.raises(NotFound):
        calendar.switch_off(rhythm=rhythm, actor=outsider, now=now)
    with pytest.raises(NotFound):
        calendar.skip(occurrence=rhythm.occurrences.first(), actor=outsider, reason="No", now=now)


def test_one_day_is_skipped_with_a_reason_and_taken_up_again(switch, member, now):
    rhythm = switch("weekly-editorial", at=time(14, 0))
    first, second = rhythm.occurrences.all()[:2]
    with pytest.raises(Invalid):
        calendar.skip(occurrence=second, actor=member, reason="  ", now=now)
    calendar.skip(occurrence=second, actor=member, reason="The team is away.", now=now)
    assert [item.state for item in works(rhythm)][:3] == ["open", "dropped", "open"]
    calendar.fill_ahead(now=now + timedelta(days=1))
    assert [item.state for item in works(rhythm)][1] == "dropped"
    calendar.take_up(occurrence=second, actor=member, now=now)
    assert [item.state for item in works(rhythm)][:3] == ["open", "open", "open"]
    assert Occurrence.objects.standing().filter(pk__in=[first.pk, second.pk]).count() == 2


def test_one_day_is_moved_and_its_work_follows(switch, member, now):
    rhythm = switch("weekly-editorial", at=time(14, 0))
    second = rhythm.occurrences.all()[1]
    calendar.move_occurrence(occurrence=second, actor=member, on=date(2026, 5, 5), at=time(9, 0), now=now)
    second.refresh_from_db()
    assert (second.is_moved, second.starts_at) == (True, works(rhythm)[1].due_at)
    calendar.fill_ahead(now=now + timedelta(days=1))
    assert rhythm.occurrences.filter(day=second.day).count() == 1
    with pytest.raises(Invalid):
        calendar.move_occurrence(occurrence=second, actor=member, on=date(2026, 4, 20), at=time(9, 0), now=now)


def test_an_empty_place_is_filled_by_the_post_made_there(switch, member, colleague, now, workspace, channels):
    place = switch("content-mining").occurrences.first()
    template = PlaybookItem.objects.visible_to(workspace).templates().get(slug="expert-how-to")
    application = calendar.fill(occurrence=place, actor=member, template=template, now=now)
    assert application.answers == {"on": ["2026-05-14"], "at": ["10:00"]}
    assert Occurrence.objects.empty().filter(pk=place.pk).exists()
    post = posts.create_from_template(
        actor=member, template=template, planned=WallTime(place.held_on, place.held_at), channels=channels,
        title="What sleeps in a drawer", language="en", application=application, now=now,
    )  # fmt: skip
    place.refresh_from_db()
    assert place.piece == post
    assert not Occurrence.objects.empty().filter(pk=place.pk).exists()
    with pytest.raises(Refused):
        calendar.fill(occurrence=place, actor=colleague, template=template, now=now)


def test_a_place_asks_for_its_own_templates(switch, member, now, workspace):
    place = switch("exec-slot").occurrences.first()
    other = PlaybookItem.objects.visible_to(workspace).templates().get(slug="expert-how-to")
    with pytest.raises(Refused):
        calendar.fill(occurrence=place, actor=member, template=other, now=now)


def test_switched_off_its_days_to_come_leave_with_their_work_and_it_can_be_on_again(switch, member, now):
    rhythm = switch("weekly-editorial", at=time(14, 0))
    calendar.switch_off(rhythm=rhythm, actor=member, now=now)
    assert not Occurrence.objects.standing().exists()
    assert {item.state for item in works(rhythm)} == {"dropped"}
    assert calendar.fill_ahead(now=now + timedelta(weeks=1)).rhythms == 0
    assert switch("weekly-editorial").occurrences.standing().exists()


def test_the_answer_duty_names_people_up_to_the_end_of_next_week_and_nothing_else(switch, member, now):
    rhythm = switch("answer-duty", at=time(14, 0))
    days = [one.day for one in Duty.objects.all()]
    assert (days[0], days[-1]) == (date(2026, 4, 27), date(2026, 5, 7))  # the first of May and the eighth are holidays
    assert date(2026, 5, 1) not in days
    assert not rhythm.occurrences.exists() and works(rhythm) == []
    calendar.fill_ahead(now=now + timedelta(days=7))
    assert Duty.objects.filter(day=date(2026, 5, 11)).exists()
    calendar.switch_off(rhythm=rhythm, actor=member, now=now)
    assert [one.day for one in Duty.objects.all()] == [date(2026, 4, 27)]
    assert {item.state for item in turns(rhythm)} == {"dropped"}


def turns(rhythm) -> list[WorkItem]:
    return list(WorkItem.objects.about(rhythm).order_by("due_at"))


def reminded(item: WorkItem) -> list[tuple[str, datetime]]:
    return list(Reminder.objects.open().filter(subject_id=item.pk).order_by("due_at").values_list("step", "due_at"))


def test_each_turn_of_answering_is_work_of_its_person_who_is_reminded_two_days_before_and_that_morning(
    switch, workspace, now
):
    rhythm = switch("answer-duty")
    duties = {duty.day: duty.member_id for duty in Duty.objects.all()}
    items = turns(rhythm)
    assert [(item.due_at.date(), item.owner_id) for item in items] == list(duties.items())
    item = items[-1]  # Thursday 7 May
    assert [(step, at.isoformat()) for step, at in reminded(item)[:2]] == [
        ("ahead", "2026-05-05T07:00:00+00:00"), ("due-day", "2026-05-07T07:00:00+00:00")
    ]  # fmt: skip
    before = Reminder.objects.count()
    Rhythm.objects.update(looked_at=now - timedelta(days=1))
    calendar.fill_ahead(now=now + timedelta(hours=1))
    assert (len(turns(rhythm)), Reminder.objects.count()) == (len(items), before)


def test_a_turn_goes_with_its_work_to_the_next_person_when_somebody_will_be_away(switch, now):
    rhythm = switch("answer-duty")
    item = turns(rhythm)[2]
    before = item.owner
    Absence.objects.create(membership=before, starts_on=item.due_at.date(), ends_on=item.due_at.date())
    calendar.fill_ahead(now=now + timedelta(hours=13))
    item.refresh_from_db()
    assert item.owner_id == Duty.objects.get(day=item.due_at.date()).member_id != before.pk
    told = Reminder.objects.get(subject_id=item.pk, profile="")
    assert (told.addressee, str(before) in told.message["fr"]) == (f"member:{item.owner_id}", True)


def test_when_everybody_is_away_the_turn_is_with_whoever_holds_the_cadence(switch, workspace, member, now):
    day = date(2026, 4, 29)
    for person in workspace.memberships.all():
        Absence.objects.create(membership=person, starts_on=day, ends_on=day)
    rhythm = switch("answer-duty")
    assert not Duty.objects.filter(day=day).exists()
    assert [item.owner for item in turns(rhythm) if item.due_at.date() == day] == [member]


def test_a_swap_takes_the_work_along_and_tells_the_colleague_alone(switch, member, now):
    rhythm = switch("answer-duty")
    mine, theirs = Duty.objects.filter(member=member).first(), Duty.objects.exclude(member=member).last()
    colleague = theirs.member
    calendar.swap_turns(duty=mine, other=theirs, actor=member, today=now.date(), now=now)
    owners = {item.due_at.date(): item.owner for item in turns(rhythm)}
    assert (owners[mine.day], owners[theirs.day]) == (colleague, member)
    assert Reminder.objects.get(profile="").addressee == f"member:{colleague.pk}"

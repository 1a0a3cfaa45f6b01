"""Days that are the work of several: the pair of the week, and the list to which everybody adds a line."""

from datetime import date, time, timedelta

import pytest
import time_machine

from planner.calendar import operations as calendar
from planner.calendar.models import Partner, Rhythm
from planner.calendar.rules import pair_up
from planner.playbook.models import PlaybookItem
from planner.reminders.models import Reminder
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces.models import Absence, Membership
from tests.conftest import join, person

pytestmark = pytest.mark.usefixtures("newsroom")
MONDAY = date(2026, 5, 4)
EARLY = date(2026, 1, 5)


@pytest.fixture
def switch(workspace, member, now):
    def one(slug: str) -> Rhythm:
        item = PlaybookItem.objects.visible_to(workspace).of_kind("cadence").get(slug=slug)
        return calendar.switch_on(
            item=item, actor=member, owner=member, starts_on=date(2026, 4, 28), now=now,
            at=time.fromisoformat(item.payload["at"]), minutes=item.payload["minutes"],
        )  # fmt: skip

    return one


@pytest.fixture
def departments(member, colleague, approver, workspace):
    """Four people of two departments: Inès and Dora of communication, Karim and Ana of gardens."""
    ana = join(workspace, person("Ana Serra", "ana@example.org"), "contributor")
    for one, department in (
        (member, "Communication"),
        (approver, "communication"),
        (colleague, "Gardens"),
        (ana, "Gardens"),
    ):
        Membership.objects.filter(pk=one.pk).update(department=department)
    return member, approver, colleague, ana


def of(occurrence) -> dict[str, WorkItem]:
    return {str(item.owner): item for item in WorkItem.objects.about(occurrence).open()}


class TestThePair:
    PEOPLE = {1: "a", 2: "A", 3: "b", 4: ""}

    def test_two_of_different_departments_who_met_least_recently(self):
        assert pair_up(self.PEOPLE, {}, {}) == (1, 3)
        assert pair_up(self.PEOPLE, {frozenset((1, 3)): EARLY}, {1: EARLY, 3: EARLY}) == (2, 4)
        met = {frozenset(pair): EARLY for pair in ((1, 3), (1, 4), (2, 3), (2, 4))}
        assert pair_up(self.PEOPLE, met, {}) == (3, 4)

    def test_two_of_one_department_only_where_there_is_no_other(self):
        assert pair_up({1: "a", 2: "A"}, {}, {}) == (1, 2)
        assert pair_up({1: "a"}, {}, {}) is None

    def test_it_is_named_for_next_week_and_each_has_the_work_with_the_name_of_the_other(self, switch, departments, now):
        rhythm = switch("pair-of-the-week")
        first, second = rhythm.occurrences.all()[:2]
        assert first.held_on == MONDAY
        works = of(first)
        assert len(works) == 2 and of(second) == {}
        (one, his), (other, hers) = works.items()
        assert {his.owner.department.casefold(), hers.owner.department.casefold()} != {"gardens"}
        assert other in his.subject_title["fr"] and one in hers.subject_title["en"]
        assert Reminder.objects.open().filter(subject_id=his.pk, step="ahead", addressee="owner").exists()

    def test_the_sweep_changes_nothing_twice_and_the_next_week_brings_others(self, switch, departments, now):
        rhythm = switch("pair-of-the-week")
        calendar.fill_ahead(now=now + timedelta(hours=13))
        assert Partner.objects.count() == 2
        calendar.fill_ahead(now=now + timedelta(days=7))
        first, second = rhythm.occurrences.all()[:2]
        pairs = [{one.person_id for one in place.partners.all()} for place in (first, second)]
        assert len(pairs[0] | pairs[1]) == 4

    def test_who_will_be_away_hands_the_turn_on_and_takes_it_back_with_no_work_twice(self, switch, departments, now):
        rhythm = switch("pair-of-the-week")
        first = rhythm.occurrences.first()
        before = {one.person for one in first.partners.all()}
        away = Absence.objects.create(membership=before.copy().pop(), starts_on=MONDAY, ends_on=MONDAY)
        calendar.fill_ahead(now=now + timedelta(hours=13))
        after = {one.person for one in first.partners.all()}
        assert away.membership not in after and len(after) == 2
        assert set(of(first)) == {str(one) for one in after}

    def test_moved_to_another_day_it_keeps_its_people_and_their_names(self, switch, departments, member, now):
        first = switch("pair-of-the-week").occurrences.first()
        names = set(of(first))
        calendar.move_occurrence(occurrence=first, actor=member, on=date(2026, 5, 6), at=time(9, 0), now=now)
        works = of(first)
        assert set(works) == names
        for name, item in works.items():
            assert item.due_at.date() == date(2026, 5, 6)
            assert (names - {name}).pop() in item.subject_title["en"] and "6 May" in item.subject_title["en"]

    def test_alone_there_is_no_pair(self, switch, member, workspace, now):
        workspace.memberships.exclude(pk=member.pk).update(left_at=now)
        assert of(switch("pair-of-the-week").occurrences.first()) == {}


class TestEverybodysLine:
    def test_each_person_has_the_list_as_their_own_work(self, switch, departments, reader, member, now):
        Absence.objects.create(membership=member, starts_on=date(2026, 4, 30), ends_on=date(2026, 5, 2))
        rhythm = switch("friday-progress")
        first, second = rhythm.occurrences.all()[:2]
        assert set(of(first)) == {str(one) for one in departments if one != member}
        assert len(of(second)) == 4
        assert str(reader) not in of(second)

    def test_who_joins_later_is_asked_too_and_who_left_no_more(self, switch, departments, workspace, colleague, now):
        rhythm = switch("friday-progress")
        newcomer = join(workspace, person("Nora Neuve", "nora@example.org"), "contributor")
        Membership.objects.filter(pk=colleague.pk).update(left_at=now)
        calendar.fill_ahead(now=now + timedelta(hours=13))
        names = set(of(rhythm.occurrences.last())) | set(of(rhythm.occurrences.all()[1]))
        assert str(newcomer) in names and str(colleague) not in names

    def test_a_meeting_of_everybody_stays_the_work_of_whoever_holds_it(self, switch, departments, member):
        assert set(of(switch("weekly-editorial").occurrences.first())) == {str(member)}

    def test_the_page_writes_the_list_and_shows_each_line(
        self, browse, switch, departments, colleague, owe, appear, now
    ):
        first = switch("friday-progress").occurrences.first()
        late = owe(colleague, appear("Compost", None, status="draft"), now - timedelta(days=2))
        mine = of(first)[str(colleague)]
        with time_machine.travel(now, tick=False):
            page = browse(colleague).get(first.link).content.decode()
        assert page.count("/complete/") == 1 and f"/work/{mine.pk}/complete/" in page  # nobody else’s line
        work.complete(item=mine, actor=colleague, note="Le compost attend un expert.", now=now)
        with time_machine.travel(now, tick=False):
            page = browse(colleague).get(first.link).content.decode()
        assert "Le compost attend un expert." in page
        assert "tout le monde participe" in page
        block = page[page.index('id="moved"') :].partition("</section>")[0]
        assert late.link in block and mine.link in block


def test_the_page_of_a_pair_leads_to_the_templates(browse, switch, departments, member, now):
    first = switch("pair-of-the-week").occurrences.first()
    with time_machine.travel(now, tick=False):
        page = browse(member).get(first.link).content.decode()
    block = page[page.index('id="holds"') :].partition("</section>")[0]
    assert all(str(item.owner) in block for item in of(first).values())
    assert "/w/marbourg/posts/new/" in block

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from planner.calendar import operations as calendar
from planner.work.models import WorkItem
from planner.workspaces.models import RoleAssignment
from tests.conftest import join, person

NOW = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
DESK = "/w/marbourg/"
AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(NOW, tick=False):
        yield


def page_of(client, address=DESK):
    return client.get(address).content.decode()


def test_the_desk_greets_and_shows_my_work_with_the_first_one_ahead(browse, member, appear, owe):
    owe(member, appear("Compost d’hiver", AT), NOW + timedelta(days=1), minutes=20)
    page = page_of(browse(member))
    assert "Compost d’hiver" in page
    assert 'class="btn main" href="/w/marbourg/posts/' in page
    assert 'id="late"' not in page


def test_what_is_late_is_said_apart(browse, member, appear, owe):
    owe(member, appear("Compost d’hiver", AT), NOW - timedelta(days=1))
    page = page_of(browse(member))
    assert 'id="late"' in page
    assert 'id="owed"' not in page


def test_what_waits_on_an_approver_is_shown_to_them_alone(browse, member, colleague, appear):
    RoleAssignment.objects.create(workspace=member.workspace, role="approver", person=member)
    appear("Compost d’hiver", AT, status="in_review", author=colleague)
    assert 'id="awaited"' in page_of(browse(member))
    assert 'id="awaited"' not in page_of(browse(colleague))


def test_a_second_person_decides_only_while_the_first_is_away(browse, member, manager, colleague, appear):
    RoleAssignment.objects.create(workspace=member.workspace, role="approver", person=manager, second=member)
    appear("Compost d’hiver", AT, status="in_review", author=colleague)
    assert 'id="awaited"' not in page_of(browse(member))
    manager.absences.create(starts_on=NOW.date(), ends_on=NOW.date())
    assert 'id="awaited"' in page_of(browse(member))


def test_an_empty_desk_says_what_to_do_next(browse, manager):
    page = page_of(browse(manager))
    assert "/w/marbourg/posts/new/" in page
    assert "/w/marbourg/posts/sample/add/" in page


def test_a_reader_of_an_empty_desk_is_offered_nothing_to_write(browse, reader):
    page = page_of(browse(reader))
    assert "/posts/new/" not in page
    assert "/sample/add/" not in page


def test_a_sample_month_is_marked_and_taken_away_by_a_manager_in_one_click(browse, member, manager, appear):
    appear("Compost d’hiver", AT, is_sample=True)
    assert "/sample/remove/" in page_of(browse(manager))
    shown = page_of(browse(member))
    assert "sample-strip" in shown
    assert "/sample/remove/" not in shown


def test_a_sample_workspace_is_marked_on_every_page(browse, manager):
    type(manager.workspace).objects.update(is_sample=True)
    for address in (DESK, "/w/marbourg/calendar/"):
        assert "sample-strip" in page_of(browse(manager), address)


def test_a_meeting_of_everybody_stands_on_each_desk_and_is_the_work_of_its_holder_alone(
    browse, member, colleague, outsider, switch, now
):
    switch("mix-review")
    rhythm = switch("weekly-editorial")
    first, second = rhythm.occurrences.order_by("day")[:2]

    def met(person, at=now):
        with time_machine.travel(at, tick=False):
            return browse(person).get(DESK).context["meetings"]

    assert met(colleague) == [first]
    with time_machine.travel(now, tick=False):
        assert first.link in browse(colleague).get(DESK).text
        assert browse(outsider).get(DESK).status_code == 404
    assert not WorkItem.objects.filter(owner=colleague).exists()
    assert met(member) == []
    calendar.skip(occurrence=first, reason="Holiday", actor=member, now=now)
    assert met(colleague) == []
    assert met(colleague, now + timedelta(days=8)) == [second]
    calendar.switch_off(rhythm=rhythm, actor=member, now=now)
    assert met(colleague, now + timedelta(days=8)) == []


def test_the_desk_takes_a_fixed_number_of_queries(
    browse, member, colleague, appear, owe, django_assert_max_num_queries
):
    RoleAssignment.objects.create(workspace=member.workspace, role="approver", person=member)
    client = browse(member)
    for number in range(30):
        post = appear(f"Post {number}", AT + timedelta(hours=number), status="in_review", author=colleague)
        owe(member, post, NOW + timedelta(hours=number - 5))
    page_of(client)
    with django_assert_max_num_queries(21):
        page_of(client)


def test_an_outsider_finds_no_desk(browse, workspace, outsider):
    assert browse(outsider).get(DESK).status_code == 404


class TestHome:
    def test_a_visitor_is_asked_to_sign_in(self, client, db):
        assert client.get("/").headers["Location"] == "/accounts/login/?next=/"

    def test_the_only_workspace_opens_at_once(self, browse, member):
        assert browse(member).get("/").headers["Location"] == DESK

    def test_several_workspaces_are_a_choice(self, browse, member, other_workspace):
        join(other_workspace, member.user, "reader")
        page = page_of(browse(member), "/")
        assert DESK in page
        assert "/w/lac/" in page

    def test_a_workspace_that_one_left_is_no_choice(self, browse, member, other_workspace):
        left = join(other_workspace, member.user, "reader")
        type(left).objects.filter(pk=left.pk).update(left_at=NOW)
        assert browse(member).get("/").headers["Location"] == DESK

    def test_somebody_without_a_workspace_is_led_to_the_first_questions(self, client, db):
        client.force_login(person("Nouvelle Venue", "new@example.org"))
        assert client.get("/").headers["Location"] == "/start/"

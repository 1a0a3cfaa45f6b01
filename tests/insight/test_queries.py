from datetime import UTC, date, datetime, timedelta

import pytest

from planner.insight import queries
from planner.posts.models import Approval
from planner.workspaces.rules import EditorialRole

NOW = datetime(2026, 4, 27, 8, 0, tzinfo=UTC)
TODAY = date(2026, 4, 27)
DAY_ENDS = datetime(2026, 4, 27, 22, 0, tzinfo=UTC)
AT = datetime(2026, 4, 30, 8, 0, tzinfo=UTC)
APPROVER, LEGAL = EditorialRole.APPROVER.value, EditorialRole.LEGAL.value


def test_the_load_counts_only_my_open_actual_work(member, colleague, appear, owe):
    post = appear("Compost", AT)
    owe(member, post, NOW + timedelta(hours=2), key="today", minutes=20)
    owe(member, post, NOW + timedelta(days=2), key="ahead", minutes=10)
    owe(member, post, NOW - timedelta(hours=1), key="late")
    owe(member, post, NOW, key="now", minutes=5)
    owe(colleague, post, NOW, key="other")
    owe(member, post, None, key="undated")
    owe(member, post, NOW, key="projected", is_projection=True)
    owe(member, post, NOW, key="done", state="done", done_at=NOW)
    load = queries.load(member, now=NOW, day_ends=DAY_ENDS)
    assert (load.ahead, load.today, load.minutes_today, load.late) == (3, 2, 25, 1)


def test_work_comes_soonest_first_with_what_its_post_has_become(member, appear, owe):
    post = appear("Compost", AT, status="in_review")
    owe(member, post, NOW + timedelta(days=2), key="later")
    owe(member, post, NOW + timedelta(days=1), key="sooner")
    owe(member, post, NOW - timedelta(days=1), key="late")
    owed, late = queries.lines(member, now=NOW)
    assert [line.item.key for line in owed] == ["sooner", "later"]
    assert [line.item.key for line in late] == ["late"]
    assert (owed[0].status, owed[0].planned_at) == ("in_review", AT)


def test_six_lines_are_shown_until_all_are_asked_for(member, appear, owe):
    post = appear("Compost", AT)
    for number in range(9):
        owe(member, post, NOW + timedelta(days=number), key=f"k{number}")
    assert len(queries.lines(member, now=NOW)[0]) == 6
    assert len(queries.lines(member, now=NOW, everything=True)[0]) == 9


def titles(found):
    return [post.title for post in found]


class TestAwaited:
    def test_an_approver_is_awaited_by_posts_in_review_of_others(self, member, colleague, appear):
        appear("In review", AT, status="in_review", author=colleague)
        appear("My own", AT, status="in_review", author=member)
        appear("A draft", AT, status="draft", author=colleague)
        found = queries.awaited(member, {APPROVER}, language="fr")
        assert titles(found) == ["In review"]
        assert not found[0].signs

    def test_a_decision_in_force_is_awaited_no_more_but_a_voided_one_is(self, member, colleague, appear):
        post = appear("In review", AT, status="in_review", author=colleague)
        given = Approval.objects.create(
            post=post, role=APPROVER, person=member, revision_number=1, digest="x", decision="approved", at=NOW
        )
        assert queries.awaited(member, {APPROVER}, language="fr") == []
        Approval.objects.filter(pk=given.pk).update(voided_at=NOW)
        assert titles(queries.awaited(member, {APPROVER}, language="fr")) == ["In review"]

    def test_the_lawyer_is_awaited_by_regulated_posts_alone(self, member, colleague, appear):
        appear("Regulated", AT, status="in_review", author=colleague, is_regulated=True)
        appear("Plain", AT, status="in_review", author=colleague)
        found = queries.awaited(member, {LEGAL}, language="fr")
        assert titles(found) == ["Regulated"]
        assert found[0].signs

    @pytest.mark.parametrize("roles", [set(), {EditorialRole.AUTHOR.value}])
    def test_without_a_deciding_role_nothing_waits_and_nothing_is_asked(
        self, member, colleague, appear, roles, django_assert_num_queries
    ):
        appear("In review", AT, status="in_review", author=colleague)
        with django_assert_num_queries(0):
            assert queries.awaited(member, roles, language="fr") == []


def test_the_agenda_shows_the_first_days_that_have_something(workspace, appear):
    for number in range(5):
        appear(f"Post {number}", AT + timedelta(hours=number))
    appear("Too far", AT + timedelta(days=20))
    [day] = queries.agenda(workspace, TODAY, language="fr", now=NOW)
    assert day.on == date(2026, 4, 30)
    assert (len(day.entries), day.more) == (3, 2)


def test_the_mix_counts_thirty_days_that_end_today(workspace, appear):
    appear("Out", NOW - timedelta(days=3), status="published", intent="help")
    appear("Today", NOW + timedelta(hours=1), status="scheduled", intent="promote")
    appear("Before", NOW - timedelta(days=40), status="published", intent="tell")
    appear("To come", NOW + timedelta(days=3), status="scheduled", intent="tell")
    appear("Draft", NOW - timedelta(days=3), status="draft", intent="tell")
    mix = queries.mix_of(workspace, TODAY)
    assert mix.count == 2
    assert [share.intent for share in mix.shares] == ["help", "promote"]


def test_who_answers_today_is_told_once_with_the_posts_counted(workspace, member, colleague, appear):
    for number, until in enumerate([TODAY, TODAY + timedelta(days=2), TODAY - timedelta(days=1)]):
        appear(
            f"Post {number}", NOW - timedelta(days=3), status="published", answerer=colleague, deputy=member,
            answer_until=until,
        )  # fmt: skip
    [person] = queries.answering(workspace, TODAY)
    assert (person.name, person.posts, person.deputy) == ("Karim Belhadj", 2, "Inès Marchetti")
    assert person.until == TODAY + timedelta(days=2)

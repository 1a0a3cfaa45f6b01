"""Roles given, seconded, put first and taken back; the book that answers for all of them."""

from datetime import date

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused
from planner.workspaces import operations as workspaces
from planner.workspaces.models import RoleAssignment


@pytest.fixture
def give(manager, now):
    def assign(member, role, second=None):
        return workspaces.assign_role(actor=manager, member=member, role=role, second=second, now=now)

    return assign


def test_a_role_is_given_once(give, colleague):
    give(colleague, "legal")
    with pytest.raises(Refused):
        give(colleague, "legal")
    assert RoleAssignment.objects.count() == 1


def test_nobody_is_their_own_second_person(give, colleague, manager, now):
    with pytest.raises(Invalid):
        give(colleague, "legal", colleague)
    held = give(colleague, "legal")
    with pytest.raises(Invalid):
        workspaces.set_second(actor=manager, assignment=held, second=colleague, now=now)


def test_unknown_roles_and_people_of_elsewhere_are_refused(give, colleague, outsider):
    with pytest.raises(Invalid):
        give(colleague, "king")
    with pytest.raises(NotFound):
        give(outsider, "legal")
    with pytest.raises(NotFound):
        give(colleague, "legal", outsider)


def test_somebody_who_left_gets_no_role(give, colleague, manager, now):
    workspaces.remove_member(actor=manager, member=colleague, now=now)
    with pytest.raises(Refused):
        give(colleague, "legal")


def test_who_is_put_first_gets_the_work(give, colleague, member, manager, workspace, now):
    give(colleague, "legal")
    later = give(member, "legal")
    workspaces.put_first(actor=manager, assignment=later, now=now)
    assert workspaces.person_for_role(workspace, "legal", day=date(2026, 5, 4)).member == member
    assert sorted(RoleAssignment.objects.values_list("position", flat=True)) == [0, 1]


def test_a_role_taken_back_is_vacant_and_goes_to_a_manager(give, colleague, manager, workspace, now):
    held = give(colleague, "legal")
    workspaces.remove_role(actor=manager, assignment=held, now=now)
    found = workspaces.person_for_role(workspace, "legal", day=date(2026, 5, 4))
    assert (found.member, found.is_vacant) == (manager, True)


@pytest.mark.parametrize("who", ["member", "colleague", "reader"])
def test_only_managers_touch_roles(who, request, give, colleague, now):
    actor, held = request.getfixturevalue(who), give(colleague, "legal")
    for attempt in (
        lambda: workspaces.assign_role(actor=actor, member=actor, role="approver", now=now),
        lambda: workspaces.set_second(actor=actor, assignment=held, second=None, now=now),
        lambda: workspaces.put_first(actor=actor, assignment=held, now=now),
        lambda: workspaces.remove_role(actor=actor, assignment=held, now=now),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_manager_of_elsewhere_touches_no_role(give, colleague, outsider, now):
    held = give(colleague, "legal")
    for attempt in (workspaces.put_first, workspaces.remove_role):
        with pytest.raises(NotFound):
            attempt(actor=outsider, assignment=held, now=now)


def test_the_book_knows_absences_and_seconds(give, colleague, member, manager, workspace, now):
    give(colleague, "legal", member)
    workspaces.add_absence(
        actor=colleague, member=colleague, starts_on=date(2026, 5, 4), ends_on=date(2026, 5, 8), now=now
    )
    book = workspaces.role_book(workspace, day_from=date(2026, 5, 1), day_to=date(2026, 5, 31))
    assert book.resolve("legal", date(2026, 5, 3)).member == colleague
    assert book.resolve("legal", date(2026, 5, 4)).member == member
    assert book.resolve("legal", date(2026, 5, 8)).stood_in_for == colleague
    assert book.resolve("legal", date(2026, 5, 9)).member == colleague


def test_the_book_is_loaded_in_three_queries(give, colleague, member, workspace, django_assert_num_queries):
    give(colleague, "legal", member)
    give(member, "editor")
    with django_assert_num_queries(3):
        book = workspaces.role_book(workspace)
        found = book.resolve("legal", date(2026, 5, 4)).member
        assert (str(found), found.workspace.name) == ("Karim Belhadj", "Ville de Marbourg")


def test_the_book_knows_nobody_of_elsewhere(outsider, manager, workspace):
    assert set(workspaces.role_book(workspace).people) == {manager.pk}

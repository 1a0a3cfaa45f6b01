"""Who may do what; who does the work of a role on a day; which days are closed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.errors import Invalid
from planner.base.worktime import WorkingCalendar
from planner.workspaces.rules import (
    MAY,
    PLACES,
    Act,
    Assigned,
    Away,
    EditorialRole,
    Holidays,
    Level,
    RoleBook,
    may,
    official_language_of,
    place_of,
    rota,
)

# Written out by hand, so that a change of the table is seen twice.
TABLE = {
    Act.READ: "reader contributor planner manager",
    Act.COMMENT: "contributor planner manager",
    Act.WRITE: "contributor planner manager",
    Act.PROPOSE: "contributor planner manager",
    Act.PLAN: "planner manager",
    Act.RECORD: "planner manager",
    Act.MANAGE_PEOPLE: "manager",
    Act.MANAGE_SETTINGS: "manager",
    Act.MANAGE_DELIVERY: "manager",
}


def test_the_table_speaks_of_every_level_and_every_act():
    assert set(MAY) == set(Level)
    assert set(TABLE) == set(Act)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("act", Act)
def test_each_level_may_do_what_the_table_says(level, act):
    assert may(level, act) is (level in TABLE[act].split())


def test_no_level_loses_what_a_lower_one_may_do():
    levels = list(Level)
    assert all(MAY[low] < MAY[high] for low, high in zip(levels, levels[1:], strict=False))


# ---- roles

DAY = date(2026, 5, 4)
EDITOR, LEGAL = EditorialRole.EDITOR, EditorialRole.LEGAL
PEOPLE = {1: "Maud", 2: "Inès", 3: "Karim", 4: "Rose"}


def book(*assigned, away=(), people=PEOPLE, managers=(1,)):
    return RoleBook(people=people, managers=managers, assigned=[Assigned(*one) for one in assigned], away=list(away))


def absent(member_id):
    return Away(member_id, DAY, DAY)


def test_the_first_holder_does_the_work():
    found = book((LEGAL, 2, 3), (LEGAL, 4, None)).resolve(LEGAL, DAY)
    assert (found.member, found.is_vacant, found.stood_in_for) == ("Inès", False, None)


def test_the_second_person_steps_in_on_days_of_absence_alone():
    roles = book((LEGAL, 2, 3), away=[absent(2)])
    assert roles.resolve(LEGAL, DAY).member == "Karim"
    assert roles.resolve(LEGAL, DAY).stood_in_for == "Inès"
    assert roles.resolve(LEGAL, DAY + timedelta(days=1)).member == "Inès"
    assert roles.resolve(LEGAL, DAY - timedelta(days=1)).member == "Inès"


def test_without_a_second_person_the_next_holder_steps_in():
    assert book((LEGAL, 2, None), (LEGAL, 4, None), away=[absent(2)]).resolve(LEGAL, DAY).member == "Rose"


def test_when_holder_and_second_are_away_the_editor_steps_in():
    found = book((LEGAL, 2, 3), (EDITOR, 4, None), away=[absent(2), absent(3)]).resolve(LEGAL, DAY)
    assert (found.member, found.stood_in_for, found.is_vacant) == ("Rose", "Inès", False)


def test_a_role_that_nobody_holds_goes_to_the_editor_and_says_so():
    found = book((EDITOR, 4, None)).resolve(LEGAL, DAY)
    assert (found.member, found.is_vacant) == ("Rose", True)


def test_without_an_editor_a_manager_takes_the_work():
    assert book().resolve(LEGAL, DAY).member == "Maud"
    assert book().resolve(EDITOR, DAY).is_vacant


def test_an_absent_editor_is_replaced_by_their_second_person():
    roles = book((EDITOR, 4, 3), away=[absent(4)])
    assert roles.resolve(LEGAL, DAY).member == "Karim"


def test_somebody_who_left_is_never_chosen():
    here = {pk: name for pk, name in PEOPLE.items() if pk != 2}
    roles = book((LEGAL, 2, 3), (EDITOR, 4, None), people=here)
    assert roles.first(LEGAL) is None
    assert not roles.holds(2, LEGAL)
    assert roles.resolve(LEGAL, DAY).is_vacant
    assert roles.stand_in(2, LEGAL, DAY) == "Karim"


def test_the_second_person_has_the_right_of_the_holder_and_others_have_not():
    roles = book((LEGAL, 2, 3), (EDITOR, 4, None))
    assert roles.holds(2, LEGAL)
    assert roles.holds(3, LEGAL)
    assert not roles.holds(4, LEGAL)
    assert not roles.holds(1, LEGAL)


def test_who_is_told_in_place_of_an_absent_member():
    roles = book((LEGAL, 2, 3), (EDITOR, 4, None), away=[absent(2)])
    assert roles.stand_in(2, LEGAL, DAY) == "Karim"
    assert roles.stand_in(2, LEGAL, DAY + timedelta(days=1)) == "Inès"
    assert book((EDITOR, 4, None), away=[absent(2)]).stand_in(2, LEGAL, DAY) == "Rose"


def test_an_addressee_is_a_member_or_a_role():
    roles = book((LEGAL, 2, 3))
    assert roles.member("member:4") == "Rose"
    assert roles.member("member:9") is None
    assert roles.member(LEGAL) == "Inès"
    assert roles.member(EDITOR) == "Maud"


ids = st.integers(1, 6)
entries = st.lists(st.tuples(st.sampled_from([EDITOR, LEGAL]), ids, st.none() | ids), max_size=6)


@given(entries, st.sets(ids), st.sets(ids, min_size=1), st.sampled_from([EDITOR, LEGAL]))
def test_the_chosen_person_is_a_member_and_present_if_anybody_of_the_line_is(assigned, away_ids, here, role):
    people = {pk: f"n°{pk}" for pk in here}
    roles = RoleBook(
        people=people,
        managers=sorted(here)[:1],
        assigned=[Assigned(*one) for one in assigned],
        away=[absent(pk) for pk in away_ids],
    )
    found = roles.resolve(role, DAY)
    assert found.member in people.values()
    line = {pk for entry in assigned for pk in entry[1:] if entry[0] in (role, EDITOR)} | set(roles.managers)
    holders = [entry for entry in assigned if entry[0] in (role, EDITOR) and entry[1] in people]
    reachable = {pk for entry in holders for pk in entry[1:]} | set(roles.managers)
    assert found.member in {people.get(pk) for pk in line}
    if (reachable & here) - away_ids:
        assert found.member in {people[pk] for pk in here - away_ids}
    assert found.is_vacant == (roles.first(role) is None)


# ---- places and holidays


def closed(country, region, day, **changes):
    holidays = Holidays(country, region, **changes)
    return not WorkingCalendar(zone="UTC", days=frozenset(range(7)), holidays=holidays).is_working_day(day)


@pytest.mark.parametrize(
    ("country", "region", "day", "is_closed"),
    [
        ("FR", "", date(2026, 7, 14), True),
        ("FR", "", date(2026, 4, 3), False),
        ("FR", "57", date(2026, 4, 3), True),  # Good Friday in Moselle
        ("CA", "QC", date(2026, 6, 24), True),
        ("CA", "QC", date(2026, 7, 14), False),
        ("CH", "GE", date(2026, 9, 10), True),  # the fast of Geneva
        ("CH", "VD", date(2026, 9, 10), False),
        ("BE", "", date(2026, 7, 21), True),
        ("LU", "", date(2026, 6, 23), True),
        ("LU", "", date(2026, 7, 21), False),
    ],
)
def test_each_place_has_its_public_holidays(country, region, day, is_closed):
    assert closed(country, region, day) is is_closed


def test_own_days_are_closed_and_legal_ones_can_be_worked():
    bridge, easter = date(2026, 5, 15), date(2026, 4, 6)
    assert not closed("FR", "", bridge)
    assert closed("FR", "", bridge, closed={bridge: "Pont"})
    assert closed("FR", "", easter)
    assert not closed("FR", "", easter, opened=[easter])


def test_years_are_read_when_they_are_asked_for():
    holidays = Holidays("FR", "", around=[date(2026, 1, 5)], language="fr")
    assert {day.year for day in holidays} == {2026}
    assert date(2031, 7, 14) in holidays
    assert holidays[date(2026, 7, 14)] == "Fête nationale"
    assert {day.year for day in holidays} == {2026, 2031}
    assert "2026-07-14" not in holidays


def test_every_offered_place_has_holidays_and_a_clock():
    for code, place in PLACES.items():
        assert place.code == code
        assert len(Holidays(place.country, place.region, around=[date(2026, 1, 1)])) >= 5, code
        WorkingCalendar(zone=place.zone)


def test_an_unknown_place_is_refused_in_words():
    with pytest.raises(Invalid):
        place_of("CH", "XX")


def test_only_quebec_asks_for_french():
    asking = {code for code, place in PLACES.items() if official_language_of(place.country, place.region)}
    assert asking == {"CA-QC"}


class TestRota:
    """Everybody takes a turn, least recent first."""

    MONDAY = date(2026, 4, 27)

    def days(self, count=5):
        return [self.MONDAY + timedelta(days=n) for n in range(count)]

    def test_whoever_never_had_a_turn_comes_first_then_the_least_recent(self):
        last = {1: date(2026, 4, 24), 2: date(2026, 4, 20)}
        assert list(rota(self.days(4), [1, 2, 3], last, lambda _one, _day: False).values()) == [3, 2, 1, 3]

    def test_a_day_on_which_everybody_is_away_has_nobody(self):
        assert rota(self.days(2), [1], {}, lambda _one, day: day == self.MONDAY) == {self.days(2)[1]: 1}

    @given(st.integers(1, 6), st.integers(1, 30))
    def test_turns_are_shared_out_evenly(self, people, count):
        turns = list(rota(self.days(count), range(people), {}, lambda _one, _day: False).values())
        shares = [turns.count(one) for one in range(people)]
        assert max(shares) - min(shares) <= 1

    @given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 9))))
    def test_nobody_answers_while_away(self, away):
        def is_away(person, day):
            return (person, (day - self.MONDAY).days) in away

        turns = rota(self.days(10), range(4), {}, is_away)
        assert not any(is_away(person, day) for day, person in turns.items())

"""The date grammar, chains of tasks and their layout."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.errors import PlannerError
from planner.base.holidays import public_holidays
from planner.base.repeats import BadRepeat
from planner.base.worktime import WorkingCalendar
from planner.playbook.rules import (
    WEEKDAYS,
    BadChain,
    BadCondition,
    BadOffset,
    BadSeason,
    Offset,
    Task,
    applies,
    chain,
    day_of,
    embodies,
    lay_out,
    parse_condition,
    parse_offset,
    region_of,
    seasons,
    span_in,
    speaks_of,
    usual_day,
)

PARIS = ZoneInfo("Europe/Paris")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
paris = WorkingCalendar("Europe/Paris", holidays=frozenset({date(2026, 5, 14)}))
planned = datetime(2026, 5, 21, 10, tzinfo=PARIS)


def wall(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def task(offset, key="it", role="author", **others):
    return Task(key=key, title={"fr": "Titre", "en": "Title"}, roles=(role,), offset=offset, **others)


def laid(*tasks, planned_at=planned, published_at=None, calendar=paris, now=LONG_AGO, facts=None, **others):
    return lay_out(
        tasks,
        planned_at=planned_at,
        published_at=published_at,
        calendar=calendar,
        now=now,
        facts=facts or {},
        **others,
    )


def due(offset, **given):
    role = given.pop("role", "author")
    return laid(task(offset, role=role), **given).items[0].due_at


class TestCheckValuesOfTheBrief:
    @pytest.mark.parametrize(
        ("offset", "expected"),
        [
            ("D-3", wall(2026, 5, 18, 17)),
            ("D-5", wall(2026, 5, 13, 17)),
            ("D0", wall(2026, 5, 21, 10)),
            ("D+30", wall(2026, 6, 22, 17)),
            ("D+180", wall(2026, 11, 17, 17)),
        ],
    )
    def test_days_around_the_planned_thursday(self, offset, expected):
        assert due(offset) == expected

    def test_the_whole_french_list_of_holidays_gives_the_same_values(self):
        calendar = WorkingCalendar("Europe/Paris", holidays=public_holidays("FR", "", [2026]))
        assert due("D-5", calendar=calendar) == wall(2026, 5, 13, 17)
        assert due("D+30", calendar=calendar) == wall(2026, 6, 22, 17)
        assert due("D+180", calendar=calendar) == wall(2026, 11, 17, 17)

    def test_a_day_of_elapsed_hours_over_the_night_the_clocks_change(self):
        published = wall(2026, 3, 28, 18)
        given = {"planned_at": published, "published_at": published, "role": "answerer"}
        assert due("H+24", on_duty=True, **given) == wall(2026, 3, 29, 19)
        assert due("H+24", **given) == wall(2026, 3, 30, 9, 30)


class TestOffsets:
    @pytest.mark.parametrize(
        ("text", "offset"),
        [
            ("D-8", Offset("D", -8, "d")),
            ("D0", Offset("D", 0, "d")),
            ("D+180", Offset("D", 180, "d")),
            ("H+24", Offset("H", 24, "h")),
            ("S-30", Offset("S", -30, "d")),
            ("S0", Offset("S", 0, "h")),
            ("S+0h", Offset("S", 0, "h")),
            ("S+5wd", Offset("S", 5, "wd")),
            ("S+30d", Offset("S", 30, "d")),
            ("R+4wh", Offset("R", 4, "wh")),
            ("R+2wd", Offset("R", 2, "wd")),
            ("E+2wd", Offset("E", 2, "wd")),
            ("C+90min", Offset("C", 90, "min")),
            ("C+4h", Offset("C", 4, "h")),
            ("E0", Offset("E", 0, "h")),
            ("E+1h", Offset("E", 1, "h")),
            ("close+5wd", Offset("close", 5, "wd")),
            ("closes_on-3wd", Offset("closes_on", -3, "wd")),
            ("report_back_on", Offset("report_back_on", 0, "wd")),
        ],
    )
    def test_the_whole_grammar_is_read(self, text, offset):
        assert parse_offset(text) == offset

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "D",
            "D-0",
            "D+0",
            "D3",
            "D-03",
            "d-3",
            "D - 3",
            "D-3d",
            "H-1",
            "H24",
            "Z-3",
            "D-3\n",
            "R+2",
            "R-1wd",
            "R0",
            "closes_on+5",
            "D-٣",
        ],
    )
    def test_what_is_not_in_the_grammar_is_refused_by_name(self, text):
        with pytest.raises(BadOffset) as refusal:
            parse_offset(text)
        assert f"“{text}”" in str(refusal.value)
        assert isinstance(refusal.value, ValueError)
        assert isinstance(refusal.value, PlannerError)


class TestConditions:
    @pytest.mark.parametrize(
        ("condition", "facts", "wanted"),
        [
            ("", {}, True),
            ("has_claims", {"has_claims": True}, True),
            ("has_claims", {"has_claims": False}, False),
            ("regulated", {}, False),
            ("evergreen", {"evergreen": True, "regulated": False}, True),
            ("route=interview", {"route": "interview"}, True),
            ("route=interview", {"route": "film"}, False),
            ("route=interview", {"route": ["film", "interview"]}, True),
            ("route=interview", {}, False),
            ("!urgent", {}, True),
            ("!urgent", {"urgent": True}, False),
            ("route!=film", {"route": "interview"}, True),
            ("route!=film", {"route": ["film", "interview"]}, False),
        ],
    )
    def test_a_task_is_wanted_when_its_condition_holds(self, condition, facts, wanted):
        assert applies(condition, facts) is wanted
        assert bool(laid(task("D-1", condition=condition), facts=facts).items) is wanted

    def test_a_condition_names_a_fact_and_perhaps_a_value(self):
        assert parse_condition("regulated") == ("regulated", None, False)
        assert parse_condition("!urgent") == ("urgent", None, True)
        assert parse_condition("route=interview") == ("route", "interview", False)

    @pytest.mark.parametrize("condition", ["a b", "=x", "x=", "not regulated", "a==b", "!route=film", "!"])
    def test_anything_else_is_refused_by_name(self, condition):
        with pytest.raises(BadCondition, match=condition):
            parse_condition(condition)


def table(key, offset, **others):
    return {"key": key, "title": {"fr": "a", "en": "b"}, "roles": ["author"], "offset": offset, **others}


class TestChains:
    workflow = {"tasks": [table("draft", "D-6"), table("review", "D-5", minutes=30), table("publish", "D0")]}

    def test_without_changes_the_workflow_is_the_chain(self):
        assert [(task.key, task.offset) for task in chain(self.workflow, {})] == [
            ("draft", "D-6"),
            ("review", "D-5"),
            ("publish", "D0"),
        ]

    def test_a_template_removes_overrides_and_adds(self):
        template = {
            "tasks_remove": ["draft"],
            "tasks_override": [{"key": "review", "offset": "D-4", "roles": ["expert", "editor"], "minutes": None}],
            "tasks_add": [table("interview", "D-8", condition="route=interview"), table("thank", "D+2")],
        }
        tasks = chain(self.workflow, template)
        assert [task.key for task in tasks] == ["interview", "review", "publish", "thank"]
        review = tasks[1]
        assert (review.offset, review.role, review.roles, review.minutes) == ("D-4", "expert", ("expert", "editor"), 30)

    def test_the_workflow_itself_is_left_as_it_was(self):
        chain(self.workflow, {"tasks_override": [{"key": "draft", "offset": "D-9"}], "tasks_remove": ["publish"]})
        assert [task["offset"] for task in self.workflow["tasks"]] == ["D-6", "D-5", "D0"]

    def test_a_checklist_comes_with_its_task(self):
        item = {"fr": "Lire", "en": "Read"}
        (only,) = chain({"tasks": [table("review", "D-5", checklist=[item])]}, {})
        assert only.checklist == (item,)

    def test_what_a_signal_starts_comes_before_and_what_a_field_starts_after(self):
        tasks = chain(
            {"tasks": [table("sum-up", "closes_on+5wd"), table("publish", "D0"), table("thank", "R+4wh")]},
            {"tasks_add": [table("ready", "D-2"), table("over", "E0")]},
        )
        assert [task.key for task in tasks] == ["thank", "ready", "publish", "over", "sum-up"]

    def test_the_usual_day_ties_the_event_to_the_publication(self):
        workflow = {
            "planned": "S-10",
            "tasks": [table("rehearse", "S-5"), table("publish", "D0"), table("gate", "S-20")],
        }
        assert [task.key for task in chain(workflow, {})] == ["gate", "publish", "rehearse"]
        assert usual_day(workflow, {"planned": "S-4"}) == Offset("S", -4, "d")
        assert usual_day({"tasks": []}, {}) is None

    def test_a_task_that_repeats_is_there_once_for_each_occurrence(self):
        tasks = chain({"tasks": [table("update", "C+8h", repeat="FREQ=DAILY;COUNT=3"), table("close", "C+90h")]}, {})
        assert [(task.key, task.occurrence) for task in tasks] == [
            ("update", 1),
            ("update-2", 2),
            ("update-3", 3),
            ("close", 1),
        ]

    @pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=DAILY;COUNT=61"])
    def test_a_task_does_not_come_back_for_ever(self, rule):
        with pytest.raises(BadRepeat, match="COUNT"):
            chain({"tasks": [table("update", "D0", repeat=rule)]}, {})

    @pytest.mark.parametrize(
        "template",
        [
            {"tasks_remove": ["legal"]},
            {"tasks_override": [{"key": "legal", "offset": "D-3"}]},
            {"tasks_add": [table("draft", "D-7")]},
        ],
    )
    def test_a_change_that_fits_no_task_is_refused_by_name(self, template):
        with pytest.raises(BadChain, match="legal|draft"):
            chain(self.workflow, template)


class TestLayout:
    def test_without_any_date_nothing_has_a_date_and_the_order_of_the_chain_stays(self):
        layout = laid(task("D-3", "a"), task("D0", "b"), task("H+1", "c"), task("D+30", "d"), planned_at=None)
        assert [item.task.key for item in layout.items] == ["a", "b", "c", "d"]
        assert all(item.due_at is None and not item.is_projection and not item.late_start for item in layout.items)
        assert layout.review_days_lost == 0

    def test_a_publication_without_a_planned_date_dates_what_follows_it_only(self):
        layout = laid(task("D-3"), task("D+2"), planned_at=None, published_at=planned)
        assert [item.due_at for item in layout.items] == [None, wall(2026, 5, 25, 17)]

    def test_items_come_in_the_order_of_their_dates(self):
        layout = laid(task("D+1", "late"), task("H+1", "soon"), task("D-2", "before"), task("D0", "moment"))
        assert [item.task.key for item in layout.items] == ["before", "moment", "soon", "late"]

    def test_what_follows_publication_is_a_projection_until_then(self):
        before = laid(task("D-1"), task("D0"), task("H+1"), task("D+30"))
        assert [item.is_projection for item in before.items] == [False, False, True, True]
        after = laid(task("D-1"), task("D0"), task("H+1"), task("D+30"), published_at=planned)
        assert not any(item.is_projection for item in after.items)

    def test_the_real_publication_moves_what_follows_and_nothing_before(self):
        real = wall(2026, 5, 22, 14)
        layout = laid(task("D-3"), task("D0"), task("H+1"), task("D+5"), published_at=real)
        assert [item.due_at for item in layout.items] == [
            wall(2026, 5, 18, 17),
            planned,
            wall(2026, 5, 22, 15),
            wall(2026, 5, 27, 17),
        ]

    def test_the_planned_moment_stays_where_it_is_even_on_a_sunday(self):
        sunday = wall(2026, 5, 24, 20)
        assert due("D0", planned_at=sunday) == sunday
        assert due("D-1", planned_at=sunday) == wall(2026, 5, 22, 17)

    def test_the_planned_day_is_the_local_one(self):
        toronto = WorkingCalendar("America/Toronto")
        late_evening = datetime(2026, 5, 22, 2, tzinfo=UTC)
        assert due("D-1", planned_at=late_evening, calendar=toronto) == datetime(
            2026, 5, 20, 17, tzinfo=ZoneInfo("America/Toronto")
        )

    def test_a_move_to_working_time_remembers_where_it_came_from(self):
        (item,) = laid(task("D+30")).items
        assert item.shifted_from == wall(2026, 6, 20, 17)
        (item,) = laid(task("H+24"), planned_at=wall(2026, 3, 28, 18)).items
        assert item.shifted_from == wall(2026, 3, 29, 19)
        (item,) = laid(task("D-3")).items
        assert item.shifted_from is None

    def test_the_order_is_that_of_the_dates_after_the_move(self):
        layout = laid(task("H+72", "answer"), task("D+2", "thank"), planned_at=wall(2026, 5, 7, 10))
        assert [(item.task.key, item.due_at) for item in layout.items] == [
            ("answer", wall(2026, 5, 11, 9, 30)),
            ("thank", wall(2026, 5, 11, 17)),
        ]

    def test_being_on_duty_concerns_those_who_answer_alone(self):
        published = wall(2026, 3, 28, 18)
        given = {"published_at": published, "on_duty": True}
        assert due("H+24", role="deputy", **given) == wall(2026, 3, 29, 19)
        assert due("H+24", role="analyst", **given) == wall(2026, 3, 30, 9, 30)

    def test_a_month_after_the_end_of_january_of_a_leap_year(self):
        assert due("D+30", planned_at=wall(2028, 1, 30, 9)) == wall(2028, 2, 29, 17)


friday = wall(2026, 5, 8, 16)
"""A holiday in France, but not in this calendar: a Friday before the week of Ascension, 14 May."""


def due_from(offset, anchor, at, **others):
    return due(offset, anchors={anchor: at}, planned_at=None, **others)


class TestOtherAnchors:
    @pytest.mark.parametrize(
        ("offset", "expected"),
        [
            ("S-30", wall(2026, 4, 8, 17)),
            ("S-1", wall(2026, 5, 20, 17)),
            ("S-5", wall(2026, 5, 13, 17)),
            ("S0", wall(2026, 5, 21, 10)),
            ("S+0h", wall(2026, 5, 21, 10)),
            ("S+12h", wall(2026, 5, 21, 22)),
            ("S+2wd", wall(2026, 5, 25, 17)),
            ("S+30d", wall(2026, 6, 22, 17)),
        ],
    )
    def test_days_and_hours_around_the_start_of_an_event(self, offset, expected):
        assert due_from(offset, "S", planned) == expected

    @pytest.mark.parametrize(
        ("offset", "expected"),
        [
            ("E0", wall(2026, 5, 23, 6)),
            ("E+2h", wall(2026, 5, 23, 8)),
            ("E+2wd", wall(2026, 5, 26, 17)),
            ("E+4wh", wall(2026, 5, 25, 13)),
            ("E+3d", wall(2026, 5, 26, 17)),
        ],
    )
    def test_after_the_end_of_a_notice_on_a_saturday_morning(self, offset, expected):
        assert due_from(offset, "E", wall(2026, 5, 23, 6)) == expected

    @pytest.mark.parametrize(
        ("offset", "expected"),
        [
            ("R+0wh", wall(2026, 5, 8, 16)),
            ("R+1wh", wall(2026, 5, 8, 17)),
            ("R+4wh", wall(2026, 5, 11, 12)),
            ("R+0wd", wall(2026, 5, 8, 17)),
            ("R+2wd", wall(2026, 5, 12, 17)),
            ("R+4wd", wall(2026, 5, 15, 17)),
            ("R+9wd", wall(2026, 5, 22, 17)),
        ],
    )
    def test_working_time_after_a_signal_received_late_on_a_friday(self, offset, expected):
        assert due_from(offset, "R", friday) == expected

    def test_a_signal_of_a_saturday_counts_from_monday_morning(self):
        saturday = wall(2026, 5, 9, 20)
        assert due_from("R+4wh", "R", saturday) == wall(2026, 5, 11, 13)
        assert due_from("R+0wh", "R", saturday) == wall(2026, 5, 11, 9)
        assert due_from("R+1wd", "R", saturday) == wall(2026, 5, 11, 17)

    def test_for_an_answerer_on_duty_every_hour_is_a_working_hour(self):
        saturday = wall(2026, 5, 9, 20)
        assert due_from("R+4wh", "R", saturday, on_duty=True, role="answerer") == wall(2026, 5, 10)
        assert due_from("R+4wh", "R", saturday, on_duty=True, role="expert") == wall(2026, 5, 11, 13)

    def test_a_signal_of_which_the_day_alone_is_known_begins_at_the_opening(self):
        assert due_from("R+4wh", "R", date(2026, 5, 8)) == wall(2026, 5, 8, 13)
        assert due_from("R+1wd", "R", date(2026, 5, 8)) == wall(2026, 5, 11, 17)

    @pytest.mark.parametrize(
        ("offset", "pace", "expected"),
        [
            ("C+10min", 1, wall(2026, 3, 29, 1, 50)),
            ("C+60min", 1, wall(2026, 3, 29, 3, 40)),
            ("C+60min", 0.5, wall(2026, 3, 29, 3, 10)),
            ("C+4h", 1, wall(2026, 3, 29, 6, 40)),
            ("C+4h", 4, wall(2026, 3, 29, 18, 40)),
            ("C+0min", 4, wall(2026, 3, 29, 1, 40)),
        ],
    )
    def test_a_crisis_runs_around_the_clock_at_the_pace_of_its_level(self, offset, pace, expected):
        the_night_the_clocks_change = wall(2026, 3, 29, 1, 40)
        assert due_from(offset, "C", the_night_the_clocks_change, pace=pace) == expected

    @pytest.mark.parametrize(
        ("offset", "expected"),
        [
            ("closes_on", wall(2026, 5, 15, 17)),
            ("closes_on+5wd", wall(2026, 5, 21, 17)),
            ("closes_on-3wd", wall(2026, 5, 11, 17)),
        ],
    )
    def test_a_date_field_falls_due_on_a_working_day_at_five(self, offset, expected):
        assert due_from(offset, "closes_on", date(2026, 5, 14)) == expected

    def test_a_moment_asked_for_is_kept_to_the_minute(self):
        moment = wall(2026, 5, 16, 21, 35)
        assert due_from("next_update_at", "next_update_at", moment) == moment
        assert due_from("next_update_at+1wd", "next_update_at", moment) == wall(2026, 5, 18, 17)

    @pytest.mark.parametrize("offset", ["S-5", "E0", "R+2wd", "C+10min", "closes_on+5wd"])
    def test_what_has_no_date_yet_waits_without_one(self, offset):
        (item,) = laid(task(offset)).items
        assert (item.due_at, item.late_start, item.is_projection) == (None, False, False)

    def test_nothing_but_the_publication_makes_projections(self):
        given = {"anchors": {"S": planned, "R": friday, "E": planned}}
        assert not any(item.is_projection for item in laid(task("S+2wd"), task("R+1wd"), task("E+1h"), **given).items)

    def test_a_signal_left_lying_makes_a_late_start_and_loses_review(self):
        given = {"anchors": {"R": friday}, "now": wall(2026, 5, 18, 10)}
        layout = laid(task("R+2wd", blocking="scheduled"), **given)
        assert (layout.items[0].late_start, layout.items[0].due_at) == (True, wall(2026, 5, 18, 10))
        assert layout.review_days_lost == 3

    def test_the_usual_day_of_publication_follows_from_the_signal(self):
        assert day_of(parse_offset("R+9wd"), {"R": friday}, paris) == date(2026, 5, 22)
        assert day_of(parse_offset("S-10"), {"S": planned}, paris) == date(2026, 5, 6)
        assert day_of(parse_offset("R+9wd"), {}, paris) is None


class TestRepeats:
    def all_of(self, tasks, **given):
        return [item.due_at for item in laid(*chain({"tasks": tasks}, {}), **given).items]

    def test_days_keep_the_hour_on_the_wall_when_the_clocks_change(self):
        crisis = {"anchors": {"C": wall(2026, 3, 28, 2)}}
        assert self.all_of([table("lives", "C+8h", repeat="FREQ=DAILY;COUNT=3")], **crisis) == [
            wall(2026, 3, 28, 10),
            wall(2026, 3, 29, 10),
            wall(2026, 3, 30, 10),
        ]

    def test_hours_are_elapsed_hours(self):
        crisis = {"anchors": {"C": wall(2026, 3, 28, 22)}}
        assert self.all_of([table("rate", "C+0h", repeat="FREQ=HOURLY;INTERVAL=4;COUNT=3")], **crisis) == [
            wall(2026, 3, 28, 22),
            wall(2026, 3, 29, 3),
            wall(2026, 3, 29, 7),
        ]

    def test_each_occurrence_moves_to_a_working_day(self):
        assert self.all_of([table("remind", "D-5", repeat="FREQ=DAILY;COUNT=3")]) == [
            wall(2026, 5, 13, 17),
            wall(2026, 5, 15, 17),
            wall(2026, 5, 15, 17),
        ]


class TestLateStart:
    chain = (
        task("D-8", "frame"),
        task("D-6", "draft"),
        task("D-5", "review", blocking="scheduled"),
        task("D-2", "approve", blocking="scheduled"),
        task("D-1", "preflight", blocking="published"),
        task("D0", "publish"),
        task("H+1", "answer"),
    )

    def test_what_should_be_done_already_is_due_now(self):
        now = wall(2026, 5, 18, 10)
        layout = laid(*self.chain, now=now)
        late = [item for item in layout.items if item.late_start]
        assert [item.task.key for item in late] == ["frame", "draft", "review"]
        assert {item.due_at for item in late} == {now}
        assert late[2].shifted_from == wall(2026, 5, 13, 17)

    @pytest.mark.parametrize(
        ("now", "lost"),
        [
            (wall(2026, 5, 13, 17), 0),
            (wall(2026, 5, 13, 17, 1), 1),
            (wall(2026, 5, 14, 12), 1),
            (wall(2026, 5, 15, 9), 1),
            (wall(2026, 5, 17, 9), 2),
            (wall(2026, 5, 18, 10), 2),
            (wall(2026, 5, 20, 23), 5),
        ],
    )
    def test_the_review_days_lost_are_those_of_the_latest_review(self, now, lost):
        assert laid(*self.chain, now=now).review_days_lost == lost

    def test_what_is_due_this_very_instant_is_not_late(self):
        assert not any(item.late_start for item in laid(task("D-3"), task("D0"), now=wall(2026, 5, 18, 17)).items)

    def test_late_work_that_blocks_nothing_loses_no_review(self):
        assert laid(task("D-8"), task("D0"), now=wall(2026, 5, 18, 10)).review_days_lost == 0

    def test_a_quarter_of_an_hour_late_within_the_day_is_still_a_day(self):
        until_eight = replace(paris, ends=time(20))
        assert laid(*self.chain, calendar=until_eight, now=wall(2026, 5, 13, 17, 15)).review_days_lost == 1

    def test_a_task_left_out_by_its_condition_loses_nothing(self):
        legal = task("D-3", blocking="scheduled", condition="regulated")
        given = {"now": wall(2026, 5, 21, 9)}
        assert laid(legal, **given).review_days_lost == 0
        assert laid(legal, facts={"regulated": True}, **given).review_days_lost == 3

    def test_once_published_there_is_no_review_to_lose(self):
        assert laid(*self.chain, now=wall(2026, 5, 22, 9), published_at=planned).review_days_lost == 0

    def test_a_projection_is_never_late(self):
        layout = laid(*self.chain, now=wall(2026, 5, 22, 9))
        answer = layout.items[-1]
        assert (answer.task.key, answer.late_start, answer.due_at) == ("answer", False, wall(2026, 5, 21, 11))

    def test_an_answer_already_due_when_the_publication_is_noted_is_due_now(self):
        now = wall(2026, 5, 21, 16)
        layout = laid(*self.chain, now=now, published_at=planned)
        answer = layout.items[-1]
        assert (answer.late_start, answer.due_at) == (True, now)


ZONES = (
    "Europe/Paris",
    "America/Toronto",
    "America/St_Johns",
    "Pacific/Auckland",
    "Africa/Casablanca",
    "Europe/Zurich",
)
instants = st.datetimes(datetime(2023, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
clock_changes = st.sampled_from(
    [
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
        datetime(2026, 3, 8, 7, tzinfo=UTC),
        datetime(2026, 4, 4, 14, tzinfo=UTC),
        datetime(2026, 2, 15, 2, tzinfo=UTC),
        datetime(2028, 2, 29, 12, tzinfo=UTC),
    ]
)
moments = instants | st.builds(
    lambda change, hours: change + timedelta(hours=hours), clock_changes, st.integers(-200, 200)
)
calendars = st.builds(
    WorkingCalendar,
    zone=st.sampled_from(ZONES),
    days=st.frozensets(st.integers(0, 6), min_size=1) | st.just(frozenset({0, 1, 2, 3, 4})),
    holidays=st.frozensets(st.dates(date(2025, 12, 1), date(2028, 12, 31)), max_size=20),
)
steps = st.integers(1, 60)


class TestProperties:
    @given(calendars, moments, steps)
    def test_before_publication_every_due_date_is_a_working_day_at_five(self, calendar, moment, n):
        here = calendar.local(due(f"D-{n}", planned_at=moment, calendar=calendar))
        assert calendar.is_working_day(here.date())
        assert here.time() == time(17)
        assert calendar.working_days_between(calendar.local(moment).date(), here.date()) == -n

    @given(calendars, moments, steps)
    def test_more_days_ahead_is_earlier(self, calendar, moment, n):
        given = {"planned_at": moment, "calendar": calendar}
        assert due(f"D-{n + 1}", **given) < due(f"D-{n}", **given)
        assert due(f"D-{n}", **given) < moment

    @given(calendars, moments, steps)
    def test_after_publication_never_before_that_many_calendar_days(self, calendar, moment, n):
        here = calendar.local(due(f"D+{n}", planned_at=None, published_at=moment, calendar=calendar))
        first = calendar.local(moment).date() + timedelta(days=n)
        assert here.date() == calendar.next_working_day(first) >= first
        assert here.time() == time(17)

    @given(calendars, moments, steps, steps)
    def test_moving_the_date_by_working_days_moves_the_work_by_as_many(self, calendar, moment, n, k):
        day = calendar.next_working_day(calendar.local(moment).date())
        start, moved = calendar.at(day, time(10)), calendar.at(calendar.shift(day, k), time(10))
        before, after = (due(f"D-{n}", planned_at=at, calendar=calendar) for at in (start, moved))
        assert calendar.working_days_between(calendar.local(before).date(), calendar.local(after).date()) == k

    @given(calendars, moments, st.integers(0, 200))
    def test_hours_are_elapsed_hours_on_duty_and_within_working_time(self, calendar, moment, n):
        elapsed = moment + timedelta(hours=n)
        given = {"planned_at": None, "published_at": moment, "calendar": calendar, "role": "answerer"}
        assert due(f"H+{n}", on_duty=True, **given) == elapsed
        settled = due(f"H+{n}", **given)
        assert settled == elapsed if calendar.is_working_moment(elapsed) else settled > elapsed
        assert calendar.is_working_moment(settled)

    @given(calendars, moments, st.timedeltas(timedelta(days=1), timedelta(days=400)), st.sampled_from(ZONES))
    def test_the_present_does_not_matter_unless_something_is_late(self, calendar, moment, ahead, zone):
        chain = [task(offset, blocking="scheduled") for offset in ("D-20", "D-3", "D0", "H+1", "D+30")]
        given = {"planned_at": moment, "calendar": calendar}
        early = laid(*chain, **given)
        now = (moment - ahead).astimezone(ZoneInfo(zone))
        layout = laid(*chain, now=now, **given)
        for usual, item in zip(early.items, layout.items, strict=True):
            assert item.due_at == (now if item.late_start else usual.due_at)
            assert item.late_start == (usual.due_at < now and not usual.is_projection)
        assert bool(layout.review_days_lost) == any(item.late_start for item in layout.items)

    @given(calendars, moments, steps, st.sampled_from(["R", "S", "E", "closes_on"]))
    def test_working_days_after_an_anchor_fall_due_at_five_of_the_nth(self, calendar, moment, n, anchor):
        at = due_from(f"{anchor}+{n}wd", anchor, moment, calendar=calendar)
        here = calendar.local(at)
        assert calendar.is_working_day(here.date())
        assert here.time() == time(17)
        assert calendar.working_days_between(calendar.local(moment).date(), here.date()) == n
        day_alone = due_from(f"{anchor}+{n}wd", anchor, calendar.local(moment).date(), calendar=calendar)
        assert day_alone == at

    @given(calendars, moments, st.integers(0, 60))
    def test_working_hours_end_within_working_time_and_more_of_them_later(self, calendar, moment, n):
        first, second = (due_from(f"R+{hours}wh", "R", moment, calendar=calendar) for hours in (n, n + 1))
        assert calendar.is_working_moment(first)
        assert moment <= first < second
        assert second - first >= timedelta(hours=1)

    @given(calendars, moments, st.integers(0, 600), st.sampled_from([0.5, 1, 4]))
    def test_a_crisis_never_waits_for_anybody(self, calendar, moment, n, pace):
        at = due_from(f"C+{n}min", "C", moment, calendar=calendar, pace=pace)
        assert at - moment == timedelta(minutes=n) * pace

    @given(calendars, moments, steps)
    def test_before_an_event_is_as_before_a_publication(self, calendar, moment, n):
        before_event = due_from(f"S-{n}", "S", moment, calendar=calendar)
        assert before_event == due(f"D-{n}", planned_at=moment, calendar=calendar)

    @given(calendars, moments)
    def test_the_zone_in_which_the_date_is_written_does_not_matter(self, calendar, moment):
        chain = [task(offset) for offset in ("D-3", "D0", "H+24", "D+30")]
        written = [laid(*chain, planned_at=moment.astimezone(ZoneInfo(zone)), calendar=calendar) for zone in ZONES]
        assert all(layout == written[0] for layout in written)


class TestSeasons:
    """Checked against calendars of these years."""

    @pytest.mark.parametrize(
        ("year", "month", "when", "first", "last"),
        [
            (2027, 2, {}, date(2027, 2, 1), date(2027, 2, 28)),
            (2028, 2, {}, date(2028, 2, 1), date(2028, 2, 29)),
            (2027, 4, {"day": 22}, date(2027, 4, 22), date(2027, 4, 22)),
            (2027, 1, {"day": 3, "days": 29}, date(2027, 1, 3), date(2027, 1, 31)),
            (2027, 10, {"weekday": "MO", "nth": 2}, date(2027, 10, 11), date(2027, 10, 11)),
            (2026, 9, {"weekday": "SA", "nth": 3, "days": 2}, date(2026, 9, 19), date(2026, 9, 20)),
            (2026, 8, {"weekday": "MO", "nth": -1}, date(2026, 8, 31), date(2026, 8, 31)),
            (2026, 5, {"weekday": "MO", "before": 25}, date(2026, 5, 18), date(2026, 5, 18)),
            (2027, 5, {"weekday": "MO", "before": 25}, date(2027, 5, 24), date(2027, 5, 24)),
            (2026, 5, {"easter": 39, "days": 4}, date(2026, 5, 14), date(2026, 5, 17)),
        ],
    )
    def test_each_form_of_day(self, year, month, when, first, last):
        assert span_in(year, month, when) == (first, last)

    @pytest.mark.parametrize(
        ("month", "when"),
        [
            (13, {}),
            (2, {"day": 29}),
            (2, {"day": 3, "nth": 1}),
            (2, {"days": 3}),
            (5, {"weekday": "MO"}),
            (5, {"weekday": "MO", "nth": 5}),
            (5, {"weekday": "MO", "nth": 0}),
            (5, {"weekday": "LU", "nth": 1}),
        ],
    )
    def test_what_does_not_come_back_each_year_is_named(self, month, when):
        with pytest.raises(BadSeason, match=f"month = {month}"):
            span_in(2027, month, when)

    @given(st.integers(1990, 2090), st.integers(1, 12), st.sampled_from(WEEKDAYS), st.integers(1, 4))
    def test_the_nth_weekday_is_a_day_of_its_kind_and_the_nth(self, year, month, weekday, nth):
        first, _last = span_in(year, month, {"weekday": weekday, "nth": nth})
        assert (first.month, WEEKDAYS[first.weekday()], (first.day + 6) // 7) == (month, weekday, nth)

    def test_a_place_reads_its_own_topics_and_the_shared_ones(self):
        payload = {"month": 5, "lead_weeks": 6, "sober": False}
        found = seasons(
            [
                ("here", {**payload, "regions": ["france"], "when": {"day": 8}}),
                ("everywhere", {**payload, "regions": ["shared"]}),
                ("elsewhere", {**payload, "regions": ["quebec"]}),
            ],
            region_of("FR", ""),
            2027,
        )
        assert [one.slug for one in found] == ["everywhere", "here"]
        assert found[1].begins_on == date(2027, 3, 27)


class TestSearch:
    @pytest.mark.parametrize("query", ["reclamation", "RÉCLAMATION", "clam", "l'oeuvre", "oeuvre réclamation", " ", ""])
    def test_accents_capitals_ligatures_and_order_do_not_matter(self, query):
        assert speaks_of(query, ["Une réclamation", "sur l’œuvre"])

    def test_every_word_must_be_there(self):
        assert not speaks_of("réclamation absente", ["Une réclamation"])

    def test_a_word_does_not_straddle_two_texts(self):
        assert not speaks_of("unedeux", ["une", "deux"])


class TestAdvice:
    advice = {"id": "A45", "embodied_by": [{"kind": "template", "slug": "expert-how-to"}]}

    @pytest.mark.parametrize(
        ("kind", "slug", "payload", "acts"),
        [
            ("template", "expert-how-to", {}, True),
            ("checklist", "expert-how-to", {}, False),
            ("template", "own", {"advice": ["A45"]}, True),
            ("template", "own", {"advice": ["A4"]}, False),
        ],
    )
    def test_an_item_acts_on_advice_by_its_own_word_or_by_that_of_the_advice(self, kind, slug, payload, acts):
        assert embodies(kind, slug, payload, self.advice) is acts

"""Work counted from a signal, an event, or a date that the template asks for."""

from datetime import UTC, date, datetime

import pytest

from planner.base.errors import Invalid
from planner.base.worktime import WorkingCalendar
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.rules import anchors_of
from planner.work import operations as work
from planner.work.models import WorkItem
from tests.posts.conftest import PARIS

TASK = {"title": {"fr": "Tâche", "en": "Task"}, "roles": ["author"], "minutes": 10}
WORKFLOW = {
    "planned": "R+9wd",
    "tasks": [
        {**TASK, "key": "thank", "offset": "R+4wh"},
        {**TASK, "key": "decide", "offset": "R+3wd"},
        {**TASK, "key": "ready", "offset": "S-2"},
        {**TASK, "key": "sum-up", "offset": "closes_on+5wd"},
        {**TASK, "key": "remind", "offset": "closes_on-3wd", "repeat": "FREQ=DAILY;COUNT=2"},
    ],
}
QUESTIONS = [
    {"key": "starts_at", "type": "datetime", "label": {"fr": "Début", "en": "Start"}},
    {"key": "closes_on", "type": "date", "label": {"fr": "Fin", "en": "Close"}},
]
RECEIVED = datetime(2026, 4, 24, 15, tzinfo=PARIS)
"""The Friday afternoon before NOW."""


@pytest.fixture
def template(db, now):
    made = {"version": 1, "checksum": "", "loaded_at": now}
    PlaybookItem.objects.create(kind="workflow", slug="w-call", payload=WORKFLOW, **made)
    payload = {"workflow": "w-call", "fields": QUESTIONS, "anchors": {"S": "starts_at"}, "intent": "listen"}
    return PlaybookItem.objects.create(kind="template", slug="call", payload=payload, **made)


@pytest.fixture
def call(template, member, now):
    """`call(closes_on=...)` makes a post with these answers, of the signal of that Friday."""

    def one(received_at=RECEIVED, **answers):
        values = {"received_at": received_at, "fields": answers}
        return posts.create_from_template(
            actor=member, template=template, planned=None, channels=(), values=values, title="Call", language="en",
            now=now,
        )  # fmt: skip

    return one


def due(post):
    return {item.key: item.due_at for item in WorkItem.objects.about(post)}


def wall(month, day, hour=17):
    return datetime(2026, month, day, hour, tzinfo=PARIS)


class TestAnchorsOfAPost:
    def test_its_work_is_dated_from_its_signal_and_its_answers(self, call):
        post = call(starts_at="2026-05-20T20:00", closes_on="2026-06-01")
        assert due(post) == {
            "thank": wall(4, 27, 11),
            "decide": wall(4, 29),
            "ready": wall(5, 18),
            "sum-up": wall(6, 8),
            "remind": wall(5, 27),
            "remind-2": wall(5, 28),
        }

    def test_what_is_not_known_yet_has_no_date(self, call):
        assert {key for key, at in due(call()).items() if at is None} == {"ready", "sum-up", "remind", "remind-2"}

    def test_without_a_signal_the_making_of_the_post_stands_for_it(self, call, now):
        post = call(received_at=None)
        assert post.received_at == now
        assert due(post)["decide"] == wall(4, 30)

    def test_a_new_answer_moves_the_work_that_is_neither_done_nor_pinned(self, call, member, now):
        post = call(closes_on="2026-06-01")
        pinned = WorkItem.objects.about(post).get(key="remind")
        work.pin(item=pinned, due_at=wall(5, 26, 9), actor=member, now=now)
        work.complete(item=WorkItem.objects.about(post).get(key="decide"), actor=member, now=now)
        values = {"fields": {"closes_on": "2026-06-08"}, "received_at": datetime(2026, 4, 27, 9, tzinfo=PARIS)}
        posts.update_frame(post=post, actor=member, values=values, now=now)
        dates = due(post)
        assert dates["sum-up"] == wall(6, 15)
        assert (dates["remind"], dates["remind-2"]) == (wall(5, 26, 9), wall(6, 4))
        assert (dates["thank"], dates["decide"]) == (wall(4, 27, 13), wall(4, 29))

    def test_an_instant_without_a_zone_is_refused(self, call, member, now):
        with pytest.raises(Invalid) as refusal:
            posts.update_frame(
                post=call(), actor=member, values={"received_at": datetime(2026, 4, 28)}, now=now  # noqa: DTZ001
            )  # fmt: skip
        assert refusal.value.field == "received_at"


class TestReadingAnchors:
    def test_a_field_that_gives_the_signal_wins_over_the_making(self):
        template = {"fields": QUESTIONS, "anchors": {"R": "starts_at"}}
        answers = {"starts_at": "2026-05-20T20:00", "closes_on": "2026-06-01"}
        anchors = anchors_of(template, answers, RECEIVED, WorkingCalendar("Europe/Paris"))
        moment = datetime(2026, 5, 20, 18, tzinfo=UTC)
        assert anchors == {"R": moment, "starts_at": moment, "closes_on": date(2026, 6, 1)}
        assert anchors_of(template, {}, RECEIVED, WorkingCalendar("Europe/Paris")) == {"R": RECEIVED}

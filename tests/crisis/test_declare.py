"""Declaring: by whom, what it does, and that it does all of it or nothing."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from planner.base.errors import Invalid, NotAllowed, Refused
from planner.crisis import operations as crises
from planner.crisis.models import CheckLine, Crisis, LogLine
from planner.crisis.rules import CheckKind
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Alert, HeldPlacement, Hold, Placement, Post
from planner.reminders.models import Reminder
from planner.reminders.rules import OPEN_STATES
from planner.work.models import WorkItem
from planner.workspaces.models import Workspace
from tests.posts.conftest import PLANNED


def test_one_act_holds_all_dates_the_work_and_opens_the_log(scheduled, declare, lead, now):
    crisis = declare()
    assert Post.objects.get(pk=scheduled.pk).is_held
    assert (crisis.level, crisis.peak, crisis.lead, crisis.alert.level) == (3, 3, lead, 3)
    assert crisis.first_words_due_at == now + timedelta(minutes=60)
    items = {item.key: item for item in WorkItem.objects.about(crisis)}
    assert items["assemble"].due_at == now + timedelta(minutes=10)
    assert items["review-level-2"].due_at == now + timedelta(hours=8)
    assert items["assemble"].owner == lead
    ours = Reminder.objects.filter(group_id=crisis.pk, group_type=items["assemble"].subject_type)
    assert ours.exists() and not ours.exclude(quiet="never").exists()
    assert CheckLine.objects.filter(kind=CheckKind.OUTSIDE).count() >= 10
    assert "level 3" in LogLine.objects.order_by("pk").last().decision.lower() or crisis.lines.count() >= 2
    assert Workspace.objects.get(pk=crisis.workspace_id).is_alerted


def test_what_comes_back_is_announced_once(declare):
    """The level is looked at again twelve times: twelve messages at the first minute would drown the others."""
    crisis = declare()
    items = {item.pk: item.key for item in WorkItem.objects.about(crisis)}
    announced = Reminder.objects.filter(subject_id__in=items, step="opening").values_list("subject_id", flat=True)
    keys = sorted(items[pk] for pk in announced)
    assert "review-level" in keys and "handover" in keys and "assemble" in keys
    assert not [key for key in keys if key.startswith(("review-level-", "handover-", "empathy-update-"))]
    assert Reminder.objects.filter(subject_id__in=items, step="ahead").count() > len(keys)


@pytest.mark.parametrize(("level", "first", "assemble"), [(4, 30, 5), (3, 60, 10), (2, 240, 40)])
def test_each_level_has_its_pace(newsroom, declare, now, level, first, assemble):
    crisis = declare(level, scope={"tags": ["portal"]})
    assert crisis.first_words_due_at == now + timedelta(minutes=first)
    assert WorkItem.objects.about(crisis).get(key="assemble").due_at == now + timedelta(minutes=assemble)


def test_a_watch_holds_nothing(scheduled, declare):
    crisis = declare(1)
    assert crisis.hold is None and not Post.objects.get(pk=scheduled.pk).is_held
    assert crisis.alert.level == 1


def test_anybody_declares_two_and_only_some_declare_three(newsroom, declare, reader, member, approver, lead):
    for level in (3, 4):
        with pytest.raises(NotAllowed, match="Declare level 2 now"):
            declare(level, actor=member)
    declare(2, actor=reader, scope={"tags": ["a"]})
    declare(3, actor=approver)


def test_with_nobody_in_the_roles_a_manager_declares(workspace, playbook_items, manager, member, now):
    said = {"level": 3, "title": "Fire", "reason": "Smoke", "now": now}
    with pytest.raises(NotAllowed):
        crises.declare(actor=member, **said)
    assert crises.declare(actor=manager, **said).lead == manager


def test_what_is_missing_is_said(newsroom, declare):
    for wrong, field in (({"title": " "}, "title"), ({"reason": ""}, "reason"), ({"level": 7}, "level")):
        with pytest.raises(Invalid) as refusal:
            declare(**{"level": 3, **wrong})
        assert refusal.value.field == field
    with pytest.raises(Invalid, match="what is to be held"):
        declare(2)


def test_one_open_crisis_for_one_scope(newsroom, declare):
    crisis = declare()
    with pytest.raises(Refused, match="open for this already") as refusal:
        declare(4)
    assert refusal.value.link == crisis.link
    declare(2, scope={"tags": ["other"]})


def test_only_notices_go_on_and_their_reason_is_in_the_log(scheduled, declare):
    with pytest.raises(Refused, match="Only service notices"):
        declare(excepted={scheduled.pk: "Needed"})


def test_a_drill_needs_a_sample_workspace(newsroom, declare):
    with pytest.raises(Refused, match="sample"):
        declare(is_drill=True)


def test_consequences_are_counted_before_the_act(scheduled, newsroom):
    seen = crises.consequences(workspace=newsroom)
    assert (seen.placements, seen.posts) == (2, 1)
    assert seen.reminders == Reminder.objects.filter(state__in=OPEN_STATES).exclude(profile="").count() > 0


def test_the_number_of_statements_does_not_grow_with_the_posts(
    draft, declare, member, django_assert_max_num_queries
):  # fmt: skip
    with django_assert_max_num_queries(110) as few:
        declare()
    assert len(few) > 10


# ---- killed anywhere


class Killed(BaseException):
    """What kill -9 does, as far as a test in the same process can: nothing more of it reaches the database."""


def test_killed_at_any_statement_it_leaves_all_or_nothing(scheduled, declare):
    before = {model: model.objects.count() for model in (Crisis, Alert, Hold, HeldPlacement, WorkItem, Reminder)}
    for at in itertools.count():
        steps = itertools.count()

        def die(execute, sql, params, many, context, at=at, steps=steps):
            if "SAVEPOINT" not in sql and next(steps) == at:  # the last of these is the COMMIT of a real run
                raise Killed
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(die):
                declare()
        except Killed:
            assert {model: model.objects.count() for model in before} == before, f"after dying at {at}"
            assert not Placement.objects.filter(held_at__isnull=False).exists()
            assert not Workspace.objects.filter(is_alerted=True).exists()
            assert not Reminder.objects.filter(state="paused").exists()
            continue
        break
    assert at > 30, "the declaration has that many places to die"
    assert Placement.objects.filter(held_at__isnull=False).count() == 2


# ---- what levels 1 and 4 have of their own


def test_a_watch_has_its_draft_within_four_working_hours_and_tells_colleagues(newsroom, declare, member, reads, now):
    crisis = declare(1)
    draft = WorkItem.objects.about(crisis).get(key="draft-words")
    assert draft.due_at == now + timedelta(hours=4), "declared at ten, ready at two"
    promised = crisis.promised_at
    assert "Tell colleagues" in reads(member).get(crisis.link).content.decode()
    with pytest.raises(Invalid):
        crises.tell_inside(crisis=crisis, text=" ", actor=member, now=now)
    crises.tell_inside(crisis=crisis, text="Nothing new.", actor=member, now=promised)
    crisis.refresh_from_db()
    assert crisis.promised_at > promised and "Nothing new." in crisis.lines.first().decision
    assert WorkItem.objects.about(crisis).open().filter(key__startswith="update-").count() == 1


def test_at_a_public_level_a_note_for_colleagues_keeps_no_promise(newsroom, declare, member, now):
    with pytest.raises(Refused, match="in public"):
        crises.tell_inside(crisis=declare(2, scope={"all": True}), text="Nothing new.", actor=member, now=now)


@pytest.fixture
def notice(newsroom, member, now):
    item = PlaybookItem.objects.visible_to(newsroom).templates().get(slug="service-notice")
    post = posts.create_from_template(
        actor=member, template=item, planned=PLANNED, channels=list(newsroom.channels.filter(slug="service-page")),
        values={"author": member}, title="No water", language="en", now=now,
    )  # fmt: skip
    return Post.objects.get(pk=post.pk)


def test_at_level_four_only_notices_that_protect_lives_go_on(notice, declare):
    with pytest.raises(Refused, match="protect lives"):
        declare(4, excepted={notice.pk: "People need it"})
    crisis = declare(4, excepted={notice.pk: "Do not drink it"}, safety=[notice.pk])
    assert not Post.objects.get(pk=notice.pk).is_held and crisis.hold.exceptions.count() == 1


@pytest.mark.parametrize("protects", [True, False])
def test_rising_to_four_asks_again_what_protects_lives(notice, declare, lead, reads, now, protects):
    crisis = declare(3, excepted={notice.pk: "People need it"})
    assert not Post.objects.get(pk=notice.pk).is_held
    with time_machine.travel(now, tick=False):
        client = reads(lead)
        assert "protects lives, and goes on" in client.get(f"{crisis.link}level/").content.decode()
        said = {"level": "4", "reason": "Evacuation", **({f"safe_{notice.pk}": "on"} if protects else {})}
        assert client.post(f"{crisis.link}level/", said).status_code == 302
    assert Post.objects.get(pk=notice.pk).is_held is not protects
    assert crisis.lines.filter(decision__contains="“No water”").count() + crisis.lines.filter(
        decision__contains="No water\u00a0»"
    ).count() == (1 if protects else 2)

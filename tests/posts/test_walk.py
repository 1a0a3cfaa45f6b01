"""The main walk: from a template to a published post, through the public operations alone."""

from datetime import datetime, timedelta

from planner.posts import operations as posts
from planner.posts.models import Approval
from planner.posts.rules import Status
from planner.reminders.models import Reminder
from planner.work import operations as work
from planner.work.models import WorkItem
from tests.posts.conftest import PARIS, item_of


def test_a_post_from_a_template_has_dated_work_and_reminders(draft):
    dated = {item.key: item for item in WorkItem.objects.about(draft)}
    assert draft.status == Status.DRAFT
    assert dated["legal"].applies is False
    assert dated["preflight"].due_at == datetime(2026, 5, 20, 17, 0, tzinfo=PARIS)
    assert dated["publish"].due_at == datetime(2026, 5, 21, 10, 0, tzinfo=PARIS)
    assert dated["answer-24h"].is_projection
    assert Reminder.objects.filter(group_id=draft.pk, subject_id=dated["preflight"].pk).exists()
    assert not Reminder.objects.filter(subject_id=dated["answer-24h"].pk, profile="e-ans").exists()


def test_the_walk_ends_published_with_answers_dated_by_the_real_hour(published, answerer, out):
    answer = item_of(published, "answer-24h")
    assert published.status == Status.PUBLISHED
    assert published.published_at == out
    assert not answer.is_projection
    assert answer.due_at == out + timedelta(hours=24)
    assert Reminder.objects.open().filter(subject_id=answer.pk).exists()
    work.complete(
        item=answer, actor=answerer, now=out + timedelta(days=1),
        counts={"received": 3, "answered": 2, "private": 1, "unanswered": 0, "complaints": 0},
    )  # fmt: skip
    assert not Reminder.objects.open().filter(subject_id=answer.pk).exists()


def test_one_letter_voids_the_approval_of_a_scheduled_post(scheduled, colleague, now):
    posts.save_text(
        post=scheduled, actor=colleague, language="en", title="A compost that smells of forest",
        body="Stir it, add dry leaves, wait a weak.", base_revision=posts.revision_of(scheduled).number, now=now,
    )  # fmt: skip
    scheduled.refresh_from_db()
    assert scheduled.status == Status.IN_REVIEW
    assert not Approval.objects.filter(post=scheduled, voided_at__isnull=True).exists()
    assert item_of(scheduled, "approve").state == "open"

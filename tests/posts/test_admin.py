"""From /admin/ alone: a person plans a post, moves it, completes an item; the rest is looked at."""

import pytest
import time_machine
from django.urls import reverse

from planner.history.models import Entry
from planner.posts.models import Post
from planner.work.models import WorkItem
from planner.workspaces.operations.staff import keep_admin_door
from tests.posts.conftest import item_of


@pytest.fixture
def office(browse, member, now):
    """Inès in the administration, at NOW."""
    keep_admin_door(member.user)
    with time_machine.travel(now, tick=False):
        yield browse(member)


def verbs(post):
    return list(Entry.objects.about(post).order_by("id").values_list("verb", flat=True))


def test_the_whole_job_is_done_from_the_admin(office, newsroom, template, channels, member):
    page = office.get(reverse("admin:planner_post_add"))
    assert page.status_code == 200
    answer = office.post(
        reverse("admin:planner_post_add"),
        {
            "workspace": newsroom.pk, "template": template.pk, "title": "Compost", "language": "en",
            "on": "2026-05-21", "at": "10:00", "channels": [channel.pk for channel in channels],
            "author": member.pk, "audience": "Gardeners", "objective": "They stir.",
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    post = Post.objects.get()
    assert WorkItem.objects.about(post).count() > 10
    change = reverse("admin:planner_post_change", args=[post.pk])
    assert b'value="2026-05-21"' in office.get(change).content
    assert office.post(change, {"on": "2026-05-28", "at": "10:00"}).status_code == 302
    frame = item_of(post, "frame")
    done = reverse("admin:planner_workitem_change", args=[frame.pk])
    assert office.get(done).status_code == 200
    assert office.post(done, {"is_done": "on", "closing_note": ""}).status_code == 302
    frame.refresh_from_db()
    assert (frame.state, frame.done_by) == ("done", member)
    assert verbs(post) == ["post.created", "post.moved", "work.completed"]


def test_a_refusal_stands_in_the_form_and_changes_nothing(office, draft):
    change = reverse("admin:planner_post_change", args=[draft.pk])
    page = office.post(change, {"on": "2026-01-05", "at": "10:00"})
    assert page.status_code == 200
    assert "dans le passé" in page.content.decode()
    before = draft.planned_at
    draft.refresh_from_db()
    assert draft.planned_at == before


def test_answers_need_their_figures_in_the_admin_too(browse, member, published, out):
    answer = item_of(published, "answer-1h")
    page = reverse("admin:planner_workitem_change", args=[answer.pk])
    keep_admin_door(member.user)
    with time_machine.travel(out, tick=False):
        office = browse(member)
        refused = office.post(page, {"is_done": "on", "received": "2", "answered": "5", "closing_note": ""})
        assert refused.status_code == 200
        figures = {"received": "2", "answered": "2", "private": "0", "unanswered": "0", "complaints": "0"}
        assert office.post(page, {"is_done": "on", "closing_note": "", **figures}).status_code == 302
    answer.refresh_from_db()
    assert answer.counts["answered"] == 2


@pytest.mark.parametrize("table", ["post", "workitem", "placement", "approval"])
def test_lists_open_and_an_outsider_sees_no_row(office, browse, outsider, approved, table):
    keep_admin_door(outsider.user)
    address = reverse(f"admin:planner_{table}_changelist")
    assert office.get(address).context["cl"].result_count > 0
    stranger = browse(outsider)
    assert stranger.get(address).context["cl"].result_count == 0


def test_an_outsider_cannot_open_move_or_complete_anything(browse, outsider, approved):
    keep_admin_door(outsider.user)
    stranger = browse(outsider)
    check = item_of(approved, "preflight")
    for address in (
        reverse("admin:planner_post_change", args=[approved.pk]),
        reverse("admin:planner_workitem_change", args=[check.pk]),
    ):
        for answer in (stranger.get(address), stranger.post(address, {"is_done": "on", "on": "", "at": ""})):
            assert answer.status_code in (302, 403, 404)
            assert answer.headers.get("Location", "/admin/").startswith("/admin/")
    check.refresh_from_db()
    approved.refresh_from_db()
    assert check.state == "open"
    assert approved.planned_at is not None


def test_nothing_with_a_state_is_deleted_or_written_in_the_admin(office, approved):
    for table, row in (
        ("post", approved),
        ("placement", approved.placements.first()),
        ("approval", approved.approvals.first()),
    ):
        assert office.post(reverse(f"admin:planner_{table}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    page = office.get(reverse("admin:planner_approval_change", args=[approved.approvals.get().pk]))
    assert not page.context["has_change_permission"]
    assert office.get(reverse("admin:planner_approval_add")).status_code == 403


def test_a_contributor_has_no_admin(browse, colleague, draft):
    assert browse(colleague).get(reverse("admin:planner_post_changelist"), follow=True).status_code == 403

"""The main job, page by page: from a template and a date to a published post whose answers are counted."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from planner.posts.models import Post
from planner.reminders.models import Reminder
from planner.work.models import WorkItem
from tests.posts.conftest import PARIS, YES, item_of

PLANNED = {"on": "2026-05-21", "at": "10:00"}
TEXT = "## The question\n\nWhy does it smell?\n\n## What to know\n\nIt lacks air."


@pytest.fixture
def clock(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


def answers(colleague):
    return {
        "title": "A compost that smells of forest",
        "language": "en",
        "audience": "People of Marbourg who began composting this spring.",
        "objective": "They mend a smelly compost by themselves.",
        "success_measure": "Fewer calls about smells.",
        "intent": "help",
        "is_evergreen": "on",
        "author": colleague.pk,
        "field-key_question": "Why does my compost smell?",
        "field-expert_person": colleague.pk,
        "field-route": "interview",
        "field-steps": "Stir\nAdd leaves\nWait",
        "field-common_mistake": "Too much grass.",
        "field-limits": "Rats: call the town.",
        **PLANNED,
    }


def page(workspace, name, *args, **kwargs):
    return reverse(f"posts:{name}", args=[workspace.slug, *args], kwargs=kwargs or None)


def event(workspace, post, name):
    return page(workspace, "transition", post.pk, name)


def test_a_post_goes_from_its_template_to_its_counted_answers(
    newsroom, browse, clock, member, colleague, approver, answerer, template, channels, workspace
):
    # choose a template, and see the work for a date before anything is made
    client = browse(member)
    shelf = client.get(reverse("playbook:index", args=["marbourg"]))
    assert reverse("playbook:template", args=["marbourg", "expert-how-to"]) in shelf.text
    read = client.get(reverse("playbook:template", args=["marbourg", "expert-how-to"]), PLANNED)
    assert "Thu 7 May, 17:00" in read.text  # D-8, without the 8th of May and Ascension on the 14th
    assert "?template=expert-how-to&amp;on=2026-05-21&amp;at=10:00" in read.text

    new = page(workspace, "new") + "?template=expert-how-to"
    form = {**answers(colleague), "channels": [channel.pk for channel in channels]}
    seen = client.post(new, {**form, "act": "preview"})
    assert "What will be created" in seen.text
    assert "Listen to the person for twenty minutes" in seen.text  # the answer “interview” brings this work
    assert "Too much grass." in seen.text  # nothing typed is lost
    assert not Post.objects.exists()

    created = client.post(new, {**form, "act": "create"})
    post = Post.objects.get()
    assert created.url == post.link
    assert post.planned_at == datetime(2026, 5, 21, 10, tzinfo=PARIS)

    # the right working days: the 8th and the 14th of May are holidays in France
    due = {item.key: item.due_at and item.due_at.astimezone(PARIS) for item in WorkItem.objects.about(post).wanted()}
    assert due["own-words"].date() == date(2026, 5, 18)
    assert due["review"].date() == date(2026, 5, 13)
    assert due["frame"].date() == date(2026, 5, 7)
    assert Reminder.objects.open().filter(subject_id=item_of(post, "review").pk).count() >= 2

    # the answerer and the deputy are named, the text is written
    people = {"version": post.version, "author": colleague.pk, "answerer": answerer.pk, "deputy": member.pk}
    assert client.post(page(workspace, "people", post.pk), people).status_code == 302
    client = browse(colleague)
    write = page(workspace, "edit_text", post.pk, "en")
    base = client.get(write).context["form"]["base_revision"].value()
    saved = client.post(write, {"title": form["title"], "body": TEXT, "base_revision": base, "act": "save"})
    assert saved.status_code == 302
    assert "It lacks air." in client.get(post.link).text
    assert client.post(event(workspace, post, "submit")).status_code == 302

    # the author may not approve; the approver may
    refused = client.post(event(workspace, post, "approve"))
    assert refused.status_code == 403
    post.refresh_from_db()
    assert post.status == "in_review"
    answered = dict.fromkeys(YES, "yes")
    agreed = browse(approver).post(event(workspace, post, "approve"), {**answered, "comment": "Good."})
    assert agreed.status_code == 302

    # scheduling is refused in words while work is open, then accepted
    client = browse(member)
    refused = client.post(event(workspace, post, "schedule"))
    assert "Review substance, tone, rules" in refused.text
    for item in WorkItem.objects.about(post).open().wanted().filter(blocking="scheduled"):
        done = client.post(reverse("work:complete", args=["marbourg", item.pk]), {"note": ""})
        assert done.status_code == 302, item.key
    assert client.post(event(workspace, post, "schedule")).status_code == 302

    # the final check, then a person records the publication, seven minutes late
    clock.move_to(datetime(2026, 5, 21, 8, 12, tzinfo=UTC))
    client = browse(member)  # the session of April is over
    client.post(reverse("work:complete", args=["marbourg", item_of(post, "preflight").pk]), {"note": ""})
    placement = post.placements.get(channel__slug="site-article")
    record = page(workspace, "record", post.pk, placement.pk)
    recorded = client.post(record, {"address": "https://marbourg.example/compost", "on": "2026-05-21", "at": "10:07"})
    assert recorded.status_code == 302
    post.refresh_from_db()
    assert post.status == "published"
    assert item_of(post, "answer-1h").due_at == datetime(2026, 5, 21, 11, 7, tzinfo=PARIS)

    # the answers close with their counts, and only with them
    clock.move_to(datetime(2026, 5, 21, 9, 7, tzinfo=UTC))
    client = browse(answerer)
    close = reverse("work:complete", args=["marbourg", item_of(post, "answer-1h").pk])
    assert client.post(close, {"note": ""}).status_code == 200
    counts = {"received": "4", "answered": "3", "private": "1", "unanswered": "0", "complaints": "0"}
    wrong = client.post(close, {**counts, "answered": "9"})
    assert wrong.status_code == 400
    assert "More messages are settled than were received" in wrong.text
    assert client.post(close, {**counts, "note": "Kind readers."}).status_code == 302
    answer = item_of(post, "answer-1h")
    assert answer.state == "done"
    assert answer.counts == {name: int(figure) for name, figure in counts.items()}
    assert "answered in public (3)" in client.get(post.link).text


def test_moving_the_date_shows_what_follows_before_anything_moves(newsroom, browse, clock, member, draft, workspace):
    client = browse(member)
    move = page(workspace, "move", draft.pk)
    form = {"on": "2026-05-28", "at": "10:00", "version": draft.version}
    before = item_of(draft, "review").due_at
    seen = client.post(move, {**form, "act": "preview"})
    assert "Wed 20 May, 17:00" in seen.text  # where the review would go
    assert item_of(draft, "review").due_at == before
    assert client.post(move, {**form, "act": "move"}).status_code == 302
    assert item_of(draft, "review").due_at == datetime(2026, 5, 20, 17, tzinfo=PARIS)


def test_a_move_into_the_past_is_refused_beside_the_day(newsroom, browse, clock, member, draft, workspace):
    form = {"on": "2026-04-20", "at": "10:00", "version": draft.version, "act": "move"}
    refused = browse(member).post(page(workspace, "move", draft.pk), form)
    assert refused.status_code == 400
    assert refused.context["form"].errors["on"]
    draft.refresh_from_db()
    assert draft.planned_at == datetime(2026, 5, 21, 10, tzinfo=PARIS)


def test_an_idea_goes_in_by_a_contributor_and_gets_its_date_from_a_planner(
    newsroom, browse, clock, member, colleague, template, channels, workspace
):
    new = page(workspace, "new") + "?template=expert-how-to"
    form = {**answers(colleague), "channels": [channels[0].pk], "act": "create"}
    browse(colleague).post(new, form)
    idea = Post.objects.get()
    assert (idea.status, idea.planned_at, idea.author) == ("idea", None, colleague)
    tomorrow = idea.created_at + timedelta(days=30)
    move = {"on": tomorrow.date().isoformat(), "at": "10:00", "version": idea.version, "act": "move"}
    assert browse(colleague).post(page(workspace, "move", idea.pk), move).status_code == 403
    assert browse(member).post(page(workspace, "move", idea.pk), move).status_code == 302
    idea.refresh_from_db()
    assert idea.status == "draft"

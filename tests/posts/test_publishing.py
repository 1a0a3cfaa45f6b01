"""Recording a publication: by a person, with the real hour; what follows is dated by it."""

from datetime import date, datetime, timedelta

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.posts.rules import Status
from planner.reminders.models import Reminder
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces.models import Channel
from tests.posts.conftest import PARIS, finish_before, item_of

ADDRESS = "https://marbourg.example/compost"


@pytest.fixture
def site(scheduled):
    return scheduled.placements.get(channel__slug="site-article")


@pytest.fixture
def ready(scheduled, member, out, site):
    finish_before(scheduled, member, out, "published")
    return site


def record(placement, actor, at, *, now=None, address=ADDRESS):
    return posts.record_publication(placement=placement, actor=actor, address=address, published_at=at, now=now or at)


def test_the_final_check_comes_first(site, member, out):
    with pytest.raises(Refused, match="Final check"):
        record(site, member, out)


def test_only_a_scheduled_post_goes_out(approved, member, now):
    with pytest.raises(Refused, match="schedule it first"):
        record(approved.placements.first(), member, now)


@pytest.mark.parametrize("address", ["", "marbourg", "javascript:alert(1)", "https://x.example/" + "a" * 500])
def test_an_address_that_is_none_is_refused(ready, member, out, address):
    with pytest.raises(Invalid) as refusal:
        record(ready, member, out, address=address)
    assert refusal.value.field == "address"


def test_an_hour_to_come_is_refused(ready, member, out):
    with pytest.raises(Invalid) as refusal:
        record(ready, member, out + timedelta(minutes=1), now=out)
    assert refusal.value.field == "published_at"


def test_the_newsletter_needs_no_address(ready, member, out):
    newsletter = ready.post.placements.get(channel__slug="newsletter")
    assert record(newsletter, member, out, address="").address == ""


def test_a_publication_is_recorded_once(ready, member, out):
    record(ready, member, out)
    with pytest.raises(Stale):
        record(ready, member, out)


def test_who_may_record(ready, colleague, reader, outsider, out):
    for actor, error in ((reader, NotAllowed), (colleague, NotAllowed), (outsider, NotFound)):
        with pytest.raises(error):
            record(ready, actor, out)
    publish = item_of(ready.post, "publish")
    WorkItem.objects.filter(pk=publish.pk).update(owner=colleague)
    assert record(ready, colleague, out).recorded_by == colleague


def test_the_first_publication_dates_what_follows(published, out):
    assert published.status == Status.PUBLISHED
    assert published.published_at == out
    assert published.answer_until == date(2026, 5, 24)
    assert published.review_on == date(2026, 11, 17)
    hours = {
        key: item_of(published, key).due_at for key in ("answer-1h", "answer-24h", "answer-72h", "perf", "evergreen")
    }
    assert hours["answer-1h"] == out + timedelta(hours=1)
    assert hours["answer-72h"] == datetime(2026, 5, 26, 9, 30, tzinfo=PARIS)  # Sunday, then Whit Monday
    assert hours["perf"] == datetime(2026, 6, 22, 17, 0, tzinfo=PARIS)
    assert hours["evergreen"] == datetime(2026, 11, 17, 17, 0, tzinfo=PARIS)
    assert not WorkItem.objects.about(published).filter(is_projection=True).exists()
    assert Reminder.objects.open().filter(subject_id=item_of(published, "answer-24h").pk, profile="e-ans").exists()


def test_answers_start_with_the_publication_and_not_before(scheduled, answerer, published_later=None):
    with pytest.raises(Refused, match="once the post is published"):
        work.complete(item=item_of(scheduled, "answer-1h"), actor=answerer, now=scheduled.planned_at)


def test_a_publication_recorded_late_makes_its_answers_due_at_once(ready, member, out):
    record(ready, member, out, now=out + timedelta(days=4))
    answer = item_of(ready.post, "answer-1h")
    assert answer.is_late_start
    assert answer.due_at == out + timedelta(days=4)


def test_publishing_is_done_when_the_last_channel_is_out(published, member, out):
    assert item_of(published, "publish").state == "open"
    later = out + timedelta(hours=2)
    record(published.placements.get(channel__slug="newsletter"), member, later, address="")
    published.refresh_from_db()
    assert item_of(published, "publish").state == "done"
    assert published.published_at == out
    firsts = [
        entry.data["first"] for entry in Entry.objects.about(published).filter(verb="post.published").order_by("id")
    ]
    assert firsts == [True, False]


def test_an_earlier_hour_learnt_later_moves_the_anchor(published, member, out):
    record(published.placements.get(channel__slug="newsletter"), member, out - timedelta(hours=1), now=out, address="")
    published.refresh_from_db()
    assert published.published_at == out - timedelta(hours=1)
    assert item_of(published, "answer-24h").due_at == out + timedelta(hours=23)


def test_taking_the_last_open_channel_away_finishes_publishing(published, member, out):
    newsletter = published.placements.get(channel__slug="newsletter")
    posts.cancel_placement(post=published, placement=newsletter, actor=member, now=out)
    assert item_of(published, "publish").state == "done"


def test_a_channel_added_after_publication_opens_publishing_again(published, member, out):
    newsletter = published.placements.get(channel__slug="newsletter")
    record(newsletter, member, out, address="")
    blog = Channel.objects.get(workspace=published.workspace, slug="internal-blog")
    posts.add_placement(post=published, channel=blog, actor=member, now=out)
    assert item_of(published, "publish").state == "open"

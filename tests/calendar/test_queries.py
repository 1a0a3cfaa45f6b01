from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.calendar import queries, rules
from planner.calendar.rules import Due
from planner.posts.models import Placement, Post
from planner.posts.operations import writing
from planner.workspaces.models import Channel, Membership

NOW = datetime(2026, 4, 27, 8, 0, tzinfo=UTC)
AT = datetime(2026, 4, 30, 8, 0, tzinfo=UTC)
START, END = datetime(2026, 4, 26, 22, 0, tzinfo=UTC), datetime(2026, 5, 31, 22, 0, tzinfo=UTC)


@pytest.fixture
def facebook(workspace):
    return Channel.objects.create(
        workspace=workspace,
        slug="fb",
        title={"fr": "Facebook", "en": "Facebook"},
        mark="Fb",
        family="social",
        position=1,
    )


def shown(workspace, language="fr"):
    return queries.entries(workspace, START, END, language=language, now=NOW)


def test_channels_of_one_hour_are_one_entry_in_their_order(workspace, appear, channel, facebook):
    appear("Compost", AT, channels=[facebook, channel])
    [entry] = shown(workspace)
    assert [mark.mark for mark in entry.marks] == ["Si", "Fb"]


def test_what_was_planned_for_one_hour_stays_one_entry_though_published_minutes_apart(
    workspace, member, appear, channel, facebook
):
    post = appear("Compost", AT, channels=[channel, facebook])
    late = {"shown_at": AT + timedelta(minutes=5), "published_at": NOW, "recorded_by": member}
    post.placements.filter(channel=channel).update(**late)
    writing.gather(post)
    [entry] = shown(workspace)
    assert (entry.at, len(entry.marks)) == (AT, 2)


def test_the_same_post_at_two_hours_is_two_entries(workspace, appear, channel, facebook):
    post = appear("Compost", AT, channels=[channel, facebook])
    later = AT + timedelta(hours=2)
    post.placements.filter(channel=facebook).update(shown_at=later, planned_at=later)
    writing.gather(post)
    assert [entry.at for entry in shown(workspace)] == [AT, AT + timedelta(hours=2)]


def test_titles_follow_the_reader_then_the_post_then_anything(workspace, appear):
    appear("Compost", AT, english="Winter compost")
    appear("Gel", AT + timedelta(hours=1))
    appear("", AT + timedelta(hours=2), english="Only English")
    assert [entry.title for entry in shown(workspace, "en")] == ["Winter compost", "Gel", "Only English"]
    assert [entry.title for entry in shown(workspace, "fr")] == ["Compost", "Gel", "Only English"]


def test_a_post_without_any_title_still_has_a_name(workspace, appear):
    appear("", AT)
    assert shown(workspace)[0].title


def test_the_span_takes_its_first_instant_and_leaves_its_last(workspace, appear):
    appear("First", START)
    appear("Last", END)
    assert [entry.title for entry in shown(workspace)] == ["First"]


def test_what_was_cancelled_is_not_shown(workspace, appear):
    appear("Cancelled", AT, status="cancelled")
    appear("Taken off the channel", AT).placements.update(cancelled_at=NOW)
    assert shown(workspace) == []


def test_another_workspace_shows_nothing_of_ours(workspace, other_workspace, appear):
    appear("Compost", AT)
    assert shown(other_workspace) == []


def test_work_due_is_counted_by_local_day(member, colleague, appear, owe):
    post = appear("Compost", AT)
    midnight = datetime(2026, 4, 29, 22, 30, tzinfo=UTC)  # the 30th in Paris
    owe(member, post, midnight, key="a")
    owe(colleague, post, midnight + timedelta(hours=9), key="b")
    owe(member, post, NOW - timedelta(hours=1), key="late")
    owe(member, post, midnight, key="done", state="done", done_at=NOW)
    owe(member, post, midnight, key="projected", is_projection=True)
    owe(member, post, midnight, key="out", applies=False)
    days = rules.days_from(date(2026, 4, 27), 35)
    dues = queries.sums(member, rules.bounds(days, "Europe/Paris"), days=days, now=NOW).dues
    found = {on: due for on, due in zip(days, dues, strict=True) if due.count}
    assert found == {date(2026, 4, 27): Due(1, 1, 1), date(2026, 4, 30): Due(2, 1, 0)}


def test_the_tray_says_how_many_it_does_not_show(workspace, appear):
    for number in range(15):
        appear(f"Idea {number}", None, status="idea")
    appear("Dated", AT)
    appear("Gone", None, status="cancelled")
    tray = queries.tray(queries.waiting(workspace), language="fr")
    assert (len(tray.items), tray.count, tray.more) == (12, 15, 3)
    assert tray.items[0].title
    assert queries.tray(queries.waiting(workspace), language="fr", everything=True).more == 0


def test_a_full_month_takes_two_queries(workspace, appear, django_assert_num_queries):
    for number in range(30):
        appear(f"Post {number}", AT + timedelta(hours=number))
    with django_assert_num_queries(2):
        assert len(shown(workspace)) == 30
    assert Post.objects.count() == 30


ZONES = ["Europe/Paris", "America/Toronto", "America/St_Johns", "Pacific/Chatham", "Australia/Lord_Howe"]
HOURS = st.integers(0, 60 * 24 * 60).map(lambda minutes: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(zone=st.sampled_from(ZONES), hours=st.lists(st.lists(HOURS, min_size=1, max_size=2), max_size=25))
def test_every_placement_is_in_its_local_day_or_counted_there(workspace, appear, channel, facebook, zone, hours):
    """Of any posts, in any zone: the cells hold each entry once, on its day, and count those beyond the fourth."""
    Post.objects.all().delete()
    workspace.time_zone, channels = zone, [channel, facebook]
    for planned in hours:
        post = appear("Compost", planned[0], channels=channels)
        post.placements.filter(channel=channels[1]).update(shown_at=planned[-1], planned_at=planned[-1])
        post.workspace = workspace
        writing.gather(post)
    days = rules.days_of_month(date(2026, 4, 1))
    spans = rules.bounds(days, zone)
    marks = {channel.pk: rules.Mark(channel.mark, channel.owned, channel.title, channel.pk) for channel in channels}
    shown = queries.standing(workspace, spans, most=4, language="fr", now=NOW, marks=marks)
    counts = queries.sums(Membership(workspace=workspace), spans, days=days, now=NOW).counts
    wanted = defaultdict(set)
    for placement in Placement.objects.filter(workspace=workspace):
        wanted[rules.local_day(placement.shown_at, zone)].add((placement.post_id, placement.planned_at))
    for on, entries, count in zip(days, shown, counts, strict=True):
        assert count == len(wanted[on])
        first = sorted(wanted[on], key=lambda one: (one[1], one[0]))[:4]
        assert [(entry.post_id, entry.at) for entry in entries] == first


def test_an_entry_is_held_when_all_of_it_that_is_not_out_is(workspace, member, appear, channel, facebook):
    post = appear("Compost", AT, channels=[channel, facebook])
    post.placements.filter(channel=channel).update(held_at=NOW)
    assert shown(workspace)[0].state == "scheduled"
    post.placements.update(held_at=NOW)
    assert shown(workspace)[0].state == "held"

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
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


TIGHT = st.integers(0, 60 * 24 * 4).map(lambda minutes: datetime(2026, 3, 27, tzinfo=UTC) + timedelta(minutes=minutes))
"""Around the night in which Paris changes its clock."""


@pytest.fixture
def spread(workspace, appear, channel, facebook):
    """`spread(zone, hours)` makes the posts, each on two channels at its one or two hours; gives what stands where."""

    def made(zone, hours):
        Post.objects.all().delete()
        workspace.time_zone = zone
        for planned in hours:
            post = appear("Compost", planned[0], channels=[channel, facebook])
            post.placements.filter(channel=facebook).update(shown_at=planned[-1], planned_at=planned[-1])
            post.workspace = workspace
            writing.gather(post)
        return {(one.post_id, one.planned_at) for one in Placement.objects.filter(workspace=workspace)}

    return made


def read(workspace, channels, days, spans, most):
    """What a page of these days reads: entries and counts of each span."""
    marks = {one.pk: rules.Mark(one.mark, one.owned, one.title, one.pk) for one in channels}
    found = queries.standing(workspace, spans, most=most, language="fr", now=NOW, marks=marks)
    return found, queries.sums(Membership(workspace=workspace), spans, days=days, now=NOW).counts


def expect_all(spans, shown, counts, wanted, most):
    """Each entry in the one span that holds its hour: the first `most` shown in their order, the others counted."""
    for (starts, ends), entries, count in zip(spans, shown, counts, strict=True):
        here = sorted((one for one in wanted if starts <= one[1] < ends), key=lambda one: (one[1], one[0]))
        assert count == len(here)
        assert [(entry.post_id, entry.at) for entry in entries] == here[:most]


FULL = [[datetime(2026, 3, 29, hour, minute, tzinfo=UTC)] for hour in (0, 1, 2) for minute in range(14)]
"""The night of that change, fuller than any cell."""

POSTS = {"zone": st.sampled_from(ZONES), "hours": st.lists(st.lists(HOURS, min_size=1, max_size=2), max_size=25)}
CROWD = {"zone": st.sampled_from(ZONES), "hours": st.lists(st.lists(TIGHT, min_size=1, max_size=2), max_size=40)}
FEW = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@example(zone="Europe/Paris", hours=FULL)
@given(**POSTS)
def test_every_placement_is_in_its_local_day_of_the_month_or_counted_there(
    workspace, spread, channel, facebook, zone, hours
):
    wanted, days = spread(zone, hours), rules.days_of_month(date(2026, 4, 1))
    spans = rules.bounds(days, zone)
    expect_all(spans, *read(workspace, [channel, facebook], days, spans, 4), wanted, 4)
    seen = [one for one in wanted if days[0] <= rules.local_day(one[1], zone) <= days[-1]]
    assert sum(starts <= at < ends for _post, at in wanted for starts, ends in spans) == len(seen)


@FEW
@example(zone="Europe/Paris", hours=FULL)
@given(**CROWD)
def test_every_placement_is_in_its_hour_of_the_week_or_counted_there(workspace, spread, channel, facebook, zone, hours):
    wanted, days = spread(zone, hours), rules.days_from(date(2026, 3, 23), 14)[4:11]
    spans = [span for on in days for span in rules.hour_bounds(on, zone)]
    shown, counts = read(workspace, [channel, facebook], days, spans, rules.SHOWN_PER_HOUR)
    expect_all(spans, shown, counts, wanted, rules.SHOWN_PER_HOUR)
    rows = rules.hours_of(shown, counts)
    for number, on in enumerate(days):
        drawn = [row.cells[number] for row in rows]
        entries = [(entry.post_id, entry.at) for cell, _count in drawn for entry in cell]
        here = {one for one in wanted if rules.local_day(one[1], zone) == on}
        assert len(entries) == len(set(entries)) and set(entries) <= here
        assert sum(count for _cell, count in drawn) == len(here)


@FEW
@example(zone="Europe/Paris", hours=FULL)
@given(**CROWD)
def test_every_placement_is_in_its_day_of_the_list_or_counted_there(workspace, spread, channel, facebook, zone, hours):
    wanted, days = spread(zone, hours), rules.days_from(date(2026, 3, 26), rules.DAYS_LISTED)
    spans = rules.bounds(days, zone)
    shown, counts = read(workspace, [channel, facebook], days, spans, rules.LISTED_PER_DAY)
    expect_all(spans, shown, counts, wanted, rules.LISTED_PER_DAY)
    assert sum(counts) == len(wanted)


STATES = st.sampled_from(["idea", "draft", "in_review", "approved", "scheduled", "published"])


@FEW
@example(posts=[("draft", AT + timedelta(hours=n)) for n in range(9)] + [("draft", None)] * 9)
@given(posts=st.lists(st.tuples(STATES, st.none() | HOURS), max_size=30))
def test_every_post_is_in_the_column_of_its_state_or_counted_there(workspace, appear, posts):
    """What has an hour before what has none, the first hour at the top; of what is out, the last one."""
    Post.objects.all().delete()
    for state, at in posts:
        appear("Compost", at or (AT if state == "published" else None), status=state)
    kept = list(Post.objects.filter(workspace=workspace))
    for column in queries.board(Post.objects.filter(workspace=workspace), language="fr", now=NOW):
        here = {one.pk: one.planned_at for one in kept if one.status == column.status}
        cards = [card.post_id for card in column.cards]
        assert (column.count, column.more) == (len(here), len(here) - len(cards))
        assert len(cards) == len(set(cards)) == min(len(here), 12) and set(cards) <= set(here)
        hours = [here[pk] for pk in cards if here[pk]]
        assert [bool(here[pk]) for pk in cards] == sorted((bool(here[pk]) for pk in cards), reverse=True)
        assert hours == sorted(hours, reverse=column.status == "published")
        dated = sorted((at for at in here.values() if at), reverse=column.status == "published")
        assert hours == dated[: len(hours)] and len(hours) == min(len(dated), 12)


def test_an_entry_is_held_when_all_of_it_that_is_not_out_is(workspace, member, appear, channel, facebook):
    post = appear("Compost", AT, channels=[channel, facebook])
    post.placements.filter(channel=channel).update(held_at=NOW)
    assert shown(workspace)[0].state == "scheduled"
    post.placements.update(held_at=NOW)
    assert shown(workspace)[0].state == "held"

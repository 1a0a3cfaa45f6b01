"""Feeds read by two independent clients, public pages, exports."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import openpyxl
import pytest
import time_machine
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.calendar import operations as calendar
from planner.calendar.models import Feed, Occurrence, PublicLink, SavedView
from planner.calendar.rules import Filter
from planner.calendar.views import outlets
from planner.history.models import Entry
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Placement, Post
from planner.posts.rules import WallTime
from planner.workspaces.rules import Level

AT = datetime(2026, 5, 21, 8, 0, tzinfo=UTC)
BASE = "/w/marbourg/calendar/"


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


def read(client, token):
    """The events as icalendar's strict parser reads them, after vobject has read the same instants."""
    answer = client.get(f"/feeds/{token}.ics")
    assert answer.status_code == 200, answer.status_code
    assert answer["Content-Type"].startswith("text/calendar")
    body = answer.content.decode()
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))
    strict = icalendar.Calendar.from_ical(body)
    assert strict.errors == []
    events = {str(event["UID"]): event for event in strict.walk("VEVENT")}
    other = {event.uid.value: event for event in vobject.readOne(body).contents.get("vevent", [])}
    assert {uid: event.dtstart.value.astimezone(UTC) for uid, event in other.items()} == {
        uid: event["DTSTART"].dt.astimezone(UTC) for uid, event in events.items()
    }
    assert all(event.errors == [] for event in events.values())
    return events


@pytest.fixture
def feed(member, now):
    return calendar.open_feed(actor=member, now=now)[1]


def test_the_feed_has_the_instants_of_the_page_in_the_zone_of_the_workspace(client, appear, feed):
    appear("Compost, d’hiver; quatre\ngestes", AT)
    [event] = read(client, feed).values()
    assert event["DTSTART"].dt == AT
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert str(event["SUMMARY"]) == "Si · Compost, d’hiver; quatre\ngestes"
    assert str(event["URL"]).endswith("/posts/" + str(Post.objects.get().pk) + "/")


@pytest.mark.parametrize("at", [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)])
def test_an_hour_that_comes_twice_is_the_right_one(client, appear, feed, at):
    appear("Heure d’hiver", at)
    [event] = read(client, feed).values()
    assert event["DTSTART"].dt.astimezone(UTC) == at


def test_a_post_moved_renamed_and_cancelled_is_updated_not_doubled(client, draft, member, colleague, feed, now):
    before = read(client, feed)
    posts.move(post=draft, actor=member, to=WallTime(date(2026, 5, 28), time(10)), now=now)
    moved = read(client, feed)
    posts.save_text(
        post=draft, actor=colleague, language="en", title="Another title", body="Text.", base_revision=9, now=now
    )
    renamed = read(client, feed)
    posts.cancel(post=Post.objects.get(), actor=member, reason="No longer true", now=now)
    cancelled = read(client, feed)
    assert before.keys() == moved.keys() == renamed.keys() == cancelled.keys()
    for uid, event in before.items():
        sequences = [int(one[uid]["SEQUENCE"]) for one in (before, moved, renamed, cancelled)]
        assert sequences == sorted(set(sequences))
        assert moved[uid]["DTSTART"].dt - event["DTSTART"].dt == timedelta(days=7)
        assert "Another title" in str(renamed[uid]["SUMMARY"])
        assert (str(event["STATUS"]), str(cancelled[uid]["STATUS"])) == ("TENTATIVE", "CANCELLED")


def test_empty_places_stand_in_the_feed_until_somebody_fills_or_skips_them(
    client, newsroom, member, workspace, channels, feed, now, django_assert_max_num_queries
):
    item = PlaybookItem.objects.visible_to(workspace).of_kind("cadence").get(slug="content-mining")
    given = {"starts_on": date(2026, 4, 27), "at": time(14, 0), "minutes": 30}
    calendar.switch_on(item=item, actor=member, owner=member, now=now, **given)
    with django_assert_max_num_queries(4):
        events = read(client, feed)
    assert len(events) >= 3
    first, second = Occurrence.objects.order_by("held_on")[:2]
    event = next(one for uid, one in events.items() if uid.startswith(f"place-{first.pk}@"))
    assert event["DTSTART"].dt == datetime.combine(first.held_on, time(14, 0), tzinfo=ZoneInfo("Europe/Paris"))
    assert str(event["SUMMARY"]) == "+ Dans nos tiroirs"
    calendar.skip(occurrence=second, actor=member, reason="Congés", now=now)
    template = PlaybookItem.objects.visible_to(workspace).templates().get(slug="expert-how-to")
    application = calendar.fill(occurrence=first, actor=member, template=template, now=now)
    planned = WallTime(first.held_on, first.held_at)
    posts.create_from_template(
        actor=member, template=template, planned=planned, channels=channels[:1], title="Un tiroir", language="fr",
        application=application, now=now,
    )  # fmt: skip
    after = read(client, feed)
    assert {uid for uid in after if uid.startswith("place-")} < {uid for uid in events if uid.startswith("place-")}
    assert len(after) == len(events) - 1  # one skipped; one filled, and its post stands there now
    view = calendar.save_view(actor=member, name="Aide", page="month", wanted=Filter(intent=("help",)), now=now)
    filtered = calendar.open_feed(actor=member, view=view, now=now)[1]
    assert not any(uid.startswith("place-") for uid in read(client, filtered))


def test_alarms_are_a_choice(client, appear, member, feed, now):
    appear("Compost", AT)
    assert not read(client, feed).popitem()[1].walk("VALARM")
    ringing = calendar.open_feed(actor=member, alarm_minutes=60, now=now)[1]
    [alarm] = read(client, ringing).popitem()[1].walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(minutes=-60)


def test_a_revoked_token_and_one_that_never_was_answer_404(client, member, feed, now):
    read(client, feed)
    assert Feed.objects.get().last_read_at == now
    calendar.revoke_feed(actor=member, feed=Feed.objects.get(), now=now)
    assert client.get(f"/feeds/{feed}.ics").status_code == 404
    assert client.get("/feeds/nothing.ics").status_code == 404
    assert Entry.objects.filter(verb="feed.revoked").count() == 1


def test_rights_are_asked_when_the_feed_is_read(client, appear, member, colleague, now):
    appear("Mien", AT, author=colleague)
    appear("Autre", AT)
    view = calendar.save_view(
        actor=member, name="Karim", page="month", wanted=Filter(owner=(str(colleague.pk),)), is_shared=True, now=now
    )
    token = calendar.open_feed(actor=colleague, view=view, now=now)[1]
    assert [str(event["SUMMARY"]) for event in read(client, token).values()] == ["Si · Mien"]
    calendar.share_view(actor=member, view=view, is_shared=False, now=now)
    assert client.get(f"/feeds/{token}.ics").status_code == 404
    calendar.share_view(actor=member, view=view, is_shared=True, now=now)
    assert len(read(client, token)) == 1
    colleague.left_at = now
    colleague.save()
    assert client.get(f"/feeds/{token}.ics").status_code == 404


def test_a_feed_shows_one_workspace_alone(client, appear, outsider, now):
    appear("Compost", AT)
    assert read(client, calendar.open_feed(actor=outsider, now=now)[1]) == {}


HOURS = st.integers(0, 60 * 24 * 200).map(lambda minute: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minute))


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=st.lists(HOURS, max_size=12), zone=st.sampled_from(["Europe/Paris", "America/St_Johns"]))
def test_every_placement_is_in_the_feed_once_at_its_instant(client, workspace, appear, feed, hours, zone):
    Post.objects.all().delete()
    workspace.time_zone = zone
    workspace.save()
    for number, at in enumerate(hours):
        appear(f"Post {number}", at)
    found = read(client, feed)
    wanted = dict(Placement.objects.values_list("pk", "shown_at"))
    instants = {uid.split("@")[0]: event["DTSTART"].dt.astimezone(UTC) for uid, event in found.items()}
    assert instants == {f"placement-{pk}": at for pk, at in wanted.items()}


@given(st.text(max_size=300))
def test_folded_lines_are_short_and_come_back_whole(words):
    words = words.replace("\r", "").replace("\n", "")
    folded = outlets.fold(words)
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == words


# ---- public links


@pytest.fixture
def link(member, now):
    view = calendar.save_view(actor=member, name="Pour la maire", page="month", wanted=Filter(), now=now)
    return calendar.publish_view(actor=member, view=view, days=30, now=now)


def test_a_public_page_shows_what_appears_and_nothing_internal(client, appear, owe, member, colleague, link):
    owe(member, appear("Compost", AT, author=colleague, objective="Secret"), AT)
    answer = client.get(f"/seen/{link[1]}/")
    assert "Compost" in answer.text
    assert answer["X-Robots-Tag"] == "noindex"
    for word in ("Karim", "Secret", "Relire", "/posts/", "Inès"):
        assert word not in answer.text


def test_a_public_page_ends_by_revocation_by_date_and_with_its_view(client, member, link, clock, now):
    address = f"/seen/{link[1]}/"
    assert client.get(address).status_code == 200
    assert PublicLink.objects.get().last_read_at == now
    clock.move_to(now + timedelta(days=30))
    assert client.get(address).status_code == 404
    clock.move_to(now)
    calendar.revoke_link(actor=member, link=link[0], now=now)
    assert client.get(address).status_code == 404


def test_the_page_of_links_shows_an_address_once(browse, member, now):
    client = browse(member)
    view = calendar.save_view(actor=member, name="Tout", page="month", wanted=Filter(), now=now)
    made = client.post(f"{BASE}feeds/", {"view": "", "alarm_minutes": "15"}).text
    token = made.split("/feeds/")[1].split(".ics")[0]
    assert client.get(f"/feeds/{token}.ics").status_code == 200
    assert token not in client.get(f"{BASE}views/").text
    shown = client.post(f"{BASE}links/", {"view": view.pk, "days": "7"}).text
    public = shown.split("/seen/")[1].split("/")[0]
    assert client.get(f"/seen/{public}/").status_code == 200
    client.post(f"{BASE}links/{PublicLink.objects.get().pk}/revoke/")
    client.post(f"{BASE}feeds/{Feed.objects.get().pk}/revoke/")
    assert client.get(f"/seen/{public}/").status_code == client.get(f"/feeds/{token}.ics").status_code == 404


def test_a_reader_makes_a_feed_and_no_public_link(browse, reader, member, now):
    calendar.save_view(actor=member, name="Tout", page="month", wanted=Filter(), is_shared=True, now=now)
    client = browse(reader)
    assert reader.level == Level.READER
    assert client.post(f"{BASE}feeds/", {"view": ""}).status_code == 200
    assert client.post(f"{BASE}links/", {"view": SavedView.objects.get().pk, "days": "7"}).status_code == 403


# ---- exports


def test_a_window_is_exported_as_three_files_that_say_the_same(browse, member, appear):
    appear("=HYPERLINK(1)", AT)
    appear("Hors de la période", AT + timedelta(days=20))
    client = browse(member)
    window = {"from": "2026-05-20", "to": "2026-05-22"}
    table = list(csv.reader(io.StringIO(client.get(f"{BASE}export/csv/", window).content.decode("utf-8-sig"))))
    assert [row[:5] for row in table[1:]] == [["2026-05-21", "10:00", "Europe/Paris", "'=HYPERLINK(1)", "Site"]]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{BASE}export/xlsx/", window).content))
    assert [list(row) for row in book.active.values] == [[cell or None for cell in row] for row in table]
    events = icalendar.Calendar.from_ical(client.get(f"{BASE}export/ics/", window).content).walk("VEVENT")
    assert [event["DTSTART"].dt for event in events] == [AT.astimezone(ZoneInfo("Europe/Paris"))]
    assert client.get(f"{BASE}export/exe/").status_code == 404


@pytest.mark.parametrize("words", ["=1", "+1", "-1", "@a", "\t=1"])
def test_no_cell_is_a_formula(words):
    assert outlets.safe(words) == f"'{words}"

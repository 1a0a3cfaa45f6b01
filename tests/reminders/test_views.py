"""Pages and addresses: the inbox, the delivery page, health for machines."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.urls import reverse

from planner.reminders import operations as reminders
from planner.reminders.models import Delivery, DeliveryState, Notice, Reminder
from planner.reminders.transports import TransportError, Uncertain

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)
AHEAD = datetime(2026, 4, 28, 7, 0, tzinfo=UTC)
LATER = AHEAD + timedelta(hours=1)


@pytest.fixture(autouse=True)
def an_hour_later():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture(autouse=True)
def in_english(member, manager, workspace):
    for membership in (member, manager):
        membership.user.language = "en"
        membership.user.save(update_fields=["language"])


@pytest.fixture
def tell(make_item, schedule, drain):
    """`tell(3)` puts that many reminders into the planner's inbox."""

    def many(count: int = 1) -> list[Notice]:
        items = [make_item(due_at=DUE) for _n in range(count)]
        schedule(*items)
        drain(AHEAD)
        return list(Notice.objects.order_by("pk"))

    return many


def at(name: str, **values) -> str:
    return reverse(f"reminders:{name}", kwargs={"workspace": "marbourg", **values})


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# ---- inbox


def test_the_inbox_says_what_why_how_long_and_gives_one_link(tell, browse, member):
    (notice,) = tell()
    page = browse(member).get(at("inbox"))
    words = text(page)
    for part in ("Winter compost", "Karim reviews it tomorrow.", "20", "In two working days", "This work is yours."):
        assert part in words
    assert page.content.decode().count(f'class="btn main" href="{notice.card["en"]["link"]}"') == 1


def test_an_empty_inbox_says_what_comes_here(browse, member):
    assert "Nothing waits for you" in text(browse(member).get(at("inbox")))


@pytest.mark.parametrize(("language", "one"), [("fr", "Un rappel vous attend"), ("en", "One reminder waits")])
def test_an_empty_inbox_counts_nothing(language, one, tell, browse, member):
    """French counts none as one: the sentence of one would be said of none."""
    member.user.language = language
    member.user.save(update_fields=["language"])
    assert one not in text(browse(member).get(at("inbox")))
    tell()
    assert one in text(browse(member).get(at("inbox")))


@pytest.mark.parametrize("many", [1, 12])
def test_the_inbox_takes_the_same_number_of_queries_whatever_it_lists(
    tell, browse, member, many, django_assert_max_num_queries
):
    tell(many)
    client = browse(member)
    with django_assert_max_num_queries(9):
        client.get(at("inbox"))


def test_a_long_inbox_has_pages(tell, browse, member):
    tell(51)
    client = browse(member)
    assert client.get(at("inbox")).content.decode().count('class="what"') == 50
    assert client.get(at("inbox") + "?page=2").content.decode().count('class="what"') == 1


def test_a_reminder_is_put_away_and_taken_back(tell, browse, member):
    (notice,) = tell()
    client = browse(member)
    client.post(at("done", notice=notice.pk))
    assert "Winter compost" not in text(client.get(at("inbox")))
    assert "Winter compost" in text(client.get(at("inbox") + "?show=done"))
    client.post(at("back", notice=notice.pk))
    assert "Winter compost" in text(client.get(at("inbox")))


def test_a_reminder_is_put_off_to_a_day(tell, browse, member):
    (notice,) = tell()
    client = browse(member)
    assert client.post(at("snooze", notice=notice.pk), {"until": "2026-05-04"}).status_code == 302
    assert "comes back Monday 4 May, 9:00" in text(client.get(at("inbox") + "?show=snoozed"))


def test_a_day_that_has_passed_is_refused_beside_the_field(tell, browse, member):
    (notice,) = tell()
    refused = browse(member).post(at("snooze", notice=notice.pk), {"until": "2026-04-01"})
    assert refused.status_code == 400 and "Choose a day to come" in text(refused)


def test_all_is_marked_as_read(tell, browse, member):
    tell(2)
    client = browse(member)
    assert "Mark all as read" in text(client.get(at("inbox")))
    client.post(at("seen"))
    assert not Notice.objects.filter(seen_at__isnull=True).exists()
    assert "Mark all as read" not in text(client.get(at("inbox")))


def test_the_inbox_of_somebody_else_is_not_there(tell, browse, manager):
    (notice,) = tell()
    client = browse(manager)
    assert "Winter compost" not in text(client.get(at("inbox")))
    for act in ("done", "snooze", "back"):
        assert client.post(at(act, notice=notice.pk), {"until": "2026-05-04"}).status_code == 404


def test_an_outsider_finds_no_inbox(tell, browse, outsider):
    tell()
    assert browse(outsider).get(at("inbox")).status_code == 404


def test_the_page_says_when_no_mail_server_is_set_up(browse, member, settings):
    settings.EMAIL_URL = ""
    assert "no mail server is set up" in text(browse(member).get(at("inbox")))
    settings.EMAIL_URL = "smtp://127.0.0.1"
    assert "e-mail, and here" in text(browse(member).get(at("inbox")))


# ---- delivery


def test_a_doubt_is_shown_with_its_two_ways_out(tell, office, browse, manager):
    office.answers = [Uncertain("cut")]
    tell()
    client = browse(manager)
    words = text(client.get(at("delivery")))
    assert "To Inès Marchetti" in words and "perhaps it left, perhaps not" in words and "Winter compost" in words
    doubt = Delivery.objects.get()
    client.post(at("settle", delivery=doubt.pk), {"outcome": "send-again"})
    reminders.drain(clock=lambda: LATER, transport=office)
    assert office.sent == [doubt.message_id]


def test_what_was_given_up_is_listed_and_tried_again(tell, office, browse, manager):
    office.answers = [TransportError("550 no such user", permanent=True)]
    tell()
    client = browse(manager)
    words = text(client.get(at("delivery")))
    assert "550 no such user" in words and "whoever owns the work" in words
    client.post(at("retry", reminder=Reminder.objects.not_told().get().pk))
    assert Reminder.objects.due(LATER).count() == 1


def test_delivery_is_paused_with_a_reason_and_resumed(browse, manager):
    client = browse(manager)
    assert client.post(at("pause"), {"reason": ""}).status_code == 400
    client.post(at("pause"), {"reason": "The mail server moves."})
    words = text(client.get(at("delivery")))
    assert "Paused since" in words and "Maud Gérante" in words and "The mail server moves." in words
    client.post(at("resume"))
    assert DeliveryState.objects.get().paused_at is None


def test_a_planner_has_no_delivery_page(tell, browse, member):
    tell()
    client = browse(member)
    assert client.get(at("delivery")).status_code == 403
    for path in (at("pause"), at("resume"), at("retry", reminder=1), at("settle", delivery=1)):
        assert client.post(path, {"reason": "No."}).status_code == 403


def test_the_delivery_page_takes_a_fixed_number_of_queries(
    tell, office, browse, manager, django_assert_max_num_queries
):
    office.answers = [Uncertain("cut")] * 6 + [TransportError("550", permanent=True)] * 6
    tell(12)
    client = browse(manager)
    with django_assert_max_num_queries(15):
        client.get(at("delivery"))


def test_another_workspace_is_not_shown(tell, office, browse, outsider):
    office.answers = [Uncertain("cut")]
    tell()
    client = browse(outsider)
    theirs = reverse("reminders:delivery", kwargs={"workspace": "lac"})
    assert "Inès" not in text(client.get(theirs))
    settle = reverse("reminders:settle", kwargs={"workspace": "lac", "delivery": Delivery.objects.get().pk})
    assert client.post(settle, {"outcome": "it-went"}).status_code == 404


# ---- for machines


def test_the_web_is_healthy_while_its_database_answers(client, monkeypatch):
    assert client.get("/healthz").json() == {"status": "ok"}

    def fails(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", fails)
    assert client.get("/healthz").status_code == 503


def test_the_web_stays_healthy_when_delivery_is_late(client, make_item, schedule):
    schedule(make_item(due_at=DUE))
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_readiness_says_what_is_wrong_then_that_all_is_well(client, make_item, schedule, drain):
    schedule(make_item(due_at=DUE))
    answer = client.get("/readyz").json()
    assert answer["problems"] == ["no-tick", "overdue"] and answer["overdue_seconds"] == 3600
    reminders.tick(now=LATER, send=lambda: None)
    drain(LATER)
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["status"] == "ok" and ready.json()["last_tick_seconds"] == 0


def test_readiness_knows_a_pause(client, manager, make_item, schedule):
    schedule(make_item(due_at=DUE))
    reminders.tick(now=LATER, send=lambda: None)
    reminders.pause_delivery(actor=manager, reason="Moving.", now=LATER)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"], ready.json()["paused"]) == (200, "paused", True)


def test_readiness_knows_cron(client, db):
    reminders.tick(now=LATER - timedelta(minutes=30), send=lambda: None, is_cron=True)
    ready = client.get("/readyz")
    assert ready.status_code == 200 and ready.json()["cron"] is True

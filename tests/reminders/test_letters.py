"""The small links of a mail: what they show, what their button does, and that looking changes nothing."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from planner.history.models import Entry
from planner.reminders import operations as reminders
from planner.reminders.models import Notice, Preference
from planner.reminders.rules import CHOSEN_KINDS, Chosen
from planner.reminders.transports import links
from planner.reminders.transports.email import render

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)
ENGLISH = {"Accept-Language": "en"}
AHEAD = datetime(2026, 4, 28, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AHEAD, tick=False) as traveller:
        yield traveller


@pytest.fixture
def letter(make_item, schedule, drain, office, member):
    """The one mail of one reminder, as Inès gets it."""
    member.user.language = "en"
    member.user.save(update_fields=["language"])
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    (message,) = office.messages
    return message


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page_of(address: str) -> str:
    assert address.startswith(settings.PLANNER_URL)
    return address.removeprefix(settings.PLANNER_URL)


def put_away_link(letter) -> str:
    return page_of(links.put_away(letter.reminder_id, letter.recipient.pk))


def stop_link(letter) -> str:
    return page_of(links.stop_emails(letter.recipient.pk, letter.kind))


# ---- the mail


def test_the_mail_carries_both_links_beside_its_one_action(letter):
    mail = render(letter)
    html, _kind = mail.alternatives[0]
    for address in (links.put_away(letter.reminder_id, letter.recipient.pk),
                    links.stop_emails(letter.recipient.pk, "work")):  # fmt: skip
        assert address in mail.body and f'href="{address}"' in html
    assert html.count("background:#2c5f37") == 1
    assert mail.extra_headers["List-Unsubscribe"] == f"<{links.stop_emails(letter.recipient.pk, 'work')}>"
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_crisis_has_no_way_out(post, member, manager, drain, office):
    reminders.notify(
        workspace=member.workspace, subject=post, group=None, person=member, message={"fr": "Crise", "en": "Crisis"},
        actor=manager, now=AHEAD, quiet="never",
    )  # fmt: skip
    drain(AHEAD)
    mail = render(office.messages[0])
    assert "List-Unsubscribe" not in mail.extra_headers and "/reminders/stop/" not in mail.body


# ---- putting away


def test_looking_at_the_link_shows_the_reminder_and_changes_nothing(letter, client):
    page = client.get(put_away_link(letter))
    assert page.status_code == 200 and "Winter compost" in text(page) and "Inès Marchetti" in text(page)
    assert client.head(put_away_link(letter)).status_code == 200
    assert Notice.objects.get().done_at is None


def test_its_button_puts_the_reminder_away_without_signing_in(letter, member):
    client = Client(enforce_csrf_checks=True)
    page = client.get(put_away_link(letter))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
    assert client.post(put_away_link(letter)).status_code == 403
    after = client.post(put_away_link(letter), {"csrfmiddlewaretoken": token}, follow=True)
    assert "Put away Tuesday 28 April, 9:00" in text(after) and "csrfmiddlewaretoken" not in after.content.decode()
    assert Notice.objects.get().done_at == AHEAD
    assert Entry.objects.get(verb="notice.done").actor == member.user


def test_a_second_click_says_the_same_and_does_nothing(letter, client, clock):
    client.post(put_away_link(letter))
    clock.shift(timedelta(hours=1))
    assert "Put away Tuesday 28 April, 9:00" in text(client.post(put_away_link(letter), follow=True))
    assert Entry.objects.filter(verb="notice.done").count() == 1


def test_the_page_speaks_the_language_of_whom_the_mail_was_for(letter, member, manager, browse):
    member.user.language = "fr"
    member.user.save(update_fields=["language"])
    assert b'<html lang="fr">' in browse(manager).get(put_away_link(letter)).content


def test_a_link_for_somebody_else_does_nothing(letter, colleague, client):
    """Signed by us, for a person who never got this reminder."""
    address = page_of(links.put_away(letter.reminder_id, colleague.pk))
    assert client.get(address).status_code == 410 and client.post(address).status_code == 410
    assert Notice.objects.get().done_at is None


def test_somebody_who_left_puts_nothing_away(letter, member, client, now):
    member.left_at = now
    member.save(update_fields=["left_at"])
    assert client.post(put_away_link(letter)).status_code == 410
    assert client.post(stop_link(letter)).status_code == 410
    assert Notice.objects.get().done_at is None and not Preference.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_broken_link_gets_a_calm_page(letter, client, method):
    for address in (put_away_link(letter), stop_link(letter)):
        answer = getattr(client, method)(address[:-3] + "/", headers=ENGLISH)
        assert answer.status_code == 404 and "This link does nothing" in text(answer)
    assert Notice.objects.get().done_at is None and not Preference.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_of_one_kind_does_not_open_the_other(letter, client, method):
    token = stop_link(letter).split("/")[-2]
    assert getattr(client, method)(f"/reminders/{token}/").status_code == 404


def test_a_link_grows_old_after_sixty_days(letter, client, clock):
    addresses = (put_away_link(letter), stop_link(letter))
    clock.shift(timedelta(days=59))
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    clock.shift(timedelta(days=2))
    for address in addresses:
        answer = client.post(address, headers=ENGLISH)
        assert answer.status_code == 410 and "more than 60 days old" in text(answer)
    assert Notice.objects.get().done_at is None and not Preference.objects.exists()


# ---- stopping


def test_looking_at_the_way_out_stops_nothing(letter, client):
    page = client.get(stop_link(letter))
    assert "Work of mine that falls due" in text(page) and "Ville de Marbourg" in text(page)
    assert not Preference.objects.exists()


def test_its_button_stops_that_kind_alone(letter, member, client):
    after = client.post(stop_link(letter), follow=True)
    assert "These e-mails are stopped" in text(after)
    assert reminders.chosen_by(member) == Chosen(by_email=frozenset(CHOSEN_KINDS) - {"work"})
    client.post(stop_link(letter))
    assert Entry.objects.filter(verb="preferences.changed").count() == 1


def test_a_mail_program_stops_them_with_one_post_of_its_own(letter, member):
    client = Client(enforce_csrf_checks=True)
    assert client.post(stop_link(letter), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not reminders.chosen_by(member).comes_by_email("work")

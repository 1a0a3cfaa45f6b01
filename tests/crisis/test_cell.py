"""Each quarter the names, the numbers and the second persons of the cell are looked through, once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from planner.crisis import operations as crises
from planner.crisis.rules import contacts_key, quarter_began
from planner.reminders.models import Reminder
from planner.work.models import WorkItem
from planner.workspaces.models import Workspace
from tests.posts.conftest import give_role

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def old(newsroom, now):
    Workspace.objects.filter(pk=newsroom.pk).update(created_at=now - timedelta(days=200))
    return newsroom


def test_it_is_asked_once_a_quarter_of_whoever_leads(old, lead, reads, now):
    assert crises.ask_for_contacts(now=now) >= 1
    assert crises.ask_for_contacts(now=now) == 0
    item = WorkItem.objects.about(old).get(key="contacts-2026-2")
    assert (item.owner, item.due_at) == (lead, datetime(2026, 5, 5, 17, 0, tzinfo=PARIS))
    assert Reminder.objects.open().filter(subject_id=item.pk, addressee="owner").exists()
    client = reads(lead)
    page = client.get(item.link.partition("#")[0]).content.decode()
    assert "06 00 00 00 11" in page and "nobody stands in" in page and "All of it is right" in page
    done = reverse("work:complete", kwargs={"workspace": "marbourg", "item": item.pk})
    assert client.post(done, {"next": "/w/marbourg/crisis/contacts/"}).status_code == 302
    assert WorkItem.objects.get(pk=item.pk).done_at
    assert "All of it is right" not in client.get("/w/marbourg/crisis/contacts/").content.decode()
    assert crises.ask_for_contacts(now=now + timedelta(days=70)) >= 1, "July is another quarter"


def test_a_new_workspace_is_asked_the_quarter_after_and_a_sample_never(newsroom, lead, now):
    Workspace.objects.update(created_at=now)
    assert crises.ask_for_contacts(now=now) == 0
    assert crises.ask_for_contacts(now=now + timedelta(days=70)) >= 1
    Workspace.objects.update(is_sample=True)
    assert crises.ask_for_contacts(now=now + timedelta(days=170)) == 0


def test_without_a_crisis_lead_somebody_else_is_asked(old, member, now):
    crises.ask_for_contacts(now=now)
    assert WorkItem.objects.about(old).get(key="contacts-2026-2").owner == member


def test_who_stands_in_is_shown(old, lead, member, colleague, reads, outsider):
    give_role(member, "crisis_deputy", colleague)
    assert str(colleague) in reads(member).get("/w/marbourg/crisis/contacts/").content.decode()
    assert reads(outsider).get("/w/marbourg/crisis/contacts/").status_code == 404


@pytest.mark.parametrize(
    ("month", "key", "began"), [(1, "contacts-2026-1", 1), (6, "contacts-2026-2", 4), (12, "contacts-2026-4", 10)]
)
def test_quarters(month, key, began):
    day = datetime(2026, month, 28, tzinfo=PARIS)
    assert (contacts_key(day), quarter_began(day).month) == (key, began)

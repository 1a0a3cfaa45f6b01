"""Each quarter the names, the numbers and the second persons of the cell are looked through, once."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from planner.calendar import operations as calendar
from planner.crisis import operations as crises
from planner.crisis.rules import contacts_key, drill_key, half_year_began, quarter_began
from planner.playbook.models import PlaybookItem
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


# ---- the drill of each half-year


def test_a_drill_is_asked_once_a_half_year_of_whoever_leads(old, lead, reads, now):
    assert crises.ask_for_drill(now=now) >= 1
    assert crises.ask_for_drill(now=now) == 0
    item = WorkItem.objects.about(old).get(key="drill-2026-1")
    assert (item.owner, item.minutes) == (lead, 60)
    assert Reminder.objects.open().filter(subject_id=item.pk, addressee="owner").exists()
    client = reads(lead)
    page = client.get(item.link.partition("#")[0]).text
    assert "The drill of this half-year" in page and f'id="work-{item.pk}"' in page
    done = reverse("work:complete", kwargs={"workspace": "marbourg", "item": item.pk})
    assert client.post(done, {"next": "/w/marbourg/crisis/declare/"}).status_code == 302
    assert "The drill of this half-year" not in client.get("/w/marbourg/crisis/declare/").text
    assert crises.ask_for_drill(now=now + timedelta(days=50)) == 0, "June is the same half-year"
    assert crises.ask_for_drill(now=now + timedelta(days=70)) >= 1


def test_where_the_drill_is_a_cadence_already_nobody_is_asked_twice(old, lead, manager, now):
    cadence = PlaybookItem.objects.get(workspace=None, kind="cadence", slug="crisis-drill")
    calendar.switch_on(
        item=cadence, actor=manager, owner=lead, starts_on=now.date(), at=time(10), minutes=60, now=now
    )  # fmt: skip
    assert crises.ask_for_drill(now=now) == 0
    Workspace.objects.update(is_sample=True)
    assert crises.ask_for_drill(now=now + timedelta(days=70)) == 0


@pytest.mark.parametrize(
    ("month", "key", "began"), [(1, "drill-2026-1", 1), (6, "drill-2026-1", 1), (7, "drill-2026-2", 7)]
)
def test_half_years(month, key, began):
    day = datetime(2026, month, 28, tzinfo=PARIS)
    assert (drill_key(day), half_year_began(day).month) == (key, began)


@pytest.mark.parametrize(
    ("month", "key", "began"), [(1, "contacts-2026-1", 1), (6, "contacts-2026-2", 4), (12, "contacts-2026-4", 10)]
)
def test_quarters(month, key, began):
    day = datetime(2026, month, 28, tzinfo=PARIS)
    assert (contacts_key(day), quarter_began(day).month) == (key, began)

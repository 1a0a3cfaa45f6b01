"""The engine in the administration: looked at, never changed there, by those who manage alone."""

from datetime import UTC, datetime

import pytest

from planner.reminders.models import Delivery, Notice, Reminder
from planner.workspaces.models import User

pytestmark = pytest.mark.django_db

AHEAD = datetime(2026, 4, 28, 7, 0, tzinfo=UTC)
PAGES = ("reminder", "notice", "delivery")


@pytest.fixture(autouse=True)
def everybody_is_staff(member, manager, outsider):
    User.objects.update(is_staff=True, language="en")


@pytest.fixture
def rows(make_item, schedule, drain):
    schedule(make_item(due_at=datetime(2026, 4, 30, 15, 0, tzinfo=UTC)))
    drain(AHEAD)
    return {"reminder": Reminder.objects.get(step="ahead"), "notice": Notice.objects.get(),
            "delivery": Delivery.objects.get()}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_manager_looks_at_a_row_and_can_change_nothing(rows, browse, manager, name):
    client = browse(manager)
    assert client.get(f"/admin/planner/{name}/").context["cl"].result_count > 0
    page = client.get(f"/admin/planner/{name}/{rows[name].pk}/change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content and b"deletelink" not in page.content
    assert client.post(f"/admin/planner/{name}/{rows[name].pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"/admin/planner/{name}/add/").status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_a_planner_does_not_enter_and_an_outsider_sees_nothing(rows, browse, member, outsider, name):
    assert browse(member).get(f"/admin/planner/{name}/").status_code == 403
    client = browse(outsider)
    assert client.get(f"/admin/planner/{name}/").context["cl"].result_count == 0
    assert client.get(f"/admin/planner/{name}/{rows[name].pk}/change/").status_code == 302


def test_the_reason_is_read_in_words(rows, browse, manager):
    page = browse(manager).get(f"/admin/planner/reminder/{rows['reminder'].pk}/change/")
    assert "This work is yours." in page.content.decode()

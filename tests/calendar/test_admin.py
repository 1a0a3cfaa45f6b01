"""What comes back, in the admin: looked at by those who plan there, and nothing changed."""

from datetime import date, time

import pytest
from django.urls import reverse

from planner.calendar import operations as calendar
from planner.playbook.models import PlaybookItem
from planner.workspaces.operations.staff import keep_admin_door

pytestmark = pytest.mark.usefixtures("newsroom")


@pytest.fixture
def rows(workspace, member, now):
    item = PlaybookItem.objects.visible_to(workspace).of_kind("cadence").get(slug="content-mining")
    rhythm = calendar.switch_on(
        item=item, actor=member, owner=member, starts_on=date(2026, 4, 27), at=time(10, 0), minutes=60, now=now
    )
    return {"rhythm": rhythm, "occurrence": rhythm.occurrences.first()}


@pytest.mark.parametrize("model", ["rhythm", "occurrence"])
def test_those_who_plan_look_at_it_and_others_see_nothing(client, rows, member, outsider, model):
    row = rows[model]
    page, listed = (
        reverse(f"admin:planner_{model}_{name}", args=args) for name, args in (("change", [row.pk]), ("changelist", []))
    )
    keep_admin_door(member.user)
    client.force_login(member.user)
    shown = client.get(page).content.decode()
    assert 'name="_save"' not in shown and "Dans nos tiroirs" in shown
    assert row in client.get(listed).context["cl"].queryset
    assert client.post(page, {"reason": "No"}).status_code == 403
    assert client.get(reverse(f"admin:planner_{model}_add")).status_code == 403
    keep_admin_door(outsider.user)
    client.force_login(outsider.user)
    assert client.get(page).status_code == 302
    assert not client.get(listed).context["cl"].queryset.exists()

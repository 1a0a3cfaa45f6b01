"""The admin of people and places: own workspaces alone, and the same operations as everywhere."""

import pytest
from django.urls import reverse

from planner.history.models import Entry
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Absence, Audience, Duty, HolidayChange, Membership, RoleAssignment
from planner.workspaces.rules import Level

MODELS = (
    "user", "workspace", "membership", "roleassignment", "absence", "holidaychange", "channel", "audience", "duty",
)  # fmt: skip


def listed(model):
    return reverse(f"admin:planner_{model}_changelist")


def form(model, pk):
    return reverse(f"admin:planner_{model}_change", args=[pk])


@pytest.fixture
def in_admin(client):
    def enter(member):
        member.user.is_staff = True
        member.user.save()
        client.force_login(member.user)
        return client

    return enter


@pytest.fixture
def rows(manager, colleague, channel, workspace, now):
    """One row of each kind in the workspace of Maud."""
    day = now.date()
    return {
        "user": colleague.user,
        "workspace": workspace,
        "membership": colleague,
        "roleassignment": workspaces.assign_role(actor=manager, member=colleague, role="legal", now=now),
        "absence": workspaces.add_absence(actor=manager, member=colleague, starts_on=day, ends_on=day, now=now),
        "holidaychange": HolidayChange.objects.create(workspace=workspace, day=day, name="Pont"),
        "channel": channel,
        "duty": Duty.objects.create(workspace=workspace, member=colleague, day=day),
        "audience": workspaces.add_audience(actor=manager, sentence="Parents", now=now),
    }


@pytest.mark.parametrize("model", MODELS)
def test_a_manager_sees_the_rows_of_their_workspace_and_nobody_elses(model, in_admin, manager, outsider, rows):
    row = rows[model]
    assert in_admin(manager).get(form(model, row.pk)).status_code == 200
    assert row in in_admin(manager).get(listed(model)).context["cl"].queryset
    assert in_admin(outsider).get(form(model, row.pk)).status_code == 302  # "does not exist", back to the index
    assert row not in in_admin(outsider).get(listed(model)).context["cl"].queryset


@pytest.mark.parametrize("model", MODELS)
def test_who_only_plans_sees_no_people_in_the_admin(model, in_admin, member, rows):
    assert in_admin(member).get(listed(model)).status_code == 403


def test_a_visitor_and_a_reader_do_not_enter(client, reader, rows):
    assert client.get(listed("membership")).status_code == 302
    client.force_login(reader.user)
    assert client.get(listed("membership")).status_code in (302, 403)


def test_a_level_goes_through_the_operation(in_admin, manager, rows):
    in_admin(manager).post(form("membership", rows["membership"].pk), {"level": "planner"})
    rows["membership"].refresh_from_db()
    assert rows["membership"].level == Level.PLANNER
    assert Entry.objects.filter(verb="member.level_changed", actor=manager.user).count() == 1


def test_the_last_manager_cannot_step_down_here_either(in_admin, manager):
    response = in_admin(manager).post(form("membership", manager.pk), {"level": "reader"}, follow=True)
    assert "Maud Gérante" in " ".join(str(message) for message in response.context["messages"])
    assert Membership.objects.get(pk=manager.pk).level == Level.MANAGER


def test_a_member_is_not_deleted_here(in_admin, manager, rows):
    address = reverse("admin:planner_membership_delete", args=[rows["membership"].pk])
    assert in_admin(manager).post(address, {"post": "yes"}).status_code == 403
    assert Membership.objects.filter(pk=rows["membership"].pk).exists()


def test_a_role_is_given_seconded_and_taken_back(in_admin, manager, colleague, member):
    client = in_admin(manager)
    client.post(reverse("admin:planner_roleassignment_add"), {"role": "expert", "person": colleague.pk})
    held = RoleAssignment.objects.get()
    assert held.workspace == colleague.workspace
    client.post(form("roleassignment", held.pk), {"second": member.pk})
    held.refresh_from_db()
    assert held.second == member
    client.post(reverse("admin:planner_roleassignment_delete", args=[held.pk]), {"post": "yes"})
    assert not RoleAssignment.objects.exists()
    assert Entry.objects.filter(verb__startswith="role.").count() == 3


def test_nobody_of_elsewhere_can_be_chosen(in_admin, manager, outsider):
    values = {"role": "expert", "person": outsider.pk}
    assert in_admin(manager).post(reverse("admin:planner_roleassignment_add"), values).status_code == 200
    assert not RoleAssignment.objects.exists()


def test_several_absences_are_cancelled_each_by_the_operation(in_admin, manager, colleague, rows):
    values = {"action": "delete_selected", "_selected_action": [rows["absence"].pk], "post": "yes"}
    in_admin(manager).post(listed("absence"), values)
    assert not Absence.objects.exists()
    assert Entry.objects.filter(verb="absence.removed").count() == 1


def test_a_refused_absence_is_told_in_words(in_admin, manager, colleague, rows, now):
    values = {"membership": colleague.pk, "starts_on": "2026-04-27", "ends_on": "2026-04-27"}
    response = in_admin(manager).post(reverse("admin:planner_absence_add"), values, follow=True)
    assert list(response.context["messages"])
    assert Absence.objects.count() == 1


def test_holidays_are_only_looked_at(in_admin, manager, rows):
    client = in_admin(manager)
    assert client.get(reverse("admin:planner_holidaychange_add")).status_code == 403
    client.post(form("holidaychange", rows["holidaychange"].pk), {"name": "Autre"})
    assert HolidayChange.objects.get().name == "Pont"


def test_name_channel_and_audience_go_through_their_operations(in_admin, manager, rows, workspace):
    client = in_admin(manager)
    client.post(form("workspace", workspace.pk), {"name": "Mairie", "official_language": "fr"})
    client.post(form("channel", rows["channel"].pk), {"is_used": "on", "address": "https://example.org/"})
    client.post(form("audience", rows["audience"].pk), {})
    workspace.refresh_from_db()
    assert workspace.name == "Mairie"
    assert not Audience.objects.get().is_used
    verbs = set(Entry.objects.filter(actor=manager.user).values_list("verb", flat=True))
    assert {"workspace.settings_changed", "channel.changed", "audience.changed"} <= verbs


def test_a_superuser_sees_all_but_changes_only_where_they_are_members(in_admin, outsider, rows):
    outsider.user.is_superuser = True
    client = in_admin(outsider)
    assert client.get(form("membership", rows["membership"].pk)).status_code == 200
    client.post(form("membership", rows["membership"].pk), {"level": "manager"})
    rows["membership"].refresh_from_db()
    assert rows["membership"].level == Level.CONTRIBUTOR

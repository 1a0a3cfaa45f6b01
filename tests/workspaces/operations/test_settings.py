"""Opening a workspace; its name, languages, zone."""

import pytest

from planner.base.errors import Invalid, NotAllowed
from planner.history.models import Entry
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Workspace
from planner.workspaces.rules import Level
from tests.conftest import person


@pytest.fixture
def camille(db):
    return person("Camille Arnaud", "camille@example.org")


@pytest.fixture
def open_workspace(camille, now):
    def create(**values):
        usual = {"actor": camille, "name": "Mairie d’Aubin", "language": "fr", "country": "FR", "now": now}
        return workspaces.create_workspace(**{**usual, **values})

    return create


def test_the_founder_manages_and_holds_the_roles_of_a_first_post(open_workspace, camille):
    workspace = open_workspace()
    founder = camille.memberships.get()
    assert (founder.workspace, founder.level) == (workspace, Level.MANAGER)
    assert set(founder.roles.values_list("role", flat=True)) == {"editor", "approver", "author", "answerer"}
    camille.refresh_from_db()
    assert camille.is_staff


def test_the_place_gives_clock_holidays_and_official_language(open_workspace):
    quebec = open_workspace(country="CA", region="QC", sectors=["finance"], language="en")
    assert (quebec.time_zone, quebec.official_language) == ("America/Toronto", "fr")
    assert quebec.languages == ["en", "fr"]
    assert quebec.sectors == ["finance"]
    assert open_workspace(country="CH", region="VD").official_language == ""


def test_two_organisations_of_one_name_have_two_addresses(open_workspace):
    slugs = [open_workspace().slug for _twice in range(3)]
    assert slugs == ["mairie-daubin", "mairie-daubin-2", "mairie-daubin-3"]


def test_a_name_without_latin_letters_still_has_an_address(open_workspace):
    assert open_workspace(name="東京").slug == "planning"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"language": "de"}, "languages"),
        ({"country": "US"}, "place"),
        ({"sectors": ["arms"]}, "sectors"),
    ],
)
def test_what_cannot_be_is_refused_and_opens_nothing(open_workspace, values, field):
    with pytest.raises(Invalid) as refusal:
        open_workspace(**values)
    assert refusal.value.field == field
    assert not Workspace.objects.exists()


def test_a_guest_opens_no_workspace_a_manager_does(open_workspace, colleague, manager):
    with pytest.raises(NotAllowed):
        open_workspace(actor=colleague.user)
    assert open_workspace(actor=manager.user)


def change(actor, now, **values):
    usual = {"name": "Ville", "languages": ["fr"], "sectors": [], "official_language": ""}
    return workspaces.change_settings(actor=actor, now=now, **{**usual, **values})


def test_settings_change_and_history_keeps_both_sides(manager, workspace, now):
    change(manager, now, official_language="fr")
    workspace.refresh_from_db()
    assert (workspace.name, workspace.languages, workspace.official_language) == ("Ville", ["fr"], "fr")
    assert Entry.objects.about(workspace).get().data["name"] == ["Ville de Marbourg", "Ville"]


@pytest.mark.parametrize("who", ["member", "colleague", "reader"])
def test_only_managers_change_settings_and_zone(who, request, now):
    actor = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        change(actor, now)
    with pytest.raises(NotAllowed):
        workspaces.change_zone(actor=actor, zone="Europe/Brussels", now=now)


@pytest.mark.parametrize("values", [{"name": ""}, {"languages": []}, {"languages": ["de"]}, {"sectors": ["arms"]}])
def test_settings_that_cannot_be_are_refused(manager, now, values):
    with pytest.raises(Invalid):
        change(manager, now, **values)


def test_the_zone_is_one_that_exists(manager, workspace, now):
    workspaces.change_zone(actor=manager, zone="America/Toronto", now=now)
    workspace.refresh_from_db()
    assert workspace.time_zone == "America/Toronto"
    with pytest.raises(Invalid):
        workspaces.change_zone(actor=manager, zone="Mars/Olympus", now=now)

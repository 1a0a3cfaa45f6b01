"""The four questions."""

import pytest
from django.core.management import call_command

from planner.workspaces.models import Channel, User, Workspace
from tests.conftest import join, person

ANSWERS = {"name": "Mairie d’Aubin", "language": "fr", "place": "CH-GE", "sectors": ["public-body"]}


@pytest.fixture
def camille(client, db):
    user = User.objects.create_user("camille@example.org", "une phrase bien longue", name="Camille Arnaud")
    client.force_login(user)
    return user


@pytest.fixture
def sample(db, now):
    """A workspace in which nobody is real, as `up --demo` opens it."""
    workspace = Workspace.objects.create(
        name="Val-Tilleul", slug="val", languages=["fr"], is_sample=True, created_at=now
    )
    join(workspace, person("Inès", "ines.1@sample.invalid"), "manager")
    return workspace


def test_four_answers_open_a_workspace_with_its_playbook(client, camille):
    call_command("load_playbook", verbosity=0)
    response = client.post("/start/", ANSWERS)
    workspace = Workspace.objects.get()
    assert response["Location"] == f"/w/{workspace.slug}/"
    assert client.get(response["Location"]).status_code == 200
    assert (workspace.time_zone, workspace.region, workspace.sectors) == ("Europe/Zurich", "GE", ["public-body"])
    assert Channel.objects.filter(workspace=workspace).count() == 21
    assert camille.memberships.get().level == "manager"


@pytest.mark.parametrize("missing", ["name", "language", "place"])
def test_an_answer_that_is_missing_is_asked_again(client, camille, missing):
    response = client.post("/start/", {**ANSWERS, missing: ""})
    assert response.context["form"].errors.keys() == {missing}
    assert not Workspace.objects.exists()


def test_looking_opens_nothing_and_a_visitor_signs_in_first(client, camille):
    assert client.get("/start/").status_code == 200
    client.logout()
    assert client.get("/start/")["Location"].startswith("/accounts/login/")
    assert client.post("/start/", ANSWERS)["Location"].startswith("/accounts/login/")
    assert not Workspace.objects.exists()


def test_a_guest_of_a_workspace_opens_none(client, colleague):
    client.force_login(colleague.user)
    assert client.get("/start/").status_code == 403
    assert client.post("/start/", ANSWERS).status_code == 403


def test_the_sample_can_be_looked_at_before_any_answer(client, camille, sample):
    assert client.get("/start/").context["sample"]
    response = client.post("/start/sample/")
    assert response["Location"] == f"/w/{sample.slug}/"
    assert client.get(response["Location"]).status_code == 200
    assert not client.get("/start/").context["sample"]
    assert client.post("/start/sample/")["Location"] == "/"


def test_a_guest_does_not_enter_the_sample(client, colleague, sample):
    client.force_login(colleague.user)
    assert client.post("/start/sample/").status_code == 403
    assert not sample.memberships.filter(user=colleague.user).exists()

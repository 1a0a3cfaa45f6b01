"""The ways in: looking uses nothing, a button does, once."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from planner.workspaces import operations as workspaces
from planner.workspaces.models import Invitation, SignInLink, User

SECRET = "une phrase bien longue"
PERSON = {"name": "Camille Arnaud", "email": "camille@example.org", "password": SECRET}


@pytest.fixture(autouse=True)
def the_day(now):
    with time_machine.travel(now, tick=False):
        yield


def door(token):
    return reverse("first_account", kwargs={"token": token})


@pytest.fixture
def first(db, now):
    return door(workspaces.make_sign_in_link(user=None, now=now))


@pytest.fixture
def camille(db):
    return User.objects.create_user("camille@example.org", SECRET, name="Camille Arnaud")


@pytest.fixture
def invited(manager, now):
    _invitation, token = workspaces.invite(actor=manager, email="nadia@example.org", name="Nadia", now=now)
    return reverse("invitation", kwargs={"token": token})


def test_the_first_account_leads_to_the_four_questions_signed_in(client, first):
    response = client.post(first, PERSON)
    assert (response.status_code, response["Location"]) == (302, "/start/")
    page = client.get("/start/")
    assert page.status_code == 200
    assert list(page.context["messages"]) == [], "nothing lies over the first button"


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_a_link_uses_nothing(client, first, camille, invited, now, method):
    personal = door(workspaces.make_sign_in_link(user=camille, now=now))
    for address in (first, personal, invited):
        for _look in range(2):
            assert getattr(client, method)(address).status_code == 200
    assert not SignInLink.objects.exclude(used_at=None).exists()
    assert Invitation.objects.open(now).count() == 1
    assert "_auth_user_id" not in client.session


def test_a_used_first_link_says_what_to_do(client, first):
    client.post(first, PERSON)
    client.logout()
    for response in (client.get(first), client.post(first, PERSON)):
        assert response.status_code == 410
        assert "sign_in_link" in response.content.decode()
    assert User.objects.count() == 1


def test_a_weak_password_is_refused_beside_its_field(client, first):
    response = client.post(first, {**PERSON, "password": "1234"})
    assert response.status_code == 400
    assert response.context["form"].errors.keys() == {"password"}
    assert not User.objects.exists()


def test_an_empty_form_is_shown_again(client, first):
    assert client.post(first, {}).context["form"].errors.keys() == {"name", "email", "password"}


def test_a_personal_link_signs_in_once_by_its_button(client, camille, now):
    address = door(workspaces.make_sign_in_link(user=camille, now=now))
    assert client.post(address, {}).status_code == 302
    assert client.session["_auth_user_id"] == str(camille.pk)
    client.logout()
    assert client.post(address, {}).status_code == 410
    assert "_auth_user_id" not in client.session


def test_a_personal_link_may_bring_a_new_password(client, camille, now):
    address = door(workspaces.make_sign_in_link(user=camille, now=now))
    assert client.post(address, {"password": "1234"}).status_code == 400
    client.post(address, {"password": "encore une autre phrase"})
    camille.refresh_from_db()
    assert camille.check_password("encore une autre phrase")


def test_an_old_link_is_dead(client, camille, now):
    address = door(workspaces.make_sign_in_link(user=camille, now=now))
    with time_machine.travel("2026-05-10T10:00:00Z", tick=False):
        assert client.get(address).status_code == 410
        assert client.post(address, {}).status_code == 410


def test_an_invented_token_is_dead(client, db):
    assert client.get(door("x" * 43)).status_code == 410
    assert client.get("/invitation/nothing/").status_code == 410


def test_an_invitation_opens_an_account_and_the_desk(client, invited, workspace):
    assert "Maud Gérante" in client.get(invited).content.decode()
    response = client.post(invited, {"name": "Nadia Roy", "password": SECRET})
    assert response["Location"] == f"/w/{workspace.slug}/"
    assert client.get(response["Location"]).status_code == 200
    assert client.get(invited).status_code == 410


def test_an_invited_person_with_an_account_signs_in_and_comes_back(client, invited, now):
    nadia = User.objects.create_user("nadia@example.org", SECRET, name="Nadia")
    assert f"next={invited}" in client.get(invited).content.decode()
    response = client.post(invited, {"name": "Eve", "password": SECRET})
    assert response["Location"].startswith("/accounts/login/")
    assert not nadia.memberships.exists()
    client.force_login(nadia)
    client.post(invited)
    assert nadia.memberships.count() == 1


def test_a_member_who_accepts_again_is_told_so(client, invited, colleague, now):
    client.force_login(colleague.user)
    assert client.post(invited).status_code == 409
    assert Invitation.objects.open(now).count() == 1


def test_signing_in_after_a_late_save_leads_to_a_page_that_opens(client, workspace):
    """The address of a form only takes what is sent to it: coming back to it by a link would be a dead end."""
    answer = client.post(f"/w/{workspace.slug}/settings/working-time/")
    assert answer.headers["Location"] == f"/accounts/login/?next=/w/{workspace.slug}/"


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/reset/"])
def test_the_pages_of_a_session_name_their_fields_as_the_others_do_and_once(client, camille, address):
    form = client.get(address, headers={"accept-language": "en"}).context["form"]
    field = "login" if "login" in form.fields else "email"
    assert form[field].label == "E-mail"
    assert not any("placeholder" in one.widget.attrs for one in form.fields.values())


def test_changing_a_password_names_each_field_once(client, camille):
    client.force_login(camille)
    form = client.get("/accounts/password/change/").context["form"]
    with translation.override("en"):
        labels = [str(form[name].label) for name in form.fields]
    assert labels == ["Your password now", "New password", "New password, once more"]
    assert not any("placeholder" in one.widget.attrs for one in form.fields.values())


def test_a_wrong_password_is_said_with_what_to_do(client, camille):
    page = client.post("/accounts/login/", {"login": camille.email, "password": "une autre phrase"}).content.decode()
    assert "ne vont pas ensemble" in page and "demandez un nouveau mot de passe" in page

"""Pages that belong to no room: accounts, errors, the frame."""

import pytest
from django.template.loader import render_to_string
from django.test import override_settings

ACCOUNT_PAGES = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-bad/",
    "/accounts/signup/",
    "/accounts/inactive/",
]
OWN_PAGES = ["/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/", "/accounts/reauthenticate/"]


def is_dressed(page: str) -> bool:
    return "planner/css/app.css" in page and page.count("<h1") == 1 and '<main id="content"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("address", ACCOUNT_PAGES)
def test_a_visitors_pages_wear_our_look_in_their_language(client, address, language):
    page = client.get(address, headers={"accept-language": language}, follow=True).content.decode()
    assert is_dressed(page)
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("address", OWN_PAGES)
def test_a_members_account_pages_wear_our_look(browse, member, address):
    assert is_dressed(browse(member).get(address, follow=True).content.decode())


def test_there_is_a_way_to_sign_out_by_post_on_every_page(browse, member):
    page = browse(member).get("/w/marbourg/").content.decode()
    assert '<form method="post" action="/accounts/logout/">' in page


def test_a_page_names_the_zone_of_its_hours(browse, member):
    assert "Europe/Paris" in browse(member).get("/w/marbourg/").content.decode()


def test_the_page_that_is_shown_speaks_the_readers_language(browse, outsider):
    page = browse(outsider).get("/w/lac/").content.decode()
    assert '<html lang="en">' in page
    assert "Europe/Zurich" in page


@pytest.mark.django_db
def test_what_does_not_exist_is_said_in_words(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert is_dressed(answer.content.decode())


@pytest.mark.parametrize("name", ["500.html", "400.html"])
def test_the_page_of_a_breakdown_asks_nothing_of_the_database(name, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        page = render_to_string(name)
    assert "planner/css/app.css" in page
    assert 'lang="en"' in page


@pytest.mark.django_db
@override_settings(DEBUG=False)
def test_a_form_grown_old_is_said_in_words(client):
    client.handler.enforce_csrf_checks = True
    answer = client.post("/accounts/login/", {"login": "x"})
    assert answer.status_code == 403
    assert is_dressed(answer.content.decode())

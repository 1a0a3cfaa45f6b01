"""Pages that belong to no room: accounts, errors, the frame."""

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation

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


class _Form(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the door.")
    note = forms.CharField(label="Note", required=False)
    days = forms.MultipleChoiceField(label="Days", choices=[("1", "Monday")], widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(label="Agreed", required=False)


def field_of(name: str, data: dict[str, str] | None = None) -> str:
    with translation.override("en"):
        return render_to_string("planner/_field.html", {"field": _Form(data)[name]})


def test_an_error_stands_beside_its_field_and_the_field_says_so():
    shown = field_of("name", {"name": ""})
    assert 'aria-invalid="true"' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'id="id_name_helptext"' in shown
    assert 'id="id_name_error"' in shown
    assert '<label for="id_name">Name' in shown


def test_a_field_that_may_stay_empty_says_so():
    assert "optional" in field_of("note")
    assert "optional" not in field_of("name")


def test_several_boxes_are_a_group_with_a_legend_and_one_box_has_its_label_beside():
    assert "<legend>Days" in field_of("days")
    assert "<legend" not in field_of("agreed")
    assert "<label" in field_of("agreed")


def test_a_refused_form_leads_to_each_field_to_mend():
    with translation.override("en"):
        shown = render_to_string("planner/_form_errors.html", {"form": _Form({"note": "x"})})
    assert 'href="#id_name"' in shown
    assert 'href="#id_note"' not in shown


def test_a_forgotten_password_is_answered_in_our_words(client, member, mailoutbox):
    client.post("/accounts/password/reset/", {"email": member.user.email}, headers={"accept-language": "en"})
    [message] = mailoutbox
    assert message.subject == "A new password for Marronnier"
    assert "/accounts/password/reset/key/" in message.body
    assert "example.com" not in message.body


def test_a_strangers_address_is_not_written_to(client, db, mailoutbox):
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert answer.status_code == 302
    assert mailoutbox == []

"""The admin: one sign-in, rooms as headings, our look."""

import re

import pytest
from django.conf import settings

from tests.conftest import join, person


@pytest.fixture
def staff(workspace):
    return join(workspace, person("Sam Technique", "sam@example.org", is_staff=True, is_superuser=True), "manager").user


def test_a_visitor_signs_in_where_everybody_does(client, db):
    first = client.get("/admin/planner/post/")
    second = client.get(first.headers["Location"])
    assert second.headers["Location"] == "/accounts/login/?next=/admin/planner/post/"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_the_way_back_never_leaves_the_site(client, db, target):
    answer = client.get("/admin/login/", {"next": target})
    assert answer.headers["Location"] == "/accounts/login/?next=/admin/"


def test_a_member_who_is_not_staff_is_told_so(browse, manager):
    assert browse(manager).get("/admin/login/").status_code == 403


def test_staff_come_back_to_where_they_went(client, staff):
    client.force_login(staff)
    assert client.get("/admin/login/", {"next": "/admin/planner/"}).headers["Location"] == "/admin/planner/"


def test_rooms_are_headings(client, staff):
    staff.language = "en"
    staff.save()
    client.force_login(staff)
    headings = re.findall(r'class="section"[^>]*>([^<]+)<', client.get("/admin/").content.decode())
    assert [name for name in headings if name in ("People and places", "Posts", "Work")] == [
        "People and places", "Posts", "Work",
    ]  # fmt: skip
    assert not {"Marronnier", "Groups", "Authentication and Authorization"} & set(headings)


def test_signing_out_and_passwords_are_those_of_everybody(client, staff):
    client.force_login(staff)
    assert client.post("/admin/logout/").headers["Location"] == "/accounts/logout/"
    assert client.get("/admin/password_change/").headers["Location"] == "/accounts/password/change/"


def test_no_page_of_the_admin_carries_a_style_or_a_script_of_its_own(client, staff):
    client.force_login(staff)
    for address in ("/admin/", "/admin/planner/channel/", "/admin/planner/user/", "/admin/planner/absence/add/"):
        page = client.get(address).content.decode()
        assert "<style" not in page, address
        assert " style=" not in page, address
        assert "<script>" not in page, address


def test_the_policy_is_strict(client, db):
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert settings.SECURE_CSP["default-src"] == ["'none'"]

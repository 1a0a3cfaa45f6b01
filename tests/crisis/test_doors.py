"""Every address of the room that takes a POST, by those who may not: an outsider, a reader without an account, members
without the level or the role. What is refused changes nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse

from planner.crisis import operations as crises
from planner.crisis.models import Crisis
from planner.crisis.urls import urlpatterns
from planner.dialogue import operations as dialogue
from planner.posts import operations as posts
from planner.workspaces.models import Workspace
from tests.crisis.conftest import ANSWERS, TEXT, YES, say

READ_ONLY = {
    "index", "contacts", "room", "now", "export_log", "statement", "brief", "questions", "queue",
}  # fmt: skip
HANDS = ("drop_fact", "move_fact", "add_fact", "tick", "log", "inside", "prepare", "confirm", "record", "question",
         "later", "debrief", "add_change")  # fmt: skip
"""What a reader may not: writing."""
ROLES = ("drill", "level", "lead", "clear", "review", "confirm_review", "close_debrief")
"""What neither a reader nor somebody who plans may, without the role."""


@pytest.fixture(autouse=True)
def hour(now):
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def doors(scheduled, declare, speak, member, lead, now):
    """Each address with what it would take from somebody who may."""
    crisis = declare()
    fact = crises.add_fact(crisis=crisis, kind="check", text="A number", source="Nadia", actor=member, now=now)
    statement = speak(crisis, now, upto="prepare")
    say(statement.post, member, TEXT, now)
    place = statement.post.placements.first()
    asked = dialogue.receive(actor=member, kind="question", text="Why?", origin="phone", received_at=now, now=now)
    proposal = crises.review(
        crisis=crisis, post=scheduled, actor=member, decision="release", reason="Useful", answers=ANSWERS, now=now
    )
    texts = {"lived": "Fear."}
    return {
        "declare": ({}, {"level": "4", "title": "Fire", "reason": "Smoke"}),
        "drill": ({}, {}),
        "add_fact": ({}, {"kind": "check", "text": "Another", "source": "Nadia"}),
        "move_fact": ({"fact": fact.pk}, {"kind": "known", "source": "Nadia"}),
        "drop_fact": ({"fact": fact.pk}, {}),
        "tick": ({"check": crisis.checks.filter(kind="outside").first().pk}, {"note": "Done"}),
        "log": ({}, {"decision": "Keep on"}),
        "level": ({}, {"level": "4", "reason": "Worse"}),
        "lead": ({}, {"to": member.pk}),
        "clear": ({}, {"reason": "Over"}),
        "inside": ({}, {"text": "Nothing new."}),
        "prepare": ({"kind": "update"}, {"on": "2026-04-27", "at": "15:00"}),
        "confirm": ({"statement": statement.pk}, dict.fromkeys(YES, "on")),
        "record": (
            {"statement": statement.pk, "placement": place.pk},
            {"address": "https://m.example/", "on": "2026-04-27", "at": "10:01"},
        ),
        "question": ({"question": asked.pk}, {"text": "We do not know."}),
        "later": ({"question": asked.pk}, {}),
        "review": ({"post": scheduled.pk}, {**ANSWERS, "decision": "cancel", "reason": "No"}),
        "confirm_review": ({"review": proposal.pk}, {}),
        "debrief": ({}, texts),
        "add_change": ({}, {"text": "Numbers", "owner": member.pk, "due_on": "2026-06-01"}),
        "close_debrief": ({}, {}),
    }


def addresses(doors):
    """Every name, its address in the open crisis, and what it would take."""
    crisis = Crisis.objects.get()
    for name, (names, data) in doors.items():
        of_crisis = {} if name in ("declare", "drill") else {"crisis": crisis.pk}
        yield name, reverse(f"crisis:{name}", kwargs={"workspace": "marbourg", **of_crisis, **names}), data


def state():
    """All rows of all tables, but for sessions."""
    models = apps.get_app_config("planner").get_models()
    return {model.__name__: sorted(map(str, model.objects.order_by("pk").values_list())) for model in models}


def test_every_address_is_either_read_or_tried(doors):
    assert {one.name for one in urlpatterns} == READ_ONLY | set(doors)
    assert set(doors) == {*HANDS, *ROLES, "declare"}


@pytest.mark.parametrize("name", sorted(READ_ONLY - {"index"}))
def test_what_is_read_takes_no_post(doors, reads, lead, name):
    crisis = Crisis.objects.get()
    more = {"statement": {"statement": crisis.statements.get().pk}}.get(name, {})
    names = {"workspace": "marbourg", **({} if name == "contacts" else {"crisis": crisis.pk}), **more}
    assert reads(lead).post(reverse(f"crisis:{name}", kwargs=names)).status_code == 405


def test_an_outsider_finds_no_door_at_all(doors, reads, outsider):
    client = reads(outsider)
    before = state()
    for name, address, data in addresses(doors):
        assert client.post(address, data).status_code == 404, name
    assert state() == before


def test_neither_a_passer_by_nor_a_reader_with_a_link_of_a_post_comes_in(doors, scheduled, member, client, now):
    _guest, token = posts.invite_guest(post=scheduled, actor=member, name="Awa Diop", days=7, now=now)
    reader = Client()
    assert reader.get(reverse("guest_reading", kwargs={"token": token})).status_code == 200
    before = state()
    for one in (client, reader):
        for name, address, data in addresses(doors):
            answer = one.post(address, data)
            assert answer.status_code == 302 and "/accounts/login/" in answer.url, name
    assert state() == before


def test_a_reader_writes_nothing(doors, reads, reader):
    client = reads(reader)
    before = state()
    for name, address, data in addresses(doors):
        answer = client.post(address, data)
        assert answer.status_code == 403, name
    assert state() == before


def test_without_the_role_whoever_plans_decides_nothing(doors, reads, colleague):
    """A contributor writes facts and lines; what belongs to the lead, the editor or the director is refused."""
    client = reads(colleague)
    before = state()
    for name, address, data in addresses(doors):
        if name in (*ROLES, "declare"):
            assert client.post(address, data).status_code == 403, name
    assert state() == before


def test_those_who_may_find_every_door_open(doors, reads, lead, member, now):
    """The same requests are taken from the right people, so that the refusals above are those of the person."""
    taken = {"lead": lead, "level": lead, "confirm_review": lead, "add_fact": member, "move_fact": member,
             "tick": member, "log": member, "confirm": member, "question": member}  # fmt: skip
    found = {name: (address, data) for name, address, data in addresses(doors)}
    for name in ("confirm_review", "question", "tick", "log", "move_fact", "add_fact", "confirm", "level", "lead"):
        address, data = found[name]
        assert reads(taken[name]).post(address, data).status_code == 302, name


def test_a_crisis_of_another_workspace_is_not_reached_through_ones_own(doors, reads, outsider):
    """The address names the outsider's own workspace, and ids of this one."""
    Workspace.objects.filter(pk=outsider.workspace_id).update(is_alerted=True)
    client, own = reads(outsider), f"/w/{outsider.workspace.slug}/"
    before = state()
    for name, address, data in addresses(doors):
        if name not in ("declare", "drill"):
            assert client.post(address.replace("/w/marbourg/", own), data).status_code == 404, name
    assert state() == before

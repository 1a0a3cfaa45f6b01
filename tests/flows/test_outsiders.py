"""No address of a workspace is open to those outside it, and none lets a reader write. The URL table is the list."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from planner.work.models import WorkItem

OWN = {
    "calendar:open_feed",
    "calendar:views",
    "insight:say_read",
    "reminders:preferences",
    "reminders:done",
    "reminders:seen",
    "reminders:snooze",
    "workspaces:add_absence",
    "workspaces:leave",
    "workspaces:me",
    "workspaces:remove_absence",
}
"""What every member does for themselves alone, whatever their level."""


OPEN = {"dialogue:receive", "crisis:declare"}
"""What every member may write for all, readers included: here the form of these tests is empty, and refused."""


@dataclass(frozen=True)
class Address:
    """A name below `/w/<workspace>/`, with the words that its path asks for."""

    name: str
    words: tuple[str, ...]


def addresses() -> list[Address]:
    return sorted(set(_walk(get_resolver().url_patterns, (), ())), key=lambda one: one.name)


def _walk(patterns, spaces: tuple[str, ...], words: tuple[str, ...]) -> Iterator[Address]:
    for pattern in patterns:
        known = (*words, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
                yield from _walk(pattern.url_patterns, inner, known)
        elif isinstance(pattern, URLPattern) and pattern.name and "workspace" in known:
            yield Address(":".join((*spaces, pattern.name)), known)


ALL = addresses()


@pytest.fixture
def table(workspace, draft, now):
    """Each address, filled with things that exist in the workspace."""
    there = {
        "workspace": workspace.slug,
        "post": draft.pk,
        "item": WorkItem.objects.about(draft).earliest("pk").pk,
        "placement": draft.placements.earliest("pk").pk,
        "code": "en",
        "event": "cancel",
        "slug": "expert-how-to",
        "kind": "template",
        "language": "fr",
        "name": "placeholder",
        "rule": "r04",
        "number": 1,
        "year": 2026,
        "month": 5,
    }
    return {
        one.name: reverse(one.name, kwargs={word: there.get(word, draft.author_id) for word in one.words})
        for one in ALL
    }


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in apps.get_app_config("planner").get_models()}


def test_the_walk_finds_the_rooms():
    rooms = {one.name.split(":")[0] for one in ALL}
    assert {"posts", "work", "playbook", "calendar", "reminders", "workspaces", "insight"} <= rooms
    assert len(ALL) > 30


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_outsider_finds_nothing_at_any_address(table, browse, outsider, method):
    client = browse(outsider)
    before = counts()
    found = {name: getattr(client, method)(url).status_code for name, url in table.items()}
    assert {name: status for name, status in found.items() if status != 404} == {}
    assert counts() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_asked_to_sign_in_at_every_address(table, client, method):
    login = reverse(settings.LOGIN_URL)
    answers = {name: getattr(client, method)(url) for name, url in table.items()}
    assert {
        name: answer.status_code
        for name, answer in answers.items()
        if answer.status_code != 302 or not answer.url.startswith(login)
    } == {}


def test_somebody_who_left_finds_nothing(table, browse, member, now):
    member.left_at = now
    member.save()
    client = browse(member)
    assert {name for name, url in table.items() if client.get(url).status_code != 404} == set()


def test_a_reader_writes_nowhere(table, browse, reader, draft):
    client = browse(reader)
    before = counts()
    found = {
        name: client.post(url, {"act": "save"}).status_code for name, url in table.items() if name not in OWN | OPEN
    }
    assert {name: status for name, status in found.items() if status not in (403, 404, 405)} == {}
    assert counts() == before
    version = draft.version
    draft.refresh_from_db()
    assert draft.version == version

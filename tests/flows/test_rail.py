"""The rail says where one is: the URL table is the list, so that a new page is looked at without being named here."""

import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.urls import resolve, reverse

from planner.base import clock
from planner.playbook import operations as playbook
from planner.playbook.seeds import read_all
from planner.posts import operations as posts
from planner.workspaces.models import Membership, User
from tests.e2e.addresses import candidates, pages

ENTRIES = {
    "insight": "insight:desk", "calendar": "calendar:month", "posts": "calendar:month", "work": "calendar:month",
    "playbook": "playbook:index", "reminders": "reminders:inbox", "dialogue": "dialogue:list",
    "crisis": "crisis:index", "policy": "workspaces:settings", "workspaces": "workspaces:settings",
}  # fmt: skip
ELSEWHERE = {
    "workspaces:people": "workspaces:people",
    "workspaces:person": "workspaces:people",
    "workspaces:remove": "workspaces:people",
    "posts:overrides": "workspaces:settings",
    "insight:try_figures": "workspaces:settings",
    "insight:try_words": "workspaces:settings",
}
"""Pages that stand below an entry of another room: how a rule is tried is a page of the policy."""


@pytest.fixture
def house(db):
    now = clock.now()
    playbook.upsert_bundled(items=read_all(settings.SEEDS_DIR), now=now)
    user = User.objects.create_user("ines@example.org", "un mot de passe long", name="Inès Marchetti")
    workspace = posts.open_sample_workspace(user=user, language="fr", now=now)
    return SimpleNamespace(workspace=workspace, membership=Membership.objects.get(workspace=workspace, user=user))


def marked(html: str) -> set[str]:
    """The addresses that the rail marks; on a telephone some stand once more under "More"."""
    rail = re.search(r'<nav class="rail".*?</nav>', html, re.DOTALL)
    return set(re.findall(r'<a href="([^"]*)" aria-current="page"', rail.group())) if rail else set()


def test_each_page_marks_the_entry_of_its_room_and_no_other(house, client):
    client.force_login(house.membership.user)
    wrong, seen = {}, set()
    for address in pages(client, candidates(house)):
        name = resolve(address.partition("?")[0]).view_name
        room = name.partition(":")[0]
        if address.startswith(f"/w/{house.workspace.slug}/"):
            seen.add(room)
            entry = reverse(ELSEWHERE.get(name, ENTRIES[room]), kwargs={"workspace": house.workspace.slug})
            if marked(client.get(address).text) != {entry}:
                wrong[address] = marked(client.get(address).text)
    assert not wrong
    assert seen == set(ENTRIES)


def test_while_figures_are_tried_the_policy_stays_marked(house, client):
    client.force_login(house.membership.user)
    slug = house.workspace.slug
    for name, values in (
        ("insight:try_figures", {"rule": "r02"}),
        ("insight:try_words", {"language": "fr", "name": "acronyms"}),
    ):
        tried = client.post(reverse(name, kwargs={"workspace": slug, **values}), {})
        assert marked(tried.text) == {reverse("workspaces:settings", kwargs={"workspace": slug})}, name

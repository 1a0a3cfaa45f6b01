"""Pages of people and places: who sees them, who may write, how many questions they ask the database."""


import pytest
from django.urls import reverse

from planner.workspaces.models import Channel

PAGES = ("settings", "me", "rights", "people", "channels", "audiences")


@pytest.fixture
def channel(workspace):
    return Channel.objects.create(
        workspace=workspace,
        slug="site-article",
        title={"fr": "Site", "en": "Site"},
        mark="Si",
        family="web",
        owned=True,
    )


def address(name, workspace, **kwargs):
    return reverse(f"workspaces:{name}", kwargs={"workspace": workspace.slug, **kwargs})


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_opens_for_every_level(page, language, browse, workspace, reader, manager, channel):
    for member in (reader, manager):
        member.user.language = language
        member.user.save()
        assert browse(member).get(address(page, workspace)).status_code == 200
    assert browse(reader).get(address("person", workspace, member=manager.pk)).status_code == 200
    assert browse(manager).get(address("person", workspace, member=reader.pk)).status_code == 200
    assert browse(manager).get(address("channel", workspace, slug=channel.slug)).status_code == 200

"""Addresses of this room's pages."""

import pytest
from django.urls import reverse

from planner.workspaces.models import Channel


@pytest.fixture
def page(workspace):
    """`page("person", member=3)` is an address of the workspace."""

    def address(name, at=workspace, **kwargs):
        return reverse(f"workspaces:{name}", kwargs={"workspace": at.slug, **kwargs})

    return address


@pytest.fixture
def channel(workspace):
    return Channel.objects.create(
        workspace=workspace, slug="site", title={"fr": "Site", "en": "Site"}, mark="Si", family="web", owned=True
    )

"""The newsroom of the posts room, for walks that cross rooms."""

import pytest

from tests.posts.conftest import (  # noqa: F401
    answerer,
    approved,
    approver,
    channels,
    draft,
    english,
    in_review,
    lawyer,
    newsroom,
    out,
    playbook_items,
    published,
    scheduled,
    template,
    values,
)


@pytest.fixture
def browse(client):
    """As everywhere, for people who read English, so that pages can be checked by their words."""

    def as_member(membership):
        membership.user.language = "en"
        membership.user.save(update_fields=["language"])
        client.force_login(membership.user)
        return client

    return as_member

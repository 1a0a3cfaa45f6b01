"""A message at the desk, in the newsroom of the posts room."""

from datetime import timedelta

import pytest

from planner.dialogue import operations as dialogue
from tests.flows.conftest import browse  # noqa: F401
from tests.posts.conftest import (  # noqa: F401
    answerer,
    approver,
    english,
    newsroom,
    playbook_items,
)


@pytest.fixture
def complaint(newsroom, reader, now):  # noqa: F811
    """Rose, who may only read, heard it at the desk an hour ago."""
    return dialogue.receive(
        actor=reader,
        kind="complaint",
        text="Your letter gave the wrong day for the glass collection. I waited twice.",
        origin="desk",
        received_at=now - timedelta(hours=1),
        said_by="Mme Arnaud",
        contact="01 02 03 04 05",
        now=now,
    )

"""The newsroom of the posts room: moving a post moves its work."""

from tests.posts.conftest import (  # noqa: F401
    answerer,
    approved,
    approver,
    channels,
    draft,
    in_review,
    newsroom,
    out,
    playbook_items,
    published,
    scheduled,
    template,
    values,
)

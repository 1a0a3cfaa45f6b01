"""Work is about a post: the newsroom of the posts."""

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

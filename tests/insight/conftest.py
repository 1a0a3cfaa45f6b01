"""The newsroom of the posts room."""

from tests.posts.conftest import approver, newsroom, playbook_items  # noqa: F401

"""The newsroom of the posts room, and cadences that are switched on in it."""

from datetime import date, time

import pytest

from planner.calendar import operations as calendar
from planner.playbook.models import PlaybookItem
from tests.posts.conftest import approver, newsroom, playbook_items  # noqa: F401


@pytest.fixture
def switch(newsroom, member, now):  # noqa: F811
    """`switch("weekly-editorial")`: Inès holds it from Tuesday on."""

    def one(slug: str):
        item = PlaybookItem.objects.visible_to(newsroom).of_kind("cadence").get(slug=slug)
        return calendar.switch_on(
            item=item, actor=member, owner=member, starts_on=date(2026, 4, 28), now=now,
            at=time.fromisoformat(item.payload["at"]), minutes=item.payload["minutes"],
        )  # fmt: skip

    return one

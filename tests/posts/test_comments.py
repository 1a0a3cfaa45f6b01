"""Remarks beside a post."""

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound
from planner.posts import operations as posts
from planner.reminders.models import Reminder


def test_a_remark_is_kept_and_the_author_told(draft, member, colleague, now):
    remark = posts.comment(post=draft, actor=member, body="  Begin with the smell. ", now=now)
    assert remark.body == "Begin with the smell."
    assert Reminder.objects.filter(addressee=f"member:{colleague.pk}").count() == 1


def test_nobody_is_told_of_their_own_remark(draft, colleague, now):
    posts.comment(post=draft, actor=colleague, body="Note to self.", now=now)
    assert not Reminder.objects.filter(addressee=f"member:{colleague.pk}").exists()


@pytest.mark.parametrize("body", ["  ", "x" * 5001])
def test_an_empty_or_endless_remark_is_refused(draft, member, now, body):
    with pytest.raises(Invalid) as refusal:
        posts.comment(post=draft, actor=member, body=body, now=now)
    assert refusal.value.field == "body"


def test_who_may_not_remark(draft, reader, outsider, now):
    for actor, error in ((reader, NotAllowed), (outsider, NotFound)):
        with pytest.raises(error):
            posts.comment(post=draft, actor=actor, body="No.", now=now)

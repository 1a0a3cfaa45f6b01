"""Asking those who write to read the editorial policy, and hearing that they have."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from planner.base.errors import Stale
from planner.insight import operations as insight
from planner.policy import operations as policy
from planner.policy.models import Acknowledgement, Charter
from planner.reminders.models import Reminder
from planner.work import operations as work
from planner.work.models import WorkItem

pytestmark = pytest.mark.usefixtures("newsroom", "colleague", "reader")
YEAR = timedelta(days=365)


def write(manager, now, *, is_major: bool = True) -> Charter:
    return policy.write_charter(
        actor=manager, text={"fr": "# Charte", "en": "# Charter"}, owner=manager, review_on=date(2099, 1, 1),
        is_major=is_major, now=now,
    )  # fmt: skip


def asked() -> list[WorkItem]:
    return list(WorkItem.objects.filter(key__startswith="charter-").order_by("pk"))


def test_nobody_is_asked_to_read_what_is_not_written(now):
    assert insight.ask_to_read(now=now) == 0


def test_each_who_may_write_is_asked_once_with_reminders(manager, member, colleague, approver, reader, now):
    write(manager, now)
    assert insight.ask_to_read(now=now) == 4
    assert {item.owner for item in asked()} == {manager, member, colleague, approver}
    assert all(Reminder.objects.filter(subject_id=item.pk, profile="e-std").exists() for item in asked())
    assert insight.ask_to_read(now=now + timedelta(days=1)) == 0


def test_saying_it_closes_the_work_and_the_page_says_so(browse, manager, member, now):
    charter = write(manager, now)
    insight.ask_to_read(now=now)
    client = browse(member)
    (item,) = [one for one in asked() if one.owner == member]
    assert client.get(item.link).status_code == 200
    said = client.post(reverse("insight:say_read", kwargs={"workspace": "marbourg"}), {"number": charter.number})
    assert said.status_code == 302
    item.refresh_from_db()
    assert item.state == "done" and item.done_by == member
    assert not Reminder.objects.open().filter(subject_id=item.pk, profile="e-std").exists()
    assert [one.owner for one in asked() if one.state == "open" and one.owner == member] == []


def test_a_year_later_they_are_asked_again(manager, member, now):
    insight.say_read(actor=member, charter=write(manager, now), now=now)
    insight.ask_to_read(now=now)
    assert member not in {item.owner for item in asked()}
    insight.ask_to_read(now=now + YEAR + timedelta(days=1))
    assert member in {item.owner for item in asked()}


def test_a_minor_version_asks_nobody_and_a_major_one_everybody(manager, member, now):
    insight.say_read(actor=member, charter=write(manager, now), now=now)
    write(manager, now + timedelta(days=1), is_major=False)
    insight.ask_to_read(now=now + timedelta(days=2))
    assert member not in {item.owner for item in asked()}
    write(manager, now + timedelta(days=3))
    insight.ask_to_read(now=now + timedelta(days=4))
    assert member in {item.owner for item in asked()}


def test_an_earlier_version_is_not_what_is_to_be_read(manager, member, now):
    first = write(manager, now)
    write(manager, now + timedelta(days=1))
    with pytest.raises(Stale):
        insight.say_read(actor=member, charter=first, now=now + timedelta(days=2))
    assert not Acknowledgement.objects.exists()


def test_who_ticked_the_work_off_is_left_in_peace_for_a_year(manager, member, now):
    write(manager, now)
    insight.ask_to_read(now=now)
    (item,) = [one for one in asked() if one.owner == member]
    work.complete(item=item, actor=member, now=now + timedelta(days=1))
    assert insight.ask_to_read(now=now + timedelta(days=30)) == 0

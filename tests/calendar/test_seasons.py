"""Seasonal topics: the list of a year, the post that comes of one, the look once a year."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from planner.base.errors import NotFound
from planner.base.worktime import WorkingCalendar
from planner.calendar import operations as calendar
from planner.calendar import rules
from planner.playbook import operations as playbook
from planner.playbook.models import PlaybookItem
from planner.posts.models import Application
from planner.reminders.models import Reminder
from planner.work.models import WorkItem

pytestmark = pytest.mark.usefixtures("newsroom")
OCTOBER = datetime(2026, 10, 2, 1, 40, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False):
        yield


def address(query: str = "") -> str:
    return reverse("calendar:seasons", kwargs={"workspace": "marbourg"}) + query


def topic(slug: str) -> PlaybookItem:
    return PlaybookItem.objects.get(kind="observance", slug=slug)


def test_a_closed_day_is_written_for_on_the_working_day_before():
    saturday = date(2026, 5, 2)
    plain = WorkingCalendar(zone="Europe/Paris")
    assert rules.day_to_plan(saturday, plain) == date(2026, 5, 1)
    assert rules.day_to_plan(date(2026, 5, 4), plain) == date(2026, 5, 4)


def test_the_page_marks_sober_days_and_holidays_and_leaves_out_other_places(
    browse, member, django_assert_max_num_queries
):
    client = browse(member)
    with django_assert_max_num_queries(6):
        page = client.get(address("?year=2027")).content.decode()
    assert "jour sobre" in page
    assert "Fête nationale" in page
    assert "Le déneigement et le grand froid" not in page


def test_a_topic_begins_a_post_with_its_day_and_its_question(browse, member):
    item = topic("holocaust-remembrance")
    begin = reverse("calendar:begin_season", kwargs={"workspace": "marbourg", "year": 2027, "slug": item.slug})
    page = browse(member).post(begin, follow=True).content.decode()
    assert 'value="2027-01-27"' in page
    begun = Application.objects.get(person=member)
    assert begun.answers["key_question"] == [item.payload["angle"]["fr"]]


@pytest.mark.parametrize(
    ("slug", "template"),
    [("closing-hours", "service-notice"), ("work-day", "behind-scenes"), ("heating-bills", "expert-how-to")],
)
def test_a_topic_begins_with_the_template_that_fits_it(browse, member, slug, template):
    begin = reverse("calendar:begin_season", kwargs={"workspace": "marbourg", "year": 2027, "slug": slug})
    browse(member).post(begin)
    assert Application.objects.get(person=member).template.slug == template
    title = PlaybookItem.objects.get(kind="template", slug=template).title
    page = browse(member).get(address("?year=2027")).content.decode()
    row = page[: page.index(f"/seasons/2027/{slug}/begin/")].rpartition("<li>")[2]
    assert title in row


def test_a_fitting_template_that_is_retired_leaves_the_one_that_teaches(browse, member, now):
    playbook.retire(actor=member, item=PlaybookItem.objects.get(kind="template", slug="service-notice"), now=now)
    begun = calendar.begin_season(item=topic("closing-hours"), year=2027, actor=member, now=now)
    assert begun.template.slug == "expert-how-to"


def test_a_holiday_begins_a_post_and_a_day_that_is_none_does_not(browse, member):
    names = {"workspace": "marbourg", "year": 2026, "month": 7}
    assert browse(member).post(reverse("calendar:begin_feast", kwargs={**names, "day": 15})).status_code == 404
    assert browse(member).post(reverse("calendar:begin_feast", kwargs={**names, "day": 14})).status_code == 302
    assert Application.objects.get(person=member).answers["on"] == ["2026-07-13"]


def test_a_reader_begins_nothing(browse, reader):
    begin = reverse("calendar:begin_season", kwargs={"workspace": "marbourg", "year": 2027, "slug": "new-rules"})
    assert browse(reader).post(begin).status_code == 403


def test_a_cadence_is_no_topic(member, now):
    with pytest.raises(NotFound):
        calendar.begin_season(item=PlaybookItem.objects.get(slug="exec-slot"), year=2027, actor=member, now=now)


def test_from_october_on_the_editor_looks_through_next_years_list_once(member, workspace, now, browse):
    assert calendar.ask_to_review(now=now) == 0
    assert calendar.ask_to_review(now=OCTOBER) == 1
    assert calendar.ask_to_review(now=OCTOBER) == 0
    item = WorkItem.objects.get(key="seasons-2027")
    assert (item.owner, item.due_at.date()) == (member, date(2026, 11, 6))
    assert item.link.startswith(address())
    assert Reminder.objects.open().filter(subject_id=item.pk, addressee="owner").exists()
    assert (
        item.card("fr").what
        == "Revoir la liste des marronniers\N{NO-BREAK SPACE}: «\N{NO-BREAK SPACE}2027\N{NO-BREAK SPACE}»"
    )

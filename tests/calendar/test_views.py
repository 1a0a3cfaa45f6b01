from datetime import UTC, datetime, timedelta

import pytest
import time_machine

NOW = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
MONTH = "/w/marbourg/calendar/"


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_month_is_a_table_of_weeks_from_monday(browse, member):
    page = browse(member).get(MONTH).content.decode()
    assert page.index(">lundi<") < page.index(">dimanche<")
    assert page.count('<tr role="row">') == 7  # the head and six weeks
    assert 'aria-current="date"' in page


def test_an_entry_has_its_hour_its_title_and_its_state_in_words(browse, member, appear):
    appear("Compost d’hiver", datetime(2026, 11, 26, 9, 30, tzinfo=UTC), status="draft")
    page = browse(member).get(MONTH).content.decode()
    assert "Compost d’hiver" in page
    assert "10\u00a0h\u00a030" in page
    assert "is-draft" in page


def test_another_month_is_asked_for_in_the_address(browse, member, appear):
    appear("En mai", datetime(2026, 5, 7, 9, 30, tzinfo=UTC))
    assert "En mai" not in browse(member).get(MONTH).content.decode()
    assert "En mai" in browse(member).get(MONTH + "?month=2026-05").content.decode()


def test_public_holidays_are_named(browse, member):
    assert "Armistice" in browse(member).get(MONTH).content.decode()


def test_an_empty_month_says_what_to_do(browse, member, appear):
    assert 'id="empty"' in browse(member).get(MONTH).content.decode()
    appear("Compost", datetime(2027, 3, 1, 9, 30, tzinfo=UTC))
    assert 'id="empty"' not in browse(member).get(MONTH).content.decode()


@pytest.mark.parametrize("posts", [3, 60])
def test_a_month_takes_eight_queries_at_any_size(browse, member, appear, owe, django_assert_num_queries, posts):
    client = browse(member)
    for number in range(posts):
        post = appear(f"Post {number}", datetime(2026, 11, 20, 8, 0, tzinfo=UTC) + timedelta(hours=3 * number))
        owe(member, post, datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
        appear(f"Idea {number}", None, status="idea")
    client.get(MONTH)
    with django_assert_num_queries(8):
        client.get(MONTH)


def test_the_fullest_month_stays_below_120_kilobytes(browse, member, appear):
    for number in range(5 * 42):
        at = datetime(2026, 10, 26, tzinfo=UTC) + timedelta(hours=4.8 * number)
        appear(f"Compost d’hiver, quatre gestes {number}", at)
    page = browse(member).get(MONTH).content
    assert page.count(b'class="entry ') == 4 * 42
    assert len(page) < 120_000


def test_a_cell_counts_what_it_does_not_show_and_leads_to_the_day(browse, member, appear):
    for number in range(9):
        appear(f"Post {number}", datetime(2026, 11, 20, 8, number, tzinfo=UTC))
    page = browse(member).get(MONTH).content.decode()
    assert page.count('class="entry ') == 4
    assert '<a class="rest" href="2026/11/20/">+5' in page


def test_what_people_write_is_shown_as_they_wrote_it_and_never_run(browse, member, appear):
    member.user.name = "<b>Inès</b>"
    member.user.save()
    appear("<script>alert(1)</script>", datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    page = browse(member).get(MONTH).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>In" not in page


def test_a_reader_in_another_zone_sees_both_hours(browse, member, appear):
    member.user.time_zone = "America/Toronto"
    member.user.save()
    appear("Compost", datetime(2026, 11, 26, 3, 30, tzinfo=UTC))
    page = browse(member).get(MONTH).content.decode()
    assert "4\u00a0h\u00a030" in page
    assert "(22\u00a0h\u00a030\u00a0-1)" in page


def test_an_entry_says_who_owns_it_and_what_is_missing(browse, member, colleague, appear, owe):
    post = appear("Compost", datetime(2026, 11, 26, 9, 30, tzinfo=UTC), author=colleague, answerer=member)
    owe(member, post, NOW - timedelta(days=1))
    page = browse(member).get(MONTH).content.decode()
    assert 'title="Karim Belhadj">KB<' in page
    assert "manque\u00a0: un remplaçant et un travail en retard" in page


def test_a_reader_is_offered_no_move(browse, reader, appear):
    appear("Compost", None, status="idea")
    page = browse(reader).get(MONTH).content.decode()
    assert "Compost" in page
    assert "/move/" not in page


def test_a_day_lists_what_appears_and_what_is_due_with_its_people(browse, member, colleague, appear, owe):
    post = appear("Compost", datetime(2026, 11, 26, 9, 30, tzinfo=UTC), status="in_review")
    owe(colleague, post, datetime(2026, 11, 26, 16, 0, tzinfo=UTC))
    page = browse(member).get("/w/marbourg/calendar/2026/11/26/").content.decode()
    assert "Compost" in page
    assert "Karim Belhadj" in page
    assert "/move/" in page


def test_the_day_takes_a_fixed_number_of_queries(browse, member, appear, owe, django_assert_max_num_queries):
    client = browse(member)
    for number in range(25):
        at = datetime(2026, 11, 26, 9, number, tzinfo=UTC)
        owe(member, appear(f"Post {number}", at), at)
    client.get("/w/marbourg/calendar/2026/11/26/")
    with django_assert_max_num_queries(10):
        client.get("/w/marbourg/calendar/2026/11/26/")


@pytest.mark.parametrize("address", ["2026/2/30/", "2026/13/1/", "1066/10/14/", "9999/1/1/"])
def test_a_day_that_is_not_in_the_calendar_is_not_found(browse, member, address):
    assert browse(member).get(MONTH + address).status_code == 404


def test_an_outsider_finds_nothing(browse, workspace, outsider):
    client = browse(outsider)
    assert client.get(MONTH).status_code == 404
    assert client.get(MONTH + "2026/11/26/").status_code == 404

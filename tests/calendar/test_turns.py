"""The pages of what comes back."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from planner.calendar.models import Occurrence, Rhythm
from planner.posts import operations as posts
from planner.posts.models import Application
from planner.work.models import WorkItem
from planner.workspaces.models import Duty

pytestmark = pytest.mark.usefixtures("newsroom")


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False):
        yield


def at(name: str, **words) -> str:
    return reverse(f"calendar:{name}", kwargs={"workspace": "marbourg", **words})


@pytest.fixture
def on(browse, member):
    """`on("content-mining")` switches a cadence on by its page."""

    def one(slug: str) -> Rhythm:
        client = browse(member)
        given = {"owner": member.pk, "starts_on": "2026-04-27", "at": "14:00", "minutes": 30}
        assert client.post(at("switch_on", slug=slug), given).status_code == 302
        return Rhythm.objects.on().get(item__slug=slug)

    return one


def test_a_cadence_is_switched_on_seen_and_switched_off(browse, member, on):
    rhythm = on("weekly-editorial")
    page = browse(member).get(at("cadences")).content.decode()
    assert "Conférence de rédaction" in page
    assert "lun. 27 avr." in page
    browse(member).post(at("switch_off", rhythm=rhythm.pk))
    assert not Rhythm.objects.on().exists()


def test_a_refusal_keeps_what_was_typed(browse, member):
    given = {"owner": member.pk, "starts_on": "2026-04-27", "ends_on": "2026-04-01", "at": "14:00", "minutes": 30}
    answer = browse(member).post(at("switch_on", slug="weekly-editorial"), given)
    assert answer.status_code == 400
    assert 'value="2026-04-01"' in answer.content.decode()


def test_an_empty_place_is_suspended_while_everything_is_held(browse, member, on, workspace, now):
    place = on("content-mining").occurrences.first()
    pages = (at("month") + "?month=2026-05", at("coming"), place.link)
    for scope, is_suspended in (({"tags": ["été"]}, False), ({"all": True}, True)):
        alert = posts.raise_alert(workspace=workspace, level=3, scope=scope, actor=member, now=now)
        posts.hold(workspace=workspace, scope=scope, reason="Leak", actor=member, alert=alert, now=now)
        for page in pages:
            assert ("suspendue" in browse(member).get(page).content.decode()) is is_suspended, page
    posts.end_alert(alert=alert, actor=member, now=now)
    assert not any("suspendue" in browse(member).get(page).content.decode() for page in pages)


def test_an_empty_place_stands_in_the_month_and_leads_to_a_new_post_with_its_day(browse, member, on):
    place = on("content-mining").occurrences.first()
    month = browse(member).get(at("month") + "?month=2026-05").content.decode()
    assert f'<a class="slot" href="coming/{place.pk}/">' in month
    assert '<symbol id="plus">' in month
    assert 'class="slot"' not in browse(member).get(at("month") + "?month=2026-05&hide=slots").content.decode()
    assert "Dans nos tiroirs" in browse(member).get(at("day", year=2026, month=5, day=14)).content.decode()
    answer = browse(member).post(at("fill", occurrence=place.pk, slug="expert-how-to"), follow=True)
    assert 'value="2026-05-14"' in answer.content.decode()
    assert "application=" in browse(member).get(place.link).content.decode()


def test_a_day_is_skipped_and_moved_by_its_pages(browse, member, on):
    first, second = on("weekly-editorial").occurrences.all()[:2]
    client = browse(member)
    client.post(at("skip", occurrence=first.pk), {"reason": "Jour férié"})
    client.post(at("move_occurrence", occurrence=second.pk), {"on": "2026-05-06", "at": "09:00"})
    page = client.get(at("coming")).content.decode()
    assert "Jour férié" in page
    assert "mer. 6 mai" in page
    client.post(at("take_up", occurrence=first.pk))
    first.refresh_from_db()
    assert first.skipped_at is None
    assert Occurrence.objects.get(pk=second.pk).held_on == date(2026, 5, 6)


def test_whoever_contributes_sees_and_changes_nothing(browse, colleague, on):
    place = on("weekly-editorial").occurrences.first()
    client = browse(colleague)
    assert "Rétablir" not in client.get(place.link).content.decode()
    assert client.post(at("skip", occurrence=place.pk), {"reason": "Non"}).status_code == 403
    assert client.get(at("switch_on", slug="exec-slot")).status_code == 403


def test_the_pages_take_a_fixed_number_of_queries(browse, member, on, django_assert_max_num_queries):
    for slug in ("weekly-editorial", "exec-slot", "content-mining", "friday-progress"):
        rhythm = on(slug)
    client = browse(member)
    for address, most in (
        (at("cadences"), 9), (at("coming"), 7), (rhythm.occurrences.first().link, 11), (at("month"), 9),
    ):  # fmt: skip
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


def test_the_rota_names_the_days_and_a_turn_is_swapped_there(browse, member, colleague, on):
    on("answer-duty")
    page = browse(member).get(at("rota")).content.decode()
    assert "Karim Belhadj" in page
    mine, theirs = Duty.objects.filter(member=member).first(), Duty.objects.filter(member=colleague).first()
    assert browse(member).post(at("swap", duty=mine.pk), {"other": theirs.pk}).status_code == 302
    mine.refresh_from_db()
    assert mine.member == colleague


def test_the_rota_lets_one_close_todays_turn_and_the_desk_names_who_is_on_duty(browse, member, on):
    on("answer-duty")
    today, tomorrow = Duty.objects.select_related("member__user")[:2]
    page = browse(today.member).get(at("rota")).content.decode()
    item = WorkItem.objects.get(owner=today.member, key="turn-2026-04-27")
    assert f'id="work-{item.pk}"' in page
    assert page.count("/complete/") == 1
    answer = browse(today.member).post(f"/w/marbourg/work/{item.pk}/complete/", {"note": ""})
    assert answer.headers["Location"] == f"{at('rota')}#work-{item.pk}"
    assert "/complete/" not in browse(today.member).get(at("rota")).content.decode()
    desk = browse(member).get("/w/marbourg/").content.decode()
    block = desk[desk.index('id="answers"') :].partition("</section>")[0]
    assert f"{today.member}<small>de permanence aujourd’hui" in block
    assert f"{tomorrow.member}<small>de permanence mardi 28 avril" in block


def test_the_month_is_filled_place_by_place_from_what_was_done_least_and_never_alone(browse, member, on, appear):
    for number in range(3):
        appear(f"Aider {number}", datetime(2026, 4, 20 + number, 8, tzinfo=UTC), intent="help", status="published")
    places = [
        on("content-mining").occurrences.get(held_on__month=5),
        on("lend-our-voice").occurrences.get(held_on__month=5),
    ]
    places.sort(key=lambda one: one.held_on)
    client = browse(member)
    month = client.get(at("month") + "?month=2026-05").text
    assert f"{at('fill_month')}?month=2026-05" in month
    first = client.get(at("fill_month") + "?month=2026-05")
    assert first.context["place"] == places[0]
    offered = [one for one, _item, _way in first.context["offers"]]
    assert [one.done for one in offered] == sorted(one.done for one in offered)
    assert offered[0].done == 0 and offered[0].way != "help"
    second = client.get(at("fill_month") + f"?month=2026-05&after={places[0].pk}")
    assert second.context["place"] == places[1]
    last = client.get(at("fill_month") + f"?month=2026-05&after={places[1].pk}")
    assert last.context["place"] is None
    assert "toutes parcourues" in last.text
    assert not Application.objects.exists()
    answer = client.post(at("fill", occurrence=places[0].pk, slug=offered[0].slug), follow=True)
    assert Application.objects.get().template.slug == offered[0].slug
    assert f'value="{places[0].held_on}"' in answer.text
    begun = client.get(at("fill_month") + "?month=2026-05").text
    assert f"?application={Application.objects.get().pk}" in begun


def test_a_month_without_an_empty_place_leads_to_the_cadences(browse, member):
    page = browse(member).get(at("fill_month") + "?month=2026-05").text
    assert at("cadences") in page
    assert at("fill_month") not in browse(member).get(at("month") + "?month=2026-05").text


def test_filling_takes_a_fixed_number_of_queries_and_shows_an_outsider_nothing(
    browse, member, outsider, on, appear, django_assert_max_num_queries
):
    for slug in ("content-mining", "lend-our-voice"):
        on(slug)
    for number in range(30):
        appear(f"Aider {number}", datetime(2026, 4, 20, 8, number, tzinfo=UTC), intent="help")
    assert browse(outsider).get(at("fill_month")).status_code == 404
    client = browse(member)
    client.get(at("fill_month") + "?month=2026-05")
    with django_assert_max_num_queries(8):
        client.get(at("fill_month") + "?month=2026-05")


def test_the_rota_says_how_long_first_answers_took(browse, member, published, out, django_assert_max_num_queries):
    client = browse(member)
    assert client.get(at("rota")).context["answered"] is None
    counts = {"received": 5, "answered": 4, "private": 1, "unanswered": 0, "complaints": 1}
    items = WorkItem.objects.about(published).filter(needs_counts=True).order_by("due_at")
    for hours, item in zip((2, 26), items, strict=False):
        WorkItem.objects.filter(pk=item.pk).update(state="done", done_at=out + timedelta(hours=hours), counts=counts)
    with time_machine.travel(out + timedelta(days=3), tick=False):
        client = browse(member)
        with django_assert_max_num_queries(9):
            page = client.get(at("rota"))
    found = page.context["answered"]
    assert (found.posts, found.minutes) == (1, 120)
    assert found.figures["received"] == 10 and found.figures["complaints"] == 2
    assert "2\u00a0h" in page.content.decode()


def test_answers_closed_long_ago_are_no_figure_of_today(browse, member, published, out):
    WorkItem.objects.about(published).filter(needs_counts=True).update(state="done", done_at=out + timedelta(hours=1))
    with time_machine.travel(out + timedelta(days=40), tick=False):
        assert browse(member).get(at("rota")).context["answered"] is None

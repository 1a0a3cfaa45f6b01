"""The shelves, and a template with the work that it would date."""

import pytest
import time_machine
from django.urls import reverse

from planner.playbook.models import PlaybookItem
from tests.posts.conftest import approver, english, newsroom, playbook_items  # noqa: F401


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def english_reader(member):
    member.user.language = "en"
    member.user.save()
    return member


@pytest.fixture
def client_in(newsroom, browse, english_reader):  # noqa: F811
    return browse(english_reader)


def shelves():
    return reverse("playbook:index", args=["marbourg"])


def template(**query):
    return reverse("playbook:template", args=["marbourg", "expert-how-to"], query=query or None)


def test_every_template_stands_on_the_shelf_of_its_situation(client_in):
    page = client_in.get(shelves())
    shown = {shelf.situation: [tile.item.slug for tile in shelf.tiles] for shelf in page.context["shelves"]}
    assert "expert-how-to" in shown["Someone knows how to do something"]
    assert sum(map(len, shown.values())) == PlaybookItem.objects.bundled().templates().count()


def test_a_tile_says_how_long_before_the_work_begins_and_how_much_there_is(client_in):
    page = client_in.get(shelves())
    tiles = {tile.item.slug: tile for shelf in page.context["shelves"] for tile in shelf.tiles}
    assert (tiles["expert-how-to"].days_ahead, tiles["expert-how-to"].work) == (8, 14)


def test_the_shelves_show_one_intent_when_asked(client_in):
    page = client_in.get(shelves(), {"intent": "tell"})
    slugs = [tile.item.slug for shelf in page.context["shelves"] for tile in shelf.tiles]
    assert "behind-scenes" in slugs
    assert "expert-how-to" not in slugs
    assert "?intent=help" in page.text


def test_the_shelves_take_the_same_queries_whatever_their_number(
    client_in, workspace, now, django_assert_num_queries
):
    client_in.get(shelves())
    with django_assert_num_queries(5):
        client_in.get(shelves())
    bundled = PlaybookItem.objects.bundled().templates().first()
    PlaybookItem.objects.bulk_create(
        PlaybookItem(
            workspace=workspace,
            kind="template",
            slug=f"own-{number}",
            payload=bundled.payload,
            checksum="-",
            loaded_at=now,
        )
        for number in range(9)
    )
    with django_assert_num_queries(5):
        assert "own-8" in client_in.get(shelves()).text


def test_a_template_dates_its_work_for_the_day_in_the_address(client_in):
    page = client_in.get(template(on="2026-05-21", at="10:00"))
    dated = {line.item.task.key: line for line in page.context["lines"]}
    assert "Mon 18 May, 17:00" in page.text
    assert "D-3" in page.text
    assert dated["own-words"].is_vacant  # nobody holds the role of expert
    assert not dated["approve"].is_vacant
    assert "A role without anybody" in page.text
    assert "posts/new/?template=expert-how-to&amp;on=2026-05-21&amp;at=10:00" in page.text


def test_a_day_that_is_none_is_refused_beside_its_field(client_in):
    page = client_in.get(template(on="2026-02-30", at="10:00"))
    assert page.status_code == 200
    assert page.context["form"].errors["on"]
    assert page.context["lines"]  # the usual day stands instead


def test_a_day_too_near_says_what_is_lost(client_in):
    page = client_in.get(template(on="2026-04-30", at="10:00"))
    assert "The time is short." in page.text


def test_the_example_reads_in_both_languages(client_in):
    english_page, french_page = client_in.get(template()), client_in.get(template(example="fr"))
    assert "Winter compost: four simple habits" in english_page.text
    assert "Compost d’hiver" in french_page.text
    assert "On l’écoute vingt minutes" in french_page.text  # a choice in its words


def test_a_reader_is_told_why_there_is_no_button(newsroom, browse, reader):  # noqa: F811
    page = browse(reader).get(template())
    assert "posts/new/?template" not in page.text


def test_an_unknown_template_is_not_found(client_in):
    assert client_in.get(reverse("playbook:template", args=["marbourg", "nothing"])).status_code == 404


def test_the_day_offered_leaves_time_for_everything(client_in, now):
    page = client_in.get(template())
    assert page.context["on"].isoformat() == "2026-05-21"  # fifteen working days on, without three holidays
    assert "There is time." in page.text

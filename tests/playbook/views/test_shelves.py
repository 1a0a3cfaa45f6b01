"""The shelves: by situation, by intent, and what a search finds on them."""

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


def test_the_shelves_take_the_same_queries_whatever_their_number(client_in, workspace, now, django_assert_num_queries):
    client_in.get(shelves())
    with django_assert_num_queries(6):
        client_in.get(shelves())
    bundled = PlaybookItem.objects.bundled().templates().first().payload
    said = {key: bundled[key] for key in ("title", "summary", "situation", "purpose", "when", "workflow", "intent")}
    own = {"workspace": workspace, "kind": "template", "payload": said, "checksum": "-", "loaded_at": now}
    PlaybookItem.objects.bulk_create(PlaybookItem(slug=f"own-{number}", **own) for number in range(1_000))
    with django_assert_num_queries(6):
        assert "own-999" in client_in.get(shelves()).text
    with django_assert_num_queries(6):
        assert "own-999" in client_in.get(reverse("playbook:own", args=["marbourg"])).text


def found(page):
    return {tile.item.slug for shelf in page.context["shelves"] for tile in shelf.tiles} | {
        item.slug for item in page.context["checklists"]
    }


def test_the_checklists_have_their_shelf(client_in):
    page = client_in.get(shelves())
    assert len(page.context["checklists"]) == PlaybookItem.objects.bundled().of_kind("checklist").count()
    assert reverse("playbook:checklist", args=["marbourg", "moderation-rules"]) in page.text
    assert "9 points" in page.text


def test_an_intent_is_a_matter_of_templates(client_in):
    assert client_in.get(shelves(), {"intent": "tell"}).context["checklists"] == []


@pytest.mark.parametrize(
    ("language", "query", "expected"),
    [
        ("fr", "equipe distance", {"team-rhythm"}),
        ("fr", "MODERATION", {"moderation-rules"}),
        ("en", "moderation", {"moderation-rules"}),
        ("en", "night shift", {"behind-scenes"}),
        ("en", "colleague’s know-how", {"expert-how-to"}),
    ],
)
def test_templates_and_checklists_are_found_by_their_words(client_in, english_reader, language, query, expected):
    english_reader.user.language = language
    english_reader.user.save()
    assert expected <= found(client_in.get(shelves(), {"q": query}))
    assert len(found(client_in.get(shelves(), {"q": query}))) < 4


def test_a_search_within_an_intent_keeps_both(client_in):
    page = client_in.get(shelves(), {"intent": "tell", "q": "night"})
    assert found(page) == {"behind-scenes"}
    assert 'name="intent" value="tell"' in page.text
    assert 'name="q" value="night"' in page.text


def test_a_search_that_finds_nothing_says_so_with_two_ways_out(client_in):
    page = client_in.get(shelves(), {"q": "zorglub <b>"})
    assert "Nothing speaks of “zorglub &lt;b&gt;”" in page.text
    assert f'href="{shelves()}"' in page.text
    assert f'href="{reverse("playbook:advice", args=["marbourg"])}?q=zorglub' in page.text

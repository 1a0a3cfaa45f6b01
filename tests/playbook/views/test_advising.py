"""All the advice, one piece of it, and the way from each to what acts on it."""

import re

import pytest
from django.urls import reverse

from planner.playbook.models import PlaybookItem
from tests.posts.conftest import approver, newsroom, playbook_items  # noqa: F401


@pytest.fixture
def client_in(newsroom, browse, member):  # noqa: F811
    return reads(browse, member, "en")


def reads(browse, member, language):
    member.user.language = language
    member.user.save()
    return browse(member)


def index(**query):
    return reverse("playbook:advice", args=["marbourg"], query=query or None)


def one(slug):
    return reverse("playbook:advice_item", args=["marbourg", slug])


def shown(page):
    return [row.id for theme in page.context["themes"] for row in theme.rows]


def test_all_the_advice_stands_under_its_theme_and_source(client_in):
    page = client_in.get(index())
    assert sorted(shown(page), key=lambda slug: int(slug[1:])) == [f"A{number:02}" for number in range(1, 178)]
    assert page.text.count("<h3 id=") == len(page.context["themes"]) == 20
    assert page.text.count('<h2 class="source-title">') == 5
    assert "Human contact first" in page.text
    assert "People before tools" in page.text


def test_the_heart_is_said_in_words(client_in):
    page = client_in.get(index(theme="crisis", heart="1"))
    assert len(shown(page)) == 7
    assert page.text.count('<span class="tag heart">Heart of the mission</span>') == 7


def test_a_theme_and_the_heart_narrow_the_advice_and_keep_the_words_searched(client_in):
    page = client_in.get(index(heart="1"))
    assert len(shown(page)) == 34
    page = client_in.get(index(theme="talk-reuse", q="conference"))
    assert shown(page) == ["A43"]
    assert 'name="theme" value="talk-reuse"' in page.text
    assert "?theme=talk-reuse&amp;q=conference&amp;heart=1" in page.text


def test_the_search_needs_no_accent_and_speaks_the_language_of_the_reader(newsroom, browse, member):  # noqa: F811
    french = reads(browse, member, "fr")
    accented, plain = french.get(index(q="équipe")), french.get(index(q="EQUIPE"))
    assert shown(accented) == shown(plain) != []
    assert shown(reads(browse, member, "en").get(index(q="équipe"))) == []


def test_nothing_found_is_said_with_a_way_out(client_in):
    page = client_in.get(index(q="zorglub"))
    assert "No advice speaks of “zorglub”" in page.text
    assert f'href="{index()}"' in page.text


def test_the_number_of_queries_is_fixed(client_in, django_assert_num_queries):
    client_in.get(index())
    for address in (index(), index(q="people", heart="1"), one("A45"), one("A20")):
        with django_assert_num_queries(5):
            client_in.get(address)


def test_a_piece_of_advice_says_its_limits_its_kind_and_where_it_comes_from(client_in):
    page = client_in.get(one("A11"))
    assert "over 80,000 messages" in page.text
    assert "A reported figure, to be shown only as such." in page.text
    assert "Figure" in page.text
    assert "From “Answering questions in public”" in page.text
    assert one("A10") in page.text
    assert one("A12") in page.text


def test_a_piece_of_advice_leads_to_what_acts_on_it(client_in):
    page = client_in.get(one("A84"))
    assert reverse("playbook:checklist", args=["marbourg", "moderation-rules"]) in page.text
    assert reverse("playbook:template", args=["marbourg", "newsletter-digest"]) in page.text


def test_all_that_acts_on_it_has_its_page(client_in):
    page = client_in.get(one("A29"))
    assert [lead.title for lead in page.context["acting"]] == [
        "The story without the sale",
        "The talk that serves again",
        "YouTube",
    ]
    assert reverse("playbook:item", args=["marbourg", "channel", "youtube"]) in page.text
    assert "live-qa" not in page.text


def test_background_says_that_it_asks_for_nothing(client_in):
    assert "This one is background" in client_in.get(one("A14")).text


def test_an_own_template_that_embodies_advice_is_named_too(client_in, workspace, now):
    bundled = PlaybookItem.objects.bundled().templates().get(slug="expert-how-to")
    PlaybookItem.objects.create(
        workspace=workspace, kind="template", slug="ours", payload={**bundled.payload, "advice": ["A14"]},
        checksum="-", loaded_at=now,
    )  # fmt: skip
    assert reverse("playbook:template", args=["marbourg", "ours"]) in client_in.get(one("A14")).text


def test_the_heart_leads_to_every_template_and_checklist_that_it_names_and_that_exists(client_in):
    items = set(PlaybookItem.objects.bundled().of_kinds("template", "checklist").values_list("kind", "slug"))
    hearts = [item for item in PlaybookItem.objects.bundled().of_kind("advice") if item.payload["heart"]]
    for heart in hearts:
        named = {(entry["kind"], entry["slug"]) for entry in heart.payload["embodied_by"]}
        page = client_in.get(one(heart.slug))
        for kind, slug in named & items:
            assert f'href="{reverse(f"playbook:{kind}", args=["marbourg", slug])}"' in page.text, (heart.slug, slug)


def test_unknown_advice_is_not_found(client_in):
    assert client_in.get(one("A178")).status_code == 404
    assert client_in.get(one("expert-how-to")).status_code == 404


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_speak_one_language(newsroom, browse, member, language):  # noqa: F811
    client = reads(browse, member, language)
    foreign = {"fr": r"The advice|Heart of|Principle|What acts", "en": r"conseil|Au cœur|Principe\b|met en pratique"}
    for address in (index(), one("A45"), one("A14")):
        page = client.get(address)
        assert f'<html lang="{language}"' in page.text
        assert not re.search(foreign[language], page.text)


def test_the_index_of_the_playbook_leads_to_the_advice(client_in):
    assert f'href="{index()}"' in client_in.get(reverse("playbook:index", args=["marbourg"])).text

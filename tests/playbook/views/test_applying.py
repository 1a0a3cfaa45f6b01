"""A template: the work that it would date, its example, and the advice that it embodies."""

import pytest
import time_machine
from django.urls import reverse

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


def template(**query):
    return reverse("playbook:template", args=["marbourg", "expert-how-to"], query=query or None)


def test_a_template_dates_its_work_for_the_day_in_the_address(client_in):
    page = client_in.get(template(on="2026-05-21", at="10:00"))
    dated = {line.item.task.key: line for line in page.context["lines"]}
    assert "Mon 18 May, 17:00" in page.text
    assert "D-3" in page.text
    assert dated["own-words"].is_vacant  # nobody holds the role of expert
    assert not dated["approve"].is_vacant
    assert "roles without anybody" in page.text
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


@pytest.mark.parametrize(
    ("language", "title", "theme"),
    [("en", "The advice it stands on", "Regulated trades"), ("fr", "Les conseils", "Les métiers réglementés")],
)
def test_a_template_shows_the_advice_that_it_embodies(client_in, english_reader, language, title, theme):
    english_reader.user.language = language
    english_reader.user.save()
    page = client_in.get(template())
    assert title in page.text
    assert theme in page.text
    rows = [row.id for row in page.context["embodied"]]
    assert {"A78", "A79", "A45", "A60", "A49", "A118"} <= set(rows)
    hearts = [row.heart for row in page.context["embodied"]]
    assert hearts == sorted(hearts, reverse=True)
    assert all(reverse("playbook:advice_item", args=["marbourg", slug]) in page.text for slug in rows)


def test_a_template_takes_the_same_queries_whatever_it_stands_on(client_in, django_assert_num_queries):
    client_in.get(template())
    for slug in ("expert-how-to", "leader-narrative"):
        with django_assert_num_queries(14):
            client_in.get(reverse("playbook:template", args=["marbourg", slug]))

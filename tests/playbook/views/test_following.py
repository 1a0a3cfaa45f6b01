"""One workflow, as a page."""

import pytest
from django.urls import reverse

from tests.posts.conftest import approver, newsroom, playbook_items  # noqa: F401


def address(slug="w-std"):
    return reverse("playbook:workflow", args=["marbourg", slug])


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", ["Contenu courant", "J-8", "selon les réponses"]), ("en", ["Routine content", "D-8", "according to the"])],
)
def test_a_workflow_shows_its_work_who_follows_it_and_its_advice(newsroom, browse, reader, language, words):  # noqa: F811
    reader.user.language = language
    reader.user.save()
    page = browse(reader).get(address())
    assert all(word in page.text for word in words)
    assert page.text.count("<tr") == 1 + len(page.context["lines"])
    assert reverse("playbook:template", args=["marbourg", "expert-how-to"]) in page.text
    assert reverse("playbook:template", args=["marbourg", "white-paper"]) not in page.text
    assert reverse("playbook:advice_item", args=["marbourg", "A172"]) in page.text


def test_its_template_and_its_advice_lead_to_it(newsroom, browse, reader):  # noqa: F811
    client = browse(reader)
    for name, slug in (("template", "expert-how-to"), ("advice_item", "A172")):
        assert f'href="{address()}"' in client.get(reverse(f"playbook:{name}", args=["marbourg", slug])).text


def test_the_number_of_queries_is_fixed(newsroom, browse, reader, django_assert_num_queries):  # noqa: F811
    client = browse(reader)
    client.get(address())
    for slug in ("w-std", "w-long"):
        with django_assert_num_queries(6):
            client.get(address(slug))


def test_a_template_is_no_workflow(newsroom, browse, reader):  # noqa: F811
    assert browse(reader).get(address("expert-how-to")).status_code == 404

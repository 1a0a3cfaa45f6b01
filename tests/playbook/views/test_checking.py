"""One checklist, to read and to print."""

import pytest
from django.urls import reverse

from tests.posts.conftest import approver, newsroom, playbook_items  # noqa: F401


def address(slug="moderation-rules"):
    return reverse("playbook:checklist", args=["marbourg", slug])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["Les règles de modération", "9 points à vérifier", "Une insulte sans question", "Télécharger"]),
        ("en", ["Moderation rules", "9 points to check", "An insult without a question", "Download"]),
    ],
)
def test_a_checklist_shows_its_points_its_occasion_and_its_advice(newsroom, browse, reader, language, words):  # noqa: F811
    reader.user.language = language
    reader.user.save()
    page = browse(reader).get(address())
    assert all(word in page.text for word in words)
    assert page.text.count("<li><b>") == 9
    assert reverse("playbook:advice_item", args=["marbourg", "A84"]) in page.text


def test_the_number_of_queries_is_fixed(newsroom, browse, reader, django_assert_num_queries):  # noqa: F811
    client = browse(reader)
    client.get(address())
    for slug in ("moderation-rules", "initiative-brief"):
        with django_assert_num_queries(6):
            client.get(address(slug))


def test_a_template_is_no_checklist(newsroom, browse, reader):  # noqa: F811
    assert browse(reader).get(address("expert-how-to")).status_code == 404

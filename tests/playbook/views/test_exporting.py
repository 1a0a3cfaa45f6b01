"""A template or a checklist as a Markdown file."""

import re

import pytest
from django.urls import reverse

from planner.base import markdown
from planner.playbook.models import PlaybookItem
from tests.posts.conftest import approver, newsroom, playbook_items  # noqa: F401


@pytest.fixture
def download(newsroom, browse, reader):  # noqa: F811
    def file(kind, slug, language="en"):
        reader.user.language = language
        reader.user.save()
        return browse(reader).get(reverse("playbook:export", args=["marbourg", kind, slug]))

    return file


def test_the_file_is_markdown_and_bears_the_name_of_the_item(download):
    answer = download("template", "expert-how-to")
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="expert-how-to.md"'


def test_a_template_says_its_questions_its_work_its_example_and_its_advice(download):
    text = download("template", "expert-how-to").text
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == [
        "When to use it",
        "Not when",
        "The questions it asks",
        "The parts of the text",
        "The work",
        "How we will know that it worked",
        "An example, filled in",
        "The advice it stands on",
    ]
    assert text.startswith("# A colleague’s know-how\n\n")
    assert "### Winter compost: four simple habits" in text
    assert re.search(r"^\| D-3 \| .+ \| .+ \| 10\xa0min \|$", text, re.MULTILINE)
    assert re.search(r"^1\. \*\*.+\*\*  $", text, re.MULTILINE)
    assert "(A45)" in text


def test_a_checklist_is_a_list_of_boxes(download):
    text = download("checklist", "moderation-rules").text
    assert text.startswith("# Moderation rules\n\n")
    assert len(re.findall(r"^- \[ \] ", text, re.MULTILINE)) == 9
    assert "(A84)" in text


@pytest.mark.parametrize(
    ("kind", "slug", "french"),
    [("template", "expert-how-to", "| J-3 |"), ("checklist", "moderation-rules", "# Les règles de modération")],
)
def test_the_file_speaks_the_language_of_the_reader(download, kind, slug, french):
    text = download(kind, slug, "fr").text
    assert french in text
    assert "When to use it" not in text
    assert "The advice it stands on" not in text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_template_and_checklist_can_be_downloaded_and_read(download, language):
    for item in PlaybookItem.objects.bundled().of_kinds("template", "checklist"):
        answer = download(item.kind, item.slug, language)
        assert answer.status_code == 200
        assert "<h3>" in markdown.render(answer.text)
        assert not re.search(r"\bNone$", answer.text, re.M)


@pytest.mark.parametrize(("kind", "slug"), [("advice", "A28"), ("template", "nothing"), ("poem", "editor")])
def test_only_items_that_exist_and_are_listed_are_files(download, kind, slug):
    assert download(kind, slug).status_code == 404


def test_the_number_of_queries_is_fixed(download, django_assert_num_queries, browse, reader):
    download("template", "expert-how-to")
    client = browse(reader)
    for kind, slug, number in (
        ("template", "expert-how-to", 7),
        ("template", "white-paper", 7),
        ("checklist", "copy-check", 5),
    ):
        with django_assert_num_queries(number):
            client.get(reverse("playbook:export", args=["marbourg", kind, slug]))

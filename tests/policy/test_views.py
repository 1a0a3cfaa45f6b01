"""The pages of the policy."""

import pytest
from django.urls import reverse

from planner.policy.models import Acknowledgement, Charter, PolicyVersion
from planner.posts.models import Post

pytestmark = pytest.mark.django_db
LIST = {"language": "fr", "name": "placeholder"}
TYPED = {"entries": "à voir\r\n\r\nà finir", "but_not": "", "reason": "Nos mots à nous.", "number": "0", "sample": ""}


@pytest.fixture
def page(workspace):
    def address(to, room="policy", **words):
        return reverse(f"{room}:{to}", kwargs={"workspace": workspace.slug, **words})

    return address


def test_the_index_names_the_rules_and_the_lists(browse, reader, page):
    html = browse(reader).get(page("index")).content.decode()
    assert all(f"R{number:02}" in html for number in range(1, 26))


def test_pages_ask_a_fixed_number_of_queries(browse, manager, page, workspace, now, django_assert_num_queries):
    client = browse(manager)
    client.get(page("index"))
    with django_assert_num_queries(10):
        client.get(page("index"))
    for number in range(1, 6):
        PolicyVersion.objects.create(workspace=workspace, number=number, reason="x", made_by=manager, made_at=now)
    with django_assert_num_queries(10):
        client.get(page("index"))


def test_a_list_is_tried_on_a_text_without_being_kept(browse, manager, page):
    answer = browse(manager).post(page("words", **LIST), {**TYPED, "act": "try", "sample": "L’horaire est à voir."})
    today, changed = answer.context["tried"]
    assert not today.findings
    assert [one.rule for one in changed.findings] == ["R18"]
    assert not PolicyVersion.objects.exists()


def test_a_list_is_kept(browse, manager, page):
    assert browse(manager).post(page("words", **LIST), {**TYPED, "act": "keep"}).status_code == 302
    assert PolicyVersion.objects.get().changes["lists"]["fr"]["placeholder"]["entries"] == ["à voir", "à finir"]


def test_a_refusal_stands_in_the_form(browse, manager, page):
    answer = browse(manager).post(page("words", **LIST), {**TYPED, "entries": "(perdu"})
    assert answer.status_code == 400
    assert "(perdu" in answer.content.decode()


def test_figures_left_as_bundled_are_not_kept_as_ones_own(browse, manager, page):
    typed = {"least_characters": "15", "reason": "Rien ne change ici.", "number": "0"}
    browse(manager).post(page("rule", rule="r04"), typed)
    assert PolicyVersion.objects.get().changes == {"parameters": {}}


def test_a_reader_sees_the_figures_without_a_form(browse, reader, page):
    html = browse(reader).get(page("rule", rule="r04")).content.decode()
    assert "15" in html
    assert 'name="least_characters"' not in html


def test_the_charter_is_written_and_read(browse, manager, page):
    client = browse(manager)
    typed = {"text_fr": "# Charte", "text_en": "# Charter", "owner": manager.pk, "review_on": "2099-01-01"}
    assert client.post(page("charter"), typed).status_code == 302
    client.post(page("say_read", room="insight"), {"number": Charter.objects.get().number})
    assert Acknowledgement.objects.get().member == manager
    assert client.get(page("charter")).context["has_read"]


@pytest.mark.parametrize("words", [{"language": "de", "name": "tool"}, {"language": "fr", "name": "nothing"}])
def test_what_does_not_exist_is_not_found(browse, manager, page, words):
    assert browse(manager).get(page("words", **words)).status_code == 404
    assert browse(manager).post(page("try_words", room="insight", **words)).status_code == 404


def test_the_last_posts_show_what_a_change_would_change(browse, manager, page, workspace, now):
    draft = Post.objects.create(workspace=workspace, author=manager, created_at=now, updated_at=now)
    draft.texts.create(language="fr", title="Horaires", body="L’horaire est à voir.", updated_at=now)
    answer = browse(manager).post(page("try_words", room="insight", **LIST), TYPED)
    (difference,) = answer.context["differences"]
    assert difference.post == draft
    assert [one.rule for one in difference.new] == ["R18"]
    assert not PolicyVersion.objects.exists()


def test_entries_that_cannot_be_read_are_shown(browse, manager, page):
    answer = browse(manager).post(page("try_words", room="insight", **LIST), {"entries": "(perdu"})
    assert answer.context["wrong"] == ["(perdu"]


def test_the_last_posts_show_what_other_figures_would_change(browse, manager, page, workspace, now):
    draft = Post.objects.create(workspace=workspace, author=manager, created_at=now, updated_at=now)
    text = "Achetez vite : prix imbattables, stock limité, dernière chance."
    draft.texts.create(language="fr", title="Soldes", body=text, updated_at=now)
    client, trial = browse(manager), page("try_figures", room="insight", rule="r01")
    assert not client.post(trial, {"warn": "2.0", "block": "5.0"}).context["differences"]
    answer = client.post(trial, {"warn": "99", "block": "99", "number": "0"})
    (difference,) = answer.context["differences"]
    assert (difference.post, [one.rule for one in difference.gone]) == (draft, ["R01"])
    assert not PolicyVersion.objects.exists()
    again = client.post(page("rule", rule="r01"), {"warn": "99", "block": "99", "number": "0", "act": "look"})
    assert 'value="99"' in again.text
    assert not PolicyVersion.objects.exists()


def test_figures_are_tried_only_where_they_can_be(browse, manager, reader, page):
    client = browse(manager)
    assert "/try/" in client.get(page("rule", rule="r01")).text
    assert "/try/" not in client.get(page("rule", rule="r07")).text
    assert client.post(page("try_figures", room="insight", rule="r07")).status_code == 404
    assert client.post(page("try_figures", room="insight", rule="r01"), {"warn": "much"}).status_code == 302
    assert browse(reader).post(page("try_figures", room="insight", rule="r01"), {"warn": "9"}).status_code == 403

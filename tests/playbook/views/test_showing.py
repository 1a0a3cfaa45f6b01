"""Items without a page of their own, the lists of each kind, and where advice leads."""

from functools import lru_cache

import pytest
from django.conf import settings
from django.urls import reverse

from planner.base.language import LANGUAGES
from planner.playbook import operations as playbook
from planner.playbook.forms.editing import KEPT
from planner.playbook.forms.labels import LABELS
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.rules import embodies
from planner.playbook.seeds import read_all
from planner.playbook.views.addresses import LISTED, link_to
from planner.playbook.views.advising import ACTING, PRODUCT

pytestmark = pytest.mark.django_db


@lru_cache
def bundled_items():
    return read_all(settings.SEEDS_DIR)


@pytest.fixture(autouse=True)
def loaded(db, now):
    playbook.upsert_bundled(items=bundled_items(), now=now)


@pytest.fixture
def client_in(browse, member):
    member.user.language = "en"
    member.user.save()
    return browse(member)


def test_every_bundled_item_has_a_page_and_a_file(client_in, workspace):
    first_of_each = {item.kind: item for item in bundled_items() if item.kind in LISTED}
    for item in first_of_each.values():
        page = client_in.get(link_to(workspace, item.kind, item.slug))
        assert page.status_code == 200, (item.kind, item.slug)
        assert page.text.count("<h1") == 1
        file = client_in.get(reverse("playbook:export", args=["marbourg", item.kind, item.slug]))
        assert file["Content-Type"].startswith("text/markdown"), item.kind
        assert file.text.startswith("# ")


def test_a_crisis_level_says_all_that_it_holds(client_in):
    page = client_in.get(reverse("playbook:item", args=["marbourg", "crisis", "level-3"]))
    assert "People are hurt or harmed" in page.text
    assert "Crisis lead" in page.text


def test_what_an_item_names_is_called_by_its_title_and_leads_there(client_in):
    page = client_in.get(reverse("playbook:item", args=["marbourg", "cadence", "content-mining"]))
    assert '<a href="/w/marbourg/playbook/expert-how-to/">A colleague’s know-how</a>' in page.text
    profile = reverse("playbook:item", args=["marbourg", "reminder_profile", "e-std"])
    assert f'<a href="{profile}">Everyday work</a>' in page.text
    for shown in ("expert-how-to", "e-std"):
        assert f">{shown}<" not in page.text
    file = client_in.get(reverse("playbook:export", args=["marbourg", "cadence", "content-mining"])).text
    assert "- A colleague’s know-how" in file


def test_a_dimension_of_the_audit_is_called_by_its_title(client_in):
    reading = reverse("playbook:item", args=["marbourg", "assessment", "reading"])
    for kind, slug in (("stage", "coordinating"), ("question", "Q09")):
        page = client_in.get(reverse("playbook:item", args=["marbourg", kind, slug])).text
        assert f'<a href="{reading}">Rules and calendar</a>' in page
        assert ">C<" not in page
    assert (
        "The mean of the six dimensions"
        in client_in.get(reverse("playbook:item", args=["marbourg", "stage", "coordinating"])).text
    )


def test_what_has_a_form_of_its_own_leads_there(client_in, workspace, now):
    playbook.equip(workspace=workspace, now=now)
    for kind, slug, leads in (
        ("channel", "mastodon", "/w/marbourg/settings/channels/mastodon/"),
        ("rule", "R01", "/w/marbourg/policy/rules/r01/"),
        ("charter", "charter", "/w/marbourg/policy/charter/"),
    ):
        page = client_in.get(reverse("playbook:item", args=["marbourg", kind, slug]))
        assert f'href="{leads}"' in page.text
        assert client_in.get(leads).status_code == 200
    words = PlaybookItem.objects.bundled().of_kind("words").first()
    page = client_in.get(reverse("playbook:item", args=["marbourg", "words", words.slug]))
    assert f'href="/w/marbourg/policy/#lists-{words.payload["language"]}"' in page.text
    human = client_in.get(reverse("playbook:item", args=["marbourg", "rule", "H01"]))
    assert "/policy/rules/" not in human.text


def keys_of(value):
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from [key] if isinstance(key, str) else []
        yield from keys_of(entry)


def test_no_field_of_a_crisis_of_the_audit_or_of_a_channel_is_called_as_in_its_file():
    kinds = (Kind.CRISIS, Kind.QUESTION, Kind.STAGE, Kind.ASSESSMENT, Kind.CHANNEL)
    keys = {key for item in bundled_items() if item.kind in kinds for key in keys_of(item.payload)}
    unseen = {*LANGUAGES, "file", "theme", "mark", "family", *KEPT}
    assert sorted(key for key in keys - unseen if key not in LABELS) == []


@pytest.mark.parametrize("kind", LISTED)
def test_every_kind_has_a_list_with_its_search(client_in, kind):
    page = client_in.get(reverse("playbook:listing", args=["marbourg", kind]))
    assert page.status_code == 200
    there = PlaybookItem.objects.bundled().of_kind(kind).count()
    assert page.context["total"] == there == len(page.context["rows"])
    if there:
        none = client_in.get(reverse("playbook:listing", args=["marbourg", kind]), {"q": "zzzz"})
        assert none.context["rows"] == []


@pytest.mark.parametrize("kind", ["template", "poem"])
def test_other_kinds_have_none_here(client_in, kind):
    assert client_in.get(reverse("playbook:item", args=["marbourg", kind, "expert-how-to"])).status_code == 404
    assert client_in.get(reverse("playbook:listing", args=["marbourg", kind])).status_code == 404


def test_a_list_takes_the_same_queries_whatever_its_length(client_in, django_assert_num_queries):
    client_in.get(reverse("playbook:listing", args=["marbourg", "gate"]))
    for kind in ("gate", "observance"):
        with django_assert_num_queries(5):
            client_in.get(reverse("playbook:listing", args=["marbourg", kind]))


def test_the_heart_of_the_advice_leads_to_a_page(client_in):
    """Of each ★ row, at least one thing that acts on it has a page; of the first rows, the pages are opened."""
    acting = [item for item in bundled_items() if item.kind in ACTING]
    for said in (item for item in bundled_items() if item.kind == Kind.ADVICE and item.payload["heart"]):
        leads = [one for one in acting if embodies(one.kind, one.slug, one.payload, said.payload)]
        parts = [one for one in said.payload["embodied_by"] if one["kind"] == "product" and one["slug"] in PRODUCT]
        assert leads or parts, f"{said.slug} leads nowhere"
    for slug in ("A86", "A142", "A174"):
        page = client_in.get(reverse("playbook:advice_item", args=["marbourg", slug]))
        assert page.context["acting"]
        assert {client_in.get(lead.link).status_code for lead in page.context["acting"]} == {200}

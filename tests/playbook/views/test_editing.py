"""Changing an item in its form, settling an update, taking a playbook elsewhere."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from planner.base.errors import Refused
from planner.playbook import operations as playbook
from planner.playbook.models import PlaybookItem
from planner.playbook.seeds import read_all
from planner.playbook.views.carrying import read_zip

pytestmark = pytest.mark.django_db


@lru_cache
def bundled_items():
    return read_all(settings.SEEDS_DIR)


@pytest.fixture(autouse=True)
def loaded(db, now):
    playbook.upsert_bundled(items=bundled_items(), now=now)
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def client_in(browse, member):
    member.user.language = "en"
    member.user.save()
    return browse(member)


def address(name, kind="checklist", slug="copy-check"):
    return reverse(f"playbook:{name}", args=["marbourg", kind, slug])


FIELD = re.compile(
    r"<input(?P<input>[^>]*)>|<textarea(?P<area>[^>]*)>\n?(?P<text>.*?)</textarea>|<select(?P<select>[^>]*)>(?P<options>.*?)</select>",
    re.S,
)


def filled(page):
    """What a browser would send of the form on this page, its buttons apart."""
    sent = {}
    for found in FIELD.finditer(page.content.decode()):
        tag = found["input"] or found["area"] or found["select"] or ""
        name = re.search(r'name="([^"]*)"', tag)
        if not name or ":" not in name[1] and name[1] != "version":
            continue
        value = re.search(r'value="([^"]*)"', tag)
        chosen = re.search(r'value="([^"]*)" selected', found["options"] or "")
        if 'type="checkbox"' in tag:
            if "checked" not in tag:
                continue
            sent[name[1]] = "on"
        elif found["options"] is not None:
            sent[name[1]] = unescape(chosen[1]) if chosen else ""
        else:
            sent[name[1]] = unescape(found["text"] if found["area"] else value[1] if value else "")
    return sent


def own(kind="checklist", slug="copy-check"):
    return PlaybookItem.objects.filter(workspace__isnull=False, kind=kind, slug=slug).first()


class TestTheForm:
    @pytest.mark.parametrize(
        ("kind", "slug"),
        [
            ("template", "participation-call"),
            ("workflow", "w-react"),
            ("checklist", "copy-check"),
            ("reminder_profile", "e-evg"),
            ("cadence", "answer-duty"),
            ("crisis", "level-2"),
            ("template", "service-notice"),
            ("question", "Q07"),
        ],
    )
    def test_saved_untouched_it_says_the_same(self, client_in, kind, slug):
        sent = filled(client_in.get(address("edit", kind, slug)))
        answer = client_in.post(address("edit", kind, slug), {**sent, "act": "save"})
        assert answer.status_code == 302, answer.context["faults"]
        bundled = PlaybookItem.objects.bundled().get(kind=kind, slug=slug)
        assert own(kind, slug).payload == bundled.payload

    def test_a_change_is_theirs_and_shown(self, client_in):
        sent = filled(client_in.get(address("edit")))
        answer = client_in.post(address("edit"), {**sent, "title.en:text": "Our own check"}, follow=True)
        assert "Our own check" in answer.content.decode()
        assert "yours" in answer.content.decode()

    def test_a_version_names_what_it_names_by_its_title(self, client_in):
        place = ("cadence", "content-mining")
        sent = filled(client_in.get(address("edit", *place)))
        client_in.post(address("edit", *place), {**sent, "reminder:text": "e-long"})
        page = client_in.get(address("versions", *place)).text
        for slug in ("e-long", "e-std"):
            assert PlaybookItem.objects.get(kind="reminder_profile", slug=slug).payload["title"]["en"] in page
        assert "e-long" not in page

    def test_a_fault_keeps_all_that_was_typed_and_stands_beside_its_field(self, client_in):
        sent = {**filled(client_in.get(address("edit"))), "title.fr:text": "", "summary.en:text": "Typed with care"}
        page = client_in.post(address("edit"), sent)
        assert page.status_code == 422
        assert "“Title (French)” is missing" in page.content.decode()
        assert "Typed with care" in page.content.decode()
        assert own() is None

    def test_the_words_of_an_audit_question_are_changed_and_there_are_always_twenty_seven(self, client_in, member, now):
        sent = filled(client_in.get(address("edit", "question", "Q07")))
        assert "Rules and calendar" in client_in.get(address("edit", "question", "Q07")).text
        client_in.post(address("edit", "question", "Q07"), {**sent, "title.en:text": "Who keeps our calendar?"})
        page = client_in.get(reverse("playbook:item", args=["marbourg", "question", "Q07"])).text
        assert "Who keeps our calendar?" in page
        assert "/retire/" not in page
        for act in (playbook.retire, playbook.copy_item):
            with pytest.raises(Refused):
                act(actor=member, item=own("question", "Q07"), now=now)

    def test_a_channel_takes_the_answer_of_a_question_as_its_own_text(self, client_in):
        sent = filled(client_in.get(address("edit", "template", "expert-how-to")))
        places = [name for name in sent if name.startswith("own_texts.")]
        assert "own_texts.site-article:text" in places
        question = PlaybookItem.objects.get(kind="template", slug="expert-how-to").payload["fields"][0]["key"]
        client_in.post(address("edit", "template", "expert-how-to"), {**sent, "own_texts.site-article:text": question})
        assert own("template", "expert-how-to").payload["own_texts"] == {"site-article": question}

    def test_a_point_is_added_without_javascript_and_nothing_is_lost(self, client_in):
        sent = {**filled(client_in.get(address("edit"))), "summary.en:text": "Typed with care"}
        page = client_in.post(address("edit"), {**sent, "act": "add:items"})
        again = filled(page)
        number = max(int(name.split(".")[1]) for name in again if name.startswith("items."))
        assert again["summary.en:text"] == "Typed with care"
        assert again[f"items.{number}.text.fr:text"] == ""
        more = {f"items.{number}.{part}.{code}:text": "Well said" for part in ("text", "help") for code in ("fr", "en")}
        client_in.post(address("edit"), {**again, **more, "act": "save"})
        assert own().payload["items"][-1]["key"] == "well-said"

    def test_who_saved_second_keeps_the_text(self, client_in):
        sent = filled(client_in.get(address("edit")))
        client_in.post(address("edit"), {**sent, "title.en:text": "First"})
        page = client_in.post(address("edit"), {**sent, "title.en:text": "Second"})
        assert page.status_code == 422
        assert "Second" in page.content.decode()
        assert own().payload["title"]["en"] == "First"

    def test_a_workflow_keeps_the_tasks_that_templates_change(self, client_in):
        sent = filled(client_in.get(address("edit", "workflow", "w-std")))
        tasks = PlaybookItem.objects.get(kind="workflow", slug="w-std").payload["tasks"]
        at = next(index for index, task in enumerate(tasks) if task["key"] == "legal")
        without = filled(client_in.post(address("edit", "workflow", "w-std"), {**sent, "act": f"remove:tasks.{at}"}))
        page = client_in.post(address("edit", "workflow", "w-std"), without)
        assert page.status_code == 422
        assert "legal" in page.content.decode()

    def test_who_contributes_may_not(self, browse, colleague):
        client = browse(colleague)
        assert client.get(address("edit")).status_code == 403
        assert client.post(address("copy")).status_code == 403

    def test_kinds_that_are_not_changed_here_have_no_form(self, client_in):
        assert client_in.get(address("edit", "role", "editor")).status_code == 404


class TestRetirement:
    def test_it_is_asked_once_more_and_taken_back(self, client_in):
        page = client_in.post(address("retire"), follow=True)
        assert [item.slug for item in page.context["retired"]] == ["copy-check"]
        assert client_in.get(reverse("playbook:checklist", args=["marbourg", "copy-check"])).status_code == 404
        client_in.post(address("take_back"))
        assert client_in.get(reverse("playbook:checklist", args=["marbourg", "copy-check"])).status_code == 200

    def test_what_needs_it_is_named(self, client_in):
        page = client_in.get(address("retire", "workflow", "w-std"))
        assert "A colleague’s know-how" in page.content.decode()

    def test_a_copy_opens_in_its_form(self, client_in):
        page = client_in.post(address("copy"), follow=True)
        assert page.redirect_chain[-1][0] == address("edit", slug="copy-check-2")


NEW = {"fr": "Une phrase neuve.", "en": "A new sentence."}


class TestTheWholeWay:
    """Change, load again, take half of the update, export, import elsewhere: the same."""

    def newer(self, now):
        changed = [
            replace(item, version=2, payload={**item.payload, "version": 2, "summary": NEW, "when": NEW})
            if (item.kind, item.slug) == ("checklist", "copy-check")
            else item
            for item in bundled_items()
        ]
        playbook.upsert_bundled(items=changed, now=now + timedelta(days=1))

    def test_it_comes_out_identical(self, client_in, browse, outsider, other_workspace, now):
        sent = filled(client_in.get(address("edit")))
        client_in.post(address("edit"), {**sent, "title.en:text": "Ours", "when.en:text": "On Mondays"})
        playbook.copy_item(actor=own().workspace.memberships.first(), item=_bundled("cadence", "answer-duty"), now=now)
        self.newer(now)
        page = client_in.get(address("update"))
        assert [one.change.mark for one in page.context["differences"]] == ["summary", "when"]
        assert page.context["own"]["when"].text == "On Mondays"
        client_in.post(address("update"), {"accepted": ["summary"]})
        assert own().payload["summary"] == NEW
        assert own().payload["when"]["en"] == "On Mondays"
        assert own().payload["title"]["en"] == "Ours"
        assert client_in.get(address("update")).status_code == 302

        exported = client_in.get(reverse("playbook:export_own", args=["marbourg"])).content
        assert ZipFile(BytesIO(exported)).namelist() == ["calendar/cadences.toml", "checklists/copy-check.toml"]
        mine = {(item.kind, item.slug): item.payload for item in PlaybookItem.objects.filter(workspace=own().workspace)}
        elsewhere = browse(outsider)
        there = reverse("playbook:import_own", args=["lac"])
        page = elsewhere.post(there, {"file": SimpleUploadedFile("playbook.zip", exported)})
        assert not PlaybookItem.objects.filter(workspace=other_workspace).exists()
        assert {one.item.slug for one in page.context["incoming"]} == {"copy-check", "answer-duty-2"}
        elsewhere.post(there, {"content": page.context["content"]})
        theirs = PlaybookItem.objects.filter(workspace=other_workspace)
        assert {(item.kind, item.slug): item.payload for item in theirs} == mine
        assert elsewhere.get(reverse("playbook:export_own", args=["lac"])).content == exported


def _bundled(kind, slug):
    return PlaybookItem.objects.bundled().get(kind=kind, slug=slug)


def test_every_bundled_item_survives_the_way_through_a_file(client_in, member, workspace, now):
    items = [item for item in bundled_items() if item.kind in playbook.EDITABLE]
    changed = [replace(item, payload={**item.payload, "title": NEW}) for item in items]
    playbook.import_items(actor=member, items=changed, now=now)
    exported = client_in.get(reverse("playbook:export_own", args=["marbourg"])).content
    read, problems = read_zip(exported, workspace)
    assert problems == []
    assert {(item.kind, item.slug): item.payload for item in read} == {(i.kind, i.slug): i.payload for i in changed}


class TestBadFiles:
    def send(self, client, content):
        return client.post(
            reverse("playbook:import_own", args=["marbourg"]), {"file": SimpleUploadedFile("a.zip", content)}
        )

    def zipped(self, **files):
        written = BytesIO()
        with ZipFile(written, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return written.getvalue()

    @pytest.mark.parametrize("content", [b"not a zip", b""])
    def test_what_is_no_zip_is_said(self, client_in, content):
        assert self.send(client_in, content).status_code == 422

    def test_a_zip_of_something_else_is_said(self, client_in):
        page = self.send(client_in, self.zipped(**{"holiday.txt": "sun", "../checklists/evil.toml": "x = 1"}))
        assert "holds nothing of a playbook" in page.content.decode()

    def test_each_fault_names_file_and_key_and_nothing_is_imported(self, client_in):
        page = self.send(client_in, self.zipped(**{"checklists/ours.toml": 'slug = "ours"\ntitle.fr = "Nous"\n'}))
        assert page.status_code == 422
        assert "playbook/checklists/ours.toml: title.en is missing" in page.context["problems"]
        assert own("checklist", "ours") is None

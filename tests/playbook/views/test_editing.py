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
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner.base.errors import Refused
from planner.playbook import operations as playbook
from planner.playbook.models import PlaybookItem
from planner.playbook.seeds import read_all
from planner.playbook.views.carrying import read_zip
from tests.posts.conftest import give_role

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


COUNTED_ON = [
    ("question", "Q07"),
    ("stage", "coordinating"),
    ("assessment", "next-steps"),
    ("crisis", "level-2"),
    ("crisis", "hold"),
    ("rule", "H07"),
    ("gate", "G5"),
]
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
            ("observance", "new-rules"),
            ("crisis", "level-0"),
            ("crisis", "level-1"),
            ("crisis", "live-gate"),
            ("stage", "dormant"),
            ("stage", "scaling"),
            ("assessment", "reading"),
            ("assessment", "conversation"),
            ("assessment", "pre-check"),
            ("assessment", "barriers"),
            ("assessment", "next-steps"),
            ("rule", "H02"),
            ("gate", "G4"),
        ],
    )
    def test_saved_untouched_it_says_the_same(self, client_in, member, kind, slug):
        give_role(member, "approver")
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

    @pytest.mark.parametrize(("kind", "slug"), COUNTED_ON)
    def test_what_the_product_counts_on_is_reworded_and_neither_copied_nor_retired(
        self, client_in, member, now, kind, slug
    ):
        give_role(member, "approver")
        sent = filled(client_in.get(address("edit", kind, slug)))
        client_in.post(address("edit", kind, slug), {**sent, "title.en:text": "In our own words"})
        page = client_in.get(reverse("playbook:item", args=["marbourg", kind, slug])).text
        assert "In our own words" in page and str(playbook.COUNTED[kind]) in page
        assert "/retire/" not in page and ">Copy</button>" not in page
        asked = client_in.get(address("retire", kind, slug)).text
        assert str(playbook.COUNTED[kind]) in asked and "Keep it" in asked
        for act in (playbook.retire, playbook.copy_item):
            with pytest.raises(Refused):
                act(actor=member, item=own(kind, slug), now=now)
        assert own(kind, slug).retired_at is None

    @pytest.mark.parametrize(
        ("kind", "slug", "forged", "stays"),
        [
            ("rule", "H02", {"returns:flag": "", "id:text": "H03"}, "returns"),
            ("crisis", "level-3", {"hold:text": "none", "number:number": "1"}, "hold"),
            ("stage", "scaling", {"number:number": "1", "slug:text": "empowered"}, "number"),
        ],
    )
    def test_what_the_product_acts_on_is_not_in_the_form_and_a_forged_one_changes_nothing(
        self, client_in, member, kind, slug, forged, stays
    ):
        give_role(member, "approver")
        sent = filled(client_in.get(address("edit", kind, slug)))
        assert sent.keys().isdisjoint(forged)
        client_in.post(address("edit", kind, slug), {**sent, **forged, "title.en:text": "Ours"})
        before = PlaybookItem.objects.bundled().get(kind=kind, slug=slug).payload
        assert own(kind, slug).payload == {**before, "title": {**before.get("title", {}), "en": "Ours"}}
        assert before[stays] == own(kind, slug).payload[stays]

    @pytest.mark.parametrize(
        ("kind", "slug", "field", "typed", "words"),
        [
            ("stage", "scaling", "conditions.0.at_least:number", "200", "must be a number from 0 to 100"),
            ("stage", "scaling", "conditions.0.measure:text", "", "is missing"),
            ("crisis", "level-3", "rhythm.0.until:text", "", "has two hours"),
            ("crisis", "level-3", "rhythm.0.until:text", "ten", "is not of the form 16:00"),
            ("crisis", "level-3", "rhythm.0.every_minutes:number", "", "say how often"),
            ("crisis", "level-2", "statement_minutes:number", "soon", "must be a whole number"),
            ("assessment", "next-steps", "steps.0.within:number", "", "is missing"),
            ("reminder_profile", "e-std", "steps.0.at:text", "tomorrow", "is not of the form"),
            ("gate", "G4", "statement.fr:text", "", "is missing"),
            ("rule", "H01", "statement.en:text", "", "is missing"),
        ],
    )
    def test_what_the_product_could_not_read_is_said_beside_its_field(
        self, client_in, member, kind, slug, field, typed, words
    ):
        give_role(member, "approver")
        sent = {**filled(client_in.get(address("edit", kind, slug))), "title.fr:text": "Écrit avec soin"}
        page = client_in.post(address("edit", kind, slug), {**sent, field: typed})
        assert page.status_code == 422
        again = filled(page)
        assert again["title.fr:text"] == "Écrit avec soin" and again[field] == typed
        error = page.text.partition(f'id="in-{field.partition(":")[0].replace(".", "-")}-error"')[2]
        assert words in error.partition("</p>")[0]
        assert own(kind, slug) is None

    def test_a_level_gets_a_statement_and_a_sign_that_it_had_not(self, client_in):
        place = address("edit", "crisis", "level-1")
        sent = filled(client_in.get(place))
        assert "quiet_hours:number" in sent and "delay_percent:number" in sent
        added = filled(client_in.post(place, {**sent, "act": "add:triggers"}))
        at = max(int(name.split(".")[1]) for name in added if name.startswith("triggers."))
        more = {f"triggers.{at}.{part}.{code}:text": "A flood" for part in ("text", "help") for code in ("fr", "en")}
        client_in.post(place, {**added, **more, "statement_minutes:number": "90"})
        assert own("crisis", "level-1").payload["statement_minutes"] == 90
        assert own("crisis", "level-1").payload["triggers"][-1]["key"] == "a-flood"

    def test_a_list_of_which_the_number_counts_has_no_buttons(self, client_in):
        page = client_in.get(address("edit", "assessment", "reading")).text
        assert "remove:dimensions." not in page and "add:scales" not in page
        assert "add:notes" in page and "Aims" in page

    def test_a_step_is_added_to_a_reminder_profile_with_all_that_it_may_say(self, client_in):
        place = address("edit", "reminder_profile", "e-std")
        sent = filled(client_in.get(place))
        added = filled(client_in.post(place, {**sent, "act": "add:steps"}))
        at = max(int(name.split(".")[1]) for name in added if name.startswith("steps."))
        step = {"title.fr:text": "Une semaine", "title.en:text": "A week", "to:text": "owner", "at:text": "+5wd@09:00"}
        step |= {"mode:text": "call-card", "ask.fr:text": "Que faut-il ?", "ask.en:text": "What is needed?"}
        client_in.post(place, {**added, **{f"steps.{at}.{name}": text for name, text in step.items()}})
        assert own("reminder_profile", "e-std").payload["steps"][-1] == {
            "key": "a-week",
            "to": "owner",
            "at": "+5wd@09:00",
            "mode": "call-card",
            "title": {"fr": "Une semaine", "en": "A week"},
            "ask": {"fr": "Que faut-il ?", "en": "What is needed?"},
        }

    @pytest.mark.parametrize(("kind", "slug"), [*COUNTED_ON, ("reminder_profile", "e-std")])
    def test_a_form_takes_the_same_queries_whatever_is_theirs(
        self, browse, manager, now, django_assert_num_queries, kind, slug
    ):
        client = browse(manager)

        def change(items):
            for item in items:
                payload = {**item.payload, "title": NEW}
                playbook.save_own(actor=manager, kind=item.kind, slug=item.slug, payload=payload, now=now)

        bundled = PlaybookItem.objects.bundled()
        change(bundled.filter(kind=kind, slug=slug))
        client.get(address("edit", kind, slug))
        with CaptureQueriesContext(connection) as before:
            client.get(address("edit", kind, slug))
        change(bundled.of_kinds("checklist", "cadence", "stage", "question", "gate"))
        with django_assert_num_queries(len(before)):
            client.get(address("edit", kind, slug))

    @pytest.mark.parametrize(("kind", "slug"), [("rule", "H01"), ("gate", "G4")])
    def test_the_policy_is_reworded_by_a_manager_or_the_director_alone(
        self, browse, member, manager, outsider, now, kind, slug
    ):
        page = reverse("playbook:item", args=["marbourg", kind, slug])
        client = browse(member)
        assert address("edit", kind, slug) not in client.get(page).text
        assert client.get(address("edit", kind, slug)).status_code == 403
        assert client.post(address("edit", kind, slug), {"title.en:text": "Mine"}).status_code == 403
        assert browse(outsider).get(address("edit", kind, slug)).status_code == 404
        client = browse(manager)
        assert address("edit", kind, slug) in client.get(page).text
        sent = filled(client.get(address("edit", kind, slug)))
        client.post(address("edit", kind, slug), {**sent, "statement.en:text": "In our words."})
        assert own(kind, slug).payload["statement"]["en"] == "In our words."

    @pytest.mark.parametrize(("kind", "slug"), [("stage", "scaling"), ("assessment", "reading"), ("crisis", "level-3")])
    def test_the_audit_and_the_crisis_are_reworded_by_those_who_plan(
        self, browse, colleague, manager, outsider, kind, slug
    ):
        assert browse(colleague).get(address("edit", kind, slug)).status_code == 403
        assert browse(outsider).get(address("edit", kind, slug)).status_code == 404
        assert browse(manager).get(address("edit", kind, slug)).status_code == 200

    def test_a_rule_that_a_machine_checks_has_its_form_elsewhere(self, browse, manager):
        assert browse(manager).get(address("edit", "rule", "R01")).status_code == 404

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
        assert {one.change.mark for one in page.context["differences"]} == {"summary", "when"}
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


@pytest.mark.parametrize(
    ("kind", "slug", "newer"),
    [
        ("rule", "H02", {"statement": NEW, "returns": False}),
        ("crisis", "level-4", {"summary": NEW, "quiet_hours": 72}),
        ("stage", "scaling", {"summary": NEW, "audit_again_months": 6}),
        ("gate", "G4", {"statement": NEW, "why": NEW}),
        ("observance", "new-rules", {"angle": NEW, "lead_weeks": 3}),
        ("assessment", "next-steps", {"summary": NEW, "at_most": 2}),
    ],
)
def test_half_of_an_update_is_taken_of_every_kind(client_in, member, now, kind, slug, newer):
    give_role(member, "approver")
    before = _bundled(kind, slug).payload
    playbook.save_own(actor=member, kind=kind, slug=slug, payload={**before, "title": NEW}, now=now)
    changed = [
        replace(item, payload={**item.payload, **newer}) if (item.kind, item.slug) == (kind, slug) else item
        for item in bundled_items()
    ]
    playbook.upsert_bundled(items=changed, now=now + timedelta(days=1))
    left, taken = newer
    page = client_in.get(address("update", kind, slug))
    assert sorted(one.change.mark for one in page.context["differences"]) == sorted(newer)
    client_in.post(address("update", kind, slug), {"accepted": [taken]})
    assert own(kind, slug).payload == {**before, "title": NEW, taken: newer[taken]}
    assert own(kind, slug).payload[left] == before[left]
    assert client_in.get(address("update", kind, slug)).status_code == 302


def _bundled(kind, slug):
    return PlaybookItem.objects.bundled().get(kind=kind, slug=slug)


def test_every_bundled_item_survives_the_way_through_a_file(client_in, member, workspace, now):
    give_role(member, "approver")
    items = [item for item in bundled_items() if playbook.is_editable(item.kind, item.slug)]
    changed = [replace(item, payload={**item.payload, "title": NEW}) for item in items]
    playbook.import_items(actor=member, items=changed, now=now)
    exported = client_in.get(reverse("playbook:export_own", args=["marbourg"])).content
    read, problems = read_zip(exported, workspace)
    assert problems == []
    assert {(item.kind, item.slug): item.payload for item in read} == {(i.kind, i.slug): i.payload for i in changed}


class TestTakingTheRestElsewhere:
    """The kinds of which there are as many as the product counts on: in the same files, and no one more."""

    KINDS = ("stage", "assessment", "crisis", "rule", "gate")

    @pytest.fixture
    def exported(self, browse, manager, now):
        for kind in self.KINDS:
            items = [item for item in bundled_items() if item.kind == kind and playbook.is_editable(kind, item.slug)]
            for item in items[:2]:
                payload = {**item.payload, "title": NEW}
                playbook.save_own(actor=manager, kind=kind, slug=item.slug, payload=payload, now=now)
        return browse(manager).get(reverse("playbook:export_own", args=["marbourg"])).content

    def bring(self, client, content):
        there = reverse("playbook:import_own", args=["lac"])
        page = client.post(there, {"file": SimpleUploadedFile("playbook.zip", content)})
        return page, client.post(there, {"content": page.context.get("content", "")})

    def test_they_arrive_as_they_left(self, browse, exported, outsider, workspace, other_workspace):
        assert ZipFile(BytesIO(exported)).namelist() == [
            "assessment/conversation.toml",
            "assessment/reading.toml",
            "assessment/stages.toml",
            "crisis/all-clear.toml",
            "crisis/cancellation.toml",
            "policy/gates.toml",
            "policy/rules.toml",
        ]
        _page, answer = self.bring(browse(outsider), exported)
        assert answer.status_code == 302
        mine, theirs = (
            {(item.kind, item.slug): item.payload for item in PlaybookItem.objects.own(place)}
            for place in (workspace, other_workspace)
        )
        assert len(mine) == 10 and mine == theirs
        assert browse(outsider).get(reverse("playbook:export_own", args=["lac"])).content == exported

    def test_a_planner_brings_no_policy(self, browse, exported, other_workspace, outsider):
        outsider.level = "planner"
        outsider.save()
        _page, answer = self.bring(browse(outsider), exported)
        assert answer.status_code == 403 and "communications director" in answer.text
        assert not PlaybookItem.objects.own(other_workspace).exists()

    @pytest.mark.parametrize(
        ("name", "was", "becomes", "words"),
        [
            ("crisis/all-clear.toml", "all-clear", "all-clear-2", "slug: “all-clear-2” is unknown"),
            ("assessment/reading.toml", "reading", "rereading", "slug: “rereading” is unknown"),
            ("policy/rules.toml", "H01", "H11", "human[0].id: “H11” is unknown"),
            ("policy/gates.toml", "G1", "G8", "gate[0].id: “G8” is unknown"),
            ("assessment/stages.toml", "dormant", "asleep", ""),
        ],
    )
    def test_one_more_than_the_product_knows_is_refused(
        self, browse, exported, outsider, other_workspace, name, was, becomes, words
    ):
        archive, written = ZipFile(BytesIO(exported)), BytesIO()
        text = archive.read(name).decode()
        assert f'"{was}"' in text
        with ZipFile(written, "w") as changed:
            changed.writestr(name.replace(was, becomes), text.replace(f'"{was}"', f'"{becomes}"'))
        page, answer = self.bring(browse(outsider), written.getvalue())
        if words:
            assert page.status_code == 422 and words in " ".join(page.context["problems"])
        else:
            assert answer.status_code == 409 and str(playbook.COUNTED["stage"]) in answer.text
        assert not PlaybookItem.objects.own(other_workspace).exists()


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

"""The files of the bundled playbook: what may stand in them, and how a fault is named."""

import re
import shutil
import tomllib
from collections import Counter

import pytest
import tomli_w
from django.conf import settings

from planner.base.language import LANGUAGES
from planner.base.seeds import SeedError
from planner.playbook.models import Kind
from planner.playbook.rules import chain, lay_out, parse_offset
from planner.playbook.seeds import (
    ANSWER_SCALES,
    CRISIS_LEVELS,
    DIMENSIONS,
    FIELD_TYPES,
    HUMAN_RULES,
    MACHINE_RULES,
    REGIONS,
    REVIEW_DECISIONS,
    TRIAGE_STATES,
    read_all,
)
from planner.reminders.rules import steps_of
from planner.workspaces.rules import EditorialRole


@pytest.fixture
def seeds(tmp_path):
    """A copy of the bundled folder that a test may spoil."""
    return shutil.copytree(settings.SEEDS_DIR, tmp_path / "seeds")


@pytest.fixture
def spoil(seeds):
    """`spoil(file, change)` lets `change` alter the parsed file; the sentences that follow come back."""

    def problems(file, change):
        path = seeds / file
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(tomli_w.dumps(content), encoding="utf-8")
        return problems_of(seeds)

    return problems


@pytest.fixture(scope="module")
def bundled():
    """Slug -> payload."""
    return {item.slug: item.payload for item in read_all(settings.SEEDS_DIR)}


def dated(workflow):
    return [(task.key, task.role, task.offset) for task in chain(workflow, {})]


def problems_of(folder):
    try:
        read_all(folder)
    except SeedError as fault:
        return list(fault.problems)
    return []


def texts_of(value, language=None):
    """Every text under a language, with that language; not the answers, which may hold addresses or another one, nor
    what a rule gives as an example of what it refuses."""
    for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
        spoken = key if key in LANGUAGES else language
        if isinstance(entry, dict | list) and key not in ("fields", "examples"):
            yield from texts_of(entry, spoken)
        elif isinstance(entry, str) and spoken and key != "url":
            yield spoken, entry


def answers_of(template):
    """Every answer of the examples in words, with its language; not the text message, which keeps to its alphabet."""
    for language, example in template["example"].items():
        for question in template["fields"]:
            elsewhere = {"sms_text", *(f"subject_{other}" for other in LANGUAGES if other != language)}
            answer = example["fields"].get(question["key"])
            in_words = question["type"] in ("text", "longtext", "list", "person", "people", "consent")
            if answer and in_words and question["key"] not in elsewhere:
                yield from ((language, line) for line in (answer if isinstance(answer, list) else [answer]))


SAYING = (Kind.TEMPLATE, Kind.CHECKLIST, Kind.CRISIS, Kind.QUESTION, Kind.STAGE, Kind.ASSESSMENT)
"""The items that name the advice they embody, and are named by it."""
WORD = re.compile(r"[^\W\d_]+")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s|\n")
BAD_SIGNS = {
    "fr": re.compile(r"['!]|\.\.\.|[^\s\u00a0:][;:?»](?!//)| [;:?»]|«[^\u00a0]|[ \u00a0]{2}|\d \d{3}(?!\d)| $"),
    "en": re.compile(r"['!\u00a0]|\.\.\.| [;:?]|  | $"),
}
"""Straight apostrophes, exclamation marks, spaces twice, and in French the no-break spaces that are missing."""

HOW_TO = "templates/expert-how-to.toml"
W_STD = "workflows/w-std.toml"
COPY_CHECK = "checklists/copy-check.toml"
LEVEL = "crisis/level-3.toml"
QUESTIONS = "assessment/questions.toml"
STAGES = "assessment/stages.toml"
READING = "assessment/reading.toml"
NEXT = "assessment/next-steps.toml"
HOLD = "crisis/hold.toml"
CADENCES = "calendar/cadences.toml"
SEASONS = "calendar/observances.toml"


BOTH = {"fr": "Une phrase", "en": "A sentence"}
RULES = {
    "rule": [
        {
            "id": "R01", "slug": "promo-density", "statement": BOTH, "severities": ["warn", "block"], "advice": ["A74"],
            "messages": {"warn": BOTH}, "parameters": [{"key": "warn_at", "value": 2.0}],
        }
    ],
    "human": [{"id": "H02", "slug": "empathy", "statement": BOTH, "returns": True}],
}  # fmt: skip
GATES_FILE = {"gate": [{"id": "G5", "slug": "four-eyes", "statement": BOTH}]}
LISTS = {"list": [{"name": "promo.order", "title": BOTH, "rules": ["R01"], "weight": 2.0, "entries": ["achetez"]}]}


class TestThePolicyFiles:
    @pytest.fixture
    def policy(self, seeds):
        folder = seeds / "policy"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in (("rules", RULES), ("gates", GATES_FILE), ("words.fr", LISTS), ("words.en", LISTS)):
            (folder / f"{name}.toml").write_text(tomli_w.dumps(content), encoding="utf-8")
        (folder / "charter.fr.md").write_text("# Notre politique\n\nTexte.\n", encoding="utf-8")
        (folder / "charter.en.md").write_text("# Our policy\n\nText.\n", encoding="utf-8")
        return folder

    def test_rules_gates_lists_and_the_charter_are_items(self, seeds, policy):
        found = {(item.kind, item.slug): item.payload for item in read_all(seeds)}
        assert found[Kind.RULE, "R01"]["overridable"] is True
        assert found[Kind.RULE, "H02"]["returns"] is True
        assert (Kind.GATE, "G5") in found
        assert found[Kind.WORDS, "promo-order-fr"]["language"] == "fr"
        assert found[Kind.CHARTER, "charter"]["title"] == {"fr": "Notre politique", "en": "Our policy"}

    @pytest.mark.parametrize(
        ("file", "before", "after", "fault"),
        [
            ("rules.toml", 'id = "R01"', 'id = "R99"', "policy/rules.toml: rule[0].id: “R99” is unknown"),
            ("rules.toml", 'id = "H02"', 'id = "R02"', "policy/rules.toml: human[0].id: “R02” is unknown"),
            (
                "words.en.toml",
                "weight = 2.0",
                'weight = "two"',
                "policy/words.en.toml: list[0].weight must be a number",
            ),
            ("charter.en.md", "# Our policy\n\nText.\n", "", "policy/charter.en.md: the text is missing"),
        ],
    )
    def test_a_fault_names_file_and_key(self, seeds, policy, file, before, after, fault):
        text = (policy / file).read_text(encoding="utf-8")
        assert before in text
        (policy / file).write_text(text.replace(before, after), encoding="utf-8")
        assert any(problem.startswith(f"seeds/{fault}") for problem in problems_of(seeds)), problems_of(seeds)


class TestTheBundledPlaybook:
    def test_it_holds_all_that_the_playbook_promises(self):
        items = read_all(settings.SEEDS_DIR)
        of = {kind: {item.slug for item in items if item.kind == kind} for kind in Kind}
        assert of[Kind.ROLE] == set(EditorialRole.values)
        promised = {
            Kind.TEMPLATE: 19,
            Kind.CHECKLIST: 8,
            Kind.WORKFLOW: 7,
            Kind.REMINDER_PROFILE: 7,
            Kind.CHANNEL: 21,
            Kind.CADENCE: 15,
            Kind.SOURCE: 5,
            Kind.ADVICE: 177,
            Kind.GATE: 7,
            Kind.QUESTION: 27,
            Kind.STAGE: 5,
            Kind.CHARTER: 1,
        }
        assert {kind: len(of[kind]) for kind in promised} == promised
        assert of[Kind.RULE] == {*MACHINE_RULES, *HUMAN_RULES}
        assert (len(MACHINE_RULES), len(HUMAN_RULES)) == (25, 10)
        assert {f"level-{number}" for number in range(5)} <= of[Kind.CRISIS]
        assert {item.payload["month"] for item in items if item.kind == Kind.OBSERVANCE} == set(range(1, 13))

    def test_routine_content_is_dated_as_the_brief_says(self):
        (workflow,) = (item for item in read_all(settings.SEEDS_DIR) if item.slug == "w-std")
        assert [(task.key, task.role, task.offset, task.condition) for task in chain(workflow.payload, {})] == [
            ("frame", "author", "D-8", ""),
            ("draft", "author", "D-6", ""),
            ("review", "editor", "D-5", ""),
            ("facts", "expert", "D-4", "has_claims"),
            ("revise", "author", "D-4", ""),
            ("legal", "legal", "D-3", "regulated"),
            ("approve", "approver", "D-2", ""),
            ("preflight", "editor", "D-1", ""),
            ("publish", "community", "D0", ""),
            ("answer-1h", "answerer", "H+1", ""),
            ("answer-24h", "answerer", "H+24", ""),
            ("answer-72h", "answerer", "H+72", ""),
            ("perf", "analyst", "D+30", ""),
            ("evergreen", "author", "D+180", "evergreen"),
        ]

    def test_what_must_be_done_before_is_what_the_brief_says(self):
        (workflow,) = (item for item in read_all(settings.SEEDS_DIR) if item.slug == "w-std")
        blocking = {task.key: task.blocking for task in chain(workflow.payload, {}) if task.blocking}
        assert blocking == {
            "review": "scheduled",
            "facts": "scheduled",
            "legal": "scheduled",
            "approve": "scheduled",
            "preflight": "published",
        }
        assert {task.key for task in chain(workflow.payload, {}) if task.counts} == {
            "answer-1h",
            "answer-24h",
            "answer-72h",
        }

    def test_a_light_habit_is_prepared_read_published_and_answered(self, bundled):
        assert dated(bundled["w-lite"]) == [
            ("prepare", "author", "D-2"),
            ("review", "editor", "D-1"),
            ("publish", "community", "D0"),
            ("answer-24h", "answerer", "H+24"),
        ]

    def test_a_collective_work_is_dated_as_the_brief_says(self, bundled):
        assert dated(bundled["w-long"]) == [
            ("frame", "editor", "D-90"),
            ("questionnaire", "author", "D-85"),
            ("consent-wording", "legal", "D-82"),
            ("open-call", "community", "D-75"),
            ("close-answers", "author", "D-50"),
            ("invite-writers", "author", "D-45"),
            ("texts-in", "author", "D-28"),
            ("edit", "editor", "D-20"),
            ("own-texts", "author", "D-14"),
            ("layout", "editor", "D-9"),
            ("press-note", "community", "D-7"),
            ("review", "editor", "D-5"),
            ("facts", "expert", "D-5"),
            ("legal", "legal", "D-3"),
            ("approve", "approver", "D-2"),
            ("publish", "community", "D0"),
            ("answer-1h", "answerer", "H+1"),
            ("answer-24h", "answerer", "H+24"),
            ("thank-writers", "author", "D+2"),
            ("answer-72h", "answerer", "H+72"),
            ("contributors-call", "community", "D+14"),
            ("excerpts", "editor", "D+30"),
            ("perf", "analyst", "D+30"),
            ("follow-up", "author", "D+60"),
            ("evergreen", "author", "D+180"),
        ]

    def test_a_crisis_is_counted_from_its_declaration_as_the_brief_says(self, bundled):
        once = [(task.key, task.role, task.offset) for task in chain(bundled["w-crisis"], {}) if task.occurrence == 1]
        assert once == [
            ("assemble", "crisis_lead", "C+10min"),
            ("hold", "editor", "C+20min"),
            ("facts", "expert", "C+30min"),
            ("affected-first", "crisis_lead", "C+45min"),
            ("holding", "spokesperson", "C+60min"),
            ("desk", "community", "C+75min"),
            ("triage", "community", "C+90min"),
            ("update", "spokesperson", "C+4h"),
            ("listings", "community", "C+4h"),
            ("review-level", "crisis_lead", "C+4h"),
            ("empathy-update", "author", "C+8h"),
            ("handover", "crisis_lead", "C+8h"),
        ]
        assert {task.reminder for task in chain(bundled["w-crisis"], {})} == {"e-crisis"}

    def test_a_statement_brings_its_own_work_and_leaves_the_chain_to_the_crisis(self, bundled):
        for slug in ("crisis-holding", "crisis-update"):
            tasks = chain(bundled["w-crisis"], bundled[slug])
            assert [task.key for task in tasks if task.blocking == "published"] == ["confirm"]
            assert {task.key for task in tasks} <= {"confirm", "publish", "answer-1h", "answer-24h"}

    def test_first_words_are_short(self, bundled):
        template = bundled["crisis-holding"]
        assert sum(block["min_words"] for block in template["body"]) < 60
        for example in template["example"].values():
            assert 60 <= sum(len(WORD.findall(block)) for block in example["body"].values()) <= 120

    def test_a_notice_is_counted_from_what_it_announces(self, bundled):
        assert bundled["w-notice"]["planned"] == "S-5"
        assert dated(bundled["w-notice"]) == [
            ("facts", "author", "S-12"),
            ("draft", "author", "S-10"),
            ("review", "editor", "S-8"),
            ("legal", "legal", "S-7"),
            ("approve", "approver", "S-6"),
            ("publish", "community", "D0"),
            ("brief-desk", "community", "S-5"),
            ("answer-1h", "answerer", "H+1"),
            ("urgent-review", "editor", "H+1"),
            ("answer-24h", "answerer", "H+24"),
            ("remind-public", "community", "S-1"),
            ("started", "community", "S0"),
            ("answer-started", "answerer", "S+2h"),
            ("over", "community", "E0"),
            ("thank", "author", "E+2wd"),
        ]

    def test_an_urgent_notice_skips_the_preparation_and_is_read_again_an_hour_after(self, bundled, now):
        tasks = chain(bundled["w-notice"], bundled["service-notice"])
        laid = lay_out(tasks, planned_at=None, published_at=None, calendar=None, now=now, facts={"urgent": True})
        keys = [item.task.key for item in laid.items]
        assert "urgent-review" in keys
        assert not {"facts", "draft", "review", "approve", "remind-public"} & set(keys)
        assert not [item for item in laid.items if item.task.blocking]

    def test_live_questions_are_counted_from_the_session_as_the_brief_says(self, bundled):
        workflow = bundled["w-live"]
        assert workflow["planned"] == "S-10"
        assert dated(workflow) == [
            ("listen", "community", "S-30"),
            ("hard-questions", "author", "S-25"),
            ("legal-answers", "legal", "S-22"),
            ("triage-team", "editor", "S-22"),
            ("form", "community", "S-21"),
            ("gate", "approver", "S-20"),
            ("go", "approver", "S-18"),
            ("draft", "author", "D-6"),
            ("review", "editor", "D-5"),
            ("legal", "legal", "D-3"),
            ("approve", "approver", "D-2"),
            ("preflight", "editor", "D-1"),
            ("publish", "community", "D0"),
            ("answer-1h", "answerer", "H+1"),
            ("answer-24h", "answerer", "H+24"),
            ("rehearsal", "spokesperson", "S-5"),
            ("mood-two-days", "community", "S-2"),
            ("mood-eve", "community", "S-1"),
            ("run", "spokesperson", "S0"),
            ("written-answers", "author", "S+2wd"),
            ("close-later", "answerer", "S+5wd"),
            ("summary", "author", "S+10wd"),
            ("look-back", "editor", "S+10wd"),
            ("perf", "analyst", "S+30d"),
        ]

    def test_nothing_is_announced_before_the_gate_is_passed(self, bundled):
        before = [task for task in chain(bundled["w-live"], bundled["live-qa"]) if task.offset.startswith("S-")]
        early = [task for task in before if parse_offset(task.offset).amount <= -18]
        assert len(early) == 7
        assert {task.blocking for task in early} == {"scheduled"}
        assert {len(example["fields"]["hardest_questions"]) for example in bundled["live-qa"]["example"].values()} == {
            20
        }

    def test_a_cancelled_event_tells_those_registered_before_the_public(self, bundled):
        template = bundled["event-replacement"]
        tasks = {task.key: task for task in chain(bundled["w-std"], template)}
        assert (template["anchors"], template["planned"]) == ({"R": "decided_on"}, "R+2wd")
        assert (tasks["tell-registered"].offset, tasks["tell-registered"].blocking) == ("R+1wd", "published")
        assert (tasks["slots"].offset, tasks["first-item"].offset, tasks["perf"].offset) == ("R+5wd", "R+10wd", "D+60")

    def test_a_text_message_fits_in_one(self, bundled):
        for example in bundled["service-notice"]["example"].values():
            text = example["fields"]["sms_text"]
            assert len(text) <= 160
            assert not set(text) & set("çêîôûœ’\u00a0")

    def test_a_signal_is_answered_to_the_person_first_and_verified_everywhere(self, bundled):
        workflow = bundled["w-react"]
        assert workflow["planned"] == "R+9wd"
        assert dated(workflow) == [
            ("thank", "answerer", "R+4wh"),
            ("find-out", "expert", "R+2wd"),
            ("decide", "author", "R+3wd"),
            ("tell-first", "answerer", "R+4wd"),
            ("draft", "author", "R+5wd"),
            ("review", "editor", "R+6wd"),
            ("facts", "expert", "R+6wd"),
            ("consent", "author", "R+6wd"),
            ("legal", "legal", "R+7wd"),
            ("approve", "approver", "R+7wd"),
            ("preflight", "editor", "D-1"),
            ("publish", "community", "D0"),
            ("answer-1h", "answerer", "H+1"),
            ("answer-24h", "answerer", "H+24"),
            ("answer-72h", "answerer", "H+72"),
            ("report", "editor", "D+7"),
            ("verify", "author", "D+30"),
            ("perf", "analyst", "D+30"),
        ]
        conditions = {task["key"]: task["condition"] for task in workflow["tasks"] if task["condition"]}
        assert conditions == {"facts": "has_claims", "consent": "identifiable", "legal": "regulated"}
        assert {task["key"] for task in workflow["tasks"] if task["blocking"] == "scheduled"} == {
            "review",
            "facts",
            "consent",
            "legal",
            "approve",
        }

    def test_what_lasts_is_asked_for_each_week_then_by_phone_and_handed_to_the_editor_in_the_fourth(self, bundled):
        assert [(step.key, step.addressee, step.at_offset.amount) for step in steps_of(bundled["e-evg"])] == [
            ("ahead", "owner", -10),
            ("due-day", "owner", 0),
            ("week-1", "owner", 5),
            ("week-2", "owner", 10),
            ("editor-calls", "editor", 15),
            ("editor-chooses", "editor", 20),
        ]
        for workflow in ("w-std", "w-long"):
            assert [task.reminder for task in chain(bundled[workflow], {}) if task.key == "evergreen"] == ["e-evg"]

    def test_long_work_reaches_the_director_after_a_week(self, bundled):
        steps = [(step.addressee, step.at_offset.amount) for step in steps_of(bundled["e-long"])]
        assert steps == [("owner", -10), ("owner", -3), ("owner", 0), ("editor", 2), ("approver", 5)]

    def test_every_template_can_be_laid_out_and_blocks_nothing_after_publication(self, now):
        items = read_all(settings.SEEDS_DIR)
        workflows = {item.slug: item.payload for item in items if item.kind == Kind.WORKFLOW}
        for template in (item.payload for item in items if item.kind == Kind.TEMPLATE):
            tasks = chain(workflows[template["workflow"]], template)
            assert not any(parse_offset(task.offset).follows_publication for task in tasks if task.blocking)
            layout = lay_out(tasks, planned_at=None, published_at=None, calendar=None, now=now, facts={})
            assert layout.items

    def test_a_leader_answers_in_person_and_reads_again_after_a_night(self, bundled):
        tasks = {task.key: task for task in chain(bundled["w-std"], bundled["leader-narrative"])}
        assert tasks["answer-24h"].role == "leader"
        assert (tasks["draft"].roles, tasks["draft"].offset) == (("editor", "leader"), "D-8")
        assert (tasks["cooling-off"].role, tasks["cooling-off"].blocking) == ("leader", "scheduled")

    def test_a_talk_is_out_within_the_week_and_counted_from_its_day(self, bundled):
        talk = bundled["talk-reuse"]
        tasks = {task.key: (task.role, task.offset) for task in chain(bundled["w-std"], talk)}
        assert (talk["anchors"], talk["planned"]) == ({"R": "date"}, "R+5wd")
        assert tasks["collect"] == ("author", "R+1wd")
        assert [tasks[key][1] for key in ("draft", "review", "approve", "preflight")] == [
            "R+2wd",
            "R+3wd",
            "R+4wd",
            "D-1",
        ]
        assert tasks["derive"] == ("editor", "D+20")

    def test_who_decides_reports_back_on_the_promised_day(self, bundled):
        tasks = {task.key: task for task in chain(bundled["w-std"], bundled["participation-call"])}
        assert (tasks["sum-up"].role, tasks["sum-up"].offset) == ("author", "closes_on+5wd")
        assert (tasks["report-back"].role, tasks["report-back"].offset) == ("leader", "report_back_on")
        assert (tasks["offline-ready"].offset, tasks["offline-ready"].blocking) == ("D-2", "published")

    def test_a_leader_has_a_quarter_of_an_hour_and_nothing_to_publish(self, bundled):
        tasks = chain(bundled["w-lite"], bundled["exec-habit"])
        assert [(task.key, task.role, task.offset, task.reminder) for task in tasks] == [
            ("prepare", "community", "D-5", "e-std"),
            ("quarter", "leader", "D0", "e-exec"),
        ]
        rungs = next(field for field in bundled["exec-habit"]["fields"] if field["key"] == "rung")
        assert len(rungs["choices"]) == 6

    def test_a_complaint_is_counted_from_its_hour_and_its_change_verified(self, bundled):
        complaint = bundled["complaint-to-improvement"]
        assert complaint["anchors"] == {"R": "received_on"}
        assert dated(bundled["w-react"]) == [
            (task.key, task.role, task.offset) for task in chain(bundled["w-react"], complaint)
        ]

    def test_a_question_is_answered_to_its_asker_first_and_kept_for_the_desk(self, bundled):
        tasks = {task.key: task for task in chain(bundled["w-react"], bundled["customer-question"])}
        assert (tasks["tell-first"].offset, tasks["tell-first"].blocking) == ("R+4wd", "published")
        assert (tasks["question-bank"].role, tasks["question-bank"].offset) == ("community", "D+1")
        assert tasks["consent"].condition == "identifiable"
        assert "verify" not in tasks

    def test_what_is_retired_or_merged_leaves_a_redirect(self, bundled):
        tasks = {task.key: task.condition for task in chain(bundled["w-std"], bundled["evergreen-refresh"])}
        assert (tasks["redirect"], tasks["merge"]) == ("decision=retire", "decision=merge")

    def test_every_example_fits_the_blocks_and_the_questions_of_its_template(self, bundled):
        for template in (payload for payload in bundled.values() if "example" in payload):
            for language, example in template["example"].items():
                where = (template["slug"], language)
                for block in template["body"]:
                    length = len(WORD.findall(example["body"][block["key"]]))
                    assert block["min_words"] <= length <= block["max_words"], (*where, block["key"], length)
                for question in template["fields"]:
                    answer = example["fields"].get(question["key"])
                    lines = answer if isinstance(answer, list) else [answer] if isinstance(answer, str) else []
                    assert all(len(line) <= question.get("max", 9999) for line in lines), (*where, question["key"])

    def test_every_bundled_text_is_set_as_a_printer_would(self):
        for item in read_all(settings.SEEDS_DIR):
            for language, text in texts_of(item.payload):
                assert not BAD_SIGNS[language].search(text), (item.slug, text)

    def test_so_is_every_answer_of_an_example(self, bundled):
        for template in (payload for payload in bundled.values() if "example" in payload):
            for language, text in answers_of(template):
                assert not BAD_SIGNS[language].search(text), (template["slug"], text)

    def test_no_bundled_sentence_is_longer_than_35_words(self):
        for item in read_all(settings.SEEDS_DIR):
            for _language, text in texts_of(item.payload):
                sentences = SENTENCE_END.split(text)
                assert all(len(WORD.findall(sentence)) <= 35 for sentence in sentences), (item.slug, text)

    def test_the_eight_checklists_can_be_gone_through_in_one_sitting(self):
        checklists = [item.payload for item in read_all(settings.SEEDS_DIR) if item.kind == Kind.CHECKLIST]
        assert {checklist["slug"] for checklist in checklists} == {
            "initiative-brief",
            "channel-ready",
            "agency-questions",
            "copy-check",
            "leader-skills",
            "team-rhythm",
            "moderation-rules",
            "contributor-invite",
        }
        assert all(6 <= len(checklist["items"]) <= 12 for checklist in checklists)

    def test_an_initiative_asks_for_people_first_and_for_technology_last(self, bundled):
        keys = [item["key"] for item in bundled["initiative-brief"]["items"]]
        assert keys.index("people") < keys.index("objective") < keys.index("strategy") < keys.index("technology-last")

    def test_the_five_levels_of_a_crisis_are_those_of_the_brief(self, bundled):
        levels = [bundled[slug] for slug in CRISIS_LEVELS]
        assert [level["number"] for level in levels] == [0, 1, 2, 3, 4]
        assert [level["hold"] for level in levels] == ["none", "none", "chosen", "all-but-notices", "all-but-safety"]
        assert [level.get("statement_minutes") for level in levels] == [None, None, 240, 60, 30]
        assert [level.get("delay_percent") for level in levels] == [None, None, 400, 100, 50]
        assert [level.get("quiet_hours") for level in levels] == [None, None, 24, 48, 48]
        assert [level.get("post_mortem_working_days") for level in levels] == [None, None, 5, 10, 10]
        deciding = ["crisis_lead", "crisis_deputy", "approver"]
        assert [level["declared_by"] for level in levels] == [[], [], [], deciding, deciding]
        assert [(phase["every_minutes"], phase.get("for_hours")) for phase in levels[4]["rhythm"]] == [
            (60, 6),
            (120, None),
        ]

    def test_what_is_held_is_released_by_three_questions_and_four_decisions(self, bundled):
        hold = bundled["hold"]
        assert len(hold["questions"]) == 3
        assert [decision["decision"] for decision in hold["decisions"]] == list(REVIEW_DECISIONS)
        assert {stop["offset"] for stop in hold["outside"]} == {"C+10min", "C+15min"}
        assert (hold["releases_a_day"], hold["promotional_after_days"]) == (3, 14)

    def test_the_first_rule_of_sorting_is_danger_and_the_last_is_to_answer(self, bundled):
        sorting = [(rule["key"], rule["outcome"]) for rule in bundled["triage"]["sorting"]]
        assert len(sorting) == 6
        assert (sorting[0], sorting[-1]) == (("danger", "assigned"), ("answer", "answered"))
        assert [state["key"] for state in bundled["triage"]["states"]] == list(TRIAGE_STATES)

    def test_a_live_session_is_opened_by_ten_questions_and_closed_by_three_reasons(self, bundled):
        questions = bundled["live-gate"]["questions"]
        assert len(questions) == 10
        assert [number for number, question in enumerate(questions, 1) if question["vital"]] == [6, 8, 9]
        assert [outcome["from_score"] for outcome in bundled["live-gate"]["outcomes"]] == [8, 6, 0]
        assert len(bundled["live-gate"]["no_go"]) == len(bundled["cancellation"]["reasons"]) == 3
        assert len(bundled["cancellation"]["offers"]) == len(bundled["cancellation"]["duties"]) == 4

    def test_a_drill_lasts_an_hour_with_its_statement_after_three_quarters(self, bundled):
        minutes = {step["key"]: step["minute"] for step in bundled["drill"]["steps"]}
        assert bundled["drill"]["minutes"] == 60
        assert list(minutes.values()) == sorted(minutes.values())
        assert minutes["statement"] == 45

    def test_the_fifteen_cadences_come_back_as_the_brief_says(self):
        cadences = {item.slug: item.payload for item in read_all(settings.SEEDS_DIR) if item.kind == Kind.CADENCE}
        assert {slug: (of["repeat"], of["at"], of["minutes"]) for slug, of in cadences.items()} == {
            "listening-digest": ("FREQ=WEEKLY;BYDAY=FR", "14:00", 60),
            "weekly-editorial": ("FREQ=WEEKLY;BYDAY=MO", "10:00", 30),
            "pair-of-the-week": ("FREQ=WEEKLY;BYDAY=MO", "10:30", 15),
            "answer-duty": ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "09:00", 45),
            "exec-slot": ("FREQ=WEEKLY;BYDAY=FR", "17:00", 15),
            "friday-progress": ("FREQ=WEEKLY;BYDAY=FR", "16:00", 5),
            "mix-review": ("FREQ=MONTHLY;BYDAY=1TU", "14:00", 45),
            "content-mining": ("FREQ=MONTHLY;BYDAY=2TH", "10:00", 60),
            "lend-our-voice": ("FREQ=MONTHLY;BYDAY=3WE", "10:00", 30),
            "author-one-to-one": ("FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=2WE", "11:00", 30),
            "policy-review": ("FREQ=YEARLY;BYMONTH=3,6,9,12;BYDAY=2TU", "14:00", 60),
            "team-moment": ("FREQ=YEARLY;BYMONTH=2,5,8,11;BYDAY=3TH", "12:00", 120),
            "evergreen-review": ("FREQ=YEARLY;BYMONTH=2,9;BYDAY=1TU", "09:30", 90),
            "crisis-drill": ("FREQ=YEARLY;BYMONTH=4,10;BYDAY=3TH", "10:00", 60),
            "audit": ("FREQ=YEARLY;BYMONTH=5,11;BYDAY=2WE", "09:30", 60),
        }
        assert {slug for slug, of in cadences.items() if of["form"] == "slot"} == {
            "exec-slot",
            "content-mining",
            "lend-our-voice",
        }
        assert {slug: of["people"] for slug, of in cadences.items() if of["form"] == "rota"} == {
            "answer-duty": 1,
            "pair-of-the-week": 2,
        }

    def test_each_region_has_something_to_teach_in_each_of_the_twelve_months(self):
        seasons = [item.payload for item in read_all(settings.SEEDS_DIR) if item.kind == Kind.OBSERVANCE]
        for region in REGIONS:
            assert {season["month"] for season in seasons if region in season["regions"]} == set(range(1, 13)), region
        for season in seasons:
            assert all("?" in season["angle"][language] for language in LANGUAGES), season["slug"]
            assert (season["lead_weeks"], season["check_date_each_year"]) == (6, True), season["slug"]

    def test_days_of_mourning_and_memory_are_sober_and_dated(self):
        seasons = {item.slug: item.payload for item in read_all(settings.SEEDS_DIR) if item.kind == Kind.OBSERVANCE}
        sober = {slug: season for slug, season in seasons.items() if season["sober"]}
        assert {"remembrance-day", "truth-reconciliation", "december-6", "victory-1945"} <= sober.keys()
        assert all(season["when"] and season["origin"] == "public" for season in sober.values())
        assert all(season["checked_on"] for season in seasons.values() if season["origin"] == "public")

    def test_leaders_are_asked_twenty_seven_questions_in_six_dimensions(self, bundled):
        questions = [bundled[f"Q{number:02}"] for number in range(1, 28)]
        by_dimension = {
            letter: [int(question["id"][1:]) for question in questions if question["dimension"] == letter]
            for letter in DIMENSIONS
        }
        assert by_dimension == {
            "A": [1, 2, 3],
            "B": [4, 10, 13, 15],
            "C": [6, 7, 8, 9],
            "D": [16, 17, 18, 19, 20, 21, 23, 24],
            "E": [5, 22, 25],
            "F": [11, 12, 14, 26, 27],
        }
        assert [question["id"] for question in questions if question["not_applicable"]] == [
            "Q01",
            "Q05",
            "Q16",
            "Q18",
            "Q20",
        ]
        assert [int(question["id"][1:]) for question in questions if question["scale"] == "who"] == list(range(15, 24))
        assert [question["id"] for question in questions if question["scale"] == "everyone"] == ["Q24"]
        assert [question["advice"][0] for question in questions] == [f"A{number}" for number in range(135, 162)]

    def test_an_answer_is_given_from_0_to_4_on_three_scales(self, bundled):
        scales = {scale["slug"]: scale["grades"] for scale in bundled["reading"]["scales"]}
        assert {slug: len(grades) for slug, grades in scales.items()} == dict.fromkeys(ANSWER_SCALES, 5)

    def test_the_stages_are_climbed_by_the_conditions_of_the_brief(self, bundled):
        stages = [bundled[slug] for slug in ("dormant", "testing", "coordinating", "scaling", "empowered")]
        assert [stage["number"] for stage in stages] == [1, 2, 3, 4, 5]
        assert [stage["audit_again_months"] for stage in stages] == [6, 6, 12, 12, 12]
        conditions = [
            {condition["measure"]: condition["at_least"] for condition in stage["conditions"]} for stage in stages
        ]
        assert conditions == [
            {},
            {"index": 15, "Q14": 1},
            {"index": 35, "C": 50, "Q06": 2, "Q07": 2, "Q08": 2},
            {"index": 60, "C": 62.5, "A": 50, "B": 50, "D": 50, "E": 50, "Q10": 2, "Q25": 2},
            {"index": 80, **dict.fromkeys(DIMENSIONS, 65), "Q24": 3, "Q27": 3},
        ]

    def test_each_stage_has_five_next_steps_of_which_three_at_most_are_taken(self, bundled):
        steps = bundled["next-steps"]["steps"]
        assert Counter(step["stage"] for step in steps) == dict.fromkeys(
            ("dormant", "testing", "coordinating", "scaling", "empowered"), 5
        )
        assert bundled["next-steps"]["at_most"] == 3
        assert [step["key"] for step in steps if step["only_if_regulated"]] == ["may-say"]

    def test_two_facts_are_noted_and_eight_barriers_ticked(self, bundled):
        assert [fact["answer"] for fact in bundled["pre-check"]["facts"]] == ["boolean", "date"]
        assert len(bundled["barriers"]["barriers"]) == 8

    def test_the_register_of_advice_is_whole(self, bundled):
        register = [payload for slug, payload in bundled.items() if "heart" in payload]
        assert [row["id"] for row in register] == [f"A{number:02}" for number in range(1, 178)]
        assert sum(row["heart"] for row in register) == 34

    def test_the_heart_of_the_advice_leads_somewhere(self, bundled):
        assert not [slug for slug, row in bundled.items() if row.get("heart") and not row["embodied_by"]]

    def test_what_an_item_says_it_embodies_is_said_by_the_advice_too(self):
        items = read_all(settings.SEEDS_DIR)
        register = {item.slug: item.payload["embodied_by"] for item in items if item.kind == Kind.ADVICE}
        saying = (Kind.TEMPLATE, Kind.CHECKLIST, Kind.CRISIS, Kind.CADENCE)
        for item in (item for item in items if item.kind in saying):
            for advice in item.payload["advice"]:
                assert {"kind": item.kind, "slug": item.slug} in register[advice], (item.slug, advice)

    def test_the_payload_is_complete_so_that_nobody_asks_twice(self):
        items = {item.slug: item.payload for item in read_all(settings.SEEDS_DIR)}
        review = items["w-std"]["tasks"][2]
        assert (review["condition"], review["counts"]) == ("", False)
        assert items["site-article"]["checked_on"] == "2026-11-01"
        assert "body_hard" not in items["site-article"]


class TestFaultsAreNamed:
    def test_a_missing_french_title(self, spoil):
        assert spoil(HOW_TO, lambda item: item["title"].pop("fr")) == [
            "seeds/templates/expert-how-to.toml: title.fr is missing"
        ]

    def test_a_missing_label_deep_in_a_file(self, spoil):
        assert spoil(HOW_TO, lambda item: item["fields"][2]["label"].pop("fr")) == [
            "seeds/templates/expert-how-to.toml: fields[2].label.fr is missing"
        ]

    def test_an_empty_text_in_an_item_of_a_list(self, spoil):
        assert spoil("roles.toml", lambda file: file["role"][3]["summary"].update(en=" ")) == [
            "seeds/roles.toml: role[3].summary.en is empty"
        ]

    @pytest.mark.parametrize(
        ("file", "change", "key"),
        [
            (W_STD, lambda item: item["tasks"][0].update(roles=["poet"]), "tasks[0].roles[0]: “poet” is unknown"),
            (W_STD, lambda item: item["tasks"][0].update(roles=[]), "tasks[0].roles needs at least 1"),
            (W_STD, lambda item: item["tasks"][0].update(reminder="e-none"), "tasks[0].reminder: “e-none” is unknown"),
            (W_STD, lambda item: item["tasks"][0].update(offset="D-x"), "tasks[0].offset: “D-x” is not an offset"),
            (
                W_STD,
                lambda item: item["tasks"][0].update(offset="end+5wd"),
                "tasks[0].offset: “end+5wd” is counted from",
            ),
            (W_STD, lambda item: item["tasks"][0].update(repeat="FREQ=DAILY"), "tasks[0].repeat: “FREQ=DAILY” needs a"),
            (W_STD, lambda item: item.update(planned="soon+1"), "planned: “soon+1” is not an offset"),
            (HOW_TO, lambda item: item["tasks_add"][0].update(offset="S-5"), "anchors.S is missing"),
            (HOW_TO, lambda item: item.update(anchors={"R": "steps"}), "anchors.R: “steps” is unknown"),
            (W_STD, lambda item: item["tasks"][0].update(condition="on mondays"), "tasks[0].condition: “on mondays”"),
            (
                W_STD,
                lambda item: item["tasks"][0].update(condition="rainy"),
                "tasks[0].condition: the condition “rainy” is unknown",
            ),
            (W_STD, lambda item: item["tasks"][0].update(blocking="draft"), "tasks[0].blocking: “draft” is unknown"),
            (W_STD, lambda item: item["tasks"][0].update(minutes=0), "tasks[0].minutes must be a whole number"),
            (W_STD, lambda item: item["tasks"][1].update(key="frame"), "tasks[1].key: “frame” is used twice"),
            (W_STD, lambda item: item["tasks"][0].pop("why"), "tasks[0].why is missing"),
            (W_STD, lambda item: item.update(slug="w-other"), "slug must be the name of the file"),
            (W_STD, lambda item: item.update(version=0), "version must be a whole number, 1 or more"),
            (HOW_TO, lambda item: item.update(workflow="w-none"), "workflow: “w-none” is unknown"),
            (HOW_TO, lambda item: item.update(intent="sell"), "intent: “sell” is unknown"),
            (
                HOW_TO,
                lambda item: item.update(default_channels=["minitel"]),
                "default_channels[0]: “minitel” is unknown",
            ),
            (HOW_TO, lambda item: item["source"][0].update(theme="jam"), "source[0].theme: “jam” is unknown"),
            (HOW_TO, lambda item: item["source"][0].update(file="9.txt"), "source[0].file: “9.txt” is unknown"),
            (HOW_TO, lambda item: item.update(source=[]), "source is empty, but the origin is “corpus”"),
            (HOW_TO, lambda item: item.update(origin="heaven"), "origin: “heaven” is unknown"),
            (HOW_TO, lambda item: item["fields"][0].update(type="poem"), "fields[0].type: “poem” is unknown"),
            (
                HOW_TO,
                lambda item: item["fields"][1].update(key="key_question"),
                "fields[1].key: “key_question” is used",
            ),
            (HOW_TO, lambda item: item["fields"][2].pop("choices"), "fields[2].choices: exactly the fields"),
            (
                HOW_TO,
                lambda item: item["fields"][0].update(choices=[{"value": "a", "label": {"fr": "a", "en": "a"}}]),
                "fields[0].choices: exactly the fields",
            ),
            (
                HOW_TO,
                lambda item: item["body"][0].update(from_fields=["no"]),
                "body[0].from_fields[0]: “no” is unknown",
            ),
            (HOW_TO, lambda item: item.update(tasks_remove=["sing"]), "tasks_remove[0]: “sing” is unknown"),
            (
                HOW_TO,
                lambda item: item.update(tasks_override=[{"key": "sing", "offset": "D-1"}]),
                "tasks_override[0].key: “sing” is unknown",
            ),
            (
                HOW_TO,
                lambda item: item.update(tasks_override=[{"key": "draft", "offset": "soon?"}]),
                "tasks_override[0].offset: “soon?” is not an offset",
            ),
            (
                HOW_TO,
                lambda item: item["tasks_add"][0].update(key="draft"),
                "tasks_add[0].key: “draft” is a task of the workflow already",
            ),
            (
                HOW_TO,
                lambda item: item["tasks_add"][0].update(condition="route=dance"),
                "tasks_add[0].condition: the condition “route=dance” is unknown",
            ),
            (
                HOW_TO,
                lambda item: item.update(own_texts={"newsletter": "nothing"}),
                "own_texts.newsletter: “nothing” is unknown",
            ),
            (HOW_TO, lambda item: item.update(own_texts={"minitel": "limits"}), "own_texts: “minitel” is unknown"),
            (HOW_TO, lambda item: item.update(rules=["R26"]), "rules[0]: “R26” is unknown"),
            (HOW_TO, lambda item: item.update(human_rules=["H11"]), "human_rules[0]: “H11” is unknown"),
            (HOW_TO, lambda item: item.update(gates=["G8"]), "gates[0]: “G8” is unknown"),
            (HOW_TO, lambda item: item.update(advice=["A178"]), "advice[0]: “A178” is not in advice.toml"),
            (HOW_TO, lambda item: item["when"][0].pop("en"), "when[0].en is missing"),
            (HOW_TO, lambda item: item.update(titel="x"), "titel is not a key that this file may have"),
            (HOW_TO, lambda item: item["example"].pop("en"), "example.en is missing"),
            (HOW_TO, lambda item: item["example"]["fr"]["fields"].pop("steps"), "example.fr.fields.steps is missing"),
            (
                HOW_TO,
                lambda item: item["example"]["fr"]["fields"].update(route="dance"),
                "example.fr.fields.route: “dance”",
            ),
            (HOW_TO, lambda item: item["example"]["fr"]["body"].update(more="x"), "example.fr.body.more is not a key"),
            (HOW_TO, lambda item: item["example"]["en"].update(audience=""), "example.en.audience is empty"),
            ("roles.toml", lambda file: file["role"][0].update(slug="poet"), "role[0].slug: “poet” is unknown"),
            ("roles.toml", lambda file: file["role"][1].update(slug="author"), "role[1].slug: “author” is used twice"),
            ("channels.toml", lambda file: file["channel"][1].update(mark="Si"), "channel[1].mark: “Si” is used twice"),
            (
                "channels.toml",
                lambda file: file["channel"][0].update(count="ink"),
                "channel[0].count: “ink” is unknown",
            ),
            (
                "channels.toml",
                lambda file: file["channel"][0].update(checked_on="soon"),
                "channel[0].checked_on must be",
            ),
            (
                "reminder_profiles.toml",
                lambda file: file["profile"][0]["steps"][0].update(at="soon"),
                "profile[0].steps[0].at: “soon” is not of the form",
            ),
            (
                "reminder_profiles.toml",
                lambda file: file["profile"][0]["steps"][0].update(to="nobody"),
                "profile[0].steps[0].to: “nobody” is unknown",
            ),
            (
                "reminder_profiles.toml",
                lambda file: file["profile"][0]["steps"][0].update(mode="shout"),
                "profile[0].steps[0].mode: “shout” is unknown",
            ),
            ("meta.toml", lambda file: file["languages"].pop(), "languages needs at least 2"),
            (
                "advice.toml",
                lambda file: file["advice"].insert(3, file["advice"].pop()),
                "advice[3].id must be A04, the next of the register",
            ),
            (
                "advice.toml",
                lambda file: file["advice"][1].update(id="A01"),
                "advice[1].id: “A01” is used twice",
            ),
            (
                "advice.toml",
                lambda file: file["advice"][4].update(embodied_by=[]),
                "advice[4].embodied_by is empty: the heart",
            ),
            (
                "advice.toml",
                lambda file: file["advice"][4]["embodied_by"][0].update(slug="exec-hobby"),
                "advice[4].embodied_by[0].slug: “exec-hobby” is unknown",
            ),
            (
                "advice.toml",
                lambda file: file["advice"][4]["embodied_by"][0].update(kind="wish"),
                "advice[4].embodied_by[0].kind: “wish” is unknown",
            ),
            (
                "advice.toml",
                lambda file: file["advice"][10]["note"].pop("en"),
                "advice[10].note.en is missing",
            ),
            ("advice.toml", lambda file: file["advice"][0].update(kind="rumour"), "advice[0].kind: “rumour” is"),
            (
                "advice.toml",
                lambda file: file["advice"][0]["source"].update(theme="crisis"),
                "advice[0].source.theme: “crisis” is unknown",
            ),
            (CADENCES, lambda file: file["cadence"][0].update(repeat="on Fridays"), "cadence[0].repeat: “on Fridays”"),
            (CADENCES, lambda file: file["cadence"][0].update(at="2 pm"), "cadence[0].at: “2 pm” is not of the form"),
            (CADENCES, lambda file: file["cadence"][0].update(form="party"), "cadence[0].form: “party” is unknown"),
            (CADENCES, lambda file: file["cadence"][4].update(templates=[]), "cadence[4].templates: an empty slot"),
            (CADENCES, lambda file: file["cadence"][3].pop("people"), "cadence[3].people: exactly a rota says"),
            (CADENCES, lambda file: file["cadence"][0].update(people=2), "cadence[0].people: exactly a rota says"),
            (CADENCES, lambda file: file["cadence"][1]["agenda"][2].pop("fr"), "cadence[1].agenda[2].fr is missing"),
            (
                SEASONS,
                lambda file: file["observance"][0].update(when={"day": 32}),
                "observance[0].when: “month = 1, day = 32” is not a day",
            ),
            (SEASONS, lambda file: file["observance"][0].update(month=13), "observance[0].when: “month = 13, day = 1”"),
            (SEASONS, lambda file: file["observance"][0].pop("checked_on"), "observance[0].checked_on is missing"),
            (
                SEASONS,
                lambda file: file["observance"][0].update(regions=["atlantis"]),
                "observance[0].regions[0]: “atlantis” is unknown",
            ),
            (SEASONS, lambda file: file["observance"][0]["angle"].pop("en"), "observance[0].angle.en is missing"),
            (COPY_CHECK, lambda item: item["items"][2]["text"].pop("fr"), "items[2].text.fr is missing"),
            (COPY_CHECK, lambda item: item["items"][2].pop("help"), "items[2].help is missing"),
            (
                COPY_CHECK,
                lambda item: item["items"][2].update(key="one-idea"),
                "items[2].key: “one-idea” is used twice",
            ),
            (COPY_CHECK, lambda item: item.update(items=[]), "items needs at least 1"),
            (COPY_CHECK, lambda item: item.update(slug="check"), "slug must be the name of the file, “copy-check”"),
            (
                QUESTIONS,
                lambda file: file["question"][0].update(dimension="G"),
                "question[0].dimension: “G” is unknown",
            ),
            (QUESTIONS, lambda file: file["question"][1].update(id="Q01"), "question[1].id: “Q01” is used twice"),
            (QUESTIONS, lambda file: file["question"][2]["evidence"].pop("fr"), "question[2].evidence.fr is missing"),
            (
                STAGES,
                lambda file: file["stage"][1]["conditions"][0].update(measure="Q28"),
                "stage[1].conditions[0].measure: “Q28” is unknown",
            ),
            (
                STAGES,
                lambda file: file["stage"][1]["conditions"][0].update(at_least=101),
                "stage[1].conditions[0].at_least must be a number from 0 to 100",
            ),
            (READING, lambda item: item["scales"].pop(), "scales needs at least 3"),
            (READING, lambda item: item["scales"][0]["grades"].pop(), "scales[0].grades needs at least 5"),
            (NEXT, lambda item: item["steps"][0].update(stage="asleep"), "steps[0].stage: “asleep” is unknown"),
            (NEXT, lambda item: item["steps"][0].update(cadences=["nap"]), "steps[0].cadences[0]: “nap” is unknown"),
            (NEXT, lambda item: item.update(slug="next"), "slug must be the name of the file, “next-steps”"),
            (LEVEL, lambda item: item.update(hold="some"), "hold: “some” is unknown"),
            (LEVEL, lambda item: item.update(declared_by=["poet"]), "declared_by[0]: “poet” is unknown"),
            (LEVEL, lambda item: item["rhythm"][0].update(since="7"), "rhythm[0].since: “7” is not of the form"),
            (LEVEL, lambda item: item["triggers"][1].pop("help"), "triggers[1].help is missing"),
            (LEVEL, lambda item: item.update(slug="level-9"), "slug must be the name of the file, “level-3”"),
            (
                HOLD,
                lambda item: item["outside"][0].update(offset="soon"),
                "outside[0].offset: “soon” is not of the form",
            ),
            (HOLD, lambda item: item["decisions"][0].update(decision="sell"), "decisions[0].decision: “sell” is"),
            (
                HOLD,
                lambda item: item["questions"][1].update(key="hurtful"),
                "questions[1].key: “hurtful” is used twice",
            ),
            ("sources.toml", lambda file: file["source"][0]["title"].pop("en"), "source[0].title.en is missing"),
        ],
    )
    def test_each_by_file_and_key(self, spoil, file, change, key):
        problems = spoil(file, change)
        assert any(problem.startswith(f"seeds/{file}: {key}") for problem in problems), problems

    def test_all_of_them_at_once_over_several_files(self, seeds, spoil):
        spoil(HOW_TO, lambda item: item["title"].pop("fr"))
        spoil("roles.toml", lambda file: file["role"][0]["title"].pop("en"))
        (seeds / "meta.toml").unlink()
        assert {problem.split(":")[0] for problem in problems_of(seeds)} == {
            "seeds/templates/expert-how-to.toml",
            "seeds/roles.toml",
            "seeds/meta.toml",
        }

    def test_a_file_that_is_not_toml(self, seeds):
        (seeds / HOW_TO).write_text("slug = ", encoding="utf-8")
        assert [problem.split(": ")[:2] for problem in problems_of(seeds)] == [
            ["seeds/templates/expert-how-to.toml", "is not valid TOML"]
        ]

    def test_an_empty_file(self, seeds):
        (seeds / "roles.toml").write_text("", encoding="utf-8")
        assert "seeds/roles.toml: role is missing" in problems_of(seeds)

    def test_a_folder_that_is_not_there(self, tmp_path):
        problems = problems_of(tmp_path / "nowhere")
        assert "nowhere/roles.toml: cannot be read (No such file or directory)" in problems


def test_the_field_types_are_those_of_the_brief():
    assert len(set(FIELD_TYPES)) == 14

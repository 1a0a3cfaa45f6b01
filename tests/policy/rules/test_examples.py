"""Each rule keeps its promise: one example that passes and one that fails, in both languages."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings

from planner.base.language import LANGUAGES
from planner.playbook.models import Kind
from planner.playbook.seeds import read_all
from planner.policy.queries import bundled
from planner.policy.rules import (
    MACHINE_RULES,
    Context,
    Draft,
    Organisation,
    Result,
    Severity,
    Wording,
    check,
    check_example,
)
from planner.policy.rules.checking import JUDGES


def test_there_are_twenty_five_rules_each_with_its_judge(house):
    assert tuple(house.rules) == MACHINE_RULES == tuple(JUDGES)
    assert len(MACHINE_RULES) == 25


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", MACHINE_RULES)
def test_the_examples_of_a_rule_pass_and_fail_as_declared(house, rule, language):
    examples = house.rules[rule].examples[language]
    assert check_example(house, rule, examples["pass"], language) == []
    found = check_example(house, rule, examples["fail"], language)
    assert found
    assert all(one.result == Result.FAIL and one.rule == rule for one in found)
    assert {one.severity for one in found} <= set(house.rules[rule].severities)


@pytest.mark.parametrize("rule", MACHINE_RULES)
def test_every_rule_is_told_in_both_languages_with_the_origin_of_its_figures(rule):
    declared = bundled().rules[rule]
    texts = [declared.statement, declared.why, *declared.messages.values()]
    texts += [parameter.label for parameter in declared.parameters.values()]
    assert all(text[code].strip() for text in texts for code in LANGUAGES)
    assert all(parameter.origin for parameter in declared.parameters.values())
    assert declared.advice


TEXT_RULES = ("R01", "R03", "R04", "R05", "R08", "R11", "R12", "R13", "R15", "R17", "R18", "R20")
PHONE = re.compile(r"\d[\d -]{7,}\d")


def drafts():
    """Slug, language, draft and public numbers of every template filled with its example."""
    for template in (item.payload for item in read_all(settings.SEEDS_DIR) if item.kind == Kind.TEMPLATE):
        for language, example in template["example"].items():
            sections = (
                f"## {block['heading'][language]}\n\n{example['body'][block['key']]}" for block in template["body"]
            )
            draft = Draft(
                texts={language: Wording(example["title"], "\n\n".join(sections))},
                language=language,
                template=template["slug"],
                intent=template["intent"],
                audience=example["audience"],
                objective=example["objective"],
                success_measure=example["success_measure"],
                sources=tuple(source["label"] for source in example["sources"]),
                is_regulated=template["regulated"],
            )
            contact = example["fields"].get("contact", "").replace("\u00a0", " ")
            yield template["slug"], language, draft, frozenset(PHONE.findall(contact))


def test_every_template_filled_with_its_example_passes_in_both_languages(house):
    for slug, language, draft, contacts in drafts():
        context = Context(
            house=house,
            today=date(2026, 11, 25),
            level=3 if slug.startswith("crisis-") else None,
            organisation=Organisation(public_contacts=contacts),
        )
        found = [one for one in check(draft, context, only=TEXT_RULES) if one.severity != Severity.INFO]
        assert not found, (slug, language, found)


def test_a_sentence_that_sells_would_be_caught_in_any_of_them(house):
    selling = {"fr": "Dernière chance : achetez, profitez-en.", "en": "Last chance: buy now, special offer."}
    for slug, language, draft, _contacts in drafts():
        wording = draft.texts[language]
        loud = {language: Wording(wording.title, wording.body + "\n\n" + " ".join([selling[language]] * 12))}
        found = check(replace(draft, texts=loud), Context(house=house, today=date(2026, 11, 25)), only=("R01",))
        assert found, (slug, language)

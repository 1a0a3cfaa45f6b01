"""Each rule keeps its promise: one example that passes and one that fails, in both languages."""

import pytest

from planner.base.language import LANGUAGES
from planner.policy.queries import bundled
from planner.policy.rules import MACHINE_RULES, Result, check_example
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

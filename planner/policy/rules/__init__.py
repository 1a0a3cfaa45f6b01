"""The editorial rules as pure functions: `check(draft, context)` gives the findings.

`draft.py` says what a rule may know; `text.py` and `lexicon.py` read; `house.py` holds what was declared (statements,
parameters, word lists); `tone.py`, `writing.py`, `framing.py` and `channels.py` judge; `checking.py` runs them.
"""

from planner.policy.rules.checking import Outcome, check, check_example, outcomes
from planner.policy.rules.draft import (
    ChannelLimits,
    Context,
    Draft,
    Finding,
    Medium,
    Organisation,
    OtherPost,
    Person,
    Result,
    Severity,
    Shown,
    Span,
    Wording,
)
from planner.policy.rules.house import INTENTS, MACHINE_RULES, TEXT_RULES, House, Rule, house_from
from planner.policy.rules.text import detect_language, normal

__all__ = [
    "INTENTS", "MACHINE_RULES", "TEXT_RULES", "ChannelLimits", "Context", "Draft", "Finding", "House", "Medium",
    "Organisation", "OtherPost", "Outcome", "Person", "Result", "Rule", "Severity", "Shown", "Span", "Wording", "check",
    "check_example", "detect_language", "house_from", "normal", "outcomes",
]  # fmt: skip

"""What the tests of the policy share: the bundled house, and a short way to check a text."""

from datetime import date

import pytest

from planner.policy import queries
from planner.policy.rules import Context, Draft, Wording, check

TODAY = date(2026, 5, 4)


@pytest.fixture(scope="session")
def house():
    return queries.bundled()


@pytest.fixture(scope="session")
def findings_of(house):
    """The findings of some rules on a text: `findings_of("R17", body, language="en", level=3)`."""

    def check_it(rule, body, *, language="fr", title="", level=None, **draft):
        piece = Draft(texts={language: Wording(title, body)}, language=language, **draft)
        return check(piece, Context(house=house, today=TODAY, level=level), only=(rule,))

    return check_it

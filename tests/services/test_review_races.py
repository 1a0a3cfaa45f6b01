"""Three people approve at the same instant, and the author changes a letter: real processes, on both databases."""

import json

import pytest

from tests.services.conftest import at_one_instant

pytestmark = pytest.mark.services

SHELL = "from tests.services import review_acts; "


def at_once(house, tmp_path, *people: str) -> dict[str, int]:
    house.manage("load_playbook", "-v", "0")
    house.manage("shell", "-v", "0", "-c", f"{SHELL}review_acts.review()")
    go = tmp_path / "go"
    at_one_instant(house, go, {name: f"{SHELL}review_acts.act({name!r}, {str(go)!r})" for name in people})
    said = house.manage(
        "shell", "-v", "0", "-c", f"import json; {SHELL}print(json.dumps(review_acts.verdict()))"
    )  # fmt: skip
    return dict(json.loads(said.splitlines()[-1]))


def test_of_three_who_approve_at_the_same_instant_two_do(house, tmp_path):
    found = at_once(house, tmp_path, "approver", "second", "third")
    assert found == {"posts": 8, "sound": 8, "approved": 8, "most": 2}


def test_a_letter_changed_at_the_instant_of_approval_is_never_approved_unread(house, tmp_path):
    found = at_once(house, tmp_path, "approver", "second", "author")
    assert (found["posts"], found["sound"]) == (8, 8)
    assert found["most"] <= 2

"""`check_text`, as a team meets it in its own pipeline: no database is touched."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

HONEST = "Le compost sent mauvais quand il manque d’air. Retournez-le à la fourche.\n"
ADVERT = "Dernière chance ! Achetez vite, profitez de nos prix cassés avant minuit.\n"


@pytest.fixture(autouse=True)
def english_terminal(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def check_text(tmp_path):
    """Status and output for a text: `check_text(text, "--format", "json")`."""

    def run(text, *arguments):
        path = tmp_path / "text.md"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        out, status = io.StringIO(), 0
        try:
            call_command("check_text", str(path), *arguments, stdout=out, no_color=True)
        except SystemExit as left:
            status = left.code
        except CommandError as refusal:
            status = refusal.returncode
            out.write(str(refusal))
        return status, out.getvalue()

    return run


def test_an_honest_text_ends_well(check_text):
    status, said = check_text(HONEST)
    assert (status, said.splitlines()[-1]) == (0, "0 findings (fr)")


def test_a_block_gives_status_one_and_says_where_and_why(check_text):
    status, said = check_text(ADVERT)
    assert status == 1
    assert said.startswith("R01  block     1  This text sounds like advertising")


def test_a_declared_promotion_is_only_told(check_text):
    status, said = check_text(ADVERT, "--intent", "promote", "--format", "json")
    assert status == 0
    assert {one["severity"] for one in json.loads(said) if one["rule"] == "R01"} == {"info"}


def test_json_names_rule_severity_result_place_excerpt_and_message(check_text):
    _status, said = check_text(ADVERT, "--format", "json")
    (found,) = [one for one in json.loads(said) if one["rule"] == "R01"]
    assert {"rule", "severity", "result", "start", "end", "excerpt", "message"} <= found.keys()
    assert found["result"] == "fail"
    assert ADVERT[found["start"] : found["end"]] == found["excerpt"]
    assert len(found["evidence"]) > 2


def test_the_language_is_found_out(check_text):
    assert "(en)" in check_text("The bridge is closed because of the flood and you cannot cross it.")[1]
    assert "(fr)" in check_text("Le pont est fermé à cause de la crue.")[1]
    assert "(en)" in check_text("Le pont est fermé.", "--language", "en")[1]


def test_a_crisis_level_judges_profit_and_belittling_as_in_a_crisis(check_text):
    belittling = "This is an isolated incident. We are sorry if anyone was upset."
    assert "R13" not in check_text(belittling)[1]
    assert check_text(belittling, "--crisis-level", "3")[0] == 1
    assert "R12" in check_text(ADVERT, "--crisis-level", "3")[1]


def test_a_channel_brings_its_limits(check_text):
    long = "Voici. " * 60
    assert "R09" not in check_text(long)[1]
    assert "R09  block" in check_text(long, "--channel", "x-account")[1]


@pytest.mark.parametrize(
    "arguments", [("--channel", "nowhere"), ("--template", "nothing"), ("--seeds", "/nonexistent")]
)
def test_wrong_use_gives_status_two_in_words(check_text, arguments):
    status, said = check_text(HONEST, *arguments)
    assert status == 2
    assert said


def test_what_is_no_text_gives_status_two(check_text):
    assert check_text(b"\xff\xfe\x00")[0] == 2


def test_the_examples_of_all_rules_are_one_table():
    out = io.StringIO()
    call_command("check_text", "--examples", stdout=out, no_color=True)
    lines = out.getvalue().splitlines()
    assert [line[:3] for line in lines[:-1]] == [f"R{number:02}" for number in range(1, 26)]
    assert lines[-1] == "0 examples judged otherwise than declared"

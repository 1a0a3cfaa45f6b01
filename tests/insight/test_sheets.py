"""Monday at eight: my week, and what the editorial meeting should look at."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from planner.base import clock
from planner.insight import operations as insight
from planner.insight.operations import sheets
from planner.reminders import operations as reminders
from planner.reminders.models import Digest
from planner.workspaces.models import Absence, RoleAssignment

EIGHT = datetime(2026, 4, 27, 6, 0, tzinfo=UTC)  # Monday, 8:00 in Paris
THURSDAY = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)


def sheet(member, kind: str) -> dict:
    return Digest.objects.get(membership=member, kind=kind).content["en"]


def lines(card: dict) -> dict[str, list[str]]:
    return {group["title"]: [line["what"] for line in group["lines"]] for group in card["groups"]}


@pytest.fixture
def editor(workspace, member):
    RoleAssignment.objects.create(workspace=workspace, role="editor", person=member)
    return member


def test_each_person_gets_what_they_owe_this_week_late_things_first(member, colleague, appear, owe):
    post = appear("Compost", THURSDAY, english="Compost", status="draft")
    owe(colleague, post, THURSDAY, key="a")
    owe(colleague, post, EIGHT - timedelta(days=1), key="b")
    owe(colleague, post, THURSDAY + timedelta(days=7), key="c")
    assert insight.send_sheets(now=EIGHT)["week"] == 1
    card = sheet(colleague, "week")
    assert card["what"] == "Your week: 2 pieces of work"
    assert list(lines(card)) == ["Late", "This week"]
    assert card["groups"][1]["lines"][0]["link"].startswith("/w/marbourg/")


def test_the_week_says_when_everybody_meets_but_to_whoever_holds_it(member, colleague, appear, owe, switch):
    switch("weekly-editorial")
    post = appear("Compost", THURSDAY, english="Compost", status="draft")
    for person in (member, colleague):
        owe(person, post, THURSDAY + timedelta(days=7), key=f"read-{person.pk}")
    insight.send_sheets(now=EIGHT + timedelta(days=7))
    assert lines(sheet(colleague, "week")) == {
        "This week": ["Review: “Compost”"],
        "Everybody meets": ["Editorial meeting"],
    }
    assert "Everybody meets" not in lines(sheet(member, "week"))


def test_whoever_owes_nothing_gets_nothing(member, colleague):
    assert insight.send_sheets(now=EIGHT)["week"] == 0


def test_the_editor_gets_the_sheet_of_the_meeting(editor, colleague, appear, owe):
    appear("Compost", THURSDAY, english="Compost", status="scheduled")
    appear("Bees", THURSDAY + timedelta(days=9), english="Bees", status="in_review")
    owe(colleague, appear("Old", None, english="Old", status="draft"), EIGHT - timedelta(days=2))
    insight.send_sheets(now=EIGHT)
    found = lines(sheet(editor, "meeting"))
    assert found["Coming out within seven days"] == ["Compost"]
    assert found["Waiting for a decision"] == ["Bees"]
    assert found["Late"] == ["Review: “Old”"]
    assert found["Weeks without anything planned"] == ["Week of 11 May", "Week of 18 May"]


@pytest.mark.parametrize("at", [EIGHT - timedelta(minutes=1), EIGHT + timedelta(hours=4), EIGHT + timedelta(days=1)])
def test_only_on_monday_morning(editor, at):
    assert insight.send_sheets(now=at) == {}


def test_once_however_often_one_looks(editor):
    insight.send_sheets(now=EIGHT)
    assert insight.send_sheets(now=EIGHT + timedelta(minutes=5))["meeting"] == 0


def test_the_second_person_gets_the_meeting_while_the_editor_is_away_and_nobody_anothers_week(
    workspace, editor, colleague, appear, owe
):
    RoleAssignment.objects.update(second=colleague)
    Absence.objects.create(membership=editor, starts_on=EIGHT.date(), ends_on=EIGHT.date())
    owe(editor, appear("Compost", THURSDAY, status="draft"), THURSDAY)
    insight.send_sheets(now=EIGHT)
    assert list(Digest.objects.values_list("membership", "kind")) == [(colleague.pk, "meeting")]


def test_switched_off_is_off(editor):
    reminders.stop_emails(actor=editor, kind="meeting", now=EIGHT)
    assert insight.send_sheets(now=EIGHT)["meeting"] == 0


def test_a_workspace_that_fails_does_not_stop_the_others(editor, other_workspace, outsider, monkeypatch, caplog):
    write = sheets._send

    def broken(workspace, *rest):
        if workspace.slug == "marbourg":
            raise ValueError("broken")
        return write(workspace, *rest)

    monkeypatch.setattr(sheets, "_send", broken)
    assert insight.send_sheets(now=EIGHT) == {"failed": 1, "meeting": 1}
    assert "could not be written" in caplog.text


def test_the_command_says_how_many(editor, monkeypatch, settings):
    settings.LANGUAGE_CODE = "en"
    monkeypatch.setattr(clock, "now", lambda: EIGHT)
    said = StringIO()
    call_command("send_sheets", stdout=said)
    assert said.getvalue() == "Weeks: 0. Meeting sheets: 1. Failed: 0.\n"

"""The commands that are not `up`."""

import re
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from planner.management.commands import test as test_command
from planner.workspaces.models import SignInLink

OK, BAD = [sys.executable, "-c", "pass"], [sys.executable, "-c", "print('why not'); raise SystemExit(3)"]


def said(*arguments, **options):
    output = StringIO()
    call_command(*arguments, stdout=output, **options)
    return output.getvalue()


def test_a_link_is_printed_for_a_person_whatever_the_case_of_the_address(member, settings):
    settings.PLANNER_URL = "https://plan.example.org"
    printed = said("sign_in_link", member.user.email.upper()).strip()
    assert re.fullmatch(r"https://plan\.example\.org/start/[\w-]+/", printed)
    assert SignInLink.objects.get().user == member.user


@pytest.mark.usefixtures("db")
def test_no_link_is_made_for_somebody_unknown(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    with pytest.raises(CommandError, match="Nobody has the address nobody@example.org"):
        call_command("sign_in_link", "nobody@example.org")
    assert not SignInLink.objects.exists()


@pytest.mark.usefixtures("db")
def test_without_an_address_the_link_opens_the_first_account_and_no_other(monkeypatch, member):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert "/start/" in said("sign_in_link")
    assert SignInLink.objects.get().user is None
    member.user.set_password("a-chestnut-in-may")
    member.user.save()
    with pytest.raises(CommandError, match="give the e-mail address"):
        call_command("sign_in_link")


def test_every_step_runs_and_one_failure_fails_the_whole(monkeypatch, capfd):
    steps = [test_command.Step("first", BAD), test_command.Step("second", OK)]
    monkeypatch.setattr(test_command, "checks", lambda: steps)
    monkeypatch.setattr(test_command, "pytest_step", lambda arguments: test_command.Step("pytest", OK))
    with pytest.raises(SystemExit) as ending:
        test_command.Command().run_from_argv(["manage.py", "test"])
    assert ending.value.code == 1
    output = capfd.readouterr().out
    assert "why not" in output
    assert re.search(r"first: FAILED.*\n.*second: ok", output)
    assert output.rstrip().endswith("FAILED: first")


def test_with_arguments_only_pytest_runs_and_gets_them_all(monkeypatch):
    ran = []
    monkeypatch.setattr(test_command, "checks", lambda: pytest.fail("the checks ran"))
    monkeypatch.setattr(
        test_command.subprocess,
        "run",
        lambda command, **_options: ran.append(command) or subprocess.CompletedProcess(command, 0),
    )
    with pytest.raises(SystemExit) as ending:
        test_command.Command().run_from_argv(["manage.py", "test", "-k", "calendar", "--tb=short"])
    assert ending.value.code == 0
    assert ran[0][-3:] == ["-k", "calendar", "--tb=short"]
    assert "-n" not in ran[0]

"""The night without a worker: one command does what beat would ask for."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command

from config.celery import NIGHTLY, app
from planner.calendar.models import Silence
from planner.dialogue.models import Signal
from planner.management.commands import run_nightly
from planner.workspaces import operations as workspaces
from planner.workspaces.rules import Pace


def test_it_does_all_that_beat_asks_for_each_night():
    routed = {name for name, route in app.conf.task_routes.items() if route["queue"] == NIGHTLY}
    assert routed == run_nightly.NIGHT.keys()


def test_silences_are_told_and_contacts_forgotten_from_cron(newsroom, manager, member, channels, now, capsys):
    workspaces.save_channel(
        actor=manager, channel=channels[0], owner=member, pace=Pace.WEEK, now=now - timedelta(days=60)
    )
    Signal.objects.create(
        workspace=newsroom, kind="question", text="When?", origin="desk", received_at=now, state="closed",
        closed_at=now - timedelta(days=400), contact="01 02 03 04 05", created_at=now,
    )  # fmt: skip
    with time_machine.travel(now, tick=False):
        call_command("run_nightly")
        call_command("run_nightly")
    assert Silence.objects.get().told == member
    assert Signal.objects.get().contact == ""
    assert capsys.readouterr().out.count("forget_old") == 2


def test_stopped_by_hand_it_says_so(db, monkeypatch, capsys):
    def stop(now):
        raise KeyboardInterrupt

    monkeypatch.setattr(run_nightly, "NIGHT", {"planner.posts.tasks.recheck_ahead": stop})
    call_command("run_nightly")
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("name", sorted(run_nightly.NIGHT))
def test_each_part_ends(name, newsroom, now):
    turns = 0
    while run_nightly.NIGHT[name](now):
        turns += 1
        assert turns < 10

"""`manage.py run_nightly`: all that beat asks for each night, one after the other, where cron stands for the worker."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from planner.base import clock
from planner.calendar import operations as calendar
from planner.crisis import operations as crises
from planner.dialogue import operations as dialogue
from planner.insight import operations as insight
from planner.posts import operations as posts
from planner.reminders import operations as reminders

NIGHT: Mapping[str, Callable[[datetime], bool]] = {
    "planner.calendar.tasks.fill_ahead": lambda now: calendar.fill_ahead(now=now).may_be_more,
    "planner.calendar.tasks.ask_to_review": lambda now: bool(calendar.ask_to_review(now=now)),
    "planner.calendar.tasks.tell_silences": lambda now: calendar.tell_silences(now=now).may_be_more,
    "planner.calendar.tasks.forget_sheets": lambda now: calendar.forget_sheets(now=now).may_be_more,
    "planner.crisis.tasks.ask_for_contacts": lambda now: bool(crises.ask_for_contacts(now=now)),
    "planner.crisis.tasks.ask_for_drill": lambda now: bool(crises.ask_for_drill(now=now)),
    "planner.crisis.tasks.carry_on": lambda now: bool(crises.carry_on(now=now)),
    "planner.insight.tasks.ask_to_read": lambda now: bool(insight.ask_to_read(now=now)),
    "planner.posts.tasks.recheck_ahead": lambda now: posts.recheck(now=now, nightly=True).may_be_more,
    "planner.dialogue.tasks.forget_contacts": lambda now: dialogue.forget_contacts(now=now).may_be_more,
    "planner.reminders.tasks.forget_old": lambda now: reminders.forget_old(now=now).may_be_more,
}
"""One slice of each nightly task, by its name: is there more?"""


class Command(BaseCommand):
    help = "Do what is done each night: fill cadences ahead, hear silences, check what is scheduled, forget. For cron."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            try:
                for name, work in NIGHT.items():
                    while work(clock.now()):
                        continue
                    self.stdout.write(_("Done: %(task)s") % {"task": name.rpartition(".")[2]})
            except KeyboardInterrupt:
                self.stdout.write(_("Stopped. What was done is done; run it again for the rest."))

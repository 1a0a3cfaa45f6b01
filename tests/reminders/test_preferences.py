"""How a person wants to be told: kinds by e-mail, own hours, own days, and what delivery makes of them."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from planner.base.errors import Invalid
from planner.history.models import Entry
from planner.reminders import operations as reminders
from planner.reminders import rules
from planner.reminders.models import Delivery, Notice, Preference, Reminder
from planner.reminders.rules import CHOSEN_KINDS, Chosen, Kind, PersonTime

DUE = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)
AHEAD = datetime(2026, 4, 28, 7, 0, tzinfo=UTC)  # nine in Paris, a Tuesday

minutes = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
choices = st.builds(
    Chosen,
    by_email=st.frozensets(st.sampled_from([kind.value for kind in CHOSEN_KINDS])),
    quiet_from=minutes,
    quiet_until=minutes,
    days=st.frozensets(st.integers(0, 6)),
)


def accepted(chosen: Chosen) -> bool:
    try:
        rules.check_chosen(chosen)
    except Invalid:
        return False
    return True


# ---- rules


@given(choices)
def test_hours_are_accepted_exactly_when_they_leave_eight(chosen):
    heard = chosen.quiet_from.hour * 60 + chosen.quiet_from.minute
    heard -= chosen.quiet_until.hour * 60 + chosen.quiet_until.minute
    assert accepted(chosen) == (heard >= 480)


@given(choices.filter(accepted), st.integers(0, 2 * 366 * 24 * 60))
def test_whatever_was_accepted_a_message_comes_within_the_chosen_hours_and_days(chosen, minute):
    asked, zone = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute), ZoneInfo("Europe/Paris")
    person = PersonTime(
        "Europe/Paris", days=chosen.days or frozenset(range(5)), quiet_from=chosen.quiet_from,
        quiet_to=chosen.quiet_until,
    )  # fmt: skip
    here = rules.permitted_at(asked, person, "always").astimezone(zone)
    assert chosen.quiet_until <= here.time() < chosen.quiet_from
    assert here.weekday() in person.days
    assert asked <= here <= asked + timedelta(days=9)


@given(choices)
def test_a_crisis_comes_by_email_whatever_was_chosen(chosen):
    assert chosen.comes_by_email(Kind.CRISIS)


@pytest.mark.parametrize(
    ("profile", "quiet", "kind"),
    [("e-std", "always", "work"), ("e-legal", "always", "work"), ("e-ans", "unless-on-duty", "answers"),
     ("", "always", "people"), ("e-crisis", "never", "crisis"), ("", "never", "crisis")],
)  # fmt: skip
def test_each_row_is_of_one_kind(profile, quiet, kind):
    assert rules.kind_of(profile, quiet) == kind


@pytest.mark.parametrize(
    ("chosen", "field"),
    [(Chosen(by_email=frozenset({"crisis"})), "by_email"), (Chosen(days=frozenset({7})), "days"),
     (Chosen(quiet_from=time(7)), "quiet_from"), (Chosen(quiet_from=time(15, 29)), "quiet_from")],
)  # fmt: skip
def test_a_refusal_names_its_field(chosen, field):
    with pytest.raises(Invalid) as refused:
        rules.check_chosen(chosen)
    assert refused.value.field == field


# ---- the operation


@pytest.mark.django_db
def test_a_choice_is_kept_for_one_person_with_its_history(member, colleague, now):
    chosen = Chosen(by_email=frozenset({"people"}), quiet_from=time(18), days=frozenset({0, 1}))
    reminders.change_preferences(actor=member, values=chosen, now=now)
    assert reminders.chosen_by(member) == chosen
    assert reminders.chosen_by(colleague) == Chosen()
    entry = Entry.objects.get(verb="preferences.changed")
    assert entry.actor == member.user and entry.workspace == member.workspace
    reminders.change_preferences(actor=member, values=Chosen(), now=now)
    assert reminders.chosen_by(member) == Chosen() and Preference.objects.count() == 1


@pytest.mark.django_db
def test_what_is_refused_changes_nothing(member, now):
    with pytest.raises(Invalid, match=r"8"):
        reminders.change_preferences(actor=member, values=Chosen(quiet_from=time(12)), now=now)
    assert not Preference.objects.exists() and not Entry.objects.filter(verb="preferences.changed").exists()


@pytest.mark.django_db
def test_stopping_one_kind_leaves_the_rest_as_chosen(member, now):
    reminders.change_preferences(actor=member, values=Chosen(quiet_from=time(18)), now=now)
    reminders.stop_emails(actor=member, kind="work", now=now)
    kept = reminders.chosen_by(member)
    assert kept == Chosen(by_email=frozenset(CHOSEN_KINDS) - {"work"}, quiet_from=time(18))
    with pytest.raises(Invalid):
        reminders.stop_emails(actor=member, kind="crisis", now=now)


# ---- delivery


@pytest.fixture
def due(make_item, schedule):
    item = make_item(due_at=DUE)
    schedule(item)
    return item


@pytest.mark.django_db
def test_a_kind_that_is_off_comes_to_the_inbox_alone(due, member, drain, office, now):
    reminders.stop_emails(actor=member, kind="work", now=now)
    assert drain(AHEAD).counts["sent"] == 1
    assert office.sent == [] and not Delivery.objects.exists()
    assert Notice.objects.get().recipient == member


@pytest.mark.django_db
def test_the_kinds_are_apart(due, post, member, manager, drain, office, now):
    reminders.stop_emails(actor=member, kind="work", now=now)
    message = {"fr": "Regarde ceci", "en": "Look at this"}
    reminders.notify(
        workspace=member.workspace, subject=post, group=None, person=member, message=message, actor=manager, now=AHEAD
    )
    drain(AHEAD)
    assert len(office.sent) == 1 and Notice.objects.count() == 2


@pytest.mark.django_db
def test_a_message_that_nobody_may_silence_leaves_at_night_whatever_was_chosen(post, member, manager, drain, office):
    night = datetime(2026, 4, 28, 1, 0, tzinfo=UTC)
    reminders.change_preferences(actor=member, values=Chosen(by_email=frozenset()), now=night)
    reminders.notify(
        workspace=member.workspace, subject=post, group=None, person=member, message={"fr": "Crise", "en": "Crisis"},
        actor=manager, now=night, quiet="never",
    )  # fmt: skip
    drain(night)
    assert len(office.sent) == 1


@pytest.mark.django_db
def test_a_message_waits_for_ones_own_hours_and_days(due, member, drain, told, now):
    """Due on Tuesday at nine; this person hears from ten, on Wednesdays and Thursdays."""
    own = Chosen(quiet_until=time(10), quiet_from=time(18, 30), days=frozenset({2, 3}))
    reminders.change_preferences(actor=member, values=own, now=now)
    drain(AHEAD)
    assert told() == []
    row = Reminder.objects.get(step="ahead")
    assert row.next_at == datetime(2026, 4, 29, 8, 0, tzinfo=UTC)
    drain(row.next_at)
    assert told() == [("Inès Marchetti", "ahead")]


@pytest.mark.django_db
def test_a_drain_asks_once_for_what_everybody_chose(make_item, schedule, drain, member, colleague, manager, now):
    def statements(*people) -> int:
        schedule(*[make_item(due_at=DUE, owner=person) for person in people])
        with CaptureQueriesContext(connection) as seen:
            drain(AHEAD, transport=None)
        return sum("planner_preference" in one["sql"] for one in seen.captured_queries)

    for person in (member, colleague, manager):
        reminders.change_preferences(actor=person, values=Chosen(quiet_from=time(18)), now=now)
    assert statements(member) == statements(member, colleague, manager) == 1


# ---- the page

GOOD = {"by_email": ["people"], "quiet_until": "08:00", "quiet_from": "17:00", "days": ["0", "1", "2", "3"]}


def address() -> str:
    return reverse("reminders:preferences", kwargs={"workspace": "marbourg"})


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def in_english(member):
    member.user.language = "en"
    member.user.save(update_fields=["language"])
    with time_machine.travel(AHEAD, tick=False):
        yield


@pytest.mark.django_db
def test_a_person_chooses_on_the_page_and_the_inbox_says_so(in_english, browse, member):
    client = browse(member)
    assert client.post(address(), GOOD).status_code == 302
    assert reminders.chosen_by(member) == Chosen(
        frozenset({"people"}), quiet_until=time(8), quiet_from=time(17), days=frozenset({0, 1, 2, 3})
    )
    inbox = client.get(reverse("reminders:inbox", kwargs={"workspace": "marbourg"}))
    assert "8:00 to 17:00, Monday, Tuesday, Wednesday, Thursday" in text(inbox)
    assert "between 17:00 and 8:00" in text(inbox) and address() in inbox.content.decode()
    page = client.get(address()).content.decode()
    assert page.count("checked") == 5


@pytest.mark.django_db
def test_the_days_of_the_organisation_follow_the_organisation(in_english, browse, member):
    browse(member).post(address(), {**GOOD, "days": ["0", "1", "2", "3", "4"]})
    assert Preference.objects.get().days == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "words", "field"),
    [({"quiet_from": "15:00"}, "at least 8 hours", "quiet_from"),
     ({"quiet_from": "07:00"}, "after the first", "quiet_from"),
     ({"days": []}, "at least one day", "days"), ({"by_email": ["crisis"]}, "crisis", "by_email")],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field(in_english, browse, member, wrong, words, field):
    refused = browse(member).post(address(), {**GOOD, **wrong})
    assert refused.status_code == 400 and not Preference.objects.exists()
    (error,) = refused.context["form"].errors[field]
    assert words in error and error.replace("’", "&#x27;") in refused.content.decode().replace("’", "&#x27;")


@pytest.mark.django_db
def test_looking_at_the_page_changes_nothing(in_english, browse, member):
    browse(member).get(address(), GOOD)
    assert not Preference.objects.exists()


@pytest.mark.django_db
def test_everybody_chooses_for_themselves_alone(browse, member, reader, outsider):
    assert browse(reader).post(address(), GOOD).status_code == 302
    assert Preference.objects.get().membership == reader
    assert browse(outsider).post(address(), GOOD).status_code == 404
    assert Preference.objects.count() == 1 and reminders.chosen_by(member) == Chosen()

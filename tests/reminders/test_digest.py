"""More than five in one morning are one e-mail; what may not wait never joins; a sheet comes once, or not at all."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.errors import Invalid
from planner.reminders import operations as reminders
from planner.reminders import rules
from planner.reminders.models import Delivery, DeliveryState, Digest, Notice, Reminder
from planner.reminders.operations.preferences import Chosen
from planner.reminders.rules import State
from planner.reminders.transports.email import render
from planner.work.models import WorkItem
from planner.workspaces.models import RoleAssignment

DUE = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)  # a Thursday, 17:00 in Paris
EARLY = datetime(2026, 4, 30, 6, 29, tzinfo=UTC)
COUNT = datetime(2026, 4, 30, 6, 30, tzinfo=UTC)  # 8:30
NINE = datetime(2026, 4, 30, 7, 0, tzinfo=UTC)


def tick(at: datetime) -> None:
    reminders.tick(now=at, send=lambda: None)


def through_the_count() -> None:
    tick(EARLY)
    tick(COUNT)


@pytest.fixture
def due_that_day(make_item, schedule):
    """`due_that_day(6)` plans works whose message comes on Thursday at 9:00."""

    def plan(many: int, **fields):
        items = [make_item(due_at=DUE, **fields) for _n in range(many)]
        schedule(*items)
        Reminder.objects.filter(step="ahead").delete()
        return items

    return plan


def mails(office) -> list[str]:
    return [message.card["en"]["what"] for message in office.messages]


def test_more_than_five_in_one_morning_are_one_mail_and_each_has_its_line(due_that_day, drain, office, told):
    due_that_day(6)
    through_the_count()
    drain(COUNT)
    assert mails(office) == ["6 reminders for today"]
    assert told()[:6] == [("Inès Marchetti", "due-day")] * 6
    assert Notice.objects.waiting(COUNT).count() == 6
    drain(NINE)
    assert len(office.messages) == 1


def test_a_morning_of_calls_says_whom_to_ring_and_counts_nobody_elses_work(
    make_item, schedule, drain, office, manager, workspace
):
    RoleAssignment.objects.create(workspace=workspace, role="approver", person=manager)
    schedule(*[make_item(due_at=DUE) for _n in range(6)])
    Reminder.objects.exclude(step="approver-calls").delete()
    count = COUNT + timedelta(days=5)
    tick(count - timedelta(minutes=1))
    tick(count)
    drain(count)
    card = office.messages[0].card["en"]
    assert {line["note"] for group in card["groups"] for line in group["lines"]} == {"Call Inès Marchetti"}
    assert card["minutes"] == 0


def test_five_come_each_at_its_hour(due_that_day, drain, office):
    due_that_day(5)
    through_the_count()
    drain(COUNT)
    assert mails(office) == []
    drain(NINE)
    assert len(office.messages) == 5


def test_what_arrives_after_the_count_comes_alone(due_that_day, make_item, schedule, drain, office):
    due_that_day(6)
    through_the_count()
    schedule(make_item(due_at=DUE), at=COUNT + timedelta(minutes=5))
    tick(COUNT + timedelta(minutes=10))
    drain(NINE)
    assert mails(office)[0] == "6 reminders for today"
    assert len(office.messages) == 2


def test_what_may_not_wait_never_joins(make_item, schedule, drain, office):
    for profile in ("e-ans", "e-legal", "e-crisis"):
        schedule(*(make_item(due_at=DUE) for _n in range(6)), profile=profile)
    assert not Reminder.objects.filter(may_join_digest=True).exists()
    through_the_count()
    assert not Digest.objects.exists()


def test_the_mail_groups_by_post_with_a_link_each_and_is_not_put_away_by_itself(due_that_day, drain, office, settings):
    settings.PLANNER_URL = "https://plan.example.org"
    items = due_that_day(6)
    through_the_count()
    drain(COUNT)
    mail = render(office.messages[0])
    assert mail.body.count(f"https://plan.example.org{items[0].link}") == 1
    assert mail.body.count("Compost d’hiver") == 1
    assert "reminders/stop/" in mail.body
    assert mail.body.count("https://plan.example.org/reminders/") == 1
    assert len(office.messages[0].card["fr"]["groups"]) == 1


def test_a_title_with_a_colon_stays_whole(due_that_day, drain, office):
    due_that_day(6)
    WorkItem.objects.update(subject_title={"fr": "Budget 2027 : ce qui change", "en": "Budget 2027: what changes"})
    through_the_count()
    drain(COUNT)
    (group,) = office.messages[0].card["en"]["groups"]
    assert group["title"] == "Budget 2027: what changes"
    assert (group["lines"][0]["what"], group["lines"][0]["note"]) == ("Write the first draft", "Due today")


def test_each_person_is_counted_alone_by_their_own_clock(due_that_day, colleague, drain, office):
    colleague.user.time_zone = "America/Toronto"
    colleague.user.save()
    due_that_day(4)
    due_that_day(6, owner=colleague)
    through_the_count()
    assert not Digest.objects.exists()


def test_what_waited_through_the_night_is_counted_too(due_that_day, drain, office):
    due_that_day(6)
    Reminder.objects.filter(step="due-day").update(
        due_at=EARLY - timedelta(hours=10), next_at=EARLY - timedelta(hours=10)
    )
    drain(EARLY - timedelta(minutes=30))
    assert office.messages == []
    through_the_count()
    drain(COUNT)
    assert mails(office) == ["6 reminders for today"]
    assert {line["note"] for line in office.messages[0].card["en"]["groups"][0]["lines"]} == {""}, (
        "its date stands there"
    )


def test_a_morning_is_counted_once_however_often_the_clock_ticks(due_that_day):
    due_that_day(6)
    through_the_count()
    for second in range(0, 200, 20):
        tick(COUNT + timedelta(seconds=second))
    assert Digest.objects.count() == 1


def test_an_outage_over_the_hour_is_made_good_the_same_morning(due_that_day, drain, office):
    due_that_day(6)
    tick(EARLY)
    tick(NINE + timedelta(hours=1))
    drain(NINE + timedelta(hours=1))
    assert mails(office) == ["6 reminders for today"]


def test_nothing_is_counted_while_delivery_is_paused(due_that_day, now):
    due_that_day(6)
    tick(EARLY)
    reminders.pause_delivery(actor=None, reason="restored", now=EARLY)
    tick(COUNT)
    assert not Digest.objects.exists()


def test_a_day_off_is_not_counted(due_that_day):
    due_that_day(6)
    Reminder.objects.update(
        due_at=datetime(2026, 5, 1, 7, 0, tzinfo=UTC), next_at=datetime(2026, 5, 1, 7, 0, tzinfo=UTC)
    )
    tick(EARLY + timedelta(days=1))
    tick(COUNT + timedelta(days=1))  # 1 May
    assert not Digest.objects.exists()
    assert set(Reminder.objects.filter(step="due-day").values_list("state", flat=True)) == {State.PENDING}


def test_a_workspace_that_cannot_be_counted_is_told_alone(due_that_day, drain, office, monkeypatch, caplog):
    due_that_day(6)
    monkeypatch.setattr(reminders.digest, "_gather", lambda *_arguments: 1 / 0)
    through_the_count()
    drain(NINE)
    assert len(office.messages) == 6
    assert "could not be counted" in caplog.text


ZONES = ("Europe/Paris", "America/Toronto", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu")


@given(quarters=st.integers(0, 365 * 24 * 4), zone=st.sampled_from(ZONES))
def test_every_zone_is_counted_exactly_once_a_day(quarters, zone):
    """Looking each quarter of an hour over two days, clock changes included."""
    start = at = datetime(2026, 1, 1, 0, 7, tzinfo=UTC) + timedelta(minutes=15 * quarters)
    found = []
    for _look in range(2 * 24 * 4):
        before, at = at, at + timedelta(minutes=15)
        if day := rules.counted_between(zone, before, at):
            found.append(day)
    here = start.astimezone(ZoneInfo(zone))
    first = here.date() + timedelta(days=here.time() >= time(8, 30))
    assert found == [first + timedelta(days=number) for number in range(len(found))]
    assert len(found) in (1, 2, 3)


# ---- sheets

CARD = {
    "what": "Your week: 2 pieces of work", "why": "", "minutes": 40, "link": "/w/marbourg/", "action": "See my desk",
    "groups": [{"title": "This week", "lines": [{"what": "Write", "when": "Thursday", "link": "/w/", "note": ""}]}],
}  # fmt: skip
CONTENT = {"fr": CARD, "en": CARD}
MONDAY = date(2026, 4, 27)


def send(member, now, kind="week", on=MONDAY):
    return reminders.send_sheet(member=member, kind=kind, on=on, content=CONTENT, now=now)


def test_a_sheet_comes_once_with_its_groups_and_its_own_way_out(member, drain, office, now, settings):
    assert send(member, now) is not None
    assert send(member, now + timedelta(minutes=5)) is None
    drain(now)
    message = office.messages[0]
    mail = render(message)
    assert (message.kind, mail.subject) == ("week", "Your week: 2 pieces of work")
    assert "This week\n- Write (Thursday)" in mail.body
    assert "List-Unsubscribe" in mail.extra_headers
    assert Notice.objects.waiting(now).count() == 1


def test_who_switched_it_off_gets_none(member, drain, office, now):
    reminders.stop_emails(actor=member, kind="week", now=now)
    assert send(member, now) is None
    assert send(member, now, kind="meeting") is not None


def test_a_sheet_says_why_it_came(member, drain, office, now):
    send(member, now)
    drain(now)
    assert office.messages[0].card["because"] == [{"code": "sheet"}]


def test_preferences_know_the_new_kinds():
    assert {"week", "meeting"} <= Chosen().by_email
    with pytest.raises(Invalid):
        rules.check_chosen(Chosen(by_email=frozenset({"crisis"})))


def test_the_log_shows_one_delivery_for_a_digest(due_that_day, drain, office):
    due_that_day(7)
    through_the_count()
    drain(COUNT)
    assert Delivery.objects.count() == 1
    assert DeliveryState.objects.get().counted_until == COUNT

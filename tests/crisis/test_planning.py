"""The work of a crisis: whose it is, when it is due at each level, and what happens to it when the level rises."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from planner.base.errors import Refused
from planner.crisis import operations as crises
from planner.crisis.operations import promises
from planner.crisis.queries import conduct_of
from planner.playbook import operations as playbook
from planner.playbook.models import PlaybookItem
from planner.posts.models import Post
from planner.posts.rules import Release
from planner.reminders import operations as reminders
from planner.reminders.models import Notice, Reminder
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from tests.crisis.test_ending import LATER, copy_of
from tests.posts.conftest import give_role

PARIS = ZoneInfo("Europe/Paris")


def item(crisis, key):
    return WorkItem.objects.about(crisis).get(key=key)


def away(member, manager, now):
    workspaces.add_absence(actor=manager, member=member, starts_on=date(2026, 4, 24), ends_on=date(2026, 5, 1), now=now)


# ---- who


def test_whoever_leads_is_there_today(newsroom, lead, member, colleague, manager, declare, now):
    away(lead, manager, now)
    assert declare(2, scope={"tags": ["a"]}, actor=member).lead == member, "nobody else: whoever declares"
    give_role(colleague, "crisis_deputy")
    crisis = declare(2, scope={"tags": ["b"]}, actor=member)
    assert (crisis.lead, item(crisis, "assemble").owner) == (colleague, colleague), "the deputy"
    lead.roles.update(second=manager)
    assert declare(2, scope={"tags": ["c"]}, actor=member).lead == manager, "the second person of the lead comes first"


def test_what_the_lead_still_owes_is_asked_of_the_relief(declare, lead, colleague, now):
    crisis = declare()
    work = {one.key: one for one in WorkItem.objects.about(crisis)}
    crises.hand_over(crisis=crisis, to=colleague, actor=lead, now=now + timedelta(hours=8))
    for key in ("review-level-3", "handover", "assemble"):
        assert work[key].owner == lead and item(crisis, key).owner == colleague
    assert item(crisis, "holding").owner == work["holding"].owner
    assert "Léa Mène" in item(crisis, "handover").flag["en"]


# ---- what legal and those who stop things by hand are asked


@pytest.mark.parametrize("level", [3, 4])
def test_legal_advises_within_half_an_hour(declare, lawyer, now, level):
    advice = item(declare(level), "legal-advice")
    assert (advice.owner, advice.due_at) == (lawyer, now + timedelta(minutes=30))
    assert Reminder.objects.open().filter(subject_id=advice.pk, profile="e-crisis", quiet="never").exists()


def test_at_level_two_legal_is_not_woken(declare, lawyer):
    assert not WorkItem.objects.about(declare(2, scope={"all": True})).filter(key="legal-advice").exists()


@pytest.mark.parametrize(("level", "times"), [(4, 0.5), (3, 1), (2, 4)])
def test_what_is_stopped_by_hand_is_asked_at_the_pace_of_the_level(declare, member, now, level, times):
    crisis = declare(level, scope={"all": True})
    first = item(crisis, "outside-community")
    assert (first.owner, first.due_at) == (member, now + times * timedelta(minutes=10))
    assert item(crisis, "outside-editor").due_at == now + times * timedelta(minutes=15)
    paid = crisis.checks.get(key="paid-campaigns")
    assert (paid.owner, paid.due_at) == (member, first.due_at)


def test_the_last_tick_of_a_role_ends_its_work(declare, newsroom, colleague, now):
    crisis = declare()
    points = conduct_of(newsroom, "hold").points("hold", "outside")
    theirs = [point["key"] for point in points if point["role"] == "community"]
    assert len(theirs) > 2
    for line in crisis.checks.filter(kind="outside", key__in=theirs):
        assert item(crisis, "outside-community").state == "open"
        crises.tick(check=line, actor=colleague, now=now)
    assert item(crisis, "outside-community").state == "done"
    assert item(crisis, "outside-editor").state == "open"


# ---- the level rises


def test_work_counts_from_the_level_that_is_declared_not_from_the_watch_before_it(scheduled, declare, lead, now):
    crisis, later = declare(1), now + timedelta(hours=6)
    crises.change_level(crisis=crisis, level=3, reason="A leak", actor=lead, now=later)
    assert item(crisis, "assemble").due_at == later + timedelta(minutes=10)
    assert item(crisis, "holding").due_at == later + timedelta(minutes=60)
    assert not WorkItem.objects.about(crisis).filter(is_late_start=True).exists()
    assert crisis.checks.filter(kind="outside", due_at=later + timedelta(minutes=10)).exists()
    assert item(crisis, "outside-editor").due_at == later + timedelta(minutes=15)


def test_what_is_still_open_comes_sooner_at_a_quicker_level_and_never_later(scheduled, declare, lead, now):
    crisis, later = declare(2, scope={"tags": ["portal"]}), now + timedelta(minutes=30)
    before = {one.key: one.due_at for one in WorkItem.objects.about(crisis)}
    assert before["assemble"] == now + timedelta(minutes=40)
    crises.change_level(crisis=crisis, level=3, reason="A leak", actor=lead, now=later)
    after = {one.key: one for one in WorkItem.objects.about(crisis).open()}
    assert after["holding"].due_at == later + timedelta(minutes=60) < before["holding"]
    assert after["facts"].due_at == later + timedelta(minutes=30)
    assert after["assemble"].due_at == before["assemble"], "sooner than ten minutes from now already"
    assert after["legal-advice"].due_at == later + timedelta(minutes=30)
    assert all(one.due_at <= before[key] for key, one in after.items() if key in before and "-" not in key)
    told = Reminder.objects.open().filter(subject_id=after["holding"].pk, addressee="owner")
    assert {row.work_due_at for row in told} == {after["holding"].due_at}


def test_falling_leaves_the_hours_of_the_work_as_they_are(scheduled, declare, lead, now):
    crisis = declare()
    before = dict(WorkItem.objects.about(crisis).values_list("key", "due_at"))
    crises.change_level(crisis=crisis, level=2, reason="Calmer", actor=lead, now=now + timedelta(minutes=5))
    after = dict(WorkItem.objects.about(crisis).values_list("key", "due_at"))
    assert {key: after[key] for key in before} == before


def test_the_promised_hour_comes_sooner_at_a_quicker_level_and_is_kept_at_a_slower_one(scheduled, declare, lead, now):
    crisis, later = declare(2, scope={"tags": ["portal"]}), now + timedelta(minutes=10)
    assert crisis.promised_at == now + timedelta(hours=4)
    crises.change_level(crisis=crisis, level=3, reason="A leak", actor=lead, now=later)
    crisis.refresh_from_db()
    assert crisis.promised_at == later + timedelta(hours=1)
    crises.change_level(crisis=crisis, level=2, reason="Calmer", actor=lead, now=later + timedelta(minutes=5))
    crisis.refresh_from_db()
    assert crisis.promised_at == later + timedelta(hours=1), "what was promised in public is kept"
    waits = WorkItem.objects.about(crisis).open().filter(key__startswith="silence-")
    assert waits.count() == 1, "and one call alone waits for it"


def test_a_note_for_colleagues_keeps_no_promise_made_in_public(scheduled, declare, speak, lead, member, now):
    crisis = declare(2, scope={"tags": ["portal"]})
    public = speak(crisis, now + timedelta(minutes=30)).next_at
    crisis.refresh_from_db()
    calm = public - timedelta(hours=5)
    crises.change_level(crisis=crisis, level=1, reason="Calmer", actor=lead, now=calm)
    crisis.refresh_from_db()
    assert crisis.promised_at == public - timedelta(hours=4), "noon, for colleagues"
    crises.tell_inside(crisis=crisis, text="Nothing new.", actor=member, now=crisis.promised_at)
    crisis.refresh_from_db()
    assert crisis.promised_at == public
    update = WorkItem.objects.about(crisis).open().get(key__startswith="update-")
    assert "Speak at the promised hour" in update.title["en"]
    crises.tell_inside(crisis=crisis, text="Nothing new.", actor=member, now=public + timedelta(minutes=5))
    crisis.refresh_from_db()
    assert crisis.is_overdue(public + timedelta(minutes=6)), "only words in public keep it"
    assert speak(crisis, public + timedelta(minutes=9), kind="update").published_at
    crisis.refresh_from_db()
    assert not crisis.is_overdue(public + timedelta(minutes=9))


# ---- it lasts


def test_what_comes_back_goes_on_for_as_long_as_the_crisis_lasts(declare, lead, colleague, clear, now):
    crisis = declare()
    due = dict(WorkItem.objects.about(crisis).values_list("key", "due_at"))
    night = now + timedelta(hours=15)
    crises.hand_over(crisis=crisis, to=colleague, actor=lead, now=night)
    assert crises.carry_on(now=night) == 11 + 5
    assert crises.carry_on(now=night) == 0, "there is enough of it now"
    reviews = [item(crisis, f"review-level-{number}") for number in (12, 13, 14, 23)]
    assert [one.due_at for one in reviews] == [now + timedelta(hours=4 * number) for number in (12, 13, 14, 23)]
    assert item(crisis, "handover-7").due_at == due["handover-6"] + timedelta(hours=8)
    assert {reviews[1].owner, item(crisis, "handover-7").owner} == {colleague}, "whoever leads by then"
    assert Reminder.objects.open().filter(subject_id=reviews[1].pk, profile="e-crisis").exists()
    for day in range(1, 9):
        crises.carry_on(now=night + timedelta(days=day))
    times = sorted(WorkItem.objects.about(crisis).filter(key__startswith="review-level").values_list("due_at"))
    assert {later[0] - one[0] for one, later in pairwise(times)} == {timedelta(hours=4)}, "every four hours"
    crises.change_level(crisis=crisis, level=4, reason="Fire", actor=lead, now=night + timedelta(days=9))
    crisis.refresh_from_db()
    clear(crisis, night + timedelta(days=9))
    assert crises.carry_on(now=night + timedelta(days=30)) == 0


def test_a_watch_has_nothing_to_carry_on(declare, now):
    declare(1)
    assert crises.carry_on(now=now + timedelta(days=5)) == 0


# ---- at night, on a holiday


def test_at_night_on_a_holiday_people_are_told_at_once(newsroom, declare, lead, member):
    night = datetime(2026, 5, 1, 3, 0, tzinfo=PARIS)
    crisis = declare(at=night)
    assert crisis.first_words_due_at == night + timedelta(minutes=60)
    reminders.drain(clock=lambda: night + timedelta(minutes=1), transport=None)
    told = Notice.objects.filter(reminder__group_id=crisis.pk, reminder__profile="e-crisis", recipient=lead)
    assert told.exists()


def test_the_promised_hour_of_a_working_day_skips_a_holiday(newsroom, declare):
    crisis = declare(2, scope={"tags": ["a"]}, at=datetime(2026, 4, 30, 9, 0, tzinfo=PARIS))
    page = conduct_of(newsroom).level(2)
    after = datetime(2026, 4, 30, 16, 30, tzinfo=PARIS)
    assert promises.next_hour(crisis, page, after) == datetime(2026, 5, 4, 16, 0, tzinfo=PARIS)


# ---- the numbers of the playbook are the organisation's own


@pytest.fixture
def change(newsroom, member, now):
    def one(slug, **numbers):
        item = PlaybookItem.objects.bundled().get(kind="crisis", slug=slug)
        playbook.save_own(actor=member, kind="crisis", slug=slug, payload={**item.payload, **numbers}, now=now)

    return one


def test_the_pace_of_the_queue_is_the_organisations_own(scheduled, declare, change, review, clear, reads, lead, now):
    change("hold", releases_a_day=1, promotional_after_days=3)
    other = copy_of(scheduled, scheduled.placements.first().channel, planned_at=scheduled.planned_at)
    crisis = declare()
    assert "in a day: 1 at most" in reads(lead).get(f"{crisis.link}queue/").text
    review(crisis, scheduled, at=now)
    with pytest.raises(Refused, match="1 already"):
        review(crisis, other, Release.REDATE, at=now, to=LATER)
    Post.objects.filter(pk=other.pk).update(intent="promote")
    crisis.refresh_from_db()
    crisis, over = clear(crisis, now)
    with pytest.raises(Refused, match="3 days after the all-clear"):
        review(crisis, other, Release.REDATE, at=over + timedelta(days=2), to=LATER)
    review(crisis, other, Release.REDATE, at=over + timedelta(days=3), to=LATER)


def test_the_call_and_the_second_looks_follow_the_playbook(scheduled, declare, speak, change, clear, lead, now):
    change("updates", call_card_after_missed=2)
    change("post-mortem", check_after_days=[10])
    crisis = declare()
    speak(crisis, now + timedelta(minutes=30))
    silence = WorkItem.objects.about(crisis).open().get(key__startswith="silence-")
    assert silence.due_at == datetime(2026, 4, 27, 19, 0, tzinfo=PARIS) and "2 promised hours" in silence.title["en"]
    crisis.refresh_from_db()
    crisis, over = clear(crisis, now + timedelta(hours=1))
    made = crises.add_change(
        crisis=crisis, text="Numbers", owner=lead, due_on=date(2026, 6, 1), actor=lead, now=over
    )  # fmt: skip
    keys = WorkItem.objects.about(crisis).filter(key__startswith=f"change-{made.pk}-").values_list("key", flat=True)
    assert list(keys) == [f"change-{made.pk}-d10"]

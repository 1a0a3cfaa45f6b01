"""What we say: two people confirm the exact text, a person publishes it, the promised hour is kept or seen."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planner.base.errors import Invalid, NotAllowed, Refused, Stale
from planner.crisis import operations as crises
from planner.crisis.models import Crisis
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.posts.models import Post
from planner.posts.rules import Status
from planner.work.models import WorkItem
from tests.crisis.conftest import TEXT, YES, say
from tests.posts.conftest import write

PARIS = ZoneInfo("Europe/Paris")


def paris(hour, minute=0, day=27):
    return datetime(2026, 4, day, hour, minute, tzinfo=PARIS)


def test_first_words_keep_the_promise_and_make_the_next(declare, speak, now):
    crisis = declare()
    statement = speak(crisis, now + timedelta(minutes=50))
    crisis.refresh_from_db()
    assert statement.is_kept and statement.post.status != Status.PUBLISHED
    assert Post.objects.get(pk=statement.post_id).status == Status.PUBLISHED
    assert crisis.promised_at == paris(15), "four hours after the hour promised before"
    items = {item.key: item for item in WorkItem.objects.about(crisis)}
    assert items["holding"].state == "done"
    assert any(key.startswith("update-") and item.due_at == crisis.promised_at for key, item in items.items())


def test_a_promise_is_kept_to_the_minute(declare, speak, now):
    for minutes, is_kept in ((60, True), (61, False)):
        crisis = declare(2 if is_kept else 3, scope={"tags": ["a"]}, title=f"{minutes}")
        Crisis.objects.filter(pk=crisis.pk).update(promised_at=now + timedelta(minutes=60))
        assert speak(crisis, now + timedelta(minutes=minutes)).is_kept is is_kept


def test_the_hold_lets_it_pass_and_nothing_else(scheduled, declare, speak, now):
    crisis = declare()
    statement = speak(crisis, now + timedelta(minutes=5))
    assert statement.published_at
    assert Post.objects.get(pk=scheduled.pk).is_held
    assert crisis.hold.exceptions.count() == 1


def test_what_is_known_is_copied_into_the_draft(declare, speak, member, now):
    crisis = declare()
    crises.add_fact(crisis=crisis, kind="known", text="2,140 homes", source="Nadia", actor=member, now=now)
    statement = speak(crisis, now, upto="prepare")
    assert statement.post.fields["known"] == ["2,140 homes (Nadia)"]


def test_one_person_is_not_two(declare, speak, member, lead, now):
    statement = speak(declare(), now, upto="prepare")
    say(statement.post, member, TEXT, now)
    crises.confirm_statement(statement=statement, actor=member, answered=YES, now=now)
    with pytest.raises(Stale, match="somebody else"):
        crises.confirm_statement(statement=statement, actor=member, answered=YES, now=now)
    with pytest.raises(Refused, match="Two people"):
        _record(statement, member, now)


def _record(statement, actor, at):
    placement = statement.post.placements.select_related("channel", "post").first()
    return crises.record_statement(
        statement=statement, placement=placement, actor=actor, address="https://m.example/", published_at=at, now=at
    )


def test_from_level_three_one_of_the_two_speaks_or_leads(declare, speak, member, colleague, spokesperson, now):
    statement = speak(declare(), now, upto="prepare")
    say(statement.post, member, TEXT, now)
    crises.confirm_statement(statement=statement, actor=member, answered=YES, now=now)
    with pytest.raises(NotAllowed, match="one of the two"):
        crises.confirm_statement(statement=statement, actor=colleague, answered=YES, now=now)
    crises.confirm_statement(statement=statement, actor=spokesperson, answered=YES, now=now)
    _record(statement, member, now)


def test_one_letter_changed_and_it_is_confirmed_again(declare, speak, member, lead, now):
    statement = speak(declare(), now, upto="confirm")
    write(statement.post, member, "Another text.", now, title="Now")
    with pytest.raises(Refused, match="Two people"):
        _record(statement, member, now)


def test_it_goes_out_from_the_crisis_room_alone(declare, speak, member, now):
    statement = speak(declare(), now, upto="confirm")
    placement = statement.post.placements.select_related("channel", "post").first()
    with pytest.raises(Refused, match="crisis room") as refusal:
        posts.record_publication(
            placement=placement, actor=member, address="https://m.example/", published_at=now, now=now
        )
    assert refusal.value.link == statement.link


def test_its_other_channels_are_recorded_in_the_crisis_room_too_and_stand_in_the_log(declare, speak, member, now):
    crisis = declare()
    statement = speak(crisis, now)
    other = statement.post.placements.select_related("channel", "post").filter(published_at__isnull=True).first()
    said = {"placement": other, "actor": member, "address": "https://m.example/", "published_at": now}
    said["now"] = now + timedelta(minutes=2)
    with pytest.raises(Refused, match="crisis room"):
        posts.record_publication(**said)
    promised = crisis.__class__.objects.get(pk=crisis.pk).promised_at
    crises.record_statement(statement=statement, **said)
    assert str(other.channel) in crisis.lines.first().decision
    crisis.refresh_from_db()
    assert crisis.promised_at == promised, "the first channel made the promise"
    with pytest.raises(Stale):
        crises.record_statement(statement=statement, **said)


def test_one_statement_at_a_time(declare, speak, now):
    crisis = declare()
    speak(crisis, now, upto="prepare")
    with pytest.raises(Refused, match="already"):
        speak(crisis, now, upto="prepare")


def test_a_missed_hour_is_seen_and_the_third_brings_a_call(declare, speak, browse, reader, approver, now):
    crisis = declare()
    speak(crisis, now + timedelta(minutes=30))
    crisis.refresh_from_db()
    silence = WorkItem.objects.about(crisis).open().filter(key__startswith="silence-").get()
    assert silence.owner == approver
    assert crisis.promised_at == paris(15)
    assert silence.due_at == paris(7, day=28), "15:00, 19:00 and, the night being silent, 7:00"
    assert crisis.is_overdue(crisis.promised_at + timedelta(minutes=1))
    assert not crisis.is_overdue(crisis.promised_at)


def test_the_closing_words_come_after_the_all_clear(declare, speak, clear, now):
    crisis = declare()
    with pytest.raises(Refused, match="after the all-clear"):
        speak(crisis, now, kind="closing", upto="prepare")
    speak(crisis, now + timedelta(minutes=30))
    crisis.refresh_from_db()
    crisis, later = clear(crisis, now + timedelta(hours=1))
    with pytest.raises(Refused, match="over"):
        speak(crisis, later, kind="update", upto="prepare")
    speak(crisis, later, kind="closing")
    assert crisis.checks.get(key="closing-statement").done_at is not None


# ---- what the policy says of it

BELITTLES = (
    "Only a handful of families were concerned, and we are sorry if anyone was offended by this misunderstanding."
)


def test_the_policy_stops_what_belittles_and_shows_where(declare, speak, member, reads, lead, now):
    crisis = declare()
    statement = speak(crisis, now, upto="prepare")
    say(statement.post, member, BELITTLES, now)
    with pytest.raises(Refused, match="R13"):
        crises.confirm_statement(statement=statement, actor=lead, answered=YES, now=now)
    page = reads(lead).get(statement.link).content.decode()
    assert "The policy stops this text" in page and "<mark>" in page
    answer = reads(lead).post(f"{statement.link}confirm/", dict.fromkeys(YES, "on"))
    assert answer.status_code == 409 and "R13" in answer.content.decode()
    assert not posts.confirmations(statement.post)


def test_an_unfinished_text_is_never_let_pass(declare, speak, member, approver, now):
    statement = speak(declare(), now, upto="prepare")
    say(statement.post, member, f"{TEXT} [number of families]", now)
    with pytest.raises(Refused, match="nobody may pass over it"):
        crises.confirm_statement(
            statement=statement, actor=approver, answered=YES, despite="There is no time to finish it.", now=now
        )


def test_both_languages_or_a_reason_of_the_director(declare, speak, member, lead, approver, now):
    crisis = declare()
    statement = speak(crisis, now, upto="prepare")
    write(statement.post, member, TEXT, now, title="What we know")
    with pytest.raises(Refused, match="R24"):
        crises.confirm_statement(statement=statement, actor=member, answered=YES, now=now)
    said = {"statement": statement, "answered": YES, "now": now}
    with pytest.raises(NotAllowed):
        crises.confirm_statement(actor=member, despite="The translator is on her way here.", **said)
    with pytest.raises(Invalid, match="20 characters"):
        crises.confirm_statement(actor=approver, despite="In haste", **said)
    crises.confirm_statement(actor=approver, despite="The translator is on her way here.", **said)
    assert "translator" in crisis.lines.first().decision
    crises.confirm_statement(actor=member, **said)
    assert len(posts.confirmations(statement.post)) == 2
    write(statement.post, member, f"{TEXT} Call us.", now, title="What we know")
    with pytest.raises(Refused, match="R24"):
        crises.confirm_statement(actor=lead, **said)


def test_each_question_is_answered_with_yes(declare, speak, member, reads, lead, now):
    crisis = declare()
    statement = speak(crisis, now, upto="prepare")
    say(statement.post, member, TEXT, now)
    with pytest.raises(Invalid, match="say yes") as refusal:
        crises.confirm_statement(statement=statement, actor=lead, answered=["H03"], now=now)
    assert refusal.value.field == "H02"
    client = reads(lead)
    assert "Do those affected come before us?" in client.get(statement.link).content.decode()
    assert client.post(f"{statement.link}confirm/", {"H02": "on"}).status_code == 400
    assert client.post(f"{statement.link}confirm/", {"H02": "on", "H03": "on"}).status_code == 302
    assert "Les personnes touchées viennent-elles avant nous" in crisis.lines.first().reason


# ---- the level rises before it is out

SELLS = (
    "Data of the portal has been exposed. It is the perfect time to take advantage of our new offer: order today, "
    "crisis special. We speak again at 16:00."
)


def _shows_that_it_stopped(statement, people, outsider, reads) -> None:
    for one in people:
        page = reads(one).get(statement.link).content.decode()
        assert "Two people confirm it again" in page and "R12" in page and "It is out" not in page
    assert reads(outsider).get(statement.link).status_code == 404


def _goes_out_once_mended(statement, both, now) -> None:
    with pytest.raises(Refused, match="Two people"):
        _record(statement, both[0], now + timedelta(minutes=6))
    with pytest.raises(Refused, match="R12"):
        crises.confirm_statement(statement=statement, actor=both[0], answered=YES, now=now + timedelta(minutes=6))
    say(statement.post, both[0], TEXT, now + timedelta(minutes=7))
    for one in both:
        crises.confirm_statement(statement=statement, actor=one, answered=YES, now=now + timedelta(minutes=8))
    _record(statement, both[0], now + timedelta(minutes=9))


def _confirmed_at_level_one(declare, speak, first, second, body, now):
    crisis = declare(level=1)
    statement = speak(crisis, now, upto="prepare")
    say(statement.post, first, body, now)
    for one in (first, second):
        crises.confirm_statement(statement=statement, actor=one, answered=YES, now=now)
    return crisis, statement


def _raise(crisis, level, actor, now):
    crises.change_level(crisis=crisis, level=level, reason="Worse", actor=actor, scope={"all": True}, now=now)


def test_what_the_policy_stops_at_the_new_level_is_confirmed_again(
    declare, speak, member, colleague, lead, outsider, reads, now
):  # fmt: skip
    crisis, statement = _confirmed_at_level_one(declare, speak, member, lead, SELLS, now)
    assert "Two people confirm it again" not in reads(colleague).get(statement.link).content.decode()
    _raise(crisis, 3, lead, now + timedelta(minutes=5))
    said = Entry.objects.get(verb="crisis.unconfirmed").data["said"]
    assert "(R12)" in said["en"] and crisis.lines.filter(decision=said["fr"]).exists()
    _shows_that_it_stopped(statement, (member, colleague), outsider, reads)
    _goes_out_once_mended(statement, (member, lead), now)


def test_what_passes_at_the_new_level_stays_confirmed(declare, speak, member, lead, now):
    crisis, statement = _confirmed_at_level_one(declare, speak, member, lead, TEXT, now)
    _raise(crisis, 3, lead, now + timedelta(minutes=5))
    assert len(posts.confirmations(statement.post)) == 2
    _record(statement, member, now + timedelta(minutes=6))


def test_at_level_three_two_who_neither_speak_nor_lead_confirm_again(declare, speak, member, colleague, lead, now):
    crisis, statement = _confirmed_at_level_one(declare, speak, member, colleague, TEXT, now)
    _raise(crisis, 3, lead, now + timedelta(minutes=5))
    assert "a spokesperson" in Entry.objects.get(verb="crisis.unconfirmed").data["said"]["en"]
    with pytest.raises(Refused, match="Two people"):
        _record(statement, member, now + timedelta(minutes=6))
    for one in (member, lead):
        crises.confirm_statement(statement=statement, actor=one, answered=YES, now=now + timedelta(minutes=7))
    _record(statement, member, now + timedelta(minutes=8))


# ---- another crisis begins, or rises, before it is out


def test_another_crisis_that_begins_has_the_confirmed_words_judged_again(
    declare, speak, member, colleague, lead, outsider, reads, now
):  # fmt: skip
    crisis, statement = _confirmed_at_level_one(declare, speak, member, colleague, SELLS, now)
    other = declare(3, title="Fire at the depot", at=now + timedelta(minutes=5))
    said = Entry.objects.get(verb="crisis.unconfirmed").data["said"]
    assert "Fire at the depot" in said["en"] and "level 3" in said["en"] and "(R12)" in said["en"]
    assert crisis.lines.filter(decision=said["fr"]).exists(), "in the log of the crisis whose words they are"
    assert not other.lines.filter(decision=said["fr"]).exists()
    _shows_that_it_stopped(statement, (member, colleague, lead), outsider, reads)
    _goes_out_once_mended(statement, (member, colleague), now)


def test_another_crisis_that_rises_has_them_judged_again_where_it_covers_them(
    declare, speak, member, colleague, lead, now
):  # fmt: skip
    crisis, statement = _confirmed_at_level_one(declare, speak, member, colleague, SELLS, now)
    other = declare(2, scope={"tags": ["portal"]}, at=now + timedelta(minutes=5))
    assert not Entry.objects.filter(verb="crisis.unconfirmed").exists(), "it covers other posts"
    crises.change_level(crisis=other, level=3, reason="Worse", actor=lead, now=now + timedelta(minutes=6))
    said = Entry.objects.get(verb="crisis.unconfirmed").data["said"]
    assert other.title in said["en"] and crisis.lines.filter(decision=said["fr"]).exists()
    assert posts.confirmations(statement.post) == []


def test_words_that_bear_the_other_crisis_stay_confirmed_and_go_out_on_every_channel(
    declare, speak, member, colleague, lead, now
):  # fmt: skip
    crisis, statement = _confirmed_at_level_one(declare, speak, member, colleague, TEXT, now)
    places = list(statement.post.placements.select_related("channel", "post"))
    assert len(places) > 1
    _record(statement, member, now + timedelta(minutes=2))
    other = declare(3, title="Fire at the depot", at=now + timedelta(minutes=5))
    assert not Entry.objects.filter(verb="crisis.unconfirmed").exists()
    assert not other.hold.held.filter(placement__post=statement.post).exists()
    for place in places[1:]:
        crises.record_statement(
            statement=statement, placement=place, actor=member, address="https://m.example/", now=now + timedelta(9),
            published_at=now + timedelta(minutes=8),
        )  # fmt: skip
    update = speak(crisis, now + timedelta(minutes=20), kind="update")
    assert update.published_at, "prepared while both are open, out on its first channel"
    assert not other.hold.held.filter(placement__post__statement__crisis=crisis).exists()

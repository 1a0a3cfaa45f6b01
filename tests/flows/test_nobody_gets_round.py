"""What the policy stops stays where it is, by whatever way somebody comes; and a signature covers one text alone."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from planner.base.errors import NotAllowed, NotFound, Refused
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Approval, Placement, Post
from planner.posts.rules import TRANSITIONS, Event, Release, Status, WallTime
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.operations.staff import keep_admin_door
from planner.workspaces.rules import Level
from tests.conftest import join, person
from tests.posts.conftest import PLANNED, YES, finish_before, give_role, item_of, write

LOUD = "Buy now! Order now! Last chance: a special offer, while stocks last. Don't miss our unbeatable prices."
LATER = WallTime(PLANNED.on + timedelta(days=5), PLANNED.at)
ANSWERS = {"hurtful": "no", "resources": "no", "true-useful": "yes"}


def again(post) -> Post:
    return Post.objects.get(pk=post.pk)


def at(name, **named) -> str:
    return reverse(name, kwargs={"workspace": "marbourg", **named})


@pytest.fixture
def clock(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def stopped(in_review, colleague, approver, member, now):
    """Approved, all its work done, and a text that sells: R01 stops it."""
    write(in_review, colleague, LOUD, now)
    post = posts.approve(answers=YES, post=again(in_review), actor=approver, now=now)
    finish_before(post, member, now, "scheduled")
    return again(post)


# ---- each way in


def test_the_button_is_refused_and_leads_to_the_finding(browse, stopped, member, clock):
    client = browse(member)
    assert 'href="#rule-R01"' in client.get(stopped.link).text
    answer = client.post(at("posts:transition", post=stopped.pk, event="schedule"))
    assert answer.status_code == 409
    assert f"{stopped.link}#rule-R01" in answer.text
    assert again(stopped).status == Status.APPROVED


def test_no_level_and_no_role_schedules_it(stopped, newsroom, now):
    for number, level in enumerate(Level):
        one = join(newsroom, person(f"P{number}", f"p{number}@example.org"), level)
        for role in ("editor", "approver", "legal", "crisis_lead", "leader"):
            give_role(one, role)
        with pytest.raises((Refused, NotAllowed)):
            posts.schedule(post=stopped, actor=one, now=now)
    assert again(stopped).status == Status.APPROVED


def test_drag_moves_it_and_schedules_nothing(browse, stopped, member, clock):
    sent = {"post": stopped.pk, "version": stopped.version, "source": PLANNED.on, "on": LATER.on, "at": "10:00"}
    assert browse(member).post(at("calendar:move"), sent).status_code == 302
    moved = again(stopped)
    assert moved.planned_at > stopped.planned_at
    assert moved.status == Status.APPROVED


def test_bulk_moves_and_gives_it_away_and_schedules_nothing(browse, stopped, member, approver, clock):
    client = browse(member)
    many = {"post": f"{stopped.pk}:{stopped.version}", "sure": "1"}
    assert client.post(at("calendar:bulk"), {**many, "act": "shift", "days": "2"}).status_code == 302
    moved = again(stopped)
    assert moved.planned_at > stopped.planned_at
    many["post"] = f"{moved.pk}:{moved.version}"
    assert client.post(at("calendar:bulk"), {**many, "act": "author", "author": member.pk}).status_code == 302
    assert (again(stopped).author, again(stopped).status) == (member, Status.APPROVED)


def test_the_admin_takes_a_date_and_no_state(browse, stopped, member, clock):
    keep_admin_door(member.user)
    change = reverse("admin:planner_post_change", args=[stopped.pk])
    sent = {"on": LATER.on.isoformat(), "at": "10:00", "status": "scheduled"}
    assert browse(member).post(change, sent).status_code == 302
    assert again(stopped).status == Status.APPROVED


def test_no_command_and_no_sweep_schedules_it(stopped, clock):
    for _tick in range(3):
        clock.shift(timedelta(days=8))
        call_command("escalate_due", verbosity=0)
        assert again(stopped).status == Status.APPROVED


def test_a_hold_and_its_release_do_not_schedule_it(stopped, member, now):
    frozen = posts.hold_post(post=stopped, actor=member, reason="Wait.", now=now)
    with pytest.raises(Refused, match="R01"):
        posts.schedule(post=again(stopped), actor=member, now=now)
    posts.decide(
        post=again(stopped), hold=frozen, actor=member, decision=Release.UNCHANGED, reason="Go on.", now=now
    )  # fmt: skip
    assert again(stopped).status == Status.APPROVED


def test_the_queue_of_a_crisis_releases_nothing_that_the_policy_stops(scheduled, member, colleague, newsroom, now):
    alert = posts.raise_alert(workspace=newsroom, level=2, scope={"all": True}, actor=member, now=now)
    frozen = posts.hold(
        workspace=newsroom, scope={"all": True}, reason="Data leak", actor=member, alert=alert, now=now
    )  # fmt: skip
    Post.objects.filter(pk=scheduled.pk).update(people_shown=[{"name": "Omar Benali"}])
    for decision, to in ((Release.UNCHANGED, None), (Release.REDATE, LATER)):
        with pytest.raises(Refused, match="R19") as refusal:
            posts.decide(
                post=again(scheduled), hold=frozen.hold, actor=member, decision=decision, reason="Go.", to=to,
                answers=ANSWERS, now=now,
            )  # fmt: skip
        assert refusal.value.link.endswith("#rule-R19")
    assert again(scheduled).is_held


def test_what_is_stopped_after_it_was_scheduled_does_not_go_out(browse, scheduled, member, out, clock):
    finish_before(scheduled, member, out, "published")
    Post.objects.filter(pk=scheduled.pk).update(audience="everybody")
    clock.move_to(out + timedelta(minutes=5))
    place = scheduled.placements.get(channel__slug="site-article")
    sent = {"address": "https://marbourg.example/compost", "on": out.date().isoformat(), "at": "10:07"}
    answer = browse(member).post(at("posts:record", post=scheduled.pk, placement=place.pk), sent)
    assert answer.status_code == 409
    assert f"{scheduled.link}#rule-R04" in answer.text
    assert again(scheduled).status == Status.SCHEDULED
    Post.objects.filter(pk=scheduled.pk).update(audience=scheduled.audience)
    assert browse(member).post(at("posts:record", post=scheduled.pk, placement=place.pk), sent).status_code == 302


def test_a_consent_that_is_withdrawn_keeps_it_from_the_second_channel(published, member, out, now):
    given = posts.Given("Omar Benali", "His picture", given_on=now.date())
    consent = posts.give_consent(post=published, actor=member, given=given, now=out)
    posts.withdraw_consent(consent=consent, actor=member, now=out)
    place = published.placements.get(channel__slug="newsletter")
    with pytest.raises(Refused, match="R19"):
        posts.record_publication(placement=place, actor=member, address="", published_at=out, now=out)
    assert Placement.objects.get(pk=place.pk).published_at is None


def test_haste_excuses_nothing_unfinished_and_nobody_unasked(newsroom, member, manager, now):
    give_role(manager, "crisis_lead")
    item = PlaybookItem.objects.visible_to(newsroom).templates().get(slug="service-notice")
    post = posts.create_from_template(
        actor=member, template=item, planned=None, channels=list(newsroom.channels.filter(slug="service-page")),
        values={"author": member, "fields": {"urgent": True, "what": "No water"}}, title="No water", language="en",
        now=now,
    )  # fmt: skip
    write(post, member, "No water in Mill Street until 18:00. Bottles at the town hall.", now, title="No water")
    write(
        post, member, "Plus d’eau rue du Moulin jusqu’à 18 heures. Bouteilles à la mairie.", now, title="Plus d’eau",
        language="fr",
    )  # fmt: skip
    for one in (member, manager):
        posts.confirm_urgent(post=again(post), actor=one, now=now)
    Post.objects.filter(pk=post.pk).update(people_shown=[{"name": "Omar Benali"}])
    place = post.placements.select_related("post", "channel").get()
    with pytest.raises(Refused, match="R19"):
        posts.record_publication(
            placement=place, actor=member, address="https://m.example/water", published_at=now, now=now
        )  # fmt: skip
    write(again(post), member, "No water until [hour].", now, title="No water")
    with pytest.raises(Refused, match="R18"):
        posts.confirm_urgent(post=again(post), actor=member, now=now)


def test_what_sells_in_the_own_text_of_a_channel_counts_in_every_language(approved, member, colleague, now):
    place = approved.placements.first()
    for code in ("en", "fr"):
        posts.save_placement_text(
            post=again(approved), placement=place, actor=colleague, language=code, title="",
            body={"en": LOUD, "fr": "Achetez ! Profitez-en, dernière chance : offre exclusive, prix cassés."}[code],
            now=now,
        )  # fmt: skip
        found = [one for one in posts.judge(again(approved), now).findings if one.place.startswith("channel:")]
        assert "R01" in {one.rule for one in found}, code
        posts.save_placement_text(
            post=again(approved), placement=place, actor=colleague, language=code, title="", body="", now=now
        )  # fmt: skip


def test_nothing_is_scheduled_where_we_only_listen(approved, member, manager, now):
    channel = approved.placements.get(channel__slug="newsletter").channel
    finish_before(approved, member, now, "scheduled")
    workspaces.move_channel_on(actor=manager, channel=channel, stage="listening", now=now)
    with pytest.raises(Refused, match="only listen") as refusal:
        posts.schedule(post=again(approved), actor=member, now=now)
    assert refusal.value.link.endswith("#channels")
    workspaces.move_channel_on(actor=manager, channel=channel, stage="ready", now=now + timedelta(days=30))
    assert posts.schedule(post=again(approved), actor=member, now=now).status == Status.SCHEDULED
    workspaces.move_channel_on(actor=manager, channel=channel, stage="listening", now=now)
    assert "#channels" in {one.anchor for one in posts.missing(again(approved), Event.PUBLISH, now)}


def test_only_one_event_of_the_map_leads_into_the_schedule():
    assert [move for move, after in TRANSITIONS.items() if after == Status.SCHEDULED] == [
        (Status.APPROVED, Event.SCHEDULE)
    ]


# ---- one letter, two approvers, somebody who leaves


@pytest.fixture
def signed(draft, lawyer, approver, colleague, member, now):
    """A regulated post, approved and signed on the exact text, its work done."""
    posts.update_frame(post=draft, actor=member, values={"is_regulated": True}, now=now)
    post = posts.submit(post=again(draft), actor=colleague, now=now)
    post = posts.sign(post=post, actor=lawyer, now=now)
    post = posts.approve(answers=YES, post=post, actor=approver, now=now)
    finish_before(post, member, now, "scheduled")
    return again(post)


BODY = "Stir it, add dry leaves, wait a week."


def test_one_letter_after_the_signature_and_it_is_to_be_signed_again(signed, colleague, approver, lawyer, member, now):
    write(signed, colleague, BODY.replace("week", "weak"), now)
    post = again(signed)
    assert post.status == Status.IN_REVIEW
    assert not Approval.objects.filter(post=post, voided_at__isnull=True).exists()
    assert item_of(post, "legal").state == "open"
    post = posts.approve(answers=YES, post=post, actor=approver, now=now)
    with pytest.raises(Refused, match="Legal"):
        posts.schedule(post=post, actor=member, now=now)
    post = posts.sign(post=again(post), actor=lawyer, now=now)
    assert posts.schedule(post=post, actor=member, now=now).status == Status.SCHEDULED


def test_a_signature_is_asked_even_where_no_work_asks_for_it(signed, member, now):
    Approval.objects.filter(post=signed, role="legal").update(voided_at=now)
    with pytest.raises(Refused, match="legal has to sign") as refusal:
        posts.schedule(post=signed, actor=member, now=now)
    assert refusal.value.link.endswith("#approvals")
    moves = {move.event for move in posts.possible_moves(post=signed, actor=member, now=now)}
    assert Event.SIGN in moves


def test_one_letter_after_the_approval(approved, colleague, member, now):
    write(approved, colleague, BODY + ".", now)
    assert again(approved).status == Status.IN_REVIEW
    with pytest.raises(Refused, match="approved first"):
        posts.schedule(post=again(approved), actor=member, now=now)


def test_one_letter_in_the_schedule_takes_it_out_again(scheduled, colleague, member, now):
    write(scheduled, colleague, BODY.replace("Stir", "stir"), now)
    post = again(scheduled)
    assert post.status == Status.IN_REVIEW
    assert not posts.valid_approvals(post)
    assert item_of(post, "approve").state == "open"


def test_the_old_letter_back_is_not_the_old_approval(scheduled, colleague, now):
    write(scheduled, colleague, BODY + ".", now)
    write(scheduled, colleague, BODY, now)
    assert again(scheduled).status == Status.IN_REVIEW
    assert not posts.valid_approvals(again(scheduled))


def test_an_approver_who_left_approves_no_more_and_what_they_approved_stands(approved, approver, manager, member, now):
    workspaces.remove_member(member=approver, actor=manager, now=now)
    post = again(approved)
    assert [one.person for one in posts.valid_approvals(post)] == [approver]
    finish_before(post, member, now, "scheduled")
    assert posts.schedule(post=post, actor=member, now=now).status == Status.SCHEDULED


def test_an_approver_who_left_leaves_the_work_to_somebody(in_review, approver, manager, newsroom, now):
    workspaces.remove_member(member=approver, actor=manager, now=now)
    posts.hand_over_work(leaver=approver, actor=manager, now=now)
    gone = Membership.objects.get(pk=approver.pk)
    with pytest.raises((NotAllowed, NotFound)):
        posts.approve(answers=YES, post=in_review, actor=gone, now=now)
    owner = WorkItem.objects.about(in_review).get(key="approve").owner
    assert owner is not None and owner.is_active and owner.pk != approver.pk
    new = join(newsroom, person("Nour Nouvelle", "nour@example.org"), Level.CONTRIBUTOR)
    give_role(new, "approver")
    assert posts.approve(answers=YES, post=again(in_review), actor=new, now=now).status == Status.APPROVED

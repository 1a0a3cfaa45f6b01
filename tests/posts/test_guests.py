"""Readers without an account: what they see, what they may say, and what waits for them."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.posts.models import Comment, Guest
from planner.posts.operations import reading
from planner.reminders.models import Reminder
from tests.posts.conftest import write


@pytest.fixture
def invite(member, now):
    def one(post, **values):
        return posts.invite_guest(
            **{"post": post, "actor": member, "name": "Awa Diop", "days": 14, "now": now} | values
        )

    return one


@pytest.fixture
def say(now):
    """`say(token, post, "agrees")` gives an opinion of the text as it stands."""

    def one(token, post, opinion="agrees", body="", digest=None):
        digest = digest or reading.digest_of(type(post).objects.get(pk=post.pk))
        return posts.give_opinion(token=token, opinion=opinion, body=body, digest=digest, now=now)

    return one


def missing_to_approve(post, now) -> list[str]:
    return [str(one.sentence) for one in posts.missing(type(post).objects.get(pk=post.pk), "approve", now)]


# ---- inviting


def test_only_a_planner_of_the_workspace_invites_and_takes_back(invite, in_review, colleague, reader, outsider, now):
    with pytest.raises(NotAllowed):
        invite(in_review, actor=reader)
    with pytest.raises(NotFound):
        invite(in_review, actor=outsider)
    guest, _token = invite(in_review)
    with pytest.raises(NotFound):
        posts.revoke_guest(guest=guest, actor=outsider, now=now)
    with pytest.raises(NotAllowed):
        posts.revoke_guest(guest=guest, actor=reader, now=now)


@pytest.mark.parametrize(("wrong", "field"), [({"name": "  "}, "name"), ({"days": 0}, "days"), ({"days": 61}, "days")])
def test_an_invitation_needs_a_name_and_an_end(invite, draft, wrong, field):
    with pytest.raises(Invalid) as refused:
        invite(draft, **wrong)
    assert refused.value.field == field


def test_the_token_is_kept_nowhere(invite, draft):
    _guest, token = invite(draft)
    assert token not in str(list(Guest.objects.values())) + str(list(Entry.objects.values()))


def test_a_link_answers_until_it_expires_is_taken_back_or_its_sender_leaves(invite, in_review, member, now):
    guest, token = invite(in_review)
    assert posts.read_guest(token=token, now=now + timedelta(days=13)) == guest
    assert posts.read_guest(token=token, now=now + timedelta(days=14)) is None
    assert posts.read_guest(token=token + "x", now=now) is None
    type(member).objects.filter(pk=member.pk).update(left_at=now)
    assert posts.read_guest(token=token, now=now) is None
    type(member).objects.filter(pk=member.pk).update(left_at=None)
    posts.revoke_guest(guest=guest, actor=member, now=now)
    assert posts.read_guest(token=token, now=now) is None
    with pytest.raises(Stale):
        posts.revoke_guest(guest=guest, actor=member, now=now)


# ---- what they say


def test_an_opinion_is_of_one_exact_text(invite, say, in_review, member, now):
    guest, token = invite(in_review)
    seen = reading.digest_of(in_review)
    assert say(token, in_review).agrees_with(seen)
    write(in_review, member, "One letter more", now)
    changed = type(in_review).objects.get(pk=in_review.pk)
    assert not Guest.objects.get(pk=guest.pk).agrees_with(reading.digest_of(changed))
    with pytest.raises(Stale):
        say(token, in_review, digest=seen)


def test_asking_for_changes_says_which_and_the_author_is_told_once(invite, say, in_review, now):
    _guest, token = invite(in_review)
    with pytest.raises(Invalid):
        say(token, in_review, "asks")
    before = set(Reminder.objects.values_list("pk", flat=True))
    say(token, in_review, "asks", "The date of the market is wrong.")
    told = Reminder.objects.exclude(pk__in=before)
    assert {row.message["en"] for row in told} == {"Awa Diop asks for changes: The date of the market is wrong."}
    assert len({row.addressee for row in told}) == told.count()
    assert Entry.objects.about(in_review).latest("pk").actor_name == "Awa Diop"
    assert type(in_review).objects.get(pk=in_review.pk).status == "in_review"


def test_what_is_out_waits_for_no_opinion_and_still_hears_remarks(invite, say, published, now):
    _guest, token = invite(published)
    with pytest.raises(Refused):
        say(token, published)
    posts.remark_as_guest(token=token, body="A word on the published text", now=now)
    assert Comment.objects.get().post == published


def test_what_was_given_up_waits_for_no_opinion(invite, say, draft, member, now):
    _guest, token = invite(draft)
    posts.cancel(post=draft, actor=member, reason="No longer needed", now=now)
    with pytest.raises(Refused):
        say(token, draft)


def test_remarks_have_a_length_and_a_number(invite, draft, now):
    guest, token = invite(draft)
    for body in ("  ", "x" * 5001):
        with pytest.raises(Invalid):
            posts.remark_as_guest(token=token, body=body, now=now)
    Comment.objects.bulk_create(Comment(post=draft, guest=guest, body="again", at=now) for _n in range(100))
    with pytest.raises(Refused):
        posts.remark_as_guest(token=token, body="once more", now=now)
    with pytest.raises(NotFound):
        posts.remark_as_guest(token="unknown", body="hello", now=now)


# ---- what waits for them


def test_approving_waits_for_an_agreement_that_is_awaited_and_for_no_other(
    invite, say, in_review, approver, member, now
):
    before = missing_to_approve(in_review, now)
    _guest, _token = invite(in_review, name="Only asked")
    assert missing_to_approve(in_review, now) == before
    _guest, token = invite(in_review, is_awaited=True)
    waits = [*before, "Awa Diop has not agreed with this text yet."]
    assert missing_to_approve(in_review, now) == waits
    say(token, in_review, "asks", "Not yet")
    assert missing_to_approve(in_review, now) == waits
    with pytest.raises(Refused):
        posts.approve(post=in_review, actor=approver, now=now)
    say(token, in_review)
    assert missing_to_approve(in_review, now) == before
    write(in_review, member, "One letter more", now)
    assert missing_to_approve(in_review, now) == waits


def test_nothing_waits_for_a_link_that_no_longer_answers(invite, in_review, member, now):
    before = missing_to_approve(in_review, now)
    guest, _token = invite(in_review, is_awaited=True, days=1)
    assert missing_to_approve(in_review, now + timedelta(days=1)) == before
    posts.revoke_guest(guest=guest, actor=member, now=now)
    assert missing_to_approve(in_review, now) == before


# ---- the pages


@pytest.fixture
def page(client, now):
    with time_machine.travel(now, tick=False):
        yield lambda token: reverse("guest_reading", kwargs={"token": token})


def test_the_page_shows_the_text_and_what_is_meant_for_them_and_nothing_internal(
    invite, page, client, in_review, colleague, now
):
    _guest, token = invite(in_review, name="Awa Diop")
    posts.comment(post=in_review, actor=colleague, body="Between us: too long", now=now)
    posts.comment(post=in_review, actor=colleague, body="Is your job right?", is_for_guests=True, now=now)
    shown = client.get(page(token))
    assert shown.status_code == 200
    assert "A compost that smells of forest" in shown.text
    assert "Is your job right?" in shown.text
    assert "Between us" not in shown.text
    assert in_review.objective not in shown.text
    assert "/w/" not in shown.text
    assert shown["X-Robots-Tag"] == "noindex"
    assert "no-store" in shown["Cache-Control"]


def test_two_buttons_and_a_remark_by_hand(invite, page, client, in_review, now):
    guest, token = invite(in_review)
    address, digest = page(token), reading.digest_of(in_review)
    assert client.post(address, {"act": "remark", "body": "", "digest": digest}).status_code == 400
    kept = client.post(address, {"act": "agrees", "body": "Well done", "digest": "of an older text"})
    assert kept.status_code == 409
    assert "Well done" in kept.text
    assert client.post(address, {"act": "agrees", "body": "", "digest": digest}).status_code == 302
    assert Guest.objects.get(pk=guest.pk).opinion == "agrees"
    assert client.post(address, {"act": "remark", "body": "Thank you", "digest": digest}).status_code == 302
    assert Comment.objects.filter(guest=guest).count() == 1
    assert client.get(page("unknown")).status_code == 404


def test_the_page_costs_the_same_whatever_was_said(invite, page, client, in_review, now, django_assert_num_queries):
    _guest, token = invite(in_review)
    client.get(page(token))
    with django_assert_num_queries(10):
        client.get(page(token))
    for number in range(4):
        posts.remark_as_guest(token=token, body=f"Remark {number}", now=now)
    with django_assert_num_queries(10):
        assert "Remark 3" in client.get(page(token)).text


def test_the_team_makes_a_link_sees_what_became_of_it_and_takes_it_back(client, page, say, in_review, member, now):
    client.force_login(member.user)
    address = reverse("posts:invite_guest", args=["marbourg", in_review.pk])
    assert client.get(address).status_code == 200
    made = client.post(address, {"name": "Awa Diop", "days": 7, "is_awaited": "on"})
    guest = Guest.objects.get()
    token = made.text.split("/read/", 1)[1].split("/", 1)[0]
    assert posts.read_guest(token=token, now=now) == guest
    say(token, in_review, "asks", "The photo is not mine")
    shown = client.get(in_review.link).text
    assert "Awa Diop" in shown and "The photo is not mine" in shown
    gone = client.post(reverse("posts:revoke_guest", args=["marbourg", in_review.pk, guest.pk]))
    assert gone.status_code == 302
    assert client.get(page(token)).status_code == 404

"""Urgent notices: two confirmations of the exact text, the author and somebody who leads, then a person publishes."""

from datetime import timedelta

import pytest

from planner.base.errors import Invalid, NotAllowed, Refused, Stale
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Override, Post
from planner.posts.rules import Status
from planner.work.models import WorkItem
from tests.posts.conftest import give_role, write


@pytest.fixture
def crisis_lead(manager):
    give_role(manager, "crisis_lead")
    return manager


@pytest.fixture
def notice(newsroom, member, now):
    item = PlaybookItem.objects.visible_to(newsroom).templates().get(slug="service-notice")
    post = posts.create_from_template(
        actor=member, template=item, planned=None, channels=list(newsroom.channels.filter(slug="service-page")),
        values={"author": member, "fields": {"urgent": True, "what": "No water"}}, title="No water", language="en",
        now=now,
    )  # fmt: skip
    write(post, member, "No water in Mill Street until 18:00. Bottles at the town hall.", now, title="No water")
    french = "Pas d’eau rue du Moulin jusqu’à 18 h. Des bouteilles sont à la mairie."
    write(post, member, french, now, title="Pas d’eau", language="fr")
    return Post.objects.get(pk=post.pk)


def record(post, actor, at):
    return posts.record_publication(
        placement=post.placements.select_related("post", "channel").get(), actor=actor,
        address="https://m.example/water", published_at=at, now=at,
    )  # fmt: skip


def test_it_goes_out_on_the_authors_and_the_leads_confirmation(notice, member, crisis_lead, now):
    with pytest.raises(Refused, match="Two people"):
        record(notice, member, now)
    posts.confirm_urgent(post=notice, actor=member, now=now)
    posts.confirm_urgent(post=notice, actor=crisis_lead, now=now)
    record(notice, member, now)
    post = Post.objects.get(pk=notice.pk)
    assert post.status == Status.PUBLISHED
    again = WorkItem.objects.about(post).get(key="review-after")
    assert again.owner == member and again.due_at == now + timedelta(hours=1)


def test_what_went_out_on_one_channel_goes_out_on_the_next_in_the_same_hurry(
    browse, newsroom, notice, member, crisis_lead, now
):  # fmt: skip
    posts.add_placement(post=notice, actor=member, channel=newsroom.channels.get(slug="sms-alert"), now=now)
    for one in (member, crisis_lead):
        posts.confirm_urgent(post=notice, actor=one, now=now)
    page, text_message = notice.placements.select_related("post", "channel").order_by("pk")
    _record(page, member, now)
    write(notice, member, "No water in Mill Street until 19:00.", now, title="No water")
    with pytest.raises(Refused, match="Two people"):
        _record(text_message, member, now)
    shown = browse(member).get(notice.link).content.decode()
    assert f"/posts/{notice.pk}/confirm/" in shown
    for one in (member, crisis_lead):
        posts.confirm_urgent(post=Post.objects.get(pk=notice.pk), actor=one, now=now)
    _record(text_message, member, now)
    assert f"/posts/{notice.pk}/confirm/" not in browse(member).get(notice.link).content.decode(), "out everywhere"
    assert WorkItem.objects.about(notice).filter(key="review-after").count() == 1


def _record(placement, actor, at):
    return posts.record_publication(
        placement=placement, actor=actor, address="https://m.example/water", published_at=at, now=at
    )


def test_others_may_not_confirm_and_nobody_confirms_twice(notice, member, colleague, crisis_lead, now):
    with pytest.raises(NotAllowed):
        posts.confirm_urgent(post=notice, actor=colleague, now=now)
    posts.confirm_urgent(post=notice, actor=member, now=now)
    with pytest.raises(Stale):
        posts.confirm_urgent(post=notice, actor=member, now=now)


def test_two_leads_without_the_author_are_not_enough(notice, crisis_lead, approver, now):
    for one in (crisis_lead, approver):
        posts.confirm_urgent(post=notice, actor=one, now=now)
    with pytest.raises(Refused, match="author"):
        record(notice, crisis_lead, now)


def test_one_letter_changed_and_it_is_confirmed_again(notice, member, crisis_lead, now):
    for one in (member, crisis_lead):
        posts.confirm_urgent(post=notice, actor=one, now=now)
    write(notice, member, "No water in Mill Street until 19:00.", now, title="No water")
    with pytest.raises(Refused, match="Two people"):
        record(notice, member, now)


def test_a_notice_that_is_not_urgent_goes_the_whole_way(notice, draft, member, colleague, now):
    Post.objects.filter(pk=notice.pk).update(fields={"what": "No water"})
    for post in (notice, draft):
        with pytest.raises(Refused, match="two confirmations"):
            posts.confirm_urgent(post=Post.objects.get(pk=post.pk), actor=member, now=now)


def test_an_empty_text_is_not_confirmed(newsroom, notice, member, now):
    notice.texts.update(body="## What")
    with pytest.raises(Invalid):
        posts.confirm_urgent(post=notice, actor=member, now=now)


def test_a_held_one_stays(notice, member, crisis_lead, now):
    for one in (member, crisis_lead):
        posts.confirm_urgent(post=notice, actor=one, now=now)
    posts.hold_post(post=notice, actor=member, reason="Wait", now=now)
    with pytest.raises(Refused, match="held"):
        record(notice, member, now)


def test_the_page_says_who_confirmed_and_offers_the_button(browse, notice, member, crisis_lead):
    for one in (member, crisis_lead):
        one.user.language = "en"
        one.user.save()
    page = f"/w/marbourg/posts/{notice.pk}/"
    assert "I confirm this text" in browse(member).get(page).content.decode()
    browse(member).post(f"{page}confirm/")
    text = browse(member).get(page).content.decode()
    assert "I confirm this text" not in text and "Urgent: two confirmations" in text
    browse(crisis_lead).post(f"{page}confirm/")
    assert "Record the publication on" in browse(member).get(page).content.decode()


def test_the_policy_stops_an_unfinished_notice(browse, notice, member, crisis_lead, approver, now):
    write(notice, member, "No water in Mill Street until {{ hour }}.", now, title="No water")
    with pytest.raises(Refused, match="R18") as refusal:
        posts.confirm_urgent(post=notice, actor=member, now=now)
    assert refusal.value.link == f"{notice.link}#policy"
    with pytest.raises(Refused, match="nobody may pass over it"):
        posts.confirm_urgent(post=notice, actor=approver, despite="It cannot wait for the hour.", now=now)
    page = browse(member).get(notice.link).content.decode()
    assert "La charte arrête ce texte" in page and 'name="despite"' not in page


def test_the_director_lets_one_language_pass_with_a_reason(browse, notice, member, approver, now):
    write(notice, member, "", now, title="", language="fr")
    with pytest.raises(Refused, match="R24"):
        posts.confirm_urgent(post=notice, actor=member, now=now)
    assert 'name="despite"' in browse(approver).get(notice.link).content.decode()
    answer = browse(approver).post(f"{notice.link}confirm/", {"despite": "French follows within the hour."})
    assert answer.status_code == 302
    given = Override.objects.get()
    assert (given.rule, given.person, given.reason) == ("R24", approver, "French follows within the hour.")
    posts.confirm_urgent(post=notice, actor=member, now=now)
    record(notice, member, now)
    assert Post.objects.get(pk=notice.pk).status == Status.PUBLISHED

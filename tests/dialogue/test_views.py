from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner.dialogue import operations as dialogue
from planner.dialogue.models import Signal
from planner.dialogue.rules import Decision


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


def page(name, *args):
    return reverse(f"dialogue:{name}", args=["marbourg", *args])


def test_somebody_who_may_only_read_writes_a_complaint_down(newsroom, browse, reader, now):
    client = browse(reader)
    assert client.get(page("receive")).status_code == 200
    form = {"kind": "complaint", "text": "I waited twice.", "origin": "desk", "on": "2026-04-27", "at": "09:00"}
    wrong = client.post(page("receive"), {**form, "text": ""})
    assert wrong.status_code == 200
    assert not Signal.objects.exists()
    kept = client.post(page("receive"), form)
    signal = Signal.objects.get()
    assert kept.url == signal.link
    assert signal.received_at == now - timedelta(hours=1)
    shown = client.get(signal.link).text
    assert "I waited twice." in shown
    assert 'method="post"' not in shown.split("<main", 1)[1]


def test_the_way_to_reach_the_person_is_not_shown_to_everybody(complaint, browse, reader, colleague, workspace):
    assert "01 02 03 04 05" in browse(reader).get(complaint.link).text  # Rose wrote it down herself
    complaint.recorded_by = colleague
    complaint.save()
    assert "01 02 03 04 05" not in browse(reader).get(complaint.link).text
    assert "01 02 03 04 05" in browse(colleague).get(complaint.link).text


def test_a_message_is_sorted_answered_and_closed_from_its_page(complaint, browse, member, answerer):
    client = browse(member)
    wrong = client.post(page("sort", complaint.pk), {"decision": Decision.LATER, "owner": answerer.pk})
    assert wrong.status_code == 400
    assert "a promise without a date is none" in wrong.text
    sorted_ = client.post(page("sort", complaint.pk), {"decision": Decision.ANSWER, "owner": answerer.pk})
    assert sorted_.status_code == 302
    client = browse(answerer)
    assert "Write down the answer" in client.get(complaint.link).text
    assert client.post(page("answer", complaint.pk), {"text": "It is Tuesday."}).status_code == 302
    assert client.post(page("close", complaint.pk)).status_code == 302
    assert "It is Tuesday." in client.get(complaint.link).text
    assert client.post(page("reopen", complaint.pk)).status_code == 302
    complaint.refresh_from_db()
    assert complaint.state == "new"


def test_the_list_shows_those_who_wait_and_counts_the_rest(complaint, browse, member, answerer, now):
    client = browse(member)
    assert "I waited twice" in client.get(page("list")).text
    dialogue.sort(signal=complaint, actor=member, decision=Decision.CANNOT, reason="The court decides.", now=now)
    assert "I waited twice" not in client.get(page("list")).text
    assert "I waited twice" in client.get(page("list") + "?state=declined").text


def test_list_and_page_take_the_same_queries_whatever_there_is(
    complaint, browse, member, reader, now, django_assert_num_queries
):
    client = browse(member)
    client.get(page("list"))
    with django_assert_num_queries(7):
        client.get(page("list"))
    with django_assert_num_queries(13):
        client.get(complaint.link)
    for number in range(4):
        other = dialogue.receive(
            actor=reader, kind="complaint", text=f"Other {number}", origin="phone", received_at=now, now=now
        )
        if number % 2:
            dialogue.merge(signal=other, into=complaint, actor=member, now=now)
    with django_assert_num_queries(7):
        assert "2 others say the same" in client.get(page("list")).text
    with django_assert_num_queries(13):
        assert "Other 1" in client.get(complaint.link).text


def test_improvements_are_followed_until_they_exist_everywhere(newsroom, browse, member, appear, owe, now):
    post = appear("Le bon jour", now - timedelta(days=40), status="published", english="The right day")
    post.fields = {"decision": "Letters are checked against the rounds."}
    post.save()
    item = owe(member, post, now - timedelta(days=1), key="verify")
    client = browse(member)
    shown = client.get(page("improvements")).text
    assert "Letters are checked against the rounds." in shown
    again = client.post(page("verify", item.pk), {"is_everywhere": "no", "note": "The site only."})
    assert again.status_code == 302
    item.refresh_from_db()
    assert item.state == "open"
    assert client.post(page("verify", item.pk), {"is_everywhere": "yes", "note": "All."}).status_code == 302
    assert "Verified everywhere" in client.get(page("improvements")).text


def test_a_complaint_becomes_a_post_dated_from_the_hour_it_was_said(complaint, browse, member, now):
    client = browse(member)
    assert "Why we will not do it" in client.get(complaint.link).text
    begun = client.post(page("start", complaint.pk, "explain-a-no"))
    form = client.get(begun.url)
    assert "Your letter gave the wrong day for the glass collection." in form.text
    assert "Go on with it" in client.get(complaint.link).text
    initial = form.context["form"].initial
    typed = {**initial, "on": "2026-05-21", "at": "10:00", "field-answer": "no", "act": "create"}
    made = client.post(begun.url, {name: value for name, value in typed.items() if value not in (None, False)})
    assert made.status_code == 302
    complaint = Signal.objects.select_related("application__post").get()
    assert complaint.piece.link == made.url
    assert complaint.piece.received_at == now - timedelta(hours=1)
    assert complaint.piece.fields["request"].startswith("Your letter gave the wrong day")
    assert made.url in client.get(complaint.link).text
    again = client.post(page("start", complaint.pk, "explain-a-no"))
    assert again.status_code == 409


def test_a_post_made_before_may_be_named_as_the_answer(complaint, browse, member, appear, now):
    post = appear("Le bon jour", now, english="The right day")
    client = browse(member)
    assert client.post(page("lead_to", complaint.pk), {"post": post.pk}).status_code == 302
    assert "Le bon jour" in client.get(complaint.link).text


def test_the_improvements_take_the_same_queries_whatever_their_number(
    newsroom, browse, member, appear, owe, now, django_assert_num_queries
):
    client = browse(member)
    owe(member, appear("Un", now - timedelta(days=40), status="published"), now, key="verify")
    client.get(page("improvements"))
    with CaptureQueriesContext(connection) as first:
        client.get(page("improvements"))
    for number in range(3):
        owe(member, appear(f"Deux {number}", now - timedelta(days=40), status="published"), now, key="verify")
    with django_assert_num_queries(len(first)):
        assert client.get(page("improvements")).text.count("Verify<span") == 4

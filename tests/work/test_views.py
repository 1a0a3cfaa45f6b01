"""Acts on one piece of work, by their pages."""

from datetime import datetime

import pytest
import time_machine
from django.urls import reverse

from planner.work.models import WorkItem
from tests.posts.conftest import (  # noqa: F401
    PARIS,
    answerer,
    approver,
    channels,
    draft,
    english,
    item_of,
    newsroom,
    playbook_items,
    template,
    values,
)


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def framing(draft):  # noqa: F811
    return item_of(draft, "frame")


def act(name: str, item: WorkItem) -> str:
    return reverse(f"work:{name}", args=["marbourg", item.pk])


def fresh(item: WorkItem) -> WorkItem:
    return WorkItem.objects.get(pk=item.pk)


def test_the_owner_closes_work_with_its_ticks_and_a_note(browse, colleague, framing):
    done = browse(colleague).post(act("complete", framing), {"ticked": ["0", "2"], "note": "Fait avec Rosa."})
    assert done.url == framing.link
    item = fresh(framing)
    assert (item.state, item.ticked, item.note, item.done_by) == ("done", [0, 2], "Fait avec Rosa.", colleague)


def test_somebody_else_is_told_whose_work_it_is_and_keeps_what_was_typed(browse, answerer, framing):  # noqa: F811
    refused = browse(answerer).post(act("complete", framing), {"note": "Je m’en charge."})
    assert refused.status_code == 403
    assert "Karim Belhadj" in refused.text
    assert "Je m’en charge." in refused.text
    assert fresh(framing).state == "open"


def test_what_is_decided_on_the_post_is_not_ticked_off(browse, member, draft):  # noqa: F811
    refused = browse(member).post(act("complete", item_of(draft, "approve")), {"note": ""})
    assert refused.status_code == 409


def test_the_checklist_is_kept_without_closing(browse, colleague, framing):
    browse(colleague).post(act("tick", framing), {"ticked": ["1"]})
    item = fresh(framing)
    assert (item.state, item.ticked) == ("open", [1])


def test_finished_work_is_taken_up_again(browse, colleague, framing):
    client = browse(colleague)
    client.post(act("complete", framing), {"note": ""})
    assert client.post(act("reopen", framing)).status_code == 302
    assert fresh(framing).state == "open"


def test_a_planner_hands_work_over_only_to_those_who_may_act(browse, member, colleague, answerer, reader, framing):  # noqa: F811
    client = browse(member)
    assert client.post(act("reassign", framing), {"owner": reader.pk}).status_code == 200  # not offered
    assert fresh(framing).owner == colleague
    assert client.post(act("reassign", framing), {"owner": answerer.pk}).status_code == 302
    assert fresh(framing).owner == answerer


def test_a_date_is_fixed_on_the_wall_of_the_workspace(browse, member, framing):
    browse(member).post(act("pin", framing), {"on": "2026-05-05", "at": "09:15"})
    item = fresh(framing)
    assert (item.is_pinned, item.due_at) == (True, datetime(2026, 5, 5, 9, 15, tzinfo=PARIS))


def test_work_that_nothing_waits_for_is_dropped_with_a_reason(browse, member, framing):
    client = browse(member)
    assert client.post(act("drop", framing), {"reason": ""}).status_code == 200
    assert fresh(framing).state == "open"
    client.post(act("drop", framing), {"reason": "Everything was framed by telephone."})
    assert fresh(framing).state == "dropped"


def test_one_comes_back_to_the_page_one_came_from_and_never_to_another_site(browse, colleague, framing):
    client = browse(colleague)
    back = client.post(act("tick", framing), {"ticked": [], "next": "/w/marbourg/inbox/"})
    assert back.url == "/w/marbourg/inbox/"
    away = client.post(act("tick", framing), {"ticked": [], "next": "https://evil.example/"})
    assert away.url == framing.link


@pytest.mark.parametrize("name", ["complete", "reassign", "pin", "drop"])
def test_every_page_opens_for_a_planner_and_refuses_a_reader_in_words(browse, member, reader, framing, name):
    assert framing.subject_title["en"] in browse(member).get(act(name, framing)).text
    refused = browse(reader).get(act(name, framing))
    assert refused.status_code == 403

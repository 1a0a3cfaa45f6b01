"""The pages: two clicks to declare, a war room that takes few queries, and no outsider."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import translation

from planner.base.errors import Invalid
from planner.crisis import operations as crises
from planner.crisis.models import Crisis
from planner.crisis.operations.log import write as write_line
from planner.crisis.rules import LineKind
from planner.playbook import operations as playbook
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Initiative, Post
from planner.work.models import WorkItem
from planner.workspaces.models import Workspace
from tests.crisis.conftest import TEXT, TEXTE, YES, say
from tests.posts.conftest import give_role, write

HOME = "/w/marbourg/crisis/"


@pytest.fixture(autouse=True)
def hour(now):
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        yield


def test_two_clicks_from_any_page(reads, lead, scheduled):
    client = reads(lead)
    assert f'href="{HOME}"' in client.get("/w/marbourg/").content.decode()
    page = client.get(HOME).content.decode()
    assert "1 post is held now" in page, "the consequences are shown before the act"
    answer = client.post(
        f"{HOME}declare/", {"level": "3", "title": "Leak", "reason": "Call", "triggers": ["data-leak"]}
    )
    crisis = Crisis.objects.get()
    assert answer.url == crisis.link and crisis.triggers == ["data-leak"]
    assert Post.objects.get(pk=scheduled.pk).is_held


def test_level_two_asks_what_is_held(reads, member, newsroom, channels):
    client = reads(member)
    said = {"level": "2", "title": "Fault", "reason": "The site is down"}
    assert client.post(f"{HOME}declare/", said).status_code == 400
    client.post(f"{HOME}declare/", {**said, "channels": [channels[0].pk], "tags": "été, portail"})
    assert Crisis.objects.get().scope == {"channels": [channels[0].pk], "tags": ["portail", "été"]}


def test_level_two_holds_initiatives_and_posts_chosen_by_hand(reads, member, newsroom, scheduled, draft, now):
    campaign = Initiative.objects.create(
        workspace=newsroom, title="Summer", aim="Less waste", owner=member, created_at=now, starts_on=now.date(),
        ends_on=now.date() + timedelta(days=9),
    )  # fmt: skip
    client = reads(member)
    page = client.get(f"{HOME}declare/").content.decode()
    assert "Summer" in page and "Some posts, by hand" in page and "A compost that smells of forest, " in page
    said = {"level": "2", "title": "Fault", "reason": "The site is down"}
    client.post(f"{HOME}declare/", {**said, "initiatives": [campaign.pk], "posts": [scheduled.pk]})
    assert Crisis.objects.get().scope == {"initiatives": [campaign.pk], "posts": [scheduled.pk]}
    assert Post.objects.get(pk=scheduled.pk).is_held


def test_a_level_that_the_organisation_reworded_is_declared_in_its_words(reads, lead, member, newsroom, now):
    item = PlaybookItem.objects.bundled().get(kind="crisis", slug="level-3")
    words = {"text": {"fr": "Le barrage fuit", "en": "The dam leaks"}, "help": {"fr": "Où ?", "en": "Where?"}}
    ours = {"summary": {"fr": "Tout s’arrête.", "en": "Everything stops."}, "triggers": [{"key": "dam", **words}]}
    ours["statement_minutes"] = 20
    playbook.save_own(actor=member, kind="crisis", slug="level-3", payload={**item.payload, **ours}, now=now)
    page = reads(lead).get(HOME).text
    assert "Everything stops." in page and "The dam leaks" in page
    assert "Data has leaked" not in page
    reads(lead).post(f"{HOME}declare/", {"level": "3", "title": "Leak", "reason": "Call", "triggers": ["dam"]})
    crisis = Crisis.objects.get()
    assert crisis.first_words_due_at == crisis.declared_at + timedelta(minutes=20)


def test_who_may_not_is_told_whom_to_call(reads, member, newsroom, lead):
    answer = reads(member).post(f"{HOME}declare/", {"level": "4", "title": "Fire", "reason": "Smoke"})
    assert answer.status_code == 403 and "Declare level 2 now" in answer.content.decode()


def test_the_banner_stands_on_every_page_while_it_lasts(reads, declare, reader, now):
    declare()
    client = reads(reader)
    for page in ("/w/marbourg/", "/w/marbourg/calendar/", "/w/marbourg/posts/", "/w/marbourg/inbox/"):
        text = client.get(page).content.decode()
        assert "Crisis, level 3" in text and "Led by Léa Mène" in text
    with time_machine.travel(now + timedelta(hours=2), tick=False):
        assert "Silence since the hour promised" in client.get("/w/marbourg/").content.decode()


def test_the_sheet_of_the_front_desk_promises_no_hour_that_has_passed(reads, declare, reader, now):
    crisis = declare()
    client = reads(reader)
    assert "Next words: " in client.get(f"{crisis.link}brief/").content.decode()
    with time_machine.travel(now + timedelta(hours=2), tick=False):
        said = client.get(f"{crisis.link}brief/").content.decode()
    assert "Next words: " not in said.split("<main")[1] and "The hour promised has passed" in said


@pytest.mark.parametrize("code", ["en", "fr"])
def test_every_page_opens_in_both_languages(browse, lead, declare, speak, scheduled, member, now, code):
    crisis = declare(at=now)
    statement = speak(crisis, now + timedelta(minutes=2), upto="prepare")
    lead.user.language = code
    lead.user.save()
    client = browse(lead)
    check = crisis.checks.first()
    fact = crises.add_fact(crisis=crisis, kind="check", text="A number", source="Nadia", actor=member, now=now)
    with translation.override(code):
        for page in (
            "", "log/", "level/", "lead/", "clear/", "brief/", "queue/", "debrief/", f"queue/{scheduled.pk}/",
            "statements/new/update/", f"statements/{statement.pk}/", "facts/", f"facts/{fact.pk}/",
            f"checks/{check.pk}/",
        ):  # fmt: skip
            answer = client.get(f"{crisis.link}{page}")
            assert answer.status_code == 200, page
            assert "{#" not in answer.content.decode()


def test_outsiders_see_nothing(reads, outsider, declare, scheduled):
    crisis = declare()
    client = reads(outsider)
    for page in ("", "now/", "log/", "log.csv", "queue/", f"queue/{scheduled.pk}/", "debrief/", "brief/"):
        assert client.get(f"{crisis.link}{page}").status_code == 404


def test_the_war_room_takes_few_queries_whatever_the_log(
    reads, declare, reader, scheduled, member, now, django_assert_num_queries
):  # fmt: skip
    crisis = declare()
    client = reads(reader)
    client.get(crisis.link)
    with django_assert_num_queries(21) as few:
        client.get(crisis.link)
    for number in range(40):
        write_line(crisis, member, now, f"Line {number}", LineKind.DECISION)
    crises.add_fact(crisis=crisis, kind="check", text="A number", source="Nadia", actor=member, now=now)
    with django_assert_num_queries(len(few)):
        client.get(crisis.link)


def test_the_war_room_names_those_who_have_left(reads, declare, lead, colleague, member, now):
    crisis = declare()
    check = crisis.checks.filter(kind="outside").first()
    crises.tick(check=check, actor=colleague, note="Paused", now=now)
    crisis.checks.filter(pk=check.pk).update(owner=colleague)
    colleague.left_at = now
    colleague.save()
    assert f"{colleague}, " in reads(lead).get(crisis.link).content.decode()


def test_the_poll_reads_the_conduct_only_once_an_hour_has_passed(
    reads, declare, reader, now, django_assert_num_queries
):  # fmt: skip
    crisis = declare(at=now)
    client = reads(reader)
    version = client.get(f"{crisis.link}now/").content.decode().split("?v=")[1].split('"')[0]
    with django_assert_num_queries(9):
        client.get(f"{crisis.link}now/?v={version}")
    with time_machine.travel(now + timedelta(hours=9), tick=False), django_assert_num_queries(11):
        late = client.get(f"{crisis.link}now/?v={version}").content.decode()
    assert "promised hours missed" in late


def test_the_poll_sends_the_clocks_alone_when_nothing_changed(reads, declare, reader, member, now):
    crisis = declare()
    client = reads(reader)
    first = client.get(f"{crisis.link}now/").content.decode()
    version = first.split("?v=")[1].split('"')[0]
    assert 'id="log"' in first
    assert 'id="log"' not in client.get(f"{crisis.link}now/?v={version}").content.decode()
    crises.note(crisis=crisis, actor=member, decision="Something", now=now)
    assert "Something" in client.get(f"{crisis.link}now/?v={version}").content.decode()


def test_a_whole_review_by_two_people(reads, declare, scheduled, member, lead):
    crisis = declare()
    page = f"{crisis.link}queue/{scheduled.pk}/"
    said = {"decision": "release", "reason": "Useful", "hurtful": "no", "resources": "no", "true-useful": "yes"}
    assert reads(member).post(page, said).status_code == 302
    proposal = crisis.proposals.get()
    text = reads(lead).get(page).content.decode()
    assert "I agree: decide so" in text
    reads(lead).post(f"{crisis.link}queue/proposals/{proposal.pk}/confirm/")
    assert Post.objects.get(pk=scheduled.pk).shown_state == "scheduled"


def test_ticking_correcting_and_writing_by_hand(reads, declare, colleague):
    crisis = declare()
    client = reads(colleague)
    check = crisis.checks.filter(kind="outside").first()
    client.post(f"{crisis.link}checks/{check.pk}/", {"note": "Paused"})
    check.refresh_from_db()
    assert (check.note, check.done_by) == ("Paused", colleague)
    client.post(f"{crisis.link}checks/{check.pk}/", {"note": "", "undo": "True"})
    check.refresh_from_db()
    assert check.done_at is None
    client.post(f"{crisis.link}log/", {"decision": "Keep level 3"})
    line = crisis.lines.get(kind="decision")
    client.post(f"{crisis.link}log/?corrects={line.pk}", {"decision": "Keep level 3 until noon"})
    assert crisis.lines.filter(corrects=line).exists()


# ---- two people act at once: what the second one is told


def hidden(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page).group(1)


def test_two_who_tick_at_once_do_not_take_each_others_tick_back(reads, declare, colleague, member):
    crisis = declare()
    check = crisis.checks.filter(kind="outside").first()
    page = f"{crisis.link}checks/{check.pk}/"
    one, two = ({"note": "Paused", "undo": hidden(reads(who).get(page).text, "undo")} for who in (colleague, member))
    assert reads(colleague).post(page, one).status_code == 302
    answer = reads(member).post(page, two)
    assert answer.status_code == 409 and "just been changed by somebody else" in answer.text
    check.refresh_from_db()
    assert check.done_by == colleague
    undone = {"note": "", "undo": hidden(reads(member).get(page).text, "undo")}
    assert reads(member).post(page, undone).status_code == 302
    check.refresh_from_db()
    assert check.done_at is None


def test_two_who_hand_over_at_once_the_second_is_told_who_leads(reads, declare, lead, approver, member, colleague):
    crisis = declare()
    page = f"{crisis.link}lead/"
    seen = hidden(reads(approver).get(page).text, "instead_of")
    assert reads(lead).post(page, {"to": member.pk, "instead_of": seen}).status_code == 302
    answer = reads(approver).post(page, {"to": colleague.pk, "instead_of": seen})
    assert answer.status_code == 409 and f"{member} leads since a moment ago" in answer.text
    crisis.refresh_from_db()
    assert crisis.lead == member


def test_two_who_change_the_level_at_once_the_second_is_told(reads, declare, lead, approver):
    crisis = declare()
    page = f"{crisis.link}level/"
    assert reads(lead).post(page, {"level": "2", "reason": "Calmer"}).status_code == 302
    answer = reads(approver).post(page, {"level": "2", "reason": "Calmer"})
    assert answer.status_code == 400 and "It is at this level already." in answer.text
    crisis.refresh_from_db()
    assert crisis.level == 2 and crisis.lines.filter(decision__contains="Calmer").count() == 1


def test_two_who_write_the_debrief_at_once_write_over_nobody(reads, declare, clear, lead, member, colleague, now):
    crisis, _later = clear(declare(), now)
    page = f"{crisis.link}debrief/"
    opened = dict.fromkeys(re.findall(r'name="(initial-[^"]+)"', reads(member).get(page).text), "")
    assert len(opened) > 5
    assert reads(member).post(page, {**opened, "lived": "Fear."}).status_code == 302
    assert reads(colleague).post(page, {**opened, "slipped": "A mail."}).status_code == 302, "another heading"
    answer = reads(colleague).post(page, {**opened, "lived": "Anger."})
    assert answer.status_code == 409 and "“Fear.”" in answer.text and "Anger." in answer.text
    crisis.refresh_from_db()
    assert {key: text for key, text in crisis.lessons.items() if text} == {"lived": "Fear.", "slipped": "A mail."}
    crises.add_change(crisis=crisis, text="Numbers", owner=lead, due_on=now.date(), actor=member, now=now)
    crises.close_debrief(crisis=crisis, actor=lead, now=now)
    answer = reads(colleague).post(page, {**opened, "queue": "", "caught": "Two."})
    assert answer.status_code == 409 and "closed already" in answer.text


def test_the_same_decision_by_the_other_side_is_an_agreement(reads, declare, scheduled, member, lead):
    crisis = declare()
    page = f"{crisis.link}queue/{scheduled.pk}/"
    said = {"decision": "release", "reason": "Useful", "hurtful": "no", "resources": "no", "true-useful": "yes"}
    reads(lead).post(page, {**said, "decision": "rewrite"})
    reads(member).post(page, said)
    assert Post.objects.get(pk=scheduled.pk).is_held, "they do not agree yet"
    answer = reads(lead).post(page, said, follow=True)
    assert "Decided." in answer.text and Post.objects.get(pk=scheduled.pk).shown_state == "scheduled"
    assert crisis.proposals.filter(settled_at__isnull=True).count() == 0
    assert reads(member).post(page, said).status_code == 404


def test_one_person_with_both_roles_agrees_with_nobody(reads, declare, scheduled, member, newsroom):
    give_role(member, "crisis_lead")
    crisis, client = declare(actor=member), reads(member)
    page = f"{crisis.link}queue/{scheduled.pk}/"
    said = {"decision": "release", "reason": "Useful", "hurtful": "no", "resources": "no", "true-useful": "yes"}
    for _time in range(2):
        assert client.post(page, said).status_code == 302
    assert "I agree: decide so" not in client.get(page).text
    proposal = crisis.proposals.get(settled_at__isnull=True)
    assert client.post(f"{crisis.link}queue/proposals/{proposal.pk}/confirm/").status_code == 403
    assert Post.objects.get(pk=scheduled.pk).is_held


def test_a_drill_is_marked_everywhere(reads, newsroom, lead, scheduled):
    Workspace.objects.filter(pk=newsroom.pk).update(is_sample=True)
    client = reads(lead)
    client.post(f"{HOME}drill/")
    crisis = Crisis.objects.get()
    assert crisis.is_drill and crisis.checks.filter(kind="drill").count() >= 6
    assert crisis.title == "EXERCICE · A made-up event", "in the first language of the organisation"
    for page in ("/w/marbourg/", crisis.link, f"{crisis.link}log/", f"{crisis.link}brief/"):
        assert "DRILL" in client.get(page).content.decode()
    check = crisis.checks.filter(kind="drill").first()
    client.post(f"{crisis.link}checks/{check.pk}/", {"note": ""})
    assert "foreseen" in client.get(crisis.link).content.decode()


def test_a_real_workspace_has_no_drill(reads, newsroom, lead):
    assert reads(lead).post(f"{HOME}drill/").status_code == 409
    assert not Crisis.objects.exists()


PAGES = (
    "", "log/", "level/", "lead/", "clear/", "brief/", "queue/", "debrief/", "questions/", "facts/",
    "statements/new/update/", "debrief/changes/", "inside/",
)  # fmt: skip


@pytest.fixture
def drill(newsroom, declare, scheduled):
    Workspace.objects.filter(pk=newsroom.pk).update(is_sample=True)
    return declare(title="Portal exposed", is_drill=True)


def test_a_drill_says_so_on_every_page_in_every_mail_and_in_the_export_even_afterwards(
    reads, drill, lead, member, scheduled, clear, speak, now
):  # fmt: skip
    crisis, client = drill, reads(lead)
    statement = speak(crisis, now + timedelta(minutes=2), upto="prepare")
    pages = [*PAGES, f"queue/{scheduled.pk}/", f"statements/{statement.pk}/", f"checks/{crisis.checks.first().pk}/"]
    for page in pages:
        assert "EXERCICE · Portal exposed" in main_of(client.get(f"{crisis.link}{page}").text), page
    for item in WorkItem.objects.about(crisis):
        assert "EXERCICE · Portal exposed" in item.card("en").what, "what its notices and its mails say"
    assert statement.post.title().startswith("EXERCICE · "), "what lists and calendar feeds say"
    assert crisis.hold.reason.startswith("EXERCICE · "), "what a held post says"
    answer = client.get(f"{crisis.link}log.csv")
    assert "drill-" in answer["Content-Disposition"] and "DRILL №" in b"".join(answer.streaming_content).decode()
    posts.cancel(post=Post.objects.get(pk=statement.post_id), actor=member, reason="Done", now=now)
    clear(crisis, now + timedelta(minutes=4))
    for page in (*pages[:10], f"queue/{scheduled.pk}/", "debrief/changes/"):
        assert "EXERCICE · Portal exposed" in main_of(client.get(f"{crisis.link}{page}").text), page
    assert "EXERCICE · Portal exposed" in client.get(f"{HOME}declare/").text, "among the past ones"


def main_of(page):
    """Without the banner, which is not there for ever."""
    return re.sub(r'<aside class="banner".*?</aside>', "", page, flags=re.S)


def test_words_of_a_drill_are_not_confirmed_without_its_mark(drill, speak, member, now):
    statement = speak(drill, now, upto="prepare")
    say(statement.post, member, TEXT, now)
    with pytest.raises(Invalid, match="EXERCICE|DRILL"):
        crises.confirm_statement(statement=statement, actor=member, answered=YES, now=now)
    write(statement.post, member, TEXT, now, title="DRILL · What we know")
    write(statement.post, member, TEXTE, now, title="EXERCICE · Ce que nous savons", language="fr")
    assert crises.confirm_statement(statement=statement, actor=member, answered=YES, now=now)


def test_a_real_crisis_in_a_real_workspace_bears_no_mark(declare, reads, lead):
    assert "DRILL" not in reads(lead).get(declare().link).text

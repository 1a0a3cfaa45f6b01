"""Letting a text pass in spite of a rule: who may, for what, with which words, and how long it holds."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.history.models import Entry
from planner.policy import operations as policy
from planner.posts import operations as posts
from planner.posts import rules
from planner.posts.models import Override, Post
from planner.posts.operations import writing
from planner.posts.rules import Event, Status, WallTime
from planner.workspaces.models import Absence
from tests.posts.conftest import PLANNED, YES, finish_before, give_role, write

pytestmark = pytest.mark.django_db

LOUD = "Buy now! Order now! Last chance: a special offer, while stocks last. Don't miss our unbeatable prices."
WHY = "It quotes the poster of 1954 that the museum shows this month."
NEVER = {"R14", "R18", "R19", "R20"}


def page_of(name, **named):
    return reverse(f"posts:{name}", kwargs={"workspace": "marbourg", **named})


def stops(post, now):
    return [rule for rule, _statement in posts.judge(Post.objects.get(pk=post.pk), now).stops]


@pytest.fixture
def loud(in_review, colleague, approver, member, now):
    """Approved and ready but for a text that sells."""
    write(in_review, colleague, LOUD, now)
    post = posts.approve(answers=YES, post=Post.objects.get(pk=in_review.pk), actor=approver, now=now)
    finish_before(post, member, now, "scheduled")
    return Post.objects.get(pk=post.pk)


@pytest.fixture
def let_pass(loud, approver, now):
    posts.override(post=loud, actor=approver, rule="R01", reason=WHY, now=now)
    return Post.objects.get(pk=loud.pk)


def test_exactly_four_rules_are_for_nobody_to_override(workspace):
    rules = policy.house_of(workspace).rules
    assert {rule for rule, one in rules.items() if not one.is_overridable} == NEVER


def test_the_approver_lets_a_text_pass_and_it_is_scheduled(loud, approver, member, now):
    with pytest.raises(Refused, match="R01"):
        posts.schedule(post=loud, actor=member, now=now)
    given = posts.override(post=loud, actor=approver, rule="R01", reason=WHY, now=now)
    assert given.digest == posts.revision_of(loud).digest
    entry = Entry.objects.about(loud).get(verb="post.overridden")
    assert (entry.data["rule"], entry.data["reason"]) == ("R01", WHY)
    assert posts.schedule(post=loud, actor=member, now=now).status == Status.SCHEDULED


def test_whoever_does_not_approve_does_not_let_pass(loud, colleague, member, manager, reader, now):
    for somebody in (colleague, member, manager, reader):
        with pytest.raises(NotAllowed, match="director"):
            posts.override(post=loud, actor=somebody, rule="R01", reason=WHY, now=now)
    assert not Override.objects.exists()


def test_an_outsider_finds_nothing(loud, outsider, now):
    give_role(outsider, "approver")
    with pytest.raises(NotFound):
        posts.override(post=loud, actor=outsider, rule="R01", reason=WHY, now=now)


def test_the_second_person_lets_pass_in_an_absence_only(loud, approver, manager, now):
    approver.roles.update(second=manager)
    with pytest.raises(NotAllowed):
        posts.override(post=loud, actor=manager, rule="R01", reason=WHY, now=now)
    Absence.objects.create(membership=approver, starts_on=now.date(), ends_on=now.date())
    assert posts.override(post=loud, actor=manager, rule="R01", reason=WHY, now=now).person == manager


def test_whoever_wrote_the_text_does_not_let_it_pass(loud, colleague, now):
    give_role(colleague, "approver")
    with pytest.raises(Refused, match="You wrote this text"):
        posts.override(post=loud, actor=colleague, rule="R01", reason=WHY, now=now)


@pytest.mark.parametrize("reason", ["", "Because.", "Nineteen letters ok", "   short, with spaces         "])
def test_a_reason_has_twenty_characters(loud, approver, now, reason):
    with pytest.raises(Invalid) as refusal:
        posts.override(post=loud, actor=approver, rule="R01", reason=reason, now=now)
    assert refusal.value.field == "reason"


@pytest.mark.parametrize("rule", sorted(NEVER))
def test_some_rules_nobody_lets_be_broken(loud, approver, now, rule):
    with pytest.raises(Refused, match="Nobody"):
        posts.override(post=loud, actor=approver, rule=rule, reason=WHY, now=now)


def test_a_row_for_such_a_rule_opens_nothing(in_review, colleague, approver, now):
    write(in_review, colleague, "The price is [to be filled in].", now)
    mark = posts.revision_of(in_review).digest
    Override.objects.create(
        post=in_review, rule="R18", person=approver, revision_number=1, digest=mark, reason=WHY, at=now
    )
    assert "R18" in stops(in_review, now)


def test_what_stops_nothing_is_not_let_pass_and_nothing_twice(let_pass, approver, now):
    with pytest.raises(Refused, match="stops nothing"):
        posts.override(post=let_pass, actor=approver, rule="R02", reason=WHY, now=now)
    with pytest.raises(Stale):
        posts.override(post=let_pass, actor=approver, rule="R01", reason=WHY, now=now)
    with pytest.raises(NotFound):
        posts.override(post=let_pass, actor=approver, rule="R99", reason=WHY, now=now)


@pytest.mark.parametrize("body", [LOUD + ".", LOUD.lower()])
def test_one_letter_changed_and_the_rule_is_asked_again(let_pass, colleague, now, body):
    assert stops(let_pass, now) == []
    write(let_pass, colleague, body, now + timedelta(minutes=1))
    assert stops(let_pass, now) == ["R01"]
    assert Override.objects.get().voided_at == now + timedelta(minutes=1)
    write(let_pass, colleague, LOUD, now + timedelta(minutes=2))
    assert stops(let_pass, now) == ["R01"], "the old words again are a new text"


def test_a_scheduled_text_that_was_let_pass_leaves_the_schedule_when_it_changes(let_pass, colleague, member, now):
    post = posts.schedule(post=let_pass, actor=member, now=now)
    write(post, colleague, LOUD + ".", now)
    post = Post.objects.get(pk=post.pk)
    assert post.status == Status.IN_REVIEW
    assert posts.missing(post, Event.SCHEDULE, now)


# ---- what only warns


ASIDE = "The rota begins next week."


@pytest.fixture
def late(in_review, member, now):
    """Planned for an hour at which nobody is left to answer: R07 warns."""
    posts.move(post=in_review, actor=member, to=WallTime(PLANNED.on, time(16, 30)), now=now)
    return Post.objects.get(pk=in_review.pk)


def warned(post, now):
    verdict = posts.judge(Post.objects.get(pk=post.pk), now)
    return [one for one in verdict.findings if one.rule == "R07" and not verdict.is_passed(one)]


def test_the_editor_puts_a_warning_aside_until_the_text_changes(late, member, colleague, now):
    assert warned(late, now)
    given = posts.put_aside(post=late, actor=member, rule="R07", reason=ASIDE, now=now)
    assert (given.severity, given.person) == ("warn", member)
    assert Entry.objects.about(late).get(verb="post.put_aside").data["reason"] == ASIDE
    assert not warned(late, now)
    with pytest.raises(Stale):
        posts.put_aside(post=late, actor=member, rule="R07", reason=ASIDE, now=now)
    write(late, colleague, "Stir it, add dry leaves, wait one week.", now)
    assert warned(late, now)


def test_the_editor_alone_and_with_a_reason(late, member, colleague, manager, approver, outsider, now):
    for somebody in (colleague, manager):
        with pytest.raises(NotAllowed, match="editor"):
            posts.put_aside(post=late, actor=somebody, rule="R07", reason=ASIDE, now=now)
    with pytest.raises(NotFound):
        posts.put_aside(post=late, actor=outsider, rule="R07", reason=ASIDE, now=now)
    with pytest.raises(Invalid):
        posts.put_aside(post=late, actor=member, rule="R07", reason="Too late", now=now)
    with pytest.raises(Refused, match="nothing"):
        posts.put_aside(post=late, actor=member, rule="R01", reason=ASIDE, now=now)
    with pytest.raises(Refused, match="Nobody"):
        posts.put_aside(post=late, actor=member, rule="R20", reason=ASIDE, now=now)
    assert posts.put_aside(post=late, actor=approver, rule="R07", reason=ASIDE, now=now).person == approver


def test_a_warning_put_aside_lets_nothing_pass_that_stops(loud, member, now):
    mark = posts.revision_of(loud).digest
    Override.objects.create(
        post=loud, rule="R01", severity="warn", person=member, revision_number=1, digest=mark, reason=ASIDE, at=now
    )
    assert stops(loud, now) == ["R01"]


def test_the_warning_is_put_aside_on_a_page(browse, late, member, colleague, outsider, time_machine, now):
    time_machine.move_to(now, tick=False)
    address = page_of("put_aside", post=late.pk, rule="r07")
    assert address in browse(member).get(late.link).text
    assert address not in browse(colleague).get(late.link).text
    assert browse(colleague).post(address, {"reason": ASIDE}).status_code == 403
    assert browse(outsider).get(address).status_code == 404
    assert browse(member).post(address, {"reason": ASIDE}).url == f"{late.link}#rule-R07"
    assert ASIDE in browse(member).get(late.link).text
    assert ASIDE in browse(colleague).get(page_of("overrides")).text


# ---- the pages


def test_the_finding_says_who_let_it_pass_and_why(browse, let_pass, member):
    html = browse(member).get(let_pass.link).text
    assert 'id="rule-R01"' in html
    assert "Dora Directrice a laissé passer ce texte" in html
    assert WHY in html


def test_the_approver_is_offered_the_form_and_others_are_not(browse, loud, approver, member):
    address = page_of("override", post=loud.pk, rule="r01")
    assert address in browse(approver).get(loud.link).text
    assert address not in browse(member).get(loud.link).text
    assert "<mark>Buy now</mark>" in browse(approver).get(address).text
    assert "<textarea" not in browse(member).get(address).text


def test_the_form_keeps_what_was_typed_and_leads_back_to_the_finding(browse, loud, approver):
    client, address = browse(approver), page_of("override", post=loud.pk, rule="r01")
    refused = client.post(address, {"reason": "Because."})
    assert refused.status_code == 400
    assert "Because." in refused.text
    assert client.post(address, {"reason": WHY}).url == f"{loud.link}#rule-R01"
    assert Override.objects.get().reason == WHY


def test_a_colleague_is_refused_by_the_form_and_an_outsider_finds_nothing(browse, loud, member, outsider):
    address = page_of("override", post=loud.pk, rule="r01")
    assert browse(member).post(address, {"reason": WHY}).status_code == 403
    assert browse(outsider).post(address, {"reason": WHY}).status_code == 404
    assert browse(outsider).get(address).status_code == 404
    assert not Override.objects.exists()


def test_a_rule_that_stops_nothing_has_no_form(browse, loud, approver):
    for rule in ("r02", "r99"):
        assert browse(approver).get(page_of("override", post=loud.pk, rule=rule)).status_code == 404


@pytest.mark.parametrize(
    ("passed", "heard", "wolf"), [(2, 5, True), (3, 10, False), (4, 10, True), (1, 1, False), (0, 50, False)]
)
def test_a_rule_passed_over_on_more_than_thirty_in_a_hundred_cries_wolf(passed, heard, wolf):
    assert rules.cries_wolf(passed, heard) is wolf


def test_the_quarter_says_on_how_many_of_its_posts_a_rule_was_passed_over(browse, let_pass, member, now, time_machine):
    time_machine.move_to(now, tick=False)

    def page():
        return browse(member).get(page_of("overrides")).text.replace("\u00a0", " ")

    def heard(*found):
        for number in found:
            other = Post(pk=let_pass.pk + number, workspace=let_pass.workspace)
            writing.write_down("post.submitted", other, None, now, found=["R01", "R07"])

    assert "sur 1 contenu ; on est passé outre sur 1 (100 %)" in page()
    heard(1, 2, 2)
    assert "sur 3 contenus ; on est passé outre sur 1 (33 %)" in page()
    assert "crie au loup." not in page()
    Override.objects.create(
        post=let_pass, rule="R07", person=let_pass.author, revision_number=1, digest="", reason=WHY, at=now
    )
    heard(3, 4)
    assert "sur 5 contenus ; on est passé outre sur 1 (20 %)" in page()
    assert "crie au loup." not in page()


def test_a_rule_that_is_passed_over_too_often_is_said_to_cry_wolf(
    browse, let_pass, member, now, time_machine, monkeypatch
):
    time_machine.move_to(now, tick=False)
    monkeypatch.setattr(rules, "LEAST_HEARD", 1)
    assert "cette règle crie au loup" in browse(member).get(page_of("overrides")).text


def test_what_a_text_sent_for_review_met_is_written_down(draft, colleague, now):
    write(draft, colleague, LOUD, now)
    finish_before(draft, colleague, now, "submitted")
    posts.submit(post=Post.objects.get(pk=draft.pk), actor=colleague, now=now)
    assert "R01" in Entry.objects.about(draft).get(verb="post.submitted").data["found"]


def test_the_quarter_lists_each_with_its_reason(browse, let_pass, member, outsider, now, time_machine):
    time_machine.move_to(now, tick=False)
    html = browse(member).get(page_of("overrides")).text
    assert WHY in html
    assert "Trimestre 2 de 2026" in html
    before = browse(member).get(page_of("overrides"), {"quarter": "2026-1"}).text
    assert "Rien n’a été laissé passer" in before
    assert browse(outsider).get(page_of("overrides")).status_code == 404


def test_the_list_takes_the_same_queries_whatever_its_length(
    browse, let_pass, approver, member, now, time_machine, django_assert_max_num_queries
):
    time_machine.move_to(now, tick=False)
    client = browse(member)
    client.get(page_of("overrides"))
    for number in range(5):
        Override.objects.create(
            post=let_pass, rule=f"R0{number + 2}", person=approver, revision_number=1, digest="", reason=WHY, at=now
        )
    with django_assert_max_num_queries(12):
        assert client.get(page_of("overrides")).text.count(WHY) == 6

"""What whoever approves reads and answers: ten questions on exactly this text, and what changed since last time."""

from datetime import timedelta

import pytest
from django.urls import reverse

from planner.base.errors import Invalid
from planner.playbook import operations as playbook
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts import rules
from planner.posts.models import Approval, Post
from planner.posts.operations import questions
from planner.posts.rules import Status
from tests.posts.conftest import YES, give_role, write

pytestmark = pytest.mark.django_db


def again(post) -> Post:
    return Post.objects.get(pk=post.pk)


def page_of(post, event="approve") -> str:
    return reverse("posts:transition", kwargs={"workspace": "marbourg", "post": post.pk, "event": event})


def sent(post, **changed):
    """The form, filled."""
    answers = dict.fromkeys(YES, "yes")
    return {**answers, "comment": "", "version": post.version, **changed}


def but(**changed):
    return {**YES, **{key: dict(zip(("said", "comment"), value, strict=True)) for key, value in changed.items()}}


# ---- pure


QUESTIONS = {"H01": {"en": "One?", "fr": "Une ?"}, "H02": {"en": "Two?", "fr": "Deux ?"}}


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "H01"),
        ({"H01": {"said": "yes"}}, "H02"),
        ({"H01": {"said": "maybe"}, "H02": {"said": "yes"}}, "H01"),
        ({"H01": {"said": "yes"}, "H02": {"said": "no", "comment": "  "}}, "H02_comment"),
    ],
)
def test_each_question_has_its_answer_and_a_no_its_reason(answers, field):
    with pytest.raises(Invalid) as refusal:
        rules.answers_to(QUESTIONS, answers)
    assert refusal.value.field == field


def test_what_is_answered_is_kept_and_nothing_else():
    given = {"H01": {"said": "na"}, "H02": {"said": "no", "comment": " Since. "}, "H99": {"said": "yes"}}
    assert rules.answers_to(QUESTIONS, given) == {
        "H01": {"said": "na", "comment": ""},
        "H02": {"said": "no", "comment": "Since."},
    }


# ---- the operation


def test_ten_are_asked_those_of_the_template_first(in_review):
    asked = questions.asked_of(in_review)
    assert len(asked) == 10
    assert [one.rule for one in asked if one.matters] == ["H05", "H06"] == [one.rule for one in asked[:2]]
    assert {one.rule for one in asked if one.returns} == {"H02", "H03", "H07", "H09"}


@pytest.mark.parametrize("missing", sorted(YES))
def test_nothing_is_approved_while_one_is_missing(in_review, approver, missing, now):
    answers = {key: answer for key, answer in YES.items() if key != missing}
    with pytest.raises(Invalid, match="Answer the question") as refusal:
        posts.approve(post=in_review, actor=approver, answers=answers, now=now)
    assert refusal.value.field == missing
    assert again(in_review).status == Status.IN_REVIEW
    assert not Approval.objects.exists()


def test_the_answers_are_kept_with_the_approval_of_this_revision(in_review, approver, now):
    answers = but(H04=("na", ""), H05=("no", "Nobody asked, we guessed."))
    post = posts.approve(post=in_review, actor=approver, answers=answers, now=now)
    given = post.approvals.get()
    assert post.status == Status.APPROVED
    assert given.answers == answers
    assert given.digest == posts.revision_of(post).digest


@pytest.mark.parametrize("rule", ["H02", "H03", "H07", "H09"])
def test_a_no_to_some_returns_the_draft_with_the_reason(in_review, approver, rule, now):
    answers = but(**{rule: ("no", "Begin with the neighbours.")})
    post = posts.approve(post=in_review, actor=approver, answers=answers, comment="Nearly there.", now=now)
    assert post.status == Status.DRAFT
    given = post.approvals.get()
    assert (given.decision, given.answers) == ("changes", answers)
    assert "Begin with the neighbours." in given.comment and "Nearly there." in given.comment
    assert not posts.valid_approvals(post)


def test_a_changed_text_is_asked_again_and_the_answers_stay_in_the_past(approved, colleague, approver, now):
    write(approved, colleague, "Stir it well, add dry leaves, wait a week.", now)
    with pytest.raises(Invalid):
        posts.approve(post=again(approved), actor=approver, now=now)
    posts.approve(post=again(approved), actor=approver, answers=YES, now=now)
    first, second = Approval.objects.filter(post=approved).order_by("pk")
    assert first.answers == second.answers == YES
    assert first.voided_at and not second.voided_at
    assert first.revision_number < second.revision_number


def test_the_second_approver_answers_too(approved, manager, now):
    give_role(manager, "approver")
    with pytest.raises(Invalid):
        posts.approve(post=approved, actor=manager, now=now)
    assert posts.approve(post=approved, actor=manager, answers=YES, now=now).approvals.count() == 2


# ---- the page


def test_the_page_asks_the_ten_and_keeps_what_was_ticked(browse, in_review, approver):
    client = browse(approver)
    html = client.get(page_of(in_review)).text
    assert html.count("<fieldset") == 10
    assert "Stir it, add dry leaves, wait a week." in html
    refused = client.post(page_of(in_review), sent(in_review, H01="", H04="no"))
    assert refused.context["form"].errors.keys() == {"H01", "H04_comment"}
    assert 'name="H02" value="yes" id="id_H02_0" required checked' in " ".join(refused.text.split())
    assert again(in_review).status == Status.IN_REVIEW
    assert client.post(page_of(in_review), sent(in_review)).status_code == 302
    assert again(in_review).status == Status.APPROVED
    shown = client.get(in_review.link).text
    assert "10 questions et leurs réponses" in shown


def test_a_question_that_the_organisation_reworded_is_asked_in_its_words(browse, in_review, approver, manager, now):
    item = PlaybookItem.objects.bundled().get(kind="rule", slug="H01")
    ours = {"fr": "Le voisin s’y reconnaît-il ?", "en": "Does the neighbour find themselves in it?"}
    playbook.save_own(actor=manager, kind="rule", slug="H01", payload={**item.payload, "statement": ours}, now=now)
    html = browse(approver).get(page_of(in_review)).text
    assert ours["fr"] in html and item.payload["statement"]["fr"] not in html
    assert html.count("<fieldset") == 10


def test_a_no_says_that_the_draft_went_back(browse, in_review, approver):
    client = browse(approver)
    told = client.post(page_of(in_review), sent(in_review, H09="no", H09_comment="She is named."), follow=True).text
    assert "She is named." in told
    assert "Renvoyé" in told
    assert again(in_review).status == Status.DRAFT


def test_what_changed_since_the_last_decision_is_shown_word_by_word(browse, approved, colleague, approver, now):
    later = now + timedelta(hours=1)
    assert 'id="changed"' not in browse(approver).get(page_of(approved)).text
    write(approved, colleague, "Stir it, add torn cardboard, wait a week.", later)
    html = browse(approver).get(page_of(approved)).text
    assert 'id="changed"' in html
    assert "<del>dry</del><ins>torn</ins>" in html
    assert "?from=2&amp;to=3" in html


def test_it_is_the_readers_own_last_decision_that_counts(browse, approved, colleague, lawyer, approver, now):
    write(approved, colleague, "Stir it, add torn cardboard, wait a week.", now)
    posts.sign(post=again(approved), actor=lawyer, now=now)
    html = browse(lawyer).get(page_of(approved, "sign")).text
    assert 'id="changed"' not in html
    assert "torn cardboard" in browse(approver).get(page_of(approved)).text
    assert 'id="changed"' in browse(approver).get(page_of(approved)).text


def test_an_outsider_a_reader_and_a_planner_decide_nothing(browse, in_review, outsider, reader, member):
    assert browse(outsider).get(page_of(in_review)).status_code == 404
    assert browse(outsider).post(page_of(in_review), sent(in_review)).status_code == 404
    assert browse(reader).post(page_of(in_review), sent(in_review)).status_code == 403
    assert browse(member).post(page_of(in_review), {"comment": ""}).status_code == 403
    assert "<fieldset" not in browse(member).get(page_of(in_review)).text
    assert again(in_review).status == Status.IN_REVIEW


def test_the_page_takes_the_same_queries_whatever_is_on_it(
    browse, approved, approver, colleague, now, django_assert_num_queries, django_assert_max_num_queries
):
    client = browse(approver)
    client.get(page_of(approved))
    with django_assert_max_num_queries(60) as counted:
        client.get(page_of(approved))
    for number in range(4):
        posts.comment(post=approved, actor=colleague, body=f"Remark {number}", now=now)
        Approval.objects.create(
            post=approved, role="legal", person=colleague, revision_number=0, digest="", decision="changes", at=now
        )
    with django_assert_num_queries(len(counted)):
        client.get(page_of(approved))

"""The states of a post: who may, what is missing, what follows."""

from datetime import timedelta

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.posts.models import Approval, Placement, Post
from planner.posts.operations import writing
from planner.posts.rules import Event, Status
from planner.reminders.models import Reminder
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces.models import Absence
from tests.conftest import join, person
from tests.posts.conftest import YES, finish_before, give_role, item_of, write


def verbs(post):
    return list(Entry.objects.about(post).order_by("id").values_list("verb", flat=True))


def told(person):
    return Reminder.objects.filter(addressee=f"member:{person.pk}")


# ---- who may


def test_an_outsider_finds_nothing_to_act_on(draft, approved, outsider, now):
    for act in (posts.submit, posts.approve, posts.schedule, posts.unschedule, posts.sign, posts.reopen, posts.develop):
        with pytest.raises(NotFound):
            act(post=draft, actor=outsider, now=now)


def test_a_reader_changes_no_state(approved, reader, now):
    for act in (posts.submit, posts.approve, posts.schedule, posts.sign, posts.unschedule):
        with pytest.raises(NotAllowed):
            act(post=approved, actor=reader, now=now)
    for act in (posts.cancel, posts.retire):
        with pytest.raises(NotAllowed):
            act(post=approved, actor=reader, reason="No.", now=now)


def test_approving_comes_from_the_role_and_not_from_the_level(in_review, colleague, member, manager, now):
    for somebody in (colleague, member, manager):
        with pytest.raises(NotAllowed, match="director"):
            posts.approve(answers=YES, post=in_review, actor=somebody, now=now)


def test_a_director_who_only_reads_approves_by_the_role(in_review, reader, now):
    give_role(reader, "approver")
    assert posts.approve(answers=YES, post=in_review, actor=reader, now=now).status == Status.APPROVED


def test_the_second_person_approves_while_the_first_is_away_and_not_otherwise(in_review, approver, manager, now):
    approver.roles.update(second=manager)
    with pytest.raises(NotAllowed):
        posts.approve(answers=YES, post=in_review, actor=manager, now=now)
    Absence.objects.create(membership=approver, starts_on=now.date(), ends_on=now.date())
    assert posts.approve(answers=YES, post=in_review, actor=manager, now=now).status == Status.APPROVED


def test_a_contributor_submits_but_does_not_schedule(draft, colleague, approver, member, now):
    post = posts.submit(post=draft, actor=colleague, now=now)
    post = posts.approve(answers=YES, post=post, actor=approver, now=now)
    finish_before(post, member, now, "scheduled")
    with pytest.raises(NotAllowed, match="Planner"):
        posts.schedule(post=post, actor=colleague, now=now)


# ---- towards publication


def test_what_is_missing_is_said_with_a_link(member, template, channels, now):
    post = posts.create_from_template(
        actor=member, template=template, planned=None, channels=channels, title="Compost", language="fr", now=now
    )
    with pytest.raises(Refused) as refusal:
        posts.submit(post=post, actor=member, now=now)
    assert "in one sentence" in str(refusal.value)
    assert refusal.value.link == f"{post.link}#frame"
    anchors = {one.anchor for one in posts.missing(post, Event.SUBMIT, now)}
    assert {"#frame", "#field-route", "#text-fr"} <= anchors


def test_submitting_tells_the_editor_and_the_approver(in_review, member, approver, colleague):
    assert in_review.status == Status.IN_REVIEW
    assert told(member).exists()
    assert told(approver).exists()
    assert not told(colleague).exists()


def test_asking_for_changes_needs_words_and_tells_the_author(in_review, approver, colleague, now):
    with pytest.raises(Invalid) as refusal:
        posts.ask_changes(post=in_review, actor=approver, comment=" ", now=now)
    assert refusal.value.field == "comment"
    post = posts.ask_changes(post=in_review, actor=approver, comment="Begin with the smell.", now=now)
    assert post.status == Status.DRAFT
    assert "Begin with the smell." in told(colleague).get().message["en"]
    assert post.approvals.get().decision == "changes"


def test_somebody_without_a_reading_role_does_not_send_a_text_back(in_review, answerer, now):
    with pytest.raises(NotAllowed):
        posts.ask_changes(post=in_review, actor=answerer, comment="No.", now=now)


def test_the_author_may_take_the_text_back(in_review, colleague, now):
    assert posts.ask_changes(post=in_review, actor=colleague, comment="Not ready.", now=now).status == Status.DRAFT


def test_approving_closes_the_item_and_is_bound_to_the_text(approved, approver):
    item = item_of(approved, "approve")
    assert (item.state, item.done_by) == ("done", approver)
    assert not Reminder.objects.open().filter(subject_id=item.pk, profile="e-std").exists()
    assert approved.approvals.get().digest == posts.revision_of(approved).digest


def test_the_author_is_never_the_only_approver(draft, colleague, approver, member, now):
    give_role(colleague, "approver")
    post = posts.submit(post=draft, actor=colleague, now=now)
    with pytest.raises(Refused, match="You wrote this text"):
        posts.approve(answers=YES, post=post, actor=colleague, now=now)
    post = posts.approve(answers=YES, post=post, actor=approver, now=now)
    assert posts.approve(answers=YES, post=post, actor=colleague, now=now).approvals.count() == 2


def test_two_approvers_are_enough(approved, workspace, now):
    others = [join(workspace, person(name, f"{name}@example.org"), "contributor") for name in ("Bea", "Cid")]
    for one in others:
        give_role(one, "approver")
    posts.approve(answers=YES, post=approved, actor=others[0], now=now)
    with pytest.raises(Refused, match="Two people"):
        posts.approve(answers=YES, post=approved, actor=others[1], now=now)


def test_the_same_person_approves_once(approved, approver, now):
    with pytest.raises(Stale):
        posts.approve(answers=YES, post=approved, actor=approver, now=now)


def test_scheduling_waits_for_blocking_work_and_says_which(approved, member, now):
    with pytest.raises(Refused, match="Review substance") as refusal:
        posts.schedule(post=approved, actor=member, now=now)
    assert f"#work-{item_of(approved, 'review').pk}" in refusal.value.link
    finish_before(approved, member, now, "scheduled")
    assert posts.schedule(post=approved, actor=member, now=now).status == Status.SCHEDULED


def test_a_post_whose_hour_has_passed_is_not_scheduled(approved, member, now):
    finish_before(approved, member, now, "scheduled")
    with pytest.raises(Refused, match="has passed"):
        posts.schedule(post=approved, actor=member, now=approved.planned_at + timedelta(minutes=1))


def test_a_regulated_post_waits_for_the_signature_on_the_exact_text(draft, colleague, approver, lawyer, member, now):
    posts.update_frame(post=draft, actor=colleague, values={"is_regulated": True}, now=now)
    post = posts.submit(post=draft, actor=colleague, now=now)
    post = posts.approve(answers=YES, post=post, actor=approver, now=now)
    finish_before(post, member, now, "scheduled")
    with pytest.raises(Refused, match="Legal opinion"):
        posts.schedule(post=post, actor=member, now=now)
    with pytest.raises(NotAllowed, match="legal"):
        posts.sign(post=post, actor=approver, now=now)
    posts.sign(post=post, actor=lawyer, now=now)
    assert item_of(post, "legal").done_by == lawyer
    assert posts.schedule(post=post, actor=member, now=now).status == Status.SCHEDULED
    write(post, colleague, "One word more.", now)
    assert item_of(post, "legal").state == "open"


def test_unscheduling_keeps_the_date_and_the_approval(scheduled, member, now):
    post = posts.unschedule(post=scheduled, actor=member, now=now)
    assert post.status == Status.APPROVED
    assert post.planned_at is not None
    assert posts.valid_approvals(post)


def test_an_old_page_is_told_so(draft, colleague, now):
    with pytest.raises(Stale, match="meanwhile"):
        posts.submit(post=draft, actor=colleague, version=draft.version - 1, now=now)


def test_the_loser_of_a_race_is_told(draft, now):
    stale = Post.objects.get(pk=draft.pk)
    Post.objects.filter(pk=draft.pk).update(version=draft.version + 1)
    with pytest.raises(Stale):
        writing.keep(stale, now, audience="Them")


def test_sending_for_review_closes_the_work_of_writing(draft, member, colleague, now):
    assert item_of(draft, "draft").state == "open"
    sent = posts.submit(post=draft, actor=member, now=now)
    assert [item_of(sent, key).state for key in ("frame", "draft", "review")] == ["done", "done", "open"]
    assert not Reminder.objects.open().filter(subject_id=item_of(sent, "draft").pk).exists()


def test_the_author_is_told_of_the_four_eyes_before_pressing_the_button(in_review, approver, now):
    Post.objects.filter(pk=in_review.pk).update(author=approver)
    in_review.refresh_from_db()
    (approve,) = [
        move for move in posts.possible_moves(post=in_review, actor=approver, now=now) if move.event == Event.APPROVE
    ]
    assert approve.is_yours
    assert [missing.anchor for missing in approve.missing] == ["#approvals"]


# ---- endings


def test_cancelling_frees_the_date_and_drops_the_work_until_it_is_reopened(scheduled, member, now):
    with pytest.raises(Invalid):
        posts.cancel(post=scheduled, actor=member, reason="", now=now)
    planned = scheduled.planned_at
    post = posts.cancel(post=scheduled, actor=member, reason="The show is off.", now=now)
    assert (post.status, post.planned_at) == (Status.CANCELLED, None)
    assert not Placement.objects.filter(post=post).open().exists()
    assert not WorkItem.objects.about(post).open().exists()
    assert not Reminder.objects.open().filter(group_id=post.pk).exists()
    post = posts.reopen(post=post, actor=member, now=now)
    assert (post.status, post.planned_at) == (Status.DRAFT, planned)
    assert item_of(post, "preflight").state == "open"
    assert item_of(post, "revise").state == "open"
    assert item_of(post, "approve").state == "open"
    assert item_of(post, "review").state == "done"
    assert Reminder.objects.open().filter(subject_id=item_of(post, "preflight").pk).exists()


def test_a_reopened_post_does_not_take_back_an_hour_that_has_passed(draft, member, now):
    posts.cancel(post=draft, actor=member, reason="Off.", now=now)
    post = posts.reopen(post=draft, actor=member, now=draft.planned_at + timedelta(days=1))
    assert post.planned_at is None
    assert Placement.objects.filter(post=post).open().count() == 2


def test_work_dropped_by_hand_stays_dropped_when_the_post_comes_back(draft, member, now):
    work.drop(item=item_of(draft, "perf"), actor=member, reason="Counted elsewhere.", now=now)
    posts.cancel(post=draft, actor=member, reason="Off.", now=now)
    posts.reopen(post=draft, actor=member, now=now)
    assert item_of(draft, "perf").state == "dropped"
    assert item_of(draft, "frame").state == "open"


def test_a_cancelled_post_is_not_written_on(draft, member, colleague, now):
    posts.cancel(post=draft, actor=member, reason="Off.", now=now)
    with pytest.raises(Refused, match="reopen it first"):
        write(draft, colleague, "More.", now)
    with pytest.raises(Refused, match="reopen it first"):
        posts.move(post=draft, actor=member, to=None, now=now)


def test_a_published_post_is_retired_and_may_come_back(published, member, out):
    with pytest.raises(Refused, match="retire it"):
        posts.cancel(post=published, actor=member, reason="Old.", now=out)
    post = posts.retire(post=published, actor=member, reason="The price has changed.", now=out + timedelta(hours=3))
    assert post.status == Status.RETIRED
    assert not WorkItem.objects.about(post).open().exists()
    post = posts.reopen(post=post, actor=member, now=out + timedelta(hours=4))
    assert post.status == Status.PUBLISHED
    assert item_of(post, "answer-24h").state == "open"
    assert verbs(post)[-2:] == ["post.retired", "post.reopened"]


# ---- the page's buttons


def test_the_buttons_say_what_is_yours_and_what_is_missing(in_review, approver, colleague, now):
    for_the_approver = {move.event: move for move in posts.possible_moves(post=in_review, actor=approver, now=now)}
    assert set(for_the_approver) == {Event.ASK_CHANGES, Event.APPROVE, Event.CANCEL}
    assert for_the_approver[Event.APPROVE].is_yours
    assert not for_the_approver[Event.CANCEL].is_yours
    for_the_author = {move.event: move for move in posts.possible_moves(post=in_review, actor=colleague, now=now)}
    assert not for_the_author[Event.APPROVE].is_yours
    assert for_the_author[Event.ASK_CHANGES].is_yours


def test_an_idea_is_proposed_by_whoever_contributes_and_planned_by_who_plans(template, colleague, member, reader, now):
    with pytest.raises(NotAllowed):
        posts.propose(actor=reader, template=template, title="Idea", language="fr", now=now)
    idea = posts.propose(actor=colleague, template=template, title="Idea", language="fr", now=now)
    assert (idea.status, idea.planned_at) == (Status.IDEA, None)
    with pytest.raises(NotAllowed):
        posts.develop(post=idea, actor=colleague, now=now)
    assert posts.develop(post=idea, actor=member, now=now).status == Status.DRAFT
    assert not Reminder.objects.open().filter(group_id=idea.pk).exists()


def test_voided_approvals_stay_in_the_record(scheduled, colleague, now):
    write(scheduled, colleague, "Changed.", now)
    voided = Approval.objects.get(post=scheduled)
    assert voided.voided_at == now
    assert "post.approval_voided" in verbs(scheduled)

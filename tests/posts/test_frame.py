"""The frame: facts bring work and take it away, people carry their work with them, refusals name the field."""

from datetime import date, datetime, timedelta

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.posts.models import Post
from planner.posts.rules import Status, WallTime
from planner.reminders.models import Reminder
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces.models import Membership
from tests.posts.conftest import PARIS, PLANNED, finish_before, give_role, item_of


def change(post, actor, now, **values):
    return posts.update_frame(post=post, actor=actor, values=values, now=now)


def test_facts_bring_work_and_take_it_away(draft, colleague, now):
    assert not item_of(draft, "legal").applies
    change(draft, colleague, now, is_regulated=True, has_claims=True)
    legal = item_of(draft, "legal")
    assert legal.applies
    assert legal.due_at is not None
    assert item_of(draft, "facts").applies
    assert Reminder.objects.open().filter(subject_id=legal.pk).exists()
    change(draft, colleague, now, is_regulated=False)
    assert not item_of(draft, "legal").applies
    assert not Reminder.objects.open().filter(subject_id=legal.pk).exists()


def test_the_route_chosen_in_the_template_brings_the_interview(draft, colleague, now):
    assert not item_of(draft, "interview").applies
    change(draft, colleague, now, fields={"route": "interview"})
    assert item_of(draft, "interview").applies
    draft.refresh_from_db()
    assert draft.fields["common_mistake"] == "Too much grass."


def test_lasting_content_is_looked_at_again(draft, colleague, now):
    assert item_of(draft, "evergreen").applies
    change(draft, colleague, now, is_evergreen=False)
    assert not item_of(draft, "evergreen").applies


def test_the_review_day_is_the_clock_of_lasting_content(published, colleague, out):
    change(published, colleague, out, review_on=date(2026, 10, 3))
    item = item_of(published, "evergreen")
    assert item.due_at == datetime(2026, 10, 5, 17, 0, tzinfo=PARIS)  # a Saturday, so the Monday
    assert set(Reminder.objects.open().filter(subject_id=item.pk).values_list("work_due_at", flat=True)) == {
        item.due_at
    }


def test_before_publication_the_review_day_is_a_projection(draft, colleague, now):
    change(draft, colleague, now, review_on=date(2026, 10, 5))
    item = item_of(draft, "evergreen")
    assert item.is_projection
    assert item.due_at == datetime(2026, 10, 5, 17, 0, tzinfo=PARIS)
    assert not Reminder.objects.open().filter(subject_id=item.pk).exists()


def test_new_blocking_work_takes_a_post_out_of_the_schedule(scheduled, colleague, now):
    post = change(scheduled, colleague, now, is_regulated=True)
    assert post.status == Status.APPROVED
    entry = Entry.objects.about(post).filter(verb="post.unscheduled").get()
    assert entry.data["because"] == ["legal"]


def test_the_question_has_one_value_wherever_it_is_asked(draft, colleague, now):
    assert draft.key_question == "Why does my compost smell?"
    post = change(draft, colleague, now, key_question="Why eggs?")
    assert post.fields["key_question"] == "Why eggs?"
    post = change(draft, colleague, now, fields={"key_question": "Why forest?"})
    assert post.key_question == "Why forest?"


def test_wrong_answers_are_named_all_at_once_and_nothing_is_kept(draft, colleague, now):
    with pytest.raises(posts.InvalidAnswers) as refusal:
        change(draft, colleague, now, audience="Them", fields={"route": "telepathy", "steps": "one"})
    assert set(refusal.value.errors) == {"route", "steps"}
    assert refusal.value.field in ("field-route", "field-steps")
    draft.refresh_from_db()
    assert draft.audience != "Them"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"audience": "x" * 301}, "audience"),
        ({"intent": "sell"}, "intent"),
        ({"customer_moment": "never"}, "customer_moment"),
        ({"review_on": "soon"}, "review_on"),
        ({"links": [{"url": "javascript:alert(1)"}]}, "links"),
        ({"sources": [{"label": "x", "url": "nowhere"}]}, "sources"),
    ],
)
def test_a_refusal_names_its_field(draft, colleague, now, wrong, field):
    with pytest.raises(Invalid) as refusal:
        change(draft, colleague, now, **wrong)
    assert refusal.value.field == field


def test_an_old_page_does_not_overwrite(draft, colleague, now):
    version = Post.objects.get(pk=draft.pk).version
    posts.update_frame(post=draft, actor=colleague, values={"audience": "A"}, version=version, now=now)
    with pytest.raises(Stale):
        posts.update_frame(post=draft, actor=colleague, values={"audience": "B"}, version=version, now=now)


def test_the_same_values_change_nothing(draft, colleague, now):
    entries = Entry.objects.count()
    before = Post.objects.get(pk=draft.pk).version
    change(draft, colleague, now, audience=draft.audience)
    assert Entry.objects.count() == entries
    assert Post.objects.get(pk=draft.pk).version == before


def test_who_may_not_write(draft, reader, outsider, now):
    for actor, error in ((reader, NotAllowed), (outsider, NotFound)):
        with pytest.raises(error):
            change(draft, actor, now, audience="Them")


# ---- people


def test_open_work_follows_the_person_named(draft, member, colleague, manager, now):
    finished = item_of(draft, "frame")
    work.complete(item=finished, actor=colleague, now=now)
    post = posts.change_people(post=draft, actor=member, author=manager, answerer=colleague, now=now)
    assert (post.author, post.answerer) == (manager, colleague)
    assert item_of(draft, "draft").owner == manager
    assert item_of(draft, "answer-24h").owner == colleague
    assert item_of(draft, "frame").owner == colleague


def test_work_handed_to_somebody_by_hand_stays_with_them(draft, member, answerer, manager, now):
    work.reassign(item=item_of(draft, "draft"), owner=answerer, actor=member, now=now)
    posts.change_people(post=draft, actor=member, author=manager, now=now)
    assert item_of(draft, "draft").owner == answerer
    assert item_of(draft, "revise").owner == manager


def test_the_expert_of_the_template_owns_the_expert_s_work(draft, colleague, answerer, now):
    assert item_of(draft, "own-words").owner == colleague
    change(draft, colleague, now, fields={"expert_person": answerer})
    assert item_of(draft, "own-words").owner == answerer
    assert not item_of(draft, "own-words").is_role_vacant


def test_naming_people_is_for_those_who_plan(draft, colleague, manager, now):
    with pytest.raises(NotAllowed):
        posts.change_people(post=draft, actor=colleague, author=manager, now=now)
    with pytest.raises(NotAllowed):
        change(draft, colleague, now, author=manager)


def test_the_deputy_is_somebody_else(draft, member, answerer, now):
    with pytest.raises(Invalid) as refusal:
        posts.change_people(post=draft, actor=member, deputy=answerer, now=now)
    assert refusal.value.field == "deputy"


def test_people_of_elsewhere_are_refused(draft, member, outsider, now):
    with pytest.raises(Invalid) as refusal:
        posts.change_people(post=draft, actor=member, answerer=outsider, now=now)
    assert refusal.value.field == "answerer"


def test_a_scheduled_post_keeps_both_people(scheduled, member, now):
    with pytest.raises(Refused):
        posts.update_frame(post=scheduled, actor=member, values={"deputy": None}, now=now)


# ---- creating


def test_a_preview_tells_what_will_be_made(member, template, channels, values, newsroom, now):
    preview = posts.preview(actor=member, template=template, planned=PLANNED, values=values, channels=channels, now=now)
    post = posts.create_from_template(
        actor=member, template=template, planned=PLANNED, channels=channels, values=values, title="T", language="en",
        now=now,
    )  # fmt: skip
    made = {
        (item.key, item.due_at, item.owner_id, item.is_role_vacant) for item in WorkItem.objects.about(post).wanted()
    }
    told = {
        (one.laid.task.key, one.laid.due_at, one.person.pk if one.person else None, one.is_role_vacant)
        for one in preview.items
    }
    assert told == made
    assert preview.review_days_lost == 0


def test_a_preview_writes_nothing(member, template, now, django_assert_num_queries):
    with django_assert_num_queries(6):
        posts.preview(actor=member, template=template, planned=PLANNED, now=now)
    assert not Post.objects.exists()


def test_work_of_an_empty_role_goes_to_the_editor_with_a_flag(draft, member):
    perf = item_of(draft, "perf")
    assert (perf.owner, perf.is_role_vacant) == (member, True)
    assert not item_of(draft, "review").is_role_vacant


def test_a_role_given_before_makes_its_holder_the_owner(member, template, channels, manager, now):
    give_role(manager, "analyst")
    post = posts.create_from_template(
        actor=member, template=template, planned=None, channels=channels, title="T", language="en", now=now
    )
    assert item_of(post, "perf").owner == manager


def test_a_new_text_has_the_headings_of_the_template(member, template, channels, now):
    post = posts.create_from_template(
        actor=member, template=template, planned=None, channels=channels, title="T", language="fr", now=now
    )
    assert post.texts.get().body.startswith("## La question")


@pytest.mark.parametrize(("change_", "field"), [({"title": " "}, "title"), ({"language": "de"}, "language")])
def test_creating_refuses_beside_the_field(member, template, now, change_, field):
    arguments = {"title": "T", "language": "fr", **change_}
    with pytest.raises(Invalid) as refusal:
        posts.create_from_template(actor=member, template=template, planned=None, channels=[], now=now, **arguments)
    assert refusal.value.field == field


def test_a_contributor_proposes_and_does_not_plan(colleague, template, now):
    with pytest.raises(NotAllowed):
        posts.create_from_template(
            actor=colleague, template=template, planned=None, channels=[], title="T", language="fr", now=now
        )


def test_a_template_of_elsewhere_is_not_found(outsider, member, template, now):
    template.workspace = outsider.workspace
    template.save()
    with pytest.raises(NotFound):
        posts.create_from_template(
            actor=member, template=template, planned=None, channels=[], title="T", language="fr", now=now
        )


def test_wall_times_across_a_clock_change_are_what_people_meant(member, template, channels, now):
    post = posts.create_from_template(
        actor=member, template=template, planned=WallTime(PLANNED.on.replace(month=11), PLANNED.at), channels=channels,
        title="T", language="en", now=now,
    )  # fmt: skip
    assert post.planned_at.utcoffset() == timedelta(0)
    assert post.planned_at.hour == 9  # ten in Paris, in winter


def test_somebody_who_left_is_not_named_anew(draft, member, answerer, now):
    Membership.objects.filter(pk=answerer.pk).update(left_at=now)
    answerer.refresh_from_db()
    with pytest.raises(Invalid):
        posts.change_people(post=draft, actor=member, author=answerer, now=now)


def test_a_later_edit_of_the_template_leaves_the_post_alone(draft, template, member, now):
    template.payload = {**template.payload, "fields": [], "tasks_add": []}
    template.save()
    posts.move(post=draft, actor=member, to=WallTime(PLANNED.on + timedelta(days=7), PLANNED.at), now=now)
    draft.refresh_from_db()
    assert draft.template_payload["fields"]
    assert item_of(draft, "own-words").applies
    finish_before(draft, member, now, "scheduled")

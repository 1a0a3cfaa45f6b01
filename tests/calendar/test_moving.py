"""Moving in the calendar: told first, refused in words, taken back within ten minutes, and the second is told."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.calendar import operations as calendar
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.posts.models import Placement, Post
from planner.posts.rules import WallTime
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Absence
from tests.posts.conftest import PARIS, PLANNED, item_of

THURSDAY = PLANNED.on
WEEK_LATER = date(2026, 5, 28)


def step(actor, post, on=WEEK_LATER, source=THURSDAY, **values):
    return calendar.steps_to(actor=actor, post_id=post.pk, source=source, on=on, **values)


def walls(post):
    return {
        one.channel.slug: (one.planned_on, one.planned_time)
        for one in Placement.objects.filter(post=post).select_related("channel")
    }


def test_what_stands_on_a_day_goes_to_another_at_its_own_hours(draft, member, now):
    site = draft.placements.get(channel__slug="site-article")
    posts.move(post=draft, actor=member, to=WallTime(THURSDAY, time(15)), placement=site, now=now)
    calendar.move(actor=member, steps=[step(member, draft)], now=now)
    assert walls(draft) == {"site-article": (WEEK_LATER, time(15)), "newsletter": (WEEK_LATER, time(10))}


def test_another_day_of_the_same_post_stays(draft, member, now):
    site = draft.placements.get(channel__slug="site-article")
    posts.move(post=draft, actor=member, to=WallTime(date(2026, 6, 4), time(9)), placement=site, now=now)
    calendar.move(actor=member, steps=[step(member, draft)], now=now)
    assert walls(draft)["site-article"] == (date(2026, 6, 4), time(9))
    draft.refresh_from_db()
    assert draft.planned_at == datetime(2026, 5, 28, 10, tzinfo=PARIS)


def test_what_follows_is_told_and_nothing_is_saved(draft, member, now):
    due, version = item_of(draft, "review").due_at, draft.version
    told = posts.foresee(actor=member, steps=[step(member, draft, on=date(2026, 5, 6))], now=now)
    assert told.steps
    assert told.moved
    assert told.late
    assert told.reminders
    draft.refresh_from_db()
    assert (item_of(draft, "review").due_at, draft.version) == (due, version)


def test_what_is_told_is_what_happens(draft, member, now):
    told = posts.foresee(actor=member, steps=[step(member, draft)], now=now)
    calendar.move(actor=member, steps=[step(member, draft)], now=now)
    assert {one.item.pk: one.after for one in told.work} == {
        item.pk: item.due_at for item in WorkItem.objects.about(draft).open().wanted()
    }


def test_an_idea_dropped_on_a_day_is_planned_at_ten(template, channels, member, values, now):
    idea = posts.propose(
        actor=member, template=template, channels=channels, values=values, title="Idea", language="en", now=now
    )
    entry = calendar.move(actor=member, steps=[step(member, idea, source=None)], now=now)
    idea.refresh_from_db()
    assert (idea.status, idea.planned_at) == ("draft", datetime(2026, 5, 28, 10, tzinfo=PARIS))
    calendar.undo(actor=member, entry_id=entry.pk, now=now)
    idea.refresh_from_db()
    assert idea.planned_at is None


def test_a_move_is_taken_back_within_ten_minutes_and_recorded(draft, member, now):
    before, due = walls(draft), item_of(draft, "review").due_at
    entry = calendar.move(actor=member, steps=[step(member, draft)], now=now)
    assert walls(draft) != before
    calendar.undo(actor=member, entry_id=entry.pk, now=now + timedelta(minutes=9))
    assert (walls(draft), item_of(draft, "review").due_at) == (before, due)
    assert Entry.objects.filter(verb="calendar.undone").count() == 1
    with pytest.raises(Stale):
        calendar.undo(actor=member, entry_id=entry.pk, now=now + timedelta(minutes=9))


def test_after_ten_minutes_or_for_somebody_else_it_stays(draft, member, manager, now):
    entry = calendar.move(actor=member, steps=[step(member, draft)], now=now)
    with pytest.raises(Stale):
        calendar.undo(actor=member, entry_id=entry.pk, now=now + timedelta(minutes=10))
    assert calendar.undoable(actor=manager, entry_id=entry.pk, now=now) is None


def test_what_somebody_changed_since_is_not_put_back(draft, member, manager, now):
    entry = calendar.move(actor=member, steps=[step(member, draft)], now=now)
    calendar.move(actor=manager, steps=[step(manager, draft, on=date(2026, 6, 4), source=WEEK_LATER)], now=now)
    with pytest.raises(Stale):
        calendar.undo(actor=member, entry_id=entry.pk, now=now)
    assert walls(draft)["newsletter"][0] == date(2026, 6, 4)


def test_the_second_of_two_is_told(draft, member, manager, now):
    seen = draft.version
    calendar.move(actor=manager, steps=[step(manager, draft, version=seen)], now=now)
    with pytest.raises(Stale):
        step(member, draft, version=seen)
    late = step(member, draft, source=WEEK_LATER, on=date(2026, 6, 4), version=seen)
    with pytest.raises(Stale):
        calendar.move(actor=member, steps=[late], now=now)
    told = posts.foresee(actor=member, steps=[late], now=now)
    assert isinstance(told.refused[0][1], Stale)


def test_refused_in_words_into_the_past_into_closed_days_and_without_the_right(draft, member, manager, colleague, now):
    workspaces.add_blackout(actor=manager, name="Elections", starts_on=WEEK_LATER, ends_on=WEEK_LATER, now=now)
    for on, kind, words in ((date(2026, 4, 1), Invalid, "passé"), (WEEK_LATER, Refused, "Elections")):
        told = posts.foresee(actor=member, steps=[step(member, draft, on=on)], now=now)
        assert words in str(told.refused[0][1])
        with pytest.raises(kind, match=words):
            calendar.move(actor=member, steps=[step(member, draft, on=on)], now=now)
    with pytest.raises(NotAllowed):
        calendar.move(actor=colleague, steps=[step(member, draft, on=date(2026, 6, 4))], now=now)


# ---- what the policy would say there

HOLOCAUST_REMEMBRANCE = date(2027, 1, 27)


def test_a_day_on_which_nobody_answers_is_told_of_and_not_refused(draft, answerer, member, now):
    assert not posts.foresee(actor=member, steps=[step(member, draft)], now=now).said
    for one in (answerer, member):
        Absence.objects.create(membership=one, starts_on=WEEK_LATER, ends_on=WEEK_LATER + timedelta(days=2))
    told = posts.foresee(actor=member, steps=[step(member, draft)], now=now)
    assert [(post.pk, [(one.rule, one.severity) for one in found]) for post, found in told.said] == [
        (draft.pk, [("R07", "block")])
    ]
    assert not told.refused
    draft.refresh_from_db()
    assert draft.planned_at.date() == THURSDAY


def test_what_it_says_already_is_no_news(draft, answerer, member, now):
    for one in (answerer, member):
        Absence.objects.create(membership=one, starts_on=THURSDAY, ends_on=WEEK_LATER + timedelta(days=2))
    same_day = step(member, draft, on=THURSDAY, at=time(11))
    assert not posts.foresee(actor=member, steps=[same_day], now=now).said


def test_a_sober_day_is_told_of(draft, member, now):
    assert not posts.foresee(actor=member, steps=[step(member, draft)], now=now).sober
    told = posts.foresee(actor=member, steps=[step(member, draft, on=HOLOCAUST_REMEMBRANCE)], now=now)
    assert "Holocauste" in told.sober[0]


def test_a_holiday_is_told_of_by_name(draft, member, now):
    told = posts.foresee(actor=member, steps=[step(member, draft, on=date(2026, 7, 14))], now=now)
    assert [one.replace("\u00a0", " ") for one in told.feasts] == [
        "mardi 14 juillet : Fête nationale, jour non travaillé."
    ]


def test_the_page_of_a_post_refuses_before_the_act_what_the_act_refuses(browse, draft, member, now):
    with time_machine.travel(now, tick=False):
        form = {"on": "2026-04-01", "at": "10:00", "version": draft.version, "act": "preview"}
        refused = browse(member).post(f"/w/marbourg/posts/{draft.pk}/move/", form)
    assert refused.status_code == 400
    assert "passé" in refused.text


def test_the_pages_say_it_before_and_after(browse, scheduled, answerer, member, now):
    for one in (answerer, member):
        Absence.objects.create(
            membership=one, starts_on=HOLOCAUST_REMEMBRANCE, ends_on=HOLOCAUST_REMEMBRANCE + timedelta(days=2)
        )
    with time_machine.travel(now, tick=False):
        client, on = browse(member), f"{HOLOCAUST_REMEMBRANCE}"
        words = {
            "post": scheduled.pk,
            "source": f"{THURSDAY}",
            "on": on,
            "version": scheduled.version,
            "act": "preview",
        }
        for headers in ({}, {"HX-Request": "true"}):
            shown = client.post("/w/marbourg/calendar/move/", words, headers=headers).text.replace("\u00a0", " ")
            assert "R07" in shown
            assert "Journée de la mémoire de l’Holocauste : ce jour-là" in shown
        form = {"on": on, "at": "10:00", "version": scheduled.version}
        page = f"/w/marbourg/posts/{scheduled.pk}/move/"
        shown = client.post(page, {**form, "act": "preview"}).text.replace("\u00a0", " ")
        assert "R07" in shown
        assert "Journée de la mémoire de l’Holocauste : ce jour-là" in shown
        there = client.post("/w/marbourg/calendar/move/", {**words, "act": "move"}, follow=True)
        assert "Tel quel, il ne paraîtra pas" in there.text
        scheduled.refresh_from_db()
        moved = client.post(page, {**form, "act": "move", "version": scheduled.version}, follow=True)
        assert "Tel quel, il ne paraîtra pas" in moved.text


def test_what_is_published_does_not_move(published, member, now):
    on = published.placements.get(channel__slug="site-article").planned_on
    told = posts.foresee(actor=member, steps=[step(member, published, source=on)], now=now)
    assert told.steps[0].walls.keys() == {published.placements.get(channel__slug="newsletter").pk}
    published.placements.filter(channel__slug="newsletter").update(
        published_at=published.published_at, recorded_by=member
    )
    with pytest.raises(Refused):
        step(member, published, source=on)


def test_an_outsider_moves_nothing(draft, outsider):
    with pytest.raises(NotFound):
        step(outsider, draft)


# ---- several at once


def test_several_shift_by_working_days_all_or_none(draft, member, now):
    entry = calendar.move(
        actor=member, steps=calendar.shift(actor=member, chosen={draft.pk: draft.version}, days=2), now=now
    )
    assert walls(draft)["newsletter"] == (date(2026, 5, 26), time(10))  # Whit Monday is a holiday
    assert len(entry.data["moves"]) == 1


def test_what_follows_is_asked_in_as_many_queries_for_many(appear, member, now, django_assert_num_queries):
    def told(count):
        chosen = {one.pk: one.version for one in made[:count]}
        return posts.foresee(actor=member, steps=calendar.shift(actor=member, chosen=chosen, days=1), now=now)

    at = datetime(2026, 5, 21, 10, tzinfo=PARIS)
    made = [appear(f"Compost {n}", at + timedelta(days=n), status="draft", author=member) for n in range(12)]
    told(1)
    with CaptureQueriesContext(connection) as few:
        told(2)
    with django_assert_num_queries(len(few)):
        assert len(told(12).steps) == 12


def test_those_that_move_together_are_compared_where_they_will_stand(appear, member, now):
    at = datetime(2026, 5, 19, 10, tzinfo=PARIS)
    first, second = (appear(f"Compost {n}", at + timedelta(days=n), status="scheduled") for n in range(2))

    def told(*moved):
        chosen = {one.pk: one.version for one in moved}
        found = posts.foresee(actor=member, steps=calendar.shift(actor=member, chosen=chosen, days=1), now=now).said
        return [(post, [one.rule for one in said if one.rule == "R22"]) for post, said in found]

    assert (first, ["R22"]) in told(first)
    assert not any(rules for _post, rules in told(first, second))


@pytest.mark.parametrize(("chosen", "days"), [({}, 1), ({1: 1}, 0), ({1: 1}, 999), (dict.fromkeys(range(200)), 1)])
def test_a_shift_that_says_nothing_is_refused(member, chosen, days):
    with pytest.raises(Invalid):
        calendar.shift(actor=member, chosen=chosen, days=days)


def test_another_author_for_several_takes_their_work(draft, member, answerer, now):
    calendar.change_owner(actor=member, chosen={draft.pk: draft.version}, author=answerer, now=now)
    draft.refresh_from_db()
    assert draft.author == answerer
    assert Entry.objects.filter(verb="calendar.handed_over").exists()


def test_an_author_of_another_workspace_is_not_found(draft, member, outsider, now):
    with pytest.raises(NotFound):
        calendar.change_owner(actor=member, chosen={draft.pk: draft.version}, author=outsider, now=now)
    assert Post.objects.get(pk=draft.pk).author != outsider

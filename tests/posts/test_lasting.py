"""What lasts is looked at again; what is made from it follows its corrections; initiatives gather posts."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts import rules
from planner.posts.models import Application, Initiative, Post
from planner.work.models import WorkItem
from tests.posts.conftest import PARIS, item_of, write

LATER = datetime(2026, 11, 2, 10, tzinfo=PARIS)
"""A Monday, more than five months after the publication."""


@pytest.fixture
def lasting(published):
    """Out since May, to be looked at again in November."""
    assert published.is_evergreen
    return published


@pytest.fixture
def browse(client):
    def as_member(membership):
        membership.user.language = "en"
        membership.user.save(update_fields=["language"])
        client.force_login(membership.user)
        return client

    with time_machine.travel(LATER, tick=False):
        yield as_member


def page(name, *args):
    return reverse(f"posts:{name}", args=["marbourg", *args])


def refresh_template():
    return PlaybookItem.objects.get(kind="template", slug="evergreen-refresh", workspace=None)


class TestLookingAgain:
    def test_still_right_moves_the_day_and_the_work_follows(self, lasting, colleague):
        before = item_of(lasting, "evergreen").due_at
        post = posts.still_right(post=lasting, actor=colleague, now=LATER)
        assert post.review_on == date(2027, 5, 1)
        item = item_of(post, "evergreen")
        assert (item.state, item.due_at) == ("open", datetime(2027, 5, 3, 17, tzinfo=PARIS))
        assert before < item.due_at

    def test_a_day_that_has_passed_is_refused(self, lasting, colleague, draft):
        with pytest.raises(Invalid):
            posts.still_right(post=lasting, actor=colleague, review_on=date(2026, 11, 2), now=LATER)

    def test_only_what_is_out_is_looked_at(self, draft, colleague, now):
        with pytest.raises(Refused):
            posts.still_right(post=draft, actor=colleague, now=now)

    def test_in_bulk_all_or_none(self, lasting, appear, member, browse, outsider):
        other = appear("Encore", LATER - timedelta(days=400), status="published", english="Again", is_evergreen=True)
        client = browse(member)
        listed = client.get(page("lasting")).text
        assert "Without a day to be looked at" in listed
        assert "Due within thirty days" in listed
        right = client.post(page("review_lasting"), {"post": [lasting.pk, other.pk], "act": "right"})
        assert right.status_code == 302
        other.refresh_from_db()
        assert other.review_on == date(2027, 5, 1)
        wrong = client.post(page("review_lasting"), {"post": [lasting.pk, other.pk], "act": "retire", "reason": ""})
        assert wrong.status_code == 400
        assert Post.objects.filter(status="retired").count() == 0
        retired = client.post(page("review_lasting"), {"post": [other.pk], "act": "retire", "reason": "Another law."})
        assert retired.status_code == 302
        other.refresh_from_db()
        assert other.status == "retired"

    def test_the_list_takes_the_same_queries_whatever_its_length(
        self, lasting, appear, member, browse, django_assert_num_queries
    ):
        client = browse(member)
        client.get(page("lasting"))
        with django_assert_num_queries(6):
            client.get(page("lasting"))
        for number in range(4):
            appear(f"Encore {number}", LATER - timedelta(days=30), status="published", is_evergreen=True)
        with django_assert_num_queries(6):
            assert "Encore 3" in client.get(page("lasting")).text


class TestBringingUpToDate:
    def test_it_starts_from_the_original_and_renews_it(self, lasting, member, browse):
        client = browse(member)
        begun = client.post(page("refresh", lasting.pk))
        form = client.get(begun.url)
        assert "https://marbourg.example/compost" in form.text
        initial = form.context["form"].initial
        typed = {
            **initial,
            "field-changes": "New law",
            "field-decision": "refresh",
            "act": "create",
            "on": "2026-12-01",
        }
        typed["field-next_review"] = "2027-06-01"
        made = client.post(begun.url, {key: value for key, value in typed.items() if value not in (None, False)})
        assert made.status_code == 302, made.context["form"].errors
        post = Post.objects.exclude(pk=lasting.pk).get()
        assert post.derived_from == lasting
        assert "Stir it, add dry leaves, wait a week." in post.texts.get().body
        lasting.refresh_from_db()
        assert lasting.review_on == date(2027, 6, 1)
        assert "Made from one another" in client.get(lasting.link).text

    def test_a_template_that_is_not_loaded_is_said(self, lasting, member):
        refresh_template().delete()
        with pytest.raises(NotFound):
            posts.start_refresh(post=lasting, actor=member, now=LATER)


class TestReuse:
    @pytest.fixture
    def derivative(self, lasting, member, template):
        application = posts.derive(post=lasting, template=template, actor=member, now=LATER)
        return posts.create_from_template(
            actor=member, template=template, planned=None, channels=(), title="Short", language="en",
            application=application, now=LATER,
        )  # fmt: skip

    def test_the_answers_that_both_ask_for_are_there(self, lasting, member, template, browse):
        client = browse(member)
        begun = client.post(page("reuse", lasting.pk), {"template": template.slug})
        answers = Application.objects.get().answers
        assert answers["field-steps"] == ["Stir\nAdd leaves\nWait"]
        assert answers["audience"] == [lasting.audience]
        assert "Add leaves" in client.get(begun.url).text

    def test_a_correction_of_the_original_asks_for_a_look_at_what_was_made_from_it(
        self, lasting, derivative, colleague, member
    ):
        write(lasting, colleague, "Stir it twice.", LATER)
        item = WorkItem.objects.about(derivative).get(key__startswith="corrected-")
        assert (item.owner, item.due_at) == (member, datetime(2026, 11, 4, 17, tzinfo=PARIS))
        posts.move(post=derivative, actor=member, to=rules.WallTime(date(2026, 12, 1), PARIS_TEN), now=LATER)
        item.refresh_from_db()
        assert item.due_at == datetime(2026, 11, 4, 17, tzinfo=PARIS)

    def test_a_change_before_publication_asks_nobody(self, draft, member, template, now, colleague):
        application = posts.derive(post=draft, template=template, actor=member, now=now)
        made = posts.create_from_template(
            actor=member, template=template, planned=None, channels=(), title="Short", language="en",
            application=application, now=now,
        )  # fmt: skip
        write(draft, colleague, "Another text.", now)
        assert not WorkItem.objects.about(made).filter(key__startswith="corrected-").exists()


PARIS_TEN = datetime(2026, 1, 1, 10).time()  # noqa: DTZ001


class TestFamilies:
    def test_a_family_is_a_tree_from_its_first_post(self):
        assert rules.family({2: 1, 3: 1, 4: 2}, 3) == [(0, 1), (1, 2), (2, 4), (1, 3)]
        assert rules.family({2: 1}, 7) == []

    @given(st.dictionaries(st.integers(1, 12), st.integers(1, 12), max_size=12), st.integers(1, 12))
    def test_nobody_is_met_twice_not_even_in_a_circle(self, made_from, post):
        met = [one for _depth, one in rules.family(made_from, post)]
        assert len(met) == len(set(met))
        assert not met or post in met or made_from


class TestInitiatives:
    @pytest.fixture
    def initiative(self, newsroom, member, now):
        brief = posts.Brief(
            title="Less waste", aim="Families sort glass.", metric="Tons", starts_on=date(2026, 5, 1),
            ends_on=date(2026, 9, 30), proof_on=date(2026, 6, 15), owner=member,
        )  # fmt: skip
        return posts.open_initiative(actor=member, brief=brief, now=now)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"aim": " "}, "aim"),
            ({"ends_on": date(2026, 4, 1)}, "ends_on"),
            ({"proof_on": date(2027, 1, 1)}, "proof_on"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(self, initiative, member, now, wrong, field):
        brief = {key: getattr(initiative, key) for key in posts.Brief.__annotations__}
        with pytest.raises(Invalid) as refused:
            posts.change_initiative(initiative=initiative, actor=member, brief={**brief, **wrong}, now=now)
        assert refused.value.field == field

    def test_only_those_who_plan_open_one(self, initiative, colleague, outsider, now):
        brief = {key: getattr(initiative, key) for key in posts.Brief.__annotations__}
        with pytest.raises(NotAllowed):
            posts.open_initiative(actor=colleague, brief=brief, now=now)
        with pytest.raises(NotFound):
            posts.change_initiative(initiative=initiative, actor=outsider, brief=brief, now=now)

    def test_it_ends_with_what_it_brought(self, initiative, member, now):
        running = posts.move_on(initiative=initiative, actor=member, to="running", now=now)
        with pytest.raises(Invalid):
            posts.move_on(initiative=running, actor=member, to="ended", now=now)
        ended = posts.move_on(initiative=running, actor=member, to="ended", outcome="Two tons.", now=now)
        assert ended.outcome == "Two tons."
        with pytest.raises(Stale):
            posts.move_on(initiative=running, actor=member, to="ended", outcome="Two tons.", now=now)

    def test_its_page_counts_posts_and_work(self, initiative, draft, member, now, browse):
        posts.join(post=draft, initiative=initiative, actor=member, now=now)
        with time_machine.travel(now, tick=False):
            client = browse(member)
            shown = client.get(initiative.link).text
            assert "0 posts out of 1 have appeared" in shown
            assert "Less waste" in client.get(draft.link).text
            assert "Less waste" in client.get(page("initiatives")).text

    def test_a_checklist_becomes_work_with_its_lines(self, initiative, draft, member, colleague, now):
        checklist = PlaybookItem.objects.get(kind="checklist", slug="initiative-brief", workspace=None)
        for subject in (initiative, draft):
            attach = {"subject": subject, "checklist": checklist, "owner": colleague, "due_on": date(2026, 5, 4)}
            item = posts.attach_checklist(**attach, actor=member, now=now)
            assert len(item.checklist) == len(checklist.payload["items"])
            assert item.due_at == datetime(2026, 5, 4, 17, tzinfo=PARIS)
            with pytest.raises(Refused):
                posts.attach_checklist(**attach, actor=member, now=now)
        posts.move(post=draft, actor=member, to=rules.WallTime(date(2026, 6, 4), PARIS_TEN), now=now)
        assert item_of(draft, item.key).due_at == datetime(2026, 5, 4, 17, tzinfo=PARIS)

    def test_the_page_takes_the_same_queries_whatever_is_on_it(
        self, initiative, draft, appear, member, now, browse, django_assert_num_queries
    ):
        posts.join(post=draft, initiative=initiative, actor=member, now=now)
        with time_machine.travel(now, tick=False):
            client = browse(member)
            client.get(initiative.link)
            with django_assert_num_queries(10):
                client.get(initiative.link)
            for number in range(3):
                appear(f"Un {number}", now, initiative=initiative)
            with django_assert_num_queries(10):
                assert "Un 2" in client.get(initiative.link).text

    def test_the_list_takes_the_same_queries_whatever_its_length(
        self, initiative, member, now, browse, django_assert_num_queries
    ):
        client = browse(member)
        client.get(page("initiatives"))
        with CaptureQueriesContext(connection) as first:
            client.get(page("initiatives"))
        for number in range(3):
            brief = {key: getattr(initiative, key) for key in posts.Brief.__annotations__}
            posts.open_initiative(actor=member, brief={**brief, "title": f"More {number}"}, now=now)
        with django_assert_num_queries(len(first)):
            assert "More 2" in client.get(page("initiatives")).text

    def test_it_is_opened_changed_and_given_a_checklist_from_its_pages(self, newsroom, browse, member, colleague):
        client = browse(member)
        form = {
            "title": "Less waste", "aim": "Families sort glass.", "metric": "", "owner": member.pk,
            "starts_on": "2026-12-01", "ends_on": "2027-02-01", "proof_on": "",
        }  # fmt: skip
        assert client.post(page("new_initiative"), form).status_code == 302
        one = Initiative.objects.get()
        assert client.post(page("edit_initiative", one.pk), {**form, "title": "No waste"}).status_code == 302
        checklist = PlaybookItem.objects.get(kind="checklist", slug="initiative-brief", workspace=None)
        attach = {"checklist": checklist.pk, "owner": colleague.pk, "due_on": "2026-12-04"}
        assert client.post(page("initiative_checklist", one.pk), attach).status_code == 302
        assert "Keep the checklist" in client.get(one.link).text
        assert client.post(page("initiative_stage", one.pk, "running")).status_code == 302
        one.refresh_from_db()
        assert (one.title, one.stage) == ("No waste", "running")

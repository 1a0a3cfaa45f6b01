"""Applying a template takes its time: what is typed is kept, files wait, and the post is made of it."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner.base.errors import Invalid, NotAllowed, NotFound
from planner.history.models import Entry
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Application, Consent, Post, Upload
from planner.posts.rules import Agreed, without_consent
from planner.work.models import WorkItem
from tests.posts.conftest import item_of
from tests.posts.test_views import PIXEL

QUESTIONS = [
    {"key": "moment", "type": "text", "required": True, "label": {"fr": "Moment", "en": "Moment"}},
    {"key": "steps", "type": "list", "label": {"fr": "Étapes", "en": "Steps"}},
    {"key": "kind", "type": "multichoice", "label": {"fr": "Sorte", "en": "Kind"},
     "choices": [{"value": "a", "label": {"fr": "Un", "en": "One"}},
                 {"value": "b", "label": {"fr": "Deux", "en": "Two"}}]},
    {"key": "route", "type": "choice", "label": {"fr": "Voie", "en": "Route"},
     "choices": [{"value": "alone", "label": {"fr": "Seul", "en": "Alone"}}]},
    {"key": "speaker", "type": "person", "label": {"fr": "Qui parle", "en": "Speaker"}},
    {"key": "people_shown", "type": "people", "label": {"fr": "Qui l’on voit", "en": "Who is seen"}},
    {"key": "held_on", "type": "date", "label": {"fr": "Jour", "en": "Day"}},
    {"key": "page", "type": "url", "label": {"fr": "Page", "en": "Page"}},
    {"key": "times", "type": "number", "label": {"fr": "Fois", "en": "Times"}},
    {"key": "slides", "type": "file", "label": {"fr": "Diapositives", "en": "Slides"}},
    {"key": "rights_ok", "type": "boolean", "label": {"fr": "Droits", "en": "Rights"}},
    {"key": "still_true", "type": "boolean", "label": {"fr": "Encore vrai", "en": "Still true"}, "required": True},
    {"key": "consents", "type": "consent", "label": {"fr": "Accords", "en": "Consents"}},
]  # fmt: skip
BODY = [
    {"key": "one", "heading": {"fr": "Le moment", "en": "The moment"}, "from_fields": ["moment", "held_on", "speaker"]},
    {"key": "two", "heading": {"fr": "Les pas", "en": "The steps"}, "from_fields": ["steps", "kind", "rights_ok"]},
    {"key": "three", "heading": {"fr": "Et vous", "en": "And you"}, "from_fields": []},
]
TASK = {"title": {"fr": "Tâche", "en": "Task"}, "roles": ["author"], "minutes": 10}


@pytest.fixture
def everything(newsroom, now):
    """A template that asks every sort of question."""
    made = {"version": 1, "checksum": "", "loaded_at": now}
    workflow = {"tasks": [{**TASK, "key": "draft", "offset": "D-2"},
                          {**TASK, "key": "alone", "offset": "D-1", "condition": "route=alone"}]}  # fmt: skip
    PlaybookItem.objects.create(kind="workflow", slug="w-all", payload=workflow, **made)
    payload = {
        "title": {"fr": "Tout", "en": "All"}, "workflow": "w-all", "fields": QUESTIONS, "body": BODY, "intent": "tell",
        "default_channels": ["site-article"],
    }  # fmt: skip
    return PlaybookItem.objects.create(kind="template", slug="all", payload=payload, **made)


@pytest.fixture
def browse(client, now):
    with time_machine.travel(now, tick=False):

        def as_member(membership):
            membership.user.language = "en"
            membership.user.save(update_fields=["language"])
            client.force_login(membership.user)
            return client

        yield as_member


def page(name, *args, **query):
    return reverse(f"posts:{name}", args=["marbourg", *args], query=query or None)


TYPED = {
    "title": "A morning", "language": "en", "intent": "tell", "field-moment": "At six",
    "field-steps": "Open\nSweep", "field-kind": ["b"],
    "field-route": "alone", "field-people_shown": "Maryse", "field-held_on": "2026-04-20", "field-rights_ok": "on",
    "field-still_true": "false",
    "field-page": "https://marbourg.example/", "field-times": "3", "on": "2026-05-21", "at": "10:00",
    "field-consents": "Signed on paper", "consent-consents-people": "Maryse\nIdriss",
    "consent-consents-given_on": "2026-04-20", "consent-consents-expires_on": "2027-04-20",
}  # fmt: skip


class TestKeepingAnswers:
    def test_answers_are_kept_for_the_person_and_found_again(self, browse, everything, member, colleague):
        client = browse(member)
        assert client.post(page("keep_answers", template="all"), TYPED).status_code == 200
        assert "At six" in client.get(page("new", template="all")).text
        assert "A morning" in client.get(page("new")).text
        assert "At six" not in browse(colleague).get(page("new", template="all")).text
        assert not Post.objects.exists()

    def test_without_a_script_a_button_keeps_them(self, browse, everything, member):
        client = browse(member)
        kept = client.post(page("new", template="all"), {"act": "later", "field-moment": "At six"})
        assert kept.url == page("new")
        shown = client.get(page("new", application=Application.objects.get().pk)).text
        assert "At six" in shown

    def test_the_day_that_one_clicks_on_goes_before_the_day_that_was_kept(self, browse, everything, member):
        client = browse(member)
        client.post(page("keep_answers", template="all"), {**TYPED, "on": "2026-05-20", "at": "08:00"})
        shown = client.get(page("new", template="all", on="2026-05-22", at="09:00")).text
        assert 'value="2026-05-22"' in shown and 'value="09:00"' in shown
        assert 'value="2026-05-20"' not in shown and 'value="A morning"' in shown

    def test_a_yes_or_no_that_needs_an_answer_is_a_choice_that_can_be_no(self, browse, everything, member):
        client = browse(member)
        blank = client.get(page("new", template="all")).text
        assert '<input type="radio" name="field-still_true" value="false"' in blank
        assert '<input type="checkbox" name="field-rights_ok"' in blank
        client.post(page("keep_answers", template="all"), TYPED)
        shown = client.get(page("new", template="all")).text
        chosen = shown[shown.index('name="field-still_true" value="false"') :].partition(">")[0]
        assert "checked" in chosen
        assert client.post(page("new", template="all"), {**TYPED, "act": "create"}).status_code == 302
        post = Post.objects.get()
        assert post.fields["still_true"] is False
        again = client.get(page("edit_frame", post.pk)).text
        assert "checked" in again[again.index('name="field-still_true" value="false"') :].partition(">")[0]

    def test_what_cannot_be_read_yet_is_kept_as_typed(self, browse, everything, member):
        client = browse(member)
        wrong = client.post(page("new", template="all"), {**TYPED, "field-times": "many", "act": "create"})
        assert "Give a number." in wrong.text
        assert 'value="many"' in client.get(page("new", template="all")).text or Application.objects.get().answers[
            "field-times"
        ] == ["many"]
        assert not Post.objects.exists()

    def test_the_questions_come_one_by_one(self, browse, everything, member):
        client = browse(member)
        first = client.post(page("new", template="all", ask="one", step=1), {"title": "A morning", "language": "en"})
        second = client.get(first.url)
        assert "Question 2 of" in second.text
        number = 2
        url = first.url
        while "see=1" not in url:
            assert number < 40
            form = client.get(url).context
            answers = {name: TYPED[name] for name in form["step"].names if name in TYPED}
            url = client.post(url, {**answers, "act": "next"}).url
            number += 1
        seen = client.get(url)
        assert "What will be created" in seen.text
        assert client.post(url, {**TYPED, "act": "create"}).status_code == 302
        assert Post.objects.get().fields["steps"] == ["Open", "Sweep"]

    def test_a_step_says_what_is_wrong_with_it_alone(self, browse, everything, member):
        client = browse(member)
        steps = client.get(page("new", template="all", ask="one", step=1)).context["steps"]
        times = next(place for place, heading, _address in steps if heading == "Times")
        wrong = client.post(page("new", template="all", ask="one", step=times), {"field-times": "many", "act": "next"})
        assert wrong.status_code == 200
        assert "Give a number." in wrong.text

    def test_answers_are_thrown_away_only_by_their_person(self, browse, everything, member, colleague, now):
        application = posts.start_application(actor=member, template=everything, answers={"title": ["A"]}, now=now)
        assert browse(colleague).post(page("discard_answers", application.pk)).status_code == 404
        assert browse(colleague).get(page("new", application=application.pk)).status_code == 404
        assert browse(member).post(page("discard_answers", application.pk)).status_code == 302
        assert not Application.objects.exists()

    def test_beginning_twice_from_the_same_thing_is_going_on(self, everything, member, now):
        begin = {"actor": member, "template": everything, "origin": "signal-1"}
        first = posts.start_application(**begin, answers={"title": ["A"]}, now=now)
        posts.keep_answers(application=first, actor=member, answers={"field-moment": ["Six"]}, now=now)
        again = posts.start_application(**begin, answers={"title": ["B"]}, now=now)
        assert (again, again.answers) == (first, {"title": ["A"], "field-moment": ["Six"]})

    def test_a_reader_applies_nothing(self, everything, reader, outsider, now):
        with pytest.raises(NotAllowed):
            posts.start_application(actor=reader, template=everything, now=now)

    def test_the_page_takes_the_same_queries_whatever_was_typed(
        self, browse, everything, member, now, django_assert_num_queries
    ):
        client = browse(member)
        application = posts.start_application(actor=member, template=everything, now=now)
        for query in ({}, {"ask": "one", "step": 3}):
            address = page("new", application=application.pk, **query)
            client.get(address)
            with CaptureQueriesContext(connection) as first:
                client.get(address)
            typed = {name: [value] if isinstance(value, str) else value for name, value in TYPED.items()}
            posts.keep_answers(application=application, actor=member, answers=typed, now=now)
            with django_assert_num_queries(len(first)):
                client.get(address)


class TestMaking:
    def test_the_answers_feed_the_text_the_people_and_the_work(self, browse, everything, member, colleague):
        client = browse(member)
        typed = {**TYPED, "field-speaker": colleague.pk}
        seen = client.post(page("new", template="all"), {**typed, "act": "preview"}).text
        assert "Roles without anybody" in seen or "What will be created" in seen
        assert client.post(page("new", template="all"), {**typed, "act": "create"}).status_code == 302
        post = Post.objects.get()
        assert post.texts.get().body == (
            "## The moment\n\nAt six\n\nMonday 20 April 2026\n\nKarim Belhadj\n\n"
            "## The steps\n\n- Open\n- Sweep\n\n- Two\n\n## And you"
        )
        assert item_of(post, "alone").applies
        assert post.people_shown == [{"name": "Maryse"}, {"name": "Idriss"}]
        given = Consent.objects.get(person="Maryse")
        assert (given.scope, given.expires_on) == ("Signed on paper", date(2027, 4, 20))
        application = Application.objects.get()
        assert (application.post, application.answers) == (post, {})
        assert "At six" not in client.get(page("new", template="all")).text

    def test_a_file_waits_with_the_answers_and_follows_them(self, browse, everything, member):
        client = browse(member)
        slides = SimpleUploadedFile("slides.png", PIXEL)
        kept = client.post(page("new", template="all"), {**TYPED, "act": "preview", "upload-slides": slides})
        upload = Upload.objects.get()
        assert upload.post is None
        assert "slides.png" in kept.text
        made = client.post(page("new", template="all"), {**TYPED, "act": "create", "field-slides": upload.pk})
        post = Post.objects.get()
        assert made.url == post.link
        assert (post.fields["slides"], post.uploads.get()) == (upload.pk, upload)
        assert "slides.png" in client.get(post.link).text

    def test_a_file_of_another_kind_is_refused_beside_its_question(self, browse, everything, member):
        program = SimpleUploadedFile("slides.exe", b"MZ\x90")
        wrong = browse(member).post(page("new", template="all"), {**TYPED, "act": "preview", "upload-slides": program})
        assert "This kind of file cannot be kept" in wrong.text
        assert "At six" in wrong.text
        assert not Upload.objects.exists()

    def test_a_condition_brings_its_work_and_takes_it_away_but_not_what_is_done(self, everything, member, now):
        values = {"fields": {"moment": "Six"}}
        post = posts.create_from_template(
            actor=member, template=everything, planned=None, channels=(), values=values, title="A", language="en",
            now=now,
        )  # fmt: skip
        wanted = WorkItem.objects.about(post).wanted()
        assert [item.key for item in wanted] == ["draft"]
        post = posts.update_frame(post=post, actor=member, values={"fields": {"route": "alone"}}, now=now)
        assert [item.key for item in wanted.all()] == ["draft", "alone"]
        post = posts.update_frame(post=post, actor=member, values={"fields": {"route": ""}}, now=now)
        assert [item.key for item in wanted.all()] == ["draft"]


class TestConsents:
    TODAY = date(2026, 4, 27)

    def test_a_consent_counts_on_its_channels_and_days_until_it_is_withdrawn(self):
        agreed = [Agreed("Maryse  delcourt", ("site",), self.TODAY, self.TODAY + timedelta(days=30))]
        assert without_consent(["Maryse Delcourt"], agreed, ["site"], self.TODAY) == []
        assert without_consent(["Maryse Delcourt"], agreed, ["site", "radio"], self.TODAY) == [
            ("Maryse Delcourt", ["radio"])
        ]
        assert without_consent(["Maryse Delcourt"], agreed, [], self.TODAY + timedelta(days=31))
        withdrawn = [Agreed("Maryse Delcourt", (), self.TODAY, None, is_withdrawn=True)]
        assert without_consent(["Maryse Delcourt"], withdrawn, ["site"], self.TODAY)

    def test_it_is_written_down_and_withdrawn_from_the_page_of_the_post(self, browse, draft, colleague, member):
        client = browse(colleague)
        form = {"person": "Maryse", "scope": "One photo", "given_on": "2026-04-20"}
        assert client.post(page("give_consent", draft.pk), form).status_code == 302
        draft.refresh_from_db()
        assert draft.people_shown == [{"name": "Maryse"}]
        shown = client.get(draft.link).text
        assert "One photo" in shown
        consent = Consent.objects.get()
        assert client.post(page("withdraw_consent", draft.pk, consent.pk)).status_code == 302
        assert "has not agreed for" in client.get(draft.link).text
        assert client.post(page("withdraw_consent", draft.pk, consent.pk)).status_code == 409

    def test_it_is_put_right_on_a_page_of_its_own_until_it_is_withdrawn(self, browse, draft, colleague, reader, now):
        given = posts.Given("Maryse", "One photo", self.TODAY, channels=("newsletter",))
        consent = posts.give_consent(post=draft, actor=colleague, given=given, now=now)
        address = page("change_consent", draft.pk, consent.pk)
        client = browse(colleague)
        assert f'href="{address}"' in client.get(draft.link).text
        form = client.get(address).text
        assert 'value="newsletter"' in form[form.index("One photo") :].partition("checked")[0]
        typed = {
            "person": "Maryse Delcourt",
            "scope": "Two photos",
            "given_on": "2026-04-20",
            "expires_on": "2026-04-01",
        }
        assert client.post(address, typed).status_code == 400
        assert client.post(address, {**typed, "expires_on": "2026-09-30"}).status_code == 302
        consent.refresh_from_db()
        assert (consent.person, consent.scope, consent.channels, consent.expires_on) == (
            "Maryse Delcourt", "Two photos", [], date(2026, 9, 30),
        )  # fmt: skip
        assert Entry.objects.about(draft).filter(verb="post.consent_changed").count() == 1
        leaving = page("withdraw_consent", draft.pk, consent.pk)
        assert "cannot be undone" in client.get(leaving).text
        assert client.get(draft.link).text.count(leaving) == 1
        client.post(leaving)
        assert client.post(address, {**typed, "expires_on": ""}).status_code == 409
        assert browse(reader).get(address).status_code == 403

    def test_a_consent_of_tomorrow_or_of_nobody_is_refused(self, draft, colleague, outsider, now):
        def give(**given):
            words = {"person": "Maryse", "scope": "One photo", "given_on": self.TODAY, **given}
            return posts.give_consent(post=draft, actor=colleague, given=posts.Given(**words), now=now)

        for wrong, field in (
            ({"given_on": date(2026, 4, 28)}, "given_on"),
            ({"person": " "}, "person"),
            ({"expires_on": date(2026, 4, 1)}, "expires_on"),
        ):
            with pytest.raises(Invalid) as refused:
                give(**wrong)
            assert refused.value.field == field
        with pytest.raises(NotFound):
            posts.give_consent(post=draft, actor=outsider, given=posts.Given("M", "All", self.TODAY), now=now)

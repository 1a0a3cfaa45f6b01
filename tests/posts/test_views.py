"""The pages of posts: nothing typed is lost, nothing is made unseen, and each page has its fixed number of queries."""

from datetime import UTC, datetime, time, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from planner.posts import operations as posts
from planner.posts.models import Buffer, Post, PostText
from planner.work import operations as work
from planner.workspaces.operations import working_calendar
from tests.posts.conftest import PLANNED, YES, finish_before, item_of, write

PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def clock(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browse(client, clock):
    """Signed in, reading English, at the hour of the tests."""

    def as_member(membership):
        membership.user.language = "en"
        membership.user.save(update_fields=["language"])
        client.force_login(membership.user)
        return client

    return as_member


def page(name, *args, **query):
    return reverse(f"posts:{name}", args=["marbourg", *args], query=query or None)


# ---- the page of a post


def test_the_page_says_what_is_missing_with_a_link_to_each(browse, member, template, channels):
    bare = posts.create_from_template(
        actor=member, template=template, planned=PLANNED, channels=channels, title="Bare", language="en",
        now=template.loaded_at,
    )  # fmt: skip
    shown = browse(member).get(bare.link).text
    assert 'href="#frame"' in shown
    assert 'href="#field-steps"' in shown
    assert 'id="field-steps"' in shown
    assert 'href="#text-en"' in shown
    assert 'id="text-en"' in shown


@pytest.mark.parametrize("state", ["draft", "in_review", "approved", "scheduled", "published"])
def test_the_page_opens_in_every_state_for_every_level(browse, request, state, member, colleague, reader, approver):
    post = request.getfixturevalue(state)
    for person in (member, colleague, reader, approver):
        shown = browse(person).get(post.link)
        assert shown.status_code == 200
        assert "A compost that smells of forest" in shown.text


def test_a_reader_sees_no_button_that_would_be_refused(browse, reader, draft):
    shown = browse(reader).get(draft.link).text
    assert 'method="post"' not in shown.split("<main", 1)[1]


def test_the_page_of_a_post_takes_the_same_queries_whatever_is_on_it(
    browse, member, colleague, draft, now, django_assert_num_queries
):
    client = browse(member)
    client.get(draft.link)
    with django_assert_num_queries(46):
        client.get(draft.link)
    for number in range(5):
        posts.comment(post=draft, actor=colleague, body=f"Remark {number}", now=now)
    posts.add_upload(post=draft, actor=colleague, file=SimpleUploadedFile("a.png", PIXEL), alt={"en": "a dot"}, now=now)
    for body in ("one", "two", "three"):
        write(draft, colleague, body, now)
    with django_assert_num_queries(46):
        assert "Remark 4" in client.get(draft.link).text


def test_work_is_said_in_words(browse, member, draft, now):
    shown = browse(member).get(draft.link).text
    assert "counted from the real publication" in shown
    assert f'id="work-{item_of(draft, "review").pk}"' in shown
    with time_machine.travel(now + timedelta(days=20)):
        assert '<b class="is-late">late</b>' in browse(member).get(draft.link).text


def test_what_waits_for_work_two_working_days_late_is_shown_in_red(browse, member, draft):
    """One working day late is the editor's affair; at two, the dates that follow turn red, and say why."""
    first = item_of(draft, "frame")
    for days, is_red in ((1, False), (2, True)):
        at = working_calendar(draft.workspace).shift(first.due_at.date(), days)
        with time_machine.travel(datetime.combine(at, time(10), tzinfo=UTC), tick=False):
            shown = browse(member).get(draft.link).text
            assert ('class="date is-late"' in shown) is is_red
            assert ("waits for work that is late" in shown) is is_red


# ---- the list


def test_the_list_takes_the_same_queries_whatever_its_length(
    browse, member, draft, template, channels, now, django_assert_num_queries
):
    client = browse(member)
    client.get(page("list"))
    with django_assert_num_queries(9):
        client.get(page("list"))
    for number in range(4):
        posts.create_from_template(
            actor=member,
            template=template,
            planned=None,
            channels=channels,
            title=f"Other {number}",
            language="en",
            now=now,
        )
    with django_assert_num_queries(9):
        assert "Other 3" in client.get(page("list")).text


def test_the_list_is_cut_into_pages_and_says_so(browse, member, draft, now):
    for _number in range(51):
        copy = Post.objects.get(pk=draft.pk)
        copy.pk = None
        copy.save()
    client = browse(member)
    assert "Page 1 of 2" in client.get(page("list")).text
    assert len(client.get(page("list", page=2)).context["page"]) == 2
    assert "Page 1 of 2" in client.get(page("list", state="draft")).text
    assert len(client.get(page("list", state="published")).context["page"]) == 0


# ---- a new post


def new_form(channels, **changes):
    return {
        "title": "Leaves",
        "language": "en",
        "on": "2026-05-21",
        "at": "10:00",
        "channels": [channel.pk for channel in channels],
        "intent": "help",
        "field-steps": "Rake\nHeap\nWait",
        **changes,
    }


def test_a_preview_makes_nothing_and_keeps_every_word(browse, member, template, channels):
    shown = browse(member).post(page("new", template="expert-how-to"), new_form(channels, act="preview"))
    assert "What will be created" in shown.text
    assert "Rake\nHeap\nWait" in shown.text
    assert "Still to be said before review:" in shown.text
    assert not Post.objects.exists()


def test_a_refused_creation_stands_beside_its_field_and_keeps_every_word(browse, member, template, channels):
    form = new_form(channels, on="2026-04-20", act="create")
    refused = browse(member).post(page("new", template="expert-how-to"), form)
    assert refused.status_code == 400
    assert refused.context["form"].errors["on"]
    assert "Rake\nHeap\nWait" in refused.text
    assert not Post.objects.exists()


def test_too_few_steps_are_refused_beside_their_question(browse, member, template, channels):
    form = new_form(channels, act="create") | {"field-steps": "Rake"}
    refused = browse(member).post(page("new", template="expert-how-to"), form)
    assert refused.context["form"].errors["field-steps"]
    assert not Post.objects.exists()


def test_a_post_without_a_date_is_created_without_dates(browse, member, template, channels):
    browse(member).post(page("new", template="expert-how-to"), new_form(channels, on="", act="create"))
    post = Post.objects.get()
    assert post.planned_at is None
    assert item_of(post, "review").due_at is None


def test_without_a_template_one_chooses_and_the_day_comes_along(browse, member, template):
    shown = browse(member).get(page("new", on="2026-05-21")).text
    assert "?template=expert-how-to&amp;on=2026-05-21" in shown


def test_a_reader_may_not_propose(browse, reader, template):
    assert browse(reader).get(page("new", template="expert-how-to")).status_code == 403


# ---- writing


def editor(post, code="en"):
    return page("edit_text", post.pk, code)


def base_of(client, post):
    return client.get(editor(post)).context["form"]["base_revision"].value()


def test_when_two_people_save_both_texts_are_shown_and_none_is_lost(browse, member, colleague, draft, now):
    base = base_of(browse(colleague), draft)
    write(draft, member, "Stir it every morning.", now)
    mine = {
        "title": "A compost that smells of forest",
        "body": "Stir it at night.",
        "base_revision": base,
        "act": "save",
    }
    conflict = browse(colleague).post(editor(draft), mine)
    assert conflict.status_code == 409
    assert "Inès Marchetti" in conflict.text
    assert "Stir it every morning." in conflict.text
    assert "Stir it <del>every</del><ins>at</ins> <del>morning.</del><ins>night.</ins>" in conflict.text
    assert PostText.objects.get(post=draft).body == "Stir it every morning."
    assert Buffer.objects.get(person=colleague).body == "Stir it at night."
    merged = {
        **mine,
        "body": "Stir it morning and night.",
        "base_revision": conflict.context["form"]["base_revision"].value(),
    }
    assert browse(colleague).post(editor(draft), merged).status_code == 302
    assert PostText.objects.get(post=draft).body == "Stir it morning and night."
    assert not Buffer.objects.exists()


def test_what_one_types_is_kept_for_oneself_alone(browse, member, colleague, draft):
    base = base_of(browse(colleague), draft)
    typed = {"title": "T", "body": "Half a sent", "base_revision": base}
    kept = browse(colleague).post(page("keep_typing", draft.pk, "en"), typed)
    assert (kept.status_code, kept.text) == (200, "Kept for you, not saved yet.")
    assert "You have something here that was not saved." in browse(colleague).get(editor(draft)).text
    assert "Half a sent" in browse(colleague).get(page("kept_typing", draft.pk, "en")).text
    assert "not saved" not in browse(member).get(editor(draft)).text
    assert "Half a sent" not in browse(member).get(draft.link).text
    browse(colleague).post(page("discard_typing", draft.pk, "en"))
    assert not Buffer.objects.exists()


def test_without_scripts_a_button_keeps_the_text_and_another_shows_how_it_reads(browse, colleague, draft):
    base = base_of(browse(colleague), draft)
    typed = {"title": "T", "body": "**Bold** <script>alert(1)</script>", "base_revision": base}
    shown = browse(colleague).post(editor(draft), {**typed, "act": "preview"})
    assert "<strong>Bold</strong>" in shown.text
    assert "<script>alert" not in shown.text
    assert browse(colleague).post(editor(draft), {**typed, "act": "keep"}).url == draft.link
    assert Buffer.objects.get(person=colleague).body == typed["body"]


def test_with_scripts_only_the_part_that_reads_comes_back(browse, colleague, draft):
    base = base_of(browse(colleague), draft)
    typed = {"title": "T", "body": "**Bold**", "base_revision": base, "act": "preview"}
    part = browse(colleague).post(editor(draft), typed, headers={"HX-Request": "true"})
    assert "<strong>Bold</strong>" in part.text
    assert "<html" not in part.text


def test_a_language_that_the_workspace_does_not_write_is_not_found(browse, colleague, draft):
    assert browse(colleague).get(editor(draft, "de")).status_code == 404


def test_saving_an_approved_text_says_before_what_it_undoes(browse, colleague, approved):
    assert "This text is approved." in browse(colleague).get(editor(approved)).text


def test_the_frame_is_saved_with_its_sources(browse, colleague, draft):
    client = browse(colleague)
    form = client.get(page("edit_frame", draft.pk)).context["form"]
    values = {name: form[name].value() or "" for name in form.fields if form[name].value() is not False}
    rows = {
        "sources-TOTAL_FORMS": 2, "sources-INITIAL_FORMS": 0,
        "sources-0-label": "The town’s heap log", "sources-0-url": "https://marbourg.example/log",
        "sources-0-read_on": "2026-04-20",
    }  # fmt: skip
    saved = client.post(page("edit_frame", draft.pk), {**values, **rows, "audience": "Those who begin."})
    assert saved.status_code == 302
    draft.refresh_from_db()
    assert draft.audience == "Those who begin."
    assert draft.fields["steps"] == ["Stir", "Add leaves", "Wait"]
    assert draft.sources == [
        {"label": "The town’s heap log", "url": "https://marbourg.example/log", "read_on": "2026-04-20"}
    ]


def test_a_form_read_before_somebody_else_saved_is_told_so_and_keeps_its_words(browse, member, colleague, draft, now):
    client = browse(colleague)
    form = client.get(page("edit_frame", draft.pk)).context["form"]
    values = {name: form[name].value() or "" for name in form.fields if form[name].value() is not False}
    posts.update_frame(post=draft, actor=member, values={"audience": "Everyone."}, now=now)
    rows = {"sources-TOTAL_FORMS": 0, "sources-INITIAL_FORMS": 0}
    refused = client.post(page("edit_frame", draft.pk), {**values, **rows, "objective": "They learn it by heart."})
    assert refused.status_code == 409
    assert "They learn it by heart." in refused.text


def test_a_channel_gets_a_text_of_its_own(browse, colleague, draft):
    placement = draft.placements.get(channel__slug="newsletter")
    url = page("placement_text", draft.pk, placement.pk, "en")
    browse(colleague).post(url, {"title": "Short", "body": "In one line."})
    placement.refresh_from_db()
    assert placement.text == {"en": {"title": "Short", "body": "In one line."}}


# ---- deciding


def test_a_refusal_names_what_is_missing_and_leads_there(browse, member, approved):
    refused = browse(member).post(page("transition", approved.pk, "schedule"))
    assert refused.status_code == 409
    assert f"#work-{item_of(approved, 'review').pk}" in refused.text


def test_changes_are_asked_for_with_words_only(browse, member, in_review):
    client = browse(member)
    assert client.post(page("transition", in_review.pk, "ask_changes"), {"comment": ""}).status_code == 200
    in_review.refresh_from_db()
    assert in_review.status == "in_review"
    client.post(page("transition", in_review.pk, "ask_changes"), {"comment": "Shorter."})
    in_review.refresh_from_db()
    assert in_review.status == "draft"
    assert "Shorter." in client.get(in_review.link).text


def test_a_decision_taken_on_an_older_version_is_refused(browse, approver, colleague, in_review, now):
    old = in_review.version
    write(in_review, colleague, "Something else entirely.", now)
    refused = browse(approver).post(
        page("transition", in_review.pk, "approve"), {"version": old, **dict.fromkeys(YES, "yes")}
    )
    assert refused.status_code == 409
    in_review.refresh_from_db()
    assert in_review.status == "in_review"


def test_an_hour_to_come_is_no_publication(browse, member, scheduled, now):
    finish_before(scheduled, member, now, "published")
    placement = scheduled.placements.first()
    form = {"address": "https://marbourg.example/x", "on": "2026-05-21", "at": "10:00"}
    refused = browse(member).post(page("record", scheduled.pk, placement.pk), form)
    assert refused.status_code == 400
    assert refused.context["form"].errors["on"]


def test_an_event_that_does_not_exist_is_not_found(browse, member, draft):
    assert browse(member).post(page("transition", draft.pk, "explode")).status_code == 404


# ---- talk and files


def test_a_remark_is_shown_as_it_was_written_and_never_as_html(browse, colleague, draft):
    client = browse(colleague)
    assert client.post(page("comment", draft.pk), {"body": "<b>Nadia</b> has the table."}).url == f"{draft.link}#talk"
    assert "&lt;b&gt;Nadia&lt;/b&gt; has the table." in client.get(draft.link).text


def uploaded(client, post, name, content):
    client.post(page("upload", post.pk), {"file": SimpleUploadedFile(name, content), "alt": "A dot"})
    return post.uploads.get(name=name)


def test_an_image_is_shown_and_everything_else_is_downloaded(browse, colleague, draft):
    client = browse(colleague)
    image = client.get(page("file", draft.pk, uploaded(client, draft, "dot.png", PIXEL).pk))
    assert image.headers["Content-Type"] == "image/png"
    assert not image.headers["Content-Disposition"].startswith("attachment")
    text = client.get(page("file", draft.pk, uploaded(client, draft, "notes.txt", b"plain words").pk))
    assert text.headers["Content-Disposition"].startswith("attachment")
    for answer in (image, text):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        BytesIO(b"".join(answer.streaming_content))


def test_a_dangerous_file_is_refused_beside_its_field(browse, colleague, draft):
    refused = browse(colleague).post(
        page("upload", draft.pk), {"file": SimpleUploadedFile("x.svg", b"<svg onload='alert(1)'/>"), "alt": ""}
    )
    assert refused.status_code == 400
    assert refused.context["form"].errors["file"]


def test_a_file_is_not_found_through_another_post(browse, member, colleague, draft, template, now):
    client = browse(member)
    file = uploaded(client, draft, "dot.png", PIXEL)
    other = posts.create_from_template(
        actor=member, template=template, planned=None, channels=[], title="Other", language="en", now=now
    )
    assert client.get(page("file", other.pk, file.pk)).status_code == 404


# ---- revisions


def test_two_revisions_are_compared_word_by_word_and_the_older_can_stand_again(browse, colleague, draft, now):
    write(draft, colleague, "Stir it, add brown leaves, wait a week.", now)
    last = posts.revision_of(draft).number
    client = browse(colleague)
    shown = client.get(page("revisions", draft.pk)).text
    assert "add <del>dry</del><ins>brown</ins> leaves" in shown
    client.post(page("restore", draft.pk, last - 1))
    assert PostText.objects.get(post=draft).body == "Stir it, add dry leaves, wait a week."
    assert posts.revision_of(draft).number == last + 1


def test_a_revision_that_does_not_exist_is_not_found(browse, colleague, draft):
    assert browse(colleague).get(page("revisions", draft.pk, to=99)).status_code == 404


# ---- the sample month


def test_the_sample_is_added_and_taken_away_by_a_button(browse, manager, newsroom):
    client = browse(manager)
    assert client.post(page("add_sample")).status_code == 302
    assert Post.objects.filter(is_sample=True).count() > 5
    assert client.post(page("remove_sample")).status_code == 302
    assert not Post.objects.exists()


def test_whoever_has_to_publish_records_it_whatever_their_level(browse, colleague, scheduled, member, now):
    publish = item_of(scheduled, "publish")
    assert "/record/" not in browse(colleague).get(scheduled.link).text
    work.reassign(item=publish, owner=colleague, actor=member, now=now)
    assert "/record/" in browse(colleague).get(scheduled.link).text

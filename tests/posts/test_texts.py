"""Writing: revisions, conflicts in which nobody's text is lost, the private buffer, going back."""

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused
from planner.history.models import Entry, Revision
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Buffer, PostText
from planner.posts.rules import Status
from planner.work.models import WorkItem
from tests.posts.conftest import item_of, write


def text(post, language="en"):
    return PostText.objects.get(post=post, language=language).body


def save(post, actor, body, base, now, *, language="en", title="Compost"):
    return posts.save_text(
        post=post, actor=actor, language=language, title=title, body=body, base_revision=base, now=now
    )


def test_saving_makes_a_numbered_revision_and_the_same_text_none(draft, colleague, now):
    first = write(draft, colleague, "One.", now)
    again = write(draft, colleague, "One.", now)
    assert again == first
    assert write(draft, colleague, "Two.", now).number == first.number + 1


def test_when_two_people_write_nobody_loses_a_word(draft, colleague, member, now):
    base = posts.revision_of(draft).number
    save(draft, member, "What Inès wrote.", base, now)
    with pytest.raises(posts.Conflict) as conflict:
        save(draft, colleague, "What Karim wrote.", base, now)
    found = conflict.value
    assert (found.mine["body"], found.theirs["body"]) == ("What Karim wrote.", "What Inès wrote.")
    assert found.base["body"] == "Stir it, add dry leaves, wait a week."
    assert found.by == str(member)
    assert text(draft) == "What Inès wrote."
    kept = Buffer.objects.get(post=draft, person=colleague)
    assert (kept.body, kept.base_revision) == ("What Karim wrote.", base)
    save(draft, colleague, "Both.", found.revision, now)
    assert text(draft) == "Both."
    assert not Buffer.objects.filter(post=draft).exists()
    bodies = [revision.payload["texts"]["en"]["body"] for revision in Revision.objects.of(draft)]
    assert "What Inès wrote." in bodies


def test_another_language_at_the_same_time_is_no_conflict(draft, colleague, member, now):
    base = posts.revision_of(draft).number
    save(draft, member, "Retourner le tas.", base, now, language="fr", title="Compost")
    save(draft, colleague, "Turn the heap.", base, now)
    assert (text(draft), text(draft, "fr")) == ("Turn the heap.", "Retourner le tas.")


def test_the_same_words_by_two_people_are_no_conflict(draft, colleague, member, now):
    base = posts.revision_of(draft).number
    first = save(draft, member, "The same.", base, now)
    assert save(draft, colleague, "The same.", base, now) == first


def test_a_language_that_somebody_else_began_meanwhile_is_a_conflict(draft, colleague, member, now):
    base = posts.revision_of(draft).number
    save(draft, member, "De Inès.", base, now, language="fr")
    with pytest.raises(posts.Conflict) as conflict:
        save(draft, colleague, "De Karim.", base, now, language="fr")
    assert conflict.value.base == {"title": "", "body": ""}


def test_what_one_types_is_kept_for_oneself_and_thrown_away_on_demand(draft, colleague, member, now):
    base = posts.revision_of(draft).number
    for body in ("Stir", "Stir it"):
        posts.keep_typing(post=draft, actor=colleague, language="en", title="T", body=body, base_revision=base, now=now)
    assert Buffer.objects.get(person=colleague).body == "Stir it"
    assert posts.revision_of(draft).number == base
    posts.discard_typing(post=draft, actor=member, language="en", now=now)
    assert Buffer.objects.count() == 1
    posts.discard_typing(post=draft, actor=colleague, language="en", now=now)
    assert Buffer.objects.count() == 0


def test_who_may_not_write_neither_saves_nor_types(draft, reader, outsider, now):
    for actor, error in ((reader, NotAllowed), (outsider, NotFound)):
        with pytest.raises(error):
            save(draft, actor, "No.", 9, now)
        with pytest.raises(error):
            posts.keep_typing(post=draft, actor=actor, language="en", title="", body="", base_revision=0, now=now)
        with pytest.raises(error):
            posts.restore_revision(post=draft, actor=actor, number=1, now=now)


def test_a_long_title_and_an_unknown_language_are_refused_beside_their_field(draft, colleague, now):
    with pytest.raises(Invalid) as refusal:
        save(draft, colleague, "", 9, now, title="x" * 201)
    assert refusal.value.field == "title"
    with pytest.raises(Invalid) as refusal:
        save(draft, colleague, "", 9, now, language="de")
    assert refusal.value.field == "language"


def test_work_shows_the_new_title(draft, colleague, now):
    write(draft, colleague, "Words.", now, title="Stir it")
    assert {item.subject_title["en"] for item in WorkItem.objects.about(draft)} == {"Stir it"}


def test_going_back_is_a_new_revision_and_keeps_everything(draft, colleague, now):
    first = posts.revision_of(draft)
    save(draft, colleague, "Tourner.", first.number, now, language="fr")
    write(draft, colleague, "Another text.", now)
    restored = posts.restore_revision(post=draft, actor=colleague, number=first.number, now=now)
    assert restored.number == first.number + 3
    assert restored.digest == first.digest
    assert text(draft) == "Stir it, add dry leaves, wait a week."
    assert text(draft, "fr") == ""
    with pytest.raises(NotFound):
        posts.restore_revision(post=draft, actor=colleague, number=99, now=now)


def test_going_back_on_an_approved_text_takes_the_approval_away(approved, colleague, now):
    posts.restore_revision(post=approved, actor=colleague, number=1, now=now)
    approved.refresh_from_db()
    assert approved.status == Status.IN_REVIEW


def test_a_channel_may_have_its_own_text_and_that_is_approved_too(scheduled, colleague, now):
    newsletter = scheduled.placements.get(channel__slug="newsletter")
    revision = posts.save_placement_text(
        post=scheduled, placement=newsletter, actor=colleague, language="en", title="", body="Short.", now=now
    )
    scheduled.refresh_from_db()
    assert revision.payload["placements"]["newsletter"]["en"]["body"] == "Short."
    assert scheduled.status == Status.IN_REVIEW
    assert item_of(scheduled, "approve").state == "open"
    posts.save_placement_text(
        post=scheduled, placement=newsletter, actor=colleague, language="en", title="", body="", now=now
    )
    assert posts.revision_of(scheduled).payload["placements"] == {}


def test_an_answer_meant_for_one_channel_is_its_own_text_from_the_start(newsroom, member, values, now):
    notice = PlaybookItem.objects.visible_to(newsroom).templates().get(slug="service-notice")
    asked = {**values, "fields": {"sms_text": "Marbourg. Water off on Tuesday."}}
    post = posts.create_from_template(
        actor=member, template=notice, planned=None, values=asked, title="Water off", language="en", now=now,
        channels=list(newsroom.channels.filter(slug__in=["service-page", "sms-alert"])),
    )  # fmt: skip
    texts = {placement.channel.slug: placement.text for placement in post.placements.select_related("channel")}
    assert texts == {"service-page": {}, "sms-alert": {"en": {"title": "", "body": "Marbourg. Water off on Tuesday."}}}
    assert posts.revision_of(post).payload["placements"] == {"sms-alert": texts["sms-alert"]}


def test_a_change_in_the_frame_alone_keeps_the_approval(scheduled, colleague, now):
    posts.update_frame(post=scheduled, actor=colleague, values={"audience": "Gardeners"}, now=now)
    scheduled.refresh_from_db()
    assert scheduled.status == Status.SCHEDULED
    assert posts.valid_approvals(scheduled)


def test_links_are_part_of_what_is_approved(scheduled, colleague, now):
    posts.update_frame(
        post=scheduled, actor=colleague, values={"links": [{"label": "Guide", "url": "https://example.org/"}]}, now=now
    )
    scheduled.refresh_from_db()
    assert scheduled.status == Status.IN_REVIEW


def test_after_publication_a_change_is_a_dated_correction(published, colleague, out):
    revision = write(published, colleague, "Wait two weeks.", out)
    published.refresh_from_db()
    assert published.status == Status.PUBLISHED
    entry = Entry.objects.about(published).filter(verb="post.corrected").get()
    assert (entry.at, entry.data["revision"]) == (out, revision.number)
    assert item_of(published, "approve").state == "done"


def test_a_retired_post_is_not_written_on(published, member, colleague, out):
    posts.retire(post=published, actor=member, reason="Old.", now=out)
    with pytest.raises(Refused, match="retired"):
        write(published, colleague, "More.", out)

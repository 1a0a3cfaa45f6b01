"""Every bundled template, filled with its own example, goes all the way: to a post that is out, its work closed.

`exec-habit` ends as a done checklist; a live dialogue and the words of a crisis stop at a draft, their rooms decide.
"""

from datetime import datetime, time, timedelta
from functools import lru_cache

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from planner.base.language import LANGUAGES
from planner.playbook.models import PlaybookItem
from planner.playbook.seeds import read_all
from planner.posts import operations as posts
from planner.posts import rules
from planner.posts.models import Post
from planner.posts.operations import Given
from planner.posts.rules import WallTime
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.work.rules import COUNTS, DECIDED_ON_THE_POST
from tests.posts.conftest import PARIS, SEEDS, YES
from tests.posts.test_views import PIXEL

TEMPLATES = sorted(path.stem for path in (SEEDS / "templates").glob("*.toml"))
TO_A_DRAFT = ("live-qa", "crisis-holding", "crisis-update")
TO_A_CHECKLIST = ("exec-habit",)
TO_PUBLICATION = [slug for slug in TEMPLATES if slug not in (*TO_A_DRAFT, *TO_A_CHECKLIST)]
FAR = datetime(2026, 10, 15, 10, tzinfo=PARIS)
"""Late enough for the longest chain, of ninety working days."""
NOTHING = dict.fromkeys(COUNTS, 0)


def test_there_are_nineteen():
    assert len(TEMPLATES) == 19


@lru_cache
def payload_of(slug: str) -> dict:
    return next(item.payload for item in read_all(SEEDS) if item.kind == "template" and item.slug == slug)


def answers_of(payload, language, member) -> dict:
    """The example's answers; a person of the example is played by a member, a file waits for its upload."""
    given = payload["example"][language]["fields"]
    kinds = {question["key"]: question["type"] for question in payload["fields"]}
    people = {key: member for key in given if kinds[key] == "person"}
    return {**{key: value for key, value in given.items() if kinds[key] != "file"}, **people}


def text_of(payload, language) -> str:
    example = payload["example"][language]
    return "\n\n".join(
        f"## {block['heading'][language]}\n\n{example['body'][block['key']]}" for block in payload["body"]
    )


@pytest.fixture
def apply(newsroom, member, colleague, answerer, lawyer, now):
    """`apply(slug, language)` makes a post of a template and the example in that language, its text in both."""

    def one(slug: str, language: str) -> Post:
        template = PlaybookItem.objects.visible_to(newsroom).templates().get(slug=slug)
        payload = template.payload
        example = payload["example"][language]
        usual = posts.usual_day(workspace=newsroom, template=template, now=now)
        frame = ("audience", "objective", "business_objective", "success_measure", "key_question")
        values = {
            **{key: example[key] for key in frame},
            "sources": [{"label": one["label"], "url": one.get("url", "")} for one in example["sources"]],
            "author": colleague,
            "answerer": answerer,
            "deputy": member,
            "fields": answers_of(payload, language, member),
        }
        post = posts.create_from_template(
            actor=member,
            template=template,
            planned=WallTime(usual or FAR.date(), time(10, 0)),
            channels=list(newsroom.channels.filter(slug__in=payload["default_channels"])),
            values=values,
            title=example["title"],
            language=language,
            consents=consents_of(example, now),
            now=now,
        )
        add_files(post, payload, colleague, now)
        for code in LANGUAGES:
            posts.save_text(
                post=post, actor=colleague, language=code, title=payload["example"][code]["title"],
                body=text_of(payload, code), base_revision=posts.revision_of(post).number, now=now,
            )  # fmt: skip
            for slug, body in payload["example"][code]["channel_texts"].items():
                posts.save_placement_text(
                    post=post, placement=post.placements.get(channel__slug=slug), actor=colleague, language=code,
                    title="", body=body, now=now,
                )  # fmt: skip
        post.refresh_from_db()
        return post

    return one


def consents_of(example, now) -> list[Given]:
    """Everybody whom the example shows has agreed, as it says."""
    people = example["fields"].get("people_shown", ())
    return [Given(one, example["fields"]["consents"], given_on=now.date()) for one in people]


def add_files(post, payload, actor, now):
    for number, question in enumerate(payload["fields"]):
        if question["type"] == "file":
            file = SimpleUploadedFile(f"{question['key']}.png", PIXEL + bytes([number]))
            upload = posts.add_upload(post=post, actor=actor, file=file, alt={"en": "A slide"}, now=now)
            posts.update_frame(post=post, actor=actor, values={"fields": {question["key"]: upload.pk}}, now=now)
            post.refresh_from_db()


def finish(post, member, now, **which):
    """All that is wanted and can be closed by hand."""
    for item in WorkItem.objects.about(post).open().wanted().filter(**which):
        if item.key not in DECIDED_ON_THE_POST:
            work.complete(item=item, actor=member, counts=NOTHING if item.needs_counts else None, now=now)


def left_over(post) -> list[str]:
    return [item.key for item in WorkItem.objects.about(post).open().wanted()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", TEMPLATES)
def test_every_example_answers_its_questions(slug, language):
    payload = payload_of(slug)
    kinds = {question["key"]: question["type"] for question in payload["fields"]}
    given = payload["example"][language]["fields"]
    typed = {key: 1 if kinds[key] in rules.NAMED else value for key, value in given.items()}
    kept, wrong = rules.validate_answers(payload, typed)
    assert wrong == {}
    assert [key for key, _label in rules.unanswered(payload, kept)] == []
    assert rules.has_prose(rules.skeleton(payload, language, kept))


@pytest.mark.parametrize(("number", "slug"), list(enumerate(TO_PUBLICATION)))
def test_a_template_goes_to_a_post_that_is_out_with_all_its_work_closed(
    apply, newsroom, member, colleague, approver, lawyer, now, number, slug
):
    post = apply(slug, LANGUAGES[number % 2])
    assert WorkItem.objects.about(post).wanted().count() >= 4
    post = posts.submit(post=post, actor=colleague, now=now)
    post = posts.approve(answers=YES, post=post, actor=approver, now=now)
    if "legal" in left_over(post):
        post = posts.sign(post=post, actor=lawyer, now=now)
    finish(post, member, now, blocking="scheduled")
    post = posts.schedule(post=post, actor=member, now=now)
    finish(post, member, now, blocking="published")
    out = post.planned_at
    for placement in post.placements.all():
        posts.record_publication(
            placement=placement, actor=member, address=f"https://marbourg.example/{slug}", published_at=out,
            now=out + timedelta(minutes=5),
        )  # fmt: skip
    post.refresh_from_db()
    assert post.status == "published"
    finish(post, member, out + timedelta(days=400))
    assert left_over(post) == []


@pytest.mark.parametrize("slug", TO_A_CHECKLIST)
def test_a_habit_ends_as_a_done_checklist(apply, member, now, slug):
    post = apply(slug, "fr")
    finish(post, member, now)
    done = WorkItem.objects.about(post).filter(state="done")
    assert left_over(post) == []
    assert any(item.checklist for item in done)


@pytest.mark.parametrize("slug", TO_A_DRAFT)
def test_what_other_rooms_decide_stops_at_a_draft(apply, slug):
    for language in LANGUAGES:
        post = apply(slug, language)
        assert post.status == "draft"
        assert left_over(post)

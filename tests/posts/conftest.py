"""A newsroom: the bundled playbook, people with roles, and a post at each step of its way."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from planner.playbook import operations as playbook
from planner.playbook.models import PlaybookItem
from planner.playbook.seeds import read_all
from planner.posts import operations as posts
from planner.posts.rules import WallTime
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces.models import Membership, RoleAssignment
from planner.workspaces.rules import Level
from tests.conftest import join, person

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
PARIS = ZoneInfo("Europe/Paris")
YES = {f"H{number:02}": {"said": "yes", "comment": ""} for number in range(1, 11)}
"""What whoever approves answers to the ten questions about a text."""

PLANNED = WallTime(date(2026, 5, 21), time(10, 0))
"""A Thursday three and a half weeks after NOW."""

ANSWERS = {
    "key_question": "Why does my compost smell?",
    "route": "alone",
    "steps": ["Stir", "Add leaves", "Wait"],
    "common_mistake": "Too much grass.",
    "limits": "Rats: call the town.",
}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@lru_cache
def _bundled():
    return read_all(SEEDS)


@pytest.fixture
def playbook_items(db, now):
    playbook.upsert_bundled(items=_bundled(), now=now)


def give_role(member: Membership, role: str, second: Membership | None = None) -> RoleAssignment:
    return RoleAssignment.objects.create(workspace=member.workspace, role=role, person=member, second=second)


@pytest.fixture
def answerer(workspace):
    return join(workspace, person("Paul Répond", "paul@example.org"), Level.CONTRIBUTOR)


@pytest.fixture
def approver(workspace):
    """Dora, who directs communications: contributes by level, approves by role."""
    one = join(workspace, person("Dora Directrice", "dora@example.org"), Level.CONTRIBUTOR)
    give_role(one, "approver")
    return one


@pytest.fixture
def lawyer(workspace):
    one = join(workspace, person("Luc Juriste", "luc@example.org"), Level.CONTRIBUTOR)
    give_role(one, "legal")
    return one


@pytest.fixture
def newsroom(workspace, playbook_items, member, approver, now):
    """The workspace with its channels; Inès is the editor and the community manager."""
    playbook.equip(workspace=workspace, now=now)
    give_role(member, "editor")
    give_role(member, "community")
    return workspace


@pytest.fixture
def template(newsroom):
    return PlaybookItem.objects.visible_to(newsroom).templates().get(slug="expert-how-to")


@pytest.fixture
def channels(newsroom):
    return list(newsroom.channels.filter(slug__in=["site-article", "newsletter"]).order_by("slug"))


@pytest.fixture
def values(colleague, answerer, member):
    return {
        "author": colleague,
        "answerer": answerer,
        "deputy": member,
        "audience": "People of Marbourg who began composting this spring.",
        "objective": "They mend a smelly compost by themselves.",
        "success_measure": "Fewer calls about smells.",
        "fields": {**ANSWERS, "expert_person": colleague},
    }


@pytest.fixture
def draft(member, template, channels, values, now):
    """A planned draft whose frame is complete and whose text says something."""
    post = posts.create_from_template(
        actor=member, template=template, planned=PLANNED, channels=channels, values=values,
        title="A compost that smells of forest", language="en", now=now,
    )  # fmt: skip
    write(post, values["author"], "Stir it, add dry leaves, wait a week.", now)
    post.refresh_from_db()
    return post


def write(post, actor, body, now, *, language="en", title="A compost that smells of forest"):
    last = posts.revision_of(post)
    return posts.save_text(
        post=post, actor=actor, language=language, title=title, body=body,
        base_revision=last.number if last else 0, now=now,
    )  # fmt: skip


def item_of(post, key) -> WorkItem:
    return WorkItem.objects.about(post).get(key=key)


def finish(post, actor, now, *keys) -> None:
    for key in keys:
        work.complete(item=item_of(post, key), actor=actor, now=now)


def finish_before(post, actor, now, status) -> None:
    """All that blocks `status`, but for decisions."""
    waiting = WorkItem.objects.about(post).open().wanted().filter(blocking=status).exclude(key__in=["approve", "legal"])
    finish(post, actor, now, *waiting.values_list("key", flat=True))


@pytest.fixture
def in_review(draft, colleague, now):
    return posts.submit(post=draft, actor=colleague, now=now)


@pytest.fixture
def approved(in_review, approver, now):
    return posts.approve(answers=YES, post=in_review, actor=approver, now=now)


@pytest.fixture
def scheduled(approved, member, now):
    finish_before(approved, member, now, "scheduled")
    return posts.schedule(post=approved, actor=member, now=now)


@pytest.fixture
def out():
    """The hour at which the post really went out: seven minutes late."""
    return datetime(2026, 5, 21, 10, 7, tzinfo=PARIS)


@pytest.fixture
def published(scheduled, member, out):
    finish_before(scheduled, member, out, "published")
    placement = scheduled.placements.get(channel__slug="site-article")
    posts.record_publication(
        placement=placement, actor=member, address="https://marbourg.example/compost", published_at=out,
        now=out + timedelta(minutes=5),
    )  # fmt: skip
    scheduled.refresh_from_db()
    return scheduled

"""Work to be reminded of, and profiles as the playbook has them."""

import itertools
import tomllib
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from planner.posts.models import Post
from planner.reminders import operations as reminders
from planner.reminders.models import Notice
from planner.work.models import WorkItem

_KEYS = itertools.count(1)
_SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "reminder_profiles.toml"
PROFILES = {item["slug"]: item for item in tomllib.loads(_SEEDS.read_text(encoding="utf-8"))["profile"]}


@pytest.fixture
def post(workspace, member, now):
    return Post.objects.create(workspace=workspace, author=member, created_at=now, updated_at=now)


@pytest.fixture
def make_item(workspace, post, member, now):
    def make(*, owner=member, due_at: datetime = now + timedelta(days=9), role: str = "author", **fields) -> WorkItem:
        return WorkItem.objects.create(
            workspace=workspace, subject=post, key=f"draft-{next(_KEYS)}", owner=owner, roles=[role], due_at=due_at,
            title={"fr": "Écrire le premier jet", "en": "Write the first draft"},
            why={"fr": "Karim le relit demain.", "en": "Karim reviews it tomorrow."},
            verb={"fr": "Écrire", "en": "Write"},
            subject_title={"fr": "Compost d’hiver", "en": "Winter compost"},
            profile="e-std", offset="D-6", minutes=20, created_at=now, **fields,
        )  # fmt: skip

    return make


@pytest.fixture
def item(make_item):
    return make_item()


@pytest.fixture
def schedule(workspace, post, now):
    """`schedule(item, profile="e-std", at=now)` writes the reminders of items that share a profile."""

    def write(*items: WorkItem, profile: str = "e-std", at: datetime = now, due_at: datetime | None = None):
        wanted = [
            reminders.Wanted(
                subject=one, group=post, profile=PROFILES[profile], slug=profile, work_due_at=due_at or one.due_at
            )
            for one in items
        ]
        return reminders.schedule_many(workspace=workspace, wanted=wanted, now=at)

    return write


class PostOffice:
    """A transport that keeps what it got; `answers` scripts what happens to the next messages."""

    channel = "email"

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.messages: list = []
        self.answers: list[Exception | None] = []
        self.closed = 0

    def send(self, message) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.sent.append(message.message_id)
        self.messages.append(message)

    def close(self) -> None:
        self.closed += 1

    @property
    def people(self) -> list[str]:
        return [str(message.recipient) for message in self.messages]


@pytest.fixture
def office():
    return PostOffice()


@pytest.fixture
def drain(office):
    """`drain(now)` delivers what is due at that instant, through the post office unless told otherwise."""

    def run(at: datetime, transport=office, **options):
        return reminders.drain(clock=lambda: at, transport=transport, **options)

    return run


@pytest.fixture
def told():
    """`told()`: who was told which step, in the inboxes."""
    return lambda: [
        (str(notice.recipient), notice.reminder.step)
        for notice in Notice.objects.order_by("id").select_related("recipient__user", "reminder")
    ]

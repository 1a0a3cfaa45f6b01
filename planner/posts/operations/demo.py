"""A workspace as full as one likes, written as rows in batches: to measure with, never to plan in.

Everything follows from the seed: the same one gives the same posts. History and reminders are left out.
"""

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from planner.base.worktime import WorkingCalendar
from planner.posts.models import Placement, Post, PostText
from planner.posts.operations import reading
from planner.posts.operations.sample import DOMAIN
from planner.posts.rules import Intent, Status
from planner.work.models import WorkItem
from planner.work.rules import WorkState
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Channel, Membership, User, Workspace
from planner.workspaces.rules import Level

MONTHS = 24
BATCH = 1000
"""Posts in memory and in one transaction at a time."""

_PEOPLE = ("Anne Morel", "Bruno Costa", "Chloé Petit", "David Roux", "Emma Lopez", "Farid Saïdi", "Gaëlle Le Goff")
_CHANNELS = (
    ("site", "Si", True), ("letter", "Le", True), ("intranet", "It", True), ("facebook", "Fb", False),
    ("instagram", "Ig", False), ("linkedin", "Li", False), ("youtube", "Yt", False), ("mastodon", "Ma", False),
)  # fmt: skip
_TOPICS = {
    "fr": ("Le compost d’hiver", "La cantine", "Les travaux de la rue haute", "L’état civil", "Les déchets verts",
           "La piscine", "Le budget participatif", "Les pistes cyclables", "La crèche", "L’eau du robinet"),
    "en": ("Winter compost", "School meals", "The works in High Street", "The registry", "Garden waste",
           "The swimming pool", "The citizens’ budget", "Cycle lanes", "The nursery", "Tap water"),
}  # fmt: skip
_ANGLES = {
    "fr": ("ce qui change", "vos questions", "pas à pas", "l’envers du décor", "ce qui n’a pas marché", "à retenir"),
    "en": ("what changes", "your questions", "step by step", "behind the scenes", "what did not work", "in short"),
}
_WORK = (
    ("draft", "Écrire", "Write", "D-6"), ("review", "Relire", "Review", "D-4"), ("publish", "Publier", "Publish", "D0"),
)  # fmt: skip


def sow_demo(*, posts: int, seed: int, member: User | None, now: datetime, tell: Callable[[int], None]) -> Workspace:
    """A new workspace with so many posts over 24 months around now; `member` manages it. Calls `tell` after each batch.

    Two posts in a hundred have no date. Each batch is a transaction of its own, so that memory does not grow.
    """
    dice = random.Random(seed)
    workspace, people = _house(posts, member, now)
    sower = _Sower(workspace, people, dice, now)
    done = 0
    while done < posts:
        count = min(BATCH, posts - done)
        sower.sow(done, count)
        done += count
        tell(done)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # it would do so by itself, but only a minute later
    return workspace


@transaction.atomic
def _house(posts: int, member: User | None, now: datetime) -> tuple[Workspace, list[Membership]]:
    tag = f"{now:%Y%m%d%H%M%S%f}"
    users = [
        User.objects.create_user(f"demo{number}.{tag}{DOMAIN}", None, name=name) for number, name in enumerate(_PEOPLE)
    ]
    workspace = workspaces.create_workspace(
        actor=member or users[0], name=f"Demo {posts}", language="fr", country="FR", now=now, is_sample=True
    )
    for number, (slug, mark, owned) in enumerate(_CHANNELS):
        Channel.objects.create(
            workspace=workspace, slug=slug, title={"fr": slug.capitalize(), "en": slug.capitalize()}, mark=mark,
            family="web" if owned else "social", owned=owned, position=number,
        )  # fmt: skip
    present = workspace.memberships.values_list("user_id", flat=True)
    Membership.objects.bulk_create(
        Membership(workspace=workspace, user=user, level=Level.PLANNER, joined_at=now)
        for user in users
        if user.pk not in present
    )
    return workspace, list(workspace.memberships.order_by("pk"))


class _Sower:
    """Writes posts with what hangs on them, one batch at a time."""

    def __init__(self, workspace: Workspace, people: list[Membership], dice: random.Random, now: datetime) -> None:
        self.workspace, self.people, self.dice, self.now = workspace, people, dice, now
        self.channels = list(workspace.channels.order_by("position"))
        self.calendar: WorkingCalendar = reading.calendar_of(workspace, now)
        self.first = (now - timedelta(days=MONTHS * 365 // 24)).date()
        self.kind = ContentType.objects.get_for_model(Post)

    @transaction.atomic
    def sow(self, start: int, count: int) -> None:
        posts = Post.objects.bulk_create(self._post() for _number in range(count))
        titled = [(post, self._titles(start + number)) for number, post in enumerate(posts)]
        PostText.objects.bulk_create(text for post, titles in titled for text in self._texts(post, titles))
        Placement.objects.bulk_create(place for post in posts for place in self._placements(post))
        WorkItem.objects.bulk_create(item for post, titles in titled for item in self._work(post, titles))

    def _post(self) -> Post:
        dice = self.dice
        at = None if dice.random() < 0.02 else self._hour()
        author = dice.choice(self.people)
        return Post(
            workspace=self.workspace, status=self._status(at), language="fr", author=author, created_by=author,
            answerer=dice.choice([None, author]), intent=dice.choice(Intent.values), planned_at=at,
            published_at=at if at and at <= self.now else None, audience="Les habitants de la commune",
            tags=[dice.choice(["eau", "école", "voirie"])], created_at=self.now, updated_at=self.now,
        )  # fmt: skip

    def _hour(self) -> datetime:
        """Any day of the 24 months, working days four times as often, between 7:00 and 20:45."""
        while True:
            on = self.first + timedelta(days=self.dice.randrange(MONTHS * 365 // 12))
            if self.calendar.is_working_day(on) or self.dice.random() < 0.25:
                return self.calendar.at(on, time(self.dice.randrange(7, 21), self.dice.choice([0, 15, 30, 45])))

    def _status(self, at: datetime | None) -> str:
        if at is None:
            return self.dice.choice([Status.IDEA, Status.DRAFT])
        if at <= self.now:
            return Status.PUBLISHED
        return self.dice.choice([Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED])

    def _titles(self, number: int) -> dict[str, str]:
        topic, angle = self.dice.randrange(10), self.dice.randrange(6)
        return {
            "fr": f"{_TOPICS['fr'][topic]}\u00a0: {_ANGLES['fr'][angle]} ({number})",
            "en": f"{_TOPICS['en'][topic]}: {_ANGLES['en'][angle]} ({number})",
        }

    def _texts(self, post: Post, titles: dict[str, str]) -> list[PostText]:
        languages = ("fr", "en") if self.dice.random() < 0.4 else ("fr",)
        return [
            PostText(post=post, language=code, title=titles[code], body=self._body(code), updated_at=self.now)
            for code in languages
        ]

    def _body(self, code: str) -> str:
        words = [self.dice.choice(_TOPICS[code]) + ", " + self.dice.choice(_ANGLES[code]) for _line in range(6)]
        return ". ".join(words) + "."

    def _placements(self, post: Post) -> list[Placement]:
        channels = sorted(self.dice.sample(self.channels, self.dice.choice([1, 1, 2, 3])), key=lambda one: one.position)
        here = self.calendar.local(post.planned_at) if post.planned_at else None
        return [
            Placement(
                workspace=self.workspace, post=post, channel=channel, leads=not number, planned_on=here and here.date(),
                planned_time=here and here.time(), planned_zone=self.workspace.time_zone if here else "",
                planned_at=post.planned_at, shown_at=post.planned_at, published_at=post.published_at,
                recorded_by=post.author if post.published_at else None,
            )
            for number, channel in enumerate(channels)
        ]  # fmt: skip

    def _work(self, post: Post, titles: dict[str, str]) -> list[WorkItem]:
        if post.planned_at is None:
            return []
        is_done = post.published_at is not None
        return [
            WorkItem(
                workspace=self.workspace, subject_type=self.kind, subject_id=post.pk, key=key, subject_title=titles,
                title={"fr": french, "en": english}, verb={"fr": french, "en": english}, roles=["author"],
                owner_id=post.author_id, offset=offset, due_at=post.planned_at + timedelta(days=int(offset[1:])),
                state=WorkState.DONE if is_done else WorkState.OPEN, done_at=self.now if is_done else None,
                done_by_id=post.author_id if is_done else None, created_at=self.now,
            )
            for key, french, english, offset in _WORK
        ]  # fmt: skip

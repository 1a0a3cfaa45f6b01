"""People at work at the instant of a declaration: each act in a process of its own, all let go by one file.

`from tests.services import crisis_acts; crisis_acts.newsroom()`, then `crisis_acts.act("schedule", "go")`.
"""

import threading
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import F

from planner.base import clock
from planner.base.errors import PlannerError
from planner.crisis import operations as crises
from planner.models import (
    HeldPlacement,
    Membership,
    Notice,
    Placement,
    PlaybookItem,
    Post,
    Reminder,
    User,
    WorkItem,
    Workspace,
)
from planner.playbook import operations as playbook
from planner.posts import operations as posts
from planner.posts.rules import Status, WallTime
from planner.reminders import operations as reminders
from planner.reminders.rules import State
from planner.work import operations as work
from planner.workspaces.models import RoleAssignment
from tests.services.servers import until

PARIS = ZoneInfo("Europe/Paris")
POSTS = 8
WITHIN = 60.0


def newsroom(many: int = POSTS) -> None:
    """A workspace where so many posts are approved and as many scheduled, with reminders due within the minute."""
    now = clock.now()
    house = Workspace.objects.create(name="Marbourg", slug="marbourg", languages=["en"], created_at=now)
    people = {}
    for name, level, role in (
        ("editor", "planner", "editor"), ("approver", "contributor", "approver"),
        ("lead", "contributor", "crisis_lead"),
        ("author", "contributor", ""), ("answerer", "contributor", ""),
    ):  # fmt: skip
        user = User.objects.create(name=name, email=f"{name}@example.org", password="!", language="en")
        people[name] = Membership.objects.create(workspace=house, user=user, level=level, joined_at=now)
        if role:
            RoleAssignment.objects.create(workspace=house, role=role, person=people[name])
    playbook.equip(workspace=house, now=now)
    template = PlaybookItem.objects.visible_to(house).templates().get(slug="newsletter-digest")
    for number in range(2 * many):
        post = _approved(house, people, template, number, now)
        if number >= many:
            posts.schedule(post=post, actor=people["editor"], now=now)
            for item in WorkItem.objects.about(post).open().filter(blocking="published"):
                work.complete(item=item, actor=people["editor"], now=now)
    Reminder.objects.exclude(profile="").filter(state=State.PENDING).update(next_at=now, quiet="never")


def _approved(house, people, template, number, now):
    on = date.today() + timedelta(days=40)  # noqa: DTZ011 - any day far enough
    answers = {
        question["key"]: _answer(question, people) for question in template.payload["fields"] if question["required"]
    }
    post = posts.create_from_template(
        actor=people["editor"], template=template, planned=WallTime(on, datetime(2026, 1, 1, 10, tzinfo=PARIS).time()),
        channels=list(house.channels.filter(slug="newsletter")), title=f"Letter {number}", language="en", now=now,
        values={
            "author": people["author"], "answerer": people["answerer"], "deputy": people["editor"],
            "audience": "People of Marbourg who asked.", "objective": "They know.", "success_measure": "Fewer calls.",
            "fields": answers,
        },
    )  # fmt: skip
    last = posts.revision_of(post)
    posts.save_text(
        post=post, actor=people["author"], language="en", title=f"Letter {number}", body="We answer your questions.",
        base_revision=last.number if last else 0, now=now,
    )  # fmt: skip
    posts.submit(post=post, actor=people["author"], now=now)
    posts.approve(
        answers={f"H{number:02}": {"said": "yes"} for number in range(1, 11)},
        post=post,
        actor=people["approver"],
        now=now,
    )
    for item in WorkItem.objects.about(post).open().wanted().filter(blocking="scheduled").exclude(key="approve"):
        work.complete(item=item, actor=people["editor"], now=now)
    return Post.objects.get(pk=post.pk)


def _answer(question, people):
    kinds = {
        "number": 1, "boolean": True, "date": "2026-12-01", "datetime": "2026-12-01 10:00", "person": people["author"],
        "list": ["One", "Two", "Three"], "people": ["Ann"], "url": "https://example.org/",
    }  # fmt: skip
    if question["type"] in ("choice", "multichoice"):
        return question["choices"][0]["value"]
    return kinds.get(question["type"], "Words")


# ---- one act each, all at once


def act(name: str, go: str) -> None:
    """Wait for the file, then do it to every post; what is refused in words is no fault."""
    deadline = time.monotonic() + WITHIN
    while not Path(go).exists():
        if time.monotonic() > deadline:
            raise TimeoutError(go)
        time.sleep(0.001)
    print(globals()[f"_{name}"](), flush=True)  # noqa: T201 - the test reads it


def _people() -> dict[str, Membership]:
    return {member.user.name: member for member in Membership.objects.select_related("user", "workspace")}


def _each(call, wanted) -> int:
    return each(call, Post.objects.filter(status=wanted).order_by("pk"))


def each(call, wanted) -> int:
    """How many of them let it be done; what is refused in words is no fault."""
    done = 0
    for post in wanted:
        try:
            call(post)
            done += 1
        except PlannerError:
            continue
    return done


def _declare() -> str:
    crisis = crises.declare(
        actor=_people()["lead"], level=3, title="Leak", reason="A call.", triggers=["data-leak"], now=clock.now()
    )
    return f"held {HeldPlacement.objects.filter(hold=crisis.hold).count()}"


def _schedule() -> int:
    editor = _people()["editor"]
    return _each(lambda post: posts.schedule(post=post, actor=editor, now=clock.now()), Status.APPROVED)


def _move() -> int:
    editor = _people()["editor"]
    to = WallTime(date.today() + timedelta(days=50), datetime(2026, 1, 1, 9, tzinfo=PARIS).time())  # noqa: DTZ011
    return _each(lambda post: posts.move(post=post, actor=editor, to=to, now=clock.now()), Status.APPROVED)


def _publish() -> int:
    editor = _people()["editor"]

    def record(post):
        placement = Placement.objects.select_related("post", "channel").get(post=post)
        posts.record_publication(
            placement=placement, actor=editor, address="", published_at=clock.now(), now=clock.now()
        )

    return _each(record, Status.SCHEDULED)


def _drain() -> int:
    """Reminders leave, in the inboxes, as fast as they can."""
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        reminders.drain(clock=clock.now, transport=None)
    return Notice.objects.count()


def released_while_claimed() -> dict[str, int]:
    """A drain has read that a post is held, and it is released before the drain has written that down."""
    newsroom()
    editor, now = _people()["editor"], clock.now()
    post = Post.objects.filter(status=Status.SCHEDULED).order_by("pk")[0]
    steps = Reminder.objects.filter(group_id=post.pk).exclude(profile="")
    posts.hold_post(post=post, actor=editor, reason="Waits for the mayor", now=now)
    Reminder.objects.exclude(pk__in=steps).delete()
    steps.filter(state=State.PAUSED).update(state=State.PENDING, next_at=F("due_at"))
    due = steps.open().filter(due_at__gt=now + timedelta(days=1)).earliest("due_at").due_at
    clicked = due - timedelta(seconds=1)
    wanted, read = steps.open().filter(next_at__lte=due).count(), Post.silent_among

    def release() -> None:
        with closing(connection), transaction.atomic():
            Placement.objects.filter(post=post).update(held_at=None)
            reminders.resume_groups(groups=Post.objects.filter(pk=post.pk), now=clicked)

    def read_and_release(ids):
        found = read(ids)
        releasing.start()
        until(lambda: _somebody_waits() or not releasing.is_alive(), "the release waits for the claim, or is over")
        return found

    releasing = threading.Thread(target=release)
    Post.silent_among = read_and_release
    claimed = reminders.claim_due(now=due, channel=None, houses={})
    releasing.join()
    asleep = steps.filter(state=State.PAUSED).count()
    return {"wanted": wanted, "claimed": claimed.taken, "silenced": claimed.counts["paused"], "asleep": asleep}


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() is not None


# ---- what must be true afterwards


def verdict() -> dict[str, int]:
    """Counted after everybody has finished; a later drain tells nothing more about a held post."""
    held = Post.objects.silenced()
    kind = ContentType.objects.get_for_model(Post)
    notices = Notice.objects.filter(reminder__group_type=kind, reminder__group_id__in=held.values("pk"))
    before = notices.exclude(reminder__profile="").count()
    reminders.drain(clock=lambda: datetime.now(UTC) + timedelta(days=200), transport=None)
    told = notices.exclude(reminder__profile="").count()
    free = Placement.objects.free().exclude(post__status__in=["cancelled", "retired", "draft"])
    return {
        "free": free.count(),
        "scheduled_and_free": free.filter(post__status=Status.SCHEDULED).count(),
        "held": Placement.objects.filter(held_at__isnull=False).count(),
        "published": Placement.objects.filter(published_at__isnull=False).count(),
        "published_and_held": Placement.objects.filter(published_at__isnull=False, held_at__isnull=False).count(),
        "awake": Reminder.objects.open()
        .filter(group_type=kind, group_id__in=held.values("pk"))
        .exclude(profile="")
        .count(),
        "told_later": told - before,
    }

"""The statements behind a hold, which every write on a post may need: what it was, frozen, and silent."""

from datetime import datetime

from django.db import connection, models
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from planner.posts import rules
from planner.posts.models import HeldPlacement, Hold, Placement, Post
from planner.reminders import operations as reminders


def insert(opened: Hold, placements: "models.QuerySet[Placement]", now: datetime) -> None:
    """INSERT ... SELECT: Django has no such thing, so its own SELECT is put behind an INSERT."""
    columns = ("hold_id", "placement_id", "was", "planned_at", "held_at", "decision", "reason", "answers")
    text, instant = models.CharField(), models.DateTimeField()
    chosen = placements.order_by().values_list(
        Value(opened.pk, models.BigIntegerField()), "pk", "post__status", "planned_at", Value(now, instant),
        Value("", text), Value("", text), Value({}, models.JSONField()),
    )  # fmt: skip
    select, params = chosen.query.sql_with_params()
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{HeldPlacement._meta.db_table}" ({names}) {select}', params)  # noqa: S608 - ours


def queues_of(post: Post) -> set[int]:
    """The holds in whose queue this post waits: asked before an act, and told to `recount` after it."""
    return set(HeldPlacement.objects.waiting().filter(placement__post=post).values_list("hold", flat=True))


def recount(post: Post, before: set[int]) -> None:
    """Each hold that the post joined or left meanwhile knows how many wait."""
    after = queues_of(post)
    Hold.objects.filter(pk__in=after - before).update(waiting=F("waiting") + 1)
    Hold.objects.filter(pk__in=before - after).update(waiting=F("waiting") - 1)


def count_all(hold: Hold, covered: "models.QuerySet[Placement]") -> None:
    """Counted once, before many are held at once: what was never held waits, whatever the hold covers already.

    Before, for a database that has not seen the new rows yet plans a count of them badly.
    """
    waiting = HeldPlacement.objects.waiting().filter(hold=hold).order_by().values_list("placement__post", flat=True)
    posts = covered.order_by().values_list("post", flat=True).distinct()
    hold.waiting = len(set(waiting) | set(posts)) if waiting else posts.count()
    Hold.objects.filter(pk=hold.pk).update(waiting=hold.waiting)


def freeze(rows: "models.QuerySet[HeldPlacement]", now: datetime) -> int:
    covered = Placement.objects.filter(pk__in=rows.order_by().values("placement"))
    return covered.update(held_at=Coalesce(F("held_at"), Value(now, models.DateTimeField())))


def hold_again(post: Post, now: datetime) -> None:
    """A text that changes after its release, while the hold is still open, is no longer what people released."""
    before = queues_of(post)
    rows = HeldPlacement.objects.filter(
        placement__post=post, hold__closed_at__isnull=True, hold__alert__isnull=False, decision__in=rules.RELEASES,
        placement__published_at__isnull=True,
    )  # fmt: skip
    if rows.update(decision="", decided_at=None, decided_by=None, seconded_by=None, held_at=now):
        freeze(HeldPlacement.objects.undecided().filter(placement__post=post), now)
        recount(post, before)
        silence(post, now)


def silence(post: Post, now: datetime) -> None:
    """Forget what the instance knew, and pause the reminders of a post that is held on all its channels now."""
    post.__dict__.pop("is_held", None)
    if post.is_held:
        reminders.pause_groups(groups=Post.objects.filter(pk=post.pk), now=now)

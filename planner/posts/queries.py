"""Reading posts."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from planner.playbook.rules import fold
from planner.posts.rules import CAUGHT, FROZEN, Status

_SEARCHED = re.compile(r"[^\W_]+")
COMMON = 2000
"""So many texts that say a word make it one that many say."""
_SAYING = {
    "postgresql": "SELECT id FROM planner_posttext WHERE searched @@ to_tsquery('simple', %s)",
    "sqlite": "SELECT rowid FROM planner_posttext_fts WHERE planner_posttext_fts MATCH %s",
}
_SAYS = {
    "postgresql": """
        SELECT 1 FROM planner_posttext x
        WHERE x.post_id = planner_post.id AND x.searched @@ to_tsquery('simple', %s) LIMIT 1""",
    # + 0: without it, SQLite would go through all that the words find, for each post anew
    "sqlite": f"SELECT 1 FROM planner_posttext x WHERE x.post_id = planner_post.id "
    f"AND x.id + 0 IN ({_SAYING['sqlite']}) LIMIT 1",
}


def _in_own_way(sql: Mapping[str, str]) -> str:
    return sql[connection.vendor]


def _sought(words: str) -> str:
    """The words as the index is asked for them; empty when there is none."""
    parts = _SEARCHED.findall(fold(words))
    if connection.vendor == "postgresql":
        return " & ".join(f"{part}:*" for part in parts)
    return " ".join(f'"{part}"*' for part in parts)


if TYPE_CHECKING:
    from planner.posts.models import (
        Alert,
        Application,
        Block,
        Guest,
        HeldPlacement,
        Hold,
        Initiative,
        Override,
        Placement,
        Post,
    )
    from planner.workspaces.models import Workspace


class GuestQuerySet(models.QuerySet["Guest"]):
    def standing(self) -> "GuestQuerySet":
        """Neither taken back nor left without the person who invited them; they may have expired."""
        return self.filter(revoked_at__isnull=True, invited_by__left_at__isnull=True)

    def open(self, now: datetime) -> "GuestQuerySet":
        return self.standing().filter(expires_at__gt=now)


class PostQuerySet(models.QuerySet["Post"]):
    def undated(self) -> "PostQuerySet":
        return self.filter(planned_at__isnull=True, published_at__isnull=True)

    def lasting(self) -> "PostQuerySet":
        """What is out and is meant to last."""
        return self.filter(status=Status.PUBLISHED, is_evergreen=True)

    def tagged(self, tag: str) -> "PostQuerySet":
        """SQLite keeps the list as text and cannot look into it."""
        if connection.features.supports_json_field_contains:
            return self.filter(tags__contains=[tag])
        return self.alias(tags_text=Cast("tags", models.TextField())).filter(tags_text__contains=json.dumps(tag))

    def saying(self, words: str) -> "PostQuerySet":
        """Posts whose titles or texts hold all these words, or words that begin so; accents and capitals do not count.

        The one place where the two databases are asked in their own way. Their indexes follow every text by
        themselves (migration `find_texts_without_accents`): a trigger keeps FTS5, a generated column PostgreSQL.
        """
        query = _sought(words)
        if not query:
            return self.none()
        texts: Any = self.model._meta.get_field("texts").related_model
        found = RawSQL(_in_own_way(_SAYING), (query,))
        return self.filter(pk__in=texts.objects.filter(pk__in=found).values("post"))

    def first_saying(self, words: str, most: int) -> list[int]:
        """The first `most` of the posts that say these words, in the order of this queryset; two queries.

        What few texts say is sought and put in order. What many say is met soon on the way down the order, where each
        post is asked in turn: putting them all in order would take five times as long.
        """
        query = _sought(words)
        if not query:
            return []
        with connection.cursor() as cursor:
            cursor.execute(f"{_in_own_way(_SAYING)} LIMIT {COMMON}", (query,))
            found = [pk for (pk,) in cursor.fetchall()]
        if len(found) < COMMON:
            texts: Any = self.model._meta.get_field("texts").related_model
            posts: Any = self.filter(pk__in=texts.objects.filter(pk__in=found).values("post"))
        else:
            asked = RawSQL(_in_own_way(_SAYS), (query,), output_field=models.IntegerField())
            posts = self.alias(_says=asked).filter(_says__isnull=False)
        return list(posts.values_list("pk", flat=True)[:most])

    def silenced(self) -> "PostQuerySet":
        """Held on every channel on which they have not appeared: the same as `Post.is_held`."""
        placements: Any = self.model._meta.get_field("placements").related_model
        open_ones = placements.objects.open().filter(post=OuterRef("pk"))
        return self.filter(
            Exists(open_ones.filter(held_at__isnull=False)),
            ~Exists(open_ones.filter(held_at__isnull=True)),
            published_at__isnull=True,
        )


class PlacementQuerySet(models.QuerySet["Placement"]):
    def open(self) -> "PlacementQuerySet":
        return self.filter(published_at__isnull=True, cancelled_at__isnull=True)

    def free(self) -> "PlacementQuerySet":
        return self.open().filter(held_at__isnull=True)

    def in_scope(self, scope: Mapping[str, Any]) -> "PlacementQuerySet":
        """The pure form of the same question is `rules.covers`."""
        if scope.get("all"):
            return self
        posts: Any = self.model._meta.get_field("post").related_model
        named = Q(channel__in=scope.get("channels", ())) | Q(post__in=scope.get("posts", ()))
        if scope.get("initiatives"):
            named |= Q(post__initiative__in=scope["initiatives"])
        for tag in scope.get("tags", ()):
            named |= Q(post__in=posts.objects.tagged(tag).values("pk"))
        return self.filter(named)

    def to_hold(self, workspace: "Workspace", scope: Mapping[str, Any]) -> "PlacementQuerySet":
        """What a hold freezes: all that has not appeared and has a date, or could be given one without a new approval.

        An idea or a draft without a date cannot go out; it is caught when it is approved.
        """
        could_go = Q(planned_at__isnull=False) | Q(post__status__in=CAUGHT)
        rows = self.open().filter(could_go, workspace=workspace).exclude(post__status__in=[*FROZEN, Status.IDEA])
        return rows.in_scope(scope)


class AlertQuerySet(models.QuerySet["Alert"]):
    def active(self) -> "AlertQuerySet":
        return self.filter(until__isnull=True)


class HoldQuerySet(models.QuerySet["Hold"]):
    def open(self) -> "HoldQuerySet":
        return self.filter(closed_at__isnull=True)

    def of_everything(self) -> "HoldQuerySet":
        return self.open().filter(scope__all=True)


class HeldQuerySet(models.QuerySet["HeldPlacement"]):
    def undecided(self) -> "HeldQuerySet":
        return self.filter(decision="")

    def waiting(self) -> "HeldQuerySet":
        """Those about which people still have to decide: neither published nor given up meanwhile."""
        rows = self.undecided().filter(placement__cancelled_at__isnull=True, placement__published_at__isnull=True)
        return rows.exclude(placement__post__status__in=FROZEN)


class BlockQuerySet(models.QuerySet["Block"]):
    def open(self) -> "BlockQuerySet":
        return self.filter(closed_at__isnull=True)


class OverrideQuerySet(models.QuerySet["Override"]):
    def in_force(self, post: "Post", digest: str) -> "OverrideQuerySet":
        """Those given on exactly this text."""
        return self.filter(post=post, digest=digest, voided_at__isnull=True)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def open(self) -> "ApplicationQuerySet":
        """Those whose post is still to be made."""
        return self.filter(made_at__isnull=True)


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def between(self, first: date, last: date) -> "InitiativeQuerySet":
        """Those with at least one day between these two, both included."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

"""The posts that a filter lets through."""

import operator
from collections.abc import Iterable
from datetime import datetime
from functools import reduce

from django.db.models import Exists, OuterRef, Q, QuerySet

from planner.calendar.rules import ENDED, Filter
from planner.posts.models import Placement, Post
from planner.posts.queries import PostQuerySet
from planner.work.models import WorkItem
from planner.workspaces.models import Membership


def _ids(words: Iterable[str]) -> list[int]:
    return [int(word) for word in words if word.isdigit() and len(word) < 19]


def chosen(member: Membership, wanted: Filter, now: datetime) -> "PostQuerySet":
    """Posts of the workspace for which all that is chosen holds; of one list, any one is enough."""
    posts: PostQuerySet = Post.objects.filter(workspace=member.workspace_id)
    standing = Placement.objects.filter(post=OuterRef("pk"), cancelled_at__isnull=True)
    work = WorkItem.objects.open().actual().filter(subject_type__model="post", subject_id=OuterRef("pk"))
    if wanted.channel:
        posts = posts.filter(Exists(standing.filter(channel__in=_ids(wanted.channel))))
    if wanted.state:
        posts = posts.filter(_in_state(wanted.state, standing, now))
    if wanted.owner:
        posts = posts.filter(author__in=_ids(wanted.owner))
    if wanted.role:
        held = reduce(operator.or_, (Q(roles__0=role) for role in wanted.role))
        posts = posts.filter(Exists(work.filter(held)))
    if wanted.intent:
        posts = posts.filter(intent__in=wanted.intent)
    if wanted.language:
        posts = posts.filter(texts__language__in=wanted.language).distinct()
    if wanted.campaign:
        posts = posts.filter(initiative__in=_ids(wanted.campaign))
    if wanted.tag:
        tagged = reduce(operator.or_, (Q(pk__in=Post.objects.tagged(tag).values("pk")) for tag in wanted.tag))
        posts = posts.filter(tagged)
    if wanted.audience:
        posts = posts.filter(audience__icontains=wanted.audience)
    if wanted.mine:
        yours = Q(author=member) | Q(answerer=member) | Q(deputy=member) | Exists(work.filter(owner=member))
        posts = posts.filter(yours)
    if wanted.problems:
        lacking = Q(answerer__isnull=True) | Q(deputy__isnull=True) | Exists(work.filter(due_at__lt=now))
        late = Exists(standing.filter(published_at__isnull=True, shown_at__lt=now))
        posts = posts.exclude(status__in=ENDED).filter(lacking | late)
    return posts.saying(wanted.q) if wanted.q else posts


def _in_state(states: Iterable[str], standing: "QuerySet[Placement]", now: datetime) -> Q:
    """States of posts, and the two that entries show beside them."""
    open_ones = standing.filter(published_at__isnull=True)
    found = Q(status__in=list(states))
    if "late" in states:
        found |= ~Q(status__in=ENDED) & Q(Exists(open_ones.filter(shown_at__lt=now, held_at__isnull=True)))
    if "held" in states:
        found |= Q(Exists(open_ones.filter(held_at__isnull=False)))
    return found

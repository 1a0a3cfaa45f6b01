"""A publication is recorded by a person: where it is, and when it really went out. Nothing here publishes."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotAllowed, Refused, Stale
from planner.posts import rules
from planner.posts.models import Placement, Post
from planner.posts.operations import holds, reading, urgent, writing
from planner.posts.operations.texts import placement_of
from planner.posts.rules import Event
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, may

ANSWERING_DAYS = 3
"""House defaults: how long we answer, and when lasting content is looked at again; days after publication."""

WITHOUT_ADDRESS = frozenset({"mail", "phone", "press"})
"""Families of channels where a publication may have no address of its own."""


@transaction.atomic
def record_publication(
    *,
    placement: Placement,
    actor: Membership,
    address: str,
    published_at: datetime,
    is_allowed: bool = False,
    now: datetime,
) -> Placement:
    """Record the address and the real time of a publication, by somebody who may, or who owns the item `publish`.

    The first one makes the post published, dates the answers and what follows by the real hour, and schedules their
    reminders; the last one closes the item `publish`. Refused in words before the post is scheduled and its final check
    is done, for an hour to come, and for an address that is none. With `is_allowed` the caller has asked who may.
    """
    post = writing.opened(placement.post, actor, Act.COMMENT)
    if not is_allowed:
        _must_be_theirs(post, actor)
    placement = placement_of(post, placement)
    if placement.published_at is not None:
        raise Stale(_("This publication is recorded already."))
    holds.must_be_free(post, placement)
    event = urgent.event_of(post)
    writing.demand(post, event, now)
    if event == Event.PUBLISH_URGENT and post.template and post.template.slug == rules.NOTICE_TEMPLATE:
        _two_sides(post, now)
    address = _checked(address, placement.channel.family, published_at, now)
    written = (
        Placement.objects.free()
        .filter(pk=placement.pk)
        .update(published_at=published_at, shown_at=published_at, address=address, recorded_by=actor)
    )
    if written != 1:
        raise Stale(_("This publication is recorded already."))
    placement.refresh_from_db()
    writing.gather(post)
    is_first = post.published_at is None
    writing.move_state(post, event, now, **_dates(post, published_at))
    if not Placement.objects.filter(post=post).open().exists():
        work.settle(subject=post, key="publish", actor=actor, now=now)
    writing.relay(post, now)
    if event == Event.PUBLISH_URGENT:
        urgent.after_publication(post, actor, now)
    writing.write_down(
        "post.published",
        post,
        actor,
        now,
        channel=placement.channel.slug,
        address=address,
        published_at=published_at.isoformat(),
        first=is_first,
    )
    return placement


def _must_be_theirs(post: Post, actor: Membership) -> None:
    if may(actor.level, Act.RECORD):
        return
    if not WorkItem.objects.about(post).open().filter(key="publish", owner=actor).exists():
        raise NotAllowed(_("A publication is recorded by the person in charge of it, or by somebody who plans."))


def _two_sides(post: Post, now: datetime) -> None:
    """An urgent notice: confirmed by its author, and by somebody who leads in a crisis."""
    given = urgent.confirmations(post)
    by_author = any(one.person_id == post.author_id for one in given)
    by_lead = any(one.person_id != post.author_id and urgent.commands(post, one.person, now) for one in given)
    if not (by_author and by_lead):
        raise Refused(
            _("An urgent notice needs its author’s confirmation and that of the crisis lead, their deputy or the "
              "director."), link=f"{post.link}#urgent",
        )  # fmt: skip


def _checked(address: str, family: str, published_at: datetime, now: datetime) -> str:
    address = address.strip()
    if address and not rules.is_address(address):
        raise Invalid(_("Give a complete address, beginning with https://."), field="address")
    if len(address) > 500:
        raise Invalid(_("An address has 500 characters at most."), field="address")
    if not address and family not in WITHOUT_ADDRESS:
        raise Invalid(_("Give the address where it can be read."), field="address")
    if published_at > now:
        raise Invalid(_("This hour has not come yet: record a publication once it is out."), field="published_at")
    return address


def _dates(post: Post, published_at: datetime) -> dict[str, Any]:
    """What the first publication sets: the real hour, until when we answer, when lasting content is read again.

    The first one is the earliest: recording an earlier hour on a second channel moves the anchor.
    """
    first = min(post.published_at or published_at, published_at)
    values: dict[str, Any] = {"published_at": first, "planned_at": writing.earliest(post)}
    day = reading.calendar_of(post.workspace, first).local(first).date()
    if post.answer_until is None:
        values["answer_until"] = day + timedelta(days=ANSWERING_DAYS)
    if post.is_evergreen and post.review_on is None:
        values["review_on"] = day + timedelta(days=rules.REVIEW_DAYS)
    return values

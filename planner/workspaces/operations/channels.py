"""Where we publish and whom we speak to: channels and audiences."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, Refused, Stale
from planner.history import operations as history
from planner.workspaces.models import Audience, Channel, Membership
from planner.workspaces.operations.gate import lock, require, same_house
from planner.workspaces.operations.roles import role_book
from planner.workspaces.rules import LEAST_DAYS, Act, ChannelStage, EditorialRole, may_reach

history.register(
    {
        "channel.changed": gettext_lazy("changed a channel"),
        "channel.moved_on": gettext_lazy("moved a channel to another stage"),
        "audience.added": gettext_lazy("described an audience"),
        "audience.changed": gettext_lazy("changed the list of audiences"),
    }
)


@transaction.atomic
def save_channel(
    *,
    actor: Membership,
    channel: Channel,
    address: str = "",
    owner: Membership | None = None,
    deputy: Membership | None = None,
    is_used: bool = True,
    pace: int | None = None,
    now: datetime,
) -> Channel:
    """Say where a channel is, who answers for it, who stands in, whether we use it, and how often something appears.

    A cadence counts from its declaration, or from the day on which the channel is used again.
    """
    require(actor, Act.MANAGE_SETTINGS)
    same_house(actor, channel)
    for person in (owner, deputy):
        if person is not None:
            same_house(actor, person)
    if owner is not None and deputy is not None and owner.pk == deputy.pk:
        raise Invalid(_("The second person is somebody else: choose a colleague."), field="deputy")
    before = Channel.objects.get(pk=channel.pk)
    if pace != before.pace or is_used != before.is_used:
        channel.paced_since = now if pace else None
    channel.address, channel.owner, channel.deputy, channel.is_used = address, owner, deputy, is_used
    channel.pace = pace
    channel.save(update_fields=["address", "owner", "deputy", "is_used", "pace", "paced_since"])
    _record_channel(actor, channel, now)
    return channel


@transaction.atomic
def describe_channel(
    *,
    actor: Membership,
    channel: Channel,
    title: Mapping[str, str],
    notes: Mapping[str, str],
    limits: Mapping[str, Any],
    now: datetime,
) -> Channel:
    """Change what a channel is called, what is noted of it and what fits there; texts are checked by it from now on.

    `limits`: `count` and `captions_required`, and whichever of `rules.CHANNEL_LIMITS` there are.
    """
    require(actor, Act.MANAGE_SETTINGS)
    same_house(actor, channel)
    for most, advised in (("body_hard", "body_advised"), ("title_hard", "title_advised")):
        if limits.get(most) and limits.get(advised) and limits[advised] > limits[most]:
            raise Invalid(_("More is advised here than is accepted: turn the two figures round."), field=advised)
    channel.title, channel.notes = dict(title), {code: text for code, text in notes.items() if text}
    channel.limits = {name: value for name, value in limits.items() if value is not None}
    channel.save(update_fields=["title", "notes", "limits"])
    _record_channel(actor, channel, now)
    return channel


@transaction.atomic
def move_channel_on(*, actor: Membership, channel: Channel, stage: str, now: datetime) -> Channel:
    """Say how far we are with a channel: one step on, when the time has come, or back to any earlier stage.

    What is scheduled on a channel that goes back to listening does not go out there. Raises `Refused` in words.
    """
    require(actor, Act.MANAGE_SETTINGS)
    same_house(actor, channel)
    workspace = lock(actor.workspace)
    if stage not in ChannelStage.values:
        raise Invalid(_("Choose one of the answers offered."), field="stage")
    known = Channel.objects.get(pk=channel.pk)
    others = Channel.objects.filter(workspace=workspace, is_used=True, stage=ChannelStage.TESTING).exclude(pk=known.pk)
    why = may_reach(
        known.stage,
        stage,
        days=(now - known.stage_since).days if known.stage_since else max(LEAST_DAYS.values()),
        tested=others.count(),
        by_director=role_book(workspace).holds(actor.pk, EditorialRole.APPROVER),
    )
    if why:
        raise Refused(why, field="stage")
    if stage != known.stage:
        Channel.objects.filter(pk=known.pk).update(stage=stage, stage_since=now)
        history.record(
            verb="channel.moved_on", now=now, workspace=workspace, actor=actor, subject=known,
            data={"channel": known.slug, "from": known.stage, "to": stage},
        )  # fmt: skip
    known.refresh_from_db()
    return known


@transaction.atomic
def use_channel(*, actor: Membership, channel: Channel, is_used: bool, now: datetime) -> Channel:
    """Offer a channel for new posts, or no longer. Posts already planned there stay."""
    require(actor, Act.MANAGE_SETTINGS)
    same_house(actor, channel)
    since = now if channel.pace else None
    if not Channel.objects.filter(pk=channel.pk, is_used=not is_used).update(is_used=is_used, paced_since=since):
        raise Stale(_("Somebody else changed this channel a moment ago."))
    channel.is_used = is_used
    _record_channel(actor, channel, now)
    return channel


@transaction.atomic
def add_audience(*, actor: Membership, sentence: str, now: datetime) -> Audience:
    """Describe people we speak to, in one precise sentence. Whoever plans may add one."""
    require(actor, Act.PLAN)
    sentence = " ".join(sentence.split())
    if not sentence:
        raise Invalid(_("Say who precisely, in one sentence."), field="sentence")
    try:
        with transaction.atomic():
            audience = Audience.objects.create(workspace=actor.workspace, sentence=sentence)
    except IntegrityError:
        raise Refused(_("This audience is in the list already."), field="sentence") from None
    _record_audience("audience.added", actor, audience, now)
    return audience


@transaction.atomic
def use_audience(*, actor: Membership, audience: Audience, is_used: bool, now: datetime) -> Audience:
    """Offer an audience for new posts, or no longer."""
    require(actor, Act.PLAN)
    same_house(actor, audience)
    if not Audience.objects.filter(pk=audience.pk, is_used=not is_used).update(is_used=is_used):
        raise Stale(_("Somebody else changed this audience a moment ago."))
    audience.is_used = is_used
    _record_audience("audience.changed", actor, audience, now)
    return audience


def _record_channel(actor: Membership, channel: Channel, now: datetime) -> None:
    data = {
        "channel": channel.slug,
        "address": channel.address,
        "owner": str(channel.owner) if channel.owner else "",
        "deputy": str(channel.deputy) if channel.deputy else "",
        "is_used": channel.is_used,
        "pace": channel.pace,
        "title": channel.title,
        "limits": channel.limits,
    }
    history.record(verb="channel.changed", actor=actor, workspace=actor.workspace, subject=channel, data=data, now=now)


def _record_audience(verb: str, actor: Membership, audience: Audience, now: datetime) -> None:
    data = {"sentence": audience.sentence, "is_used": audience.is_used}
    history.record(verb=verb, actor=actor, workspace=actor.workspace, subject=audience, data=data, now=now)

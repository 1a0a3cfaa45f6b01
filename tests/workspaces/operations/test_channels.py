"""Channels and audiences."""

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Audience, Channel


@pytest.fixture
def channel(workspace):
    return Channel.objects.create(workspace=workspace, slug="site", title={"fr": "Site"}, mark="Si", family="web")


def test_a_channel_says_where_it_is_and_who_answers(channel, manager, member, colleague, now):
    workspaces.save_channel(
        actor=manager, channel=channel, address="https://example.org/", owner=member, deputy=colleague, now=now
    )
    channel.refresh_from_db()
    assert (channel.address, channel.owner, channel.deputy) == ("https://example.org/", member, colleague)


def test_the_deputy_of_a_channel_is_somebody_else_and_from_here(channel, manager, member, outsider, now):
    with pytest.raises(Invalid):
        workspaces.save_channel(actor=manager, channel=channel, owner=member, deputy=member, now=now)
    with pytest.raises(NotFound):
        workspaces.save_channel(actor=manager, channel=channel, owner=outsider, now=now)


def test_a_channel_is_put_aside_once(channel, manager, now):
    workspaces.use_channel(actor=manager, channel=channel, is_used=False, now=now)
    assert not Channel.objects.used().exists()
    with pytest.raises(Stale):
        workspaces.use_channel(actor=manager, channel=channel, is_used=False, now=now)


def test_only_managers_of_the_workspace_touch_channels(channel, member, outsider, now):
    with pytest.raises(NotAllowed):
        workspaces.use_channel(actor=member, channel=channel, is_used=False, now=now)
    with pytest.raises(NotFound):
        workspaces.save_channel(actor=outsider, channel=channel, now=now)


def test_who_plans_describes_audiences(member, colleague, now):
    audience = workspaces.add_audience(actor=member, sentence="  Parents  d’élèves ", now=now)
    assert audience.sentence == "Parents d’élèves"
    with pytest.raises(Refused):
        workspaces.add_audience(actor=member, sentence="Parents d’élèves", now=now)
    with pytest.raises(Invalid):
        workspaces.add_audience(actor=member, sentence="  ", now=now)
    with pytest.raises(NotAllowed):
        workspaces.add_audience(actor=colleague, sentence="Tous", now=now)
    assert Audience.objects.count() == 1


def test_an_audience_is_put_aside_and_taken_up_again(member, outsider, now):
    audience = workspaces.add_audience(actor=member, sentence="Parents", now=now)
    workspaces.use_audience(actor=member, audience=audience, is_used=False, now=now)
    with pytest.raises(Stale):
        workspaces.use_audience(actor=member, audience=audience, is_used=False, now=now)
    workspaces.use_audience(actor=member, audience=audience, is_used=True, now=now)
    with pytest.raises(NotFound):
        workspaces.use_audience(actor=outsider, audience=audience, is_used=False, now=now)


def test_the_words_and_limits_of_a_channel_are_ours(channel, manager, member, now):
    given = {"title": {"fr": "Notre site", "en": "Our site"}, "notes": {"fr": "Chez nous", "en": ""}}
    limits = {"count": "words", "captions_required": False, "title_hard": 120, "title_advised": None}
    workspaces.describe_channel(actor=manager, channel=channel, **given, limits=limits, now=now)
    channel.refresh_from_db()
    assert channel.limits == {"count": "words", "captions_required": False, "title_hard": 120}
    assert (channel.title["en"], channel.notes) == ("Our site", {"fr": "Chez nous"})
    with pytest.raises(NotAllowed):
        workspaces.describe_channel(actor=member, channel=channel, **given, limits=limits, now=now)
    with pytest.raises(Invalid) as refused:
        workspaces.describe_channel(
            actor=manager, channel=channel, **given, limits={**limits, "title_advised": 130}, now=now
        )
    assert refused.value.field == "title_advised"

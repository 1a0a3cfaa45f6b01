"""How far we are with a channel: we listen before we speak, and try one at a time."""

from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse

from planner.base.errors import NotAllowed, NotFound, Refused
from planner.history.models import Entry
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Channel, RoleAssignment
from planner.workspaces.rules import ChannelStage, may_reach

pytestmark = pytest.mark.django_db

ORDER = list(ChannelStage)
LEAST = {ChannelStage.READY: 30, ChannelStage.REGULAR: 60}


@pytest.mark.parametrize(("stage", "wanted"), list(product(ChannelStage, repeat=2)))
def test_one_step_on_in_its_time_or_back_at_once(stage, wanted):
    step = ORDER.index(wanted) - ORDER.index(stage)
    for days, tested, by_director in product((0, 29, 30, 59, 60, 400), (0, 1, 2), (False, True)):
        in_time = step < 1 or days >= LEAST.get(wanted, 0)
        in_turn = step < 1 or wanted != ChannelStage.TESTING or tested < (2 if by_director else 1)
        why = may_reach(stage, wanted, days=days, tested=tested, by_director=by_director)
        assert (not why) == (step <= 1 and in_time and in_turn), (days, tested, by_director)


@pytest.fixture
def channel(workspace):
    return Channel.objects.create(
        workspace=workspace, slug="pond", title={"fr": "L’étang", "en": "The pond"}, mark="Po", family="network"
    )


def test_a_month_of_listening_then_a_try(channel, manager, now):
    one = workspaces.move_channel_on(actor=manager, channel=channel, stage="listening", now=now)
    assert (one.stage, one.stage_since) == ("listening", now)
    with pytest.raises(Refused, match="30"):
        workspaces.move_channel_on(actor=manager, channel=channel, stage="ready", now=now + timedelta(days=29))
    with pytest.raises(Refused):
        workspaces.move_channel_on(actor=manager, channel=channel, stage="regular", now=now + timedelta(days=90))
    later = now + timedelta(days=30)
    for stage in ("ready", "testing"):
        one = workspaces.move_channel_on(actor=manager, channel=channel, stage=stage, now=later)
    assert one.stage == "testing"
    assert Entry.objects.filter(verb="channel.moved_on").count() == 3


def test_the_director_allows_a_second_try_and_nobody_a_third(channel, manager, workspace, now):
    for number in range(2):
        Channel.objects.create(
            workspace=workspace, slug=f"c{number}", title={"en": "C"}, mark="Cc", family="web", stage="testing"
        )
    Channel.objects.filter(pk=channel.pk).update(stage="ready")
    Channel.objects.filter(slug="c1").update(stage="regular")
    with pytest.raises(Refused):
        workspaces.move_channel_on(actor=manager, channel=channel, stage="testing", now=now)
    RoleAssignment.objects.create(workspace=workspace, role="approver", person=manager)
    Channel.objects.filter(slug="c1").update(stage="testing")
    with pytest.raises(Refused):
        workspaces.move_channel_on(actor=manager, channel=channel, stage="testing", now=now)
    Channel.objects.filter(slug="c1").update(stage="regular")
    assert workspaces.move_channel_on(actor=manager, channel=channel, stage="testing", now=now).stage == "testing"


def test_it_is_for_managers_of_this_house(channel, member, outsider, now):
    with pytest.raises(NotAllowed):
        workspaces.move_channel_on(actor=member, channel=channel, stage="listening", now=now)
    with pytest.raises((NotAllowed, NotFound)):
        workspaces.move_channel_on(actor=outsider, channel=channel, stage="listening", now=now)


def test_the_page_says_it_and_refuses_in_words(browse, channel, manager, member, outsider):
    address = reverse("workspaces:channel_stage", kwargs={"workspace": "marbourg", "slug": "pond"})
    client = browse(manager)
    assert client.post(address, {"stage": "listening"}).status_code == 302
    refused = client.post(address, {"stage": "ready"})
    assert refused.status_code == 409
    assert "30" in refused.context["stage_form"].errors["stage"][0]
    assert browse(member).post(address, {"stage": "community"}).status_code == 403
    assert browse(outsider).post(address, {"stage": "community"}).status_code == 404
    channel.refresh_from_db()
    assert channel.stage == "listening"

"""Loading the bundled playbook, and equipping a workspace from it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings

from planner.history.models import Entry
from planner.playbook import operations as playbook
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.operations import Counts
from planner.playbook.seeds import SeedItem, read_all
from planner.workspaces.models import Channel

pytestmark = pytest.mark.django_db

ROLE = SeedItem(Kind.ROLE, "editor", 1, {"slug": "editor", "title": {"fr": "Éditrice", "en": "Editor"}})
AUTHOR = SeedItem(Kind.ROLE, "author", 1, {"slug": "author", "title": {"fr": "Autrice", "en": "Author"}})


def load(*items, now):
    return playbook.upsert_bundled(items=items, now=now)


class TestLoading:
    def test_new_items_are_bundled_and_belong_to_nobody(self, now):
        assert load(ROLE, AUTHOR, now=now)[Kind.ROLE] == Counts(new=2)
        item = PlaybookItem.objects.get(slug="editor")
        assert (item.workspace, item.kind, item.version, item.loaded_at) == (None, "role", 1, now)
        assert item.payload == ROLE.payload
        assert item.title in ("Éditrice", "Editor")

    def test_the_bundled_playbook_twice_changes_nothing_the_second_time(self, now):
        items = read_all(settings.SEEDS_DIR)
        first = load(*items, now=now)
        before = list(PlaybookItem.objects.values())
        second = load(*read_all(settings.SEEDS_DIR), now=now + timedelta(days=1))
        assert sum(count.new for count in first.values()) == len(items)
        assert sum(count.changes for count in second.values()) == 0
        assert sum(count.unchanged for count in second.values()) == len(items)
        assert list(PlaybookItem.objects.values()) == before

    def test_a_changed_text_or_version_changes_the_same_row(self, now):
        load(ROLE, AUTHOR, now=now)
        row = PlaybookItem.objects.get(slug="editor")
        later = now + timedelta(days=1)
        assert load(replace(ROLE, payload={"slug": "editor"}), replace(AUTHOR, version=2), now=later)[Kind.ROLE] == (
            Counts(changed=2)
        )
        row.refresh_from_db()
        assert (row.payload, row.loaded_at) == ({"slug": "editor"}, later)
        assert PlaybookItem.objects.get(slug="author").version == 2

    def test_the_order_of_keys_is_not_a_change(self, now):
        load(ROLE, now=now)
        turned = replace(ROLE, payload=dict(reversed(ROLE.payload.items())))
        assert load(turned, now=now)[Kind.ROLE] == Counts(unchanged=1)

    def test_what_is_gone_is_retired_once_and_comes_back(self, now):
        load(ROLE, AUTHOR, now=now)
        assert load(ROLE, now=now)[Kind.ROLE] == Counts(unchanged=1, removed=1)
        assert load(ROLE, now=now)[Kind.ROLE] == Counts(unchanged=1)
        assert [item.slug for item in PlaybookItem.objects.bundled()] == ["editor"]
        assert load(ROLE, AUTHOR, now=now)[Kind.ROLE] == Counts(unchanged=1, changed=1)
        assert PlaybookItem.objects.bundled().count() == 2

    def test_a_copy_of_a_workspace_is_never_touched(self, now, workspace):
        load(ROLE, now=now)
        own = PlaybookItem.objects.create(
            workspace=workspace, kind=Kind.ROLE, slug="editor", payload={"own": True}, checksum="x", loaded_at=now
        )
        load(replace(ROLE, version=2), AUTHOR, now=now)
        load(now=now)
        own.refresh_from_db()
        assert (own.payload, own.retired_at, own.version) == ({"own": True}, None, 1)

    def test_history_tells_of_a_load_that_changed_something_and_of_no_other(self, now):
        load(ROLE, AUTHOR, now=now)
        load(ROLE, AUTHOR, now=now)
        (entry,) = Entry.objects.all()
        assert (entry.verb, entry.data) == ("playbook.loaded", {"role": 2})

    def test_a_load_that_fails_halfway_leaves_nothing_behind(self, now):
        broken = replace(AUTHOR, payload={"not json": object()})
        with pytest.raises(TypeError):
            load(ROLE, broken, now=now)
        assert not PlaybookItem.objects.exists()


class TestEquipping:
    @pytest.fixture
    def loaded(self, now):
        load(*read_all(settings.SEEDS_DIR), now=now)

    def test_a_workspace_gets_the_channels_in_the_order_of_the_playbook(self, loaded, workspace, now):
        added = playbook.equip(workspace=workspace, now=now)
        assert len(added) == 21
        channels = list(workspace.channels.all())
        assert [channel.slug for channel in channels[:3]] == ["site-article", "internal-blog", "internal-wiki"]
        assert [channel.position for channel in channels] == list(range(21))
        assert all(channel.is_used for channel in channels)

    def test_a_channel_carries_its_limits_and_how_they_are_counted(self, loaded, workspace, now):
        playbook.equip(workspace=workspace, now=now)
        mastodon = workspace.channels.get(slug="mastodon")
        assert (mastodon.limits["body_hard"], mastodon.limits["body_advised"]) == (500, 400)
        assert (mastodon.limits["count"], mastodon.owned) == ("chars", False)
        assert "title_hard" not in mastodon.limits
        assert set(mastodon.title) == {"fr", "en"}

    def test_a_second_time_adds_nothing_and_keeps_what_was_edited(self, loaded, workspace, now):
        playbook.equip(workspace=workspace, now=now)
        Channel.objects.filter(slug="mastodon").update(limits={"body_hard": 5000})
        assert playbook.equip(workspace=workspace, now=now) == []
        assert workspace.channels.count() == 21
        assert workspace.channels.get(slug="mastodon").limits == {"body_hard": 5000}
        assert Entry.objects.filter(verb="playbook.channels_added").count() == 1

    def test_only_what_is_missing_is_added_at_the_end(self, loaded, workspace, now):
        playbook.equip(workspace=workspace, now=now)
        workspace.channels.get(slug="mastodon").delete()
        (channel,) = playbook.equip(workspace=workspace, now=now)
        assert (channel.slug, channel.position) == ("mastodon", 21)

    def test_another_workspace_is_left_alone(self, loaded, workspace, other_workspace, now):
        playbook.equip(workspace=workspace, now=now)
        assert not other_workspace.channels.exists()

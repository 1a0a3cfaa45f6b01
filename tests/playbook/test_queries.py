"""Who sees which item of the playbook."""

import pytest

from planner.playbook.models import Kind, PlaybookItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(now):
    def create(slug, kind=Kind.TEMPLATE, **fields):
        return PlaybookItem.objects.create(kind=kind, slug=slug, payload={}, checksum="x", loaded_at=now, **fields)

    return create


def test_a_workspace_sees_its_own_copy_instead_of_the_bundled_item(item, workspace, other_workspace):
    bundled, other = item("how-to"), item("no")
    own = item("how-to", workspace=workspace, based_on_version=1)
    assert set(PlaybookItem.objects.visible_to(workspace)) == {own, other}
    assert set(PlaybookItem.objects.visible_to(other_workspace)) == {bundled, other}


def test_a_copy_hides_the_bundled_item_of_its_own_kind_only(item, workspace):
    role, template = item("editor", kind=Kind.ROLE), item("editor")
    own = item("editor", workspace=workspace)
    assert set(PlaybookItem.objects.visible_to(workspace)) == {role, own}
    assert template not in PlaybookItem.objects.visible_to(workspace)


def test_what_was_retired_is_seen_by_nobody(item, workspace, now):
    item("old", retired_at=now)
    assert not PlaybookItem.objects.visible_to(workspace).exists()
    assert not PlaybookItem.objects.bundled().exists()


def test_an_own_item_stays_visible_when_the_bundled_one_is_retired(item, workspace, now):
    item("how-to", retired_at=now)
    own = item("how-to", workspace=workspace)
    assert list(PlaybookItem.objects.visible_to(workspace)) == [own]


def test_items_are_told_apart_by_kind(item, workspace):
    role, template = item("editor", kind=Kind.ROLE), item("how-to")
    assert list(PlaybookItem.objects.templates()) == [template]
    assert list(PlaybookItem.objects.of_kind(Kind.ROLE)) == [role]
    own = item("mine", workspace=workspace)
    assert own not in PlaybookItem.objects.bundled()


def test_payloads_by_slug_are_those_of_the_visible_items(item, workspace, other_workspace, now):
    item("bundled"), item("old", retired_at=now), item("copied"), item("hidden"), item("kept", retired_at=now)
    item("copied", workspace=workspace, based_on_version=1), item("mine", workspace=workspace)
    item("hidden", workspace=workspace, retired_at=now), item("kept", workspace=workspace)
    item("theirs", workspace=other_workspace), item("copied", workspace=other_workspace)
    for one in PlaybookItem.objects.all():
        PlaybookItem.objects.filter(pk=one.pk).update(payload={"from": one.pk})
    for reader in (workspace, other_workspace):
        visible = dict(PlaybookItem.objects.visible_to(reader).values_list("slug", "payload"))
        assert PlaybookItem.objects.templates().payloads_for(reader) == visible
    assert set(PlaybookItem.objects.templates().payloads_for(workspace)) == {"bundled", "copied", "mine", "kept"}

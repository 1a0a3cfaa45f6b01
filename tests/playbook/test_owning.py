"""What an organisation makes of the playbook: its own versions, copies, retirements, and what it takes elsewhere."""

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from planner.base.errors import NotAllowed, NotFound, Refused, Stale
from planner.history.models import Entry, Revision
from planner.playbook import operations as playbook
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.seeds import read_all
from planner.posts.operations.create import chain_of

pytestmark = pytest.mark.django_db

SLUG = "expert-how-to"


@lru_cache
def bundled_items():
    return read_all(settings.SEEDS_DIR)


@pytest.fixture(autouse=True)
def loaded(db, now):
    playbook.upsert_bundled(items=bundled_items(), now=now)


def bundled(kind=Kind.TEMPLATE, slug=SLUG):
    return PlaybookItem.objects.bundled().get(kind=kind, slug=slug)


def seen(workspace, kind=Kind.TEMPLATE, slug=SLUG):
    return PlaybookItem.objects.visible_to(workspace).filter(kind=kind, slug=slug).first()


@pytest.fixture
def save(member, now):
    def one(kind=Kind.TEMPLATE, slug=SLUG, version=None, at=now, **changes):
        payload = {**(seen(member.workspace, kind, slug) or bundled(kind, slug)).payload, **changes}
        return playbook.save_own(actor=member, kind=kind, slug=slug, payload=payload, version=version, now=at)

    return one


TITLE = {"fr": "Notre savoir-faire", "en": "Our know-how"}


class TestSaving:
    def test_the_first_save_makes_it_theirs_beside_the_bundled_one(self, save, workspace, other_workspace):
        own = save(title=TITLE)
        assert (own.workspace, own.version, own.based_on_version) == (workspace, 1, bundled().version)
        assert own.base == bundled().payload
        assert bundled().title != own.title
        assert seen(workspace) == own
        assert seen(other_workspace) == bundled()

    def test_each_save_is_a_version_and_the_same_again_is_none(self, save):
        save(title=TITLE)
        own = save(evergreen=False)
        assert save().version == own.version == 2
        assert [revision.number for revision in Revision.objects.of(own)] == [2, 1]
        assert Entry.objects.filter(verb="playbook.item_saved").count() == 2

    def test_whoever_comes_second_is_told(self, save):
        save(version=0, title=TITLE)
        with pytest.raises(Stale):
            save(version=0, evergreen=False)

    def test_who_does_not_plan_may_not(self, colleague, now):
        with pytest.raises(NotAllowed):
            playbook.save_own(actor=colleague, kind=Kind.TEMPLATE, slug=SLUG, payload={}, now=now)

    @pytest.mark.parametrize("kind", [Kind.ROLE, Kind.ADVICE, Kind.SOURCE])
    def test_what_everything_stands_on_is_not_changed(self, member, kind, now):
        with pytest.raises(Refused):
            playbook.save_own(actor=member, kind=kind, slug="editor", payload={}, now=now)

    def test_what_nobody_has_cannot_be_saved(self, member, now):
        with pytest.raises(NotFound):
            playbook.save_own(actor=member, kind=Kind.TEMPLATE, slug="poem", payload={}, now=now)

    def test_the_database_holds_one_of_each(self, save, now):
        own = save(title=TITLE)
        for workspace in (None, own.workspace):
            twice = PlaybookItem(workspace=workspace, kind=own.kind, slug=own.slug, payload={}, loaded_at=now)
            with pytest.raises(IntegrityError), transaction.atomic():
                twice.save()

    def test_applying_uses_their_workflow(self, save, workspace):
        tasks = [task for task in bundled(Kind.WORKFLOW, "w-std").payload["tasks"] if task["key"] != "perf"]
        save(Kind.WORKFLOW, "w-std", tasks=tasks)
        assert "perf" not in [task.key for task in chain_of(workspace, bundled())]

    def test_an_earlier_version_comes_back_as_a_new_one(self, save, member, now):
        own = save(title=TITLE)
        save(title={"fr": "Autre", "en": "Other"})
        back = playbook.restore(actor=member, item=own, number=1, now=now)
        assert (back.version, back.payload["title"]) == (3, TITLE)
        with pytest.raises(NotFound):
            playbook.restore(actor=member, item=own, number=9, now=now)


class TestUpdates:
    @pytest.fixture
    def newer(self, now):
        """The bundled template says something else from now on."""

        def load(**changes):
            changed = [
                replace(item, version=2, payload={**item.payload, "version": 2, **changes})
                if (item.kind, item.slug) == (Kind.TEMPLATE, SLUG)
                else item
                for item in bundled_items()
            ]
            playbook.upsert_bundled(items=changed, now=now + timedelta(days=1))

        return load

    def test_a_load_never_touches_what_is_theirs_but_is_noticed(self, save, newer, workspace):
        own = save(title=TITLE)
        assert not own.is_outdated(bundled().checksum)
        newer(purpose={"fr": "Neuf", "en": "New"})
        assert seen(workspace).payload == own.payload
        assert seen(workspace).is_outdated(bundled().checksum)

    def test_settling_it_counts_as_seen(self, save, newer, member, workspace, now):
        own = save(title=TITLE)
        newer(purpose={"fr": "Neuf", "en": "New"})
        playbook.save_own(
            actor=member, kind=own.kind, slug=SLUG, payload=own.payload, settles_update=True, now=now
        )  # fmt: skip
        assert not seen(workspace).is_outdated(bundled().checksum)
        assert (seen(workspace).based_on_version, seen(workspace).version) == (2, 1)


class TestCopies:
    def test_a_copy_stands_beside_with_a_name_of_its_own(self, member, workspace, now):
        first = playbook.copy_item(actor=member, item=bundled(), now=now)
        second = playbook.copy_item(actor=member, item=bundled(), now=now)
        assert (first.slug, second.slug) == ("expert-how-to-2", "expert-how-to-3")
        assert first.payload["slug"] == first.slug
        assert first.title.endswith("(copy)")
        assert (first.base_checksum, first.is_outdated("anything")) == ("", False)
        assert seen(workspace) == bundled()


class TestRetirement:
    def test_it_leaves_the_lists_and_comes_back(self, member, workspace, other_workspace, now):
        own = playbook.retire(actor=member, item=bundled(), now=now)
        assert seen(workspace) is None
        assert seen(other_workspace) == bundled()
        playbook.take_back(actor=member, item=own, now=now)
        assert seen(workspace) == own
        with pytest.raises(Stale):
            playbook.take_back(actor=member, item=own, now=now)

    @pytest.mark.parametrize(("kind", "slug"), [(Kind.WORKFLOW, "w-std"), (Kind.REMINDER_PROFILE, "e-std")])
    def test_what_others_need_stays(self, member, kind, slug, now):
        with pytest.raises(Refused):
            playbook.retire(actor=member, item=bundled(kind, slug), now=now)


class TestImporting:
    def test_new_changed_and_unchanged_are_told_apart(self, member, workspace, now):
        items = [item for item in bundled_items() if item.kind == Kind.CHECKLIST][:2]
        changed = replace(items[0], payload={**items[0].payload, "title": TITLE})
        new = replace(items[0], slug="our-own", payload={**items[0].payload, "slug": "our-own"})
        given = [changed, items[1], new]
        assert playbook.import_items(actor=member, items=given, now=now) == {"new": 1, "changed": 1, "unchanged": 1}
        assert playbook.import_items(actor=member, items=given, now=now) == {"new": 0, "changed": 0, "unchanged": 3}
        assert seen(workspace, Kind.CHECKLIST, changed.slug).base_checksum
        assert seen(workspace, Kind.CHECKLIST, "our-own").title == items[0].payload["title"]["en"]
        assert Entry.objects.filter(verb="playbook.imported").count() == 1

"""What an organisation changes in its policy, and who has read its charter."""

from datetime import timedelta

import pytest

from planner.base.errors import Invalid, NotAllowed, NotFound, Stale
from planner.history.models import Entry
from planner.policy import operations as policy
from planner.policy import queries
from planner.policy.models import Charter, PolicyVersion
from planner.policy.rules import Context, Draft, Wording, check
from planner.workspaces.models import RoleAssignment

pytestmark = pytest.mark.django_db
WHY = "La cantine crie au loup."


def change(actor, now, **values):
    own = {"language": "fr", "name": "placeholder", "entries": ["à voir"], "but_not": [], "reason": WHY, **values}
    return policy.change_words(actor=actor, now=now, **own)


def says_unfinished(workspace, body, today):
    draft = Draft(texts={"fr": Wording(body=body)})
    return check(draft, Context(house=policy.house_of(workspace), today=today), only=("R18",))


class TestWords:
    def test_a_list_of_ones_own_holds_for_that_organisation_alone(self, manager, workspace, other_workspace, now):
        change(manager, now)
        assert says_unfinished(workspace, "Horaire à voir.", now.date())
        assert not says_unfinished(workspace, "Horaire à préciser.", now.date())
        assert says_unfinished(other_workspace, "Horaire à préciser.", now.date())

    def test_each_change_is_a_version_with_its_reason_in_the_history(self, manager, workspace, now):
        change(manager, now)
        change(manager, now, name="tool", entries=["ouvrir un compte"])
        assert [one.number for one in PolicyVersion.objects.of(workspace)] == [2, 1]
        assert policy.house_of(workspace).list("fr", "placeholder").entries == ("à voir",)
        assert Entry.objects.filter(verb="policy.changed").latest("pk").data["reason"] == WHY

    def test_entries_that_cannot_be_read_are_named(self, manager, now):
        with pytest.raises(Invalid, match=r"\(perdu"):
            change(manager, now, entries=["(perdu"])

    def test_a_change_needs_a_reason(self, manager, now):
        with pytest.raises(Invalid):
            change(manager, now, reason="non")

    def test_somebody_else_was_first(self, manager, now):
        change(manager, now, number=0)
        with pytest.raises(Stale):
            change(manager, now, number=0)

    def test_a_planner_may_not_unless_they_approve(self, member, workspace, now):
        with pytest.raises(NotAllowed):
            change(member, now)
        RoleAssignment.objects.create(workspace=workspace, role="approver", person=member)
        assert change(member, now).number == 1

    def test_an_unknown_list_is_not_found(self, manager, now):
        with pytest.raises(NotFound):
            change(manager, now, name="nothing")


class TestFigures:
    def change(self, actor, now, **values):
        return policy.change_parameters(actor=actor, rule="R04", values=values, reason=WHY, now=now)

    def test_a_figure_of_ones_own_replaces_the_bundled_one(self, manager, workspace, now):
        self.change(manager, now, least_characters=30)
        parameter = policy.house_of(workspace).rules["R04"].parameters["least_characters"]
        assert (parameter.value, parameter.origin) == (30, "own")

    def test_and_goes_back_when_it_is_no_longer_given(self, manager, workspace, now):
        self.change(manager, now, least_characters=30)
        self.change(manager, now)
        assert policy.house_of(workspace).rules["R04"].parameters["least_characters"].origin == "house"

    def test_a_value_of_another_kind_is_refused(self, manager, now):
        with pytest.raises(Invalid):
            self.change(manager, now, least_characters="trente")

    def test_an_unknown_figure_is_not_found(self, manager, now):
        with pytest.raises(NotFound):
            self.change(manager, now, nothing=1)


class TestCharter:
    @pytest.fixture
    def write(self, manager, now):
        def it(**values):
            text = {"fr": "# Charte\n\nNous aidons.", "en": "# Charter\n\nWe help."}
            own = {"text": text, "owner": manager, "review_on": now.date() + timedelta(days=300), "is_major": True}
            return policy.write_charter(actor=manager, now=now, **{**own, **values})

        return it

    def test_a_version_has_its_owner_and_its_next_review(self, write, manager, workspace):
        charter = write()
        assert (charter.number, charter.owner, str(charter) in ("Charte", "Charter")) == (1, manager, True)
        assert Charter.objects.last_of(workspace) == charter

    def test_both_languages_and_a_day_to_come_are_asked(self, write, now):
        for values in ({"text": {"fr": "# Charte", "en": " "}}, {"review_on": now.date()}):
            with pytest.raises(Invalid):
                write(**values)

    def test_reading_is_said_once_for_a_year(self, write, member, now):
        charter = write()
        assert not policy.has_read(member, charter, now.date())
        first = policy.acknowledge(actor=member, charter=charter, now=now)
        assert policy.acknowledge(actor=member, charter=charter, now=now) == first
        assert policy.has_read(member, charter, now.date())
        assert not policy.has_read(member, charter, now.date() + timedelta(days=366))

    def test_a_minor_version_keeps_what_was_read_a_major_one_asks_again(self, write, member, now):
        policy.acknowledge(actor=member, charter=write(), now=now)
        assert policy.has_read(member, write(is_major=False), now.date())
        assert not policy.has_read(member, write(), now.date())

    def test_an_earlier_version_is_no_longer_signed(self, write, member, now):
        first = write()
        write()
        with pytest.raises(Stale):
            policy.acknowledge(actor=member, charter=first, now=now)

    def test_the_charter_of_elsewhere_is_not_found(self, write, outsider, now):
        with pytest.raises(NotFound):
            policy.acknowledge(actor=outsider, charter=write(), now=now)

    def test_the_bundled_charter_exists_in_both_languages(self):
        assert all(text.startswith("# ") for text in queries.bundled_charter().values())

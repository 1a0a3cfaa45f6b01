"""The form of an item: built from its content, read back, its lists added to without JavaScript."""

import pytest
from django.conf import settings

from planner.base.seeds import Report
from planner.playbook import operations as playbook
from planner.playbook import seeds
from planner.playbook.forms import editing
from planner.playbook.forms.editing import Offered
from planner.playbook.seeds import read_all

ITEMS = [item for item in read_all(settings.SEEDS_DIR) if playbook.is_editable(item.kind, item.slug)]


def sent(nodes):
    """What a browser sends of a form that nobody touched."""
    fields = {}
    for node in nodes:
        if node.name and node.widget == "flag":
            fields[node.name] = "on" if node.value else ""
        elif node.name:
            fields[node.name] = str(node.value).replace("\n", "\r\n")
        fields |= sent(node.children)
    return fields


def form(kind, content, choices=None, faults=()):
    return editing.fields_of(kind, content, Offered(choices or {}), faults, content)


def find(nodes, place):
    for node in nodes:
        if node.place == place:
            return node
        if found := find(node.children, place):
            return found
    return None


@pytest.mark.django_db
def test_every_bundled_item_comes_back_from_its_form_as_it_was(workspace, now):
    playbook.upsert_bundled(items=read_all(settings.SEEDS_DIR), now=now)
    known = seeds.known_to(workspace)
    for item in ITEMS:
        for choices in ({}, {"roles": [("editor", "Editor")], "rules": [("R01", "R01")], "quiet": [("true", "yes")]}):
            read = editing.tidied(editing.content_of(sent(form(item.kind, item.payload, choices))))
            kept = {name: item.payload[name] for name in editing.kept(item.kind) if name in item.payload}
            report = Report()
            checked = seeds.check_item(item.kind, {**kept, **read}, known, report)
            assert (item.slug, report.problems) == (item.slug, [])
            assert checked == item.payload, item.slug


class TestLists:
    content = {"fields": [{"key": "a", "label": {"fr": "A", "en": "A"}}, {"key": "b", "label": {"fr": "B", "en": "B"}}]}

    def test_a_new_entry_has_every_field_that_it_may_have(self):
        added = editing.acted("template", self.content, "add:fields")["fields"][2]
        assert {"key", "label", "help", "type", "required", "choices", "max"} <= added.keys()

    def test_an_entry_goes_up_and_away(self):
        assert [one["key"] for one in editing.acted("template", self.content, "up:fields.1")["fields"]] == ["b", "a"]
        assert [one["key"] for one in editing.acted("template", self.content, "remove:fields.0")["fields"]] == ["b"]

    @pytest.mark.parametrize("act", ["", "add:", "remove:fields.9", "up:nothing.0", "up:fields", "burn:fields.0"])
    def test_a_button_that_fits_nothing_loses_nothing(self, act):
        kept = editing.acted("template", self.content, act).get("fields")
        assert [one["key"] for one in kept][:1] == ["a"]

    def test_the_content_given_is_left_alone(self):
        editing.acted("template", self.content, "remove:fields.0")
        assert len(self.content["fields"]) == 2

    def test_an_entry_left_empty_is_nothing(self):
        added = editing.acted("template", self.content, "add:fields")
        assert len(added["fields"]) == 3
        assert [one["key"] for one in editing.tidied(added)["fields"]] == ["a", "b"]

    def test_a_new_question_gets_its_short_name_from_its_words(self):
        fields = [*self.content["fields"], {"label": {"fr": "Où ?", "en": "Where is it?"}, "type": "text"}] * 2
        keys = [one["key"] for one in editing.tidied({"fields": fields[:3] + fields[2:3]})["fields"]]
        assert keys == ["a", "b", "where_is_it", "where_is_it_2"]


class TestWhatIsTyped:
    def test_a_number_that_is_none_is_kept_for_its_owner_to_see(self):
        assert editing.content_of({"tasks.0.minutes:number": "soon"}) == {"tasks": [{"minutes": "soon"}]}

    def test_unknown_names_are_not_content(self):
        assert editing.content_of({"csrf": "x", "version": "3", "a:python": "x", "../b:text": "x"}) == {}

    def test_entries_keep_the_order_of_their_numbers(self):
        typed = {"steps.10:text": "k", "steps.2:text": "c", "steps.0:text": "a"}
        assert editing.content_of(typed) == {"steps": ["a", "c", "k"]}

    def test_a_fault_stands_beside_its_field(self):
        content = {"fields": [{"key": "a", "label": {"fr": "A"}}]}
        nodes = form("template", content, faults=[("fields[0].type", "Kind is unknown"), ("title.en", "It is missing")])
        assert find(nodes, "fields.0.type").errors == ["Kind is unknown"]
        assert find(nodes, "title.en").errors == ["It is missing"]
        assert find(nodes, "fields").has_errors

    def test_a_key_is_called_as_the_form_calls_it(self):
        assert editing.called("fields[2].label.fr") == "“The questions it asks 3, Wording (French)”"

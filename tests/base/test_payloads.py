"""What changed between two versions of a payload, and taking over a part of it."""

from hypothesis import given
from hypothesis import strategies as st

from planner.base.payloads import changes, taken_over

BEFORE = {
    "title": {"fr": "Un", "en": "One"},
    "minutes": 5,
    "old": True,
    "fields": [
        {"key": "a", "label": {"fr": "A", "en": "A"}, "max": 3},
        {"key": "b", "label": {"fr": "B", "en": "B"}},
    ],
    "success": [{"fr": "x", "en": "x"}],
}
AFTER = {
    "title": {"fr": "Un", "en": "The one"},
    "minutes": 5,
    "fields": [
        {"key": "a", "label": {"fr": "A", "en": "A"}, "max": 4},
        {"key": "c", "label": {"fr": "C", "en": "C"}},
    ],
    "success": [{"fr": "x", "en": "x"}, {"fr": "y", "en": "y"}],
}


class TestChanges:
    def test_each_field_that_differs_is_named(self):
        assert [change.mark for change in changes(BEFORE, AFTER)] == [
            "title",
            "fields/a/max",
            "fields/c",
            "fields/b",
            "success",
            "old",
        ]

    def test_equal_payloads_have_none(self):
        assert changes(BEFORE, BEFORE) == []


class TestTakingOver:
    def test_everything_gives_the_other_version(self):
        assert taken_over(BEFORE, changes(BEFORE, AFTER)) == AFTER

    def test_a_part_leaves_the_rest_as_it_was(self):
        wanted = [change for change in changes(BEFORE, AFTER) if change.mark in ("title", "fields/c")]
        assert taken_over(BEFORE, wanted) == {
            **BEFORE,
            "title": AFTER["title"],
            "fields": [*BEFORE["fields"], AFTER["fields"][1]],
        }

    def test_a_place_that_the_organisation_took_away_stays_away(self):
        own = {**BEFORE, "fields": BEFORE["fields"][1:]}
        wanted = [change for change in changes(BEFORE, AFTER) if change.mark == "fields/a/max"]
        assert taken_over(own, wanted) == own

    def test_the_payload_given_is_left_alone(self):
        given_one = {"fields": [{"key": "a", "max": 1}]}
        taken_over(given_one, changes(given_one, {"fields": [{"key": "a", "max": 2}]}))
        assert given_one == {"fields": [{"key": "a", "max": 1}]}


entries = st.dictionaries(
    st.sampled_from("abcd"), st.fixed_dictionaries({"max": st.integers(0, 3), "tags": st.lists(st.integers(0, 2))})
)
payloads = st.fixed_dictionaries(
    {
        "minutes": st.integers(0, 3),
        "fields": entries.map(lambda named: [{"key": key, **it} for key, it in named.items()]),
    },
    optional={"title": st.fixed_dictionaries({"fr": st.text(max_size=2), "en": st.text(max_size=2)})},
)


def by_key(payload):
    return {**payload, "fields": {entry["key"]: entry for entry in payload["fields"]}}


@given(payloads, payloads)
def test_taking_over_all_changes_leads_to_the_other_version(before, after):
    assert by_key(taken_over(before, changes(before, after))) == by_key(after)

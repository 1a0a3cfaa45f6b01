"""Reading seed files: every fault is found, and named by file and key."""

import pytest
from django.utils import translation

from planner.base.errors import PlannerError
from planner.base.seeds import (
    Place,
    Report,
    SeedError,
    bilingual,
    boolean,
    day,
    each_once,
    list_of,
    matching,
    one_of,
    optional,
    read,
    readable_by,
    required,
    slug,
    table,
    text,
    whole,
)


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in English, whatever the translations say."""
    with translation.override("en"):
        yield


def check(schema, value, key=""):
    """The checked value and the sentences that complain about it."""
    report = Report()
    return schema(value, Place("seeds/it.toml", report, key)), report.problems


class TestReading:
    def test_a_file_is_parsed(self, tmp_path):
        (tmp_path / "a.toml").write_text('title.fr = "Été"\n', encoding="utf-8")
        assert read(tmp_path / "a.toml") == {"title": {"fr": "Été"}}

    def test_a_missing_file_is_named(self, tmp_path):
        with pytest.raises(SeedError, match=r"seeds/a\.toml: cannot be read"):
            read(tmp_path / "a.toml", "seeds/a.toml")

    def test_a_file_that_is_not_toml_is_named_with_the_line(self, tmp_path):
        (tmp_path / "a.toml").write_text('title = "x"\nslug = \n', encoding="utf-8")
        with pytest.raises(SeedError, match=r"a\.toml: is not valid TOML: .*line 2"):
            read(tmp_path / "a.toml")

    def test_a_file_in_another_encoding_is_named(self, tmp_path):
        (tmp_path / "a.toml").write_bytes('title = "Été"'.encode("latin-1"))
        with pytest.raises(SeedError, match=r"a\.toml: is not written in UTF-8"):
            read(tmp_path / "a.toml")


class TestValues:
    @pytest.mark.parametrize(
        ("schema", "value"),
        [
            (text, "words"),
            (bilingual, {"fr": "mots", "en": "words"}),
            (boolean, False),
            (whole(3), 3),
            (slug, "expert-how-to"),
            (slug, "crisis_lead"),
            (matching(r"G\d", "G1"), "G7"),
            (one_of(("a", "b")), "b"),
            (one_of((True, False, "unless")), False),
            (list_of(text), []),
            (readable_by(len), "words"),
        ],
    )
    def test_a_good_value_comes_back_as_it_is(self, schema, value):
        assert check(schema, value) == (value, [])

    def test_a_date_comes_back_as_text_for_json(self, tmp_path):
        (tmp_path / "a.toml").write_text("on = 2026-05-21")
        assert check(day, read(tmp_path / "a.toml")["on"]) == ("2026-05-21", [])
        assert check(day, "2026-05-21") == ("2026-05-21", [])

    @pytest.mark.parametrize(
        ("schema", "value", "sentence"),
        [
            (text, 3, "it must be a text"),
            (text, " \n", "it is empty"),
            (boolean, "yes", "it must be true or false"),
            (whole(1), 0, "it must be a whole number, 1 or more"),
            (whole(1), True, "it must be a whole number, 1 or more"),
            (whole(1), 1.5, "it must be a whole number, 1 or more"),
            (day, "2026-02-30", "it must be a date, such as 2026-05-21"),
            (day, 20260521, "it must be a date, such as 2026-05-21"),
            (slug, "Expert How", "it: “Expert How” is not of the form expert-how-to"),
            (slug, 3, "it: “3” is not of the form expert-how-to"),
            (one_of(("a", "b")), "c", "it: “c” is unknown (known: a, b)"),
            (one_of(("a", "b")), ["a"], "it: “['a']” is unknown (known: a, b)"),
            (one_of(("a",)), "50%", "it: “50%” is unknown (known: a)"),
            (list_of(text), "words", "it must be a list"),
            (list_of(text, least=2), ["one"], "it needs at least 2"),
            (table({}), [], "it must be a table"),
        ],
    )
    def test_a_bad_value_is_named_with_file_key_and_reason(self, schema, value, sentence):
        assert check(schema, value, "it")[1] == [f"seeds/it.toml: {sentence}"]

    def test_what_a_reader_refuses_is_said_in_its_own_words(self):
        def refuse(value):
            raise SeedError([f"“{value}” makes no sense 100%"])

        assert check(readable_by(refuse), "x", "it")[1] == ["seeds/it.toml: it: “x” makes no sense 100%"]
        assert check(readable_by(refuse), 3, "it")[1] == ["seeds/it.toml: it must be a text"]


class TestTables:
    schema = staticmethod(
        table(
            {
                "slug": required(slug),
                "fields": required(list_of(table({"label": required(bilingual)}))),
                "notes": optional(bilingual, {}),
                "max": optional(whole(1)),
            }
        )
    )
    good = {"slug": "a", "fields": [{"label": {"fr": "x", "en": "y"}}]}

    def test_optional_keys_have_a_default_or_are_left_out(self):
        assert check(self.schema, self.good) == ({**self.good, "notes": {}}, [])

    def test_a_missing_language_deep_in_a_list_is_named(self):
        fields = [*self.good["fields"] * 2, {"label": {"en": "y"}}]
        assert check(self.schema, {**self.good, "fields": fields})[1] == [
            "seeds/it.toml: fields[2].label.fr is missing"
        ]

    def test_an_empty_language_is_named(self):
        fields = [{"label": {"fr": "", "en": "y"}}]
        assert check(self.schema, {**self.good, "fields": fields})[1] == ["seeds/it.toml: fields[0].label.fr is empty"]

    def test_a_third_language_is_not_expected(self):
        fields = [{"label": {"fr": "x", "en": "y", "de": "z"}}]
        assert check(self.schema, {**self.good, "fields": fields})[1] == [
            "seeds/it.toml: fields[0].label.de is not a key that this file may have"
        ]

    def test_an_unknown_key_is_a_fault(self):
        assert check(self.schema, {**self.good, "titel": 1})[1] == [
            "seeds/it.toml: titel is not a key that this file may have"
        ]

    def test_all_faults_are_found_at_once(self):
        _value, problems = check(self.schema, {"fields": [{}, {"label": "x"}], "max": 0})
        assert problems == [
            "seeds/it.toml: slug is missing",
            "seeds/it.toml: fields[0].label is missing",
            "seeds/it.toml: fields[1].label must be a table",
            "seeds/it.toml: max must be a whole number, 1 or more",
        ]

    def test_a_value_used_twice_is_named_at_its_second_place(self):
        report = Report()
        each_once([{"slug": "a"}, {"slug": "b"}, {"slug": "a"}, 3, {}], Place("seeds/it.toml", report, "role"))
        assert report.problems == ["seeds/it.toml: role[2].slug: “a” is used twice"]


class TestSeedError:
    def test_a_report_without_problems_raises_nothing(self):
        Report().raise_if_any()

    def test_it_is_one_of_our_errors_and_holds_each_problem(self):
        with pytest.raises(PlannerError) as refusal:
            Report(["a: b", "c: d"]).raise_if_any()
        assert refusal.value.problems == ("a: b", "c: d")
        assert str(refusal.value) == "a: b\nc: d"

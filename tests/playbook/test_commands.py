"""`load_playbook` and `lay_out_template`, as somebody at a terminal meets them."""

import json
import re
import shutil
import tomllib
from io import StringIO

import pytest
import tomli_w
from django.conf import settings
from django.core.management import CommandError, call_command

from planner.playbook.models import PlaybookItem


@pytest.fixture(autouse=True)
def english_terminal(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def seeds(tmp_path):
    return shutil.copytree(settings.SEEDS_DIR, tmp_path / "seeds")


def run(command, *arguments):
    out, err = StringIO(), StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
class TestLoadPlaybook:
    def test_it_prints_a_line_for_each_kind_and_the_total(self):
        first, _err = run("load_playbook")
        assert f"{PlaybookItem.objects.count()} changes" in first
        roles = next(line for line in first.splitlines() if line.startswith("Role"))
        assert roles.split() == ["Role", "14", "0", "0", "0"]

    def test_the_second_time_it_says_zero_changes(self):
        run("load_playbook")
        second, _err = run("load_playbook")
        assert second.splitlines()[-1] == "0 changes"

    def test_faults_stop_it_each_on_its_line_and_the_database_stays_as_it_was(self, seeds):
        run("load_playbook", "--seeds", seeds)
        before = list(PlaybookItem.objects.values())
        self._drop(seeds / "templates/expert-how-to.toml", "title.fr")
        self._drop(seeds / "workflows/w-std.toml", "title.en")
        (seeds / "roles.toml").write_text(
            (seeds / "roles.toml").read_text(encoding="utf-8").replace("Expert·e", "Une autre"), encoding="utf-8"
        )
        with pytest.raises(CommandError) as refusal:
            run("load_playbook", "--seeds", seeds)
        assert str(refusal.value).splitlines() == [
            "Nothing was loaded.",
            "seeds/workflows/w-std.toml: title.en is missing",
            "seeds/templates/expert-how-to.toml: title.fr is missing",
        ]
        assert refusal.value.returncode == 1
        assert list(PlaybookItem.objects.values()) == before

    def test_a_new_version_of_a_file_is_one_change(self, seeds):
        run("load_playbook", "--seeds", seeds)
        path = seeds / "templates/expert-how-to.toml"
        newer = re.sub(r"^version = \d+$", "version = 99", path.read_text(encoding="utf-8"), count=1, flags=re.M)
        path.write_text(newer, encoding="utf-8")
        out, _err = run("load_playbook", "--seeds", seeds)
        assert out.splitlines()[-1] == "1 change"
        assert PlaybookItem.objects.get(slug="expert-how-to").version == 99

    @staticmethod
    def _drop(path, key):
        before, line, after = re.split(
            rf"^({re.escape(key)} = .*\n)", path.read_text(encoding="utf-8"), maxsplit=1, flags=re.M
        )
        assert line
        path.write_text(before + after, encoding="utf-8")


def laid(*arguments, slug="expert-how-to"):
    """Key -> item. Without a database: these tests may not touch one."""
    out, _err = run("lay_out_template", slug, "--format", "json", *arguments)
    return {item["key"]: item for item in json.loads(out)}


BRIEF = ("--at", "2026-05-21T10:00", "--zone", "Europe/Paris", "--country", "FR", "--holiday", "2026-05-14")


class TestLayOutTemplate:
    def test_it_prints_the_check_values_of_the_brief(self):
        items = laid(*BRIEF, "--regulated")
        assert items["legal"]["due"] == "2026-05-18T17:00:00+02:00"
        assert items["review"]["due"] == "2026-05-13T17:00:00+02:00"
        assert items["publish"]["due"] == "2026-05-21T10:00:00+02:00"
        assert items["perf"]["due"] == "2026-06-22T17:00:00+02:00"
        assert items["evergreen"]["due"] == "2026-11-17T17:00:00+01:00"

    def test_the_answer_after_a_day_moves_unless_somebody_is_on_duty(self):
        given = ("--at", "2026-03-28T18:00", "--published", "2026-03-28T18:00")
        assert laid(*given, "--on-duty")["answer-24h"]["due"] == "2026-03-29T19:00:00+02:00"
        assert laid(*given)["answer-24h"]["due"] == "2026-03-30T09:30:00+02:00"
        assert laid(*given)["answer-24h"]["projection"] is False

    def test_each_item_says_who_owns_it_and_what_it_blocks(self):
        items = laid(*BRIEF)
        assert (items["review"]["role"], items["review"]["blocking"]) == ("editor", "scheduled")
        assert (items["preflight"]["role"], items["preflight"]["blocking"]) == ("editor", "published")
        assert (items["draft"]["role"], items["draft"]["blocking"]) == ("author", None)

    def test_facts_bring_their_tasks(self):
        assert not {"facts", "legal", "interview"} & laid(*BRIEF).keys()
        facts = ("--fact", "route=interview", "--fact", "has_claims", "--fact", "evergreen=false", "--regulated")
        items = laid(*BRIEF, *facts)
        assert {"facts", "legal", "interview"} <= items.keys()
        assert "evergreen" not in items

    def test_the_zone_and_the_holidays_of_the_place_count(self):
        toronto = laid("--at", "2026-06-25T10:00", "--zone", "America/Toronto", "--country", "CA", "--region", "QC")
        assert toronto["preflight"]["due"] == "2026-06-23T17:00:00-04:00"
        assert toronto["publish"]["due"] == "2026-06-25T10:00:00-04:00"

    def test_a_moment_with_an_offset_keeps_it(self):
        assert laid("--at", "2026-05-21T10:00-04:00")["publish"]["due"] == "2026-05-21T16:00:00+02:00"

    def test_without_a_date_nothing_is_dated(self):
        assert {item["due"] for item in laid().values()} == {None}

    def test_a_late_start_is_said_with_the_review_days_lost(self):
        out, err = run("lay_out_template", "expert-how-to", *BRIEF, "--now", "2026-05-18T10:00")
        review = next(line for line in out.splitlines() if line.startswith("review"))
        assert "2026-05-18T10:00:00+02:00" in review
        assert review.endswith("late start")
        assert err.strip() == "compressed schedule: 2 days of review lost"

    def test_the_table_has_a_line_for_each_item(self):
        out, err = run("lay_out_template", "expert-how-to", *BRIEF)
        assert len(out.splitlines()) == len(laid(*BRIEF)) + 1
        assert out.splitlines()[0].split() == ["key", "role", "due", "blocking"]
        assert err == ""

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("no-such", "--at", "2026-05-21T10:00"), "expert-how-to"),
            (("expert-how-to", "--at", "soon"), "soon"),
            (("expert-how-to", "--at", "2026-05-21T10:00", "--zone", "Mars/Base"), "Mars/Base"),
            (("expert-how-to", "--at", "2026-05-21T10:00", "--region", "QC"), "QC"),
            (("expert-how-to", "--at", "2026-05-21T10:00", "--holiday", "easter"), "easter"),
        ],
    )
    def test_what_it_cannot_do_is_said_in_a_sentence(self, arguments, words):
        with pytest.raises(CommandError, match=words):
            run("lay_out_template", *arguments)

    def test_faults_in_the_files_are_said(self, seeds):
        (seeds / "meta.toml").unlink()
        with pytest.raises(CommandError, match=r"seeds/meta\.toml: cannot be read"):
            run("lay_out_template", "expert-how-to", "--seeds", seeds)


class TestAnchorsOfACommand:
    @pytest.fixture
    def react(self, seeds):
        """A template whose thanks count from a signal and whose end is a field."""
        path = seeds / "templates/expert-how-to.toml"
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        field = {"label": {"fr": "Fin", "en": "End"}, "help": {"fr": "Le jour.", "en": "The day."}, "type": "date"}
        content["fields"].append({"key": "closes_on", **field})
        content["tasks_add"][0]["offset"] = "R+4wh"
        content["tasks_add"][1]["offset"] = "closes_on+5wd"
        path.write_text(tomli_w.dumps(content), encoding="utf-8")
        return [content["tasks_add"][0]["key"], content["tasks_add"][1]["key"]]

    def test_work_is_counted_from_the_anchors_given(self, react, seeds):
        anchors = ("--anchor", "R=2026-05-07T16:00", "--anchor", "closes_on=2026-05-14")
        items = laid(*BRIEF, *anchors, "--fact", "route=interview", "--seeds", seeds)
        assert [items[key]["due"] for key in react] == ["2026-05-11T12:00:00+02:00", "2026-05-21T17:00:00+02:00"]

    def test_an_anchor_that_is_no_date_is_said(self):
        with pytest.raises(CommandError, match="soon"):
            run("lay_out_template", "expert-how-to", "--anchor", "R=soon")

"""Gathering texts and judging the French catalogue."""

import json

import polib
import pytest

from planner.base import catalogs
from planner.management.commands import translations
from planner.management.commands.translations import Message


@pytest.fixture
def root(tmp_path):
    (tmp_path / "planner").mkdir()
    (tmp_path / "templates").mkdir()
    return tmp_path


def texts(root):
    return [(message.context, message.text, message.plural) for message in translations.extract_all(root)]


def test_python_gives_its_texts_with_plural_and_context(root):
    (root / "planner" / "a.py").write_text(
        '_("One " "text")\nngettext("%(n)s post", "%(n)s posts", n)\npgettext_lazy("month", "May")\n_(variable)\n'
    )
    assert texts(root) == [("", "%(n)s post", "%(n)s posts"), ("", "One text", ""), ("month", "May", "")]


def test_a_page_gives_its_texts_however_it_is_indented(root):
    (root / "templates" / "a.html").write_text(
        "{% load i18n %}\n  <p title=\"{% translate 'It’s here' %}\">\n"
        "      {% blocktranslate trimmed count n=list|length %}\n"
        "        One {{ x }}\n   {% plural %}\n {{ n }} of {{ x }}\n  {% endblocktranslate %}\n</p> don't"
    )
    assert texts(root) == [("", "It’s here", ""), ("", "One %(x)s", "%(n)s of %(x)s")]


def test_a_text_said_twice_is_one_message_with_both_files(root):
    for name in ("b.py", "a.py"):
        (root / "planner" / name).write_text('_("Post")')
    (message,) = translations.extract_all(root)
    assert message.files == {"planner/a.py", "planner/b.py"}


def catalogue(messages, pairs, present=None):
    return translations.update(messages, present or polib.POFile(), pairs)


def test_updating_keeps_what_is_translated_and_drops_what_is_no_longer_said():
    present = catalogue([Message("", "Stays here"), Message("", "Goes away")], {("", "Stays here"): ["Reste"]})
    updated = catalogue([Message("", "Comes now"), Message("", "Stays here")], {}, present)
    assert [(entry.msgid, entry.msgstr) for entry in updated] == [("Comes now", ""), ("Stays here", "Reste")]


def test_the_file_is_the_same_whatever_the_order_of_work():
    messages = [Message("", "One thing", files={"b.py", "a.py"}), Message("", "Other thing", files={"c.py"})]
    pairs = {("", "One thing"): ["Une chose"]}
    assert str(catalogue(messages, pairs)) == str(catalogue(messages, {}, catalogue(messages, pairs)))


@pytest.mark.parametrize(
    ("french", "fault"),
    [
        ("", "missing"),
        ("Un contenu de %(autre)s", "placeholders differ"),
        ("L'auteur de %(who)s", "typography"),
        ("De qui ? %(who)s", "typography"),
        ("Un contenu de %(who)s", None),
        ("De qui\u00a0? L’auteur, %(who)s", None),
    ],
)
def test_what_is_wrong_with_a_translation_is_said(french, fault):
    messages = [Message("", "A strange post of %(who)s")]
    found = list(translations.faults(messages, catalogue(messages, {("", "A strange post of %(who)s"): [french]})))
    assert [line.split(":")[0] for line in found] == ([fault] if fault else [])


def test_a_fuzzy_or_obsolete_entry_is_a_fault():
    messages = [Message("", "A fuzzy thing")]
    present = catalogue([*messages, Message("", "Gone since long")], {("", "A fuzzy thing"): ["Flou"]})
    present.find("A fuzzy thing").flags.append("fuzzy")
    assert [line.split(":")[0] for line in translations.faults(messages, present)] == ["fuzzy", "obsolete"]


def test_pairs_of_a_file_have_plurals_and_contexts(tmp_path):
    pairs = {"a\u0000b": ["un", "des"], "month\u0004May": "mai", "Post": "Contenu"}
    (tmp_path / "p.json").write_text(json.dumps(pairs))
    assert translations.read_pairs([tmp_path / "p.json"]) == {
        ("", "a"): ["un", "des"],
        ("month", "May"): ["mai"],
        ("", "Post"): ["Contenu"],
    }


def test_a_catalogue_is_compiled_when_it_changed_and_only_then(tmp_path):
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue([Message("", "A thing")], {("", "A thing"): ["Une chose"]}).save(str(folder / "django.po"))
    assert catalogs.compile_stale(tmp_path) == 1
    assert polib.mofile(str(folder / "django.mo")).find("A thing").msgstr == "Une chose"
    assert catalogs.compile_stale(tmp_path) == 0

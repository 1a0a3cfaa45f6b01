"""What is read of a text, where it stands in the source, and that the writing of it does not matter."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.policy.queries import bundled
from planner.policy.rules import TEXT_RULES, Context, Draft, Wording, check, detect_language, normal
from planner.policy.rules.text import read
from tests.policy.conftest import TODAY

PIECES = st.sampled_from(
    [
        "Dernière chance !", "Achetez", "l’offre", "d'accord", "**prix** cassés", "[lien](https://exemple.org/a)", "«",
        "»", "“free”", "n’attendez plus", "> cité", "# Titre", "- liste", "`code`", "TODO", "{{nom}}", "[à finir]",
        "isolated incident", "if anyone was upset", "we regret", "12 %", "3,5 millions", "IMPORTANT", "URGENT", "!!",
        "œuvre", "été", "a@b.org", "06 12 34 56 78", "FR76 3000 6000 0112 3456 7890 189", "![](x.png)", "<b>", "😀",
        "\n", "_", "*", "```", "profitez", "plus que jamais", "notre gamme", "proud", "buy now", "…", "\u00a0",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=25).map(" ".join)


def findings(body, language="fr", level=3):
    draft = Draft(texts={language: Wording("Un titre", body)}, language=language)
    return check(draft, Context(house=bundled(), today=TODAY, level=level), only=TEXT_RULES)


def told(found):
    return [(one.rule, one.severity, " ".join(one.excerpt.split())) for one in found]


class TestReading:
    @pytest.mark.parametrize(
        ("source", "shown"),
        [
            ("Un **mot** fort", "Un mot fort"),
            ("Voir [la page](https://exemple.org/gratuit)", "Voir la page"),
            ("pro**mo**tion", "promotion"),
            ("# Titre\n\n- un\n- [x] deux", "Titre\n\nun\ndeux"),
            ("> cité\n>\n> encore", "cité\n\nencore"),
            ("avant <b>gras</b> après", "avant gras après"),
            ("snake_case reste", "snake_case reste"),
            ("un \\* vrai", "un * vrai"),
            ("note[^1]\n\n[^1]: la note", "note\n\n la note"),
            ("a <!-- caché --> b", "a  b"),
        ],
    )
    def test_markup_does_not_show(self, source, shown):
        assert read("fr", Wording("", source)).visible == shown

    @pytest.mark.parametrize("source", ["`promo`", "```\npromo\n```", "https://promo.fr", "![promo](a.png)"])
    def test_addresses_pictures_and_code_are_not_read(self, source):
        assert "promo" not in read("fr", Wording("", source)).visible

    def test_a_word_cut_by_markup_is_found_where_it_stands(self):
        reading = read("fr", Wording("", "Une pro**mo**tion"))
        assert reading.span(4, 13).excerpt == "pro**mo**tion"

    def test_quotations_are_known(self):
        reading = read("fr", Wording("", "Il dit « achetez » et part."))
        assert reading.is_quoted(reading.visible.index("achetez"))
        assert not reading.is_quoted(reading.visible.index("part"))


class TestWritingDoesNotMatter:
    @settings(max_examples=120, deadline=None)
    @given(TEXTS, st.sampled_from(["fr", "en"]))
    def test_every_span_points_at_what_it_quotes(self, body, language):
        sources = {f"{language}:title": "Un titre", f"{language}:body": normal(body)}
        for found in findings(body, language):
            for span in found.evidence:
                assert sources[span.place][span.start : span.end] == span.excerpt
            if found.start is not None:
                assert sources[found.place][found.start : found.end] == found.excerpt

    @settings(max_examples=60, deadline=None)
    @given(TEXTS)
    def test_nor_do_the_form_of_accents_and_line_ends(self, body):
        assert told(findings(unicodedata.normalize("NFD", body))) == told(findings(body))
        assert told(findings(normal(body).replace("\n", "\r\n"))) == told(findings(normal(body)))

    @settings(max_examples=60, deadline=None)
    @given(TEXTS)
    def test_nor_the_kind_of_apostrophe(self, body):
        def plain(found):
            return [(rule, severity, excerpt.replace("’", "'")) for rule, severity, excerpt in told(found)]

        assert plain(findings(body.replace("’", "'"))) == plain(findings(body.replace("'", "’")))

    @settings(max_examples=60, deadline=None)
    @given(TEXTS)
    def test_nor_trailing_spaces(self, body):
        def trailed(text):
            return "\n".join(f"{line.rstrip()}  " for line in text.split("\n"))

        bare = "\n".join(line.rstrip() for line in normal(body).split("\n"))
        assert told(findings(trailed(bare))) == told(findings(bare))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nous fermons lundi pour travaux.", "fr"),
        ("We are closed on Monday for works.", "en"),
        ("Café crème à emporter", "fr"),
        ("", "fr"),
    ],
)
def test_the_language_of_a_text_is_found_out(text, language):
    assert detect_language(text) == language

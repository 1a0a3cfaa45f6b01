"""Advertising, profiting from misfortune, belittling, in texts as people write them, each finding with its reasons."""

import pytest

from planner.policy.rules import Context, Draft, Severity, Wording, check
from tests.policy.conftest import TODAY
from tests.policy.labels import LANGUAGES, MEANT, of_batch

LEVEL = {"R01": None, "R12": 3, "R13": 3}
BATCHES = ("first", "second", "third", "seventh", "innocent")
ADVERT = (
    "Foncez ! Nos canapés sont à prix cassés jusqu’à dimanche, la livraison est offerte et il n’en reste que trois."
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", sorted(MEANT))
def test_the_labelled_texts_are_judged_as_their_readers_do(findings_of, rule, language):
    faults, fine = MEANT[rule]
    judged = [
        (text.label in faults, bool(findings_of(rule, text.text, language=language, level=LEVEL[rule])))
        for text in of_batch(language, *BATCHES)
        if text.label in faults | fine
    ]
    right = sum(fault and said for fault, said in judged)
    assert right / sum(said for _fault, said in judged) >= 0.85
    assert right / sum(fault for fault, _said in judged) >= 0.95


def test_a_finding_names_each_stretch_and_why_it_counts(findings_of):
    (found,) = findings_of("R01", ADVERT)
    assert len(found.evidence) >= 3
    assert all(span.reason["fr"] and span.reason["en"] for span in found.evidence)
    assert ADVERT[found.start : found.end] == found.excerpt


def test_a_declared_promotion_is_only_counted(findings_of):
    assert {one.severity for one in findings_of("R01", ADVERT, intent="promote")} == {Severity.INFO}


def test_what_others_are_quoted_to_say_does_not_count(findings_of):
    quoted = f"Voici ce qu’un lecteur nous a montré, et la réponse que nous lui avons faite. « {ADVERT} » Non."
    assert not findings_of("R01", quoted)


@pytest.mark.parametrize(
    "body",
    [
        "L’entrée est gratuite pour les moins de 18 ans, sur présentation d’une pièce d’identité.",
        "Trois agents obtiennent une promotion au 1er juin ; leurs anciens postes sont ouverts aux candidatures.",
        "L’offre d’emploi est ouverte jusqu’au 12. Les candidatures sont lues par deux personnes.",
        "Ce logiciel libre est gratuit. Il n’est pas sans défaut : il ne sait pas ouvrir les fichiers anciens.",
    ],
)
def test_the_innocent_words_of_a_service_are_let_alone(findings_of, body):
    assert not findings_of("R01", body)


def test_style_alone_warns_and_only_what_can_be_shown_stops(findings_of):
    """A guess must not hold a service notice back in a crisis; what a list finds may."""
    guessed = findings_of("R12", "Coupez l’eau. Dévissez la tête. Changez le joint. Remontez.", level=3)
    assert {one.severity for one in guessed} <= {Severity.WARN}
    assert {one.severity for one in findings_of("R12", ADVERT, level=3)} == {Severity.BLOCK}


def test_misfortune_is_looked_at_only_while_there_is_some(house):
    draft = Draft(texts={"fr": Wording(body=ADVERT)})

    def severities(**around):
        found = check(draft, Context(house=house, today=TODAY, **around), only=("R12",))
        return {one.severity for one in found}

    assert severities() == set()
    assert severities(level=0) == set()
    assert severities(level=1) == {Severity.WARN}
    assert severities(level=3) == {Severity.BLOCK}
    assert severities(days_since_all_clear=14) == {Severity.WARN}
    assert severities(days_since_all_clear=15) == set()


def test_a_promotion_never_goes_out_in_a_crisis(findings_of):
    found = findings_of("R12", "La piscine rouvre lundi.", level=2, intent="promote")
    assert [(one.severity, one.place) for one in found] == [(Severity.BLOCK, "intent")]


def test_belittling_warns_where_it_is_delicate_and_stops_in_a_crisis(findings_of):
    body = "Des erreurs ont été commises. Si certains clients ont pu être choqués, nous le regrettons."
    assert not findings_of("R13", body)
    assert [one.severity for one in findings_of("R13", body, template="explain-a-no")] == [Severity.WARN]
    assert [one.severity for one in findings_of("R13", body, template="crisis-update")] == [Severity.BLOCK]


def test_honest_figures_are_no_belittling(findings_of):
    body = "Trois personnes sont légèrement blessées. Les familles sont prévenues. Nous ne connaissons pas la cause."
    assert not findings_of("R13", body, level=3)

from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation

from planner.workspaces.models import Channel, Membership, User


@pytest.fixture
def french():
    with translation.override("fr"):
        yield


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


@pytest.mark.usefixtures("english")
def test_a_state_is_a_glyph_and_a_word():
    chip = render('{% state "in_review" %}')
    assert 'class="state is-review"' in chip
    assert "#s-review" in chip
    assert "In review" in chip


@pytest.mark.usefixtures("english")
def test_a_glyph_alone_keeps_its_word_for_screen_readers():
    assert '<span class="sr">Retired, </span>' in render('{% state_glyph "retired" %}')


def test_initials_are_silent_and_mark_the_reader():
    ines = User(name="Inès Marchetti", email="ines@example.org", pk=1)
    karim = User(name="<Karim> Belhadj", email="karim@example.org", pk=2)
    assert 'class="who me big" aria-hidden="true"' in render('{% who person "big" %}', person=ines, user=ines)
    shown = render("{% who person %}", person=karim, user=ines)
    assert 'class="who"' in shown
    assert "&lt;Karim&gt;" in shown


@pytest.mark.usefixtures("french")
def test_a_channel_of_ours_is_filled_and_named_where_it_stands_alone():
    site = Channel(mark="Si", owned=True, title={"fr": "Site", "en": "Website"})
    silent, said = '<abbr class="ch own" aria-hidden="true" title="Site">Si</abbr>', 'role="img" title="Site">Si</abbr>'
    assert render("{% channel_mark channel %}", channel=site) == silent
    assert said in render("{% channel_mark channel alone=True %}", channel=site)


def test_the_rail_counts_nothing_outside_a_workspace():
    assert render("{% unread_reminders as n %}{{ n }}") == "0"


@pytest.mark.usefixtures("french")
def test_dates_are_filters():
    assert (
        render("{{ on|day }}, {{ length|minutes }}", on=date(2026, 5, 1), length=90)
        == "vendredi 1er mai, 1\u00a0h\u00a030"
    )


def test_a_page_may_ask_what_the_level_allows():
    asks = "{% if somebody|may:'plan' %}yes{% else %}no{% endif %}"
    assert render(asks, somebody=Membership(level="planner")) == "yes"
    assert render(asks, somebody=Membership(level="reader")) == "no"
    assert render(asks, somebody=None) == "no"

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from planner.templatetags import marronnier as tags
from planner.workspaces.models import Channel, User

INSTANT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)  # 10:30 in Paris


@pytest.fixture(autouse=True)
def paris():
    with timezone.override(ZoneInfo("Europe/Paris")):
        yield


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


@pytest.mark.usefixtures("french")
class TestFrench:
    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (INSTANT, "10\u00a0h\u00a030"),
            (time(9, 0), "9\u00a0h"),
            (time(0, 5), "0\u00a0h\u00a005"),
            (None, ""),
        ],
    )
    def test_hours_are_written_with_a_no_break_space(self, value, words):
        assert tags.hour(value) == words

    def test_days_are_in_lower_case_words(self):
        assert tags.day(INSTANT) == "jeudi 26 novembre"
        assert tags.short_day(INSTANT) == "jeu. 26 nov."
        assert tags.long_day(INSTANT) == "jeudi 26 novembre 2026"
        assert tags.month(INSTANT) == "novembre 2026"

    def test_the_first_of_a_month_is_an_ordinal(self):
        assert tags.day(date(2026, 5, 1)) == "vendredi 1er mai"
        assert tags.date_only(date(2026, 5, 2)) == "2 mai"

    def test_a_moment_is_a_day_and_an_hour(self):
        assert tags.moment(INSTANT) == "jeudi 26 novembre, 10\u00a0h\u00a030"

    def test_an_instant_just_before_midnight_utc_belongs_to_the_next_day_in_paris(self):
        assert tags.day(datetime(2026, 11, 26, 23, 30, tzinfo=UTC)) == "vendredi 27 novembre"


@pytest.mark.usefixtures("english")
class TestEnglish:
    def test_hours_days_and_moments(self):
        assert tags.hour(INSTANT) == "10:30"
        assert tags.hour(time(9, 0)) == "9:00"
        assert tags.day(INSTANT) == "Thursday 26 November"
        assert tags.short_day(INSTANT) == "Thu 26 Nov"
        assert tags.date_only(date(2026, 5, 1)) == "1 May"
        assert tags.moment(INSTANT) == "Thursday 26 November, 10:30"


@pytest.mark.parametrize("name", ["day", "long_day", "short_day", "date_only", "weekday", "short_weekday", "month", "moment"])
def test_nothing_is_shown_for_no_date(name):
    assert getattr(tags, name)(None) == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [(20, "20\u00a0min"), (60, "1\u00a0h"), (95, "1\u00a0h\u00a035"), (0, "0\u00a0min"), (None, "")],
)
def test_a_length_of_work_is_said_in_hours_and_minutes(value, words):
    assert tags.minutes(value) == words


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
def test_a_channel_of_ours_is_filled_and_named():
    site = Channel(mark="Si", owned=True, title={"fr": "Site", "en": "Website"})
    assert render("{% channel_mark channel %}", channel=site) == '<abbr class="ch own" title="Site">Si</abbr>'


def test_the_rail_counts_nothing_outside_a_workspace():
    assert render("{% unread_reminders as n %}{{ n }}") == "0"

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from planner.base import wording

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
        assert wording.hour(value) == words

    def test_days_are_in_lower_case_words(self):
        assert wording.day(INSTANT) == "jeudi 26 novembre"
        assert wording.short_day(INSTANT) == "jeu. 26 nov."
        assert wording.long_day(INSTANT) == "jeudi 26 novembre 2026"
        assert wording.month(INSTANT) == "novembre 2026"

    def test_the_first_of_a_month_is_an_ordinal(self):
        assert wording.day(date(2026, 5, 1)) == "vendredi 1er mai"
        assert wording.date_only(date(2026, 5, 2)) == "2 mai"

    def test_a_moment_is_a_day_and_an_hour(self):
        assert wording.moment(INSTANT) == "jeudi 26 novembre, 10\u00a0h\u00a030"

    def test_an_instant_just_before_midnight_utc_belongs_to_the_next_day_in_paris(self):
        assert wording.day(datetime(2026, 11, 26, 23, 30, tzinfo=UTC)) == "vendredi 27 novembre"


@pytest.mark.usefixtures("english")
class TestEnglish:
    def test_hours_days_and_moments(self):
        assert wording.hour(INSTANT) == "10:30"
        assert wording.hour(time(9, 0)) == "9:00"
        assert wording.day(INSTANT) == "Thursday 26 November"
        assert wording.short_day(INSTANT) == "Thu 26 Nov"
        assert wording.date_only(date(2026, 5, 1)) == "1 May"
        assert wording.moment(INSTANT) == "Thursday 26 November, 10:30"


@pytest.mark.parametrize(
    "name", ["day", "long_day", "short_day", "date_only", "weekday", "short_weekday", "month", "moment"]
)
def test_nothing_is_shown_for_no_date(name):
    assert getattr(wording, name)(None) == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [(20, "20\u00a0min"), (60, "1\u00a0h"), (95, "1\u00a0h\u00a035"), (0, "0\u00a0min"), (None, "")],
)
def test_a_length_of_work_is_said_in_hours_and_minutes(value, words):
    assert wording.minutes(value) == words


def test_near_days_are_said_as_people_say_them(english):
    today = date(2026, 11, 26)
    words = [wording.near_day(date(2026, 11, day), today) for day in (19, 25, 26, 27, 28)]
    assert words == ["Thu 19 Nov", "Yesterday", "Today", "Tomorrow", "Saturday"]


class TestMarksFromElsewhere:
    @pytest.mark.parametrize(
        ("offset", "french", "english"),
        [
            ("D-8", "J-8", "D-8"),
            ("H+24", "H+24", "H+24"),
            ("S-5", "début − 5 j ouvrés", "start − 5 working d"),  # noqa: RUF001
            ("S0", "début", "start"),
            ("R+4wh", "réception + 4 h ouvrées", "received + 4 working h"),
            ("R+1wd", "réception + 1 j ouvré", "received + 1 working d"),
            ("C+30min", "déclaration + 30 min", "declared + 30 min"),
            ("closes_on+5wd", "closes on + 5 j ouvrés", "closes on + 5 working d"),
        ],
    )
    def test_an_anchor_is_said_in_words(self, offset, french, english):
        for language, words in (("fr", french), ("en", english)):
            with translation.override(language):
                assert wording.mark(offset).replace("\u00a0", " ") == words

    @pytest.mark.parametrize(
        ("at", "words"),
        [
            ("-2wd@09:00", "2 working d before, 09:00"),
            ("0d@09:00", "the day itself, 09:00"),
            ("+30min", "30 min after"),
        ],
    )
    def test_the_hour_of_a_reminder_is_said_in_words(self, at, words):
        with translation.override("en"):
            assert wording.step(at).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("rule", "french", "english"),
    [
        ("FREQ=WEEKLY;BYDAY=MO", "chaque semaine, lundi", "each week, Monday"),
        ("FREQ=MONTHLY;BYDAY=2TH", "chaque mois, deuxième jeudi", "each month, second Thursday"),
        (
            "FREQ=YEARLY;BYMONTH=2,9;BYDAY=1TU",
            "chaque année, en février, septembre, premier mardi",
            "each year, in February, September, first Tuesday",
        ),
        ("FREQ=MONTHLY;BYDAY=-1FR", "chaque mois, dernier vendredi", "each month, last Friday"),
        ("FREQ=DAILY", "chaque jour", "each day"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", *["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"] * 2),
        ("nonsense", "nonsense", "nonsense"),
    ],
)
def test_a_repetition_is_said_in_words_and_one_that_says_more_is_shown_as_written(rule, french, english):
    with translation.override("fr"):
        assert wording.repetition(rule) == french
    with translation.override("en"):
        assert wording.repetition(rule) == english

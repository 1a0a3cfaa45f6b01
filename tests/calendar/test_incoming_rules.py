"""Which column says what, and what a line would make: examples, then any cells at all."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from planner.base import tables, written
from planner.base.errors import Invalid
from planner.base.worktime import WorkingCalendar
from planner.calendar.queries import Placed
from planner.calendar.rules import incoming
from planner.calendar.rules.incoming import Column, Known, Line, Verdict
from planner.calendar.views import outlets
from planner.posts.rules import Intent, WallTime


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


CHANNELS = incoming.named(
    [
        (1, "Site article", ("site-article", "Si", "Article du site")),
        (2, "LinkedIn, organisation page", ("linkedin-page", "LinkedIn, page de l’organisation")),
        (3, "LinkedIn, personal profile", ("linkedin-person",)),
        (4, "Facebook page", ("Page Facebook",)),
        (5, "Press and partners", ()),
    ]
)
PEOPLE = incoming.named([(1, "Karim Belhadj", ("karim@example.org",)), (2, "Inès Marchetti", ("ines@example.org",))])
KNOWN = Known(
    calendar=WorkingCalendar("Europe/Paris"), now=datetime(2026, 4, 27, 8, tzinfo=UTC), first=written.ASK,
    languages=["fr", "en"], channels=CHANNELS, templates=incoming.named([(7, "A colleague’s know-how", ())]),
    people=PEOPLE, initiatives=incoming.named([]),
)  # fmt: skip
HEADS = {column: place for place, column in enumerate(Column)}


def read(known=KNOWN, **cells):
    row = [cells.get(column.value, "") for column in Column]
    return incoming.read_line(2, row, HEADS, known)


# ---- headings


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Titre", "title"), ("TITLE", "title"), ("Sujet :", "title"), ("Date de publication", "day"),
        ("Quand ?", "day"), ("Publication date", "day"), ("Heure*", "hour"), ("Canal (où)", "channels"),
        ("Réseaux sociaux", "channels"),
        ("Modèle", "template"), ("Rédacteur", "author"), ("Owner", "author"), ("Brief", "remark"), ("Copy", "text"),
        ("Intention", "intent"), ("Langue", "language"), ("Campagne", "initiative"), ("Statut", "state"),
        ("À corriger", "mend"), ("  what   to MEND ", "mend"), ("Fuseau\u00a0horaire", "zone"),
    ],
)  # fmt: skip
def test_a_heading_is_known_in_both_languages_by_its_usual_names(heading, column):
    assert incoming.columns_of(["?", heading]) == {Column(column): 1}


def test_of_two_columns_that_mean_the_same_the_first_counts():
    assert incoming.columns_of(["Date", "Titre", "Jour"]) == {Column.DAY: 0, Column.TITLE: 1}


def test_no_name_means_two_columns():
    names = [name for names in incoming._HEADINGS.values() for name in names.split(", ")]
    assert len(names) == len(set(names)) == len(incoming._COLUMN_OF)
    assert set(incoming._HEADINGS) == set(Column)


@pytest.mark.parametrize("spoken", ["fr", "en"])
def test_the_headings_of_our_own_files_are_all_known(spoken):
    with translation.override(spoken):
        ours = [*outlets.heads(), *(str(column.label) for column in Column)]
        assert set(incoming.columns_of(ours)) == set(Column)
        assert len(incoming.columns_of(outlets.heads())) == len(outlets.heads())


def test_the_headings_may_stand_below_a_title():
    rows = [["Planning éditorial 2026"], [], ["Date", "Sujet", "Réseau"], ["2026-05-21", "Un", ""]]
    assert incoming.heading_row(rows) == 2
    with pytest.raises(Invalid, match="Date, Réseau"):
        incoming.heading_row([["Date", "Réseau"]])
    with pytest.raises(Invalid, match="—"):
        incoming.heading_row([])


# ---- names


@pytest.mark.parametrize(
    ("words", "channels"),
    [
        ("Site article", (1,)), ("ARTICLE DU SITE", (1,)), ("si", (1,)), ("facebook", (4,)), ("site", (1,)),
        ("facebook, site", (4, 1)), ("Facebook / site-article ; facebook", (4, 1)), ("facebook et site", (4, 1)),
        ("LinkedIn, personal profile", (3,)), ("Press and partners", (5,)), ("linkedin-page + site", (2, 1)),
    ],
)  # fmt: skip
def test_channels_are_found_by_their_names(words, channels):
    assert read(title="Un", channels=words).channels == channels


@pytest.mark.parametrize(("words", "said"), [("LinkedIn", "several"), ("Minitel", "Press and partners"), ("é", "No")])
def test_and_refused_with_those_there_are(words, said):
    assert said in read(title="Un", channels=words).fault_of(Column.CHANNELS)


@pytest.mark.parametrize("words", ["Karim", "karim@example.org", "KARIM BELHADJ", "belhadj"])
def test_somebody_is_found_by_name_or_address(words):
    assert read(title="Un", author=words).author == 1


def test_intents_and_languages_are_known_in_both_languages():
    assert {read(title="Un", intent=words).intent for words in ("Aider", "help", "Help")} == {Intent.HELP}
    assert {read(title="Un", language=words).language for words in ("Anglais", "EN", "english")} == {"en"}
    assert read(title="Un").language == "fr"


# ---- days


def test_a_faulty_day_is_shown_and_cannot_come_in():
    line = read(title="Un", day="2026-04-01", hour="10:00")
    assert line.wall == WallTime(date(2026, 4, 1), time(10))
    assert "past" in line.fault_of(Column.DAY)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("zone", ["", "Pacific/Auckland", "America/Adak"])
def test_a_day_at_the_end_of_time_is_refused(day, zone):
    assert "far away" in read(title="Un", day=day, zone=zone).fault_of(Column.DAY)


def test_an_hour_without_a_day_is_a_fault_and_a_day_without_an_hour_is_not():
    assert "no day" in read(title="Un", hour="10:00").fault_of(Column.DAY)
    line = read(title="Un", day="2026-05-21")
    assert (line.faults, line.wall.at) == ((), incoming.USUAL_HOUR)
    assert "10:00" in line.warnings[0]


# ---- together


def lines(*pairs):
    return [Line(number, title, channels=tuple(channels)) for number, (title, *channels) in enumerate(pairs, 2)]


def test_lines_that_repeat_or_go_with_others_are_told_apart():
    judged = incoming.judge(
        [*lines(("a", 1), ("a", 2), ("a", 1), ("b",), ("b",), ("c", 1), ("c", 2)), replace(read(), number=9)],
        lambda line: line.title == "c" and 1 in line.channels,
    )
    assert [(one.verdict, one.other) for one in judged] == [
        (Verdict.NEW, None), (Verdict.JOINS, 2), (Verdict.TWIN, 2), (Verdict.NEW, None), (Verdict.TWIN, 5),
        (Verdict.HERE, None), (Verdict.NEW, None), (Verdict.MEND, None),
    ]  # fmt: skip
    made = [(line.title, line.channels) for line in incoming.pieces(judged, again=False)]
    assert made == [("a", (1, 2)), ("b", ()), ("c", (2,))]
    again = [(line.title, line.channels) for line in incoming.pieces(judged, again=True)]
    assert again == [("a", (1, 2)), ("b", ()), ("c", (1, 2))]


CELL = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["2026-05-21", "05/06/2026", "9h30", "Site", "LinkedIn", "facebook, site", "Karim", "fr", "Aider",
         "Europe/Paris", "America/New_York", "posixrules", "../etc", "0001-01-01", "9999-12-31 23:59"]
    ),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(Column.values), CELL), st.sampled_from(["", "ask", "day", "month"]))
def test_any_cells_give_a_line_that_is_whole_or_says_why_not(cells, first):
    line = read(replace(KNOWN, first=first), **cells)
    assert all(fault.sentence for fault in line.faults)
    (judged,) = incoming.judge([line], lambda _line: False)
    assert (judged.verdict == Verdict.MEND) == bool(line.faults)
    assert line.faults or (
        line.title and (line.wall is None or KNOWN.calendar.at(line.wall.on, line.wall.at) > KNOWN.now)
    )


@given(st.lists(st.lists(CELL, max_size=6), max_size=8))
def test_any_rows_have_headings_or_are_refused_in_words(rows):
    try:
        assert Column.TITLE in incoming.columns_of(rows[incoming.heading_row(rows)])
    except Invalid as refusal:
        assert str(refusal)


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sets(st.sampled_from([1, 2, 3]), max_size=2)), max_size=8),
    st.booleans(),
)
def test_no_channel_is_made_twice_or_lost(pairs, again):
    judged = incoming.judge(lines(*((title, *channels) for title, channels in pairs)), lambda line: False)
    made = {line.title: line.channels for line in incoming.pieces(judged, again=again)}
    for title, channels in made.items():
        assert sorted(channels) == sorted(set().union(*(some for name, some in pairs if name == title)))
    assert set(made) == {title for title, _channels in pairs}


TITLES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=60)
INSTANTS = st.datetimes(datetime(2026, 5, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0)
)


@given(
    TITLES.map(lambda title: " ".join(title.split())).filter(bool), INSTANTS, st.sampled_from(sorted(CHANNELS.shown)),
    st.sampled_from(sorted(PEOPLE.shown)), st.sampled_from(Intent.values), st.sampled_from(["csv", "xlsx"]),
)  # fmt: skip
def test_what_our_export_carries_comes_in_as_it_was(title, at, channel, author, intent, kind):
    row = Placed(
        1, 1, at, title, "draft", {"en": CHANNELS.shown[channel]}, "", PEOPLE.shown[author], intent, "", 1, at, False,
        False,
    )  # fmt: skip
    written = "".join(outlets.csv_of([row], "Europe/Paris")).encode()
    content = written if kind == "csv" else outlets.xlsx_of([row], "Europe/Paris")
    heads, cells = tables.read(content, incoming.known_in).rows
    line = incoming.read_line(2, cells, incoming.columns_of(heads), KNOWN)
    assert line.faults == ()
    assert (line.title, line.channels, line.author, line.intent) == (title, (channel,), author, intent)
    here = KNOWN.calendar.local(at)
    assert line.wall == WallTime(here.date(), here.time())

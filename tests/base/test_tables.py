"""Spreadsheets as files: any bytes give rows or a sentence, and what is written comes back."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from planner.base import tables
from planner.base.errors import Invalid


def knows(rows):
    """As many headings as there are cells in the longest row."""
    return max(map(len, rows), default=0)


def read(content):
    return tables.read(content, knows)


@pytest.mark.parametrize("separator", tables.SEPARATORS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_file_is_read_whatever_its_letters_and_separator(separator, encoding):
    text = f"Titre{separator}Canal\r\nL’été à la mairie{separator}Site\r\n"
    table = read(text.encode(encoding))
    assert table == tables.Table([["Titre", "Canal"], ["L’été à la mairie", "Site"]], separator)


def test_the_line_of_excel_that_names_the_separator_is_no_row():
    assert read(b"sep=;\r\na;b\r\n").rows == [[], ["a", "b"]]


def test_a_cell_holds_the_separator_quotes_and_lines():
    assert read(b'a;"b; ""c""\nd"\r\n').rows == [["a", 'b; "c"\nd']]


def test_empty_ends_of_rows_and_spaces_around_words_are_taken_away():
    assert read(b" a ;b;;;\n;;\n").rows == [["a", "b"], []]


def book(*rows, title="Plan"):
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_a_workbook_is_read_as_its_values():
    content = book(
        ["Titre", date(2026, 12, 14), datetime.fromisoformat("2026-12-14T09:30"), time(9, 30), 5.0, 2.5, True, None,
         "'=x", timedelta(hours=9, minutes=30)]
    )  # fmt: skip
    assert read(content) == tables.Table(
        [["Titre", "2026-12-14", "2026-12-14 09:30", "09:30", "5", "2.5", "True", "", "=x", "09:30"]], ""
    )


def test_a_row_that_says_to_be_far_below_is_not_walked_to():
    content = rewritten(
        book(["a"]), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'<row r="1"', b'<row r="9999999999"')
    )
    assert not any(read(content).rows)


def test_empty_rows_at_the_end_are_none():
    assert len(read(b"a;b\n" + b";;\n" * 100_000).rows) == tables.MOST_LINES + tables.TOP


def test_the_largest_calendar_is_read_whole():
    content = book(*([f"cell {row} {column}" for column in range(20)] for row in range(tables.MOST_LINES + 1)))
    assert len(read(content).rows) == tables.MOST_LINES + 1


def test_a_formula_is_read_as_what_it_came_to():
    content = book(["a", "=1+1"])
    assert read(content).rows == [["a"]]  # openpyxl keeps no result: an office program does

    def calculated(xml):
        return xml.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>")

    kept = rewritten(content, "xl/worksheets/sheet1.xml", calculated)
    assert read(kept).rows == [["a", "2"]]


def rewritten(content, name, change):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.infolist():
            data = before.read(part)
            after.writestr(part.filename, change(data) if part.filename == name else data)
    return out.getvalue()


def test_a_workbook_that_says_to_be_endless_is_read_to_its_end():
    content = rewritten(
        book(["a"]), "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'ref="A1"', b'ref="A1:XFD1048576"'),
    )  # fmt: skip
    assert read(content).rows == [["a"]]


BOMB = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">%s]><worksheet>&z;</worksheet>' % b"".join(
    b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("z") + 1)
)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"  \n ", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old", b"a\x00b;c\n", b"a," + b"x" * 200_000,
        b'"' + b"x" * 200_000, b"x" * (tables.MOST_BYTES + 1), b"a;" * 100 + b"a\n", b"a\n" * 3000,
        book(["a"])[:-200], rewritten(book(["a"]), "xl/worksheets/sheet1.xml", lambda _xml: BOMB),
        rewritten(book(["a"]), "xl/workbook.xml", lambda _xml: b"<workbook/>"),
        rewritten(book(["a"]), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * (tables.MOST_UNZIPPED + 1)),
        rewritten(book(["a"]), "xl/worksheets/sheet1.xml", lambda _xml: b"<worksheet>" + b"<c/>" * tables.MOST_SIGNS),
        rewritten(book(["a"]), "xl/styles.xml", lambda _xml: b"<styleSheet>" + b"<font/>" * tables.MOST_IN_STYLES),
        book(*[["a"]] * 3000), book(["a"] * 100),
    ],
    ids=range(18),
)  # fmt: skip
def test_a_broken_locked_or_hostile_file_gets_a_sentence(content):
    with pytest.raises(Invalid) as refusal:
        read(content)
    assert str(refusal.value).endswith(".")


@given(st.binary(max_size=400))
def test_any_bytes_give_rows_or_a_sentence(content):
    for given_bytes in (content, b"PK\x03\x04" + content):
        try:
            assert all(isinstance(cell, str) for row in read(given_bytes).rows for cell in row)
        except Invalid as refusal:
            assert str(refusal)


SHOWN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


@given(SHOWN)
def test_the_sign_that_keeps_a_formula_off_is_taken_off_again(words):
    assert tables.plain(tables.safe(words)) == words
    assert tables.safe(words)[:1] not in ("=", "+", "-", "@")


@pytest.mark.parametrize("words", ["=1+1", "+33 1", "-5 %", "@ville", "'=x", "''=x", "'quoted'", "plain", ""])
def test_and_so_are_its_examples(words):
    assert tables.plain(tables.safe(words)) == words


ROWS = st.lists(st.lists(SHOWN.filter(bool), min_size=2, max_size=4), min_size=1, max_size=5)


@given(ROWS, st.sampled_from(tables.SEPARATORS))
def test_what_is_written_comes_back(rows, separator):
    def known(found):
        """The right separator is the one that gives these rows."""
        return [[tables.plain(cell) for cell in row] for row in found] == rows

    assert tables.read(tables.csv_file(rows, separator), known).rows == rows
    assert read(tables.xlsx_file(rows, "Plan")).rows == rows

"""Spreadsheets as files: CSV and XLSX read into rows of texts, and written. Any bytes give rows or a sentence.

Not django-import-export: it writes through models, and so around the operations, their rights, history and reminders.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook, load_workbook

from planner.base.errors import Invalid

MOST_BYTES = 5_000_000
MOST_UNZIPPED = 20_000_000
MOST_SIGNS, MOST_IN_STYLES = 800_000, 100_000
"""What the parts of a workbook may hold once it is opened: bytes, and signs `<` and `=`. Each of these is an object
in memory while it is read, and a file of 30 kB may hold millions; 1,000 lines of 20 columns have a quarter.
"""
MOST_PARTS = 500
MOST_LINES = 1_000
MOST_COLUMNS = 60
TOP = 10
"""The headings stand in one of the first so many rows: a title and an empty row often come before them."""

LAST_ROW = 1_048_576
"""Of any workbook: what names a row below is hostile, and would be walked to."""

SEPARATORS = (";", ",", "\t")
Row = list[str]


@dataclass(frozen=True)
class Table:
    """The rows of a file, and what separated its cells; nothing in a workbook."""

    rows: list[Row]
    separator: str


# ---- what no spreadsheet takes for a formula

_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def safe(words: str) -> str:
    """A cell that no spreadsheet takes for a formula. `plain` takes the apostrophe off again."""
    return f"'{words}" if words.lstrip("'")[:1] in _SIGNS else words


def plain(words: str) -> str:
    """The words of a cell, without the apostrophe that `safe` puts before them."""
    return words[1:] if words[:1] == "'" and words.lstrip("'")[:1] in _SIGNS else words


# ---- reading


def read(content: bytes, knows: Callable[[Sequence[Row]], int]) -> Table:
    """The rows of a CSV file or of the first sheet of a workbook. Raises `Invalid`, in words.

    `knows` counts the headings that one knows in some rows: what separates the cells is what makes most of them known.
    """
    if len(content) > MOST_BYTES:
        raise Invalid(_("This file is too large: five megabytes at most. Leave columns or years out."))
    if not content.strip():
        raise Invalid(_("This file is empty: choose another."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Invalid(
            _("This workbook is locked with a password, or of the old kind .xls: save it as .xlsx without a password.")
        )
    if content.startswith(b"PK"):
        return Table(_workbook(content), "")
    return _separated(content, knows)


def _separated(content: bytes, knows: Callable[[Sequence[Row]], int]) -> Table:
    text = _decoded(content)
    if "\x00" in text:
        raise Invalid(_("This is no table that can be read: save it as CSV or as .xlsx."))
    try:
        separator = max(SEPARATORS, key=lambda one: knows(list(_rows(text, one, TOP))))
        return Table(_bounded(_rows(text, separator)), separator)
    except csv.Error as fault:
        raise Invalid(_("This is no table that can be read: save it as CSV or as .xlsx.")) from fault


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, what Excel calls Unicode text, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(text: str, separator: str, most: int | None = None) -> Iterator[Row]:
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator)):
        if most is not None and number >= most:
            return
        yield [] if number == 0 and len(row) < 3 and row and row[0].startswith("sep=") else row


def _workbook(content: bytes) -> list[Row]:
    """The first sheet, each cell as its value: a formula as what it came to when the file was saved."""
    locked = _("This workbook cannot be read: it is locked or damaged. Save it again as .xlsx, or as CSV.")
    try:
        _refuse_bombs(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        if not book.worksheets:
            raise Invalid(locked)
        found = book.worksheets[0].iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS + 1, values_only=True)
        return _bounded([_written(value) for value in row] if any(row) else [] for row in found)
    except Invalid:
        raise
    except Exception as fault:  # a hostile or broken file may fail anywhere in the reader
        raise Invalid(locked) from fault


def _refuse_bombs(content: bytes) -> None:
    """Raises `Invalid` for a workbook that would take too much to read, whatever the names of its parts."""
    signs = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        is_heavy = len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNZIPPED
        for part in () if is_heavy else parts:
            text = archive.read(part).replace(b"\x00", b"")  # in UTF-16 every other byte is null
            here = text.count(b"<") + text.count(b"=")
            signs += here
            is_styled = b"styleSheet" in text and here > MOST_IN_STYLES  # each takes thirty times as long as a cell
            if signs > MOST_SIGNS or is_styled or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                is_heavy = True
                break
    if is_heavy:
        raise Invalid(_("This workbook holds too much: keep the sheet with the calendar alone."))


def _bounded(rows: Iterable[Row]) -> list[Row]:
    """Each cell as its words, without the empty ends of rows and of the table."""
    kept: list[Row] = []
    for row in rows:
        words = [_cleaned(cell) for cell in row]
        while words and not words[-1]:
            words.pop()
        if len(words) > MOST_COLUMNS:
            raise Invalid(_("This table has more than %(most)s columns: keep those of the calendar.") % _MOST)
        if len(kept) < MOST_LINES + TOP:
            kept.append(words)
        elif words:  # empty rows at the end, of which programs write many, are none
            raise too_long()
    return kept


def too_long() -> Invalid:
    return Invalid(_("This table has more than %(lines)s lines: cut it in two, and bring in both.") % _MOST)


_MOST = {"most": MOST_COLUMNS, "lines": MOST_LINES}


def _cleaned(cell: str) -> str:
    """What databases and workbooks keep: no control character, no half of a letter."""
    return plain(_CONTROL.sub("", cell).encode("utf-8", "replace").decode().strip())


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


# ---- writing


def csv_file(rows: Iterable[Sequence[str]], separator: str = ",") -> bytes:
    """With the mark that lets spreadsheets read the accents."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_file(rows: Iterable[Sequence[str]], title: str) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([safe(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

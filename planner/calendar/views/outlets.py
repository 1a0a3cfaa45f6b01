"""The calendar as files: iCalendar for other programs, tables for spreadsheets.

Events are written line by line: a feed has ten thousand, and a library that makes an object of each takes seconds. The
time zone, which is the hard part, comes from the `icalendar` library; two other readers prove the rest.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import Workbook

from planner.base import language
from planner.base.tables import safe
from planner.calendar.models import Occurrence
from planner.calendar.queries import Placed
from planner.posts.rules import Intent, Status
from planner.templatetags.marronnier import state_label

_TEXT = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""}
_LONGEST = 75
_FIRM = (Status.SCHEDULED, Status.PUBLISHED, Status.RETIRED)


# ---- iCalendar (RFC 5545)


@lru_cache(maxsize=4096)
def text(words: str) -> str:
    for sign, written in _TEXT.items():
        words = words.replace(sign, written)
    return words


def fold(line: str) -> str:
    """A line of 75 octets at most, the rest on lines that begin with a space; no letter is cut in two."""
    if len(line) <= _LONGEST and line.isascii():
        return line
    raw = line.encode()
    if len(raw) <= _LONGEST:
        return line
    pieces, start, room = [], 0, _LONGEST
    while start < len(raw):
        end = min(start + room, len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(raw[start:end].decode())
        start, room = end, _LONGEST - 1
    return "\r\n ".join(pieces)


@lru_cache(maxsize=32)
def _zone(name: str, first: int, last: int) -> str:
    """The VTIMEZONE of the years from `first` to `last`."""
    zone = icalendar.Timezone.from_tzid(name, first_date=date(first, 1, 1), last_date=date(last + 1, 1, 1))
    return str(zone.to_ical().decode()).rstrip()


def stamp(instant: datetime) -> str:
    return f"{_digits(instant.astimezone(UTC))}Z"


def _digits(moment: datetime) -> str:
    """`20261126T073000`, in half the time that a format takes."""
    return moment.isoformat()[:19].replace("-", "").replace(":", "")


def _start(at: datetime, name: str, zone: ZoneInfo) -> str:
    """In the zone of the workspace; an hour that comes twice in a night is written in UTC the second time."""
    here = at.astimezone(zone)
    return f"DTSTART:{stamp(at)}" if here.fold else f"DTSTART;TZID={name}:{_digits(here)}"


def ics(
    rows: Iterable[Placed],
    *,
    name: str,
    zone: str,
    base: str,
    span: tuple[int, int],
    alarm: int | None = None,
    places: Iterable[Occurrence] = (),
) -> Iterator[str]:
    """One event for each placement: its UID stays, its SEQUENCE counts the changes of the post. `base`: of its page.

    Then the empty places: they leave the feed when somebody fills or skips them.
    """
    here, host = ZoneInfo(zone), settings.PLANNER_URL.split("://", 1)[1]
    yield "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Marronnier//FR", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
         fold(f"X-WR-CALNAME:{text(name)}"), f"X-WR-TIMEZONE:{zone}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
         _zone(zone, *span), ""]
    )  # fmt: skip
    said = cache(lambda state: text(state_label(state)))
    spoken = language.current()
    for row in rows:
        yield "\r\n".join([*_event(row, zone, here, host, base, alarm, said, spoken), ""])
    for place in places:
        yield "\r\n".join([*map(fold, _empty_place(place, zone, here, host)), ""])
    yield "END:VCALENDAR\r\n"


def _empty_place(place: Occurrence, zone: str, here: ZoneInfo, host: str) -> list[str]:
    changed = stamp(place.rhythm.switched_on_at)
    return [
        "BEGIN:VEVENT", f"UID:place-{place.pk}@{host}", f"DTSTAMP:{changed}", _start(place.starts_at, zone, here),
        f"DURATION:PT{place.rhythm.minutes}M", f"SUMMARY:+ {text(str(place))}", "STATUS:TENTATIVE",
        "TRANSP:TRANSPARENT", f"CATEGORIES:{text(_('empty place'))}", f"DESCRIPTION:{text(_('It asks for a post'))}",
        f"URL:{settings.PLANNER_URL}{place.link}", "END:VEVENT",
    ]  # fmt: skip


def _event(
    row: Placed,
    zone: str,
    here: ZoneInfo,
    host: str,
    base: str,
    alarm: int | None,
    said: Callable[[str], str],
    spoken: str,
) -> list[str]:
    changed = stamp(row.updated_at)
    status = "CANCELLED" if row.is_cancelled else "CONFIRMED" if row.status in _FIRM else "TENTATIVE"
    title = text(row.title)
    lines = [
        "BEGIN:VEVENT", fold(f"UID:placement-{row.pk}@{host}"), f"DTSTAMP:{changed}", f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{row.version}", _start(row.at, zone, here), "DURATION:PT30M",
        fold(f"SUMMARY:{text(row.mark)} · {title}"), f"STATUS:{status}", "TRANSP:TRANSPARENT",
        fold(f"CATEGORIES:{text(language.pick(row.channel, spoken))}"),
        fold(f"DESCRIPTION:{said('published' if row.is_published else row.status)}\\n{text(row.author)}"),
        fold(f"URL:{base % row.post_id}"),
    ]  # fmt: skip
    if alarm is not None and not row.is_published and not row.is_cancelled:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", fold(f"DESCRIPTION:{title}"), f"TRIGGER:-PT{alarm}M", "END:VALARM"]
    return [*lines, "END:VEVENT"]


# ---- tables


def heads() -> list[str]:
    when = [_("Day"), _("Hour"), _("Time zone")]
    return [*when, _("Title"), _("Channel"), _("State"), _("Author"), _("Intent"), _("Address")]


def cells(row: Placed, zone: str) -> list[str]:
    here = row.at.astimezone(ZoneInfo(zone))
    words = [row.title, language.pick(row.channel), state_label("published" if row.is_published else row.status)]
    intent = str(Intent(row.intent).label) if row.intent in Intent.values else row.intent
    return [f"{here:%Y-%m-%d}", f"{here:%H:%M}", zone, *map(safe, [*words, row.author, intent, row.address])]


def csv_of(rows: Iterable[Placed], zone: str) -> Iterator[str]:
    """Comma-separated, with the mark that lets spreadsheets read the accents."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(heads())
    for row in rows:
        writer.writerow(cells(row, zone))
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def xlsx_of(rows: Iterable[Placed], zone: str) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Calendar"))
    sheet.append(heads())
    for row in rows:
        sheet.append(cells(row, zone))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

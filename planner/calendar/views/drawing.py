"""The cells of a calendar as HTML. The one place where a page is put together from strings: a month has 168 entries,
and a template for each of them costs more than all the rest of the page. Whatever people wrote goes through `escape`;
everything else is ours.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from html import escape
from posixpath import relpath
from zoneinfo import ZoneInfo

from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from planner.base import language, wording
from planner.calendar.rules import MEETING, SLOT, SUSPENDED, Day, Due, Entry, Hour, Mark, Missing, Stretch, Week
from planner.calendar.views.cautions import short
from planner.templatetags.marronnier import state_class, state_label
from planner.workspaces.models import Workspace


class Pen:
    """Draws for one reader: their language, the zone of the workspace, and their own when it is another one."""

    def __init__(self, workspace: Workspace, page: str, *, own_zone: str = "", may_plan: bool = False) -> None:
        self.slug = workspace.slug
        self.words: dict[str, str] = {}
        self.zone = ZoneInfo(workspace.time_zone)
        self.other = ZoneInfo(own_zone) if own_zone and own_zone != workspace.time_zone else None
        self.may_plan = may_plan
        self.spoken = language.current()
        self.sprite = escape(static("planner/icons.svg"))
        self.post = self._way("posts:detail", page, post=0).replace("0/", "%d/")
        self.day = self._way("calendar:day", page, year=1111, month=2, day=3).replace("1111/2/3", "%d/%d/%d")
        self.place = self._way("calendar:occurrence", page, occurrence=0).replace("0/", "%d/")
        self.topics = self._way("calendar:seasons", page)
        self.glyph, self.mark = cache(self._glyph), cache(self._mark)
        self.hour, self.lacks = cache(wording.wall_hour), cache(self._lacks)

    def _way(self, name: str, page: str, **values: int) -> str:
        """An address as it is read from this page: a month has three hundred, which would weigh five kilobytes more."""
        slug = {"workspace": self.slug}
        return relpath(reverse(name, kwargs={**slug, **values}), reverse(f"calendar:{page}", kwargs=slug)) + "/"

    # ---- small parts, each drawn once for a page

    def icon(self, name: str, css: str = "i") -> str:
        return f'<svg class="{css}" aria-hidden="true"><use href="#{name}"/></svg>'

    def sign(self, name: str, words: str, css: str) -> str:
        """A drawing that says something."""
        return f'<svg class="{css}" role="img" aria-label="{escape(words)}"><use href="#{name}"/></svg>'

    def warning(self, words: str, css: str) -> str:
        """A sign whose words stand once in the page, however many days or entries it is on; see `symbols`."""
        key = self.words.setdefault(words, f"m{len(self.words)}")
        return f'<svg class="{css}" role="img" aria-labelledby="{key}"><use href="#warn"/></svg>'

    def symbols(self) -> SafeString:
        """What a calendar draws and says many times: drawings under short names, and the words of its warnings."""
        drawn = "".join(f'<symbol id="{name}"><use href="{self.sprite}#{name}"/></symbol>' for name in SYMBOLS)
        said = "".join(f'<span id="{key}">{escape(words)}</span>' for words, key in self.words.items())
        return mark_safe(f'<svg class="sr" aria-hidden="true">{drawn}</svg><div hidden>{said}</div>')  # noqa: S308 - ours

    def _glyph(self, state: str) -> str:
        """The shape of a state, which screen readers read as its word."""
        return self.sign("s-" + state_class(state)[3:], state_label(state), "s")

    def _mark(self, pk: int, mark: str, owned: bool, title: str) -> str:
        css = ' class="own"' if owned else ""
        return f'<abbr{css} role="img" title="{escape(title)}">{escape(mark)}</abbr>'

    def marks(self, marks: Iterable[Mark]) -> str:
        return "".join(self.mark(one.pk, one.mark, one.owned, language.pick(one.title, self.spoken)) for one in marks)

    def _lacks(self, missing: Missing) -> str:
        words = _("missing: %(what)s") % {"what": _(" and ").join(words_of(missing))}
        return self.warning(words, "s lacks")

    # ---- an entry

    def entry(self, entry: Entry) -> str:
        """Hour, state, channels, title, owner, and what is missing. The whole of it is one link."""
        here = entry.at.astimezone(self.zone)
        hour = self.hour(here.hour, here.minute)
        owner = f'<b role="img" title="{escape(entry.owner)}">{initials(entry.owner)}</b>' if entry.owner else ""
        return (
            f'<li data-v="{entry.version}">'
            f'<a class="entry {state_class(entry.state)}" href="{self.post % entry.post_id}">'
            f'<span class="at">{self.glyph(entry.state)}{hour}'
            f"{self.elsewhere(entry.at)}{self.lacks(entry.missing) if entry.missing else ''}"
            f"<i>{self.marks(entry.marks)}</i></span>"
            f'<span class="name">{escape(entry.title)}</span>{owner}</a></li>'
        )

    def elsewhere(self, at: datetime) -> str:
        """The hour of a reader who lives by another clock."""
        if self.other is None:
            return ""
        there = at.astimezone(self.other)
        return f' <small class="there">({self.hour(there.hour, there.minute)}{self._other_day(at, there)})</small>'

    def _other_day(self, at: datetime, there: datetime) -> str:
        away = (there.date() - at.astimezone(self.zone).date()).days
        return f"\N{NO-BREAK SPACE}{away:+d}" if away else ""

    # ---- a day of the month

    def address(self, on: date) -> str:
        return self.day % (on.year, on.month, on.day)

    def cell(self, day: Day) -> str:
        current = ' id="today" tabindex="-1" aria-current="date"' if day.is_today else ""
        return (
            f'<td role="cell" data-on="{day.on.isoformat()}" class="{css_of(day)}"{current}>{self.heading(day)}'
            f"{''.join(map(self.stretch, day.stretches))}{self.list(day)}{self.due(day, day.due)}"
            f"{self.reviews(day)}</td>"
        )

    def heading(self, day: Day) -> str:
        on = day.on
        word = escape(_("today"))
        today = f", {word}" if day.is_today else ""
        feast = f'<span class="feast">{self.icon("leaf")}<span>{escape(day.feast)}</span></span>' if day.feast else ""
        return (
            f'<div class="day"><a class="d" data-dow="{wording.short_weekday(on)}" href="{self.address(on)}">'
            f'<span class="sr">{wording.weekday(on)} </span>{on.day}<span class="sr"> {wording.month(on)}{today}</span>'
            f"{self.looks(day)}</a>{feast}</div>"
        )

    def looks(self, day: Day) -> str:
        """The sign of a day on which something deserves a look."""
        return self.warning(short(day.cautions, self.spoken), "s look") if day.cautions else ""

    def stretch(self, one: Stretch) -> str:
        if one.kind == SLOT:
            name, word = escape(one.name), ""
            if one.more == SUSPENDED:
                word = f'<span class="sr">, {escape(_("suspended"))}</span>'
            icon = self.icon("s-held" if word else "plus", "s" if word else "i")
            return f'<a class="slot" href="{self.place % one.pk}">{icon}<span>{name}{word}</span></a>'
        if one.kind == MEETING:
            hour = self.hour(*map(int, one.more.split(":")))
            words = f"<span>{hour} {escape(one.name)}</span>"
            return f'<a class="stretch is-meeting" href="{self.place % one.pk}">{self.icon("cycle", "s")}{words}</a>'
        if one.kind in TOPICS:
            icon = self.sign(STRETCHES[one.kind][0], str(TOPICS[one.kind]), "s")
            words = f"<span>{escape(one.name)}</span>"
            return f'<a class="stretch is-{one.kind}" href="{self.topics}?year={one.pk}#{one.more}">{icon}{words}</a>'
        icon, words = STRETCHES[one.kind][0], escape(said(one))
        return f'<p class="stretch is-{one.kind}" title="{words}">{self.icon(icon, "s")}<span>{words}</span></p>'

    def list(self, day: Day) -> str:
        if not day.count:
            return ""
        return f'<ol class="entries">{"".join(map(self.entry, day.entries))}</ol>{self.more(day)}'

    def more(self, day: Day) -> str:
        """The way to all that a cell cannot hold."""
        if day.more <= 0:
            return ""
        words = ngettext(" more post", " more posts", day.more)
        return f'<a class="rest" href="{self.address(day.on)}">+{day.more}<span class="sr">{escape(words)}</span></a>'

    def due(self, day: Day, due: Due) -> str:
        """Internal work, drawn apart from what appears."""
        if not due.count:
            return ""
        number = due.late or due.count
        words = (
            ngettext("%(count)s late", "%(count)s late", number)
            if due.late
            else ngettext("%(count)s work item", "%(count)s work items", number)
        ) % {"count": number}
        css, icon = ("due is-late", "warn") if due.late else ("due", "todo")
        return f'<a class="{css}" href="{self.address(day.on)}#work">{self.icon(icon)}{escape(words)}</a>'

    def reviews(self, day: Day) -> str:
        """Lasting posts whose day has come to be looked at again."""
        if not day.reviews:
            return ""
        words = ngettext("%(count)s to look at again", "%(count)s to look at again", day.reviews)
        return f'<p class="due">{self.icon("cycle")}{escape(words % {"count": day.reviews})}</p>'

    def surroundings(self, day: Day) -> str:
        """What a day has beside its posts."""
        feast = f'<p class="feast">{self.icon("leaf")}<span>{escape(day.feast)}</span></p>' if day.feast else ""
        look = f'<p class="due look">{self.icon("warn")}{short(day.cautions, self.spoken)}</p>' if day.cautions else ""
        return f"{look}{feast}{''.join(map(self.stretch, day.stretches))}{self.due(day, day.due)}{self.reviews(day)}"

    def week(self, days: Sequence[Day], hours: Iterable[Hour], new: str) -> SafeString:
        """The rows of a week: what surrounds each day, then its hours."""
        around = "".join(
            f'<td role="cell" class="{css_of(day)}" data-on="{day.on.isoformat()}"'
            f' data-day="{wording.short_day(day.on)}">{self.surroundings(day)}</td>'
            for day in days
        )
        word = escape(_("The whole day"))
        rows = [_row(f'<span class="sr">{word}</span>', around, "around")]
        for row in hours:
            cells = zip(days, row.cells, strict=True)
            drawn = "".join(self.hour_cell(day, row.hour, *cell, new) for day, cell in cells)
            rows.append(_row(self.hour(row.hour, 0), drawn, "hour"))
        return mark_safe("".join(rows))  # noqa: S308 - see the first lines of this file

    def hour_cell(self, day: Day, hour: int, entries: Sequence[Entry], count: int, new: str) -> str:
        more = count - len(entries)
        rest = f'<a class="rest" href="{self.address(day.on)}">+{more}</a>' if more > 0 else ""
        plan = self.plan(f"{new}?on={day.on.isoformat()}&amp;at={hour:02d}:00", day, hour) if new else ""
        listed = f'<ol class="entries">{"".join(map(self.entry, entries))}</ol>' if entries else ""
        return (
            f'<td role="cell" class="{css_of(day)}" data-on="{day.on.isoformat()}" data-at="{hour:02d}">'
            f"{listed}{rest}{plan}</td>"
        )

    def plan(self, address: str, day: Day, hour: int) -> str:
        """A new post at that day and hour, while it is to come."""
        if day.is_past:
            return ""
        words = escape(_("Plan on %(day)s at %(hour)s") % {"day": wording.day(day.on), "hour": self.hour(hour, 0)})
        return f'<a class="add" href="{address}" aria-label="{words}" title="{words}">+</a>'

    def listed(self, day: Day) -> SafeString:
        """A day of the list: what surrounds it, its entries with a box to choose them, and the way to the others."""
        rows = "".join(self.line(entry) for entry in day.entries)
        word = escape(_("Nothing appears"))
        nothing = "" if day.count else f'<p class="nothing">{word}</p>'
        return mark_safe(  # noqa: S308 - see the first lines of this file
            f'{self.surroundings(day)}<ol class="entries">{rows}</ol>{nothing}{self.more(day)}'
        )

    def line(self, entry: Entry) -> str:
        """An entry with a box before it, for those who may move."""
        drawn = self.entry(entry)
        if not self.may_plan or entry.state == "published":
            return drawn
        words = escape(_("Choose “%(title)s”") % {"title": entry.title})
        key = f"{entry.post_id}:{entry.version}"
        box = f'<input type="checkbox" form="bulk" name="post" value="{key}" aria-label="{words}">'
        return drawn.replace(">", f' class="picked">{box}', 1)

    def month(self, weeks: Iterable[Week]) -> SafeString:
        """The rows of the month."""
        word = escape(_("week"))
        return mark_safe(  # noqa: S308 - see the first lines of this file
            "".join(
                f'<tr role="row"><th class="wk" role="rowheader" scope="row"><span class="sr">{word} </span>'
                f"{week.number}</th>{''.join(map(self.cell, week.days))}</tr>"
                for week in weeks
            )
        )


SYMBOLS = (
    "plus",
    "s-idea", "s-draft", "s-review", "s-approved", "s-scheduled", "s-published", "s-late", "s-held", "s-cancelled",
    "cycle", "warn", "leaf", "todo", "person", "lock", "flag", "clock", "idea", "candle",
)  # fmt: skip

STRETCHES = {
    "absence": ("person", gettext_lazy("%(name)s is away")),
    "campaign": ("flag", gettext_lazy("Campaign: %(name)s")),
    "blackout": ("lock", gettext_lazy("Closed to publication: %(name)s")),
    "season": ("idea", gettext_lazy("Season: %(name)s")),
    "sober": ("candle", gettext_lazy("Sober day: %(name)s")),
}
TOPICS = {"season": gettext_lazy("season"), "sober": gettext_lazy("sober day")}
"""How a stretch of days is drawn: its icon and its words."""


def said(one: Stretch) -> str:
    """A stretch in words."""
    return str(STRETCHES[one.kind][1]) % {"name": one.name}


def _row(name: str, cells: str, css: str) -> str:
    return f'<tr role="row" class="{css}"><th class="wk" role="rowheader" scope="row">{name}</th>{cells}</tr>'


def words_of(missing: Missing) -> list[str]:
    """What an entry lacks, in words."""
    words = {
        Missing.TITLE: _("a title"),
        Missing.ANSWERER: _("somebody who answers"),
        Missing.DEPUTY: _("a deputy"),
        Missing.LATE_WORK: _("work that is late"),
    }
    return [words[one] for one in words if one in missing]


@cache
def initials(name: str) -> str:
    words = [word for word in name.replace("-", " ").split() if word[0].isalpha()]
    return escape("".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper())


def css_of(day: Day) -> str:
    names = {
        "off": not day.in_month,
        "rest-day": not day.is_working,
        "past": day.is_past,
        "now": day.is_today,
        "none": day.is_empty,
    }
    return " ".join(name for name, holds in names.items() if holds)

"""What every page of the calendar shares: its days, its filter in the address, its layers, what surrounds the posts."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base import clock, language
from planner.base.worktime import WorkingCalendar
from planner.calendar import operations as calendar
from planner.calendar import queries, rules
from planner.calendar.models import Occurrence, SavedView
from planner.calendar.rules import Day, Filter
from planner.calendar.views.drawing import Pen
from planner.posts.models import Post
from planner.posts.rules import Intent, Status
from planner.templatetags.marronnier import state_label
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act, EditorialRole, may

LEGEND = (
    Status.IDEA, Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED, "late", "held",
)  # fmt: skip
PAGES = {
    "month": gettext_lazy("Month"),
    "week": gettext_lazy("Week"),
    "agenda": gettext_lazy("List"),
    "board": gettext_lazy("Board"),
}
LAYERS = {
    "slots": gettext_lazy("Empty places"),
    "work": gettext_lazy("Work due"),
    "review": gettext_lazy("To be looked at again"),
    "holidays": gettext_lazy("Public holidays"),
    "absences": gettext_lazy("Absences"),
    "blackouts": gettext_lazy("Closed days"),
    "campaigns": gettext_lazy("Campaigns"),
}
SAID = {
    "asking": gettext_lazy("Looking at what would follow."),
    "failed": gettext_lazy("The server does not answer: nothing was moved. Try again in a moment."),
    "close": gettext_lazy("Close"),
    "lifted": gettext_lazy(
        "“%(title)s” is picked up, on %(day)s. Arrows choose the day, Enter drops it, Escape leaves it."
    ),
    "stays": gettext_lazy("It stays where it is."),
}
"""What the script says; %(title)s and %(day)s are filled in there."""

_STRETCH_LAYER = {
    "absence": "absences", "blackout": "blackouts", "campaign": "campaigns", rules.SLOT: "slots",
}  # fmt: skip


class Sheet:
    """One page of the calendar for one reader. `kept` is what stands in the address beside filter and layers."""

    def __init__(self, request: MemberRequest, page: str, **kept: str) -> None:
        self.request, self.page, self.kept = request, page, kept
        self.member, self.workspace = request.membership, request.membership.workspace
        self.zone, self.spoken = self.workspace.time_zone, language.current()
        self.now: datetime = clock.now()
        self.today = rules.local_day(self.now, self.zone)
        values = dict(request.GET.lists())
        self.wanted = Filter.read(values)
        self.hidden = rules.hidden(values.get("hide", []))
        self.may_plan = may(self.member.level, Act.PLAN)
        self.pen = Pen(self.workspace, own_zone=request.user.time_zone, may_plan=self.may_plan)

    # ---- what is read

    @cached_property
    def posts(self) -> "QuerySet[Post] | None":
        return None if self.wanted.is_empty else queries.chosen(self.member, self.wanted, self.now)

    @cached_property
    def undated(self) -> "QuerySet[Post]":
        waiting = queries.waiting(self.workspace)
        return waiting if self.posts is None else waiting.filter(pk__in=self.posts.values("pk"))

    def open(self, first: date, last: date) -> None:
        """Read what surrounds the posts of these days, both included."""
        self.house = queries.house(
            self.workspace,
            first,
            last,
            views=SavedView.objects.seen_by(self.member),
            slots=Occurrence.objects.slots(self.workspace, first, last),
        )
        self.working: WorkingCalendar = workspaces.working_calendar(self.workspace, changes=self.house.holiday_changes)

    def days(self, days: Sequence[date], *, most: int, month: date | None = None) -> list[Day]:
        """These days with all that the reader wants to see in them, and the size of the tray; two queries."""
        spans = rules.bounds(days, self.zone)
        counts, dues, reviews, (self.waiting,) = queries.sums(
            self.member, spans, days=days, now=self.now, posts=self.posts, extra=[self.undated]
        )
        return self._fill(days, self.standing(spans, most), counts, dues, reviews, month)

    def _fill(
        self,
        days: Sequence[date],
        entries: Sequence[Sequence[rules.Entry]],
        counts: Sequence[int],
        dues: Sequence[rules.Due],
        reviews: Sequence[int],
        month: date | None,
    ) -> list[Day]:
        return rules.fill(
            days, month=month, today=self.today, entries=entries, counts=counts,
            dues=[rules.Due()] * len(days) if "work" in self.hidden else dues,
            reviews=[0] * len(days) if "review" in self.hidden else reviews,
            stretches=[one for one in self.house.stretches if _STRETCH_LAYER[one.kind] not in self.hidden],
            feasts={} if "holidays" in self.hidden else workspaces.feasts(self.working, days),
            is_working=self.working.is_working_day,
        )  # fmt: skip

    def hours(self, days: Sequence[date], spans: Sequence[tuple[datetime, datetime]]) -> tuple[list[Day], list[int]]:
        """The same for days cut into hours: what surrounds each day, and how many entries each hour has."""
        counts, dues, reviews, (self.waiting,) = queries.sums(
            self.member, spans, days=days, now=self.now, posts=self.posts, extra=[self.undated]
        )
        cut = len(spans) // len(days)
        pieces = [slice(number * cut, (number + 1) * cut) for number in range(len(days))]
        whole = [rules.Due.of(dues[piece]) for piece in pieces]
        drawn = self._fill(days, [()] * len(days), [sum(counts[piece]) for piece in pieces], whole, reviews, None)
        return drawn, counts

    def standing(self, spans: Sequence[tuple[datetime, datetime]], most: int) -> list[list[rules.Entry]]:
        return queries.standing(
            self.workspace, spans, most=most, language=self.spoken, now=self.now, marks=self.house.marks,
            people=self.house.people, posts=self.posts,
        )  # fmt: skip

    # ---- addresses

    def address(self, page: str | None = None, **changes: str) -> str:
        """The same filter and layers elsewhere; a change to an empty word leaves that word out."""
        kept = {**(self.kept if page is None else {}), **changes}
        pairs = [*((name, word) for name, word in kept.items() if word), *self.wanted.pairs(), *self._hiding()]
        base = reverse(f"calendar:{page or self.page}", kwargs={"workspace": self.workspace.slug})
        return f"{base}?{urlencode(pairs)}" if pairs else base

    @property
    def query(self) -> str:
        """Filter, layers and place, as they stand in the address."""
        return self.address().partition("?")[2]

    @property
    def filter_address(self) -> str:
        return self.address(filter="1")

    @property
    def clear_address(self) -> str:
        """The same place without any filter."""
        before, self.wanted = self.wanted, Filter()
        try:
            return self.address()
        finally:
            self.wanted = before

    def _hiding(self) -> list[tuple[str, str]]:
        return [("hide", layer) for layer in rules.LAYERS if layer in self.hidden]

    def _without(self, layer: str) -> str:
        """The address that switches this layer over."""
        before, self.hidden = self.hidden, self.hidden ^ {layer}
        try:
            return self.address()
        finally:
            self.hidden = before

    # ---- what the frame shows

    def context(self, **values: Any) -> dict[str, Any]:
        day = self.kept.get("from") or self.kept.get("day") or ""
        month = self.kept.get("month") or day[:7]
        places = {"month": {"month": month}, "week": {"day": day}, "agenda": {"from": day}, "board": {}}
        return {
            "sheet": self,
            "symbols": self.pen.symbols(),
            "legend": LEGEND,
            "pages": [(page, label, self.address(page, **places[page])) for page, label in PAGES.items()],
            "layers": [(label, layer not in self.hidden, self._without(layer)) for layer, label in LAYERS.items()],
            "choices": self.choices() if "filter" in self.request.GET else None,
            "views": [(view, self._is_shown(view)) for view in self.house.views],
            "script_words": json.dumps({name: str(words) for name, words in SAID.items()}, ensure_ascii=False),
            "may_plan": self.may_plan,
            "moved": self._moved(),
            **values,
        }

    def _is_shown(self, view: rules.Kept) -> bool:
        return view.page == self.page and view.query == urlencode(self.wanted.pairs()) and not self.wanted.is_empty

    def _moved(self) -> Any:
        """The move that was just made, while it may be taken back."""
        number = self.request.GET.get("moved", "")
        if not number.isdigit() or len(number) > 18:
            return None
        return calendar.undoable(actor=self.member, entry_id=int(number), now=self.now)

    def choices(self) -> list[dict[str, Any]]:
        """The panel of the filter: each group with what is ticked in it."""
        people = self.house.people
        groups: list[tuple[str, str, list[tuple[str, str]]]] = [
            ("state", _("State"), [(state, state_label(state)) for state in (*Status.values, "late", "held")]),
            ("channel", _("Channel"), [(str(pk), language.pick(m.title)) for pk, m in self.house.marks.items()]),
            ("owner", _("Author"), sorted(((str(pk), name) for pk, name in people.items()), key=_by_name)),
            ("role", _("Whose turn it is"), [(role.value, str(role.label)) for role in EditorialRole]),
            ("intent", _("Intent"), [(one.value, str(one.label)) for one in Intent]),
            ("language", _("Language"), [("fr", "Français"), ("en", "English")]),
        ]
        return [
            {
                "name": name,
                "label": label,
                "options": [(value, words, value in getattr(self.wanted, name)) for value, words in options],
            }
            for name, label, options in groups
        ]


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1].casefold()

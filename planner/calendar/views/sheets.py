"""What every page of the calendar shares: its days, its filter in the address, its layers, what surrounds the posts."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain, groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from planner.base import clock, language
from planner.base.worktime import WorkingCalendar
from planner.calendar import operations as calendar
from planner.calendar import queries, rules
from planner.calendar.models import Occurrence, SavedView
from planner.calendar.rules import Day, Filter
from planner.calendar.views.cautions import grouped
from planner.calendar.views.drawing import Pen
from planner.playbook.rules import Season, region_of, topics_near
from planner.policy import operations as policy
from planner.policy.rules.framing import MIX_DAYS
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
    "cautions": gettext_lazy("Warnings"),
    "slots": gettext_lazy("Empty places"),
    "meetings": gettext_lazy("Meetings"),
    "work": gettext_lazy("Work due"),
    "review": gettext_lazy("To be looked at again"),
    "holidays": gettext_lazy("Public holidays"),
    "seasons": gettext_lazy("Seasons"),
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
    rules.MEETING: "meetings", "season": "seasons", "sober": "seasons",
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
        self.cautions: list[rules.Caution] = []
        self.pen = Pen(self.workspace, page, own_zone=request.user.time_zone, may_plan=self.may_plan)

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
            now=self.now,
            views=SavedView.objects.seen_by(self.member),
            places=Occurrence.objects.places(self.workspace, first, last),
        )
        self.working: WorkingCalendar = workspaces.working_calendar(self.workspace, changes=self.house.holiday_changes)
        region = region_of(self.workspace.country, self.workspace.region)
        self.topics = topics_near(self.house.seasons, region, first, last)
        drawn = _drawn(self.topics)
        self.stretches = [one for one in (*self.house.stretches, *drawn) if _STRETCH_LAYER[one.kind] not in self.hidden]

    def days(self, days: Sequence[date], *, most: int, month: date | None = None) -> list[Day]:
        """These days with all that the reader wants to see in them, and the size of the tray; two queries."""
        spans = rules.bounds(days, self.zone)
        sums = self._sums(days, spans, month)
        drawn = self._fill(days, self.standing(spans, most), sums.counts, sums.dues, sums.reviews, month)
        return self._look(drawn, sums)

    def _sums(
        self, days: Sequence[date], spans: Sequence[tuple[datetime, datetime]], month: date | None = None
    ) -> queries.Sums:
        until = rules.next_month(month) - timedelta(days=1) if month else days[-1]
        watch = None
        if self.is_watched:
            ahead = [on for on in days if on >= self.today]
            watch = queries.Watch(ahead, self.zone, self.limits.a_day, MIX_DAYS, until)
        sums = queries.sums(
            self.member, spans, days=days, now=self.now, posts=self.posts, extra=[self.undated], watch=watch
        )
        [self.waiting] = sums.extra
        return sums

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
            stretches=self.stretches,
            feasts={} if "holidays" in self.hidden else workspaces.feasts(self.working, days),
            is_working=self.working.is_working_day,
        )  # fmt: skip

    def hours(
        self, days: Sequence[date], spans: Sequence[tuple[datetime, datetime]], most: int
    ) -> tuple[list[Day], list[list[rules.Entry]], list[int]]:
        """The same for days cut into hours: each day as a whole, then the entries of each hour and how many it has."""
        sums, entries = self._sums(days, spans), self.standing(spans, most)
        cut = len(spans) // len(days)
        pieces = [slice(number * cut, (number + 1) * cut) for number in range(len(days))]
        drawn = self._fill(
            days, [list(chain(*entries[piece])) for piece in pieces], [sum(sums.counts[piece]) for piece in pieces],
            [rules.Due.of(sums.dues[piece]) for piece in pieces], sums.reviews, None,
        )  # fmt: skip
        return self._look(drawn, sums), entries, sums.counts

    # ---- what deserves a look

    @property
    def is_watched(self) -> bool:
        return "cautions" not in self.hidden

    @cached_property
    def limits(self) -> rules.Limits:
        """How much is too much, as the policy of the house says."""
        house = policy.house_at(self.workspace, self.house.policy).rules
        mix, rhythm = house["R02"], house["R22"]
        return rules.Limits(
            a_day=rhythm["a_day"], hours=rhythm["hours"], likeness=rhythm["likeness"], days=rhythm["days"],
            least_posts=mix["least_posts"], promo_percent=mix["warn_percent"],
        )  # fmt: skip

    def _look(self, drawn: list[Day], sums: queries.Sums) -> list[Day]:
        """Counted over everything, whatever the filter; likeness is looked for among the entries that are drawn."""
        if not self.is_watched or drawn[-1].on < self.today:
            return drawn
        cut = len(sums.everything) // len(drawn)
        counts = [sum(sums.everything[number * cut : (number + 1) * cut]) for number in range(len(drawn))]
        days = [replace(day, count=count) for day, count in zip(drawn, counts, strict=True)]
        ahead = [day for day in days if not day.is_past]
        entries = [entry for day in days for entry in day.entries]
        self.cautions = [
            *rules.crowding(sums.traffic, self.limits),
            *rules.repetition(entries, self.zone, self.today, self.limits),
            *rules.same_subject(ahead),
            *rules.nobody_on_duty(ahead, self.house.on_duty, self.working.is_working_day),
            *rules.on_sober_days(ahead, self.topics),
            *rules.empty_weeks(days, self.today),
            *rules.silences(self.house.silent, days),
            *(rules.promotion(sums.mix, self.limits, self.today) if sums.mix else ()),
        ]
        return rules.with_cautions(drawn, self.cautions)

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
            "layers_shown": len(LAYERS) - len(self.hidden),
            "choices": self.choices() if "filter" in self.request.GET else None,
            "views": [(view, self._is_shown(view)) for view in self.house.views],
            "script_words": json.dumps({name: str(words) for name, words in SAID.items()}, ensure_ascii=False),
            "may_plan": self.may_plan,
            "moved": self._moved(),
            "cautions": grouped(self.cautions, self.house.marks),
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
        people, campaigns = self.house.people, self.house.campaigns
        groups: list[tuple[str, str, list[tuple[str, str]]]] = [
            ("state", _("State"), [(state, state_label(state)) for state in (*Status.values, "late", "held")]),
            ("channel", _("Channel"), [(str(pk), language.pick(m.title)) for pk, m in self.house.marks.items()]),
            ("owner", _("Author"), sorted(((str(pk), name) for pk, name in people.items()), key=_by_name)),
            ("role", _("Whose turn it is"), [(role.value, str(role.label)) for role in EditorialRole]),
            ("intent", _("Intent"), [(one.value, str(one.label)) for one in Intent]),
            ("campaign", _("Campaign"), sorted(((str(pk), name) for pk, name in campaigns.items()), key=_by_name)),
            ("language", _("Language"), [("fr", "Français"), ("en", "English")]),
        ]
        return [
            {
                "name": name,
                "label": label,
                "options": [(value, words, value in getattr(self.wanted, name)) for value, words in options],
            }
            for name, label, options in groups
            if options
        ]


def _drawn(topics: Sequence[Season]) -> list[rules.Stretch]:
    """Each topic on its days; those of a whole month together, on its first day."""
    drawn = []
    for _first, together in groupby(topics, key=lambda one: one.is_whole_month and one.first):
        found = list(together)
        if found[0].is_whole_month and len(found) > 1:
            words = ngettext("%(count)s topic of the month", "%(count)s topics of the month", len(found))
            drawn.append(rules.season_drawn(found[0], words % {"count": len(found)}))
        else:
            drawn += [rules.season_drawn(one, language.pick(one.payload["title"])) for one in found]
    return drawn


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1].casefold()

"""The log of deliveries, for those who manage: filtered by the address, page by page, or whole as a table file."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from planner.base import language
from planner.reminders import rules
from planner.reminders.forms import LogForm
from planner.reminders.models import Delivery
from planner.reminders.queries import DeliveryQuerySet
from planner.reminders.views.reader import zone_of
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act

PAGE = 50
_AT_ONCE = 500


@dataclass(frozen=True)
class Logged:
    """One delivery in words."""

    row: Delivery
    what: str
    why: str


def _rows(request: MemberRequest, form: LogForm) -> DeliveryQuerySet:
    """A field that cannot be read filters nothing; the page says so beside it."""
    chosen = form.cleaned_data if form.is_bound and (form.is_valid() or form.errors) else {}
    return (
        Delivery.objects.of_workspace(request.workspace)
        .log(
            state=chosen.get("state") or "",
            person=chosen.get("person"),
            first=chosen.get("first"),
            last=chosen.get("last"),
            zone=ZoneInfo(request.workspace.time_zone),
        )
        .with_cards()
    )


def _logged(row: Any, spoken: str, zone: str) -> Logged:
    card = (row.card or {}).get(spoken) or {}
    return Logged(row, card.get("what", ""), rules.sentence(row.reason, spoken, zone))


@require_safe
def log(request: MemberRequest) -> HttpResponse:
    """What left, to whom, when, and what became of it."""
    workspaces.require(request.membership, Act.MANAGE_DELIVERY)
    form = LogForm(request.workspace, request.GET)
    page = Paginator(_rows(request, form), PAGE).get_page(request.GET.get("page"))
    spoken, zone = language.current(), zone_of(request)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "logged": [_logged(row, spoken, zone) for row in page],
        "query": kept.urlencode(),
        "is_filtered": any(kept.values()),
    }
    return render(request, "planner/reminders/log.html", context, status=400 if form.errors else 200)


# ---- as a table


class _Line:
    """What csv writes to: it gives back the line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


@require_safe
def export(request: MemberRequest) -> HttpResponseBase:
    """The same rows, all of them, as they are read from the database."""
    workspaces.require(request.membership, Act.MANAGE_DELIVERY)
    form = LogForm(request.workspace, request.GET)
    # Said before the first line leaves: once it streams, the reader's language and zone are forgotten.
    heads = [_("When"), _("To"), _("By"), _("State"), _("What"), _("Why"), _("Tries"), _("Message-ID")]
    states = {value: str(label) for value, label in rules.DeliveryStatus.choices}
    rows = _rows(request, form).iterator(chunk_size=_AT_ONCE)
    lines = _cells(rows, states, language.current(), zone_of(request))
    response = StreamingHttpResponse(_as_csv(heads, lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="deliveries-{request.workspace.slug}.csv"'
    return response


def _cells(rows: Iterable[Delivery], states: dict[str, str], spoken: str, zone: str) -> Iterator[list[str]]:
    for row in rows:
        said = _logged(row, spoken, zone)
        at = row.at.astimezone(ZoneInfo(zone)).isoformat(sep=" ", timespec="seconds")
        way = [row.channel, states.get(row.state, row.state)]
        yield [at, str(row.recipient), *way, said.what, said.why, str(row.attempts), row.message_id]


def _as_csv(heads: list[str], lines: Iterable[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"  # so that spreadsheets read accents
    yield writer.writerow(heads)
    for line in lines:
        yield writer.writerow([rules.plain_cell(cell) for cell in line])

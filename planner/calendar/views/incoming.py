"""Bringing in a spreadsheet: choose it, see what each line would make, bring in what is good, take the rest back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock, language, tables, written
from planner.base.errors import PlannerError
from planner.calendar import operations as calendar
from planner.calendar.forms import SheetForm
from planner.calendar.models import Import
from planner.calendar.operations import Look
from planner.calendar.queries import incoming as reading
from planner.calendar.rules import local_day
from planner.calendar.rules.incoming import NOT_TAKEN, Column, Judged, Verdict
from planner.calendar.views.keeping import XLSX
from planner.posts.models import Post
from planner.posts.rules import Intent
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act

A_PAGE = 100


# ---- choosing a file


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: MemberRequest) -> HttpResponse:
    """Choose a spreadsheet; what it would make is shown first."""
    workspaces.require(request.membership, Act.PLAN)
    usual = written.DAY_FIRST if language.current() == "fr" else written.ASK
    form = SheetForm(request.POST or None, request.FILES or None, initial={"first": usual})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read(tables.MOST_BYTES + 1)
        if form.attempt(
            lambda: calendar.upload_sheet(
                actor=request.membership, name=file.name, content=content, first=form.cleaned_data["first"],
                now=clock.now(),
            )
        ):  # fmt: skip
            return redirect(form.outcome.link)
    mine = Import.objects.of(request.membership)
    context = {
        "form": form,
        "waiting": mine.waiting().first(),
        "done": mine.filter(brought_in_at__isnull=False)[:5],
        "most": tables.MOST_LINES,
    }
    status = form.refusal.status if form.refusal else 200
    return render(request, "planner/calendar/import.html", context, status=status)


@require_safe
def model_file(request: MemberRequest, kind: str) -> HttpResponse:
    """A file to start from: the headings in the reader's language, and one line."""
    workspaces.require(request.membership, Act.PLAN)
    channels = [str(one) for one in request.workspace.channels.used()[:2]]
    today = local_day(clock.now(), request.workspace.time_zone)
    heads = [
        Column.TITLE, Column.DAY, Column.HOUR, Column.CHANNELS, Column.TEMPLATE, Column.AUTHOR, Column.TEXT,
        Column.REMARK, Column.INTENT, Column.LANGUAGE, Column.INITIATIVE,
    ]  # fmt: skip
    line = [
        _("An example: take this line away"), f"{today + timedelta(days=28)}", "10:00", "; ".join(channels), "",
        str(request.membership), "", "", str(Intent.HELP.label), request.workspace.main_language, "",
    ]  # fmt: skip
    return _file([[str(head.label) for head in heads], line], _("calendar-to-fill-in"), kind)


def _file(rows: Sequence[Sequence[str]], name: str, kind: str, separator: str = ",") -> HttpResponse:
    if kind == "xlsx":
        response = HttpResponse(tables.xlsx_file(rows, _("Calendar")), content_type=XLSX)
    elif kind == "csv":
        response = HttpResponse(tables.csv_file(rows, separator), content_type="text/csv; charset=utf-8")
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


# ---- looking at it, and bringing it in


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: MemberRequest, sheet: int) -> HttpResponse:
    """What each line would make, `?show=mend&page=2`; then the posts that it made."""
    workspaces.require(request.membership, Act.PLAN)
    found = _mine(request, sheet)
    if request.method == "POST":
        try:
            done = calendar.bring_in(
                actor=request.membership, sheet=found, mark=request.POST.get("mark", ""),
                again=request.POST.get("again") == "on", now=clock.now(),
            )  # fmt: skip
        except PlannerError as refusal:
            found.refresh_from_db()
            if found.brought_in_at is None:
                return _look(request, found, refusal)
            messages.error(request, str(refusal))  # a second click
            return redirect(found.link)
        count = len(done.posts)
        messages.success(request, ngettext("%(n)s post is made.", "%(n)s posts are made.", count) % {"n": count})
        return redirect(done.link)
    return _done(request, found) if found.brought_in_at else _look(request, found)


def _mine(request: MemberRequest, pk: int) -> Import:
    found = Import.objects.of(request.membership).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _look(request: MemberRequest, found: Import, refusal: PlannerError | None = None) -> HttpResponse:
    look = calendar.look_at(actor=request.membership, sheet=found, now=clock.now())
    counts = look.counts
    show = request.GET.get("show", "")
    kinds = [one for one in Verdict if counts[one]]
    chosen = [one for one in look.judged if one.verdict == show] if show in kinds else look.judged
    page = Paginator(list(chosen), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "sheet": found,
        "look": look,
        "refusal": refusal,
        "page": page,
        "rows": [_row(one, look) for one in page],
        "kinds": [(one.value, one.label, counts[one]) for one in kinds],
        "show": show if show in kinds else "",
        "total": len(look.judged),
        "to_mend": counts[Verdict.MEND],
        "here": counts[Verdict.HERE],
        "not_understood": _not_understood(found, look),
        "not_taken": _not_taken(found, look),
    }
    return render(request, "planner/calendar/import_look.html", context, status=refusal.status if refusal else 200)


def _not_understood(found: Import, look: Look) -> list[str]:
    places = set(look.columns.values())
    return [head for place, head in enumerate(found.heads) if head and place not in places]


def _not_taken(found: Import, look: Look) -> list[str]:
    return [found.heads[look.columns[one]] for one in NOT_TAKEN if one in look.columns]


@dataclass(frozen=True)
class Cell:
    """One value of a line: what was understood, or the words of the file and why they are not."""

    words: str
    fault: str


@dataclass(frozen=True)
class Row:
    """A line as the page shows it."""

    judged: Judged
    title: Cell
    when: Cell
    channels: Cell
    author: Cell
    more: list[tuple[str, Cell]]
    """Name and value of what only some lines say."""


_MORE = (Column.TEMPLATE, Column.INITIATIVE, Column.INTENT, Column.LANGUAGE, Column.ZONE, Column.TEXT, Column.REMARK)


def _row(one: Judged, look: Look) -> Row:
    line, names = one.line, look.names
    channels = ", ".join(names["channels"].shown[pk] for pk in line.channels)
    author = names["people"].shown[line.author] if line.author else ""
    return Row(
        one,
        _cell(one, line.title, Column.TITLE),
        _cell(one, "", Column.DAY, Column.HOUR),
        _cell(one, channels, Column.CHANNELS),
        _cell(one, author, Column.AUTHOR),
        [(str(column.label), cell) for column, cell in _more(one, look) if cell.words or cell.fault],
    )


def _more(one: Judged, look: Look) -> Iterator[tuple[Column, Cell]]:
    line, names = one.line, look.names
    words = {
        Column.TEMPLATE: names["templates"].shown[line.template] if line.template else "",
        Column.INITIATIVE: names["initiatives"].shown[line.initiative] if line.initiative else "",
        Column.INTENT: str(Intent(line.intent).label) if line.intent else "",
        Column.LANGUAGE: line.language if line.language != look.usual_language else "",
        Column.TEXT: line.text[:80] + ("…" if len(line.text) > 80 else ""),
        Column.REMARK: line.remark[:80] + ("…" if len(line.remark) > 80 else ""),
    }
    for column in _MORE:
        yield column, _cell(one, words.get(column, ""), column)


def _cell(one: Judged, words: str, *columns: Column) -> Cell:
    faults = [sentence for column in columns if (sentence := one.line.fault_of(column))]
    return Cell(words, " ".join(faults))


def _done(request: MemberRequest, found: Import) -> HttpResponse:
    posts = Post.objects.filter(workspace=request.workspace, pk__in=found.made).order_by("planned_at", "pk")
    read = posts.select_related("author__user", "template").prefetch_related("texts", "placements__channel")
    page = Paginator(read, A_PAGE).get_page(request.GET.get("page"))
    to_mend = 0
    if found.lines:
        look = calendar.look_at(actor=request.membership, sheet=found, now=clock.now())
        to_mend = look.counts[Verdict.MEND]
    untouched = reading.untouched(found).count()
    context = {
        "sheet": found, "page": page, "to_mend": to_mend, "untouched": untouched,
        "at_once": min(untouched, calendar.MOST_BACK),
    }  # fmt: skip
    return render(request, "planner/calendar/import_done.html", context)


@require_POST
def take_back(request: MemberRequest, sheet: int) -> HttpResponse:
    """Put aside what it made and nobody has touched."""
    workspaces.require(request.membership, Act.PLAN)
    found = _mine(request, sheet)
    try:
        count = calendar.take_back(actor=request.membership, sheet=found, now=clock.now())
    except PlannerError as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, ngettext("%(n)s post is put aside.", "%(n)s posts are put aside.", count) % {"n": count}
        )
    return redirect(found.link)


@require_safe
def to_mend(request: MemberRequest, sheet: int) -> HttpResponse:
    """The lines that cannot come in, as the same file with one column more: what to mend."""
    workspaces.require(request.membership, Act.PLAN)
    found = _mine(request, sheet)
    look = calendar.look_at(actor=request.membership, sheet=found, now=clock.now())
    cells = dict(found.lines)
    old = look.columns.get(Column.MEND, len(found.heads))
    rows = [[*_without(found.heads, old), str(Column.MEND.label)]]
    for one in look.judged:
        if one.verdict == Verdict.MEND:
            words = " ".join(f"{fault.column.label}: {fault.sentence}" for fault in one.line.faults)
            padded = [*cells[one.line.number], *[""] * (len(found.heads) - len(cells[one.line.number]))]
            rows.append([*_without(padded, old), words])
    kind = "csv" if found.separator else "xlsx"
    return _file(rows, f"{request.workspace.slug}-{_('to-mend')}", kind, found.separator or ",")


def _without(cells: Sequence[str], place: int) -> list[str]:
    """Without what an earlier file said was to be mended."""
    return [cell for number, cell in enumerate(cells) if number != place]

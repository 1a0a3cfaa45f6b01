"""Small acts of the war room: the three lists, the lines ticked by hand, the log."""

import csv
from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock
from planner.base.forms import next_page
from planner.base.language import pick
from planner.crisis import operations as crises
from planner.crisis import rules
from planner.crisis.forms import FactForm, MoveFactForm, NoteForm, TickForm
from planner.crisis.models import CheckLine, Crisis, Fact, LogLine
from planner.crisis.rules import CheckKind
from planner.crisis.views.found import crisis_of, page
from planner.crisis.views.room import lines_of
from planner.reminders.rules import plain_cell
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act

A_PAGE = 100

# ---- known, unknown, to check


@require_http_methods(["GET", "HEAD", "POST"])
def add_fact(request: MemberRequest, crisis: int) -> HttpResponse:
    """One sentence, in one of the three lists."""
    workspaces.require(request.membership, Act.COMMENT)
    found = crisis_of(request, crisis)
    form = FactForm(request.POST or None, initial={"kind": request.GET.get("kind", "check")})
    if request.method == "POST" and form.is_valid() and form.attempt(
        lambda: crises.add_fact(crisis=found, actor=request.membership, now=clock.now(), **form.cleaned_data)
    ):  # fmt: skip
        return redirect(f"{found.link}#facts")
    return page(request, found, form, _("Write it down"), _("Write it down"))


def _fact(found: Crisis, fact: int) -> Fact:
    line = found.facts.filter(pk=fact, dropped_at__isnull=True).first()
    if line is None:
        raise Http404
    line.crisis = found
    return line


@require_http_methods(["GET", "HEAD", "POST"])
def move_fact(request: MemberRequest, crisis: int, fact: int) -> HttpResponse:
    """To another list, with who confirms it."""
    workspaces.require(request.membership, Act.COMMENT)
    found = crisis_of(request, crisis)
    line = _fact(found, fact)
    form = MoveFactForm(request.POST or None, initial={"kind": "known", "source": line.source})
    if request.method == "POST" and form.is_valid() and form.attempt(
        lambda: crises.move_fact(fact=line, actor=request.membership, now=clock.now(), **form.cleaned_data)
    ):  # fmt: skip
        return redirect(f"{found.link}#facts")
    return page(request, found, form, line.text, _("Move"), fact=line)


@require_POST
def drop_fact(request: MemberRequest, crisis: int, fact: int) -> HttpResponse:
    """It was wrong."""
    workspaces.require(request.membership, Act.COMMENT)
    found = crisis_of(request, crisis)
    crises.drop_fact(fact=_fact(found, fact), actor=request.membership, now=clock.now())
    return redirect(f"{found.link}#facts")


# ---- ticked by hand


@require_http_methods(["GET", "HEAD", "POST"])
def tick(request: MemberRequest, crisis: int, check: int) -> HttpResponse:
    """Done, with a note; or the tick taken back."""
    workspaces.require(request.membership, Act.COMMENT)
    found = crisis_of(request, crisis)
    line = CheckLine.objects.filter(crisis=found, pk=check).first()
    if line is None:
        raise Http404
    line.crisis = found
    undone = line.done_at is not None
    form = TickForm(request.POST or None, initial={"undo": undone})
    if request.method == "POST" and form.is_valid() and form.attempt(
        lambda: crises.tick(
            check=line, actor=request.membership, note=form.cleaned_data["note"],
            done=not form.cleaned_data["undo"], now=clock.now(),
        )
    ):  # fmt: skip
        return redirect(next_page(request, _back(found, line)))
    if line.kind == CheckKind.CONDITION:
        form.fields["note"].label = _("Evidence: who checked, with whom, at what hour")
        form.fields["note"].required = True
    button = _("Take the tick back") if undone else _("It is done")
    return page(request, found, form, pick(line.text), button, pick(line.help), next=next_page(request, ""))


def _back(found: Crisis, line: CheckLine) -> str:
    return f"{found.link}clear/" if line.kind == CheckKind.CONDITION else f"{found.link}#{line.kind}"


# ---- the log


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: MemberRequest, crisis: int) -> HttpResponse:
    """The whole log, page by page, and a new line; `?corrects=12` corrects one."""
    found = crisis_of(request, crisis)
    corrected = request.GET.get("corrects", "")
    wrong = found.lines.filter(pk=int(corrected)).first() if corrected.isdigit() else None
    form = NoteForm(request.POST or None)
    calendar = workspaces.working_calendar(request.workspace)
    if request.method == "POST" and form.is_valid() and form.attempt(
        lambda: crises.note(
            crisis=found, actor=request.membership, corrects=wrong, review_at=form.review_at(calendar),
            now=clock.now(),
            **{name: form.cleaned_data[name] for name in ("decision", "rejected", "reason", "decider", "known_then")},
        )
    ):  # fmt: skip
        messages.success(request, _("The line is in the log."))
        return redirect(next_page(request, f"{found.link}log/"))
    lines = Paginator(lines_of(found), A_PAGE).get_page(request.GET.get("page"))
    context = {"crisis": found, "form": form, "lines": lines, "wrong": wrong}
    return render(request, "planner/crisis/log.html", context, status=form.refusal.status if form.refusal else 200)


class _Line:
    """What csv writes to: it gives back the line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


@require_safe
def export_log(request: MemberRequest, crisis: int) -> HttpResponseBase:
    """The log as a table, the first line first."""
    found = crisis_of(request, crisis)
    heads = [
        _("Time"), _("Written by"), _("Decision"), _("What was set aside"), _("Reason"), _("Who decides"),
        _("What was known then"), _("Look again on"), _("Corrects"),
    ]  # fmt: skip
    calendar = workspaces.working_calendar(request.workspace)

    def cells() -> Iterator[str]:
        writer = csv.writer(_Line())
        yield "\ufeff"  # so that spreadsheets read accents
        yield writer.writerow([f"{rules.DRILL} №" if found.is_drill else "№", *heads])
        for line in LogLine.objects.filter(crisis=found).order_by("at", "pk").iterator(chunk_size=500):
            at = calendar.local(line.at).isoformat(sep=" ", timespec="seconds")
            again = calendar.local(line.review_at).isoformat(sep=" ", timespec="minutes") if line.review_at else ""
            said = (line.writer, line.decision, line.rejected, line.reason, line.decider, line.known_then)
            yield writer.writerow([line.pk, at, *map(plain_cell, said), again, line.corrects_id or ""])

    kind = "drill" if found.is_drill else "crisis"
    response = StreamingHttpResponse(cells(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}-{found.pk}-log.csv"'
    return response

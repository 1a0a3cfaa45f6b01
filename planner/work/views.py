"""Acts on one piece of work: each has a page of its own, so that a refusal keeps what was typed."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planner.base import clock
from planner.base.forms import OperationForm, next_page
from planner.work import operations as work
from planner.work.forms import CompleteForm, DropForm, DueForm, OwnerForm, TickForm
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act


def _item(request: MemberRequest, item: int, act: Act = Act.COMMENT) -> WorkItem:
    """The item, for somebody who may act at all."""
    workspaces.require(request.membership, act)
    found = WorkItem.objects.with_people().filter(workspace=request.workspace, pk=item).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: MemberRequest, item: WorkItem, form: OperationForm, heading: str, button: str, hint: str = ""
) -> HttpResponse:
    return render(
        request,
        "planner/work/act.html",
        {
            "item": item,
            "form": form,
            "act": heading,
            "button": button,
            "hint": hint,
            "next": next_page(request, ""),
        },
        status=form.refusal.status if form.refusal else 200,
    )


def _done(request: MemberRequest, item: WorkItem, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(next_page(request, item.link))


@require_http_methods(["GET", "HEAD", "POST"])
def complete(request: MemberRequest, item: int) -> HttpResponse:
    """Close it, with its figures when it is an answer."""
    found = _item(request, item)
    form = CompleteForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        closed = form.attempt(
            lambda: work.complete(
                item=found,
                actor=request.membership,
                counts=form.counts(),
                note=form.cleaned_data["note"],
                ticked=form.ticked(),
                now=clock.now(),
            )
        )
        if closed:
            return _done(request, found, _("Done: “%(work)s”.") % {"work": found})
    return _page(request, found, form, _("Close this work"), _("Done"))


@require_POST
def tick(request: MemberRequest, item: int) -> HttpResponse:
    """Keep which lines of the checklist are done."""
    found = _item(request, item)
    form = TickForm(found, request.POST)
    if form.is_valid() and form.attempt(
        lambda: work.tick(item=found, actor=request.membership, ticked=form.ticked(), now=clock.now())
    ):
        return _done(request, found, _("The checklist is kept."))
    return _page(request, found, form, _("Checklist"), _("Keep the checklist"))


@require_POST
def reopen(request: MemberRequest, item: int) -> HttpResponse:
    """Take it up again."""
    found = _item(request, item)
    work.reopen(item=found, actor=request.membership, now=clock.now())
    return _done(request, found, _("To do again: “%(work)s”.") % {"work": found})


@require_http_methods(["GET", "HEAD", "POST"])
def reassign(request: MemberRequest, item: int) -> HttpResponse:
    """Hand it to somebody else."""
    found = _item(request, item, Act.PLAN)
    form = OwnerForm(request.workspace, request.POST or None, initial={"owner": found.owner_id})
    if request.method == "POST" and form.is_valid():
        owner = form.cleaned_data["owner"]
        if form.attempt(lambda: work.reassign(item=found, owner=owner, actor=request.membership, now=clock.now())):
            return _done(request, found, _("%(person)s does it now.") % {"person": owner})
    return _page(request, found, form, _("Hand this work to somebody else"), _("Hand over"))


@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: MemberRequest, item: int) -> HttpResponse:
    """Fix its date by hand."""
    found = _item(request, item, Act.PLAN)
    calendar = workspaces.working_calendar(request.workspace)
    local = calendar.local(found.due_at) if found.due_at else None
    form = DueForm(request.POST or None, initial={"on": local and local.date(), "at": local and local.time()})
    if request.method == "POST" and form.is_valid():
        due_at = form.instant(calendar)
        if form.attempt(lambda: work.pin(item=found, due_at=due_at, actor=request.membership, now=clock.now())):
            return _done(request, found, _("The date is fixed: it no longer follows the post."))
    hint = _("A fixed date stays when the post moves.")
    return _page(request, found, form, _("Fix the date by hand"), _("Fix the date"), hint)


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: MemberRequest, item: int) -> HttpResponse:
    """Give it up, with a reason."""
    found = _item(request, item, Act.PLAN)
    form = DropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.attempt(lambda: work.drop(item=found, actor=request.membership, reason=reason, now=clock.now())):
            return _done(request, found, _("Dropped: “%(work)s”.") % {"work": found})
    return _page(request, found, form, _("Drop this work"), _("Drop"))

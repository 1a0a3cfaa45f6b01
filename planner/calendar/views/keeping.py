"""Views saved under a name, the links that read them outside, and exports of a window."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock, language
from planner.calendar import operations as calendar
from planner.calendar import queries, rules
from planner.calendar.forms import FeedForm, LinkForm, ViewForm
from planner.calendar.models import Feed, PublicLink, SavedView
from planner.calendar.rules import Filter
from planner.calendar.views import outlets
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act, may

LONGEST_EXPORT = 1100
"""Days of a window that one file holds: three years."""


def _asked(request: MemberRequest) -> tuple[str, Filter]:
    page = request.GET.get("page", "month")
    return (page if page in rules.PAGES else "month"), Filter.read(dict(request.GET.lists()))


@require_http_methods(["GET", "HEAD", "POST"])
def views(request: MemberRequest) -> HttpResponse:
    """Save what is shown; one's views, feeds and public links; export."""
    page, wanted = _asked(request)
    form = ViewForm(request.POST or None)
    if request.method == "POST":
        workspaces.require(request.membership, Act.READ)
    if form.is_valid() and form.attempt(
        lambda: calendar.save_view(
            actor=request.membership, page=page, wanted=wanted, now=clock.now(), **form.cleaned_data
        )
    ):
        messages.success(request, _("The view is kept: it stands above the calendar."))
        return redirect(
            f"{reverse(f'calendar:{page}', kwargs={'workspace': request.workspace.slug})}?{form.outcome.query}"
        )
    return _page(request, form)


def _page(request: MemberRequest, form: ViewForm | None = None, shown: str = "") -> HttpResponse:
    member, now = request.membership, clock.now()
    page, wanted = _asked(request)
    seen = SavedView.objects.seen_by(member).select_related("owner__user")
    names = [(view.pk, view.name) for view in seen]
    feed_form, link_form = FeedForm(), LinkForm()
    feed_form.fields["view"].choices = [("", _("everything")), *names]  # type: ignore[attr-defined]
    link_form.fields["view"].choices = names  # type: ignore[attr-defined]
    today = rules.local_day(now, member.workspace.time_zone)
    context = {
        "form": form or ViewForm(),
        "page": page,
        "wanted": wanted,
        "query": request.GET.urlencode(),
        "views": seen,
        "feeds": Feed.objects.open().filter(person=member).select_related("view"),
        "links": PublicLink.objects.open(now).filter(view__in=seen).select_related("view", "created_by__user"),
        "feed_form": feed_form,
        "link_form": link_form,
        "may_plan": may(member.level, Act.PLAN),
        "shown": shown,
        "first": today,
        "last": today + timedelta(days=90),
    }
    status = form.refusal.status if form and form.refusal else 200
    return render(request, "planner/calendar/views.html", context, status=status)


def _view_of(request: MemberRequest, pk: int) -> SavedView:
    found = SavedView.objects.seen_by(request.membership).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _back(request: MemberRequest) -> HttpResponse:
    return redirect("calendar:views", workspace=request.workspace.slug)


@require_POST
def share(request: MemberRequest, view: int) -> HttpResponse:
    """Show it to everybody here, or no longer."""
    is_shared = request.POST.get("share") == "yes"
    calendar.share_view(actor=request.membership, view=_view_of(request, view), is_shared=is_shared, now=clock.now())
    return _back(request)


@require_POST
def delete(request: MemberRequest, view: int) -> HttpResponse:
    """With its feeds and links."""
    calendar.delete_view(actor=request.membership, view=_view_of(request, view), now=clock.now())
    messages.success(request, _("The view is deleted; its links answer no longer."))
    return _back(request)


@require_POST
def open_feed(request: MemberRequest) -> HttpResponse:
    """A feed of one's own; its address is shown this once."""
    form = FeedForm(request.POST)
    form.fields["view"].choices = [("", ""), *SavedView.objects.seen_by(request.membership).values_list("pk", "name")]  # type: ignore[attr-defined]
    if not form.is_valid():
        raise Http404
    values = form.cleaned_data
    view = _view_of(request, values["view"]) if values["view"] else None
    _feed, token = calendar.open_feed(
        actor=request.membership, view=view, alarm_minutes=values["alarm_minutes"], now=clock.now()
    )
    return _page(request, shown=settings.PLANNER_URL + reverse("calendar_feed", kwargs={"token": token}))


@require_POST
def revoke_feed(request: MemberRequest, feed: int) -> HttpResponse:
    found = Feed.objects.filter(person=request.membership, pk=feed).select_related("view").first()
    if found is None:
        raise Http404
    calendar.revoke_feed(actor=request.membership, feed=found, now=clock.now())
    messages.success(request, _("The link is revoked: it answers no longer."))
    return _back(request)


@require_POST
def publish(request: MemberRequest) -> HttpResponse:
    """A public page; its address is shown this once."""
    workspaces.require(request.membership, Act.PLAN)
    form = LinkForm(request.POST)
    form.fields["view"].choices = list(SavedView.objects.seen_by(request.membership).values_list("pk", "name"))  # type: ignore[attr-defined]
    if not form.is_valid():
        messages.error(request, _("Choose a view, and a number of days between 1 and 366."))
        return _back(request)
    view = _view_of(request, form.cleaned_data["view"])
    _link, token = calendar.publish_view(
        actor=request.membership, view=view, days=form.cleaned_data["days"], now=clock.now()
    )
    return _page(request, shown=settings.PLANNER_URL + reverse("calendar_public", kwargs={"token": token}))


@require_POST
def revoke_link(request: MemberRequest, link: int) -> HttpResponse:
    found = PublicLink.objects.filter(view__workspace=request.workspace, pk=link).select_related("view").first()
    if found is None:
        raise Http404
    calendar.revoke_link(actor=request.membership, link=found, now=clock.now())
    messages.success(request, _("The link is revoked: it answers no longer."))
    return _back(request)


@require_safe
def export(request: MemberRequest, kind: str) -> HttpResponse:
    """A window as a file: `?from=2026-11-01&to=2026-11-30` and the filter of the address."""
    member, now, spoken = request.membership, clock.now(), language.current()
    workspace, zone = member.workspace, member.workspace.time_zone
    today = rules.local_day(now, zone)
    first = rules.day_of(request.GET.get("from", ""), today)
    last = rules.day_of(request.GET.get("to", ""), first + timedelta(days=90))
    last = min(max(last, first), first + timedelta(days=LONGEST_EXPORT))
    wanted = Filter.read(dict(request.GET.lists()))
    posts = None if wanted.is_empty else queries.chosen(member, wanted, now)
    start, end = rules.instant_of(first, zone), rules.instant_of(last + timedelta(days=1), zone)
    rows = queries.placed(workspace, start, end, language=spoken, posts=posts)
    if kind == "csv":
        response = HttpResponse("".join(outlets.csv_of(rows, zone)), content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        response = HttpResponse(outlets.xlsx_of(rows, zone), content_type=XLSX)
    elif kind == "ics":
        page = reverse("posts:detail", kwargs={"workspace": workspace.slug, "post": 0}).replace("/0/", "/%d/")
        lines = outlets.ics(
            rows, name=workspace.name, zone=zone, base=settings.PLANNER_URL + page, span=(first.year, last.year)
        )
        response = HttpResponse("".join(lines), content_type="text/calendar; charset=utf-8")
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="{workspace.slug}-{first}-{last}.{kind}"'
    return response


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

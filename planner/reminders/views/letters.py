"""Where the small links of a mail lead, without signing in. Looking changes nothing: mail servers look too."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from planner.base import clock
from planner.base.errors import PlannerError
from planner.reminders import operations as reminders
from planner.reminders.models import Notice
from planner.reminders.rules import CHOSEN_KINDS, Kind
from planner.reminders.transports import links
from planner.workspaces.models import Membership

_Page = Callable[[HttpRequest, str], HttpResponse]


def _in_words(page: _Page) -> _Page:
    """A link that is wrong or too old gets a calm page, never a riddle."""

    @wraps(page)
    def shown(request: HttpRequest, token: str) -> HttpResponse:
        try:
            return page(request, token)
        except PlannerError as refusal:
            context = {"refusal": refusal}
            return render(request, "planner/reminders/link_refused.html", context, status=refusal.status)

    return shown


def _shown_to(request: HttpRequest, member: Membership, page: str, context: dict[str, Any]) -> HttpResponse:
    """In the language and the zone of the person for whom the link was made, whoever is signed in here."""
    zone = member.user.time_zone or member.workspace.time_zone
    with translation.override(member.user.language), timezone.override(ZoneInfo(zone)):
        return render(request, page, {"person": member.user, "place": member.workspace, **context})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_in_words
def put_away(request: HttpRequest, token: str) -> HttpResponse:
    """One reminder, and one button that puts it away."""
    reminder_id, member_id = links.read_put_away(token)
    found = Notice.objects.filter(reminder=reminder_id, recipient=member_id, recipient__left_at__isnull=True)
    notice = found.select_related("recipient__user", "recipient__workspace").first()
    if notice is None:
        raise links.TooOld(_("This reminder is no longer there."))
    if request.method == "POST":
        if notice.done_at is None:
            reminders.mark_done(notice=notice, actor=notice.recipient, now=clock.now())
        return redirect("put_away", token=token)
    context = {"notice": notice, "card": notice.card.get(notice.recipient.user.language) or {}}
    return _shown_to(request, notice.recipient, "planner/reminders/put_away.html", context)


@csrf_exempt  # mail programs post here by themselves when asked to unsubscribe (RFC 8058); the link is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_in_words
def stop_emails(request: HttpRequest, token: str) -> HttpResponse:
    """One kind of e-mail, and one button that stops it."""
    member_id, kind = links.read_stop_emails(token)
    member = Membership.objects.active().with_people().filter(pk=member_id).first()
    if member is None or kind not in CHOSEN_KINDS:
        raise links.TooOld(_("There is nothing left to stop: these e-mails no longer come."))
    is_stopped = not reminders.chosen_by(member).comes_by_email(kind)
    if request.method == "POST" and not is_stopped:
        reminders.stop_emails(actor=member, kind=kind, now=clock.now())
        is_stopped = True  # answered at once: a mail program that posts follows no redirect
    context = {"kind": Kind(kind).label, "is_stopped": is_stopped}
    return _shown_to(request, member, "planner/reminders/stop_emails.html", context)

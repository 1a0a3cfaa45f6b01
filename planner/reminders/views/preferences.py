"""How I am told: by e-mail or not, at which hours, on which days."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planner.base import clock
from planner.reminders import operations as reminders
from planner.reminders.forms import PreferencesForm
from planner.reminders.transports import is_mail_set_up
from planner.reminders.views.reader import zone_of
from planner.workspaces.access import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: MemberRequest) -> HttpResponse:
    """My own, and nobody else's."""
    posted = request.POST if request.method == "POST" else None
    form = PreferencesForm(reminders.chosen_by(request.membership), request.workspace.working_days, posted)
    if form.is_valid() and form.attempt(
        lambda: reminders.change_preferences(actor=request.membership, values=form.values, now=clock.now())
    ):
        messages.success(request, _("Kept. The next message follows it."))
        return redirect("reminders:preferences", workspace=request.workspace.slug)
    context = {"form": form, "has_mail": is_mail_set_up(), "zone": zone_of(request)}
    return render(request, "planner/reminders/preferences.html", context, status=400 if form.errors else 200)

"""The settings of a workspace: its name and languages, its channels, its audiences."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.forms import (
    AudienceForm,
    BlackoutForm,
    ChannelForm,
    ChannelLimitsForm,
    ChannelStageForm,
    SettingsForm,
)
from planner.workspaces.models import Audience, Blackout, Channel
from planner.workspaces.rules import PLACES, Act, Sector, may
from planner.workspaces.views import posted, status_of

_PAGE = require_http_methods(["GET", "HEAD", "POST"])


@_PAGE
def settings(request: MemberRequest) -> HttpResponse:
    """Name, languages, sectors."""
    form = SettingsForm(request.workspace, posted(request))
    if request.method == "POST":
        workspaces.require(request.membership, Act.MANAGE_SETTINGS)
    if form.is_valid() and form.attempt(
        lambda: workspaces.change_settings(actor=request.membership, now=clock.now(), **form.values())
    ):
        messages.success(request, _("The settings are kept."))
        return redirect("workspaces:settings", workspace=request.workspace.slug)
    workspace = request.workspace
    place = PLACES.get(f"{workspace.country}-{workspace.region}" if workspace.region else workspace.country)
    context = {
        "form": form,
        "place": place.name if place else workspace.country,
        "sectors": [Sector(sector).label for sector in workspace.sectors if sector in Sector.values],
        "may_manage": may(request.membership.level, Act.MANAGE_SETTINGS),
    }
    return render(request, "planner/workspaces/settings.html", context, status=status_of(form))


@require_safe
def channels(request: MemberRequest) -> HttpResponse:
    """Where we publish: those we use, those we do not."""
    found = Channel.objects.filter(workspace=request.workspace).select_related("owner__user", "deputy__user")
    everywhere = list(found)
    context = {
        "used": [channel for channel in everywhere if channel.is_used],
        "unused": [channel for channel in everywhere if not channel.is_used],
        "may_manage": may(request.membership.level, Act.MANAGE_SETTINGS),
    }
    return render(request, "planner/workspaces/channels.html", context)


@_PAGE
def channel(request: MemberRequest, slug: str) -> HttpResponse:
    """One channel: its notes and limits; where it is and who answers for it."""
    one = _channel(request, slug)
    form = ChannelForm(one, posted(request))
    if request.method == "POST":
        workspaces.require(request.membership, Act.MANAGE_SETTINGS)
    if form.is_valid() and form.attempt(
        lambda: workspaces.save_channel(actor=request.membership, channel=one, now=clock.now(), **form.cleaned_data)
    ):
        messages.success(request, _("“%(channel)s” is kept.") % {"channel": one})
        return redirect("workspaces:channels", workspace=request.workspace.slug)
    return _channel_page(request, one, form, ChannelLimitsForm(one), ChannelStageForm(one))


@require_POST
def channel_limits(request: MemberRequest, slug: str) -> HttpResponse:
    """What it is called, what is noted of it and what fits there."""
    workspaces.require(request.membership, Act.MANAGE_SETTINGS)
    one = _channel(request, slug)
    form = ChannelLimitsForm(one, request.POST)
    if form.is_valid() and form.attempt(
        lambda: workspaces.describe_channel(actor=request.membership, channel=one, now=clock.now(), **form.values())
    ):
        messages.success(request, _("“%(channel)s” is kept.") % {"channel": one})
        return redirect("workspaces:channel", workspace=request.workspace.slug, slug=slug)
    return _channel_page(request, one, ChannelForm(one), form, ChannelStageForm(one))


@require_POST
def channel_stage(request: MemberRequest, slug: str) -> HttpResponse:
    """How far we are with it."""
    workspaces.require(request.membership, Act.MANAGE_SETTINGS)
    one = _channel(request, slug)
    form = ChannelStageForm(one, request.POST)
    if form.is_valid() and form.attempt(
        lambda: workspaces.move_channel_on(actor=request.membership, channel=one, now=clock.now(), **form.cleaned_data)
    ):
        messages.success(request, _("“%(channel)s” is kept.") % {"channel": one})
        return redirect("workspaces:channel", workspace=request.workspace.slug, slug=slug)
    return _channel_page(request, one, ChannelForm(one), ChannelLimitsForm(one), form)


def _channel(request: MemberRequest, slug: str) -> Channel:
    found = Channel.objects.filter(workspace=request.workspace, slug=slug)
    one = found.select_related("workspace", "owner__user", "deputy__user").first()
    if one is None:
        raise Http404
    return one


def _channel_page(
    request: MemberRequest, one: Channel, form: ChannelForm, limits: ChannelLimitsForm, stage: ChannelStageForm
) -> HttpResponse:
    context = {
        "channel": one,
        "form": form,
        "limits_form": limits,
        "stage_form": stage,
        "may_manage": may(request.membership.level, Act.MANAGE_SETTINGS),
    }
    status = max(status_of(form), status_of(limits), status_of(stage))
    return render(request, "planner/workspaces/channel.html", context, status=status)


@require_POST
def use_channel(request: MemberRequest, slug: str) -> HttpResponse:
    """Use it, or no longer."""
    one = Channel.objects.filter(workspace=request.workspace, slug=slug).first()
    if one is None:
        raise Http404
    is_used = request.POST.get("use") == "yes"
    workspaces.use_channel(actor=request.membership, channel=one, is_used=is_used, now=clock.now())
    sentence = _("“%(channel)s” is offered for new posts.") if is_used else _("“%(channel)s” is no longer offered.")
    messages.success(request, sentence % {"channel": one})
    return redirect("workspaces:channels", workspace=request.workspace.slug)


@_PAGE
def blackouts(request: MemberRequest) -> HttpResponse:
    """The days that are closed to new publications."""
    form = BlackoutForm(posted(request))
    if request.method == "POST":
        workspaces.require(request.membership, Act.MANAGE_SETTINGS)
    if form.is_valid() and form.attempt(
        lambda: workspaces.add_blackout(actor=request.membership, now=clock.now(), **form.cleaned_data)
    ):
        messages.success(request, _("Nothing new can be planned on these days."))
        return redirect("workspaces:blackouts", workspace=request.workspace.slug)
    context = {
        "form": form,
        "blackouts": Blackout.objects.filter(workspace=request.workspace).order_by("-starts_on"),
        "may_manage": may(request.membership.level, Act.MANAGE_SETTINGS),
    }
    return render(request, "planner/workspaces/blackouts.html", context, status=status_of(form))


@require_POST
def remove_blackout(request: MemberRequest, blackout: int) -> HttpResponse:
    """Open these days again."""
    one = Blackout.objects.filter(workspace=request.workspace, pk=blackout).first()
    if one is None:
        raise Http404
    workspaces.remove_blackout(actor=request.membership, blackout=one, now=clock.now())
    messages.success(request, _("Publications can be planned on these days again."))
    return redirect("workspaces:blackouts", workspace=request.workspace.slug)


@_PAGE
def audiences(request: MemberRequest) -> HttpResponse:
    """Whom we speak to, in precise sentences."""
    form = AudienceForm(posted(request))
    if request.method == "POST":
        workspaces.require(request.membership, Act.PLAN)
    if form.is_valid() and form.attempt(
        lambda: workspaces.add_audience(actor=request.membership, now=clock.now(), **form.cleaned_data)
    ):
        messages.success(request, _("The audience is in the list."))
        return redirect("workspaces:audiences", workspace=request.workspace.slug)
    context = {
        "form": form,
        "audiences": Audience.objects.filter(workspace=request.workspace).order_by("-is_used", "sentence"),
        "may_plan": may(request.membership.level, Act.PLAN),
    }
    return render(request, "planner/workspaces/audiences.html", context, status=status_of(form))


@require_POST
def use_audience(request: MemberRequest, audience: int) -> HttpResponse:
    """Offer it, or no longer."""
    one = Audience.objects.filter(workspace=request.workspace, pk=audience).first()
    if one is None:
        raise Http404
    is_used = request.POST.get("use") == "yes"
    workspaces.use_audience(actor=request.membership, audience=one, is_used=is_used, now=clock.now())
    return redirect("workspaces:audiences", workspace=request.workspace.slug)

"""When, where and who: moving a post with its effects shown first, its channels, its people."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from planner.base import clock
from planner.base.forms import OperationForm, next_page
from planner.posts import operations as posts
from planner.posts.forms import MoveForm, PeopleForm, day_input, hour_input
from planner.posts.models import Post
from planner.posts.rules import WallTime
from planner.posts.views.found import placement_of, post_of
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Channel
from planner.workspaces.rules import Act

# ---- the date


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: MemberRequest, post: int) -> HttpResponse:
    """Another day and hour. `act=preview` shows which work follows; without it the move is made at once."""
    workspaces.require(request.membership, Act.PLAN)
    found = post_of(request, post)
    form = MoveForm(found, request.POST or None, initial=_present(request, found))
    effects: posts.Effects | None = None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if request.POST.get("act") == "preview":
            step = posts.step_of(found, form.planned(), values["placement"], values["version"])
            if form.attempt(lambda: _foreseen(request, step)):
                effects = form.outcome
        elif form.attempt(
            lambda: posts.move(
                post=found,
                actor=request.membership,
                to=form.planned(),
                placement=values["placement"],
                version=values["version"],
                now=clock.now(),
            )
        ):
            messages.success(request, _moved(form.outcome))
            for words in posts.stopped(form.outcome, clock.now()):
                messages.warning(request, words)
            return redirect(next_page(request, found.link))
    return render(
        request,
        "planner/posts/move.html",
        {
            "post": found,
            "form": form,
            "effects": effects,
            "next": next_page(request, ""),
        },
        status=form.refusal.status if form.refusal else 200,
    )


def _present(request: MemberRequest, post: Post) -> dict[str, object]:
    """The date as it is, or the one that a link asked for."""
    local = workspaces.working_calendar(request.workspace).local(post.planned_at) if post.planned_at else None
    present = {"on": local and local.date(), "at": local and local.time(), "version": post.version}
    asked = {name: request.GET[name] for name in ("on", "at") if request.GET.get(name)}
    return {**present, **asked}


def _moved(post: Post) -> str:
    if post.planned_at is None:
        return _("The post has no date any more. Its work waits with it.")
    return _("The post is moved; its unfinished work follows.")


def _foreseen(request: MemberRequest, step: posts.Step) -> posts.Effects:
    effects = posts.foresee(actor=request.membership, steps=[step], now=clock.now())
    for _post, refusal in effects.refused:
        raise refusal
    return effects


# ---- channels


class ChannelForm(OperationForm):
    """One more channel; without a day, at the hour of the post."""

    channel = forms.ModelChoiceField(label=gettext_lazy("Channel"), queryset=Channel.objects.none())
    on = forms.DateField(label=gettext_lazy("Publication"), required=False, widget=day_input())
    at = forms.TimeField(label=gettext_lazy("Hour"), required=False, widget=hour_input())

    def __init__(self, post: Post, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        present = [one.channel_id for one in post.placements.all() if one.cancelled_at is None]
        field = self.fields["channel"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = post.workspace.channels.used().exclude(pk__in=present)

    def wall(self) -> WallTime | None:
        on, at = self.cleaned_data["on"], self.cleaned_data["at"]
        return WallTime(on, at) if on and at else None


@require_http_methods(["GET", "HEAD", "POST"])
def add_placement(request: MemberRequest, post: int) -> HttpResponse:
    """Publish on one more channel."""
    workspaces.require(request.membership, Act.PLAN)
    found = post_of(request, post)
    form = ChannelForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        channel = form.cleaned_data["channel"]
        if form.attempt(
            lambda: posts.add_placement(
                post=found, channel=channel, actor=request.membership, to=form.wall(), now=clock.now()
            )
        ):
            messages.success(request, _("%(channel)s is added.") % {"channel": channel})
            return redirect(f"{found.link}#channels")
    return _form_page(request, found, form, _("Add a channel"), _("Add"), _("Without a day, it follows the post."))


@require_POST
def cancel_placement(request: MemberRequest, post: int, placement: int) -> HttpResponse:
    """Not on that channel after all."""
    found = post_of(request, post)
    place = placement_of(found, placement)
    posts.cancel_placement(post=found, placement=place, actor=request.membership, now=clock.now())
    messages.success(request, _("%(channel)s is taken away.") % {"channel": place.channel})
    return redirect(f"{found.link}#channels")


# ---- people


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: MemberRequest, post: int) -> HttpResponse:
    """Who writes, who answers, who stands in."""
    workspaces.require(request.membership, Act.PLAN)
    found = post_of(request, post)
    form = PeopleForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if form.attempt(
            lambda: posts.update_frame(
                post=found, actor=request.membership, values=form.values(), version=version, now=clock.now()
            )
        ):
            messages.success(request, _("The people of the post are saved; their open work follows."))
            return redirect(f"{found.link}#people")
    hint = _("Open work of these roles goes to the people named here.")
    return _form_page(request, found, form, _("The people of this post"), _("Save"), hint)


def _form_page(
    request: MemberRequest, post: Post, form: OperationForm, heading: str, button: str, hint: str = ""
) -> HttpResponse:
    return render(
        request,
        "planner/posts/act.html",
        {"post": post, "form": form, "act": heading, "button": button, "hint": hint},
        status=form.refusal.status if form.refusal else 200,
    )


# ---- one piece of work


@require_POST
def unpin(request: MemberRequest, post: int, item: int) -> HttpResponse:
    """Let the date of a piece of work follow the post again."""
    found = post_of(request, post)
    pinned = WorkItem.objects.about(found).filter(pk=item).first()
    if pinned is None:
        raise Http404
    posts.unpin(item=pinned, post=found, actor=request.membership, now=clock.now())
    messages.success(request, _("The date follows the post again."))
    return redirect(next_page(request, f"{found.link}#work-{pinned.pk}"))

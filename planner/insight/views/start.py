"""The first page: four questions that open a workspace with its playbook, or a look at the sample.

It lives above the posts because the sample month does.
"""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from planner.base import clock, language
from planner.base.errors import NotAllowed
from planner.base.forms import OperationForm
from planner.playbook import operations as playbook
from planner.posts import operations as posts
from planner.workspaces import operations as workspaces
from planner.workspaces.models import User, Workspace
from planner.workspaces.rules import PLACES, Sector


def _places() -> list[tuple[str, Any]]:
    return [(code, place.name) for code, place in PLACES.items()]


class StartForm(OperationForm):
    """Name, language, place, sector."""

    name = forms.CharField(
        label=_("What is your organisation called?"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )
    language = forms.ChoiceField(
        label=_("In which language do you write first?"), choices=[("fr", _("French")), ("en", _("English"))]
    )
    place = forms.ChoiceField(
        label=_("Where are you?"),
        choices=_places,
        help_text=_("For the public holidays, the time zone, and the dates that come back every year."),
    )
    sectors = forms.MultipleChoiceField(
        label=_("In which sectors do you speak?"),
        choices=Sector.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For the words that the law watches. Tick none if none is yours."),
    )

    def open(self, user: User) -> Workspace:
        """The workspace with its playbook, both or neither."""
        place = PLACES[self.cleaned_data["place"]]
        now = clock.now()
        with transaction.atomic():
            workspace = workspaces.create_workspace(
                actor=user,
                name=self.cleaned_data["name"],
                language=self.cleaned_data["language"],
                country=place.country,
                region=place.region,
                sectors=self.cleaned_data["sectors"],
                now=now,
            )
            playbook.equip(workspace=workspace, now=now)
        return workspace


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Four questions, one button, then the desk."""
    user = _opener(request)
    form = StartForm(request.POST if request.method == "POST" else None, initial={"language": language.current()})
    if request.method == "POST" and form.is_valid() and form.attempt(lambda: form.open(user)):
        return redirect("insight:desk", workspace=form.outcome.slug)
    sample = posts.samples_to_join().exists()
    status = form.refusal.status if form.refusal else 200
    return render(request, "planner/insight/start.html", {"form": form, "sample": sample}, status=status)


@login_required
@require_POST
def look_at_sample(request: HttpRequest) -> HttpResponse:
    """Enter the sample workspace that `up --demo` opened, before or after the four questions."""
    joined = posts.join_sample(user=_opener(request), now=clock.now())
    return redirect("insight:desk", workspace=joined[0].workspace.slug) if joined else redirect("home")


def _opener(request: HttpRequest) -> User:
    """Whoever may open a workspace may do both."""
    user = request.user
    assert isinstance(user, User)
    if not workspaces.may_open_a_workspace(user):
        raise NotAllowed(_("Only somebody who manages a workspace here may open another one."))
    return user

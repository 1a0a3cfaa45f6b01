"""Ways in: the first account, a one-time link, an invitation. Looking at a link never uses it; only a button does."""

from allauth.account.utils import perform_login
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from planner.base import clock, language
from planner.workspaces import operations as workspaces
from planner.workspaces.forms import AcceptForm, FirstAccountForm, SignInForm
from planner.workspaces.models import SignInLink, User
from planner.workspaces.views import posted, status_of

_DOOR = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters("password")
@never_cache
@_DOOR
def one_time_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link that the server printed: the very first account, or signing in again."""
    link = workspaces.find_sign_in_link(token, now=clock.now())
    if link is None:
        return _spent(request, _("Ask whoever runs the server for another: python3 manage.py sign_in_link EMAIL"))
    return _first_account(request, token) if link.user is None else _sign_in(request, token, link)


def _first_account(request: HttpRequest, token: str) -> HttpResponse:
    form = FirstAccountForm(posted(request))
    if request.method == "POST" and form.is_valid():
        opened = form.attempt(
            lambda: workspaces.first_account(
                token=token, language=language.current(), now=clock.now(), **form.cleaned_data
            )
        )
        if opened:
            return _enter(request, form.outcome, reverse("start"))
    return render(request, "planner/workspaces/first_account.html", {"form": form}, status=status_of(form))


def _sign_in(request: HttpRequest, token: str, link: SignInLink) -> HttpResponse:
    form = SignInForm(posted(request))
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password"]
        if form.attempt(lambda: workspaces.use_sign_in_link(token=token, password=password, now=clock.now())):
            return _enter(request, form.outcome, reverse("home"))
    return render(
        request, "planner/workspaces/sign_in.html", {"form": form, "person": link.user}, status=status_of(form)
    )


@sensitive_post_parameters("password")
@never_cache
@_DOOR
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites, and to what; then an account if there is none, or signing in if there is one."""
    found = workspaces.find_invitation(token, now=clock.now())
    if found is None:
        return _spent(request, _("Ask the colleague who invited you for another link."))
    user = request.user if isinstance(request.user, User) else None
    has_account = user is None and User.objects.filter(email__iexact=found.email).exists()
    if has_account and request.method == "POST":
        return redirect_to_login(request.get_full_path())
    home = reverse("insight:desk", kwargs={"workspace": found.workspace.slug})
    if user and request.method == "POST":
        workspaces.accept_invitation(token=token, user=user, now=clock.now())
        return redirect(home)
    form = AcceptForm(posted(request), initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        joined = form.attempt(
            lambda: workspaces.accept_invitation(
                token=token, language=language.current(), now=clock.now(), **form.cleaned_data
            )
        )
        if joined:
            return _enter(request, form.outcome.user, home)
    context = {"invitation": found, "form": form, "has_account": has_account, "here": request.get_full_path()}
    return render(request, "planner/workspaces/invitation.html", context, status=status_of(form))


def _enter(request: HttpRequest, user: User, page: str) -> HttpResponse:
    """Through the door of the accounts, so that a second factor is still asked."""
    response: HttpResponse = perform_login(request, user, redirect_url=page)
    return response


def _spent(request: HttpRequest, what_to_do: str) -> HttpResponse:
    return render(request, "planner/workspaces/link_spent.html", {"what_to_do": what_to_do}, status=410)

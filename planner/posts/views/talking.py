"""The conversation, the files and the consents of a post."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock
from planner.base.forms import OperationForm
from planner.posts import operations as posts
from planner.posts.forms import AltForm, CommentForm, ConsentForm, UploadForm
from planner.posts.models import Consent, Post, Upload
from planner.posts.views.found import post_of
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.rules import Act

RASTER = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
"""Images that a browser draws without running anything: only these are shown, all else is downloaded."""


@require_POST
def comment(request: MemberRequest, post: int) -> HttpResponse:
    """A remark; a refused one comes back with its words."""
    workspaces.require(request.membership, Act.COMMENT)
    found = post_of(request, post)
    form = CommentForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        if form.attempt(lambda: posts.comment(post=found, actor=request.membership, now=clock.now(), **said)):
            return redirect(f"{found.link}#talk")
    return render(
        request,
        "planner/posts/act.html",
        {"post": found, "form": form, "act": _("Your remark"), "button": _("Send")},
        status=form.refusal.status if form.refusal else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: MemberRequest, post: int) -> HttpResponse:
    """Add a file."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file: UploadedFile = form.cleaned_data["file"]
        alt = {found.language: form.cleaned_data["alt"]} if form.cleaned_data["alt"] else {}
        if form.attempt(
            lambda: posts.add_upload(post=found, actor=request.membership, file=file, alt=alt, now=clock.now())
        ):
            messages.success(request, _("The file is added."))
            return redirect(f"{found.link}#files")
    return render(
        request,
        "planner/posts/upload.html",
        {"post": found, "form": form},
        status=form.refusal.status if form.refusal else 200,
    )


def _upload(post: Post, upload: int) -> Upload:
    found = post.uploads.filter(pk=upload).first()
    if found is None:
        raise Http404
    return found


@require_safe
def file(request: MemberRequest, post: int, upload: int) -> FileResponse:
    """The file itself, for members: an attachment unless it is a raster image, and never trusted by the browser."""
    found = _upload(post_of(request, post), upload)
    is_image = found.media_type in RASTER
    try:
        content = found.file.open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(
        content,
        as_attachment=not is_image,
        filename=found.name,
        content_type=found.media_type if is_image else "application/octet-stream",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: MemberRequest, post: int, upload: int) -> HttpResponse:
    """What one sees in an image, in each language."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    one = _upload(found, upload)
    form = AltForm(request.workspace.languages, request.POST or None, initial=one.alt)
    if request.method == "POST" and form.is_valid():
        alt = form.cleaned_data
        if form.attempt(lambda: posts.describe_upload(upload=one, actor=request.membership, alt=alt, now=clock.now())):
            messages.success(request, _("The description is saved."))
            return redirect(f"{found.link}#files")
    return render(
        request,
        "planner/posts/act.html",
        {
            "post": found,
            "form": form,
            "act": _("What one sees in %(file)s") % {"file": one.name},
            "button": _("Save"),
            "hint": _("For those who cannot see it. In a sentence, without “image of”."),
        },
        status=form.refusal.status if form.refusal else 200,
    )


@require_POST
def remove_file(request: MemberRequest, post: int, upload: int) -> HttpResponse:
    """Take a file away."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    posts.remove_upload(upload=_upload(found, upload), actor=request.membership, now=clock.now())
    messages.success(request, _("The file is taken away."))
    return redirect(f"{found.link}#files")


# ---- consents


@require_http_methods(["GET", "HEAD", "POST"])
def give_consent(request: MemberRequest, post: int) -> HttpResponse:
    """Write down that somebody agreed to be shown or quoted. `?person=` names somebody who is shown already."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    today = workspaces.working_calendar(request.workspace).local(clock.now()).date()
    form = ConsentForm(found, request.POST or None, initial={"given_on": today, "person": request.GET.get("person")})
    if request.method == "POST" and form.is_valid():
        given = form.given()
        if form.attempt(lambda: posts.give_consent(post=found, actor=request.membership, given=given, now=clock.now())):
            messages.success(request, _("The consent is written down."))
            return redirect(f"{found.link}#consents")
    return render(
        request,
        "planner/posts/act.html",
        {
            "post": found,
            "form": form,
            "act": _("Write down a consent"),
            "button": _("Keep the consent"),
            "hint": _("Whoever is shown or quoted says yes before others see it, and may take it back at any time."),
        },
        status=form.refusal.status if form.refusal else 200,
    )


def _consent(post: Post, consent: int) -> Consent:
    found: Consent | None = post.consents.filter(pk=consent).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def change_consent(request: MemberRequest, post: int, consent: int) -> HttpResponse:
    """Put right what was written down, or what it covers since."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    one = _consent(found, consent)
    form = ConsentForm(found, request.POST or None, consent=one)
    if request.method == "POST" and form.is_valid():
        given = form.given()
        if form.attempt(
            lambda: posts.change_consent(consent=one, actor=request.membership, given=given, now=clock.now())
        ):
            messages.success(request, _("The consent is changed."))
            return redirect(f"{found.link}#consents")
    return render(
        request,
        "planner/posts/act.html",
        {
            "post": found,
            "form": form,
            "act": _("Change the consent of %(person)s") % {"person": one.person},
            "button": _("Keep the consent"),
            "hint": _("Only what the person agreed to: ask them before it covers more."),
        },
        status=form.refusal.status if form.refusal else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_consent(request: MemberRequest, post: int, consent: int) -> HttpResponse:
    """The person takes it back: first what follows, then the act."""
    workspaces.require(request.membership, Act.WRITE)
    found = post_of(request, post)
    one = _consent(found, consent)
    if request.method == "POST":
        posts.withdraw_consent(consent=one, actor=request.membership, now=clock.now())
        messages.success(request, _("The consent is withdrawn: %(person)s no longer agrees.") % {"person": one.person})
        return redirect(f"{found.link}#consents")
    return render(
        request,
        "planner/posts/act.html",
        {
            "post": found,
            "form": OperationForm(),
            "act": _("%(person)s takes their consent back") % {"person": one.person},
            "button": _("Withdraw the consent"),
            "hint": _(
                "At any time, without a reason. Author and answerer are told at once; what is out already is taken "
                "down by people. It cannot be undone: if the person agrees again, write down a new consent."
            ),
        },
    )

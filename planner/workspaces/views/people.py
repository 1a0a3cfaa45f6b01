"""Members, their levels, roles and absences; what is mine; who may do what."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock
from planner.base.forms import OperationForm, next_page
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.forms import AbsenceForm, InviteForm, JobForm, LevelForm, ProfileForm, RoleForm, SecondForm
from planner.workspaces.models import Absence, Invitation, Membership, RoleAssignment
from planner.workspaces.rules import MAY, Act, EditorialRole, Level, may
from planner.workspaces.views import posted, status_of

_PAGE = require_http_methods(["GET", "HEAD", "POST"])


# ---- the list, and inviting


@dataclass
class Row:
    """One member as the list shows them."""

    member: Membership
    roles: list[RoleAssignment] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)


@_PAGE
def people(request: MemberRequest) -> HttpResponse:
    """Everybody, with what they hold and when they are away; a manager invites from here."""
    form = InviteForm(posted(request))
    if request.method == "POST":
        workspaces.require(request.membership, Act.MANAGE_PEOPLE)
        if form.is_valid() and form.attempt(
            lambda: workspaces.invite(actor=request.membership, now=clock.now(), **form.cleaned_data)
        ):
            request.session["invited"] = _link_of(*form.outcome)
            return redirect("workspaces:people", workspace=request.workspace.slug)
    return render(request, "planner/workspaces/people.html", _people(request, form), status=status_of(form))


def _link_of(invitation: Invitation, token: str) -> dict[str, str]:
    """The personal link, shown once to whoever invites: only its digest is kept."""
    address = settings.PLANNER_URL + reverse("invitation", kwargs={"token": token})
    return {"who": invitation.name or invitation.email, "address": address}


def _people(request: MemberRequest, form: InviteForm) -> dict[str, Any]:
    now = clock.now()
    rows = {member.pk: Row(member) for member in _members(request).order_by("user__name")}
    held = RoleAssignment.objects.filter(workspace=request.workspace, person__in=rows)
    held = held.select_related("second__user").order_by("position", "pk")
    for assignment in held:
        rows[assignment.person_id].roles.append(assignment)
    for absence in Absence.objects.filter(membership__in=rows, ends_on__gte=timezone.localdate(now)):
        rows[absence.membership_id].absences.append(absence)
    taken = {assignment.role for assignment in held}
    return {
        "rows": list(rows.values()),
        "vacant": [role.label for role in EditorialRole if role not in taken],
        "invitations": list(Invitation.objects.open(now).filter(workspace=request.workspace)),
        "invited": request.session.pop("invited", None),
        "form": form,
        "may_manage": may(request.membership.level, Act.MANAGE_PEOPLE),
        "mail_is_set_up": bool(settings.EMAIL_URL),
    }


@require_POST
def revoke(request: MemberRequest, invitation: int) -> HttpResponse:
    """Take an invitation back."""
    found = Invitation.objects.filter(workspace=request.workspace, pk=invitation).first()
    if found is None:
        raise Http404
    workspaces.revoke_invitation(actor=request.membership, invitation=found, now=clock.now())
    messages.success(request, _("The invitation of %(email)s no longer works.") % {"email": found.email})
    return redirect("workspaces:people", workspace=request.workspace.slug)


# ---- one member


@require_safe
def person(request: MemberRequest, member: int) -> HttpResponse:
    """One member: level, roles with their second persons, absences."""
    return _person_page(request, _member(request, member))


@require_POST
def change_level(request: MemberRequest, member: int) -> HttpResponse:
    found = _member(request, member)
    workspaces.require(request.membership, Act.MANAGE_PEOPLE)
    form = LevelForm(request.POST)
    if form.is_valid() and form.attempt(
        lambda: workspaces.change_level(
            actor=request.membership, member=found, level=form.cleaned_data["level"], now=clock.now()
        )
    ):
        return _back(request, found, _("The access level is changed."))
    return _person_page(request, found, level_form=form)


@require_POST
def describe(request: MemberRequest, member: int) -> HttpResponse:
    found = _member(request, member)
    if found != request.membership:
        workspaces.require(request.membership, Act.MANAGE_PEOPLE)
    form = JobForm(request.POST)
    if form.is_valid() and form.attempt(
        lambda: workspaces.describe_member(actor=request.membership, member=found, now=clock.now(), **form.cleaned_data)
    ):
        return _back(request, found, _("The job is kept."))
    return _person_page(request, found, job_form=form)


@require_POST
def assign_role(request: MemberRequest, member: int) -> HttpResponse:
    found = _member(request, member)
    workspaces.require(request.membership, Act.MANAGE_PEOPLE)
    form = RoleForm(found, _roles_of(found), request.POST)
    if form.is_valid() and form.attempt(
        lambda: workspaces.assign_role(actor=request.membership, member=found, now=clock.now(), **form.cleaned_data)
    ):
        return _back(request, found, _("The role is given."))
    return _person_page(request, found, role_form=form)


@require_POST
def set_second(request: MemberRequest, assignment: int) -> HttpResponse:
    held = _assignment(request, assignment)
    workspaces.require(request.membership, Act.MANAGE_PEOPLE)
    form = SecondForm(held.person, request.POST)
    if form.is_valid():
        second = form.cleaned_data["second"]
        workspaces.set_second(actor=request.membership, assignment=held, second=second, now=clock.now())
        return _back(request, held.person, _("The second person is changed."))
    raise Http404


@require_POST
def put_first(request: MemberRequest, assignment: int) -> HttpResponse:
    held = _assignment(request, assignment)
    workspaces.put_first(actor=request.membership, assignment=held, now=clock.now())
    return _back(request, held.person, _("%(person)s comes first now.") % {"person": held.person})


@require_POST
def remove_role(request: MemberRequest, assignment: int) -> HttpResponse:
    held = _assignment(request, assignment)
    workspaces.remove_role(actor=request.membership, assignment=held, now=clock.now())
    return _back(request, held.person, _("The role is taken back."))


@require_POST
def add_absence(request: MemberRequest, member: int) -> HttpResponse:
    found = _member(request, member)
    form = AbsenceForm(request.POST)
    if found != request.membership:
        workspaces.require(request.membership, Act.MANAGE_PEOPLE)
    if form.is_valid() and form.attempt(
        lambda: workspaces.add_absence(actor=request.membership, member=found, now=clock.now(), **form.cleaned_data)
    ):
        return _back(request, found, _("The absence is announced: the second persons step in."))
    return _person_page(request, found, absence_form=form)


@require_POST
def remove_absence(request: MemberRequest, absence: int) -> HttpResponse:
    found = Absence.objects.filter(membership__workspace=request.workspace, pk=absence)
    one = found.select_related("membership__user", "membership__workspace").first()
    if one is None:
        raise Http404
    workspaces.remove_absence(actor=request.membership, absence=one, now=clock.now())
    return _back(request, one.membership, _("The absence is cancelled."))


@dataclass(frozen=True)
class Held:
    """A role of the member, with the form of its second person, and who comes first in it."""

    assignment: RoleAssignment
    form: SecondForm
    first: RoleAssignment

    @property
    def is_first(self) -> bool:
        return self.first.pk == self.assignment.pk


def _person_page(request: MemberRequest, member: Membership, **bound: OperationForm) -> HttpResponse:
    held = _held(member)
    context: dict[str, Any] = {
        "member": member,
        "held": held,
        "absences": Absence.objects.filter(membership=member, ends_on__gte=timezone.localdate(clock.now())),
        "level_form": LevelForm(initial={"level": member.level}),
        "job_form": JobForm(
            initial={name: getattr(member, name) for name in ("job", "department", "is_shared_account")}
        ),
        "role_form": RoleForm(member, [one.assignment.role for one in held]),
        "absence_form": AbsenceForm(),
        "may_manage": may(request.membership.level, Act.MANAGE_PEOPLE),
        "is_me": member == request.membership,
        **bound,
    }
    status = max((status_of(form) for form in bound.values()), default=200)
    return render(request, "planner/workspaces/person.html", context, status=status)


def _held(member: Membership) -> list[Held]:
    """The member's roles, in two queries and one for the people whom the forms offer."""
    roles = _roles_of(member)
    line = RoleAssignment.objects.filter(workspace=member.workspace, role__in=roles)
    line = line.select_related("person__user", "second__user").order_by("position", "pk")
    first: dict[str, RoleAssignment] = {}
    for assignment in line:
        first.setdefault(assignment.role, assignment)
    mine = sorted((one for one in line if one.person_id == member.pk), key=lambda one: roles.index(one.role))
    forms = [SecondForm(member, initial={"second": one.second_id}, auto_id=f"id_{one.pk}_%s") for one in mine]
    return [Held(one, form, first[one.role]) for one, form in zip(mine, forms, strict=True)]


# ---- what is mine


@_PAGE
def me(request: MemberRequest) -> HttpResponse:
    """My name, language, clock and phone; my absences; the doors to my password and my second factor."""
    form = ProfileForm(request.user, posted(request))
    if form.is_valid() and form.attempt(
        lambda: workspaces.change_profile(actor=request.user, now=clock.now(), **form.cleaned_data)
    ):
        messages.success(request, _("Your settings are kept."))
        return redirect("workspaces:me", workspace=request.workspace.slug)
    context = {
        "form": form,
        "member": request.membership,
        "absences": Absence.objects.filter(membership=request.membership, ends_on__gte=timezone.localdate(clock.now())),
        "absence_form": AbsenceForm(),
        "roles": [EditorialRole(role).label for role in _roles_of(request.membership)],
    }
    return render(request, "planner/workspaces/me.html", context, status=status_of(form))


# ---- who may do what


@require_safe
def rights(request: MemberRequest) -> HttpResponse:
    """The table of `rules.py`, as it is."""
    table = [(act.label, [act in MAY[level] for level in Level]) for act in Act]
    return render(request, "planner/workspaces/rights.html", {"levels": list(Level), "table": table})


# ---- finding


def _members(request: MemberRequest) -> Any:
    return Membership.objects.active().with_people().filter(workspace=request.workspace)


def _member(request: MemberRequest, member: int) -> Membership:
    found: Membership | None = _members(request).filter(pk=member).first()
    if found is None:
        raise Http404
    return found


def _roles_of(member: Membership) -> list[str]:
    """In the order of the table of roles."""
    held = set(RoleAssignment.objects.filter(person=member).values_list("role", flat=True))
    return [role for role in EditorialRole.values if role in held]


def _assignment(request: MemberRequest, assignment: int) -> RoleAssignment:
    found = RoleAssignment.objects.filter(workspace=request.workspace, pk=assignment)
    one = found.select_related("person__user", "person__workspace", "second__user").first()
    if one is None:
        raise Http404
    return one


def _back(request: MemberRequest, member: Membership, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    page = reverse("workspaces:person", kwargs={"workspace": request.workspace.slug, "member": member.pk})
    return redirect(next_page(request, page))

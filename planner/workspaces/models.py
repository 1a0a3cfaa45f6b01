"""People and workspaces: tables, constraints, choices."""

from datetime import time
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from planner.base.language import pick
from planner.workspaces.queries import (
    AbsenceQuerySet,
    BlackoutQuerySet,
    ChannelQuerySet,
    DutyQuerySet,
    InvitationQuerySet,
    MembershipQuerySet,
    SignInLinkQuerySet,
    UserQuerySet,
)
from planner.workspaces.rules import ChannelStage, EditorialRole, Level, Pace


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def able_to_sign_in(self) -> UserQuerySet:
        return self.get_queryset().able_to_sign_in()

    def _create(self, email: str, password: str | None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self._create(email, password, **fields)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self._create(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person. The e-mail address is the login; `time_zone` empty means that of the workspace shown."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    phone = models.CharField(_("phone, for urgent calls"), max_length=40, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self).split(" ")[0]

    @property
    def initials(self) -> str:
        words = [word for word in str(self).replace("-", " ").split() if word[0].isalpha()]
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def monday_to_friday() -> list[int]:
    return [0, 1, 2, 3, 4]


class Workspace(models.Model):
    """One organisation, or one team of it. Wall times are kept in `time_zone`; days are 0 Monday to 6 Sunday."""

    name = models.CharField(_("name of the organisation"), max_length=150)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    languages = models.JSONField(_("languages of the texts"), default=list)
    official_language = models.CharField(_("language that may never be missing"), max_length=2, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris")
    country = models.CharField(_("country"), max_length=2, default="FR")
    region = models.CharField(_("region or canton"), max_length=8, blank=True)
    sectors = models.JSONField(_("sectors"), default=list, blank=True)
    working_days = models.JSONField(_("working days"), default=monday_to_friday)
    day_starts = models.TimeField(_("the day starts at"), default=time(9, 0))
    day_ends = models.TimeField(_("the day ends at"), default=time(17, 0))
    is_sample = models.BooleanField(_("sample"), default=False)
    is_alerted = models.BooleanField(_("alert"), default=False)
    """Something is wrong here: every page shows what. Spares the pages of calm days a query."""
    created_at = models.DateTimeField(_("opened on"))

    class Meta:
        ordering = ("name",)
        verbose_name = _("workspace")
        verbose_name_plural = _("workspaces")
        constraints = (
            models.CheckConstraint(condition=Q(day_starts__lt=F("day_ends")), name="the_day_starts_before_it_ends"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def main_language(self) -> str:
        return self.languages[0] if self.languages else "fr"


class Membership(models.Model):
    """A person in a workspace, with an access level. Who left keeps the row, without rights."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("workspace")
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person"))
    level = models.CharField(_("access level"), max_length=12, choices=Level.choices, default=Level.CONTRIBUTOR)
    job = models.CharField(_("job"), max_length=120, blank=True)
    department = models.CharField(_("department"), max_length=80, blank=True)
    is_shared_account = models.BooleanField(_("shared account"), default=False)
    joined_at = models.DateTimeField(_("joined on"))
    left_at = models.DateTimeField(_("left on"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("user__name",)
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = (models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_person"),)

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_active(self) -> bool:
        return self.left_at is None and self.user.is_active


class RoleAssignment(models.Model):
    """A member who holds an editorial role, and the second person who stands in. Lowest `position` comes first."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="role_assignments", verbose_name=_("workspace")
    )
    role = models.CharField(_("editorial role"), max_length=20, choices=EditorialRole.choices)
    person = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="roles", verbose_name=_("person"))
    second = models.ForeignKey(
        Membership,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="seconded_roles",
        verbose_name=_("second person"),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ("role", "position", "id")
        verbose_name = _("role held")
        verbose_name_plural = _("roles held")
        constraints = (
            models.UniqueConstraint(fields=["workspace", "role", "person"], name="one_assignment_per_role_and_person"),
            models.CheckConstraint(
                condition=Q(second__isnull=True) | ~Q(second=F("person")), name="the_second_is_somebody_else"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.person}"


class Invitation(models.Model):
    """A personal link that opens an account and a membership; works without any mail server."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    level = models.CharField(_("access level"), max_length=12, choices=Level.choices, default=Level.CONTRIBUTOR)
    roles = models.JSONField(_("editorial roles"), default=list, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.email


class SignInLink(models.Model):
    """A one-time link made on the server. Without `user`, it opens the very first account."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = SignInLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user or '-'} {self.created_at:%Y-%m-%d}"


class Absence(models.Model):
    """Days, both ends included, in the workspace's calendar, on which a member is away."""

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="absences", verbose_name=_("member")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason, if you wish"), max_length=120, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ("starts_on",)
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = (
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="an_absence_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"{self.membership}, {self.starts_on} - {self.ends_on}"


class Blackout(models.Model):
    """Days, both ends included, on which nothing new is planned: a vote, a mourning, a move to another site."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="blackouts", verbose_name=_("workspace")
    )
    name = models.CharField(_("why, in a few words"), max_length=120)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    objects = BlackoutQuerySet.as_manager()

    class Meta:
        ordering = ("starts_on",)
        verbose_name = _("blackout window")
        verbose_name_plural = _("blackout windows")
        constraints = (
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="a_blackout_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.starts_on} - {self.ends_on}"


class Duty(models.Model):
    """Whose turn it is to answer the public on one day."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+", verbose_name=_("member"))
    day = models.DateField(_("day"))

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ("day",)
        verbose_name = _("turn of answering")
        verbose_name_plural = _("turns of answering")
        constraints = (models.UniqueConstraint(fields=["workspace", "day"], name="one_answerer_per_day"),)

    def __str__(self) -> str:
        return f"{self.member}, {self.day}"


class HolidayChange(models.Model):
    """What an organisation changes in the legal list: a day of its own (`closed`), or a legal one on which it works."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="holiday_changes", verbose_name=_("workspace")
    )
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=120)
    closed = models.BooleanField(_("closed"), default=True)

    class Meta:
        ordering = ("day",)
        verbose_name = _("change of holiday")
        verbose_name_plural = _("changes of holidays")
        constraints = (models.UniqueConstraint(fields=["workspace", "day"], name="one_change_per_day"),)

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"


class Channel(models.Model):
    """A place where we publish. Limits and notes come from the playbook and stay editable."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="channels", verbose_name=_("workspace")
    )
    slug = models.SlugField(_("short name"), max_length=40)
    title = models.JSONField(_("name"))
    mark = models.CharField(_("mark, two letters"), max_length=2)
    family = models.CharField(_("family"), max_length=20)
    owned = models.BooleanField(_("ours"), default=False)
    limits = models.JSONField(_("limits"), default=dict, blank=True)
    notes = models.JSONField(_("notes"), default=dict, blank=True)
    address = models.URLField(_("address"), blank=True)
    owner = models.ForeignKey(
        Membership,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who answers for it"),
    )
    deputy = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("second person")
    )
    is_used = models.BooleanField(_("we use it"), default=True)
    stage = models.CharField(_("stage"), max_length=10, choices=ChannelStage.choices, default=ChannelStage.REGULAR)
    """Nothing is scheduled on a channel that is still being listened to."""
    stage_since = models.DateTimeField(null=True, editable=False)
    pace = models.PositiveSmallIntegerField(
        _("something appears at least"), choices=Pace.choices, null=True, blank=True
    )
    """Its cadence, in days from one publication to the next; empty while none is declared."""
    paced_since = models.DateTimeField(null=True, editable=False)
    """Since when that cadence counts: it was declared, or the channel was taken into use again."""
    position = models.PositiveSmallIntegerField(default=0)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = (models.UniqueConstraint(fields=["workspace", "slug"], name="one_channel_per_slug"),)

    def __str__(self) -> str:
        return pick(self.title)


class Audience(models.Model):
    """People we speak to, in one precise sentence, ready to be chosen in a post."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="audiences", verbose_name=_("workspace")
    )
    sentence = models.CharField(_("who precisely, in one sentence"), max_length=200)
    is_used = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ("sentence",)
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        constraints = (models.UniqueConstraint(fields=["workspace", "sentence"], name="one_audience_per_sentence"),)

    def __str__(self) -> str:
        return self.sentence

"""Reading people and places."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models

if TYPE_CHECKING:
    from planner.workspaces.models import (
        Absence,
        Blackout,
        Channel,
        Duty,
        Invitation,
        Membership,
        SignInLink,
        User,
        Workspace,
    )


class UserQuerySet(models.QuerySet["User"]):
    def able_to_sign_in(self) -> "UserQuerySet":
        """Without the people of a sample, who never sign in."""
        return self.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(left_at__isnull=True, user__is_active=True)

    def with_people(self) -> "MembershipQuerySet":
        return self.select_related("user", "workspace")


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> "AbsenceQuerySet":
        return self.touching(day, day)

    def touching(self, first: date, last: date) -> "AbsenceQuerySet":
        """Those with at least one day between these two, both included."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)


class BlackoutQuerySet(models.QuerySet["Blackout"]):
    def touching(self, first: date, last: date) -> "BlackoutQuerySet":
        """Those with at least one day between these two, both included."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)


class DutyQuerySet(models.QuerySet["Duty"]):
    def ahead(self, workspace: "Workspace", day: date) -> "DutyQuerySet":
        """From that day on, it included."""
        return self.filter(workspace=workspace, day__gte=day).select_related("member__user").order_by("day")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)


class SignInLinkQuerySet(models.QuerySet["SignInLink"]):
    def usable(self, now: datetime) -> "SignInLinkQuerySet":
        return self.filter(used_at__isnull=True, expires_at__gt=now)


class ChannelQuerySet(models.QuerySet["Channel"]):
    def used(self) -> "ChannelQuerySet":
        return self.filter(is_used=True)

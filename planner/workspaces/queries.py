"""Reading people and places."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from planner.workspaces.models import Absence, Channel, Membership


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(left_at__isnull=True, user__is_active=True)

    def with_people(self) -> "MembershipQuerySet":
        return self.select_related("user", "workspace")


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> "AbsenceQuerySet":
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class ChannelQuerySet(models.QuerySet["Channel"]):
    def used(self) -> "ChannelQuerySet":
        return self.filter(is_used=True)

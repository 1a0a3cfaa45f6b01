"""Who may enter the admin: kept on the person, so that the admin site asks one flag and imports no room."""

from planner.workspaces.models import Membership, User
from planner.workspaces.rules import ADMIN_LEVELS


def keep_admin_door(user: User) -> None:
    """`is_staff` is true exactly while the person plans or manages somewhere (or is a superuser)."""
    somewhere = Membership.objects.active().filter(user=user, level__in=ADMIN_LEVELS).exists()
    user.is_staff = user.is_superuser or somewhere
    User.objects.filter(pk=user.pk).update(is_staff=user.is_staff)

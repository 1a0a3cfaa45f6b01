"""Open the sample workspace, once: a believable month in an invented town, for `up --demo`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from planner.base import clock, language
from planner.posts import operations as posts
from planner.workspaces.models import User, Workspace


class Command(BaseCommand):
    help = "open the sample workspace, unless it is there"

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        owner = User.objects.able_to_sign_in().filter(is_superuser=True).order_by("pk").first()
        if Workspace.objects.filter(is_sample=True).exists():
            if owner is not None:
                posts.join_sample(user=owner, now=now)
        else:
            spoken = owner.language if owner else language.current()
            posts.open_sample_workspace(user=owner, language=spoken, now=now)
        if options["verbosity"]:
            self.stdout.write(_("The sample workspace is there."))

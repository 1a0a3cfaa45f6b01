"""Write a workspace as full as one likes, to look at and to measure: `manage.py seed_demo --posts 10000`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from planner.base import clock
from planner.posts import operations as posts
from planner.workspaces.models import User


class Command(BaseCommand):
    help = "write a demonstration workspace with many posts over 24 months"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--posts", type=int, default=1000, help="how many posts (1000)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same posts (1)")
        parser.add_argument("--member", help="e-mail of an account that shall manage the workspace")

    def handle(self, *args: Any, **options: Any) -> None:
        many, member = options["posts"], None
        if many < 1:
            raise CommandError(_("Give a number of posts, one or more."))
        if options["member"]:
            member = User.objects.filter(email__iexact=options["member"]).first()
            if member is None:
                raise CommandError(_("Nobody here has the address %(email)s.") % {"email": options["member"]})

        def tell(done: int) -> None:
            if options["verbosity"]:
                self.stdout.write(_("%(done)s of %(many)s posts") % {"done": done, "many": many})

        workspace = posts.sow_demo(posts=many, seed=options["seed"], member=member, now=clock.now(), tell=tell)
        self.stdout.write(f"/w/{workspace.slug}/calendar/")

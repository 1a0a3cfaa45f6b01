"""`manage.py sign_in_link [EMAIL]`: lets somebody in who lost the password, or the very first person of all."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from config.bootstrap import terminal_language
from planner.base import clock
from planner.workspaces import operations as workspaces
from planner.workspaces.models import User


class Command(BaseCommand):
    help = "Print a link, valid once, that signs in the person with this address; without one, opens the first account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", nargs="?", default="")
        parser.add_argument("--data", help="folder of the database and the files (default: var/)")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(terminal_language()):
            user = self.person(options["email"])
            token = workspaces.make_sign_in_link(user=user, now=clock.now())
            self.stdout.write(f"{settings.PLANNER_URL}/start/{token}/")

    def person(self, email: str) -> User | None:
        """Who the link is for; None makes the one that opens the first account."""
        if not email and workspaces.needs_first_account():
            return None
        if not email:
            raise CommandError(_("There are accounts already: give the e-mail address of the person to let in."))
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(_("Nobody has the address %(email)s here.") % {"email": email})
        return user

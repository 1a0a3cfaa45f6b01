"""`manage.py sign_in_link EMAIL`: lets somebody in who lost the password, where no mail is set up."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from config.bootstrap import terminal_language
from planner.base import clock
from planner.workspaces import operations as workspaces


class Command(BaseCommand):
    help = "Print a link, valid once, that signs in the person with this e-mail address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--data", help="folder of the database and the files (default: var/)")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(terminal_language()):
            user = get_user_model().objects.filter(email__iexact=options["email"]).first()
            if user is None:
                raise CommandError(_("Nobody has the address %(email)s here.") % {"email": options["email"]})
            token = workspaces.make_sign_in_link(user=user, now=clock.now())
            self.stdout.write(f"{settings.PLANNER_URL}/start/{token}/")

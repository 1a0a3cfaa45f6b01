"""How people enter: by invitation or by a link made on the server, never by signing up alone."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed: an invitation or `manage.py sign_in_link` opens an account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

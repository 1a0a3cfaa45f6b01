"""Opening the account of a person; used by the first link and by invitations."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from planner.base.errors import Invalid, Refused
from planner.workspaces.models import User


def open_account(*, name: str, email: str, password: str, language: str) -> User:
    """A person with a password of their own. Weak passwords and used addresses are refused in words.

    Two requests with the same address at the same instant meet the unique constraint: the caller catches it.
    """
    if not name.strip():
        raise Invalid(_("Say your name: colleagues will see it."), field="name")
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise Refused(_("Somebody here already has this address: choose another."), field="email")
    check_password(password, User(email=email, name=name))
    return User.objects.create_user(email.strip(), password, name=name.strip(), language=language)


def check_password(password: str, user: User) -> None:
    """Raises `Invalid` with every reason why this password is too weak for that person."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Invalid(" ".join(weak.messages), field="password") from weak

"""One-time links made on the server, and the very first account."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Refused
from planner.history import operations as history
from planner.workspaces.models import SignInLink, User
from planner.workspaces.operations.accounts import check_password, open_account
from planner.workspaces.operations.tokens import digest_of, new_token

LINK_LASTS = timedelta(hours=24)

history.register(
    {
        "sign_in_link.made": gettext_lazy("made a sign-in link"),
        "sign_in_link.used": gettext_lazy("signed in with a one-time link"),
        "account.first_opened": gettext_lazy("opened the first account"),
    }
)


def needs_first_account() -> bool:
    """Is there nobody yet who could sign in? The people of a sample do not count."""
    return not User.objects.able_to_sign_in().exists()


def find_sign_in_link(token: str, *, now: datetime) -> SignInLink | None:
    """The link, if it can still be used; looking does not use it."""
    return SignInLink.objects.usable(now).select_related("user").filter(token_digest=digest_of(token)).first()


@transaction.atomic
def make_sign_in_link(*, user: User | None, now: datetime) -> str:
    """A token that signs `user` in, once, within 24 hours; without a user, it opens the very first account."""
    if user is None and not needs_first_account():
        raise Refused(_("There is an account already: make a sign-in link for that person instead."))
    token = new_token()
    link = SignInLink.objects.create(
        user=user, token_digest=digest_of(token), created_at=now, expires_at=now + LINK_LASTS
    )
    history.record(verb="sign_in_link.made", workspace=None, subject=link, data={"for": str(user or "")}, now=now)
    return token


@transaction.atomic
def use_sign_in_link(*, token: str, password: str = "", now: datetime) -> User:
    """Use up the link of a person and return that person, with a new password if one is given.

    The caller opens the session.
    """
    link = find_sign_in_link(token, now=now)
    if link is None or link.user is None or not link.user.is_active:
        raise _spent()
    if password:
        check_password(password, link.user)
    if not SignInLink.objects.usable(now).filter(pk=link.pk).update(used_at=now):
        raise _spent()
    if password:
        link.user.set_password(password)
        link.user.save(update_fields=["password"])
    history.record(verb="sign_in_link.used", workspace=None, actor=link.user, subject=link.user, now=now)
    return link.user


@transaction.atomic
def first_account(*, token: str, name: str, email: str, password: str, language: str = "fr", now: datetime) -> User:
    """Open the account of whoever installed the product, with the link that `up` printed.

    Every other unused first link dies with it: two people who press at the same instant get one account, not two.
    """
    open_links = SignInLink.objects.usable(now).filter(user__isnull=True).order_by("pk").select_for_update(no_key=True)
    digests = {link.token_digest for link in open_links}
    if digest_of(token) not in digests or not needs_first_account():
        raise _spent()
    try:
        with transaction.atomic():
            user = open_account(name=name, email=email, password=password, language=language)
    except IntegrityError:
        raise Refused(_("Somebody here already has this address: choose another."), field="email") from None
    User.objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True)
    user.is_superuser = user.is_staff = True
    SignInLink.objects.filter(user__isnull=True, used_at__isnull=True).update(used_at=now)
    history.record(verb="account.first_opened", workspace=None, actor=user, subject=user, now=now)
    return user


def _spent() -> Refused:
    return Refused(
        _(
            "This link has been used or is too old. Ask whoever runs the server for another: "
            "python3 manage.py sign_in_link EMAIL"
        )
    )

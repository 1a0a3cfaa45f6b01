"""Where messages may leave to: only hosts that whoever runs the installation has named, and never by a redirect."""

from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from planner.base.errors import Invalid


def split(address: str) -> SplitResult:
    """The parts of an address that somebody typed. Raises `Invalid` for one that cannot be read."""
    try:
        parts = urlsplit(address.strip())
        _port = parts.port
    except ValueError as error:
        raise Invalid(_("This address cannot be read: copy it again."), field="address") from error
    if not parts.hostname or any(letter.isspace() or not letter.isprintable() for letter in address.strip()):
        raise Invalid(_("This address cannot be read: copy it again."), field="address")
    return parts


def must_be_named(host: str, port: int | None = None) -> None:
    """Raises `Invalid` for a host that PLANNER_WEBHOOK_HOSTS does not name; a port of its own is named with it."""
    wanted = {f"{host}:{port}"} if port is not None else {host}
    if not wanted & {one.strip().lower() for one in settings.PLANNER_WEBHOOK_HOSTS}:
        raise Invalid(
            _("Messages may not leave to %(host)s: whoever runs this installation names it in PLANNER_WEBHOOK_HOSTS.")
            % {"host": next(iter(wanted))},
            field="address",
        )

"""Which addresses of programs are taken: https, on a named host."""

from django.utils.translation import gettext as _

from planner.base.errors import Invalid
from planner.reminders.transports import hosts

THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


def check(address: str) -> None:
    """Raises `Invalid`, in words. Plain http only towards this very machine, when it is named."""
    parts = hosts.split(address)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and host in THIS_MACHINE):
        raise Invalid(_("The address must begin with https://."), field="address")
    if parts.username or parts.password:
        raise Invalid(_("Leave the name and the password out of the address: each request is signed."), field="address")
    hosts.must_be_named(host, parts.port)

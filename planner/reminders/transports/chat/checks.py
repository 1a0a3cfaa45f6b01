"""Which addresses of chat rooms are taken: known services, named hosts, and nothing that changes the call."""

from django.utils.translation import gettext as _

from planner.base.errors import Invalid
from planner.reminders.transports import hosts

FIXED_HOSTS = {"slack": "hooks.slack.com", "discord": "discord.com"}
"""Services whose address says no host."""
SCHEMES = frozenset(
    {"workflows", "matrix", "matrixs", "mmost", "mmosts", "rocket", "rockets", "ntfy", "ntfys", *FIXED_HOSTS}
)


def check(address: str) -> None:
    """Raises `Invalid`, in words, for an address that we do not call.

    A query could name a file of this machine, another host, or ask not to check certificates: it is refused whole.
    """
    parts = hosts.split(address)
    if parts.scheme not in SCHEMES:
        raise Invalid(
            _("Begin with one of: %(schemes)s.") % {"schemes": ", ".join(f"{one}://" for one in sorted(SCHEMES))},
            field="address",
        )
    if parts.query or parts.fragment:
        raise Invalid(_("Leave out what follows the “?” or the “#” of this address."), field="address")
    if "@" in parts.path:  # another reader would take what stands before it for a token, and what follows for the host
        raise Invalid(_("Write “%2F” for a “/” that stands before the “@” of this address."), field="address")
    if parts.path.strip("/") == "":
        raise Invalid(_("This address does not say which room: it ends after the host."), field="address")
    if fixed := FIXED_HOSTS.get(parts.scheme):
        hosts.must_be_named(fixed)
    else:
        hosts.must_be_named(parts.hostname or "", parts.port)

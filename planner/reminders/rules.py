"""Pure decisions of delivery: states, steps of a profile, when a person may be reached."""

from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from planner.workspaces.models import Membership


class State(TextChoices):
    PENDING = "pending", _("waiting for its hour")
    LEASED = "leased", _("being delivered")
    PAUSED = "paused", _("paused with its post")
    SENT = "sent", _("sent")
    COLLAPSED = "collapsed", _("told with a later one")
    MISSED = "missed", _("missed")
    SUPERSEDED = "superseded", _("replaced after a move")
    CANCELLED = "cancelled", _("no longer needed")
    DEAD = "dead", _("given up")


OPEN_STATES = (State.PENDING.value, State.LEASED.value)


class DeliveryStatus(TextChoices):
    PENDING = "pending", _("waiting")
    SENDING = "sending", _("leaving")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    UNKNOWN = "unknown", _("in doubt")


class Card(Protocol):
    """What a reminder says: a verb and a title, why it matters to the reader, minutes needed, one link."""

    what: str
    why: str
    minutes: int
    link: str
    action: str


class Subject(Protocol):
    """What this room asks of a thing that is due. Work items and posts implement it."""

    pk: Any

    def card(self, language: str) -> Card: ...

    def is_open(self) -> bool: ...

    def person(self, addressee: str) -> "Membership | None": ...

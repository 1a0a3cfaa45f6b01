"""What a transport is given, what it promises, and the three ways in which it may fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from planner.workspaces.models import Membership


@dataclass(frozen=True)
class Message:
    """What leaves: to whom, and the card in both languages with the reasons (`because`). Nothing is rendered yet.

    `reminder_id` and `kind` are those of the reminder; a message about no reminder (a test) has neither.
    """

    message_id: str
    recipient: Membership
    card: Mapping[str, Any]
    reminder_id: int | None = None
    kind: str = ""


class TransportError(Exception):
    """The message certainly did not leave. `permanent`: trying again is useless. `answer`: what the server said."""

    code = "refused"

    def __init__(self, answer: str, *, permanent: bool = False) -> None:
        super().__init__(answer)
        self.answer = answer[:300]
        self.permanent = permanent


class Unreachable(TransportError):
    """The server cannot be reached: no use trying the next message at once."""

    code = "unreachable"


class Uncertain(Exception):
    """The connection was cut after the whole message had been handed over: nobody knows. Never sent again by itself."""


class Transport(Protocol):
    """`channel` is the name kept in each Delivery."""

    channel: str

    def send(self, message: Message) -> None: ...

    def close(self) -> None: ...


# ---- to a chat room or a program


@dataclass(frozen=True)
class Parcel:
    """What leaves for an outlet. `number` stays the same for every try; `at` is the hour of this one."""

    number: str
    address: str
    secret: str
    language: str
    to: str
    card: Mapping[str, Any]
    kind: str
    at: datetime


class Carrier(Protocol):
    """Fails in the same three ways as a transport."""

    def send(self, parcel: Parcel) -> None: ...

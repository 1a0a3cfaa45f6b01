"""One signed request for each message. Whoever receives it checks the signature and forgets what it has seen before."""

import hashlib
import hmac
from email.message import Message as Headers
from http.client import HTTPException
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
)

from planner.base.errors import Invalid
from planner.reminders.transports.interface import Parcel, TransportError, Unreachable
from planner.reminders.transports.webhook import wording
from planner.reminders.transports.webhook.checks import check

SECONDS = 10


class WebhookTransport:
    channel = "webhook"

    def send(self, parcel: Parcel) -> None:
        """Raises `TransportError` when it was refused, or may not have come through: a second try carries the same
        number, `Marronnier-Delivery`, by which the receiver recognises it."""
        try:
            check(parcel.address)
        except Invalid as refusal:  # a host that is no longer named
            raise TransportError(str(refusal), permanent=True) from refusal
        try:
            with _opener().open(_request(parcel), timeout=SECONDS) as answer:
                answer.read(0)
        except HTTPError as error:
            error.close()
            is_final = 400 <= error.code < 500 and error.code not in (408, 425, 429)
            raise TransportError(f"{error.code} {error.reason}", permanent=is_final) from error
        except (URLError, HTTPException, OSError) as error:
            raise Unreachable(str(getattr(error, "reason", error)) or type(error).__name__) from error

    def close(self) -> None:
        """Each message has a connection of its own."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a dot and the body: neither can be changed, so an old request stays old."""
    mac = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"sha256={mac.hexdigest()}"


def _request(parcel: Parcel) -> Request:
    body, timestamp = wording.body(parcel), f"{parcel.at.timestamp():.0f}"
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Marronnier",
        "Marronnier-Delivery": parcel.number,
        "Marronnier-Timestamp": timestamp,
        "Marronnier-Signature": signature(parcel.secret, timestamp, body),
    }
    return Request(parcel.address, data=body, headers=headers, method="POST")  # noqa: S310 - checked above


class _NoRedirect(HTTPRedirectHandler):
    """Somebody else's answer does not decide whom we call next: it is an error like any other."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Headers, newurl: str
    ) -> Request | None:
        return None


def _opener() -> OpenerDirector:
    """Without proxies of the environment, files, or any scheme but these two."""
    opener = OpenerDirector()
    for handler in (HTTPHandler(), HTTPSHandler(), HTTPErrorProcessor(), _NoRedirect(), HTTPDefaultErrorHandler()):
        opener.add_handler(handler)
    return opener

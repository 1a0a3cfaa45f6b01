"""One message to a chat room, through apprise: the only module that knows it."""

import logging
from typing import Any

from django.conf import settings

from planner.base.errors import Invalid
from planner.reminders.transports.chat import wording
from planner.reminders.transports.chat.checks import check
from planner.reminders.transports.interface import Parcel, TransportError, Uncertain

_CUT = ("connection error", "timed out", "timeout")


class ChatTransport:
    channel = "chat"

    def send(self, parcel: Parcel) -> None:
        """Raises `TransportError` when it certainly did not leave, `Uncertain` when the connection was cut."""
        try:
            check(parcel.address)
        except Invalid as refusal:  # a host that is no longer named
            raise TransportError(str(refusal), permanent=True) from refusal
        service = _service(parcel.address)
        if service is None:
            raise TransportError("apprise does not know this address", permanent=True)
        with _Heard() as heard:
            # without a format it changes nothing; told that this is text, it breaks links in rooms that read Markdown
            is_sent = service.notify(title=wording.title(parcel), body=wording.body(parcel))
        if not is_sent:
            raise _failure(heard.first(parcel.address))

    def close(self) -> None:
        """Each message has a connection of its own."""


def _service(address: str) -> Any:
    """What apprise makes of the address, under our name, without its pictures, which lie with a third party."""
    import apprise  # noqa: PLC0415 - half a second, for those who send to chat rooms

    asset = apprise.AppriseAsset(
        app_id="Marronnier", app_desc="Marronnier", app_url=settings.PLANNER_URL,
        image_url_mask="", image_url_logo="", http_redirects=False,
    )  # fmt: skip
    return apprise.Apprise.instantiate(address, asset=asset)


def _failure(answer: str) -> Exception:
    return Uncertain(answer) if any(sign in answer.lower() for sign in _CUT) else TransportError(answer)


class _Heard(logging.Handler):
    """What apprise says while it sends: it returns only yes or no."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    def first(self, address: str) -> str:
        """The first line, without any piece of the address: it is a secret."""
        line = self.lines[0] if self.lines else "no answer"
        for piece in sorted(filter(None, address.split("/")), key=len, reverse=True):
            line = line.replace(piece, "…") if len(piece) > 3 else line
        return line[:300]

    def __enter__(self) -> "_Heard":
        self._logger = logging.getLogger("apprise")
        self._was = self._logger.propagate
        self._logger.propagate = False
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_trouble: object) -> None:
        self._logger.removeHandler(self)
        self._logger.propagate = self._was

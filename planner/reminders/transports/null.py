"""Sends nothing: for measuring the engine, and for installations that want the desk alone while they try."""

from planner.reminders.transports.interface import Message


class NullTransport:
    channel = "email"

    def send(self, message: Message) -> None:
        """Everything leaves at once, for nowhere."""

    def close(self) -> None:
        """There is nothing to close."""

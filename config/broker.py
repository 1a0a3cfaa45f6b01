"""The embedded broker: kombu's `filesystem://`, whose messages appear whole or not at all.

kombu opens a message's file under its final name and fills it afterwards. A worker that looks in between reads an
empty file and dies of it: seen every few minutes with a tick every two seconds. Here a message is written aside, then
renamed.
"""

import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps
from kombu.utils.scheduling import FairCycle

LISTEN_SECONDS = 0.5


class _InOrder(FairCycle):
    """kombu goes round its queues; here each look begins with the first."""

    def get(self, callback: Any, **kwargs: Any) -> Any:
        self.pos = 0
        return super().get(callback, **kwargs)


class Channel(filesystem.Channel):
    """A worker of several queues takes from the first that has something: one names reminders first."""

    def _reset_cycle(self) -> None:
        self._cycle = _InOrder(self._get_and_deliver, self._active_queues, Empty)

    def _poll(self, *args: Any, **kwargs: Any) -> Any:
        """Ten times a second, mostly for nothing: one look at the folder says so for all queues."""
        if not os.listdir(self.data_folder_in):
            raise Empty
        return super()._poll(*args, **kwargs)

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # two stubs disagree
        folder = Path(self.data_folder_out)
        name = f"{time.monotonic_ns():020d}_{uuid.uuid4()}"
        aside = folder / f"{name}.part"  # no queue reads this ending
        try:
            aside.write_text(dumps(payload), encoding="utf-8")
            aside.rename(folder / f"{name}.{queue}.msg")
        finally:
            aside.unlink(missing_ok=True)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """A message that cannot be read is dropped: it was only a nudge, and the next one comes."""
        try:
            return super()._get(queue)
        except ValueError:
            raise Empty from None


class Transport(filesystem.Transport):
    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """Return often: only between two calls does a worker see that it was asked to stop."""
        super().drain_events(connection, timeout=min(timeout or LISTEN_SECONDS, LISTEN_SECONDS))


def forget(folders: list[Path]) -> None:
    """Begin with nothing: what an earlier worker left is stale, and a kill may have cut a routing table in half."""
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            path.unlink(missing_ok=True)

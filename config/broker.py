"""The embedded broker: kombu's `filesystem://`, whose messages appear whole or not at all.

kombu opens a message's file under its final name and fills it afterwards. A worker that looks in between reads an
empty file and dies of it: seen every few minutes with a tick every two seconds. Here a message is written aside, then
renamed.
"""

import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        folder = Path(self.data_folder_out)
        name = f"{time.monotonic_ns():020d}_{uuid.uuid4()}"
        aside = folder / f"{name}.part"  # no queue reads this ending
        try:
            aside.write_text(dumps(payload), encoding="utf-8")
            aside.rename(folder / f"{name}.{queue}.msg")
        finally:
            aside.unlink(missing_ok=True)

    def _get(self, queue: str) -> Any:
        """A message that cannot be read is dropped: it was only a nudge, and the next one comes."""
        try:
            return super()._get(queue)
        except ValueError:
            raise Empty from None


class Transport(filesystem.Transport):
    Channel = Channel
    global_state = filesystem.Transport.global_state


def forget(folders: list[Path]) -> None:
    """Begin with nothing: what an earlier worker left is stale, and a kill may have cut a routing table in half."""
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            path.unlink(missing_ok=True)

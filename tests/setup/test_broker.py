"""Messages as files: whole or not there."""

import threading
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection, Consumer, Producer, Queue

from config import broker


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "messages").mkdir()
    return tmp_path / "messages"


@pytest.fixture
def connect(folder, tmp_path):
    """A channel as a process of its own would have it."""
    opened = []
    folders = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": tmp_path / "control"}
    options = {name: str(path) for name, path in folders.items()}

    def channel():
        opened.append(Connection("filesystem://", transport="config.broker:Transport", transport_options=options))
        return opened[-1].channel()

    yield channel
    for connection in opened:
        connection.release()


def test_a_message_is_not_seen_before_it_is_whole(connect, folder, monkeypatch):
    channel, seen = connect(), []
    write_text = Path.write_text

    def look_while_writing(path, text, **kwargs):
        written = write_text(path, text[:5], **kwargs)
        seen.append(channel._size("reminders"))
        return written and write_text(path, text, **kwargs)

    monkeypatch.setattr(Path, "write_text", look_while_writing)
    channel._put("reminders", {"body": "nudge"})
    assert seen == [0]
    assert channel._get("reminders") == {"body": "nudge"}
    assert list(folder.iterdir()) == []


def test_messages_that_are_written_while_others_are_read_all_arrive(connect):
    sender, reader, arrived = connect(), connect(), []

    def send():
        for number in range(300):
            sender._put("reminders", {"number": number})

    thread = threading.Thread(target=send)
    thread.start()
    while thread.is_alive() or reader._size("reminders"):
        try:
            arrived.append(reader._get("reminders")["number"])
        except Empty:
            continue
    assert arrived == list(range(300))


def test_a_message_that_cannot_be_read_is_dropped(connect, folder):
    (folder / "1_broken.reminders.msg").write_text("")
    channel = connect()
    with pytest.raises(Empty):
        channel._get("reminders")
    assert list(folder.iterdir()) == []


def test_a_worker_begins_with_empty_folders(tmp_path):
    there, missing = tmp_path / "there", tmp_path / "missing"
    there.mkdir()
    (there / "reminders.exchange").write_text("[[")
    broker.forget([there, missing])
    assert list(there.iterdir()) == list(missing.iterdir()) == []


def test_what_runs_at_night_waits_for_the_reminders(connect):
    """A worker of both queues, named in this order, takes every reminder before anything else."""
    sender, reader, order = connect(), connect(), []
    with Consumer(reader, [Queue("reminders"), Queue("nightly")], callbacks=[lambda body, _message: order.append(body)],
                  no_ack=True):  # fmt: skip
        for name in ("nightly", "reminders", "nightly", "reminders"):
            Producer(sender).publish(name, routing_key=name, exchange="")
        for _message in range(4):
            reader.connection.client.drain_events(timeout=1)
    assert order == ["reminders", "reminders", "nightly", "nightly"]

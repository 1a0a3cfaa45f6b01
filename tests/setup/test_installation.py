"""Who holds the data folder, copies of the database, archives of the whole."""

import io
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from planner.base import installation
from planner.base.errors import Invalid, Refused

NOW = datetime(2026, 4, 27, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def data(tmp_path):
    """A data folder with a database that has one of our migrations and one word in it."""
    folder = tmp_path / "data"
    (folder / "media" / "7").mkdir(parents=True)
    (folder / "media" / "7" / "photo.txt").write_text("a picture")
    (folder / "secret_key").write_text("key of before")
    write_word(folder, "before")
    return folder


def write_word(folder, word):
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        database.execute("CREATE TABLE IF NOT EXISTS django_migrations (app TEXT)")
        database.execute("CREATE TABLE IF NOT EXISTS words (word TEXT)")
        database.execute("INSERT INTO django_migrations VALUES ('planner')")
        database.execute("DELETE FROM words")
        database.execute("INSERT INTO words VALUES (?)", [word])
        database.commit()


def word_in(path):
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT word FROM words").fetchone()[0]


def test_the_folder_is_held_by_one_process_and_the_other_is_told_which(data):
    script = (
        "import sys, pathlib; from planner.base import installation\n"
        "with installation.held(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Refused, match=str(holder.pid)):
        installation.hold(data)
    holder.communicate("")
    installation.hold(data).close()


def test_a_copy_is_taken_while_somebody_writes(data):
    with closing(sqlite3.connect(data / "db.sqlite3")) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("UPDATE words SET word = 'committed'")
        writer.commit()
        writer.execute("UPDATE words SET word = 'not committed'")
        installation.copy_database(data / "db.sqlite3", data / "copy.sqlite3")
    assert word_in(data / "copy.sqlite3") == "committed"


def test_the_last_copies_before_migrating_are_kept_and_older_ones_go(data):
    for day in range(7):
        installation.copy_before_migrate(data / "db.sqlite3", data / "backups", NOW + timedelta(days=day))
    kept = sorted(path.name for path in (data / "backups").iterdir())
    assert len(kept) == installation.COPIES_KEPT
    assert kept[-1] == "before-migrate-20260503T080000.sqlite3"


def test_an_archive_brings_everything_back_and_sets_aside_what_was_there(data, tmp_path):
    installation.archive(data, data / "media", tmp_path / "all.tar.gz")
    assert (tmp_path / "all.tar.gz").stat().st_mode & 0o077 == 0
    write_word(data, "after")
    (data / "media" / "7" / "photo.txt").write_text("another picture")
    (data / "secret_key").write_text("key of after")
    (tmp_path / "unpacked").mkdir()
    installation.unpack(tmp_path / "all.tar.gz", tmp_path / "unpacked")
    aside = installation.put_in_place(tmp_path / "unpacked", data, data / "media", NOW)
    assert word_in(data / "db.sqlite3") == "before"
    assert (data / "media" / "7" / "photo.txt").read_text() == "a picture"
    assert (data / "secret_key").read_text() == "key of before"
    assert word_in(aside / "db.sqlite3") == "after"
    assert (aside / "media" / "7" / "photo.txt").read_text() == "another picture"


def archive_of(path, **files):
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name.replace("__", "/").replace("UP", ".."))
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def test_a_file_that_is_no_archive_of_ours_changes_nothing(tmp_path):
    (tmp_path / "note.tar.gz").write_text("hello")
    with pytest.raises(Invalid, match="not an archive"):
        installation.unpack(tmp_path / "note.tar.gz", tmp_path / "unpacked")


def test_an_archive_without_a_sound_database_is_refused(tmp_path):
    archive_of(tmp_path / "odd.tar.gz", **{"db.sqlite3": b"not a database at all, but long enough to look like one"})
    with pytest.raises(Invalid, match="no sound database"):
        installation.unpack(tmp_path / "odd.tar.gz", tmp_path / "unpacked")


def test_a_truncated_archive_is_refused(data, tmp_path):
    installation.archive(data, data / "media", tmp_path / "all.tar.gz")
    whole = (tmp_path / "all.tar.gz").read_bytes()
    (tmp_path / "half.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Invalid):
        installation.unpack(tmp_path / "half.tar.gz", tmp_path / "unpacked")


def test_nothing_is_written_outside_the_folder(data, tmp_path):
    database = (data / "db.sqlite3").read_bytes()
    archive_of(tmp_path / "trap.tar.gz", **{"db.sqlite3": database, "media__UP__UP__trap": b"x", "__etc__trap": b"x"})
    (tmp_path / "deep" / "unpacked").mkdir(parents=True)
    installation.unpack(tmp_path / "trap.tar.gz", tmp_path / "deep" / "unpacked")
    assert [path.name for path in (tmp_path / "deep").rglob("*") if path.is_file()] == ["db.sqlite3"]

"""The data folder of an installation: who holds it, copies of its database, archives of the whole."""

import fcntl
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from django.utils.translation import gettext as _

from planner.base.errors import Invalid, Refused

COPIES_KEPT = 5
DATABASE = "db.sqlite3"
KEY = "secret_key"
MEDIA = "media"


def hold(data: Path) -> IO[str]:
    """Take the data folder for this process, and for whatever program it becomes; refused while another holds it."""
    file = (data / "lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "?"
        file.close()
        raise Refused(
            _("Marronnier already runs on %(folder)s (process %(pid)s): stop it first, or choose another folder.")
            % {"folder": data, "pid": holder}
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


@contextmanager
def held(data: Path) -> Iterator[None]:
    """The data folder for the time of one command."""
    with hold(data):
        yield


# ---- the database -----------------------------------------------------------------


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy, also while people work."""
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)


def copy_before_migrate(database: Path, backups: Path, now: datetime) -> Path:
    """Keep a copy of the database as it was, and the few before it."""
    backups.mkdir(parents=True, exist_ok=True)
    target = backups / f"before-migrate-{now:%Y%m%dT%H%M%S}.sqlite3"
    copy_database(database, target)
    for old in sorted(backups.glob("before-migrate-*.sqlite3"))[:-COPIES_KEPT]:
        old.unlink()
    return target


def is_database_of_ours(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as database:
            (state,) = database.execute("PRAGMA quick_check").fetchone()
            ours = database.execute("SELECT 1 FROM django_migrations WHERE app = 'planner'").fetchone()
    except sqlite3.DatabaseError:
        return False
    return state == "ok" and ours is not None


# ---- archives -----------------------------------------------------------------------


def archive(data: Path, media: Path, target: Path) -> None:
    """Database, uploads and secret key in one file that its owner alone can read."""
    with TemporaryDirectory(dir=data) as folder:
        copy = Path(folder) / DATABASE
        copy_database(data / DATABASE, copy)
        aside = Path(folder) / "archive"
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as tar:
            tar.add(copy, DATABASE)
            if (data / KEY).exists():
                tar.add(data / KEY, KEY)
            if media.exists():
                tar.add(media, MEDIA)
        shutil.move(aside, target)


def unpack(source: Path, folder: Path) -> None:
    """Write the archive's own kinds of files under `folder`, and nothing else that it may contain."""
    try:
        with tarfile.open(source, "r:gz") as tar:
            for member in tar:
                if member.isfile() and belongs(member.name):
                    write_member(tar, member, folder / member.name)
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise Invalid(_("%(file)s is not an archive made by `manage.py backup`.") % {"file": source}) from error
    if not is_database_of_ours(folder / DATABASE):
        raise Invalid(_("%(file)s holds no sound database of Marronnier: nothing was changed.") % {"file": source})


def belongs(name: str) -> bool:
    path = PurePosixPath(name)
    return name in (DATABASE, KEY) or (path.parts[0] == MEDIA and ".." not in path.parts)


def write_member(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    content = tar.extractfile(member)
    if content is not None:
        with os.fdopen(handle, "wb") as file, content:
            shutil.copyfileobj(content, file)


def put_in_place(unpacked: Path, data: Path, media: Path, now: datetime) -> Path | None:
    """Move what was restored into the data folder; what was there before is set aside, never deleted."""
    aside = data / "backups" / f"before-restore-{now:%Y%m%dT%H%M%S}"
    places = {name: data / name for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", KEY)} | {MEDIA: media}
    for name, place in places.items():
        if place.exists():
            aside.mkdir(parents=True, exist_ok=True)
            shutil.move(place, aside / name)
        if (unpacked / name).exists():
            shutil.move(unpacked / name, place)
    return aside if aside.exists() else None
